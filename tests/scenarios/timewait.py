# SPDX-License-Identifier: GPL-2.0-only
"""Rows C6 to C8: what happens in timewait sockets, FIN_WAIT_2 and TIME_WAIT, and how they end."""
import errno
import itertools
import socket
import time

from lib import helper, net, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_verdict, once
from lib.wire import WHEEL, after, expect_moment, ghost_client, our_fin, segments_of, step

HALF = ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2")
WHOLE = (*HALF, "FIN_WAIT_2>TIME_WAIT")


def orphan(world, family=4):
    """The client closes, the server's application does not: (record, its port, server's socket)."""
    _, mine, theirs = world.pair(family=family)
    port = net.remote(mine)[1]
    seen = world.orphan(mine)
    expect_path(seen, *OPEN_ACTIVELY, *HALF)
    return seen, port, theirs


@scenario("C6 C12", "an orphaned FIN_WAIT_2 ended by tcp_fin_timeout", virtual=True)
def fin_wait_2_expires(world):
    expect("tcp_fin_timeout as the kernel comes", world.client.sysctl("net.ipv4.tcp_fin_timeout"), "60")
    for family in (4, 6):
        for limit in (60, 20):
            world.client.sysctl("net.ipv4.tcp_fin_timeout", limit)
            seen, port, theirs = orphan(world, family)
            armed = once(seen, "fin-wait-2-armed")
            expect("armed for tcp_fin_timeout", (armed.state, armed.seconds),
                   ("FIN_WAIT_2", float(limit)), seen)
            seen = world.ended(world.client, port, timeout=limit + 10)
            expect_path(seen, *OPEN_ACTIVELY, *HALF, "FIN_WAIT_2>CLOSED")
            expect_verdict(seen, "active", "fin-wait-2", "local")
            last = seen.transitions[-1]
            expect("cause", last.cause, "fin-wait-2-expired", seen)
            expect_true("it took what it was armed for",
                        limit <= last.spent <= limit + WHEEL, seen)
            expect("TIME_WAIT was never entered", (seen.tw_planned, seen.tw_actual, seen.peer_fin),
                   (None, None, None), seen)
            # The other end learns it from an RST, in answer to its FIN.
            theirs.close()
            other = world.ended(world.server, port)
            expect_path(other, *OPEN_PASSIVELY, "ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK",
                        "LAST_ACK>CLOSED")
            expect_verdict(other, "passive", "rst-received", "peer")


@scenario("C6", "tcp_fin_timeout above 2MSL: first its timer in the full socket, then the timewait socket",
          virtual=True)
def fin_wait_2_long(world):
    world.client.sysctl("net.ipv4.tcp_fin_timeout", 90)
    seen, port, _ = orphan(world)
    entered = seen.transitions[-1].time
    expect("no timewait socket yet", seen.causes("fin-wait-2-armed"), [], seen)
    seen = world.ended(world.client, port, timeout=120)
    expect_path(seen, *OPEN_ACTIVELY, *HALF, "FIN_WAIT_2>CLOSED")
    expect_verdict(seen, "active", "fin-wait-2", "local")
    # The kernel waits for what exceeds 2MSL, and then for as long again.
    armed = once(seen, "fin-wait-2-armed")
    expect("armed for", armed.seconds, 30.0, seen)
    expect_true("after 30 s", 30 <= armed.time - entered <= 30 + WHEEL, seen)
    fired = once(seen, "timer-fin-wait-2")
    expect("it fired once, in", (fired.count, fired.state), (1, "FIN_WAIT_2"), seen)
    expect_true("at that fire", armed.time - fired.time < 0.01, seen)


@scenario("C6 C9 C12", "FIN_WAIT_2 ended by the timer of its full socket, by RST, which asks for no timewait socket:"
          " told alike with room for one and without", virtual=True)
