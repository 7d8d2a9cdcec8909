"""Hits the kernel counted and did not deliver.

It delivers none to a processor that is about to call another probe's handler; all it can
do is count. With interrupts off in the handlers little room is left for that: none where
one processor works, a hit here and there where several race.
"""
import os
import re

from lib import module
from lib.failure import expect

HOOKS = "/proc/tcp_lifecycle_hooks"


def by_hook():
    """{hooked function: hits it missed}, of those that missed any."""
    if not os.path.exists(HOOKS):
        return {}
    with open(HOOKS) as file:
        return {hook: int(number) for hook, number in
                re.findall(r"^(\w+) \S+ hits=\d+ missed=([1-9]\d*) ", file.read(), re.M)}


def total():
    """(hits, missed) of all hooks since the module came."""
    return (sum(module.hits().values()), sum(by_hook().values())) if os.path.exists(HOOKS) else (0, 0)


def check(header, before):
    """The header's number is that of all hooks; since total() was `before`, 1 in 1,000 at most."""
    hits, missed = total()
    expect("missed in the header is that of all hooks", header.missed, missed)
    hits, missed = hits - before[0], missed - before[1]
    if missed:
        print(f"note: missed {missed} of {hits} hits, with those before:",
              *(f"{hook} {number}" for hook, number in by_hook().items()))
    expect(f"hits missed, of {hits}", missed, lambda number: number <= hits // 1000)
