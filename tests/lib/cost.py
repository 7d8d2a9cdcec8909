# SPDX-License-Identifier: GPL-2.0-only
"""What a connection costs, in instructions: virtual time counts them."""
import contextlib
import glob
import re

from lib import helper, patience, wait
from lib.failure import Skip, expect


def need_plain_kernel():
    """As Debian builds it: the figures are of those."""
    if patience.factor > 1:
        raise Skip("the figures are of Debian's kernels, which this is not")


@contextlib.contextmanager
def unobserved(world):
    """Without the witness, whose own cost would be in the figures."""
    path = f"{world.tracepoint.root}/events/sock/inet_sock_set_state/enable"
    world.excuse("missing", "the module comes and goes, and the tracepoint was off")
    for part in ("transitions", "promises", "segments"):
        world.excuse(part, "the tracepoint was off")
    with open(path, "w") as file:
        file.write("0")
    try:
        yield
    finally:
        with open(path, "w") as file:
            file.write("1")


def shrink_slabs():
    """What scenarios before allocated and freed again leaves caches behind in which every other
    allocation takes the slow path, for as long as something keeps them so: 1,700 instructions a
    connection on 6.1, as a rule from one load of the module to the next."""
    for path in glob.glob("/sys/kernel/slab/*/shrink"):
        with open(path, "w") as file:
            file.write("1")


def processor_time():
    """{(pid, name): nanoseconds} of each process's first thread, so of each of the kernel's own."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/schedstat"):
        with contextlib.suppress(OSError):      # it ended
            with open(path, encoding="ascii") as file, open(f"{path[:-9]}comm") as name:
                found[int(path.split("/")[2]), name.read().strip()] = int(file.read().split()[0])
    return found


def in_time_wait(side):
    with side.entered(), open("/proc/thread-self/net/sockstat") as file:
        return int(re.search(r"^TCP: .* tw (\d+)", file.read(), re.M)[1])


def per_connection(side, connections):
    """Instructions for one connection over loopback, both ends of it.

    TIME_WAIT has room for so many (net.ipv4.tcp_max_tw_buckets); who finds none is closed
    at once, which takes 1,650 fewer where it is recorded, and half of that where not.
    """
    wait.until("TIME_WAIT to end", lambda: not in_time_wait(side), 120)
    shrink_slabs()
    before = side.snmp()
    others = processor_time()
    cost = int(side.run(helper.compiled("cost"), "churn", str(connections)))
    spent = sorted(((now - others[who]) // connections, who[1]) for who, now in processor_time().items()
                   if who in others)
    print("note: beside it ran", ", ".join(f"{name} {each}" for each, name in spent[:-7:-1]), flush=True)
    name = "TcpExtTCPTimeWaitOverflow"
    expect("of those measured, without room in TIME_WAIT", side.snmp()[name] - before[name], 0)
    return cost


def per_stray_segment(side, segments):
    """Instructions for one segment over loopback that no connection takes, and for the RST in
    answer, which goes where a route says: the address is nobody's, see helpers/cost.c."""
    shrink_slabs()
    return int(side.run(helper.compiled("cost"), "-n", side.name, side.address(), "stray", str(segments)))
