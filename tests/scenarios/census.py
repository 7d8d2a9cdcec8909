# SPDX-License-Identifier: GPL-2.0-only
"""Row W2: an end that nobody told is found all the same, and who is still there is left alone."""
import contextlib
import glob
import os
import resource
import signal
import socket
import time

from lib import child, helper, module, net, patience, record
from lib.cost import need_plain_kernel
from lib.failure import expect, expect_true
from lib.lives import LINGER_0
from lib.registry import scenario
from lib.story import expect_verdict, once
from scenarios.hooks import silenced

# Seconds, see census.c.
INTERVAL, QUIET, SHARE = 600, 60, 200
# The largest a table can be, and so many of them that a look at them all takes a second.
BUCKETS, TABLES = patience.fewer(1 << 24), 4
# To be looked at for longer than the others need to make the next one; and so many at once,
# those included that the kernel has not done away with yet, that there is memory for them.
A_TABLE, MAKERS, AT_ONCE = 1 << 22, 3, 24
KPROBES = "/sys/kernel/debug/kprobes/enabled"
# Seconds of work, of twice as many, that show that there is one.
A_PART = 0.05
# Sockets in one chain, at first and then; what a look at one more may cost, in instructions.
FEW, MANY, A_LOOK = 200, 4000, (50, 250)
OWN_TABLE = "/proc/sys/net/ipv4/tcp_child_ehash_entries"
NAMESPACES = "/proc/sys/user/max_net_namespaces"


def excuse(world):
    for part in ("missing", "counters", "promises", "transitions", "segments"):
        world.excuse(part, "what happened meanwhile nobody told")


def end_unnoticed(world):
    """Two ends of a connection and their listener: there, and then not."""
    listener, mine, theirs = world.pair(family=6)
    port = net.local(theirs)[1]
    with silenced(KPROBES):
        mine.setsockopt(*LINGER_0)
        for sock in (mine, theirs, listener):
            sock.close()
    expect("what their records say", [(r.state, r.ended) for side in (world.client, world.server)
                                      for r in world.records(side, port)], [("ESTABLISHED", False)] * 2)
    return port


class TimeWait:
    """A TIME_WAIT of the client, after three segments; the other end is played by hand."""

    def __init__(self, world):
        self.peer = world.ghost(world.server)
        self.port = self.peer.local[1]
        mine = world.client.connect(self.port, str(self.peer.local[0]), blocking=False)
        self.peer.receive("S", without="A")
        self.peer.send("SA", mss=1460)
        self.peer.receive("A", without="S")
        mine.close()
        self.peer.receive("F")
        self.peer.send("FA")
        self.peer.receive("A")
        world.record(world.client, self.port, lambda r: r.state == "TIME_WAIT")

    def restart(self):
        """Nothing else is told of it."""
        self.peer.send("FA", seq=self.peer.seq - 1)
        self.peer.receive("A")


def expect_found(world, port, timeout=INTERVAL + 3 * QUIET):
    """All three; when, in seconds since the epoch."""
    for side in (world.client, world.server):
        seen = world.ended(side, port, timeout)
        expect_verdict(seen, "active" if side is world.client else "passive", "unknown", "unknown")
        last = seen.transitions[-1]
        expect("its end", (str(last), last.cause, last.gap, last.spent),
               ("ESTABLISHED>CLOSED", "missed", True, None), seen)
        expect("gaps", seen.gaps, 1, seen)
    lsn = world.listener(world.server, port, lambda r: r.ended)
    last = lsn.transitions[-1]
    expect("the listener", (str(last), last.cause), ("LISTEN>CLOSED", "missed"), lsn)
    return seen.end


@scenario("W2 C12", "ends that nobody told and nobody counted: found within ten minutes; who lives is left alone",
          virtual=True)
def ends_nobody_told(world):
    excuse(world)
    world.reload()
    loaded = time.time()
    _, stays, _ = world.pair()
    gone, expired = end_unnoticed(world), TimeWait(world)
    with silenced(KPROBES):
        time.sleep(62)
    restarted = TimeWait(world)
    # Nobody answers: it is in SYN_SENT, and its timer has told of it before.
    silent = world.port()
    world.server.nft(f"tcp dport {silent} drop")
    world.client.sysctl("net.ipv4.tcp_syn_retries", 20)
    asks = world.client.connect(silent, blocking=False)
    while time.time() < loaded + INTERVAL + 2 * QUIET:
        time.sleep(40)
        restarted.restart()

    found = expect_found(world, gone) - loaded
    expect_true(f"found {found:.0f} s after the load", INTERVAL <= found <= INTERVAL + 2 * QUIET)
    seen = world.ended(world.client, expired.port)
    expect_verdict(seen, "active", "three-segment", "local")
    last = seen.transitions[-1]
    expect("a TIME_WAIT that expired unseen", (str(last), last.cause, last.spent, seen.tw_actual),
           ("TIME_WAIT>CLOSED", "missed", None, None), seen)
    expect("all gaps: two ends, a listener, a TIME_WAIT", world.client.view().header.gaps, 4)

    here = world.record(world.client, net.remote(stays)[1])
    expect("who stays", (here.state, here.gaps), ("ESTABLISHED", 0), here)
    expect_true("and its listener", not world.listener(world.server, net.remote(stays)[1]).ended)
    here = world.record(world.client, silent)
    expect("who asks in vain", (here.state, here.gaps), ("SYN_SENT", 0), here)
    asks.close()
    seen = world.ended(world.client, restarted.port, timeout=90)
    expect("TIME_WAIT all the while", (seen.transitions[-1].cause, seen.gaps), ("2msl-expired", 0), seen)
    expect_true(f"for long: {seen.tw_actual}", seen.tw_actual > INTERVAL / 2, seen)
    expect_true("restarted", once(seen, "2msl-restarted").count > 5, seen)