def fin_wait_2_reset(world):
    for family, buckets in itertools.product((4, 6), (4096, 0)):
        world.client.sysctl("net.ipv4.tcp_max_tw_buckets", buckets)
        world.client.sysctl("net.ipv4.tcp_fin_timeout", 90)
        seen, port, _ = orphan(world, family)
        entered = seen.transitions[-1].time
        # The timer, armed for 30 s, finds that it has been long enough.
        world.client.sysctl("net.ipv4.tcp_fin_timeout", 60)
        seen = world.ended(world.client, port, timeout=60)
        expect_path(seen, *OPEN_ACTIVELY, *HALF, "FIN_WAIT_2>CLOSED")
        expect_verdict(seen, "active", "fin-wait-2", "local")
        last = seen.transitions[-1]
        expect("cause", last.cause, "fin-wait-2-expired", seen)
        expect_true("after 30 s", 30 <= last.time - entered <= 30 + WHEEL, seen)
        expect("before it", [(e.cause, e.state) for e in seen.events[-2:]],
               [("timer-fin-wait-2", "FIN_WAIT_2"), ("rst-out", "FIN_WAIT_2")], seen)
        expect_verdict(world.ended(world.server, port), "passive", "rst-received", "peer")
    expect("the kernel's count", world.client.snmp()["TcpExtTCPTimeWaitOverflow"], 0)


@scenario("C6 C12", "an orphaned FIN_WAIT_2 ended by the peer's FIN, inside the timewait socket",
          virtual=True)
def fin_wait_2_ends(world):
    for family in (4, 6):
        seen, port, theirs = orphan(world, family)
        ours = seen.id
        time.sleep(30)
        theirs.close()
        seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        expect_path(seen, *OPEN_ACTIVELY, *WHOLE)
        expect("identity", seen.id, ours, seen)
        last = seen.transitions[-1]
        fin = our_fin(segments_of(world, world.client, seen)[1])
        expect("cause, number", (last.cause, last.seq, seen.peer_fin),
               ("fin-received", fin.fin, fin.fin), seen)
        expect_moment("the peer's FIN", seen, last, fin.time)
        expect("armed", [(e.cause, e.seconds) for e in seen.events if e.cause.endswith("-armed")],
               [("fin-wait-2-armed", 60.0), ("2msl-armed", 60.0)], seen)
        seen = world.ended(world.client, port, timeout=90)
        expect_path(seen, *OPEN_ACTIVELY, *WHOLE, "TIME_WAIT>CLOSED")
        expect_verdict(seen, "active", "fin", "local")
        expect("cause", seen.transitions[-1].cause, "2msl-expired", seen)
        expect_true("2MSL counts from the FIN", 60 <= seen.tw_actual <= 60 + WHEEL, seen)


@scenario("C7 C12", "2MSL: entered, armed, restarted by each FIN that comes again, expired", virtual=True)
def time_wait_restarted(world):
    # Without tail loss probes each FIN that comes again is the timer's.
    world.server.sysctl("net.ipv4.tcp_early_retrans", 0)
    for family in (4, 6):
        _, port, theirs = orphan(world, family)
        world.server.nft(f"tcp dport {port} drop")
        theirs.close()

        def fins(where=port):
            return [s for s in world.segments(world.client, where) if s.has("F") and not s.sent]
        wait.until("four FINs", lambda: len(fins()) >= 4)
        world.server.nft_clear()
        other = world.ended(world.server, port)
        seen = world.ended(world.client, port, timeout=120)
        expect_path(seen, *OPEN_ACTIVELY, *WHOLE, "TIME_WAIT>CLOSED")
        expect_verdict(seen, "active", "fin", "local")
        came = fins()
        expect_moment("the first FIN", seen, step(seen, "FIN_WAIT_2>TIME_WAIT"), came[0].time)
        armed = once(seen, "2msl-armed")
        expect("armed for 2MSL", (armed.seconds, seen.tw_planned), (60.0, 60.0), seen)
        again = once(seen, "2msl-restarted")
        expect("restarted in, by how many", (again.state, again.count),
               ("TIME_WAIT", len(came) - 1), seen)
        expect_moment("the first restart", seen, again, came[1].time)
        left = seen.transitions[-1]
        expect("cause", left.cause, "2msl-expired", seen)
        expect_true("it ran from the last restart", 60 <= left.time - again.last <= 60 + WHEEL, seen)
        expect_true("that was the last FIN", abs(seen.start + again.last - came[-1].time) < 0.02, seen)
        expect("tw_actual is all of it", seen.tw_actual, left.spent, seen)
        fired = once(other, "timer-rto-fin")
        expect("the peer's FIN timer", (fired.state, fired.count), ("LAST_ACK", len(came) - 1), other)


