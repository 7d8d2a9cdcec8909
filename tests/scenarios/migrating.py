# SPDX-License-Identifier: GPL-2.0-only
"""Row O17: a listener of a group closes, and another one takes over what waits at it."""
import socket

from lib import net
from lib.failure import expect, expect_path, lacking
from lib.registry import scenario
from lib.story import OPEN_PASSIVELY, expect_owner, expect_verdict, once
from scenarios.opening import MSG_FASTOPEN, TCP_FASTOPEN

GROUP = (socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


class Two:
    """Two listeners on one port; the second begins when it is told to."""

    def __init__(self, world, family=4, options=()):
        try:
            world.server.sysctl("net.ipv4.tcp_migrate_req", 1)
        except FileNotFoundError:
            raise lacking("net.ipv4.tcp_migrate_req") from None
        self.world, self.family = world, family
        self.options = (GROUP, *options)
        self.port = world.port()
        self.first = self.listen()
        self.cookies = [net.cookie(self.first)]
        self.before = self.counted()

    def listen(self):
        return self.world.server.listen(self.port, "::" if self.family == 6 else "0.0.0.0",
                                        options=self.options)

    def counted(self):
        """(moved, in vain), by the kernel."""
        counters = self.world.server.snmp()
        return counters["TcpExtTCPMigrateReqSuccess"], counters["TcpExtTCPMigrateReqFailure"]

    def expect_counted(self, moved, failed=0):
        now = self.counted()
        expect("requests moved, and not, by the kernel",
               (now[0] - self.before[0], now[1] - self.before[1]), (moved, failed))

    def change(self):
        """The second takes over."""
        self.second = self.listen()
        self.cookies.append(net.cookie(self.second))
        self.first.close()

    def accept(self):
        theirs, _ = self.second.accept()
        self.world.server.sockets.append(theirs)
        return theirs

    def record(self, until=None):
        return self.world.record(self.world.server, self.port, until)

    def expect_moved(self, seen, state, path=OPEN_PASSIVELY):
        expect("listener", seen.listener, self.cookies[1], seen)
        moved = once(seen, "migrated")
        expect("when, and how often", (moved.state, moved.count), (state, 1), seen)
        if path:
            expect_path(seen, *path)

    def expect_accepted(self, theirs):
        """Through the second, and counted there."""
        seen = self.record(lambda r: r.owner != "-")
        expect("identity", seen.cookie, net.cookie(theirs), seen)
        expect_owner(seen, "accept")
        told = {r.cookie: r for r in self.world.server.view([self.port]).records if r.is_listener}
        expect("accepted by each", [told[cookie].accepted for cookie in self.cookies], [0, 1],
               *told.values())
        return seen


@scenario("O17 O2 W1 W3", "a child that waits for accept() when its listener closes: the other one's, who accepts it")
def migrated_child(world):
    for family in (4, 6):
        two = Two(world, family)
        world.client.connect(two.port, world.client.peer(family))
        expect("listener", two.record(lambda r: r.state == "ESTABLISHED").listener, two.cookies[0])
        two.change()
        two.expect_moved(two.record(), "ESTABLISHED")
        seen = two.expect_accepted(two.accept())
        two.expect_moved(seen, "ESTABLISHED")
        expect_verdict(seen, "passive", "-", "-")
        two.expect_counted(1)


@scenario("O17 O2 O5 W1 W3", "a half-open request whose listener closes: moved by the ACK, or by its own timer, to the"
          " one that accepts it")
def migrated_request(world):
    for family in (4, 6):
        for by_timer in (False, True):
            two = Two(world, family)
            peer = world.ghost(world.client, two.port, family)
            peer.send("S", mss=1400)
            peer.receive("SA")
            two.change()
            expect("nothing moved it so far", two.record().listener, two.cookies[0])
            if by_timer:
                peer.receive("SA")
                half = two.record(lambda r: r.causes("syn-ack-again"))
                two.expect_moved(half, "NEW_SYN_RECV", OPEN_PASSIVELY[:1])
                expect("fires", once(half, "timer-syn-ack").count, 1, half)
            peer.send("A")
            seen = two.expect_accepted(two.accept())
            two.expect_moved(seen, "NEW_SYN_RECV")
            expect_verdict(seen, "passive", "-", "-")
            two.expect_counted(1)


@scenario("O17 O8 W3", "a half-open request whose listener closes, and whose time is over when it is moved: request-timed-out;"
          " without another listener: listener-closed")
def migrated_in_vain(world):
    world.server.sysctl("net.ipv4.tcp_synack_retries", 1)
    for other in (True, False):
        two = Two(world)
        peer = world.ghost(world.client, two.port)
        peer.send("S", mss=1400)
        peer.receive("SA")
        peer.receive("SA")
        if other:
            two.change()
        else:
            two.first.close()
        seen = world.ended(world.server, two.port)
        expect_path(seen, "LISTEN>NEW_SYN_RECV", "NEW_SYN_RECV>CLOSED")
        expect_verdict(seen, "passive", "request-timed-out" if other else "listener-closed",
                       "kernel" if other else "local")
        if other:
            two.expect_moved(seen, "NEW_SYN_RECV", None)
        # Of a group of one the kernel counts the same.
        two.expect_counted(0, 1)


@scenario("O17 O10 W1 W3", "a Fast Open child, not acknowledged yet, whose listener closes: the other one's, who accepts it")
def migrated_fast_open(world):
    for side in (world.client, world.server):
        side.sysctl("net.ipv4.tcp_fastopen", 3)
    fast = [(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)]
    # One connection fetches the cookie, the next one uses it.
    port = world.port()
    world.server.listen(port, options=fast)
    world.client.tcp().sendto(b"cookie, please", MSG_FASTOPEN, (world.client.peer(), port))
    world.record(world.client, port, lambda r: r.state == "ESTABLISHED")
    two = Two(world, options=fast)
    # The client's ACK is lost for a while.
    world.server.nft(f"tcp dport {two.port} tcp flags & (syn|ack) == ack drop")
    mine = world.client.tcp()
    mine.sendto(b"data on the SYN", MSG_FASTOPEN, (world.client.peer(), two.port))
    expect("listener", two.record(lambda r: r.state == "SYN_RECV").listener, two.cookies[0])
    two.change()
    two.expect_moved(two.record(), "SYN_RECV", ("LISTEN>SYN_RECV",))
    theirs = two.accept()
    expect("data which came with the SYN", theirs.recv(100), b"data on the SYN")
    world.server.nft_clear()
    mine.sendall(b"more")
    expect("data", theirs.recv(100), b"more")
    seen = two.expect_accepted(theirs)
    two.expect_moved(seen, "SYN_RECV", ("LISTEN>SYN_RECV", "SYN_RECV>ESTABLISHED"))
    expect_verdict(seen, "fastopen", "-", "-")
    two.expect_counted(1)
