# SPDX-License-Identifier: GPL-2.0-only
"""What recording may cost: at most a tenth more than the documents say."""
import os
import platform
import re

from lib import helper, module
from lib.cost import need_plain_kernel, per_connection, per_stray_segment, unobserved
from lib.failure import Skip, expect, expect_true
from lib.registry import scenario

CONNECTIONS, STRAYS = 1000, 10000
SENT = STRAYS + STRAYS // 10        # the first of them to warm up
DOCS = os.path.join(os.path.dirname(helper.TESTS), "docs")
# arm64 has no kprobes on ftrace: each hit is an exception, and the step over it another.
WRITTEN = {"x86_64": "budget", "aarch64": "budget-arm64"}
ROW = re.compile(r"^\| (\d+\.\d+) \| ([\d,]+) \| ([\d,]+) \|$", re.M)


def written(series):
    """Instructions that recording adds, by the documents; amd64's `make bench` wrote there."""
    part = WRITTEN[platform.machine()]
    with open(os.path.join(DOCS, "benchmarks.md")) as file:
        table = re.search(rf"<!-- bench:{part} -->(.*?)<!-- end -->", file.read(), re.S)[1]
    figures = {kernel: int(added.replace(",", "")) for kernel, _, added in ROW.findall(table)}
    if series not in figures:
        raise Skip(f"docs/benchmarks.md has no {part} of {series}")
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


RESET = "tcp_v4_send_reset"


@scenario("recording cost", "a segment that no connection takes costs one hit, at most three times what an empty probe costs,"
          " and leaves no record", virtual=True, shared=45)
def stray_segments(world):
    need_plain_kernel()
    world.reload()
    world.client.ip(f"route add 10.128.0.0/9 via {world.server.address()}")     # so that the RST leaves

    def cost():
        before = world.client.snmp()["TcpOutRsts"]
        each = per_stray_segment(world.client, STRAYS)
        expect("RSTs", world.client.snmp()["TcpOutRsts"] - before, SENT)
        return each
    with unobserved(world):
        before, hits = world.client.view().header, module.hits()[RESET]
        recording = cost()
        after = world.client.view().header
        expect("hits", module.hits()[RESET] - hits, SENT)
        begun = [h.live + h.dead + h.evicted for h in (before, after)]
        expect("records begun, which is the helper's listener that found it a port", begun[1] - begun[0], 1)
        module.unload()
        without = cost()
        with helper.kernel_module("floor", f"symbols={RESET}"):
            empty = cost() - without
        world.reload()
    added = recording - without
    print(f"note: a segment that no connection takes: {without} instructions without the module, recording adds"
          f" {added}, an empty probe {empty}", flush=True)
    expect_true(f"recording adds {added} instructions, at most three times {empty}", added <= empty * 3)
