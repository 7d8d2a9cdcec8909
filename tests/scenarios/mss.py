# SPDX-License-Identifier: GPL-2.0-only
"""Rows N1 and N2: the MSS advertised, received, effective, and why each is what it is."""
import socket

from lib import icmp, net, wait
from lib.failure import expect, expect_near, expect_true
from lib.net import DEVICE
from lib.registry import scenario
from lib.story import once
from lib.wire import MOMENT, ghost_client, pick, read_all

MAXSEG = (socket.IPPROTO_TCP, socket.TCP_MAXSEG)
# What of an MTU is no payload: both headers, and the timestamps in each segment.
HEADERS, TIMESTAMPS = {4: 40, 6: 60}, 12


def expect_mss(what, record, adv, adv_by, rcv, eff, eff_by):
    expect(f"{what}: mss_adv, mss_adv_by, mss_rcv, mss_eff, mss_eff_by",
           (record.mss_adv, record.mss_adv_by, record.mss_rcv, record.mss_eff, record.mss_eff_by),
           (adv, adv_by, rcv, eff, eff_by), record)


def both_ends(world, family, client, server, **options):
    """A connection whose two records show this; bytes are sent, and fill segments so long."""
    _, mine, theirs = world.pair(family=family, **options)
    port = net.remote(mine)[1]
    expect_mss(f"IPv{family}, the client", world.record(world.client, port), *client)
    expect_mss(f"IPv{family}, the server", world.record(world.server, port), *server)
    for side, sender, receiver, told in ((world.client, mine, theirs, client),
                                         (world.server, theirs, mine, server)):
        sender.sendall(bytes(4 * told[3]))
        read_all(receiver, 4 * told[3])
        longest = max(s.length for s in world.segments(side, port) if s.sent)
        expect(f"IPv{family}, payload of a full segment of the {side.name}'s", longest, told[3])


@scenario("N1", "what the own MTU leaves: an ordinary Ethernet, a smaller one, a larger one")
def mss_of_mtu(world):
    for mtu in (1500, 1400, 9000):
        for side in (world.client, world.server):
            side.ip(f"link set {DEVICE} mtu {mtu}")
        for family in (4, 6):
            adv = mtu - HEADERS[family]
            told = (adv, "mtu", adv, adv - TIMESTAMPS, "mtu")
            both_ends(world, family, told, told)


@scenario("N1", "without timestamps their 12 bytes are payload")
def mss_without_timestamps(world):
    world.client.sysctl("net.ipv4.tcp_timestamps", 0)
    for family in (4, 6):
        adv = 1500 - HEADERS[family]
        both_ends(world, family, (adv, "mtu", adv, adv, "mtu"), (adv, "mtu", adv, adv, "mtu"))


@scenario("N1", "IPv4 by an IPv6 socket, at both ends: the header is IPv4's")
def mss_mapped(world):
    port = world.port()
    listener = world.server.listen(port, "::", dual=True)
    mine = world.client.connect(port, f"::ffff:{world.client.peer(4)}")
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    for side in (world.client, world.server):
        seen = world.record(side, port)
        expect("family", seen.family, "ipv4-mapped", seen)
        expect_mss(side.name, seen, 1460, "mtu", 1460, 1448, "mtu")
    mine.sendall(bytes(4 * 1448))
    read_all(theirs, 4 * 1448)
    expect("payload of a full segment", max(s.length for s in world.segments(world.client, port)), 1448)


@scenario("N1", "over lo, whose MTU exceeds what the window lets through at first")
def mss_of_loopback(world):
    world.capture_loopback(world.client)
    for family, address, adv in ((4, "127.0.0.1", 65495), (6, "::1", 65476)):
        port = world.port()
        listener = world.client.listen(port, address)
        mine = world.client.connect(port, address)
        theirs, _ = listener.accept()
        world.client.sockets.append(theirs)
        theirs.setblocking(False)
        mine.setblocking(False)
        mine.send(bytes(100000))
        first = world.capture["client/lo"].of(port)[3].length
        for seen in world.records(world.client, port):
            expect(f"IPv{family}: advertised, received", (seen.mss_adv, seen.mss_adv_by, seen.mss_rcv),
                   (adv, "mtu", adv), seen)
            if seen.open == "active":
                expect("effective", (seen.mss_eff, seen.mss_eff_by), (first, "window"), seen)
        expect_true("less than the MTU allows", first < adv - TIMESTAMPS)


@scenario("N1", "the peer's MTU is smaller: its option holds ours down")
def mss_of_peer(world):
    for small, large in ((world.client, world.server), (world.server, world.client)):
        small.ip(f"link set {DEVICE} mtu 1300")
        large.ip(f"link set {DEVICE} mtu 1500")
        for family in (4, 6):
            less, more = 1300 - HEADERS[family], 1500 - HEADERS[family]
            own = (less, "mtu", more, less - TIMESTAMPS, "mtu")
            other = (more, "mtu", less, less - TIMESTAMPS, "peer")
            both_ends(world, family, *((own, other) if small is world.client else (other, own)))


