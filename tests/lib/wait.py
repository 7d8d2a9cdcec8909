# SPDX-License-Identifier: GPL-2.0-only
"""Waiting for a condition, never for a while.

In virtual time waiting costs nothing, so deadlines are generous; the pauses grow
with the time already waited, for a look at /proc is not free.
"""
import time

from lib import patience
from lib.failure import Failure


def until(what, condition, timeout=30.0):
    """The first true value of `condition()`. A Failure after `timeout` seconds, times
    the run's patience."""
    timeout *= patience.factor
    start = time.monotonic()
    pause = 0.002
    while True:
        found = condition()
        if found:
            return found
        waited = time.monotonic() - start
        if waited > timeout:
            raise Failure(f"waited {timeout:g} s in vain for: {what}")
        time.sleep(pause)
        pause = min(max(pause, waited / 20), 30.0)
