# SPDX-License-Identifier: GPL-2.0-only
"""The module itself: loaded, unloaded, with which parameters, and what it says.

By system calls, not insmod: errors arrive as numbers.
"""
import ctypes
import glob
import os
import platform
import re

from lib import coverage
from lib.failure import Broken, Skip

NAME = "tcp_lifecycle"
# Everybody's probes, a line each.
PROBES = "/sys/kernel/debug/kprobes/list"
SIGNED = b"~Module signature appended~\n"
SYSCALLS = {"x86_64": (313, 176), "aarch64": (273, 106)}

libc = ctypes.CDLL(None, use_errno=True)


def path():
    """Where the lab put the module; TLC_MODULE names another."""
    found = [os.environ["TLC_MODULE"]] if "TLC_MODULE" in os.environ else \
        glob.glob(f"/lab/{NAME}.ko")
    if not found:
        raise Broken("no module found: neither /lab/*.ko nor $TLC_MODULE")
    return found[0]


def headers():
    """What modules of this kernel are built against."""
    found = f"/lib/modules/{platform.release()}/build"
    if not os.path.exists(found):
        raise Skip("this kernel's headers are not in its root, and nothing is built here")
    return found


def is_loaded():
    return os.path.isdir(f"/sys/module/{NAME}")


def _call(which, *arguments):
    numbers = SYSCALLS.get(platform.machine())
    if not numbers:
        raise Broken(f"the system call numbers of {platform.machine()} are not known here")
    if libc.syscall(numbers[which], *arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def load_file(name, text=""):
    """insmod. OSError with the errno of finit_module."""
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call(0, fd, text.encode(), 0)
    finally:
        os.close(fd)


def load(**parameters):
    load_file(path(), " ".join(f"{key}={value}" for key, value in parameters.items()))


def image():
    with open(path(), "rb") as file:
        return file.read()


def is_signed():
    return image().endswith(SIGNED)


def unsigned():
    """Its image without the signature: struct module_signature, the length last, ends it."""
    whole = image()
    if not whole.endswith(SIGNED):
        return whole
    end = len(whole) - len(SIGNED)
    length = int.from_bytes(whole[end - 4:end], "big")
    return whole[:end - 12 - length]


def unload():
    """rmmod, without waiting: EWOULDBLOCK or EBUSY when it is in use."""
    totals = coverage.totals()
    _call(1, NAME.encode(), os.O_NONBLOCK)
    coverage.driven.update(totals)


def reload(**parameters):
    if is_loaded():
        unload()
    load(**parameters)


def parameter(name):
    with open(f"/sys/module/{NAME}/parameters/{name}") as file:
        return file.read().strip()


def hits():
    """{hooked function: how often its handler ran}"""
    with open("/proc/tcp_lifecycle_hooks") as file:
        return {name: int(number) for name, number in
                re.findall(r"^(\w+) attached hits=(\d+) ", file.read(), re.M)}