def closed_by(world, closer, own, port, family=4, bound=True):
    """A connection from port `own` of the client to a listener of the server, closed
    by one side; its record there, in TIME_WAIT. Bound, or the kernel's only choice:
    it shares no port somebody bound to."""
    mine = world.client.tcp(world.client.address(family), own) if bound else \
        world.client.socket(net.family_of(world.client.address(family)))
    if not bound:
        world.client.sysctl("net.ipv4.ip_local_port_range", f"{own} {own}")
    mine.connect((world.client.peer(family), port))
    theirs, _ = world.listening.accept()
    world.server.sockets.append(theirs)
    first, second = (mine, theirs) if closer is world.client else (theirs, mine)
    first.close()
    world.record(closer, own, lambda r: r.state == "FIN_WAIT_2")
    second.close()
    return world.record(closer, own, lambda r: r.state == "TIME_WAIT")


def listen(world, port, family):
    world.listening = world.server.listen(port, "::" if family == 6 else "0.0.0.0")


def expect_early_end(seen, opening, word, cause, least):
    """TIME_WAIT ended for this cause, after `least` seconds and well before its time."""
    expect_path(seen, *opening, *WHOLE, "TIME_WAIT>CLOSED")
    expect_verdict(seen, word, "fin", "local")
    expect("cause", seen.transitions[-1].cause, cause, seen)
    expect_true(f"after {least} s", least <= seen.tw_actual < least + 1, seen)
    expect("tw_planned", seen.tw_planned, 60.0, seen)


@scenario("C8 C12", "TIME_WAIT ended by a new SYN from the same peer; the next connection is a record of its own",
          virtual=True)
def time_wait_new_syn(world):
    for family in (4, 6):
        own, port = world.port(), world.port()
        listen(world, port, family)
        waiting = closed_by(world, world.server, own, port, family)
        time.sleep(2)
        mine = world.client.tcp(world.client.address(family), own)
        mine.connect((world.client.peer(family), port))
        old, new = world.records(world.server, own)
        expect("identity", old.id, waiting.id, old)
        expect_early_end(old, OPEN_PASSIVELY, "passive", "new-syn", 2)
        syn = [s for s in world.segments(world.server, own) if s.flags == "S"][-1]
        expect("the SYN's number", old.transitions[-1].seq, syn.seq, old)
        expect_moment("the SYN", old, old.transitions[-1], syn.time)
        expect_path(new, *OPEN_PASSIVELY)
        expect_true("another connection, another identity", new.id != old.id, old, new)
        expect("its numbers", (new.peer_isn, new.open, new.close), (syn.seq, "passive", "-"), new)


@scenario("C8", "an old SYN does not end TIME_WAIT, a newer one does", virtual=True)
def time_wait_old_syn(world):
    for family in (4, 6):
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        theirs.close()
        peer.receive("F")
        peer.send("A")
        peer.send("FA")
        world.record(world.server, port, lambda r: r.state == "TIME_WAIT")
        time.sleep(2)
        peer.send("S", seq=peer.isn, mss=1460)
        answer = peer.receive("A", without="S")
        expect("it is answered by an ACK of what came last", answer.ack, peer.seq)
        seen = world.record(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, *WHOLE)
        seen = world.ended(world.server, port, timeout=90)
        expect("cause", seen.transitions[-1].cause, "2msl-expired", seen)
        expect_verdict(seen, "passive", "fin", "local")


@scenario("C8 C12", "TIME_WAIT ended by reuse for our own connect, to a port it named or the kernel chose",
          virtual=True)
