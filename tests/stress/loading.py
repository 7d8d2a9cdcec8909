# SPDX-License-Identifier: GPL-2.0-only
"""The module loaded and unloaded very often under traffic, and without each of its hooks."""
import glob
import os
import signal

from lib import ledger, module, net, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY
from scenarios.existing import living_ids, socket_ids
from scenarios.hooks import asking_for_another, table
from scenarios.loading import Traffic

TURNS, EACH = 1000, 20          # loads, and connections between them
# Emulated processors take turns, a tenth of a second each unless they idle: without it
# each of the many times all of them have to answer takes that long.
PAUSE_US = 10_000


class Frozen:
    """The traffic stands still: what the kernel and the module counted can be compared."""

    def __init__(self, traffic):
        traffic.keep_going()
        self.process = traffic.churn.process

    def __enter__(self):
        self.process.send_signal(signal.SIGSTOP)
        wait.until("all threads to stop", lambda: all(map(self._stopped, glob.glob(
            f"/proc/{self.process.pid}/task/*/stat"))))

    @staticmethod
    def _stopped(path):
        with open(path) as file:
            return file.read().rpartition(")")[2].split()[0] in "TZX"

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)


def probes():
    """How many places the kernel has kprobes at."""
    with open(module.PROBES) as file:
        return sum(1 for _ in file)


class Turns:
    """What was opened while the module was there, and while it came and went."""

    def __init__(self, side):
        self.side, self.at_load = side, None
        self.recorded = self.missed = self.untracked = self.unwatched = 0
        self.at_unload = ledger.Opens(0, 0, 0)

    def loaded(self):
        self.at_load = ledger.opens(self.side)
        self.unwatched += self.at_load.kernel - self.at_unload.kernel

    def unloading(self):
        self.at_unload = ledger.opens(self.side)
        self.recorded += self.at_unload.booked - self.at_load.booked
        totals = ledger.stats()
        self.missed += totals["missed"]
        self.untracked += totals["untracked"]


def expect_even(count, turns):
    ledger.Ledger("connection ends", count.at_unload.kernel) \
        .recorded(recorded=count.recorded, opened_while_it_was_away_or_on_its_way=count.unwatched) \
        .lost(without_room=count.untracked).missed(count.missed) \
        .note(loads_and_unloads=turns).close()


@scenario("load", f"loaded and unloaded {TURNS} times while four processors open and close connections",
          smp=True, limit=6 * 3600)
def load_and_unload(world):
    for part in ("counters", "missing"):
        world.excuse(part, "the module comes and goes")
    turns, before = ledger.size(TURNS, 3), None
    traffic = Traffic(world, 2000, PAUSE_US)
    # Each load takes those in TIME_WAIT in.
    world.client.sysctl("net.ipv4.tcp_max_tw_buckets", 500)
    world.reloaded = True
    module.unload()
    without, count = probes(), Turns(world.client)
    try:
        for turn in range(turns):
            module.load()
            with Frozen(traffic):
                count.loaded()
            traffic.passes(EACH)
            with Frozen(traffic):
                count.unloading()
            module.unload()
            traffic.passes(EACH)
            if turn % 100 == 99:
                expect_even(count, turn + 1)
            if turn in (turns // 10, turns - 1):
                # Memory is given back behind RCU, and caches grow before they are full.
                after = ledger.memory()
                before = before or after
        left = probes() - without
        module.load()
        with Frozen(traffic):
            count.loaded()
        traffic.stop()
        count.unloading()
    finally:
        if traffic.churn:
            traffic.churn.kill()
    wait.until("the living are the kernel's own sockets",
               lambda: living_ids(world) == socket_ids(world), 150)
    expect("probes that were left behind", left, 0)
    grown = {name: after[name] - before[name] for name in ("Percpu", "VmallocUsed")}
    print(f"note: {turns} loads and unloads; from a tenth of them to the last, memory grew by",
          *(f"{name} {value >> 10} KiB" for name, value in grown.items()))
    expect("memory that was not given back", [
        name for name, value in grown.items() if value > max(1 << 20, 512 * turns)], [])
    made = 2 * traffic.finished
    ledger.Ledger("connection ends, by the kernel", count.at_unload.kernel) \
        .recorded(by_the_program=made).second_children(count.at_unload.second).close()
    expect_even(count, turns)


BASIC = (OPEN_ACTIVELY, OPEN_PASSIVELY)


def basic_life(world, without):
    """One connection, both ends, from SYN to TIME_WAIT: what no optional hook takes away."""
    listener, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    for side, path in zip((world.client, world.server), BASIC):
        expect_path(world.record(side, port, what=f"without {without}"), *path)
    mine.close()
    world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2", what=f"without {without}")
    theirs.close()
    seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT", what=f"without {without}")
    expect("its end", [str(step) for step in seen.transitions[-2:]],
           ["FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT"], seen)
    expect_path(world.ended(world.server, port), *OPEN_PASSIVELY, "ESTABLISHED>CLOSE_WAIT",
                "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")
    listener.close()


@scenario("hooks", "each row of the hook table fails in turn: a required one fails the load and leaves nothing,"
          " without an optional one it loads, says so, and records a life", limit=6 * 3600)
def each_hook_fails(world):
    rows = table()
    refused = incomplete = 0
    for part in ("counters", "missing"):
        world.excuse(part, "the module comes and goes, and a hook is missing")
    module.unload()
    world.reloaded = True
    without = probes()
    wanted = list(rows)[::len(rows) // ledger.size(len(rows), 4)]
    for symbol in wanted:
        world.log.lines()
        with asking_for_another(symbol) as absent:
            try:
                module.load()
            except OSError as error:
                expect(f"{symbol} is required; the error is", (rows[symbol][1], os.strerror(error.errno)),
                       ("required", os.strerror(2)))
                refused += 1
            said = [line for line in world.log.lines() if absent in line]
        expect_true(f"the log names {absent}", said)
        if not module.is_loaded():
            expect(f"probes left behind without {symbol}", probes(), without)
            expect("files left behind", glob.glob("/proc/tcp_lifecycle*") +
                   glob.glob("/proc/net/tcp_lifecycle"), [])
            continue
        expect(f"loaded without {symbol}, which is", rows[symbol][1], "optional")
        header = world.client.view().header
        expect("what the header says is lost", header.lost, [absent])
        basic_life(world, symbol)
        incomplete += 1
        module.unload()
    module.load()
    expect("missing now", [name for name, row in table().items() if row[0] != "attached"], [])
    ledger.Ledger("rows made to fail", len(wanted)).recorded(
        loads_refused_by_name=refused, loads_without_it_that_recorded_a_life=incomplete).close()
