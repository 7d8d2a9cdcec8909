# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: very many messages, most of them wrong; the lab looks at the kernel's log."""
import subprocess

from lib import helper, lives, nl, patience
from lib.failure import Failure, expect, expect_path, expect_true
from lib.helper import Churn
from lib.registry import scenario
from lib import net
from lib.story import OPEN_ACTIVELY

MESSAGES, ALONE, SEED = patience.fewer(1_000_000), patience.fewer(50_000), 20260101


def fuzz(world, side, seeds, messages):
    """So many processes of it, each with its seed; their numbers added up."""
    binary = helper.compiled("nlfuzz")
    total = {}
    with nl.inside(side):
        running = [subprocess.Popen([binary, str(messages), str(seed)], stdout=subprocess.PIPE,
                                    text=True) for seed in seeds]
    for process in running:
        out, _ = process.communicate()
        if process.returncode:
            raise Failure(f"nlfuzz: status {process.returncode}, see its words in the output's errors")
        print(f"note: {out}", end="")
        for key, value in (pair.split("=") for pair in out.split()):
            total[key] = total.get(key, 0) + int(value)
    return total


def fuzz_all(world, seeds, messages):
    """From the host, with connections to look at, some of which come and go."""
    for part in ("missing", "counters", "transitions", "promises", "segments"):
        world.excuse(part, "clear and config-set are among the messages")
    # A small pool: a dump looks at every slot, and this way records go and come in them.
    world.reload(records=256)
    world.client.sysctl("net.ipv4.tcp_max_tw_buckets", 30)
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    lives.make(world)
    held = Churn(world.client, "hold", world.port(), 20)
    moving = Churn(world.client, world.port(), 2000, 2)
    try:
        held.await_ready()
        total = fuzz(world, None, seeds, messages)
        moving.finish()
        held.finish()
    finally:
        held.kill()
        moving.kill()
    expect("messages", total["messages"], messages * len(seeds))
    # Not all was rejected at the door, and the rest was not taken unseen.
    expect_true(f"a share was accepted: {total}", total["accepted"] > 0.2 * total["messages"])
    expect_true(f"a share was refused: {total}",
                sum(n for key, n in total.items() if key.startswith("refused")) >
                0.2 * total["messages"])
    expect_true(f"dumps gave answers: {total}", total["dumps"] > total["messages"] / 50 and total["answers"] > total["messages"] / 10)
    # It still works: the same module first, then a new one.
    client = nl.Client()
    client.do("config-set", any_port=True, exclude_loopback=0, retention=600, group=[
        {"group": group["group"], "enabled": 1} for group in client.do("config-get")["group"]
        if group["group"] != "core"])
    _, mine, theirs = world.pair()
    seen = world.record(world.client, net.remote(mine)[1])
    expect_path(seen, *OPEN_ACTIVELY)
    nl.expect_same(nl.Client(world.client).do("conn-get", cookie=net.cookie(mine)), seen)
    lives.finish(mine, theirs)
    reader = nl.Client(world.client, group=nl.EVENTS)
    _, mine, _ = world.pair()
    cookie = net.cookie(mine)
    reader.events(until=lambda found: any(event["cookie"] == cookie for _, event in found))


@scenario("netlink fuzz", f"{MESSAGES:,} random and damaged messages by two at once, while connections come"
          " and go: a good part accepted, no complaint of the kernel, and the module works afterwards",
          smp=True, limit=900, shared=100)
def fuzz_under_load(world):
    fuzz_all(world, [SEED, SEED + 1], MESSAGES // 2)


@scenario("netlink fuzz", f"{ALONE:,} messages in virtual time, where the same seed means the same run",
          virtual=True, shared=15)
def fuzz_virtual(world):
    fuzz_all(world, [SEED + 2], ALONE)
