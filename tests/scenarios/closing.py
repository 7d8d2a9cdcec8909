# SPDX-License-Identifier: GPL-2.0-only
"""Rows C1 to C5: how a connection closes in order, seen from both ends."""
import select
import socket
import time

from lib import net
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_verdict, once
from lib.wire import (MOMENT, WHEEL, acks, after, carried, expect_moment, ghost_client, our_fin,
                      read_all, segments_of, step)

CLOSE_ACTIVELY = ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT")
CLOSE_PASSIVELY = ("ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")
LEAVE = ("TIME_WAIT>CLOSED",)


def converse(mine, theirs):
    mine.sendall(b"a question")
    read_all(theirs, 10)
    theirs.sendall(b"an answer")
    read_all(mine, 9)


@scenario("C1 C12", "every transition, both FINs and their acknowledgement, the time in each state",
          virtual=True)
def active_close(world):
    for family in (4, 6):
        for call in ("close", "shutdown", "shutdown both ways"):
            close_actively(world, family, call)
    expect("TIME_WAITs that ran out, by the kernel's count",
           world.client.snmp()["TcpExtTW"], 6)


def close_actively(world, family, call):
    _, mine, theirs = world.pair(family=family)
    port = net.remote(mine)[1]
    converse(mine, theirs)
    time.sleep(3)
    if call == "close":
        world.orphan(mine)
    else:
        mine.shutdown(socket.SHUT_WR if call == "shutdown" else socket.SHUT_RDWR)
        world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
    time.sleep(5)
    theirs.close()
    waiting = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
    expect_verdict(waiting, "active", "-", "local")
    expect("tw_actual while it lasts", waiting.tw_actual, None, waiting)
    if call != "close":
        expect("the end of the stream", mine.recv(1), b"")
        mine.close()

    seen = world.ended(world.client, port, timeout=90)
    expect_path(seen, *OPEN_ACTIVELY, *CLOSE_ACTIVELY, *LEAVE)
    expect_verdict(seen, "active", "fin", "local")
    expect("causes", [entry.cause for entry in seen.transitions[2:]],
           [call.split(" ")[0], "fin-acked", "fin-received", "2msl-expired"], seen)
    expect("identity", seen.id, waiting.id, seen)
    expect("bytes", (seen.tx, seen.rx, seen.after_fin), (10, 9, 0), seen)

    sent, received = segments_of(world, world.client, seen)
    fin, their_fin = our_fin(sent), our_fin(received)
    ack = acks(received, fin.next)
    closing, acked, waited, left = seen.transitions[2:]
    expect("the FIN's sequence number", (seen.fin, closing.seq), (fin.fin, fin.fin), seen)
    expect("fin-acked: by seq+1", acked.ack, after(fin.fin), seen)
    expect("the peer's FIN", (seen.peer_fin, waited.seq), (their_fin.fin, their_fin.fin), seen)
    expect_moment("our FIN", seen, closing, fin.time)
    expect_moment("its ACK", seen, acked, ack.time)
    expect_moment("the peer's FIN", seen, waited, their_fin.time)
    expect_near("time in FIN_WAIT_1", acked.spent, ack.time - fin.time, MOMENT, seen)
    expect_near("time in FIN_WAIT_2", waited.spent, their_fin.time - ack.time, MOMENT, seen)
    expect_true("ESTABLISHED lasted for the 3 s slept", 3 <= closing.spent < 3.5, seen)
    expect_true("FIN_WAIT_2 lasted for the 5 s slept", 5 <= waited.spent < 5.5, seen)
    expect_true("TIME_WAIT lasted for 2MSL", 60 <= left.spent <= 60 + WHEEL, seen)
    expect("tw_planned, tw_actual", (seen.tw_planned, seen.tw_actual), (60.0, left.spent), seen)
    expect("FIN_WAIT_2 in a timewait socket", len(seen.causes("fin-wait-2-armed")),
           1 if call == "close" else 0, seen)

    other = world.ended(world.server, port)
    expect("the ends agree on the FINs", (other.fin, other.peer_fin),
           (seen.peer_fin, seen.fin), seen, other)


