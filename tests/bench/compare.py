# SPDX-License-Identifier: GPL-2.0-only
"""The same work under each tracer, one after the other in one guest."""
import time

from bench import clock, tracers, works
from lib import module

PAUSE = 150         # seconds, in which TIME_WAIT ends, also that of conntrack


def _do(tracer, work, quick, result):
    hits = _hits()
    before = clock.drained()
    cost = works.do(work, quick)
    spent = clock.drained() - before
    done = work.done(quick)
    result(kind="cost", row=tracer.key, work=work.name, unit=work.unit, cost=cost,
           drained=spent / done)
    if hits is not None:
        result(kind="hits", row=tracer.key, work=work.name, units=done, unit=work.unit,
               hits=_hits() - hits)


def _hits():
    return sum(module.hits().values()) if module.is_loaded() else None


def _pause():
    before = clock.busy()
    time.sleep(PAUSE)
    return clock.busy() - before


def _row(tracer, wanted, result):
    tracer.start()
    clock.drained()
    tracer.mark()
    for work in wanted.works:
        _do(tracer, work, wanted.quick, result)
    connections = sum(work.made(wanted.quick) for work in wanted.works)
    # With all in TIME_WAIT, and then with nothing at all.
    ending, idle = _pause(), _pause()
    result(kind="cost", row=tracer.key, work="expiry", unit="connection",
           cost=(ending - idle) / connections, drained=None)
    result(kind="cost", row=tracer.key, work="idle", unit="second", cost=idle / PAUSE, drained=None)
    tracer.stop()
    reported, lost = tracer.tally()
    result(kind="events", row=tracer.key, title=tracer.title, counted=tracer.counted,
           made=tracer.made(connections, len(wanted.works)), reported=reported, lost=lost)


def _warm_up(wanted):
    """The first to do a work would pay for memory that is used for the first time."""
    for work in wanted.works:
        works.do(work, True)


def measure(wanted, say, result):
    rows = list(wanted.rows)
    # The last stays it: what conntrack brings into the kernel stays there.
    turn = wanted.turn % max(len(rows) - 1, 1)
    last = [t for t in rows if t.key == "conntrack"]
    rest = [t for t in rows if t.key != "conntrack"]
    _warm_up(wanted)
    for tracer in rest[turn:] + rest[:turn] + last:
        say(f"{tracer.title}: {', '.join(w.name for w in wanted.works)}")
        tracers.settle()
        _row(tracer, wanted, result)
