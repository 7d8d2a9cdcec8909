"""What recording may cost: at most a tenth more than the documents say."""
import os
import platform
import re

from lib import helper, module
from lib.cost import need_plain_kernel, per_connection, unobserved
from lib.failure import Skip, expect_true
from lib.registry import scenario

CONNECTIONS = 1000
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


@scenario("recording cost", "recording costs at most a tenth more than the documents say",
          virtual=True)
def recording_within_budget(world):
    need_plain_kernel()
    series = ".".join(platform.release().split(".")[:2])
    world.reload()
    with unobserved(world):
        recording = per_connection(world.client, CONNECTIONS)
        module.unload()
        without = per_connection(world.client, CONNECTIONS)
        world.reload()
    added = recording - without
    print(f"note: budget of {series}: a connection takes {without} instructions without the module,"
          f" recording adds {added}", flush=True)
    budget = written(series)
    expect_true(f"recording adds {added} instructions, at most a tenth more than {budget}",
                added <= budget * 1.1)
