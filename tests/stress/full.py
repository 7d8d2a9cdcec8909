# SPDX-License-Identifier: GPL-2.0-only
"""A pool with no room left, for long and in haste."""
import re
import time

from lib import ledger, record
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario

RECORDS, HELD = 1024, 700
MINUTES, EACH, PAUSE = 10, 50, 5        # connections made at once, and seconds between them
CONNECTIONS, THREADS = 20_000, 4


def living_ids(side):
    """Those of connections that have not ended; the text is too long to parse in full."""
    with side.entered():
        return set(re.findall(r"^conn id=(\S+) .* close=- ", record.read_text(), re.M))


def kept_busy(world, seconds):
    """Connections made and closed, again and again; how many."""
    end, made = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        churn = Churn(world.client, world.port(), EACH, 2)
        try:
            churn.finish()
        finally:
            churn.kill()
        made += EACH
        time.sleep(PAUSE)
    return made


def expect_even(side, listeners, made, **facts):
    """All that began was recorded, or counted for want of room; `made` is the program's count."""
    totals = ledger.stats()
    opens = ledger.opens(side)
    ledger.Ledger("connection ends and listeners", opens.kernel + listeners) \
        .recorded(recorded=ledger.begun(totals)).second_children(opens.second) \
        .lost(without_room=totals["untracked"]).missed(totals["missed"]) \
        .note(met_later=totals["born"] - ledger.begun(totals), **facts) \
        .witness("the program's", made, opens.kernel - opens.second) \
        .witness("living, dead and evicted records", totals["live"] + totals["dead"] + totals["evicted"],
                 totals["born"]).close()
    return totals


@scenario("W2", f"a pool full of the living for {MINUTES} minutes while others come and go: none is pushed out,"
          " each that found no room is counted once, and when there is room all are recorded",
          virtual=True, limit=12 * 3600)
def pool_full_for_minutes(world):
    for part in ("counters", "books"):
        world.excuse(part, "the pool is full on purpose")
    ledger.fresh(world, records=RECORDS, retention=86400)
    side = world.client
    side.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    held = Churn(side, "hold", world.port(), HELD)
    try:
        held.await_ready()
        before = living_ids(side)
        expect("records of the living", len(before), RECORDS)
        start = time.monotonic()
        made = kept_busy(world, 60 * ledger.size(MINUTES))
        spent = time.monotonic() - start
        totals = ledger.stats()
        expect("live, dead, evicted", [totals[name] for name in ("live", "dead", "evicted")], [RECORDS, 0, 0])
        expect_true("the same as before", living_ids(side) == before)
        full = totals["untracked"]
        held.finish()
    finally:
        held.kill()
    # What was refused may still be in TIME_WAIT, and gets a record as it ends.
    ledger.await_living(0, 600)
    again = kept_busy(world, 30)
    expect("refused when there was room", ledger.stats()["untracked"], full)
    ledger.await_living(0, 600)
    listeners = 1 + (made + again) // EACH
    expect_even(side, listeners, 2 * (HELD + made + again), full_for=f"{spent:.0f} s")


@scenario("W2", f"{CONNECTIONS} connections through a pool of {RECORDS} on four processors: it is full of"
          " TIME_WAIT and of the dead by turns, and the books are even", smp=True, limit=4 * 3600)
def pool_turned_over(world):
    for part in ("counters", "books"):
        world.excuse(part, "the pool is full on purpose")
    ledger.fresh(world, records=RECORDS, retention=86400)
    side, total = world.client, ledger.size(CONNECTIONS, 4 * RECORDS)
    side.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    # First there is room for some in TIME_WAIT beside the dead, then for none at all.
    for buckets in (300, 3000):
        side.sysctl("net.ipv4.tcp_max_tw_buckets", buckets)
        churn = Churn(side, world.port(), total // 2, THREADS)
        try:
            churn.finish()
        finally:
            churn.kill()
    # Those in TIME_WAIT end by themselves; whom missed hits left behind the census finds.
    ledger.await_living(0, 180)
    totals = expect_even(side, 2, 2 * (total // 2) * 2)
    expect_true(f"a gap for each missed hit at most: {totals['gaps']}, {totals['missed']}",
                totals["gaps"] <= totals["missed"])
    expect_true(f"some were evicted, and some found no room: {totals}",
                totals["evicted"] and totals["untracked"])
