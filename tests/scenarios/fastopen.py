# SPDX-License-Identifier: GPL-2.0-only
"""Rows O10, O7 and C10: what may end a Fast Open child before its handshake is over."""
import socket

from lib import icmp
from lib.failure import expect, expect_path
from lib.registry import scenario
from lib.story import expect_verdict
from lib.wire import after, read_all

FASTOPEN = socket.IPPROTO_TCP, 23
ADDRESS = {4: "0.0.0.0", 6: "::"}
RECVERR = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}


def half_open(world, family=4):
    """A child made of data on a SYN: (port, listener, its peer, the SYN-ACK)."""
    world.server.sysctl("net.ipv4.tcp_fastopen", 0x203)      # cookies are not asked for
    port = world.port()
    listener = world.server.listen(port, ADDRESS[family], options=[(*FASTOPEN, 16)])
    peer = world.ghost(world.client, port, family)
    peer.send("S", b"data", mss=1400)
    return port, listener, peer, peer.receive("SA")


def accepted(world, listener):
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    read_all(theirs, 4)
    return theirs


def closed(world, family=4):
    """The same, and the process has answered and closed: (port, peer, its answer)."""
    port, listener, peer, _ = half_open(world, family)
    theirs = accepted(world, listener)
    theirs.sendall(b"answer")
    theirs.close()
    world.record(world.server, port, lambda r: r.state == "FIN_WAIT_1")
    return port, peer, peer.receive("A", without="S")


def fails(world):
    return world.server.snmp()["TcpAttemptFails"]


def expect_end(record, state, close, first, cause):
    expect_path(record, "LISTEN>SYN_RECV", *(["SYN_RECV>FIN_WAIT_1"] if state == "FIN_WAIT_1" else []),
                f"{state}>CLOSED")
    expect_verdict(record, "fastopen", close, first)
    expect("cause of the end", record.transitions[-1].cause, cause, record)


@scenario("O10 W3", "an RST before the handshake's ACK, the child in SYN_RECV or closed already: request-reset")
def fast_open_reset(world):
    for family in (4, 6):
        before = fails(world)
        port, _, peer, _ = half_open(world, family)
        peer.send("R")
        expect_end(world.ended(world.server, port), "SYN_RECV", "request-reset", "peer", "rst-received")
        expect("AttemptFails", fails(world) - before, 2)
        before = fails(world)
        port, peer, _ = closed(world, family)
        peer.send("R")
        expect_end(world.ended(world.server, port), "FIN_WAIT_1", "request-reset", "local",
                   "rst-received")
        expect("AttemptFails", fails(world) - before, 1)


@scenario("O10 C10 W3", "an RST behind the ACK of the SYN-ACK: the handshake was completed, our FIN was not acknowledged")
def fast_open_reset_later(world):
    for family in (4, 6):
        before = fails(world)
        port, peer, answer = closed(world, family)
        # Refused: not in the window. Nobody may think of it when the next one comes.
        peer.send("R", seq=after(peer.seq, 1 << 20))
        peer.send("A", ack=answer.seq)
        peer.send("R")
        expect_end(world.ended(world.server, port), "FIN_WAIT_1", "rst-received", "local",
                   "rst-received")
        expect("AttemptFails", fails(world) - before, 0)


@scenario("O10 W3", "a SYN within the window of a Fast Open child: counted by the kernel, and ends nothing")
def fast_open_new_syn(world):
    for family in (4, 6):
        before = fails(world)
        port, _, peer, _ = half_open(world, family)
        peer.send("S", seq=peer.isn, mss=1400)                       # again: answered
        peer.receive("SA")
        peer.send("S", seq=after(peer.seq, 1 << 20), mss=1400)       # outside
        peer.send("S", seq=after(peer.seq, 100), mss=1400)
        peer.receive("R", what="the RST for the SYN")
        peer.ack = world.segments(world.server, port)[1].next
        peer.send("A")
        seen = world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
        expect_verdict(seen, "fastopen", "-", "-")
        expect("AttemptFails", fails(world) - before, 1, seen)


@scenario("O10 O7 W3", "an ICMP error ends a Fast Open child that nobody has accepted: unreachable")
def fast_open_unreachable(world):
    for family in (4, 6):
        port, _, peer, answer = half_open(world, family)
        peer.send_packet(icmp.unreachable(answer, peer.local[0]))
        expect_end(world.ended(world.server, port), "SYN_RECV", "unreachable", "network", "icmp")


@scenario("O6 O7 W3", "an ICMP error ends a simultaneous open: unreachable")
def crossed_unreachable(world):
    for family in (4, 6):
        peer = world.ghost(world.server, family=family)
        world.ports.add(peer.local[1])
        world.client.connect(peer.local[1], str(peer.local[0]), blocking=False)
        peer.receive("S", without="A")
        peer.send("S", mss=1400)
        answer = peer.receive("SA")
        peer.send_packet(icmp.unreachable(answer, peer.local[0]))
        seen = world.ended(world.client, peer.local[1])
        expect_path(seen, "CLOSED>SYN_SENT", "SYN_SENT>SYN_RECV", "SYN_RECV>CLOSED")
        expect_verdict(seen, "simultaneous", "unreachable", "network")


@scenario("O10 C10 W3", "an ICMP error for one that was accepted ends nothing, also with IP_RECVERR: the close that follows does")
def fast_open_error_left(world):
    for family in (4, 6):
        port, listener, peer, answer = half_open(world, family)
        theirs, _ = listener.accept()
        theirs.setsockopt(*RECVERR[family], 1)
        peer.send_packet(icmp.unreachable(answer, peer.local[0]))
        peer.send("S", seq=peer.isn, mss=1400)
        peer.receive("SA", what="the answer to what came behind the ICMP error")
        theirs.close()
        expect_end(world.ended(world.server, port), "SYN_RECV", "rst-unread", "local", "rst-sent")


@scenario("C10", "an ICMP error that IP_RECVERR leaves in the socket, and data unread at close: rst-unread")
def error_left_unread(world):
    for family in (4, 6):
        listener = world.server.listen(world.port(), ADDRESS[family])
        peer = world.ghost(world.client, listener.getsockname()[1], family)
        peer.open()
        theirs, _ = listener.accept()
        theirs.setsockopt(*RECVERR[family], 1)
        theirs.sendall(b"lost")
        peer.send_packet(icmp.unreachable(peer.receive("A", without="S"), peer.local[0]))
        peer.send("A", b"unread")
        peer.receive("A")
        theirs.close()
        seen = world.ended(world.server, peer.remote[1])
        expect_verdict(seen, "passive", "rst-unread", "local")
