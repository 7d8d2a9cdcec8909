# SPDX-License-Identifier: GPL-2.0-only
"""Row timers: each timer, each fire, told apart and counted."""
import select
import socket
import struct
import time

from lib import craft, net, wait
from lib.failure import expect, expect_path
from lib.fires import bare, counted, expect_fires, repeats, window_probes, without_loss_probes
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY
from lib.wire import ghost_client, read_all

TCP = socket.IPPROTO_TCP


@scenario("timers", "retransmission of SYN, data and FIN: three entries, each with its count", virtual=True)
def retransmission_timer(world):
    without_loss_probes(world)
    for family in (4, 6):
        port = world.port()
        before = counted(world.client, "TCPTimeouts")
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")

        def sent_again(name=port):
            return repeats([s for s in world.segments(world.client, name) if s.sent])

        def lose(count, say):
            """Nothing arrives until so many segments were sent again."""
            have = len(sent_again())
            world.server.nft(f"tcp dport {port} drop")
            answer = say()
            wait.until("segments sent again", lambda: len(sent_again()) >= have + count, 200)
            world.server.nft_clear()
            return answer

        mine = lose(3, lambda: world.client.connect(port, world.client.peer(family), blocking=False))
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        lose(4, lambda: mine.send(b"lost at first"))
        read_all(theirs, 13)
        lose(2, mine.close)
        expect("the end of the stream", theirs.recv(1), b"")
        seen = world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2")
        again = sent_again()
        expect_fires(seen, "timer-rto-syn", "SYN_SENT", [s for s in again if s.has("S")])
        expect_fires(seen, "timer-rto-data", "ESTABLISHED", [s for s in again if s.length])
        expect_fires(seen, "timer-rto-fin", "FIN_WAIT_1", [s for s in again if s.has("F")])
        expect("retrans", seen.retrans, len(again), seen)
        expect("fires, by the kernel's count", counted(world.client, "TCPTimeouts") - before,
               sum(e.count for e in seen.events if e.cause.startswith("timer-rto")), seen)
        theirs.close()


@scenario("timers", "data still unacknowledged when the FIN follows it: the fires are the data's", virtual=True)
def retransmission_before_fin(world):
    without_loss_probes(world)
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    world.server.nft(f"tcp dport {port} drop")
    mine.sendall(b"lost at first")
    mine.close()

    def again():
        return repeats([s for s in world.segments(world.client, port) if s.sent])
    wait.until("three sent again", lambda: len(again()) >= 3, 60)
    seen = world.record(world.client, port)
    expect("all of it data", [s.length for s in again() if not s.length], [], seen)
    world.server.nft_clear()
    read_all(theirs, 13)
    expect("the end of the stream", theirs.recv(1), b"")
    seen = world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
    expect_fires(seen, "timer-rto-data", "FIN_WAIT_1", [s for s in again() if s.length])


@scenario("timers", "the FIN of LAST_ACK and of CLOSING sent again by the timer", virtual=True)
def retransmission_of_last_fin(world):
    without_loss_probes(world)
    for family in (4, 6):
        for state in ("LAST_ACK", "CLOSING"):
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            if state == "CLOSING":
                theirs.close()
                peer.receive("F")
                number = peer.ack
                peer.send("FA", ack=number - 1 & 0xffffffff)
            else:
                peer.send("FA")
                expect("the end of the stream", theirs.recv(1), b"")
                theirs.close()
                peer.receive("F")
                number = peer.ack

            def again(name=port):
                return repeats([s for s in world.segments(world.server, name)
                                if s.sent and s.has("F")])
            wait.until("three FINs again", lambda: len(again()) >= 3, 60)
            peer.send("A", ack=number)
            seen = world.record(world.server, port, lambda r, old=state: r.state != old)
            expect_fires(seen, "timer-rto-fin", state, again())


@scenario("timers O5", "the SYN-ACK's timer: each fire, as the kernel counts, and on the wire", virtual=True)
def syn_ack_timer(world):
    for family in (4, 6):
        before = counted(world.server, "TCPTimeouts")
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400)

        def answers(name=port):
            return [s for s in world.segments(world.server, name) if s.has("S", "A")]
        wait.until("four SYN-ACKs", lambda: len(answers()) >= 4, 60)
        peer.ack = answers()[0].next
        peer.send("A")
        seen = world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
        expect_path(seen, *OPEN_PASSIVELY)
        expect_fires(seen, "timer-syn-ack", "NEW_SYN_RECV", answers()[1:])
        expect("fires, by the kernel's count", counted(world.server, "TCPTimeouts") - before,
               len(answers()) - 1, seen)


