# SPDX-License-Identifier: GPL-2.0-only
"""Hits the kernel counted and did not deliver.

It delivers none to a processor that is about to call another probe's handler; all it can
do is count. Handlers keep interrupts off, so what is left is an interrupt that comes in the
few instructions between the kernel's word that a probe is being hit and the handler's first
(module/probe/attach.c), of which a kernel of detectors has more. The softirqs on its way out may
then hit several probes. With one processor and one of Debian's kernels none was ever missed.
"""
import os
import re

from lib import patience, record
from lib.failure import expect, expect_true

HOOKS = "/proc/tcp_lifecycle_hooks"

# [hits, missed] of all that check() saw. Most scenarios have some hundred hits: of those
# a single one missed says nothing, of a whole run it does.
_run = [0, 0]


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
    """The header's number is that of all hooks. With one processor and Debian's kernel none
    is missed since total() was `before`; otherwise one, or 1 in 1,000 of this scenario's, and
    1 in 10,000 of all that scenarios were held to in this run."""
    header, (hits, missed) = record.read_header(), total()
    expect("missed in the header is that of all hooks", header.missed, missed)
    # A scenario may have taken the module out and in by itself, and its counts with it.
    if hits >= before[0] and missed >= before[1]:
        hits, missed = hits - before[0], missed - before[1]
    _run[:] = _run[0] + hits, _run[1] + missed
    if not missed:
        return
    print(f"note: missed {missed} of {hits} hits, {_run[1]} of {_run[0]} in this run; since the module came:",
          *(f"{hook} {number}" for hook, number in by_hook().items()), flush=True)
    _bound("this scenario", hits, missed, 1_000)
    _bound("this run", *_run, 10_000)


def _bound(what, hits, missed, one_in):
    some = os.cpu_count() > 1 or patience.factor > 1
    most = max(1, hits // one_in) if some else 0
    expect_true(f"{missed} hits missed of {hits} in {what}, {most} at most", missed <= most)