@scenario("N1", "TCP_MAXSEG, on the connecting socket or the listener")
def mss_of_maxseg(world):
    for family in (4, 6):
        full = 1500 - HEADERS[family]
        own = (1000, "maxseg", full, 1000 - TIMESTAMPS, "maxseg")
        other = (full, "mtu", 1000, 1000 - TIMESTAMPS, "peer")
        both_ends(world, family, own, other, connect=[(*MAXSEG, 1000)])
        both_ends(world, family, other, own, listen=[(*MAXSEG, 1000)])


@scenario("N1", "TCP_MAXSEG on both, the smaller one rules")
def mss_of_both_maxsegs(world):
    for family in (4, 6):
        for client, server in ((900, 1100), (1100, 900)):
            less = min(client, server) - TIMESTAMPS
            both_ends(world, family,
                      (client, "maxseg", server, less, "maxseg" if client < server else "peer"),
                      (server, "maxseg", client, less, "maxseg" if server < client else "peer"),
                      connect=[(*MAXSEG, client)], listen=[(*MAXSEG, server)])


def route(side, family, *words):
    """The metrics of the way to the other end, in the place of what the kernel set up."""
    where = ("10.77.0.0/24", "src", side.address(4)) if family == 4 else ("fd77::/64", "metric", "256")
    side.run("ip", f"-{family}", "route", "replace", *where, "dev", DEVICE, "proto", "kernel", *words)


@scenario("N1", "the route's advmss: what we advertise, not what we send")
def mss_of_advmss(world):
    for family in (4, 6):
        full = 1500 - HEADERS[family]
        own = (1000, "route", full, full - TIMESTAMPS, "mtu")
        other = (full, "mtu", 1000, 1000 - TIMESTAMPS, "peer")
        for side, told in ((world.client, (own, other)), (world.server, (other, own))):
            route(side, family, "advmss", "1000")
            both_ends(world, family, *told)
            route(side, family)


@scenario("N4 N1 O9", "a SYN cookie rounds the peer's MSS down to one of four; what the peer offered is not known")
def mss_of_cookie(world):
    world.server.sysctl("net.ipv4.tcp_syncookies", 2)
    for family, table in ((4, (536, 1300, 1440, 1460)), (6, (1220, 1420, 1440, 8940))):
        full = 1500 - HEADERS[family]
        for offered in (1400, 1200, 1000, table[1], full):
            route(world.client, family, "advmss", str(offered))
            _, mine, theirs = world.pair(family=family)
            port = net.remote(mine)[1]
            syn = pick(world.segments(world.server, port), "SYN", lambda s: s.has("S") and not s.sent)
            expect("MSS of the SYN", syn.options["mss"], offered)
            left = max((n for n in table if n <= offered), default=table[0])
            seen = world.record(world.server, port)
            expect_mss(f"IPv{family}, {offered}", seen, full, "mtu", None, left - TIMESTAMPS,
                       "mtu" if left >= full else "cookie")
            theirs.sendall(bytes(4 * full))
            read_all(mine, 4 * full)
            expect("payload of a full segment",
                   max(s.length for s in world.segments(world.server, port) if s.sent), seen.mss_eff)
            expect("options, as the SYN had them, by way of its timestamp", seen.agreed, syn.offered - {"mss"}, seen)
        # TCP_MAXSEG bounds what the cookie is made of: one that the table has, and one that it has not.
        route(world.client, family)
        for maxseg, by in ((table[1], "maxseg"), (table[1] + 10, "cookie")):
            _, mine, _ = world.pair(family=family, listen=[(*MAXSEG, maxseg)])
            expect_mss(f"IPv{family}, TCP_MAXSEG", world.record(world.server, net.remote(mine)[1]),
                       maxseg, "maxseg", None, table[1] - TIMESTAMPS, by)


@scenario("N1", "the route's mtu, locked or not: what we advertise and what we send")
def mss_of_route_mtu(world):
    for family in (4, 6):
        for words in (("mtu", "1300"), ("mtu", "lock", "1300")):
            full, less = 1500 - HEADERS[family], 1300 - HEADERS[family]
            own = (less, "route", full, less - TIMESTAMPS, "route")
            other = (full, "mtu", less, less - TIMESTAMPS, "peer")
            for side, told in ((world.client, (own, other)), (world.server, (other, own))):
                route(side, family, *words)
                both_ends(world, family, *told)
                route(side, family)