@scenario("W2", "a missed hit, and an end that nobody told: found in a minute or two", virtual=True)
def census_after_a_missed_hit(world):
    excuse(world)
    world.reload()
    port = end_unnoticed(world)
    time.sleep(3 * QUIET)
    expect("without a missed hit, after three minutes",
           [r.ended for side in (world.client, world.server) for r in world.records(side, port)], [False] * 2)
    before = world.client.view().header.missed
    with helper.kernel_module("missed"):
        pass
    missed = time.time()
    expect("missed hits", world.client.view().header.missed - before, 1)
    found = expect_found(world, port) - missed
    expect_true(f"found {found:.0f} s after it", QUIET / 2 <= found <= 3 * QUIET)


@contextlib.contextmanager
def setting(path, value):
    """The kernel's, of here."""
    with open(path) as file:
        before = file.read()
    write(path, value)
    try:
        yield
    finally:
        write(path, before)


def write(path, value):
    with open(path, "w") as file:
        file.write(str(value))


def live_in_a_table(connections, tell):
    """Until it is killed."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * connections + 100,) * 2)
    child.unshare(child.CLONE_NEWNET)
    child.lo_up()
    listener = socket.create_server(("127.0.0.1", 7))
    kept = []
    for _ in range(connections):
        kept += [socket.create_connection(("127.0.0.1", 7)), listener.accept()[0]]
    os.write(tell, b"%d" % len(kept))
    while True:
        signal.pause()


@contextlib.contextmanager
def in_a_table_of_its_own(buckets=64, connections=1):
    """A process in a namespace that has its own table of connections, connected to itself."""
    hear, tell = os.pipe()
    with setting(OWN_TABLE, buckets):
        pid = child.start(live_in_a_table, connections, tell)
        os.close(tell)
        try:
            expect("ends of its connections", int(os.read(hear, 64)), 2 * connections)
            yield pid
        finally:
            os.close(hear)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


@scenario("W2 W5", "connections of namespaces that have a table of their own: the census finds them there",
          virtual=True)
def census_of_own_tables(world):
    expect_true("a namespace can have a table of its own", os.path.exists(OWN_TABLE))
    excuse(world)
    world.reload()
    gone = end_unnoticed(world)
    with in_a_table_of_its_own() as one, in_a_table_of_its_own() as other:
        def states():
            return [sorted(r.state for r in record.read(f"/proc/{pid}/net/tcp_lifecycle").records)
                    for pid in (one, other)]
        there = [["ESTABLISHED"] * 2 + ["LISTEN"]] * 2
        expect("who lives there", states(), there)
        expect_found(world, gone)
        expect("and after the census", states(), there)


def others():
    """Seconds the processor spent on anything but this process and its children. Not by what it
    was idle: 7.2 and 7.3 count more of that than time passes."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq = map(int, file.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])


def doze(seconds, nap=0.02):
    """By how many seconds the longest of many naps was too long."""
    until, longest = time.monotonic() + seconds, 0
    while (begun := time.monotonic()) < until:
        time.sleep(nap)
        longest = max(longest, time.monotonic() - begun)
    return longest - nap


def miss_and_doze(minutes):
    """A hit missed every minute, and many naps: (seconds it lasted, those that others spent, the
    longest delay)."""
    begun, before, late = time.monotonic(), others(), 0
    for _ in range(minutes):
        with helper.kernel_module("missed"):
            pass
        late = max(late, doze(60))
    return time.monotonic() - begun, others() - before, late


@scenario("W2", "large tables of others', and a hit missed every minute: a census gets one part in 200 of the time,"
          " and who wants the processor does not wait for its end, on a kernel that does not preempt, either",
          virtual=True, shared=90)
def census_keeps_to_its_share(world):
    expect_true("a namespace can have a table of its own", os.path.exists(OWN_TABLE))
    world.excuse("counters", "hits are missed, as they are meant to be")
    world.reload()
    lasted, spent, _ = miss_and_doze(5)
    else_spent = spent / lasted
    with contextlib.ExitStack() as tables:
        for _ in range(TABLES):
            tables.enter_context(in_a_table_of_its_own(BUCKETS))
        lasted, spent, late = miss_and_doze(20)
    share = spent / lasted - else_spent
    print(f"note: of {lasted:.0f} s {spent:.2f} s were spent on {TABLES} tables of {BUCKETS} buckets, and on"
          f" all else {else_spent * lasted:.2f}; who slept came {late * 1e3:.1f} ms late at most", flush=True)
    expect(f"its share, of {1 / SHARE}", share * SHARE, lambda part: 0.6 < part < 1.4)
    expect_true(f"{late * 1e3:.1f} ms late", late < 0.01 * patience.factor)


