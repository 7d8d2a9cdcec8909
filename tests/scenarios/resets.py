# SPDX-License-Identifier: GPL-2.0-only
"""Row C10: ended by an RST, received or sent: who, and why as far as the kernel tells."""
import collections
import contextlib
import os
import signal
import socket
import struct

from lib import net, rst_trace, wait
from lib.failure import Failure, expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_verdict, once
from lib.wire import after, expect_moment, ghost_client, pick, read_all, segments_of

LINGER_0 = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
LINGER2_NONE = (socket.IPPROTO_TCP, socket.TCP_LINGER2, -1)
SO_SNDBUFFORCE = 32
UNREAD = b"never read"


def shut(peer, theirs):
    theirs.shutdown(socket.SHUT_WR)
    peer.receive("F")


def end(peer, theirs):
    theirs.close()
    peer.receive("F")


def finish(peer, theirs):
    peer.send("FA")
    expect("the end of the stream", theirs.recv(1), b"")


# How a socket of the server gets into each state, against a peer played by hand.
def to_established(peer, theirs):
    pass


def to_close_wait(peer, theirs):
    finish(peer, theirs)


def to_fin_wait_1(peer, theirs):
    shut(peer, theirs)


def to_fin_wait_2(peer, theirs):
    shut(peer, theirs)
    peer.send("A")


def to_fin_wait_2_orphan(peer, theirs):
    end(peer, theirs)
    peer.send("A")


def to_closing(peer, theirs):
    end(peer, theirs)
    peer.send("FA", ack=after(peer.ack, -1))


def to_last_ack(peer, theirs):
    finish(peer, theirs)
    end(peer, theirs)


STATES = (
    (to_established, ("ESTABLISHED",), "peer"),
    (to_close_wait, ("ESTABLISHED", "CLOSE_WAIT"), "peer"),
    (to_fin_wait_1, ("ESTABLISHED", "FIN_WAIT_1"), "local"),
    (to_fin_wait_2, ("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"), "local"),
    (to_fin_wait_2_orphan, ("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"), "local"),
    (to_closing, ("ESTABLISHED", "FIN_WAIT_1", "CLOSING"), "both"),
    (to_last_ack, ("ESTABLISHED", "CLOSE_WAIT", "LAST_ACK"), "peer"),
)


def steps(*states):
    return [f"{old}>{new}" for old, new in zip(states, states[1:])]


@scenario("C10 C12", "an RST from the peer, in each state: rst-received, with its number, and who closed first")
def reset_received(world):
    for family in (4, 6):
        for reach, states, first in STATES:
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            reach(peer, theirs)
            world.record(world.server, port, lambda r, goal=states[-1]: r.state == goal)
            peer.send("R")
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY, *steps(*states, "CLOSED"))
            expect_verdict(seen, "passive", "rst-received", first)
            # By the ACK of its FIN, where others' close() makes the timewait socket.
            expect("timewait sockets made", len(seen.causes("fin-wait-2-armed")),
                   int(reach is to_fin_wait_2_orphan), seen)
            last = seen.transitions[-1]
            expect("cause, number", (last.cause, last.seq), ("rst-received", peer.seq), seen)
            reset = pick(segments_of(world, world.server, seen)[1], "RST", lambda s: s.has("R"))
            expect_moment("the RST", seen, last, reset.time)


@scenario("C10", "an RST the kernel does not believe changes nothing, not even how the connection ends later")
def reset_not_believed(world):
    for family in (4, 6):
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        # In the window, but not at its edge (RFC 5961): answered by a challenge ACK.
        peer.send("R", seq=after(peer.seq, 100))
        peer.receive("A")
        peer.send("R", seq=after(peer.seq, -100))
        expect_path(world.record(world.server, port), *OPEN_PASSIVELY)
        peer.send("FA")
        expect("the end of the stream", theirs.recv(1), b"")
        end(peer, theirs)
        peer.send("A")
        seen = world.ended(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, *steps("ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSED"))
        expect_verdict(seen, "passive", "fin", "peer")