@scenario("timers", "delayed ACK: each fire counted, as the kernel does", virtual=True)
def delayed_ack_timer(world):
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.setsockopt(TCP, socket.TCP_NODELAY, 1)
        before = counted(world.server, "DelayedACKs")
        for count in range(1, 6):
            # An application that answers by itself, so the kernel waits for it to.
            theirs.setsockopt(TCP, socket.TCP_QUICKACK, 0)
            mine.sendall(b"no answer")
            read_all(theirs, 9)
            wait.until("the ACK", lambda want=count: len(late_acks(world, port)) >= want)
        late = late_acks(world, port)
        seen = world.record(world.server, port)
        expect_fires(seen, "timer-delayed-ack", "ESTABLISHED", late)
        expect("fires, by the kernel's count", counted(world.server, "DelayedACKs") - before,
               len(late), seen)


def late_acks(world, port):
    """Bare ACKs of the server, of data received well before."""
    found, data = [], None
    for segment in world.segments(world.server, port):
        if not segment.sent and segment.length:
            data = segment
        elif segment.sent and not segment.length and data and segment.ack == data.next:
            if segment.time - data.time > 0.01:
                found.append(segment)
            data = None
    return found


def fill(mine):
    """Send until nothing goes any more."""
    mine.setblocking(False)
    total = 0
    while select.select([], [mine], [], 2)[1]:
        total += mine.send(bytes(65536))
    mine.setblocking(True)
    return total


@scenario("timers", "zero-window probes while the receiver does not read, then on with the data", virtual=True)
def window_probe(world):
    without_loss_probes(world)
    for family in (4, 6):
        before = counted(world.client, "TCPWinProbe")
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        total = fill(mine)
        seen = world.record(world.client, port)
        wait.until("five probes", lambda r=seen: len(window_probes(world, r)) >= 5, 200)
        seen = world.record(world.client, port)
        probes = window_probes(world, seen)
        event = expect_fires(seen, "timer-probe", "ESTABLISHED", probes)
        # Each is answered, so each is the first again.
        expect("n", event.n, 1, seen)
        expect("probes, by the kernel's count", counted(world.client, "TCPWinProbe") - before,
               len(bare(probes)), seen)
        read_all(theirs, total)
        mine.close()
        seen = world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        expect("tx", seen.tx, total, seen)
        theirs.close()


@scenario("timers", "tail loss probe: told apart from the retransmission timer", virtual=True)
def loss_probe(world):
    for family in (4, 6):
        before = world.client.snmp()
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.sendall(b"so that there is a round trip")
        read_all(theirs, 29)
        world.server.nft(f"tcp dport {port} drop")
        mine.sendall(b"lost at first")

        def again(name=port):
            return repeats([s for s in world.segments(world.client, name) if s.sent])
        wait.until("three sent again", lambda: len(again()) >= 3, 60)
        world.server.nft_clear()
        read_all(theirs, 13)
        seen = world.record(world.client, port)
        now = world.client.snmp()
        expect("one loss probe, by the kernel's count",
               now["TcpExtTCPLossProbes"] - before["TcpExtTCPLossProbes"], 1, seen)
        expect_fires(seen, "timer-rto-data", "ESTABLISHED", again()[1:])
        expect("fires, by the kernel's count",
               now["TcpExtTCPTimeouts"] - before["TcpExtTCPTimeouts"], len(again()) - 1, seen)
        expect_path(world.record(world.server, port), *OPEN_PASSIVELY)
        expect_fires(seen, "timer-loss-probe", "ESTABLISHED", again()[:1])


@scenario("timers", "RACK's reordering timer: a hole under what was SACKed, sent again when its time is over",
          virtual=True)
def reordering_timer(world):
    round_trip = 0.2
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1000, sack=True)
        answer = peer.receive("SA")
        time.sleep(round_trip)
        peer.send("A")
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        theirs.sendall(bytes(3000))
        pieces = [peer.receive("A") for _ in range(3)]
        time.sleep(round_trip)
        # Of three, the second came: too little to take the first for lost at once.
        block = struct.pack("!BBBBII", 1, 1, 5, 10, pieces[1].seq, pieces[1].next)
        peer.send_packet(craft.tcp(peer.local, peer.remote, "A", peer.seq, answer.next, text=block))

        def again(name=port):
            return repeats([s for s in world.segments(world.server, name) if s.sent])
        wait.until("a segment sent again", again)
        seen = world.record(world.server, port)
        expect("what was sent again", again()[0].seq, pieces[0].seq, seen)
        expect("not by the retransmission timer", seen.causes("timer-rto-data"), [], seen)
        expect_fires(seen, "timer-reordering", "ESTABLISHED", again()[:1])
