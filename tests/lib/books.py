"""What the module counted in a namespace, against the kernel's own SNMP counters there."""
import struct

from lib import nl
from lib.failure import Failure

# By their attribute, from 2 on: 1 is padding.
NAMES = ("TcpActiveOpens TcpPassiveOpens TcpAttemptFails TcpEstabResets TcpExtTW TcpExtTWKilled"
         " TcpExtTWRecycled TcpExtTCPTimeWaitOverflow TcpExtListenOverflows TcpExtSyncookiesSent"
         " TcpExtSyncookiesRecv TcpExtTCPTimeouts TcpExtTCPKeepAlive").split()
BOOKS_GET = 11


def module(side):
    """{counter: what the module counted of it}"""
    with nl.Raw(side) as raw:
        raw.send(BOOKS_GET)
        found = dict(attribute for message in raw.answer() for attribute in message.attributes)
    return {name: struct.unpack("=Q", found[number])[0] for number, name in enumerate(NAMES, 2)}


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
