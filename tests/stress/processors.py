# SPDX-License-Identifier: GPL-2.0-only
"""Processors that go and come back under traffic."""
import glob
import time

from lib import ledger, nl, wait
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario
from scenarios.loading import Traffic

TURNS, EACH, LAST = 100, 50, 200


def switch(cpu, on):
    with open(f"/sys/devices/system/cpu/cpu{cpu}/online", "w") as file:
        file.write("1" if on else "0")


def pluggable():
    return sorted(int(path.rsplit("cpu", 1)[1].split("/")[0])
                  for path in glob.glob("/sys/devices/system/cpu/cpu[0-9]*/online"))


def on_cpu(side, cpu, port, connections):
    """Made and closed on this processor alone."""
    churn = Churn(side, port, connections, 1, prefix=("taskset", "-c", str(cpu)))
    try:
        churn.finish()
    finally:
        churn.kill()


def ends_told(path):
    """Transitions to CLOSED in the feed, as a reader wrote them down."""
    with open(path) as file:
        return sum(">CLOSED cause=" in line for line in file)


def _steady(side):
    """The feed's own totals, once they stand still: its worker sends what is there within 20 ms."""
    before = ledger.stats(side)
    time.sleep(1)
    return before == ledger.stats(side) and before


@scenario("feed", f"processors switched off and on {TURNS} times under traffic, with a listener: nothing is"
          " lost, and what one of them had written before it went is delivered", smp=True, limit=4 * 3600)
def processors_come_and_go(world):
    world.excuse("counters", "missed hits are in the ledger")
    ledger.fresh(world, feed=65536)
    side, cpus = world.client, pluggable()
    expect_true("there are processors to switch off", cpus)
    traffic, turns = Traffic(world, 1000), ledger.size(TURNS, 6)
    side.sysctl("net.ipv4.tcp_max_tw_buckets", 500)
    reader = nl.Reader(side, "feed", nl.EVENTS, "-r", 256 << 20)
    try:
        for turn in range(turns):
            cpu = cpus[turn % len(cpus)]
            switch(cpu, False)
            traffic.passes(EACH)
            switch(cpu, True)
            traffic.passes(EACH)
        traffic.stop()
        # Its last events are in its ring when it goes, and it does not come back soon.
        on_cpu(side, cpus[-1], world.port(), LAST)
        switch(cpus[-1], False)
        wait.until("all sockets to be gone", lambda: not side.run("ss", "-Htan"), 150)
        feed = wait.until("what is in the rings to be sent", lambda: _steady(side), 30)
        totals = ledger.stats()
        ended = sum(count for key, count in totals.items() if key[0] == "close")
        seen = reader.finish()
        ends = ends_told(reader.path)
    finally:
        for cpu in cpus:
            switch(cpu, True)
        if traffic.churn:
            traffic.churn.kill()
        reader.close()
    opens = ledger.opens(side)
    ledger.Ledger("connection ends", opens.kernel) \
        .recorded(recorded=opens.booked).lost(without_room=totals["untracked"]).missed(totals["missed"]) \
        .note(switched_off=turns + 1).close()
    expect("the numbers of the events", (seen["first"], seen["next"]), (0, feed["feed_seq"]))
    ledger.Ledger("events", feed["feed_seq"] + feed["feed_lost"]) \
        .recorded(received=seen["events"]) \
        .lost(ring_full=feed["feed_lost"], reader_too_slow=seen["missed"]) \
        .witness("ends told", ends, ended if not seen["missed"] and not feed["feed_lost"] else ends).close()
