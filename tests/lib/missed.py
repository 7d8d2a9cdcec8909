"""Hits the kernel counted and did not deliver.

It delivers none to a processor that is about to call another probe's handler; all it can
do is count. With interrupts off in the handlers little room is left for that: none was
seen where one processor works, and a hit here and there where several race.
"""
import os
import re

from lib import record
from lib.failure import expect

HOOKS = "/proc/tcp_lifecycle_hooks"


def _hooks():
    """{hooked function: (hits, missed)}"""
    if not os.path.exists(HOOKS):
        return {}
    with open(HOOKS) as file:
        return {hook: (int(hits), int(missed)) for hook, hits, missed in
                re.findall(r"^(\w+) \S+ hits=(\d+) missed=(\d+) ", file.read(), re.M)}


def by_hook():
    """{hooked function: hits it missed}, of those that missed any."""
    return {hook: missed for hook, (_, missed) in _hooks().items() if missed}


def total():
    """(hits, missed) of all hooks since the module came."""
    found = _hooks().values()
    return sum(hits for hits, _ in found), sum(missed for _, missed in found)


def check(before):
    """The header's number is that of all hooks; since total() was `before`, 1 in 1,000 at
    most, where there is more than one processor."""
    header, (hits, missed) = record.read_header(), total()
    expect("missed in the header is that of all hooks", header.missed, missed)
    hits, missed = hits - before[0], missed - before[1]
    if missed:
        print(f"note: missed {missed} of {hits} hits, with those before:",
              *(f"{hook} {number}" for hook, number in by_hook().items()))
    # A scenario may have taken the module out and in by itself, and its counts with it.
    most = max(hits, 0) // 1000 if os.cpu_count() > 1 else 0
    expect(f"hits missed, of {hits}", missed, lambda number: number <= most)
