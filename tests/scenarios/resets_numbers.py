# SPDX-License-Identifier: GPL-2.0-only
"""Row C10, W7: the sequence number of each RST that leaves, as on the wire; 0 is a number, too."""
import itertools
import socket
import struct

from lib import client, net
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_PASSIVELY, once
from lib.wire import after, ghost_client

TCP = socket.IPPROTO_TCP
LINGER_0 = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
REPAIR, REPAIR_QUEUE, QUEUE_SEQ = 19, 20, 21
RECV_QUEUE, SEND_QUEUE = 1, 2
LAST = 0xffffffff


def unread(world, peer, theirs):
    peer.send("PA", b"never read", window=200 if peer.shrunk else 500)
    expect_true("data is there", theirs.recv(100, socket.MSG_PEEK))
    theirs.close()


def linger(world, peer, theirs):
    theirs.setsockopt(*LINGER_0)
    theirs.close()


def ss_kill(world, peer, theirs):
    world.server.run("ss", "-K", "-t", "state", "all", "dport", "=", f":{peer.local[1]}")


def disconnect(world, peer, theirs):
    net.disconnect(theirs)


WAYS = ((unread, "rst-unread", "rst-sent"), (linger, "rst-linger", "rst-sent"),
        (ss_kill, "aborted", "abort"), (disconnect, "disconnected", "disconnect"))


def narrow(world, family):
    """A peer with a window of 1000, and the server's socket, connected."""
    port = world.port()
    listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
    peer = world.ghost(world.client, port, family)
    peer.send("S", window=1000, mss=1000)
    peer.receive("SA")
    peer.send("A", window=1000)
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    return peer, theirs


@scenario("C10 W7", "the number of an RST of our own accord, where more was written than sent, and where the peer took"
          " back its window: it begins where the kernel says, told in text, netlink and JSON")
