# SPDX-License-Identifier: GPL-2.0-only
"""Row C11: what this host keeps from leaving: told apart from a peer whose window is shut."""
import errno
import select
import socket
import time

from lib import client, net, wait
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.fires import counted, without_loss_probes
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, expect_verdict, once
from lib.wire import read_all, segments_of

TCP = socket.IPPROTO_TCP
LOOK_HERE = "check its firewall"


def error_of(sock):
    """Wait for this socket's error; its errno."""
    poll = select.poll()
    poll.register(sock, 0)
    expect_true("an error comes", poll.poll(3600 * 1000))
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def keep_in(world, *ports):
    """A firewall of the client's own drops what it sends there."""
    world.client.nft(*(f"tcp dport {port} drop" for port in ports), hook="output")


def sentence(world, seen):
    return " ".join(client.run(world.client, "show", f"{seen.cookie:x}.{seen.generation}")[0].split())


def data_sent(world, seen):
    return [s for s in segments_of(world, world.client, seen)[0] if s.length]


@scenario("timers C11 C12", "a firewall on this host drops what it sends, to an open window: unsent, by the kernel, no"
          " zero-window probe; the sentence says where to look", virtual=True)
def unsent(world):
    # At once, so that the record of the one is still kept when the other ends.
    ours = [world.pair(family=family)[1] for family in (4, 6)]
    ports = [net.remote(mine)[1] for mine in ours]
    keep_in(world, *ports)
    for mine in ours:
        mine.send(b"!")
    for mine, port in zip(ours, ports):
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "unsent", "kernel")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        event = once(seen, "timer-unsent")
        expect("the kernel's default limit", (event.count, event.n, event.state), (15, 15, "ESTABLISHED"), seen)
        expect("zero-window probes", seen.causes("timer-probe"), [], seen)
        expect("data on the wire", data_sent(world, seen), [], seen)
        expect_true("the sentence says where to look", LOOK_HERE in sentence(world, seen), seen)
    expect("zero-window probes, by the kernel's count", counted(world.client, "TCPWinProbe"), 0)


@scenario("timers C11 C12", "the same with TCP_USER_TIMEOUT: user-timeout; of an orphan: orphan", virtual=True)
def unsent_limits(world):
    world.excuse("segments", "the FIN waits behind what is kept in, and never leaves")
    for family in (4, 6):
        _, mine, _ = world.pair(family=family, connect=[(TCP, socket.TCP_USER_TIMEOUT, 20000)])
        port = net.remote(mine)[1]
        keep_in(world, port)
        mine.send(b"!")
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_verdict(seen, "active", "user-timeout", "kernel")
        event = once(seen, "timer-unsent")
        expect_true("fewer than 15", event.n == event.count and 3 <= event.n < 15, seen)
        expect_near("20 s from the first", seen.age - event.time, 20, 1.5, seen)
        expect_true("the sentence says where to look", LOOK_HERE in sentence(world, seen), seen)

        _, mine, _ = world.pair(family=family)
        port = net.remote(mine)[1]
        keep_in(world, port)
        mine.send(b"!")
        mine.close()
        seen = world.ended(world.client, port, timeout=600)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSED")
        expect_verdict(seen, "active", "orphan", "local")
        event = once(seen, "timer-unsent")
        expect("tcp_orphan_retries as the kernel comes", (event.count, event.n), (8, 8), seen)
        expect("zero-window probes", seen.causes("timer-probe"), [], seen)
        expect_true("the sentence says where to look", LOOK_HERE in sentence(world, seen), seen)


def shut_window(world, family):
    """A connection to a ghost that takes no more, with a byte that waits: (ghost, client's socket)."""
    peer = world.ghost(world.server, family=family)
    mine = world.client.connect(peer.local[1], str(peer.local[0]), blocking=False)
    peer.receive("S", without="A")
    peer.send("SA", mss=1460)
    peer.receive("A", without="S")
    peer.send("A", window=0)
    wait.until("room in the buffer", lambda: select.select([], [mine], [], 0)[1])
    mine.send(b"!")
    return peer, mine


@scenario("timers C11 C12", "a shut window and a firewall on this host by turns: each fire as what it was, and the end"
          " as the last of them", virtual=True)
