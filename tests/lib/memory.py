# SPDX-License-Identifier: GPL-2.0-only
"""Memory that is not there: the kernel's own fault injection.

What fails is an allocation while a function of a module is on the stack; ours is the
only module these kernels have, so the loader and the network are left alone. Whose
allocation it is, /proc/thread-self/fail-nth says: the N-th of the calling thread.
"""
import contextlib
import os

from lib import nl
from lib.failure import Failure

NTH = "/proc/thread-self/fail-nth"
FAULTS = [f"/sys/kernel/debug/{name}" for name in ("failslab", "fail_page_alloc")]
# Where x86 keeps modules.
MODULES = {"require-start": "0xffffffffa0000000", "require-end": "0xffffffffff000000"}
# Not only those that must not wait; and no word of it in the log, where it would look
# like a complaint.
SETTINGS = {"ignore-gfp-wait": "N", "verbose": "0", **MODULES}
SOME, MANY = 100_000, 1_000_000


def can_fail():
    return os.path.exists(NTH) and all(os.path.isdir(path) for path in FAULTS)


def _set(name, value, paths=FAULTS):
    for path in paths:
        with open(f"{path}/{name}", "w") as file:
            file.write(str(value))


def prepare(depth=32):
    """`depth`: so many callers up a function of a module is looked for."""
    for name, value in SETTINGS.items():
        _set(name, value)
    _set("stacktrace-depth", depth)
    # Of pages for a large table, too, which may lie anywhere.
    _set("ignore-gfp-highmem", "N", FAULTS[1:])
    _set("min-order", "0", FAULTS[1:])


def attempt(nth, call):
    """(what `call` returned or was refused with, did an allocation fail)"""
    fd = os.open(NTH, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.pwrite(fd, b"%d" % nth, 0)
        try:
            outcome = call()
        except (OSError, nl.Refused) as error:
            outcome = error
        left = int(os.pread(fd, 20, 0))
        os.pwrite(fd, b"0", 0)
    finally:
        os.close(fd)
    return outcome, left == 0


def allocations(call):
    """(what `call` returned, how often it asks for memory), nothing failing."""
    fd = os.open(NTH, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.pwrite(fd, b"%d" % MANY, 0)
        found = call()
        left = int(os.pread(fd, 20, 0))
        os.pwrite(fd, b"0", 0)
    finally:
        os.close(fd)
    return found, MANY - left


def each(call, stride=1):
    """What comes of `call` when its first allocation fails, its second, ... (or one in so
    many) until it needs no more: [(number, result or error)]."""
    for nth in range(1, SOME, stride):
        outcome, failed = attempt(nth, call)
        if not failed:
            return
        yield nth, outcome
    raise Failure(f"{SOME} allocations, and no end")


@contextlib.contextmanager
def none_left(times):
    """The next so many allocations of ours fail, whoever's thread it is in; yields a
    function that tells how many of either sort did not yet."""
    def left():
        numbers = []
        for path in FAULTS:
            with open(f"{path}/times") as file:
                numbers.append(int(file.read()))
        return numbers
    _set("times", times)
    _set("probability", 100)
    try:
        yield left
    finally:
        _set("probability", 0)