def expect_sent(world, side, seen, close, first, cause):
    """It ended by one RST of ours."""
    expect("close, first", (seen.close, seen.first), (close, first), seen)
    last = seen.transitions[-1]
    expect("cause", last.cause, cause, seen)
    resets = [s for s in segments_of(world, side, seen)[0] if s.has("R")]
    expect("RSTs on the wire", len(resets), 1, seen)
    expect("rst-out", once(seen, "rst-out").count, 1, seen)
    expect_moment("the RST", seen, last, resets[0].time)
    return resets[0]


def expect_peer_reset(world, port, opening, reset, first="peer"):
    seen = world.ended(world.client, port)
    expect("path begins with", [str(s) for s in seen.transitions[:2]], list(opening), seen)
    expect("close, first", (seen.close, seen.first), ("rst-received", first), seen)
    expect("the RST's number", seen.transitions[-1].seq, reset.seq, seen)


@scenario("C10 C12", "RST sent: closed with data unread", limit=120)
def reset_unread(world):
    for family in (4, 6):
        for half in (False, True):
            _, mine, theirs = world.pair(family=family)
            port = net.remote(mine)[1]
            mine.sendall(UNREAD)
            if half:
                mine.shutdown(socket.SHUT_WR)
                world.record(world.server, port, lambda r: r.state == "CLOSE_WAIT")
            expect("data is there", theirs.recv(100, socket.MSG_PEEK), UNREAD)
            theirs.close()
            seen = world.ended(world.server, port)
            states = ("ESTABLISHED", "CLOSE_WAIT", "CLOSED") if half else ("ESTABLISHED", "CLOSED")
            expect_path(seen, *OPEN_PASSIVELY, *steps(*states))
            reset = expect_sent(world, world.server, seen, "rst-unread",
                                "peer" if half else "local", "rst-sent")
            expect_peer_reset(world, port, OPEN_ACTIVELY, reset, "local" if half else "peer")


@scenario("C10 C12", "RST sent: SO_LINGER 0")
def reset_linger(world):
    for family in (4, 6):
        for reach, states, first in STATES[:2] + STATES[3:4]:
            peer, theirs = ghost_client(world, family, options=(LINGER_0,))
            port = peer.remote[1]
            reach(peer, theirs)
            world.record(world.server, port, lambda r, goal=states[-1]: r.state == goal)
            theirs.close()
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY, *steps(*states, "CLOSED"))
            reset = expect_sent(world, world.server, seen, "rst-linger",
                                "local" if reach is to_established else first, "rst-sent")
            expect("its number", seen.transitions[-1].seq, reset.seq, seen)


@scenario("C10 C12", "data unread comes before SO_LINGER 0")
def reset_unread_and_linger(world):
    peer, theirs = ghost_client(world, options=(LINGER_0,))
    peer.send("PA", UNREAD)
    expect("data is there", theirs.recv(100, socket.MSG_PEEK), UNREAD)
    theirs.close()
    seen = world.ended(world.server, peer.remote[1])
    expect_sent(world, world.server, seen, "rst-unread", "local", "rst-sent")


@scenario("C10 C12", "RST sent: TCP_LINGER2 below 0, at close() in FIN_WAIT_2, or when the FIN is acknowledged")
def reset_linger2(world):
    for family in (4, 6):
        for acknowledged in (True, False):
            peer, theirs = ghost_client(world, family, options=(LINGER2_NONE,))
            port = peer.remote[1]
            if acknowledged:
                to_fin_wait_2(peer, theirs)
                world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
                theirs.close()
            else:
                end(peer, theirs)
                peer.send("A")
            peer.receive("R")
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY,
                        *steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED"))
            expect_sent(world, world.server, seen, "rst-linger2", "local", "rst-sent")


