# SPDX-License-Identifier: GPL-2.0-only
"""Rows O7 and O8: how a connection fails to open, at either end."""
import errno
import socket

from lib import icmp, wait
from lib.failure import Failure, expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import (FAIL_ACTIVELY, FAIL_PASSIVELY, OPEN_PASSIVELY, error_of_connect, expect_fires,
                       expect_verdict, once, syn_retries)


@scenario("O7 O4", "SYN retries used up: every retransmission, then timed-out", virtual=True)
def connect_timed_out(world):
    for family in (4, 6):
        port = world.port()
        world.server.nft(f"tcp dport {port} drop")
        mine = world.client.connect(port, world.client.peer(family), blocking=False)
        expect("connect()", error_of_connect(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *FAIL_ACTIVELY)
        expect_verdict(seen, "active", "timed-out", "kernel")
        expect("cause", seen.transitions[1].cause, "timeout", seen)
        syns = world.segments(world.client, port)
        expect("SYNs on the wire", len(syns), 1 + syn_retries(world.client), seen)
        expect_fires(seen, once(seen, "timer-rto-syn"), "SYN_SENT", syns[1:], gave_up=True)
        expect_true("it took longer than the last retransmission", seen.age > 60, seen)
        expect("peer_isn", (seen.peer_isn, seen.mss_rcv, seen.rtt_us), (None, None, None), seen)


@scenario("O7", "a SYN answered by RST: refused")
def connect_refused(world):
    for family in (4, 6):
        port = world.port()
        mine = world.client.connect(port, world.client.peer(family), blocking=False)
        expect("connect()", error_of_connect(mine), errno.ECONNREFUSED)
        seen = world.ended(world.client, port)
        expect_path(seen, *FAIL_ACTIVELY)
        expect_verdict(seen, "active", "refused", "peer")
        reset = world.segments(world.client, port)[1]
        step = seen.transitions[1]
        expect("cause", step.cause, "rst-received", seen)
        expect("the RST's numbers", (reset.flags, step.seq, step.ack),
               ("RA", reset.seq, reset.ack), seen)
        expect("a side without a socket has no record", world.records(world.server, port), [])


@scenario("O7", "a SYN answered by ICMP: unreachable")
def connect_unreachable(world):
    # An ICMP error which arrives while connect() still holds the socket is only
    # noted by the kernel, so it has to take a while.
    world.server.netem("delay", "10ms")
    for family in (4, 6):
        port = world.port()
        world.server.nft(f"tcp dport {port} reject with icmpx type host-unreachable")
        mine = world.client.connect(port, world.client.peer(family), blocking=False)
        # IPv6's nearest code is "address unreachable", which is EHOSTUNREACH as well.
        expect("connect()", error_of_connect(mine), errno.EHOSTUNREACH)
        seen = world.ended(world.client, port)
        expect_path(seen, *FAIL_ACTIVELY)
        expect_verdict(seen, "active", "unreachable", "network")
        expect("cause", seen.transitions[1].cause, "icmp", seen)
        world.capture["client"].drain()
        expect_true("ICMP came", world.capture["client"].icmps, seen)


@scenario("O7", "close() before it opened: cancelled by the caller")
def connect_cancelled(world):
    for family in (4, 6):
        port = world.port()
        world.server.nft(f"tcp dport {port} drop")
        mine = world.client.connect(port, world.client.peer(family), blocking=False)
        wait.until("two SYNs", lambda: len(world.segments(world.client, port)) >= 2)
        mine.close()
        seen = world.ended(world.client, port)
        expect_path(seen, *FAIL_ACTIVELY)
        expect_verdict(seen, "active", "cancelled", "local")
        expect("cause", seen.transitions[1].cause, "close", seen)
        expect("SYNs sent again", once(seen, "timer-rto-syn").count, 1, seen)


@scenario("O7", "connect() that failed before any SYN: not-sent")
def connect_not_sent(world):
    port = world.port()
    world.server.listen(port)
    world.client.sysctl("net.ipv4.ip_local_port_range", "40000 40001")
    taken = []
    try:
        while len(taken) < 3:
            taken.append(world.client.connect(port))
        raise Failure("two local ports served three connections")
    except OSError as error:
        expect("connect()", error.errno, errno.EADDRNOTAVAIL)
    failed = [r for r in world.records(world.client, port) if r.close == "not-sent"]
    expect("records of it", len(failed), 1, *world.records(world.client, port))
    expect_path(failed[0], *FAIL_ACTIVELY)
    expect("cause", failed[0].transitions[1].cause, "connect-failed", failed[0])
    expect("first", failed[0].first, "local", failed[0])


@scenario("O5 O8", "SYN-ACK never answered: each retransmission on the request, then request-timed-out",
          virtual=True)
def request_timed_out(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        peer.receive("SA")
        seen = world.ended(world.server, port, timeout=300)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-timed-out", "kernel")
        expect("cause", seen.transitions[1].cause, "timeout", seen)
        answers = [s for s in world.segments(world.server, port) if s.has("S", "A")]
        retries = int(world.server.sysctl("net.ipv4.tcp_synack_retries"))
        expect("SYN-ACKs on the wire", len(answers), retries + 1, seen)
        event = once(seen, "timer-syn-ack")
        expect_fires(seen, event, "NEW_SYN_RECV", answers[1:], gave_up=True)
        expect("SYN-ACKs sent again", once(seen, "syn-ack-again").count, retries, seen)


@scenario("O8", "RST from the peer on a half-open request: request-reset")
def request_reset(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        peer.receive("SA")
        peer.send("R")
        seen = world.ended(world.server, port)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-reset", "peer")
        reset = world.segments(world.server, port)[-1]
        step = seen.transitions[1]
        expect("cause and the RST's number", (step.cause, reset.flags, step.seq),
               ("rst-received", "R", reset.seq), seen)


@scenario("O8", "a SYN within the window of a half-open request, answered by RST: request-reset, by us")
def request_reset_by_syn(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        peer.receive("SA")
        peer.send("S", seq=peer.isn + 1000 & 0xffffffff, mss=1400)
        peer.receive("R")
        seen = world.ended(world.server, port)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-reset", "local")
        step = seen.transitions[1]
        expect("cause and the SYN's number", (step.cause, step.seq, step.ack),
               ("new-syn", peer.isn + 1000 & 0xffffffff, None), seen)


@scenario("O8 O5", "segments a half-open request refuses, then its timer: they explain nothing", virtual=True)
def request_keeps_segments_off(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        peer.receive("SA")
        peer.send("R", seq=peer.isn + (1 << 30) & 0xffffffff)
        peer.send("S", seq=peer.isn + (1 << 30) & 0xffffffff, mss=1400)
        peer.receive("A", without="S")      # what the kernel answers the second with
        seen = world.ended(world.server, port, timeout=300)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-timed-out", "kernel")
        step = seen.transitions[1]
        expect("cause and numbers", (step.cause, step.seq, step.ack), ("timeout", None, None), seen)


def fill_accept_queue(world, port, backlog, family=4):
    """Connections nobody accepts, until there is room for none."""
    return [world.client.connect(port, world.client.peer(family)) for _ in range(backlog + 1)]


@scenario("O8", "accept queue full: the acknowledged request waits, and is given up: request-overflow",
          virtual=True)
def request_overflow(world):
    port = world.port()
    world.server.listen(port, backlog=1)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    fill_accept_queue(world, port, 1)
    peer.send("A")
    mine = {"remote_port": peer.local[1]}
    half = world.record(world.server, port, **mine)
    expect_path(half, "LISTEN>NEW_SYN_RECV")
    seen = world.ended(world.server, port, timeout=300, **mine)
    expect_path(seen, *FAIL_PASSIVELY)
    expect_verdict(seen, "passive", "request-overflow", "local")
    expect("cause", seen.transitions[1].cause, "accept-queue-full", seen)
    expect_true("it was kept for all its retries", seen.age > 30, seen)
    told = world.listener(world.server, port)
    expect("the listener's accept_overflow", told.accept_overflow,
           world.server.snmp()["TcpExtListenOverflows"], told)


@scenario("O8", "accept queue full, with tcp_abort_on_overflow: request-overflow at once, by RST")
def request_overflow_aborted(world):
    world.server.sysctl("net.ipv4.tcp_abort_on_overflow", 1)
    port = world.port()
    world.server.listen(port, backlog=1)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    fill_accept_queue(world, port, 1)
    peer.send("A")
    peer.receive("R")
    seen = world.ended(world.server, port, remote_port=peer.local[1])
    expect_path(seen, *FAIL_PASSIVELY)
    expect_verdict(seen, "passive", "request-overflow", "local")
    expect("cause", seen.transitions[1].cause, "accept-queue-full", seen)


@scenario("O8", "no route back to the peer as its ACK comes: request-failed, by our own RST with tcp_abort_on_overflow")
def request_failed(world):
    world.excuse("transitions", "a child in vain is traced, and is none of the record's")
    world.server.sysctl("net.ipv4.tcp_synack_retries", 1)
    # Of this type of service is what the listener's children send, and no RST of a request.
    tos = 0x10
    for aborts in (1, 0):
        world.server.sysctl("net.ipv4.tcp_abort_on_overflow", aborts)
        port = world.port()
        world.server.listen(port, options=[(socket.IPPROTO_IP, socket.IP_TOS, tos)])
        peer = world.ghost(world.client, port)
        peer.send("S", mss=1400)
        peer.receive("SA")
        # Refused, and no reason for what comes: it is far beyond the window.
        peer.send("R", seq=peer.isn + (1 << 30) & 0xffffffff)
        world.server.ip(f"rule add pref 10 tos {tos:#x} unreachable")
        peer.send("A")
        before = world.server.snmp()
        if aborts:
            peer.receive("R")
            expect("requests the kernel reset", before["TcpExtEmbryonicRsts"], 1)
        seen = world.ended(world.server, port, timeout=60)
        world.server.ip(f"rule del pref 10 tos {tos:#x}")
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-failed", "local")
        step = seen.transitions[1]
        expect("cause and numbers", (step.cause, step.seq, step.ack), ("child-failed", None, None), seen)
        expect("full accept queues", before["TcpExtListenOverflows"], 0)
        expect_true("when", (seen.age < 1) == bool(aborts), seen)


@scenario("O8", "a request whose child found no route goes on: what resets it afterwards is the peer's RST")
def request_reset_after_failed_child(world):
    world.excuse("transitions", "a child in vain is traced, and is none of the record's")
    world.server.sysctl("net.ipv4.tcp_abort_on_overflow", 0)
    tos = 0x10
    port = world.port()
    world.server.listen(port, options=[(socket.IPPROTO_IP, socket.IP_TOS, tos)])
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    world.server.ip(f"rule add pref 10 tos {tos:#x} unreachable")
    peer.send("A")
    wait.until("the child was in vain", lambda: world.server.snmp()["TcpExtListenDrops"] == 1)
    world.server.sysctl("net.ipv4.tcp_abort_on_overflow", 1)
    peer.send("R", seq=peer.seq)
    seen = world.ended(world.server, port)
    world.server.ip(f"rule del pref 10 tos {tos:#x}")
    expect_path(seen, *FAIL_PASSIVELY)
    expect_verdict(seen, "passive", "request-reset", "peer")
    expect("cause and number", (seen.transitions[1].cause, seen.transitions[1].seq),
           ("rst-received", peer.seq), seen)


@scenario("O8", "accept queue full, with tcp_abort_on_overflow: what an RST or a SYN ends is request-reset all the same")
def request_reset_though_full(world):
    world.server.sysctl("net.ipv4.tcp_abort_on_overflow", 1)
    for family in (4, 6):
        for flag, beyond, first, cause in (("R", 0, "peer", "rst-received"), ("S", 1000, "local", "new-syn")):
            port = world.port()
            world.server.listen(port, "::" if family == 6 else "0.0.0.0", backlog=1)
            peer = world.ghost(world.client, port, family)
            peer.send("S", mss=1400)
            peer.receive("SA")
            fill_accept_queue(world, port, 1, family)
            wait.until("a full queue", lambda bound=port: world.server.run(
                "ss", "-Htln", f"sport = :{bound}").split()[1:3] == ["2", "1"])
            number = peer.seq + beyond & 0xffffffff
            peer.send(flag, seq=number)
            seen = world.ended(world.server, port, remote_port=peer.local[1])
            expect_path(seen, *FAIL_PASSIVELY)
            expect_verdict(seen, "passive", "request-reset", first)
            step = seen.transitions[1]
            expect("cause and number", (step.cause, step.seq), (cause, number), seen)


@scenario("O8", "listener closed under a half-open request: listener-closed, at its timer or its ACK")
def request_listener_closed(world):
    for answers in (False, True):
        port = world.port()
        listener = world.server.listen(port)
        peer = world.ghost(world.client, port)
        peer.send("S", mss=1400)
        peer.receive("SA")
        listener.close()
        if answers:
            peer.send("A")
            peer.receive("R")
        seen = world.ended(world.server, port)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "listener-closed", "local")
        expect("cause", seen.transitions[1].cause, "listener-closed", seen)


@scenario("O8", "listener closed over a connection nobody accepted: listener-closed, by RST")
def unaccepted_listener_closed(world):
    port = world.port()
    listener = world.server.listen(port)
    world.client.connect(port)
    world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
    listener.close()
    seen = world.ended(world.server, port)
    expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSED")
    expect_verdict(seen, "passive", "listener-closed", "local")
    expect("cause", seen.transitions[-1].cause, "listener-closed", seen)
    expect("owner", seen.owner, "-", seen)
    theirs = world.ended(world.client, port)
    expect_verdict(theirs, "active", "rst-received", "peer")


@scenario("O8 C12", "a half-open request whose SYN-ACK a router refuses by ICMP: request-unreachable, by the network")
def request_unreachable(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)
        answer = peer.receive("SA")
        expect_path(world.record(world.server, port), "LISTEN>NEW_SYN_RECV")
        peer.send_packet(icmp.unreachable(answer, peer.local[0]))
        seen = world.ended(world.server, port)
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-unreachable", "network")
        expect("cause", seen.transitions[1].cause, "icmp", seen)
