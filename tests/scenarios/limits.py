# SPDX-License-Identifier: GPL-2.0-only
"""Row C11: ended by a timer: which one, after how many attempts."""
import errno
import select
import socket
import time

from lib import net, wait
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.fires import bare, counted, expect_fires, keepalive_probes, window_probes, without_loss_probes
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, expect_verdict, once
from lib.wire import WHEEL, read_all, segments_of

TCP = socket.IPPROTO_TCP
KEEPALIVE = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
# Longer than any of these takes.
PATIENCE = 3 * 3600


def error_of(sock, timeout=PATIENCE):
    """Wait for this socket's error; its errno."""
    poll = select.poll()
    poll.register(sock, 0)
    expect_true("an error comes", poll.poll(timeout * 1000))
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def both_families(world, **how):
    """Two connections, IPv4 and IPv6: [(port, client's socket, server's socket)].

    At once, so that the record of the one is still kept when the other ends.
    """
    pairs = [world.pair(family=family, **how)[1:] for family in (4, 6)]
    return [(net.remote(mine)[1], mine, theirs) for mine, theirs in pairs]


def cut(world, pairs):
    """From now on nothing of the client's arrives."""
    world.server.nft(*(f"tcp dport {port} drop" for port, _, _ in pairs))


@scenario("timers C11 C12", "retransmission limit (tcp_retries2): retransmit, by the kernel", virtual=True)
def retransmission_limit(world):
    without_loss_probes(world)
    pairs = both_families(world)
    cut(world, pairs)
    for _, mine, _ in pairs:
        mine.sendall(b"into the void")
    for port, mine, _ in pairs:
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "retransmit", "kernel")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        data = [s for s in segments_of(world, world.client, seen)[0] if s.length]
        event = expect_fires(seen, "timer-rto-data", "ESTABLISHED", data[1:], gave_up=True)
        expect("the kernel's default limit", len(data[1:]), 15, seen)
        expect_near("the 924.6 s of 15 retries", event.last - (data[0].time - seen.start), 924.6, 15, seen)
        expect("retrans", seen.retrans, 15, seen)
    expect("fires, by the kernel's count", counted(world.client, "TCPTimeouts"), 2 * 16)


@scenario("timers C11 C12", "an orphan's retransmission limit (tcp_orphan_retries): orphan, closed first by us", virtual=True)
def retransmission_limit_orphan(world):
    without_loss_probes(world)
    for family in (4, 6):
        _, mine, _ = world.pair(family=family)
        port = net.remote(mine)[1]
        world.server.nft(f"tcp dport {port} drop")
        mine.close()
        seen = world.ended(world.client, port, timeout=600)
        world.server.nft_clear()
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSED")
        expect_verdict(seen, "active", "orphan", "local")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        fins = [s for s in segments_of(world, world.client, seen)[0] if s.has("F")]
        expect_fires(seen, "timer-rto-fin", "FIN_WAIT_1", fins[1:], gave_up=True)
        expect("tcp_orphan_retries as the kernel comes", len(fins[1:]), 8, seen)


@scenario("timers C11 C12", "TCP_USER_TIMEOUT, data retransmitted: user-timeout, by the kernel", virtual=True)
def user_timeout(world):
    without_loss_probes(world)
    for family in (4, 6):
        _, mine, _ = world.pair(family=family, connect=[(TCP, socket.TCP_USER_TIMEOUT, 20000)])
        port = net.remote(mine)[1]
        world.server.nft(f"tcp dport {port} drop")
        mine.sendall(b"into the void")
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        world.server.nft_clear()
        data = [s for s in segments_of(world, world.client, seen)[0] if s.length]
        expect_fires(seen, "timer-rto-data", "ESTABLISHED", data[1:], gave_up=True)
        expect_near("20 s", seen.end - data[0].time, 20, 1.5, seen)
        expect_verdict(seen, "active", "user-timeout", "kernel")


@scenario("timers C11 C12", "TCP_USER_TIMEOUT, nothing but keepalive probes: user-timeout, before their own limit",
          virtual=True)
def user_timeout_of_keepalive(world):
    for family in (4, 6):
        _, mine, _ = world.pair(family=family, connect=[
            KEEPALIVE, (TCP, socket.TCP_KEEPIDLE, 10), (TCP, socket.TCP_KEEPINTVL, 5),
            (TCP, socket.TCP_USER_TIMEOUT, 18000)])
        port = net.remote(mine)[1]
        world.server.nft(f"tcp dport {port} drop")
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        world.server.nft_clear()
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "user-timeout", "kernel")
        event = expect_fires(seen, "timer-keepalive", "ESTABLISHED", keepalive_probes(world, seen))
        expect("two probes of nine", (event.n, event.max), (2, 9), seen)
        expect_near("18 s, at the next fire", seen.age, 20, 1.5, seen)


@scenario("timers C11 C12", "an orphan with TCP_USER_TIMEOUT: user-timeout, closed first by us", virtual=True)
def user_timeout_of_orphan(world):
    without_loss_probes(world)
    for family in (4, 6):
        _, mine, _ = world.pair(family=family, connect=[(TCP, socket.TCP_USER_TIMEOUT, 10000)])
        port = net.remote(mine)[1]
        world.server.nft(f"tcp dport {port} drop")
        mine.close()
        seen = world.ended(world.client, port)
        world.server.nft_clear()
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSED")
        expect_verdict(seen, "active", "user-timeout", "local")
        fins = [s for s in segments_of(world, world.client, seen)[0] if s.has("F")]
        expect_fires(seen, "timer-rto-fin", "FIN_WAIT_1", fins[1:], gave_up=True)
        expect_near("10 s", seen.end - fins[0].time, 10, 1.5, seen)


