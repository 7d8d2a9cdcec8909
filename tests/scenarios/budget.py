"""What recording may cost: at most a tenth more than the documents say."""
import os
import platform
import re
import time

from lib import helper, module, wait
from lib.cost import per_connection, unobserved
from lib.failure import Skip, expect_true
from lib.registry import scenario

CONNECTIONS, TIMES, LOADS = 1000, 2, 3
DOCS = os.path.join(os.path.dirname(helper.TESTS), "docs")
# arm64 has no kprobes on ftrace: each hit is an exception, and the step over it another.
WRITTEN = {"x86_64": "benchmarks.md", "aarch64": "testing-arm64.md"}
ROW = re.compile(r"^\| (\d+\.\d+) \| ([\d,]+) \| ([\d,]+) \|$", re.M)


def written(series):
    """Instructions that recording adds, by the documents; amd64's `make bench` wrote there."""
    doc = WRITTEN[platform.machine()]
    with open(os.path.join(DOCS, doc)) as file:
        part = re.search(r"<!-- bench:budget -->(.*?)<!-- end -->", file.read(), re.S)[1]
    figures = {kernel: int(added.replace(",", "")) for kernel, _, added in ROW.findall(part)}
    if series not in figures:
        raise Skip(f"docs/{doc} has no figure of {series}")
    return figures[series]


def load_alone(world):
    """Where a probe of bpftrace, which may go some time after it, is still on a function,
    ours joins it in an aggregate, and costs more for as long as it is there."""
    if module.is_loaded():
        module.unload()

    def gone():
        with open(module.PROBES) as file:
            return not file.read()
    wait.until("the probes of others to go", gone, 60)
    world.reload()


def least(world):
    return min(per_connection(world.client, CONNECTIONS) for _ in range(TIMES))


@scenario("recording cost", "recording costs at most a tenth more than the documents say",
          virtual=True)
def recording_within_budget(world):
    series = ".".join(platform.release().split(".")[:2])
    recording, without = [], []
    with unobserved(world):
        # The least of each: what ends meanwhile of the scenarios before only adds.
        for _ in range(LOADS):
            load_alone(world)
            time.sleep(3)
            recording.append(least(world))
            module.unload()
            without.append(least(world))
        world.reload()
    print("note: each load:", recording, without)
    recording, without = min(recording), min(without)
    added = recording - without
    print(f"note: budget of {series}: a connection takes {without} instructions without the module,"
          f" recording adds {added}", flush=True)
    budget = written(series)
    expect_true(f"recording adds {added} instructions, at most a tenth more than {budget}",
                added <= budget * 1.1)