@scenario("C2 C12", "the same from the other side, and how long the application sat in CLOSE_WAIT",
          virtual=True)
def passive_close(world):
    for family in (4, 6):
        for idle in (0, 30):
            _, mine, theirs = world.pair(family=family)
            port = net.remote(mine)[1]
            converse(mine, theirs)
            mine.close()
            half = world.record(world.server, port, lambda r: r.state == "CLOSE_WAIT")
            expect_verdict(half, "passive", "-", "peer")
            expect("the end of the stream", theirs.recv(1), b"")
            time.sleep(idle)
            theirs.close()
            seen = world.ended(world.server, port)
            expect_path(seen, *OPEN_PASSIVELY, *CLOSE_PASSIVELY)
            expect_verdict(seen, "passive", "fin", "peer")
            expect("causes", [entry.cause for entry in seen.transitions[3:]],
                   ["fin-received", "close", "fin-acked"], seen)
            expect("bytes", (seen.tx, seen.rx), (9, 10), seen)

            sent, received = segments_of(world, world.server, seen)
            fin, their_fin = our_fin(sent), our_fin(received)
            ack = acks(received, fin.next)
            heard, closing, left = seen.transitions[3:]
            expect("the peer's FIN", (seen.peer_fin, heard.seq), (their_fin.fin,) * 2, seen)
            expect("our FIN", (seen.fin, closing.seq), (fin.fin, fin.fin), seen)
            expect("fin-acked: by seq+1", left.ack, after(fin.fin), seen)
            expect_near("time in CLOSE_WAIT", closing.spent, fin.time - their_fin.time, MOMENT, seen)
            expect_true(f"it sat there for the {idle} s slept",
                        idle <= closing.spent < idle + 0.5, seen)
            expect_near("time in LAST_ACK", left.spent, ack.time - fin.time, MOMENT, seen)
            expect("no timewait socket on this side", (seen.tw_planned, seen.tw_actual),
                   (None, None), seen)


@scenario("C3 C12", "FINs that cross: FIN_WAIT_1>CLOSING>TIME_WAIT on both sides, close simultaneous",
          virtual=True)
def simultaneous_close(world):
    for side in (world.client, world.server):
        side.netem("delay", "50ms")
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.close()
        theirs.close()
        for side, opening, word in ((world.client, OPEN_ACTIVELY, "active"),
                                    (world.server, OPEN_PASSIVELY, "passive")):
            seen = world.ended(side, port, timeout=90)
            expect_path(seen, *opening, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSING",
                        "CLOSING>TIME_WAIT", *LEAVE)
            expect_verdict(seen, word, "simultaneous", "both")
            expect("causes", [entry.cause for entry in seen.transitions[-4:]],
                   ["close", "fin-received", "fin-acked", "2msl-expired"], seen)
            sent, received = segments_of(world, side, seen)
            fin, their_fin = our_fin(sent), our_fin(received)
            expect("the FINs", (seen.fin, seen.peer_fin), (fin.fin, their_fin.fin), seen)
            expect("the peer's FIN moved it to CLOSING", seen.transitions[-3].seq,
                   their_fin.fin, seen)
            expect("the ACK of ours to TIME_WAIT", seen.transitions[-2].ack, after(fin.fin), seen)
            expect_moment("the peer's FIN", seen, seen.transitions[-3], their_fin.time)
            expect_moment("its ACK", seen, seen.transitions[-2], acks(received, fin.next).time)
            expect_true("TIME_WAIT lasted for 2MSL", 60 <= seen.tw_actual <= 60 + WHEEL, seen)


