# SPDX-License-Identifier: GPL-2.0-only
"""What the module counted in a namespace, against the kernel's own SNMP counters there."""
import collections
import struct

from lib import nl
from lib.failure import Failure

NAMES = ("TcpActiveOpens TcpPassiveOpens TcpAttemptFails TcpEstabResets TcpExtTW TcpExtTWKilled"
         " TcpExtTWRecycled TcpExtTCPTimeWaitOverflow TcpExtListenOverflows TcpExtSyncookiesSent"
         " TcpExtSyncookiesRecv TcpExtTCPTimeouts TcpExtTCPKeepAlive TcpExtTCPDeferAcceptDrop").split()
# Their attributes: 1 is padding, 15 to 17 are no counters.
NUMBERS = (*range(2, 15), 18)
BOOKS_GET = 11


def module(side=None):
    """{counter: what the module counted of it}; without a side, of where the caller is."""
    with nl.Raw(side) as raw:
        return ask(raw)


def ask(raw):
    """The same through a socket that is there."""
    raw.send(BOOKS_GET)
    found = dict(attribute for message in raw.answer() for attribute in message.attributes)
    return {name: struct.unpack("=Q", found[number])[0] for number, name in zip(NUMBERS, NAMES)}


def kernel(side):
    counters = side.snmp()
    return {name: counters[name] for name in NAMES}


def both(side):
    """(kernel's, module's), read while the kernel's stood still."""
    for _ in range(100):
        before, mine = kernel(side), module(side)
        if kernel(side) == before:
            return before, mine
    raise Failure(f"the kernel's counters of {side.name} never stand still")


def check(side):
    """Since the namespace began."""
    theirs, mine = both(side)
    wrong = [f"{name}: the kernel has {theirs[name]}, the module {mine[name]}"
             for name in NAMES if theirs[name] != mine[name]]
    if wrong:
        raise Failure("\n".join([f"the books of {side.name} do not balance", *wrong]))


def as_traced(edges):
    """What the tracepoint shows of the module's edges, where every FIN_WAIT_2 is over. It
    does not see requests, nor timewait sockets: for it their full sockets just close, and
    one segment that is FIN and ACK makes two steps."""
    seen = collections.Counter()
    for (old, new), times in edges.items():
        if old in ("LISTEN", "NEW_SYN_RECV") and new == "SYN_RECV":
            seen["LISTEN", "SYN_RECV"] += times
        elif (old, new) == ("FIN_WAIT_1", "TIME_WAIT"):
            seen["FIN_WAIT_1", "FIN_WAIT_2"] += times
            seen["FIN_WAIT_2", "CLOSED"] += times
        elif new == "TIME_WAIT":
            seen[old, "CLOSED"] += times
        elif "NEW_SYN_RECV" not in (old, new) and old != "TIME_WAIT":
            seen[old, new] += times
    return +seen
