# SPDX-License-Identifier: GPL-2.0-only
"""Very many connections, open at once."""
import re
import time

from lib import ledger, module, nl, record, wait
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario

CONNECTIONS = 200_000
PER_ADDRESS = 10_000            # churn takes another address for the next
RETENTION = 120


def dumped(side):
    """Records that a dump has, and whether it was said to be interrupted."""
    numbers, reader = nl.dump_text(side, "-q", "-b")
    reader.close()
    return numbers["records"], numbers["interrupted"]


def lines_of_text(side):
    return int(side.run("grep", "-c", "^conn ", record.PATHS[1]))


@scenario("W1 W3 O11", f"{CONNECTIONS:,} connections open at once over loopback: two records each, all in one"
          " dump and one reading; the module loaded again takes them in, and sees all of them end",
          virtual=True, limit=12 * 3600)
def very_many(world):
    total = ledger.size(CONNECTIONS, 2000)
    for part in ("counters", "missing"):
        world.excuse(part, "the module comes and goes")
    pool = {"records": max(64, 2 * total + total // 4), "retention": RETENTION}
    ledger.fresh(world, **pool)
    side = world.client
    side.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    side.sysctl("net.ipv4.tcp_max_tw_buckets", 2 * CONNECTIONS)
    free = ledger.memory()["MemAvailable"]
    held = Churn(side, "hold", world.port(), total)
    try:
        held.await_ready()
        opens = ledger.opens(side)
        totals = ledger.stats()
        (records, interrupted), text = dumped(side), lines_of_text(side)
        ledger.Ledger("connection ends and a listener", opens.kernel + 1) \
            .recorded(recorded=totals["born"]).lost(without_room=totals["untracked"]) \
            .witness("the kernel's opens", opens.kernel, 2 * total).witness("the module's", opens.booked, 2 * total) \
            .witness("living", totals["live"], 2 * total + 1).witness("in a dump", records, 2 * total + 1) \
            .witness("interrupted", interrupted, 0).witness("in the text", text, 2 * total + 1) \
            .note(memory_of_sockets=f"{free - ledger.memory()['MemAvailable'] >> 20} MiB",
                  pool=f"{pool['records'] * 512 >> 20} MiB").close()
        world.logged()
        module.unload()
        start = time.monotonic()
        module.load(**pool)
        spent = time.monotonic() - start
        said = [re.search(r"(\d+) sockets already existed", line) for line in world.logged()]
        totals = ledger.stats()
        ledger.Ledger("sockets there at load", 2 * total + 1) \
            .recorded(recorded=totals["live"]).lost(without_room=totals["untracked"]) \
            .witness("the log says", int(next(m for m in reversed(said) if m)[1]), 2 * total + 1) \
            .note(loading_took=f"{spent:.1f} s").close()
        held.finish()
    finally:
        held.kill()
    expect("still living, in TIME_WAIT", ledger.living(), lambda n: n >= total)
    ledger.await_living(0, 300)
    totals = ledger.stats()
    ledger.Ledger("records", totals["born"]) \
        .recorded(ended_in_order=totals["close", "fin"] + totals.get(("close", "three-segment"), 0),
                  listener=totals["close", "listener"]) \
        .witness("met at load", totals["open", "preexisting"] + totals["open", "listener"], 2 * total + 1) \
        .close()
    start = time.monotonic()
    wait.until("their retention to be over", lambda: not ledger.stats()["dead"], 2 * RETENTION)
    expect_true("gone in time", time.monotonic() - start <= RETENTION + 60)
    expect("untracked, evicted", [ledger.stats()[name] for name in ("untracked", "evicted")], [0, 0])