def reset_numbers(world):
    for (way, close, cause), shrunk, family in itertools.product(WAYS, (False, True), (4, 6)):
        peer, theirs = narrow(world, family)
        port = peer.remote[1]
        theirs.send(bytes(5000))
        # Linux sends half a window at once.
        first, second = peer.receive("A"), peer.receive("A")
        expect("what the window takes", second.next, after(first.seq, 1000))
        peer.ack = first.next
        peer.shrunk = shrunk
        if shrunk:
            peer.send("A", window=200)
        way(world, peer, theirs)
        reset = peer.receive("R")
        expect("the RST begins", reset.seq, after(first.seq, 700) if shrunk else second.next)
        seen = world.ended(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSED")
        last, out = seen.transitions[-1], once(seen, "rst-out")
        expect("close, cause", (seen.close, last.cause), (close, cause), seen)
        expect("rst-out", (out.count, out.seq), (1, reset.seq), seen)
        if cause == "rst-sent":
            expect("number, ack of the end", (last.seq, last.ack), (reset.seq, reset.ack), seen)
        shown, = client.objects(world.server, "show", f"{seen.cookie:x}.{seen.generation}")
        entry, = (e for e in shown["entries"] if e["cause"] == "rst-out")
        expect("in JSON", entry.get("seq"), reset.seq, seen)
        ladder = client.run(world.server, "show", "-a", f"{seen.cookie:x}.{seen.generation}")[0]
        expect_true("in the ladder\n" + ladder, f" RST seq {reset.seq} " in ladder
                    and "unknown" not in ladder and ladder.count(" RST seq ") == 1)
        if way is ss_kill:
            expect_true("the cause before its effect\n" + ladder,
                        ladder.index("aborted from outside") < ladder.index(" RST seq "))


@scenario("C10 W7", "the number of an RST in answer to a segment: what that acknowledged, or 0")
def reset_answer_numbers(world):
    for family in (4, 6):
        # Late data for a timewait socket, and a SYN, which acknowledges nothing.
        for flags, payload in (("PA", b"too late"), ("S", b"")):
            peer, theirs = ghost_client(world, family)
            port = peer.remote[1]
            theirs.close()
            peer.receive("F")
            peer.send("A")
            world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
            acked = peer.ack
            peer.send(flags, payload, seq=after(peer.seq, 100 if flags == "S" else 0))
            reset = peer.receive("R")
            expect("it begins", reset.seq, 0 if flags == "S" else acked)
            seen = world.ended(world.server, port)
            expect("rst-out", once(seen, "rst-out").seq, reset.seq, seen)


def restored(world, peer, seq, ack):
    """A socket of the server's that is in the middle of a connection with this ghost:
    the next number of each end is given."""
    sock = world.server.tcp(str(peer.server), peer.port)
    sock.setsockopt(TCP, REPAIR, 1)
    for queue, number in ((SEND_QUEUE, seq), (RECV_QUEUE, ack)):
        sock.setsockopt(TCP, REPAIR_QUEUE, queue)
        sock.setsockopt(TCP, QUEUE_SEQ, struct.pack("=I", number))
    sock.connect((str(peer.local[0]), peer.local[1]))
    sock.setsockopt(TCP, REPAIR, 0)
    return sock


def restored_pair(world, seq, ack, family=4):
    port = world.port()
    peer = world.ghost(world.client, port, family, seq=ack)
    peer.server, peer.port = world.server.address(family), port
    peer.ack = seq
    sock = restored(world, peer, seq, ack)
    # It asks for the window.
    peer.receive("A")
    peer.send("A", ack=seq)
    return peer, sock


def numbers(record, step):
    """(seq, ack) of the one transition."""
    entry, = (e for e in record.transitions if str(e) == step)
    return entry.seq, entry.ack


def expect_everywhere(world, seen):
    """Netlink and JSON tell the same numbers; those of 0 are there."""
    name = f"{seen.cookie:x}.{seen.generation}"
    shown, = client.objects(world.server, "show", name)
    for entry, told in zip(seen.entries, shown["entries"]):
        expect("seq, ack in JSON", (told.get("seq"), told.get("ack")), (entry.seq, entry.ack), seen)
    for mine in ("isn", "peer_isn", "fin", "peer_fin"):
        expect(f"{mine} in JSON", shown.get(mine), getattr(seen, mine), seen)
    ladder = client.run(world.server, "show", "-a", name)[0]
    expect_true("no number of the ladder is unknown\n" + ladder, "unknown" not in ladder.split("\nMSS")[0])


@scenario("W7", "sequence numbers of 0, of a peer whose first is 0 or the last there is: SYN, ACK, FIN, RST, ours and its own")
def zero_numbers(world):
    for family in (4, 6):
        # Its SYN has 0.
        peer, theirs = ghost_client(world, family, seq=0)
        peer.send("FA")
        expect("the end of the stream", theirs.recv(1), b"")
        theirs.close()
        peer.receive("F")
        peer.send("A")
        seen = world.ended(world.server, peer.remote[1])
        expect("peer_isn", seen.peer_isn, 0, seen)
        expect("its SYN", numbers(seen, "LISTEN>NEW_SYN_RECV"), (0, None), seen)
        expect_everywhere(world, seen)
        # What follows its SYN has 0: the ACK, and then the FIN.
        peer, theirs = ghost_client(world, family, seq=LAST)
        peer.send("FA")
        expect("the end of the stream", theirs.recv(1), b"")
        seen = world.record(world.server, peer.remote[1], lambda r: r.state == "CLOSE_WAIT")
        expect("peer_isn, peer_fin", (seen.peer_isn, seen.peer_fin), (LAST, 0), seen)
        expect("its ACK", numbers(seen, "NEW_SYN_RECV>SYN_RECV")[0], 0, seen)
        expect("its FIN", numbers(seen, "ESTABLISHED>CLOSE_WAIT")[0], 0, seen)
        theirs.close()
        peer.receive("F")
        peer.send("A")
        expect_everywhere(world, world.ended(world.server, peer.remote[1]))
        # Our FIN acknowledges 0, its RST has 0.
        peer, theirs = ghost_client(world, family, seq=LAST)
        theirs.shutdown(socket.SHUT_WR)
        peer.receive("F")
        peer.send("R")
        seen = world.ended(world.server, peer.remote[1])
        expect("our FIN", numbers(seen, "ESTABLISHED>FIN_WAIT_1")[1], 0, seen)
        expect("its RST", numbers(seen, "FIN_WAIT_1>CLOSED")[0], 0, seen)
        expect_everywhere(world, seen)
        # The SYN-ACK of a server has 0.
        ghost = world.ghost(world.client, family=family, seq=0)
        mine = world.server.connect(ghost.local[1], str(ghost.local[0]), blocking=False)
        ghost.receive("S", without="A")
        ghost.send("SA", mss=1460)
        ghost.receive("A", without="S")
        ghost.send("R")
        seen = world.ended(world.server, ghost.local[1])
        mine.close()
        expect("the SYN-ACK", (seen.peer_isn, numbers(seen, "SYN_SENT>ESTABLISHED")[0]), (0, 0), seen)
        expect_everywhere(world, seen)


@scenario("W7", "sequence numbers of 0 of our own: of a FIN, what acknowledges one, of an RST")
def own_zero_numbers(world):
    world.excuse("segments", "no SYN of theirs was ever on the wire")
    # Our FIN has 0.
    peer, sock = restored_pair(world, 0, 5000)
    sock.close()
    peer.receive("F")
    seen = world.record(world.server, peer.port, lambda r: r.state == "FIN_WAIT_1")
    expect("our FIN", (seen.fin, numbers(seen, "ESTABLISHED>FIN_WAIT_1")), (0, (0, 5000)), seen)
    peer.send("R")
    expect_everywhere(world, world.ended(world.server, peer.port))
    # What acknowledges it has 0.
    peer, sock = restored_pair(world, LAST, 5000)
    sock.shutdown(socket.SHUT_WR)
    peer.receive("F")
    peer.send("A")
    seen = world.record(world.server, peer.port, lambda r: r.state == "FIN_WAIT_2")
    expect("its ACK", numbers(seen, "FIN_WAIT_1>FIN_WAIT_2"), (5000, 0), seen)
    peer.send("R")
    seen = world.ended(world.server, peer.port)
    expect("the ACK of the RST is none", numbers(seen, "FIN_WAIT_2>CLOSED"), (5000, None), seen)
    expect_everywhere(world, seen)
    # Our RST has 0.
    peer, sock = restored_pair(world, 0, 5000)
    sock.setsockopt(*LINGER_0)
    sock.close()
    reset = peer.receive("R")
    expect("on the wire", reset.seq, 0)
    seen = world.ended(world.server, peer.port)
    expect("our RST", (numbers(seen, "ESTABLISHED>CLOSED")[0], once(seen, "rst-out").seq), (0, 0), seen)
    expect_everywhere(world, seen)