@scenario("C10 C12", "RST sent: data after close(), in each state it can come in; the data counts as received nowhere")
def reset_late_data(world):
    cases = (
        ("FIN_WAIT_1", to_fin_wait_1, {"ack": -1}, steps("ESTABLISHED", "FIN_WAIT_1", "CLOSED")),
        ("the ACK of the FIN", to_fin_wait_1, {},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
        ("the ACK of the FIN, where there is no room for a timewait socket either", to_fin_wait_1, {},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
        ("FIN_WAIT_2", to_fin_wait_2, {},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
        ("a timewait socket", to_fin_wait_2_orphan, {},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
        ("FIN_WAIT_2, behind which came its FIN", to_fin_wait_2, {"hole": 100},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
        ("a timewait socket, behind which came its FIN", to_fin_wait_2_orphan, {"hole": 100},
         steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED")),
    )
    complaints = []
    for family in (4, 6):
        for name, reach, how, path in cases:
            # Above 2MSL, an orphan stays a full socket for a while.
            world.server.sysctl("net.ipv4.tcp_fin_timeout", 120 if reach is to_fin_wait_2 else 60)
            world.server.sysctl("net.ipv4.tcp_max_tw_buckets", 0 if "no room" in name else 4096)
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            reach(peer, theirs)
            goal = "FIN_WAIT_1" if reach is to_fin_wait_1 else "FIN_WAIT_2"
            world.record(world.server, port, lambda r, state=goal: r.state == state)
            theirs.close()
            first = after(peer.seq, how.get("hole", 0))
            if "hole" in how:
                peer.send("FA", seq=first)
            else:
                peer.send("PA", b"too late", ack=after(peer.ack, how.get("ack", 0)))
            peer.receive("R")
            seen = world.ended(world.server, port)
            try:
                expect_path(seen, *OPEN_PASSIVELY, *path)
                expect_sent(world, world.server, seen, "rst-late-data", "local", "late-data")
                # tcp_done() is not told which segment it was.
                known = (first, None) if name.startswith("the ACK of the FIN") else (first,)
                expect_true("the number is that of the data", seen.transitions[-1].seq in known, seen)
                expect("rx", seen.rx, 0, seen)
            except Failure as failure:
                complaints.append(f"data in {name}, IPv{family}: {failure}")
    if complaints:
        raise Failure("\n".join(complaints))


@scenario("C10 C12", "RST sent: data after shutdown both ways, though the file is still open")
def reset_late_data_after_shutdown(world):
    for family in (4, 6):
        for acknowledged in (True, False):
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            theirs.shutdown(socket.SHUT_RDWR)
            peer.receive("F")
            if acknowledged:
                peer.send("A")
                world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
            first = peer.seq
            peer.send("PA", b"too late")
            peer.receive("R")
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY,
                        *steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED"))
            expect_sent(world, world.server, seen, "rst-late-data", "local", "late-data")
            expect("the number of the data", seen.transitions[-1].seq, first, seen)


@scenario("C10 C12", "tcp_abort, by ss -K: aborted, by us, in each state")
def aborted(world):
    for family in (4, 6):
        for reach, states, first in STATES[:4] + STATES[5:]:
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            reach(peer, theirs)
            world.record(world.server, port, lambda r, goal=states[-1]: r.state == goal)
            world.server.run("ss", "-K", "-t", "state", "all", "dport", "=", f":{peer.local[1]}")
            try:
                seen = world.ended(world.server, port)
            except Failure:
                # 5.10 takes from an orphan what it had to send, and so its timer: for ever.
                peer.send("R")
                raise
            expect_path(seen, *OPEN_PASSIVELY, *steps(*states, "CLOSED"))
            expect_verdict(seen, "passive", "aborted", "local" if reach is to_established else first)
            expect("cause", seen.transitions[-1].cause, "abort", seen)
            resets = [s for s in segments_of(world, world.server, seen)[0] if s.has("R")]
            expect("rst-out is what the wire saw", sum(e.count for e in seen.causes("rst-out")),
                   len(resets), seen)
            # RFC 9293 3.10.5: ABORT sends none in CLOSING and LAST-ACK.
            expect("RSTs on the wire", len(resets), 0 if states[-1] in ("CLOSING", "LAST_ACK") else 1,
                   seen)


@scenario("C10 C12", "ss -K on an orphan: aborted, if the kernel ended it; if it lives on, as it ends then")
def aborted_orphan(world):
    for family in (4, 6):
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        to_last_ack(peer, theirs)
        world.record(world.server, port, lambda r: r.state == "LAST_ACK")
        which = "-tnH", "state", "last-ack", "dport", "=", f":{peer.local[1]}"
        world.server.run("ss", "-K", *which)
        lives = world.server.run("ss", *which)
        peer.send("A")
        seen = world.ended(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, *steps("ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSED"))
        expect_verdict(seen, "passive", "fin" if lives else "aborted", "peer")
        expect("cause", seen.transitions[-1].cause, "fin-acked" if lives else "abort", seen)


@scenario("C10 O7 O8 C12", "tcp_abort while it opens: SYN_SENT and the half-open request, aborted")
def aborted_opening(world):
    for family in (4, 6):
        port = world.port()
        world.server.nft(f"tcp dport {port} drop")
        world.client.connect(port, world.client.peer(family), blocking=False)
        world.client.run("ss", "-K", "-t", "state", "syn-sent", "dport", "=", f":{port}")
        seen = world.ended(world.client, port)
        expect_path(seen, "CLOSED>SYN_SENT", "SYN_SENT>CLOSED")
        expect_verdict(seen, "active", "aborted", "local")
        expect("cause", seen.transitions[-1].cause, "abort", seen)
        world.server.nft_clear()

        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        peer.receive("SA")
        world.server.run("ss", "-K", "-t", "state", "syn-recv", "dport", "=", f":{peer.local[1]}")
        seen = world.ended(world.server, port)
        expect_path(seen, "LISTEN>NEW_SYN_RECV", "NEW_SYN_RECV>CLOSED")
        expect_verdict(seen, "passive", "aborted", "local")
        expect("cause", seen.transitions[-1].cause, "abort", seen)


@contextlib.contextmanager
def child_with(sock):
    """A process which has this socket and does nothing; it alone has it then."""
    pid = os.fork()
    if pid == 0:
        try:
            while True:
                signal.pause()
        finally:
            os._exit(0)
    sock.close()
    try:
        yield pid
    finally:
        # It may be gone; nobody else can have got its number before we wait for it.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


@scenario("C10 C12", "the process killed: with data unread by RST, without by FIN, and the record says killed")
def killed(world):
    for family in (4, 6):
        for unread in (True, False):
            _, mine, theirs = world.pair(family=family)
            port = net.remote(mine)[1]
            if unread:
                mine.sendall(UNREAD)
                expect("data is there", theirs.recv(100, socket.MSG_PEEK), UNREAD)
            # The child has copies of all else too; they die with it, unused.
            with child_with(theirs) as pid:
                expect_path(world.record(world.server, port), *OPEN_PASSIVELY)
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                if unread:
                    seen = world.ended(world.server, port)
                    expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSED")
                    expect_sent(world, world.server, seen, "rst-unread", "local", "killed")
                else:
                    seen = world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
                    expect("cause", seen.transitions[-2].cause, "killed", seen)
                    expect("first", seen.first, "local", seen)


@scenario("C10 C1", "the process exits: by FIN, and the record says exit")
def exited(world):
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        pid = os.fork()
        if pid == 0:
            # Our parent closes its own copy meanwhile: this exit is the last close.
            try:
                read_all(theirs, 1)
            finally:
                os._exit(0)
        theirs.close()
        expect_path(world.record(world.server, port), *OPEN_PASSIVELY)
        mine.sendall(b"!")
        os.waitpid(pid, 0)
        seen = world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
        expect("cause", [e.cause for e in seen.transitions[3:]], ["exit", "fin-acked"], seen)
        expect("first", seen.first, "local", seen)


def closed_among_orphans(world, family):
    """The record of who was closed in FIN_WAIT_2 when there were too many orphans. The kernel
    counts them ten times a second, at most: who comes too early stays one, for the next."""
    def look():
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        to_fin_wait_2(peer, theirs)
        world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
        theirs.close()
        seen = world.record(world.server, port)
        return seen.state == "CLOSED" and seen
    return wait.until("an orphan too many", look, 20)


@scenario("C10 C11 C12", "no room for an orphan (tcp_max_orphans): closed by RST, said so")
def orphan_limit(world):
    path = "/proc/sys/net/ipv4/tcp_max_orphans"
    with open(path) as file:
        before = file.read()
    try:
        with open(path, "w") as file:
            file.write("0")
        for family in (4, 6):
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            theirs.close()
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY, *steps("ESTABLISHED", "FIN_WAIT_1", "CLOSED"))
            expect("rst-out", once(seen, "rst-out").count, 1, seen)
            expect_verdict(seen, "passive", "orphan", "local")
            expect("cause", seen.transitions[-1].cause, "orphan-limit", seen)
        # From FIN_WAIT_2, too long for a timewait socket: that there is no room for one is not the reason.
        world.server.sysctl("net.ipv4.tcp_fin_timeout", 90)
        world.server.sysctl("net.ipv4.tcp_max_tw_buckets", 0)
        for family in (4, 6):
            seen = closed_among_orphans(world, family)
            expect_path(seen, *OPEN_PASSIVELY, *steps("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED"))
            expect_verdict(seen, "passive", "orphan", "local")
            expect("cause", seen.transitions[-1].cause, "orphan-limit", seen)
    finally:
        with open(path, "w") as file:
            file.write(before)
    count = world.server.snmp()
    expect("the kernel's counts", (count["TcpExtTCPAbortOnMemory"], count["TcpExtTCPTimeWaitOverflow"]), (4, 0))


@scenario("C10", "each RST of a connection, sent on purpose or in answer, with the kernel's own reason for it")
def reset_reasons(world):
    ways = (reset_unread, reset_linger, reset_linger2, reset_late_data, aborted, orphan_limit)
    with rst_trace.resets() as sent:
        for way in ways:
            way(world)
        traced = sent()
    recorded = [rst_trace.Reset(seen.local, seen.remote, entry.reason)
                for side in (world.client, world.server) for seen in world.records(side)
                for entry in seen.causes("rst-out") for _ in range(entry.count)]
    reasons = collections.Counter(reset.reason for reset in recorded)
    if not rst_trace.has_reasons():
        expect("reasons of a kernel that gives none", list(reasons), [None])
    expect_true("the kernel gives reasons", rst_trace.has_reasons())
    expect("RSTs", sorted(recorded, key=str), sorted(traced, key=str))
    print("note: reasons: " + ", ".join(f"{count} {reason}" for reason, count in reasons.items()))


@scenario("C10 C11 C12", "no memory for an orphan (tcp_mem): closed by RST, said so")
def orphan_memory(world):
    world.excuse("segments", "the FIN stays behind data that the peer's window holds back")
    path = "/proc/sys/net/ipv4/tcp_mem"
    with open(path) as file:
        before = file.read()
    for family in (4, 6):
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        # More than the peer's window lets go, so that it stays in memory, and more than
        # each processor may put off to count.
        theirs.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 8 << 20)
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while theirs.send(bytes(1 << 16)):
                pass
        try:
            with open(path, "w") as file:
                file.write("1 1 1")
            theirs.close()
            seen = world.ended(world.server, port)
        finally:
            with open(path, "w") as file:
                file.write(before)
        expect_path(seen, *OPEN_PASSIVELY, *steps("ESTABLISHED", "FIN_WAIT_1", "CLOSED"))
        expect("rst-out", once(seen, "rst-out").count, 1, seen)
        expect_verdict(seen, "passive", "orphan", "local")
        expect("cause", seen.transitions[-1].cause, "orphan-limit", seen)
    expect_true("the kernel's count", world.server.snmp()["TcpExtTCPAbortOnMemory"] == 2)