def time_wait_reused(world):
    for family, bound in itertools.product((4, 6), (True, False)):
        own, port = world.port(), world.port()
        listen(world, port, family)
        waiting = closed_by(world, world.client, own, port, family, bound)
        time.sleep(2)
        if bound:
            # With timestamps, whoever names the port may always have it.
            mine = world.client.tcp(world.client.address(family), own)
            mine.connect((world.client.peer(family), port))
        else:
            world.client.sysctl("net.ipv4.tcp_tw_reuse", 1)
            mine = world.client.connect(port, world.client.peer(family))
            world.client.sysctl("net.ipv4.tcp_tw_reuse", 0)
        old, new = world.records(world.client, own)
        expect("identity", old.id, waiting.id, old)
        expect_early_end(old, OPEN_ACTIVELY, "active", "reused", 2)
        expect_path(new, *OPEN_ACTIVELY)
        expect("the new one's identity", new.cookie, net.cookie(mine), new)
    expect("TIME_WAITs reused, by the kernel's count", world.client.snmp()["TcpExtTWRecycled"], 4)


@scenario("C8", "reuse refused: TIME_WAIT goes on to its end, which is that of 2MSL", virtual=True)
def time_wait_not_reused(world):
    # Without timestamps nothing may be reused, with them no port of the kernel's choice.
    for family, timestamps in itertools.product((4, 6), (0, 1)):
        world.client.sysctl("net.ipv4.tcp_timestamps", timestamps)
        world.client.sysctl("net.ipv4.tcp_tw_reuse", 1 - timestamps)
        own, port = world.port(), world.port()
        listen(world, port, family)
        closed_by(world, world.client, own, port, family, bound=False)
        try:
            world.client.connect(port, world.client.peer(family))
            refused = None
        except OSError as error:
            refused = error.errno
        expect("connect()", refused, errno.EADDRNOTAVAIL)
        old = world.records(world.client, own)[0]
        expect_path(old, *OPEN_ACTIVELY, *WHOLE)
        wait.until("the end of TIME_WAIT", lambda name=own: world.records(
            world.client, name)[0].ended, 90)
        old = world.records(world.client, own)[0]
        expect("cause", old.transitions[-1].cause, "2msl-expired", old)
        expect_true("after 2MSL", 60 <= old.tw_actual <= 60 + WHEEL, old)


@scenario("C8 C12", "TIME_WAIT ended by an RST (RFC 1337), unless tcp_rfc1337 forbids it", virtual=True)
def time_wait_reset(world):
    for family, rfc1337 in itertools.product((4, 6), (0, 1)):
        world.server.sysctl("net.ipv4.tcp_rfc1337", rfc1337)
        peer, theirs = ghost_client(world, family)
        port = peer.remote[1]
        theirs.close()
        peer.receive("F")
        peer.send("A")
        peer.send("FA")
        world.record(world.server, port, lambda r: r.state == "TIME_WAIT")
        time.sleep(2)
        # Out of the window it ends nothing.
        peer.send("R", seq=after(peer.seq, -1000))
        peer.send("R", seq=after(peer.seq, 1000))
        seen = world.record(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, *WHOLE)
        peer.send("R", seq=peer.seq)
        if rfc1337:
            seen = world.record(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY, *WHOLE)
            seen = world.ended(world.server, port, timeout=90)
            expect("cause", seen.transitions[-1].cause, "2msl-expired", seen)
            expect_true("after 2MSL", 60 <= seen.tw_actual <= 60 + WHEEL, seen)
        else:
            seen = world.ended(world.server, port)
            expect_early_end(seen, OPEN_PASSIVELY, "passive", "rst-received", 2)
            expect("the RST's number", seen.transitions[-1].seq, peer.seq, seen)


@scenario("C8 C10 C12", "TIME_WAIT ended by ss -K: aborted", virtual=True)
def time_wait_aborted(world):
    own, port = world.port(), world.port()
    listen(world, port, 4)
    closed_by(world, world.client, own, port)
    time.sleep(2)
    world.client.run("ss", "-K", "-t", "state", "time-wait", "sport", "=", f":{own}")
    seen = world.ended(world.client, own)
    expect_path(seen, *OPEN_ACTIVELY, *WHOLE, "TIME_WAIT>CLOSED")
    expect("cause", seen.transitions[-1].cause, "abort", seen)
    expect_verdict(seen, "active", "aborted", "local")
    expect_true("after 2 s", 2 <= seen.tw_actual < 4, seen)