@scenario("N1", "no MSS option from the peer: absent, then 536 and 1220, on both sides of the opening")
def mss_absent(world):
    for family, default in ((4, 536), (6, 1220)):
        full = 1500 - HEADERS[family]
        told = (full, "mtu", "absent", default, "default")
        peer, theirs = ghost_client(world, family, sack=True)
        expect_mss(f"IPv{family}, passive", world.record(world.server, peer.remote[1]), *told)
        theirs.sendall(bytes(3000))
        expect("payload of a full segment", peer.receive("A").length, default)

        peer = world.ghost(world.server, family=family)
        world.ports.add(peer.local[1])
        mine = world.client.connect(peer.local[1], str(peer.local[0]), blocking=False)
        peer.receive("S", without="A")
        peer.send("SA")
        peer.receive("A", without="S")
        seen = world.record(world.client, peer.local[1], lambda r: r.state == "ESTABLISHED")
        expect_mss(f"IPv{family}, active", seen, *told)
        mine.send(bytes(3000))
        expect("payload of a full segment", peer.receive("A").length, default)


@scenario("N1", "an MSS of the peer's larger than our MTU: received as it is, and not used")
def mss_larger(world):
    for family in (4, 6):
        full = 1500 - HEADERS[family]
        peer, theirs = ghost_client(world, family, mss=9000)
        expect_mss(f"IPv{family}", world.record(world.server, peer.remote[1]),
                   full, "mtu", 9000, full, "mtu")
        theirs.sendall(bytes(3000))
        expect("payload of a full segment", peer.receive("A").length, full)


@scenario("N1", "an MSS of 1 from the peer: received as it is; what the kernel makes of it")
def mss_smallest(world):
    for family in (4, 6):
        peer, theirs = ghost_client(world, family, mss=1)
        seen = world.record(world.server, peer.remote[1])
        expect("advertised, received", (seen.mss_adv, seen.mss_rcv), (1500 - HEADERS[family], 1), seen)
        # tcp_min_snd_mss is what the kernel takes it for at least, options included.
        theirs.sendall(bytes(100))
        expect("its full segment", seen.mss_eff, peer.receive("A").length, seen)


@scenario("N1", "an MSS option of 0 from the peer: it stood there, and the kernel takes the default")
def mss_zero(world):
    for family, default in ((4, 536), (6, 1220)):
        peer, _ = ghost_client(world, family, mss=0)
        expect_mss(f"IPv{family}", world.record(world.server, peer.remote[1]),
                   1500 - HEADERS[family], "mtu", 0, default, "default")


@scenario("N1", "a small window of the peer's: a segment is half of it at most")
def mss_of_window(world):
    for family in (4, 6):
        peer = world.ghost(world.server, family=family)
        mine = world.client.connect(peer.local[1], str(peer.local[0]), blocking=False)
        peer.receive("S", without="A")
        peer.send("SA", mss=1460, window=1000)
        peer.receive("A", without="S")
        seen = world.record(world.client, peer.local[1], lambda r: r.state == "ESTABLISHED")
        mine.send(bytes(3000))
        first = peer.receive("A").length
        full = 1500 - HEADERS[family]
        expect_mss(f"IPv{family}", seen, full, "mtu", 1460, first, "window")
        expect("half of the window", first, 500, seen)


def learn(world, side, other, port, mtu, family):
    """A router on the way says that the last full segment of this side was too big."""
    sent = pick(reversed(world.segments(side, port)), f"segment above {mtu}",
                lambda s: s.sent and s.length > mtu - HEADERS[family] - TIMESTAMPS)
    router = world.ghost(other, family=family)
    router.send_packet(icmp.too_big(sent, mtu, router.local[0]))


def lose_a_segment(world, family):
    """An established connection, a full segment of the client's lost on its way: the port, the sockets."""
    _, mine, theirs = world.pair(family=family)
    port = net.remote(mine)[1]
    world.server.nft(f"tcp dport {port} drop")
    mine.sendall(bytes(1400))
    wait.until("the segment on the wire",
               lambda: [s for s in world.segments(world.client, port) if s.length > 1300])
    return port, mine, theirs


def syn_mss(world, family):
    """The MSS option of a SYN the client sends now."""
    _, mine, _ = world.pair(family=family)
    return world.segments(world.client, net.remote(mine)[1])[0].options["mss"]


