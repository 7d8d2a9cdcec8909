# SPDX-License-Identifier: GPL-2.0-only
"""A piece of a scenario in a process of its own: other credentials, other namespaces."""
import ctypes
import fcntl
import os
import pickle
import socket
import struct
import traceback

from lib.failure import Broken

CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID = 0x10000000, 0x40000000, 0x20000000
NOBODY = 65534
PR_SET_DUMPABLE = 4
SIOCSIFFLAGS, IFF_UP = 0x8914, 1

libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    if libc.unshare(flags):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def lo_up():
    """A new network namespace has it down."""
    with socket.socket() as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # A process that changed its user is root's in /proc, where the maps are.
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def new_user_namespace(more=0):
    """Root of a namespace of one's own, with all the power there and none outside."""
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | more)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def start(function, *arguments):
    """A process that goes on beside this one; its pid. Its status is what `function` returns,
    1 if it raises."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = function(*arguments)
    except BaseException:                       # nothing may escape into the parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def call(function, *arguments):
    """What `function` returns there; its OSError is raised here, too."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            try:
                answer = ("value", function(*arguments))
            except OSError as error:
                answer = ("oserror", (error.errno, error.strerror, traceback.format_exc()))
            except BaseException:               # nothing may escape into the parent's code
                answer = ("broken", traceback.format_exc())
            with os.fdopen(sender, "wb") as pipe:
                pickle.dump(answer, pipe)
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    if not data:
        raise Broken("a child process died without an answer")
    kind, value = pickle.loads(data)
    if kind == "oserror":
        number, text, trace = value
        raise OSError(number, f"{text}, in a child process: {trace}")
    if kind == "broken":
        raise Broken(value)
    return value