def close_against(world, family, call, answer):
    """Close a socket of the server and let a peer played by hand answer its FIN;
    the record in TIME_WAIT, and the peer."""
    peer, theirs = ghost_client(world, family)
    port = peer.remote[1]
    if call == "close":
        theirs.close()
    else:
        theirs.shutdown(socket.SHUT_WR)
    peer.receive("F")
    answer(peer)
    seen = world.record(world.server, port, lambda r: r.state == "TIME_WAIT")
    theirs.close()
    return seen, peer


@scenario("C4 C12", "FIN and ACK in one segment: FIN_WAIT_1>TIME_WAIT, no FIN_WAIT_2, close three-segment",
          virtual=True)
def three_segment_close(world):
    with_data = {"close": (b"",), "shutdown": (b"", b"data with the FIN")}
    for family in (4, 6):
        for call, payloads in with_data.items():
            for payload in payloads:
                seen, peer = close_against(world, family, call,
                                           lambda p, text=payload: p.send("FA", payload=text))
                expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>TIME_WAIT")
                last = seen.transitions[-1]
                expect("cause", last.cause, "fin-with-ack", seen)
                expect("its numbers", (last.seq, last.ack),
                       (after(peer.seq, -1), after(seen.fin)), seen)
                expect("peer_fin", seen.peer_fin, after(peer.seq, -1), seen)
                expect("rx, after_fin", (seen.rx, seen.after_fin), (len(payload),) * 2, seen)
                ended = world.ended(world.server, peer.remote[1], timeout=90)
                expect_verdict(ended, "passive", "three-segment", "local")


@scenario("C4", "ACK and FIN in two segments stay FIN_WAIT_1>FIN_WAIT_2>TIME_WAIT", virtual=True)
def four_segment_close(world):
    def in_order(peer):
        peer.send("A")
        peer.send("FA")

    def fin_before_its_data(peer):
        # The segment which acknowledges our FIN is the peer's FIN as well, but the
        # data before it is still under way: it closes nothing yet.
        start = peer.seq
        peer.seq = after(start, 4)
        peer.send("FA")
        peer.send("A", payload=b"late", seq=start)

    for family in (4, 6):
        for call, answer in (("close", in_order), ("shutdown", in_order),
                             ("shutdown", fin_before_its_data)):
            seen, peer = close_against(world, family, call, answer)
            expect_path(seen, *OPEN_PASSIVELY, *CLOSE_ACTIVELY)
            expect("causes", [entry.cause for entry in seen.transitions[-2:]],
                   ["fin-acked", "fin-received"], seen)
            expect("peer_fin", seen.peer_fin, after(peer.seq, -1), seen)
            ended = world.ended(world.server, peer.remote[1], timeout=90)
            expect_verdict(ended, "passive", "fin", "local")


@scenario("C4", "a real peer which closes at once: the record has as many steps as the wire segments")
def prompt_close(world):
    for _ in range(5):
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        converse(mine, theirs)
        mine.close()
        expect("the end of the stream", theirs.recv(1), b"")
        theirs.close()
        seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        sent, received = segments_of(world, world.client, seen)
        answer = acks(received, our_fin(sent).next)
        steps = ("FIN_WAIT_1>TIME_WAIT",) if answer.has("F") else CLOSE_ACTIVELY[1:]
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", *steps)
        expect_path(world.ended(world.server, port), *OPEN_PASSIVELY, *CLOSE_PASSIVELY)


