# SPDX-License-Identifier: GPL-2.0-only
"""Row O13: TCP_DEFER_ACCEPT, for which the kernel sets the handshake's ACK aside."""
import socket

from lib import net, wait
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.registry import scenario
from lib.story import FAIL_PASSIVELY, OPEN_PASSIVELY, expect_verdict, once
from lib.wire import MOMENT, acks, after, expect_moment, pick

DEFER_ACCEPT = socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT
ADDRESS = {4: "0.0.0.0", 6: "::"}


def deferring(world, family=4, seconds=5):
    """A listener that waits so long for data: (port, listener)."""
    port = world.port()
    return port, world.server.listen(port, ADDRESS[family], options=[(*DEFER_ACCEPT, seconds)])


def set_aside(world):
    return world.server.snmp()["TcpExtTCPDeferAcceptDrop"]


def expect_deferred(world, record, drops):
    """The entry: its first time that of the first bare ACK, its count the kernel's."""
    entry = once(record, "ack-deferred")
    expect("within", entry.state, "NEW_SYN_RECV", record)
    wire = world.segments(world.server, record.remote[1])
    answer = pick(wire, "SYN-ACK", lambda s: s.has("S", "A"))
    bare = acks([s for s in wire if not s.sent], after(answer.seq))
    expect("the ACK on the wire is bare", bare.length, 0, record)
    expect_moment("ack-deferred", record, entry, bare.time)
    expect("its count, and the kernel's", (entry.count, drops), (entry.count, entry.count), record)
    return answer, bare


@scenario("O13 W3", "data comes late: the bare ACK has its own entry, and the round trip is that ACK's")
def deferred_ack(world):
    # What is delayed is the ACK: the server's capture sees the round trip.
    world.client.netem("delay", "30ms")
    for family in (4, 6):
        before = set_aside(world)
        port, listener = deferring(world, family)
        mine = world.client.connect(port, world.client.peer(family))
        half = world.record(world.server, port, lambda r: r.causes("ack-deferred"))
        expect_path(half, "LISTEN>NEW_SYN_RECV")
        wait.until("half a second", lambda: world.record(world.server, port).age > half.age + 0.5)
        mine.sendall(b"x")
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        seen = world.record(world.server, port, lambda r: r.owner != "-")
        expect_path(seen, *OPEN_PASSIVELY)
        expect_verdict(seen, "passive", "-", "-")
        answer, bare = expect_deferred(world, seen, set_aside(world) - before)
        expect_near("rtt_us", (seen.rtt_us or 0) / 1e6, bare.time - answer.time, 0.002, seen)
        expect_near("the delay shows in it", (seen.rtt_us or 0) / 1e6, 0.03, 0.01, seen)
        data = pick(world.segments(world.server, port), "data", lambda s: not s.sent and s.length)
        expect_moment("the child, made of the data", seen, seen.transitions[1], data.time)
        expect_true("which came much later", data.time - bare.time > 0.4, seen)


@scenario("O13 O8 W3", "what the client sends after the handshake is lost: the ACK came, no data did",
          virtual=True)
def deferred_in_vain(world):
    for family in (4, 6):
        before = set_aside(world)
        port, _ = deferring(world, family, 60)
        world.client.connect(port, world.client.peer(family))
        world.record(world.server, port, lambda r: r.causes("ack-deferred"))
        world.server.nft(f"tcp dport {port} drop")
        seen = world.ended(world.server, port, 600)
        world.server.nft_clear()
        expect_path(seen, *FAIL_PASSIVELY)
        expect_verdict(seen, "passive", "request-timed-out", "kernel")
        answer, bare = expect_deferred(world, seen, set_aside(world) - before)
        expect_near("rtt_us", (seen.rtt_us or 0) / 1e6, bare.time - answer.time, 0.002, seen)


@scenario("O13 O5 W3", "a client that never sends: taken at the end of the time, by the ACK of the last SYN-ACK",
          virtual=True)
