# SPDX-License-Identifier: GPL-2.0-only
"""What scenarios say of a record, again and again: its paths, verdict, owner and timers."""
import os
import select
import socket
import threading

from lib.failure import expect, expect_near

OPEN_ACTIVELY = ("CLOSED>SYN_SENT", "SYN_SENT>ESTABLISHED")
OPEN_PASSIVELY = ("LISTEN>NEW_SYN_RECV", "NEW_SYN_RECV>SYN_RECV", "SYN_RECV>ESTABLISHED")
FAIL_ACTIVELY = ("CLOSED>SYN_SENT", "SYN_SENT>CLOSED")
FAIL_PASSIVELY = ("LISTEN>NEW_SYN_RECV", "NEW_SYN_RECV>CLOSED")


def expect_verdict(record, open_, close, first):
    expect("open, close, first", (record.open, record.close, record.first),
           (open_, close, first), record)


def expect_owner(record, call):
    """The owner is this very thread, taken at `call`."""
    with open(f"/proc/self/task/{threading.get_native_id()}/comm", "rb") as file:
        comm = file.read().rstrip(b"\n")
    expect("the owner", (record.owner, record.pid, record.uid, record.cgroup, record.comm),
           (call, os.getpid(), os.getuid(), own_cgroup(), comm), record)


def own_cgroup():
    """The id of this process's cgroup: the inode number of its directory."""
    with open("/proc/self/cgroup") as file:
        path = next(line for line in file if line.startswith("0::"))[3:].strip()
    return os.stat("/sys/fs/cgroup" + path).st_ino


def error_of_connect(sock, timeout=None):
    """Wait until a connect under way is over; its errno."""
    poll = select.poll()
    poll.register(sock, select.POLLOUT)
    poll.poll(None if timeout is None else timeout * 1000)
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def syn_retries(side):
    """How often a SYN is sent again: newer kernels begin with some at an even pace."""
    retries = int(side.sysctl("net.ipv4.tcp_syn_retries"))
    try:
        return retries + int(side.sysctl("net.ipv4.tcp_syn_linear_timeouts"))
    except FileNotFoundError:
        return retries


def once(record, cause):
    """The one entry of this cause."""
    found = record.causes(cause)
    expect(f"entries with cause={cause}", len(found), 1, record)
    return found[0]


def expect_fires(record, event, state, repeats, gave_up=False):
    """The timer fired once for each of these segments, and at their times.

    `gave_up`: once more, when it sent nothing but ended the connection.
    """
    expect("it happened in", event.state, state, record)
    expect("its count is that of the segments sent again" + gave_up * ", and one",
           event.count, len(repeats) + gave_up, record)
    expect_near("the time of the first", record.start + event.time, repeats[0].time, 0.002, record)
    last = record.end if gave_up else repeats[-1].time
    expect_near("the time of the last", record.start + event.last, last, 0.002, record)