@scenario("C5 C12", "half-close: data still flows the other way, counted after the first FIN")
def half_close(world):
    size = 200000
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        converse(mine, theirs)
        mine.shutdown(socket.SHUT_WR)
        expect("the end of the request", theirs.recv(1), b"")
        world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        theirs.setblocking(False)
        left, got = memoryview(bytes(size)), 0
        while got < size:
            try:
                left = left[theirs.send(left):] if left else left
            except BlockingIOError:
                pass
            got += len(mine.recv(1 << 16))
        theirs.setblocking(True)
        theirs.close()
        expect("the end of the answer", mine.recv(1), b"")

        seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        expect_path(seen, *OPEN_ACTIVELY, *CLOSE_ACTIVELY)
        expect("cause", step(seen, "ESTABLISHED>FIN_WAIT_1").cause, "shutdown", seen)
        expect("first", seen.first, "local", seen)
        expect("tx, rx, after_fin", (seen.tx, seen.rx, seen.after_fin), (10, 9 + size, size), seen)
        other = world.ended(world.server, port)
        expect_path(other, *OPEN_PASSIVELY, *CLOSE_PASSIVELY)
        expect_verdict(other, "passive", "fin", "peer")
        expect("tx, rx, after_fin", (other.tx, other.rx, other.after_fin), (9 + size, 10, size), other)
        sent, received = segments_of(world, world.client, seen)
        fin = our_fin(sent)
        expect("bytes on the wire after the FIN was acknowledged",
               carried(s for s in received if s.time > fin.time), size, seen)
        once(seen, "2msl-armed")


@scenario("C1 C2", "FINs which end data, at both ends: their numbers are behind it")
def fin_behind_data(world):
    cork = (socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    for family in (4, 6):
        peer, theirs = ghost_client(world, family, options=(cork,))
        port = peer.remote[1]
        start = peer.seq
        peer.send("FPA", payload=b"a question")
        expect("it comes with its end", read_all(theirs, 10) + theirs.recv(1), b"a question")
        seen = world.record(world.server, port)
        heard = seen.transitions[-1]
        expect("the peer's FIN", (str(heard), heard.seq, seen.peer_fin),
               ("ESTABLISHED>CLOSE_WAIT", after(start, 10), after(start, 10)), seen)
        # Corked, the data waits for more and leaves with the FIN.
        theirs.sendall(b"an answer")
        theirs.close()
        answer = peer.receive("F")
        expect("one segment", answer.length, 9)
        peer.send("A")
        seen = world.ended(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, *CLOSE_PASSIVELY)
        expect_verdict(seen, "passive", "fin", "peer")
        expect("our FIN", (seen.fin, step(seen, "CLOSE_WAIT>LAST_ACK").seq), (answer.fin,) * 2, seen)
        expect("bytes", (seen.tx, seen.rx, seen.after_fin), (9, 10, 9), seen)


@scenario("C1", "close() with data which may not leave yet: FIN_WAIT_1 from the call on, the FIN's number that"
          " of the FIN that leaves at last", virtual=True)
def fin_waits(world):
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.setblocking(False)
        total = 0
        while select.select([], [mine], [], 2)[1]:
            total += mine.send(bytes(65536))
        mine.close()
        seen = world.record(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1")
        expect("FINs on the wire", [s for s in world.segments(world.client, port) if s.has("F")], [])
        expect("fin", seen.fin, after(seen.isn, 1 + total), seen)
        read_all(theirs, total)
        expect("the end of the stream", theirs.recv(1), b"")
        seen = world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        expect("fin on the wire", our_fin(segments_of(world, world.client, seen)[0]).fin, seen.fin, seen)
        expect("tx", seen.tx, total, seen)
        theirs.close()


@scenario("C1 C2", "sequence numbers that wrap: a FIN whose number is 0 is there")
def fin_number_zero(world):
    for family in (4, 6):
        for active in (True, False):
            peer, theirs = ghost_client(world, family, seq=0xffffffff)
            port = peer.remote[1]
            if active:
                theirs.close()
                peer.receive("F")
                peer.send("A")
                expect("number of the peer's FIN", peer.seq, 0)
                peer.send("FA")
                seen = world.record(world.server, port, lambda r: r.state == "TIME_WAIT")
                last = seen.transitions[-1]
            else:
                expect("number of the peer's FIN", peer.seq, 0)
                peer.send("FA")
                seen = world.record(world.server, port, lambda r: r.state == "CLOSE_WAIT")
                last = seen.transitions[-1]
            expect("peer_isn, peer_fin, and of the step", (seen.peer_isn, seen.peer_fin, last.seq),
                   (0xffffffff, 0, 0), seen)