def overflow(world, family, call, answer, path, first, buckets=0):
    """A close of the server's for which the kernel has no timewait socket."""
    world.server.sysctl("net.ipv4.tcp_max_tw_buckets", buckets)
    peer, theirs = ghost_client(world, family)
    port = peer.remote[1]
    before = world.server.snmp()["TcpExtTCPTimeWaitOverflow"]
    if call == "shutdown":
        theirs.shutdown(socket.SHUT_WR)
    else:
        theirs.close()
    peer.receive("F")
    answer(peer)
    seen = world.ended(world.server, port)
    expect_path(seen, *OPEN_PASSIVELY, *path)
    expect("cause", seen.transitions[-1].cause, "tw-overflow", seen)
    expect_verdict(seen, "passive", "tw-overflow", first)
    expect("TIME_WAIT", (seen.tw_planned, seen.tw_actual), (None, None), seen)
    expect("a FIN is no data", (seen.tx, seen.rx, seen.after_fin), (0, 0, 0), seen)
    expect("the kernel's count", world.server.snmp()["TcpExtTCPTimeWaitOverflow"], before + 1, seen)
    return seen, peer


@scenario("C9 C12", "TIME_WAIT never entered: tcp_max_tw_buckets reached, said so; from FIN_WAIT_2")
def time_wait_overflow(world):
    def answer(peer):
        peer.send("A")
        peer.send("FA")
    for family in (4, 6):
        seen, peer = overflow(world, family, "shutdown", answer, (*HALF, "FIN_WAIT_2>CLOSED"), "local")
        expect("the peer's FIN", (seen.peer_fin, seen.transitions[-1].seq),
               (after(peer.seq, -1),) * 2, seen)


@scenario("C9 C12", "TIME_WAIT never entered: tcp_max_tw_buckets reached, said so; from CLOSING")
def closing_overflow(world):
    def answer(peer):
        peer.send("FA", ack=after(peer.ack, -1))
        peer.send("A")
    for family in (4, 6):
        overflow(world, family, "close", answer, (
            "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSING", "CLOSING>CLOSED"), "both")


@scenario("C9 C6 C12", "no timewait socket for an orphaned FIN_WAIT_2: said so")
def orphan_overflow(world):
    for family in (4, 6):
        seen, _ = overflow(world, family, "close", lambda peer: peer.send("A"),
                           (*HALF, "FIN_WAIT_2>CLOSED"), "local")
        expect("no timer was armed", seen.causes("fin-wait-2-armed"), [], seen)


@scenario("C9 C4 C12", "TIME_WAIT never entered, FIN and ACK in one segment: told in Linux's own two steps")
def three_segment_overflow(world):
    for family in (4, 6):
        for call in ("close", "shutdown"):
            overflow(world, family, call, lambda peer: peer.send("FA"),
                     (*HALF, "FIN_WAIT_2>CLOSED"), "local")


@scenario("C9 C12", "TIME_WAIT never entered: no memory for it, said so; from FIN_WAIT_2, CLOSING, and as an orphan",
          limit=600)
def time_wait_no_memory(world):
    def crossing(peer):
        peer.send("FA", ack=after(peer.ack, -1))
        peer.send("A")

    def in_turn(peer):
        peer.send("A")
        peer.send("FA")
    # inet_twsk_alloc() fails.
    with helper.kernel_module("notimewait"):
        for family in (4, 6):
            for call, answer, path, first in (
                    ("shutdown", in_turn, (*HALF, "FIN_WAIT_2>CLOSED"), "local"),
                    ("close", crossing, ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSING", "CLOSING>CLOSED"),
                     "both"),
                    ("close", lambda peer: peer.send("A"), (*HALF, "FIN_WAIT_2>CLOSED"), "local")):
                overflow(world, family, call, answer, path, first, buckets=4096)