def make_namespaces():
    """One after the other, each with a table of its own, until it is killed."""
    while True:
        write(OWN_TABLE, A_TABLE)
        try:
            child.unshare(child.CLONE_NEWNET)
        except OSError:
            time.sleep(0.001)                   # too many at once


@contextlib.contextmanager
def namespaces_in_the_making():
    with setting(NAMESPACES, AT_ONCE), setting(OWN_TABLE, A_TABLE):
        pids = [child.start(make_namespaces) for _ in range(MAKERS)]
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


@scenario("W2", "while others make namespaces with tables of their own, one after the other: a census has an end",
          virtual=True, shared=30)
def census_has_an_end(world):
    expect_true("a namespace can have a table of its own", os.path.exists(OWN_TABLE))
    excuse(world)
    world.reload()
    loaded = time.time()
    port = end_unnoticed(world)
    time.sleep(loaded + 1.1 * QUIET - time.time())
    with helper.kernel_module("missed"):
        pass
    # It is counted at the second look, and the census is at the third.
    time.sleep(loaded + 3 * QUIET - 2 - time.time())
    expect("ended before", [r.ended for r in world.records(world.client, port)], [False])
    with namespaces_in_the_making():
        found = expect_found(world, port, timeout=30) - loaded
    print(f"note: found {found:.0f} s after the load", flush=True)


def workers():
    """{pid: nanoseconds it has run}, in virtual time instructions, of the kernel's unbound workers.
    One that has nothing to do is there for five minutes more (IDLE_WORKER_TIMEOUT)."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/comm"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(path) as comm:
            if comm.read().startswith("kworker/u"):
                with open(os.path.dirname(path) + "/schedstat") as file:
                    found[path] = int(file.read().split()[0])
    return found


def lasts(act, *arguments):
    begun = time.monotonic()
    act(*arguments)
    return time.monotonic() - begun


@scenario("W2", "rmmod in the middle of a census of large tables: it does not wait for the census to end",
          virtual=True, shared=30)
def census_broken_off(world):
    expect_true("a namespace can have a table of its own", os.path.exists(OWN_TABLE))
    excuse(world)

    def worked():
        return sum(workers().values()) / 1e9
    with contextlib.ExitStack() as tables:
        for _ in range(TABLES):
            tables.enter_context(in_a_table_of_its_own(BUCKETS))
        world.reload()
        alone = lasts(module.unload)
        with_census = lasts(world.reload)
        loaded = time.time()
        with helper.kernel_module("missed"):
            pass
        # It is counted at the first look, and the census is at the second.
        time.sleep(loaded + 2 * QUIET - 5 - time.time())
        busy = 0
        while busy < A_PART and time.time() < loaded + 3 * QUIET:
            before = worked()
            time.sleep(2 * A_PART)
            busy = worked() - before
        expect_true(f"a census is under way: {busy:.2f} s of work in {2 * A_PART} s", busy >= A_PART)
        broken_off = lasts(module.unload)
    without = lasts(world.reload)
    census = with_census - without
    print(f"note: a census takes {census:.2f} s; rmmod {alone:.2f} s, in the middle of one {broken_off:.2f} s",
          flush=True)
    expect_true(f"a census of {census:.2f} s is long enough to be broken off", census > 4 * A_PART)
    expect_true(f"rmmod in {broken_off:.2f} s, {alone:.2f} s without", broken_off - alone < census / 4)


@scenario("W2 cost", "a table of one bucket, full of others' connections: a census has softirqs off for the length of the"
          " chain, so many instructions a socket", virtual=True, shared=20)
def census_of_one_chain(world):
    need_plain_kernel()
    expect_true("a namespace can have a table of its own", os.path.exists(OWN_TABLE))
    excuse(world)
    world.reload()

    def spent(sockets):
        """By the workers, while there was one census; by what it found it was there."""
        missed = world.client.view().header.missed
        port = end_unnoticed(world)
        with in_a_table_of_its_own(1, sockets // 2):
            time.sleep(2 * QUIET)
            before, begun = workers(), time.time()
            with helper.kernel_module("missed"):
                pass
            time.sleep(3 * QUIET)
            ran = sum(ran - before.get(pid, 0) for pid, ran in workers().items())
            expect("missed hits", world.client.view().header.missed - missed, 1)
        found = expect_found(world, port) - begun
        expect_true(f"found {found:.0f} s after the missed hit", QUIET / 2 <= found <= 3 * QUIET)
        return ran
    few, many = spent(FEW), spent(MANY)
    each = (many - few) / (MANY - FEW)
    print(f"note: a census spends {each:.0f} instructions on a socket more in a chain, of {MANY} {many - few} more"
          f" than of {FEW}", flush=True)
    expect_true(f"{each:.0f} instructions a socket", A_LOOK[0] < each < A_LOOK[1])