def deferred_silence(world):
    for family in (4, 6):
        before = set_aside(world)
        port, _ = deferring(world, family)
        world.client.connect(port, world.client.peer(family))
        seen = world.record(world.server, port, lambda r: r.state == "ESTABLISHED", 120)
        expect_path(seen, *OPEN_PASSIVELY)
        answer, bare = expect_deferred(world, seen, set_aside(world) - before)
        expect_true("a SYN-ACK was sent again", seen.causes("syn-ack-again"), seen)
        expect_near("rtt_us, of the first ACK", (seen.rtt_us or 0) / 1e6,
                    bare.time - answer.time, 0.002, seen)


@scenario("O13 W3", "each ACK of a SYN-ACK that came again is one more; after a lost SYN-ACK no round trip is known",
          virtual=True)
def deferred_again(world):
    before = set_aside(world)
    port, _ = deferring(world, seconds=60)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    peer.receive("SA", what="a SYN-ACK again")
    for _ in range(3):
        peer.send("A")
    seen = world.record(world.server, port, lambda r: r.causes("ack-deferred")
                        and once(r, "ack-deferred").count == 3)
    expect("the kernel's count", set_aside(world) - before, 3, seen)
    peer.send("A", b"data")
    seen = world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
    expect("rtt_us", seen.rtt_us, None, seen)


@scenario("O13 W3", "ACKs that are refused are not deferred, nor are those that come with data or FIN")
def deferred_or_refused(world):
    def refuse(peer, **how):
        peer.send("A", **how)

    for name, send in {
            "a wrong ACK number": lambda peer: refuse(peer, ack=after(peer.ack, 5), seq=peer.seq),
            "outside the window": lambda peer: refuse(peer, seq=after(peer.seq, 1 << 20)),
            "behind it": lambda peer: refuse(peer, seq=after(peer.seq, -2)),
            "an older timestamp": lambda peer: refuse(peer, seq=peer.seq, ts=(1, peer.echo)),
            "no ACK": lambda peer: peer.send("P", seq=peer.seq, ts=(2000, peer.echo))}.items():
        before = set_aside(world)
        port, _ = deferring(world)
        peer = world.ghost(world.client, port)
        peer.send("S", mss=1400, ts=(1000, 0))
        peer.echo = peer.receive("SA").options["ts"][0]
        send(peer)
        # What comes behind it is taken: the one before has been looked at by then.
        peer.send("A", ts=(3000, peer.echo))
        seen = world.record(world.server, port, lambda r: r.causes("ack-deferred"))
        expect(f"{name}: deferred, by record and kernel",
               (once(seen, "ack-deferred").count, set_aside(world) - before), (1, 1), seen)
    for flags, payload in (("A", b"data"), ("FA", b"")):
        before = set_aside(world)
        port, _ = deferring(world)
        peer = world.ghost(world.client, port)
        peer.send("S", mss=1400)
        peer.receive("SA")
        peer.send(flags, payload)
        seen = world.record(world.server, port, lambda r: r.state not in ("NEW_SYN_RECV", "SYN_RECV"))
        expect("deferred", (seen.causes("ack-deferred"), set_aside(world) - before), ([], 0), seen)
        expect_true("the round trip is that of the first ACK", (seen.rtt_us or 0) / 1e6 < 10 * MOMENT, seen)


@scenario("O13 W3", "without TCP_DEFER_ACCEPT nothing is deferred; nor for what comes to a Fast Open child")
def deferred_nothing(world):
    before = set_aside(world)
    world.server.sysctl("net.ipv4.tcp_fastopen", 0x203)
    port = world.port()
    world.server.listen(port, options=[(*DEFER_ACCEPT, 5), (socket.IPPROTO_TCP, 23, 16)])
    peer = world.ghost(world.client, port)
    peer.send("S", b"data", mss=1400)
    peer.receive("SA")
    peer.send("A")
    seen = world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
    expect("open", seen.open, "fastopen", seen)
    expect("deferred", seen.causes("ack-deferred"), [], seen)
    _, mine, _ = world.pair()
    seen = world.record(world.server, net.remote(mine)[1])
    expect("deferred", (seen.causes("ack-deferred"), set_aside(world) - before), ([], 0), seen)