@scenario("N1 N2", "path MTU learned by ICMP: the connection's own change, and what later ones begin with")
def mss_of_path(world):
    for family, mtu in ((4, 1200), (6, 1300)):
        full, less = 1500 - HEADERS[family], mtu - HEADERS[family]
        port, _, theirs = lose_a_segment(world, family)
        learn(world, world.client, world.server, port, mtu, family)
        world.server.nft_clear()
        read_all(theirs, 1400)
        # What follows begins with what was learned. Some kernels also advertise it.
        if syn_mss(world, family) == full:
            told = (full, "mtu"), (full, full - TIMESTAMPS, "mtu")
        else:
            told = (less, "pmtu"), (less, less - TIMESTAMPS, "peer")
        both_ends(world, family, (*told[0], full, less - TIMESTAMPS, "pmtu"), (full, "mtu", *told[1]))
        longest = [s.length for s in world.segments(world.client, port) if s.sent and s.length]
        expect_true("sent again in smaller pieces", longest[0] > max(longest[1:]))


@scenario("N2", "the MSS changes in mid-life: an entry with old and new, for each change")
def mss_changed(world):
    for family, mtu in ((4, 1200), (6, 1300)):
        full, less = (size - HEADERS[family] - TIMESTAMPS for size in (1500, mtu))
        port, _, theirs = lose_a_segment(world, family)
        learn(world, world.client, world.server, port, mtu, family)
        world.server.nft_clear()
        read_all(theirs, 1400)
        seen = world.record(world.client, port)
        expect_changes(seen, (full, less, "pmtu"))
        changed = once(seen, "mss-changed")
        expect("count, state", (changed.count, changed.state), (1, "ESTABLISHED"), seen)
        # The next segment leaves in the moment in which the ICMP came.
        again = [s for s in world.segments(world.client, port) if s.sent and s.length == less][0]
        expect_near("its time", seen.start + changed.time, again.time, MOMENT, seen)


def expect_changes(record, *changes):
    """These entries, and the last of them is what the record says."""
    found = [(e.old_mss, e.new_mss, e.by) for e in record.causes("mss-changed")]
    expect("old, new, by", found, list(changes), record)
    expect("mss_eff, mss_eff_by", (record.mss_eff, record.mss_eff_by), changes[-1][1:], record)


@scenario("N2", "a path that gets narrower again and again: four changes one by one, the rest counted")
def mss_changes(world):
    mtus = (1450, 1400, 1350, 1320, 1300, 1280)
    for family in (4, 6):
        sizes = [mtu - HEADERS[family] - TIMESTAMPS for mtu in (1500, *mtus)]
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        for old, mtu in zip(sizes, mtus):
            world.server.nft(f"tcp dport {port} drop")
            mine.sendall(bytes(old))
            wait.until("the segment on the wire", lambda size=old: [
                s for s in world.segments(world.client, port) if s.sent and s.length == size])
            learn(world, world.client, world.server, port, mtu, family)
            world.server.nft_clear()
            read_all(theirs, old)
        seen = world.record(world.client, port)
        expect_changes(seen, *((*pair, "pmtu") for pair in zip(sizes[:3], sizes[1:4])),
                       (sizes[3], sizes[6], "pmtu"))
        expect("counts", [e.count for e in seen.causes("mss-changed")], [1, 1, 1, 3], seen)


@scenario("N2", "MTU probing finds that large segments do not get through: the kernel falls back to"
          " tcp_base_mss, and the record with it", virtual=True)
def mss_of_probing(world):
    world.client.sysctl("net.ipv4.tcp_mtu_probing", 1)
    base = int(world.client.sysctl("net.ipv4.tcp_base_mss"))
    for family in (4, 6):
        full = 1500 - HEADERS[family] - TIMESTAMPS
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        world.server.nft(f"tcp dport {port} meta length > {base + 100} drop")
        mine.sendall(bytes(1400))
        read_all(theirs, 1400)
        world.server.nft_clear()
        seen = world.record(world.client, port)
        expect_changes(seen, (full, base, "pmtu"))
        sizes = [s.length for s in world.segments(world.client, port) if s.sent and s.length]
        expect("what went out last", max(sizes[-2:]), base, seen)


@scenario("N2", "a route that gets wider: no hook tells, so it is told when our FIN leaves")
def mss_of_changed_route(world):
    for family in (4, 6):
        full, less = (size - HEADERS[family] - TIMESTAMPS for size in (1500, 1300))
        route(world.client, family, "mtu", "1300")
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        route(world.client, family)
        for _ in range(3):
            mine.sendall(bytes(1400))
            read_all(theirs, 1400)
        world.orphan(mine)
        seen = world.record(world.client, port, lambda r: r.causes("fin-wait-2-armed"))
        expect_changes(seen, (less, full, "mtu"))
        expect("its place", [e.cause for e in seen.entries][-3:],
               ["close", "fin-acked", "fin-wait-2-armed"], seen)
        expect("in", once(seen, "mss-changed").state, "ESTABLISHED", seen)
        sizes = [s.length for s in world.segments(world.client, port) if s.sent and s.length]
        expect_true("segments grew", less in sizes and max(sizes) > less, seen)