def unsent_by_turns(world):
    def await_fires(peer, cause):
        wait.until(f"two of {cause}", lambda: sum(
            e.count for e in world.record(world.client, peer.local[1]).causes(cause)) >= 2, 60)

    # The windows open, and still nothing leaves; two of the four shut again.
    ends = [shut_window(world, family) for family in (4, 6, 4, 6)]
    for peer, _ in ends:
        await_fires(peer, "timer-probe")
    keep_in(world, *(peer.local[1] for peer, _ in ends))
    for peer, _ in ends:
        peer.send("A", window=1000)
        await_fires(peer, "timer-unsent")
    for peer, _ in ends[2:]:
        # 6.1 takes a window back by a segment with a number it has not had one by.
        peer.send("PA", b"!", window=0)
        peer.send("A", window=0)
    for i, (peer, mine) in enumerate(ends):
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, peer.local[1])
        close, last = ("unsent", "timer-unsent") if i < 2 else ("probe", "timer-probe")
        expect_verdict(seen, "active", close, "kernel")
        expect("the last of 15", once(seen, last).n, 15, seen)
        for cause in ("timer-probe", "timer-unsent"):
            expect_true("both are there", once(seen, cause).count >= 2, seen)


@scenario("timers", "data that TCP_CORK held back, let go by the probe timer: not a zero-window probe", virtual=True)
def corked(world):
    without_loss_probes(world)
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.setsockopt(TCP, socket.TCP_CORK, 1)
        mine.send(b"less than a segment")
        read_all(theirs, 19)
        seen = world.record(world.client, port)
        event = once(seen, "timer-unsent")
        expect("it fired", (event.count, event.n), (1, 1), seen)
        expect("zero-window probes", seen.causes("timer-probe"), [], seen)
        expect_near("that is when it left", seen.start + event.time, data_sent(world, seen)[0].time, 0.002, seen)
    expect("zero-window probes, by the kernel's count", counted(world.client, "TCPWinProbe"), 0)


@scenario("timers", "a window too small for what waits: the probe timer's, as a shut one", virtual=True)
def window_too_small(world):
    for family in (4, 6):
        peer, mine = shut_window(world, family)
        port = peer.local[1]
        mine.send(bytes(999))
        peer.send("A", window=10)
        piece = wait.until("ten bytes", lambda name=port: [
            s for s in world.segments(world.client, name) if s.sent and s.length], 60)[0]
        expect("what goes in", piece.length, 10)
        seen = world.record(world.client, port)
        expect("no other fire", seen.causes("timer-unsent"), [], seen)
        expect_true("a probe", once(seen, "timer-probe").count >= 1, seen)
        peer.send("R")


@scenario("W6 timers", "counts of a living connection are as new as its newest entry: retransmissions, segments, bytes",
          virtual=True)
def living_counts(world):
    without_loss_probes(world)
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        mine = world.client.connect(port, world.client.peer(family))
        mine.sendall(b"before accept()")
        time.sleep(1)
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        seen = world.record(world.server, port, lambda r: r.causes("accepted"))
        expect("rx at accept()", seen.rx, 15, seen)
        read_all(theirs, 15)
        # Full segments are lost on the way.
        world.server.nft(f"tcp dport {port} meta length > 1000 drop")
        mine.sendall(bytes(1200))

        def fires(name=port):
            found = world.record(world.client, name)
            return sum(e.count for e in found.causes("timer-rto-data")) >= 7 and found
        wait.until("seven fires", fires, 200)
        view = world.record(world.client, port)
        event = once(view, "timer-rto-data")
        before = [s for s in segments_of(world, world.client, view)[0]
                  if s.time < view.start + event.last + 0.0005]
        again = len([s for s in before if s.length > 1000]) - 1
        expect_true("six or seven were sent again by then", again >= event.count - 1, view)
        expect("retrans", view.retrans, lambda got: event.count - 1 <= got <= event.count, view)
        expect_true("segments out", abs(view.tx_segs - len(before)) <= 1, view)
        expect("tx: what was acknowledged", view.tx, 15, view)
        told, = client.objects(world.client, "list", "dport", port)
        expect_true("in JSON", told["retrans"] >= view.retrans, view)
        # A delayed ACK is the newest entry of whom is sent a little.
        world.server.nft_clear()
        read_all(theirs, 1200)
        for _ in range(3):
            theirs.setsockopt(TCP, socket.TCP_QUICKACK, 0)
            mine.send(b"!")
            read_all(theirs, 1)
            time.sleep(0.5)
        seen = world.record(world.server, port)
        late = once(seen, "timer-delayed-ack")
        expect("rx at the newest entry", seen.rx, lambda rx: 15 + 1200 < rx <= 15 + 1200 + 3, seen)
        expect_true("that is", late.last > 50, seen)