@scenario("timers C11 C12", "keepalive by default: 7200 s, then 9 probes 75 s apart, then keepalive, by the kernel",
          virtual=True)
def keepalive_limit(world):
    pairs = both_families(world, connect=[KEEPALIVE])
    for _, mine, theirs in pairs:
        mine.sendall(b"x")
        read_all(theirs, 1)
    idle = time.time()
    cut(world, pairs)
    for port, mine, _ in pairs:
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "keepalive", "kernel")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        probes = keepalive_probes(world, seen)
        event = expect_fires(seen, "timer-keepalive", "ESTABLISHED", probes)
        expect("probe n of max", (event.count, event.n, event.max), (9, 9, 9), seen)
        # The timer wheel is coarser the farther it looks.
        expect_true("the first after 7200 s", 7200 <= probes[0].time - idle <= 7200 * 1.13, seen)
        for one, next_ in zip(probes, probes[1:]):
            expect_true("75 s apart", 75 <= next_.time - one.time <= 75 + WHEEL, seen)
        expect_true("given up 75 s after the last",
                    75 <= seen.end - probes[-1].time <= 75 + WHEEL, seen)
        resets = [s for s in segments_of(world, world.client, seen)[0] if s.has("R")]
        expect("an RST says so to the peer", (len(resets), once(seen, "rst-out").count), (1, 1), seen)
    expect("probes, by the kernel's count", counted(world.client, "TCPKeepAlive"), 2 * 9)


@scenario("timers C11", "keepalive probes answered begin anew; their limit is the socket's", virtual=True)
def keepalive_answered(world):
    for family in (4, 6):
        _, mine, _ = world.pair(family=family, connect=[
            KEEPALIVE, (TCP, socket.TCP_KEEPIDLE, 30), (TCP, socket.TCP_KEEPINTVL, 10),
            (TCP, socket.TCP_KEEPCNT, 4)])
        port = net.remote(mine)[1]
        seen = world.record(world.client, port)
        wait.until("three probes", lambda r=seen: len(keepalive_probes(world, r)) >= 3, 200)
        seen = world.record(world.client, port)
        event = expect_fires(seen, "timer-keepalive", "ESTABLISHED", keepalive_probes(world, seen))
        expect("each the first", (event.count, event.n, event.max), (3, 1, 4), seen)
        world.server.nft(f"tcp dport {port} drop")
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        world.server.nft_clear()
        expect_verdict(seen, "active", "keepalive", "kernel")
        event = expect_fires(seen, "timer-keepalive", "ESTABLISHED", keepalive_probes(world, seen))
        expect("three answered, four not", (event.count, event.n, event.max), (7, 4, 4), seen)


def shut_window(world, family, options=()):
    """A connection whose peer takes no more, and what waits for that: (port, client's socket)."""
    peer = world.ghost(world.server, family=family)
    mine = world.client.connect(peer.local[1], str(peer.local[0]), blocking=False, options=options)
    peer.receive("S", without="A")
    peer.send("SA", mss=1460)
    peer.receive("A", without="S")
    mine.send(b"the last it takes")
    peer.receive("A")
    peer.send("A", window=0)
    wait.until("room in the buffer", lambda: select.select([], [mine], [], 0)[1])
    mine.send(b"for which there is no room")
    return peer.local[1], mine


@scenario("timers C11 C12", "TCP_USER_TIMEOUT, zero-window probes: user-timeout, before their own limit", virtual=True)
def user_timeout_of_probes(world):
    for family in (4, 6):
        port, mine = shut_window(world, family, [(TCP, socket.TCP_USER_TIMEOUT, 20000)])
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "user-timeout", "kernel")
        event = expect_fires(seen, "timer-probe", "ESTABLISHED", bare(window_probes(world, seen)))
        expect_true("fewer than 15", event.n == event.count and 3 <= event.n < 15, seen)
        expect_near("20 s from the first probe", seen.age - event.time, 20, 1.5, seen)


@scenario("timers C11 C12", "an orphan probes a shut window (tcp_orphan_retries): orphan, closed first by us",
          virtual=True)
def orphan_probe_limit(world):
    world.excuse("segments", "the FIN waits behind the shut window, and never leaves")
    for family in (4, 6):
        port, mine = shut_window(world, family)
        mine.close()
        seen = world.ended(world.client, port, timeout=600)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>CLOSED")
        expect_verdict(seen, "active", "orphan", "local")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        event = once(seen, "timer-probe")
        expect("tcp_orphan_retries as the kernel comes", (event.count, event.n), (8, 8), seen)


@scenario("timers C11 C12", "zero-window probes never answered: probe, by the kernel", virtual=True)
def window_probe_limit(world):
    for port, mine in [shut_window(world, family) for family in (4, 6)]:
        expect("the error", error_of(mine), errno.ETIMEDOUT)
        seen = world.ended(world.client, port)
        expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "active", "probe", "kernel")
        expect("cause", seen.transitions[-1].cause, "timeout", seen)
        event = expect_fires(seen, "timer-probe", "ESTABLISHED", bare(window_probes(world, seen)))
        expect("the kernel's default limit", (event.count, event.n), (15, 15), seen)
        expect("tx", seen.tx, 17, seen)
    expect("probes, by the kernel's count", counted(world.client, "TCPWinProbe"), 2 * 15)
