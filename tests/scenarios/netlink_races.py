# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: what a reader, or someone who may not be one, does at a bad moment."""
import mmap
import os
import signal
import time
import traceback

from lib import child, lives, nl, patience, wait
from lib.failure import expect, expect_true
from lib.registry import scenario
from scenarios.loading import Traffic

STATS_GET = 3
CONFIG_GET = 7
CONFIG_GROUP, GROUP_ENABLED = 5, 2
# Without a pause: a module on its way out answers for some microseconds only.
AT_A_TIME = patience.fewer(300)
ROUNDS = 6


class Crowd:
    """Processes that do `what` again and again until they are sent away."""

    def __init__(self, what, how_many, prepare=lambda: None):
        self.done = mmap.mmap(-1, 8 * how_many)
        self.pids = []
        for number in range(how_many):
            pid = os.fork()
            if pid == 0:
                try:
                    prepare()
                    while True:
                        if what():
                            at = slice(8 * number, 8 * number + 8)
                            count = int.from_bytes(self.done[at], "little") + 1
                            self.done[at] = count.to_bytes(8, "little")
                except BaseException:
                    traceback.print_exc()
                finally:
                    os._exit(1)
            self.pids.append(pid)

    def counts(self):
        return [int.from_bytes(self.done[at:at + 8], "little")
                for at in range(0, 8 * len(self.pids), 8)]

    def end(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in self.pids]


def expect_whole(answer):
    """Nobody turned a hook off here: who says so is half a module."""
    groups = [dict(nl.attributes(value)) for kind, value in answer[0].attributes if kind == CONFIG_GROUP]
    expect("groups that are on", {group[GROUP_ENABLED][0] for group in groups}, {1})


def ask():
    """stats-get and config-get of whoever answers; False while nobody does."""
    try:
        with nl.Raw() as raw:
            raw.send(STATS_GET)
            found = raw.answer()
            for _ in range(AT_A_TIME):
                raw.send(CONFIG_GET)
                expect_whole(raw.answer())
            return bool(found)
    except (nl.Refused, OSError):
        return False
    finally:
        time.sleep(0.002)               # or the one who loads gets no processor


@scenario("netlink load", f"asked without a pause while it is loaded and unloaded {ROUNDS} times: an"
          " answer or none, never half a module", smp=True, limit=600, shared=25)
def asked_while_loading(world):
    world.excuse("missing", "the module comes and goes")
    crowd = Crowd(ask, 2)
    try:
        for turn in range(ROUNDS):
            before = crowd.counts()
            wait.until(f"turn {turn}: answers to both", lambda: all(
                now > then for now, then in zip(crowd.counts(), before)))
            world.reload()
    finally:
        ends = crowd.end()
    expect("how they ended", ends, [-signal.SIGKILL] * 2)
    world.pair()
    expect_true("the new one records", nl.Client(world.client).dump())


def join():
    """True if it was refused, as it has to be."""
    try:
        with nl.Raw() as raw:
            raw.join()
        return False
    except PermissionError:
        time.sleep(0.003)
        return True


@scenario("feed W2", "who may not join and tries to without a pause does not hold up those who may")
def refused_joins(world):
    with nl.Raw() as reader:
        reader.join()
        crowd = Crowd(join, 2, child.become_nobody)
        try:
            wait.until("refusals", lambda: all(count > 3 for count in crowd.counts()))
            before = crowd.counts()
            for _ in range(5):
                _, mine, theirs = world.pair()
                lives.finish(mine, theirs)
            client = nl.Client(world.client, group=nl.EVENTS)
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
            start = time.monotonic()
            expect_true("events come", client.events(until=bool))
            expect("seconds until then", time.monotonic() - start, lambda s: s < 2)
            expect_true("meanwhile they went on", all(
                now > then for now, then in zip(crowd.counts(), before)))
            client.close()
        finally:
            ends = crowd.end()
    expect("how they ended", ends, [-signal.SIGKILL] * 2)


@scenario("feed", "with the hook on genl_bind() turned off, a listener is noticed within two seconds, and"
          " not forgotten when it is turned on again")
def joining_unseen(world):
    host = nl.Client()
    host.do("config-set", group=[{"group": "feed", "enabled": 0}])
    try:
        client = nl.Client(world.client, group=nl.EVENTS)
        time.sleep(2)
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        expect_true("events come", client.events(until=bool))
    finally:
        host.do("config-set", group=[{"group": "feed", "enabled": 1}])
    # It saw nobody join, and they are there all the same.
    time.sleep(nl.FORGOTTEN)
    client.events()
    _, mine, theirs = world.pair()
    lives.finish(mine, theirs)
    expect_true("events come with the hook turned on again", client.events(until=bool))
    client.close()


@scenario("netlink", "beside connections that come and go no record is older than the machine", smp=True,
          shared=12)
def ages_beside_churn(world):
    for part in ("promises", "transitions", "segments"):
        world.excuse(part, "made by churn, held against the tracepoint elsewhere")
    traffic, client = Traffic(world, 300), nl.Client(world.client)
    with open("/proc/uptime", encoding="ascii") as file:
        booted = time.clock_gettime(time.CLOCK_BOOTTIME) - float(file.read().split()[0])
    try:
        seen = 0
        for _ in range(5):
            traffic.passes(50)
            for conn in client.dump(brief=True):
                seen += 1
                limit = (time.clock_gettime(time.CLOCK_BOOTTIME) - booted) * 1e6
                expect("age in microseconds", conn["age-us"], lambda age: age <= limit)
        expect("records looked at", seen, lambda n: n > 250)
    finally:
        traffic.stop()
