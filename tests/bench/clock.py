# SPDX-License-Identifier: GPL-2.0-only
"""Time in which a processor did something. In virtual time: instructions."""
import os
import re
import time

QUIET = 50_000_000      # ns of work in a second, with which nothing is under way
PATIENCE = 1200         # seconds


def busy():
    """Nanoseconds so far, the idle ones left out; cost.c does the same."""
    with open("/proc/timer_list") as file:
        idle = sum(map(int, re.findall(r"^\s*\.idle_sleeptime\s*: (\d+) nsecs", file.read(), re.M)))
    return os.cpu_count() * time.clock_gettime_ns(time.CLOCK_MONOTONIC) - idle


def drained():
    """busy(), as soon as nobody has anything left to do."""
    before = busy()
    for _ in range(PATIENCE):
        time.sleep(1)
        now = busy()
        if now - before < QUIET:
            return now
        before = now
    raise RuntimeError(f"somebody was busy for {PATIENCE} s")
