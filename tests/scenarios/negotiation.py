# SPDX-License-Identifier: GPL-2.0-only
"""Row N3: options offered and agreed, under every setting of either side."""
import contextlib
import itertools
import socket
import struct

from lib import net
from lib.failure import expect, expect_true
from lib.net import DEVICE
from lib.registry import scenario
from lib.wire import ghost_client

SYSCTLS = {"wscale": "tcp_window_scaling", "sack": "tcp_sack", "ts": "tcp_timestamps"}
ALL = frozenset(("mss", *SYSCTLS))
TCP_MD5SIG, TCP_FASTOPEN, MSG_FASTOPEN = 14, 23, 0x20000000


def switch(side, **options):
    for option, value in options.items():
        side.sysctl("net.ipv4." + SYSCTLS[option], value)


def expect_options(world, port, offered, agreed):
    """Both ends tell the same, and the same as the wire (which audit() compares, too)."""
    for side in (world.client, world.server):
        seen = world.record(side, port, lambda r: r.state == "ESTABLISHED")
        expect(f"{side.name}: offered, agreed", (seen.offered, seen.agreed), (offered, agreed), seen)
    syn, answer = world.segments(world.client, port)[:2]
    expect("offered on the wire", syn.offered, offered)
    expect("agreed on the wire", syn.offered & answer.offered, agreed)


@scenario("N3", "window scale, SACK and timestamps, each on or off at either side: offered and agreed")
def options(world):
    for family in (4, 6):
        for names in itertools.chain.from_iterable(
                itertools.combinations(SYSCTLS, count) for count in range(len(SYSCTLS) + 1)):
            off = dict.fromkeys(names, 0)
            for sides in ((world.client,), (world.server,), (world.client, world.server)):
                for side in (world.client, world.server):
                    switch(side, **{**dict.fromkeys(SYSCTLS, 1), **(off if side in sides else {})})
                _, mine, _ = world.pair(family=family)
                offered = ALL - set(names) if world.client in sides else ALL
                expect_options(world, net.remote(mine)[1], offered, ALL - set(names))


@scenario("N3", "shift counts: those on the wire, from the buffers of either side; none if not agreed")
def window_scale(world):
    # The largest buffer a connection may grow to is what its shift count has to cover, and
    # rmem_max at least, which is 4 MiB on newer kernels.
    for client, server in ((65536, 65536), (131072, 16777216), (67108864, 131072)):
        world.client.sysctl("net.ipv4.tcp_rmem", f"4096 131072 {client}")
        world.server.sysctl("net.ipv4.tcp_rmem", f"4096 131072 {server}")
        for family in (4, 6):
            _, mine, _ = world.pair(family=family)
            port = net.remote(mine)[1]
            syn, answer = world.segments(world.client, port)[:2]
            shifts = syn.options["wscale"], answer.options["wscale"]
            ours, theirs = (world.record(side, port) for side in (world.client, world.server))
            expect("client's wscale", ours.wscale, shifts, ours)
            expect("server's wscale", theirs.wscale, shifts[::-1], theirs)
            expect_true("the settings show in it", client == server or shifts[0] != shifts[1], ours)
    switch(world.server, wscale=0)
    _, mine, _ = world.pair()
    for side in (world.client, world.server):
        seen = world.record(side, net.remote(mine)[1])
        expect("wscale", seen.wscale, None, seen)


@scenario("N3", "ECN under each setting of tcp_ecn: asked for, only answered, refused")
def ecn(world):
    for family, client, server in itertools.product((4, 6), (0, 1, 2), (0, 1, 2)):
        world.client.sysctl("net.ipv4.tcp_ecn", client)
        world.server.sysctl("net.ipv4.tcp_ecn", server)
        _, mine, _ = world.pair(family=family)
        asked = {"ecn"} if client == 1 else set()
        expect_options(world, net.remote(mine)[1], ALL | asked, ALL | (asked if server else set()))


@scenario("N3", "ECN asked for by the route, not by tcp_ecn")
def ecn_of_route(world):
    world.client.ip(f"route replace 10.77.0.0/24 dev {DEVICE} proto kernel src 10.77.0.1 features ecn",
                    f"route replace fd77::/64 metric 256 dev {DEVICE} proto kernel features ecn")
    for family in (4, 6):
        _, mine, _ = world.pair(family=family)
        expect_options(world, net.remote(mine)[1], ALL | {"ecn"}, ALL | {"ecn"})


@scenario("N3", "a peer's SYN with any selection of options: offered as they stood there")
def options_of_a_peer(world):
    choices = {"mss": 1400, "wscale": 3, "sack": True, "ts": (7, 0)}
    for family in (4, 6):
        for count in range(len(choices) + 1):
            for names in itertools.combinations(choices, count):
                # An empty selection would make the peer choose for itself.
                chosen = {name: choices[name] for name in names} or {"sack": False}
                peer, _ = ghost_client(world, family, **chosen)
                seen = world.record(world.server, peer.remote[1])
                expect("offered, agreed", (seen.offered, seen.agreed), (frozenset(names),) * 2, seen)
                expect("mss_rcv", seen.mss_rcv, 1400 if "mss" in names else "absent", seen)
                expect("the peer's shift count", seen.wscale and seen.wscale[1],
                       3 if "wscale" in names else None, seen)


def md5_key(address, key=b"secret"):
    """A setsockopt() triple: sign what goes to this address, and ask for the same."""
    host = socket.inet_pton(net.family_of(address), address)
    end = struct.pack("=HH", net.family_of(address), 0) + \
        (bytes(4) + host if net.family_of(address) == socket.AF_INET6 else host)
    return (socket.IPPROTO_TCP, TCP_MD5SIG,
            end.ljust(128, b"\0") + struct.pack("=BBHI80s", 0, 0, len(key), 0, key))


@scenario("N3", "TCP_MD5SIG: no timestamps next to it, offered and agreed; a key for another peer changes nothing")
def md5(world):
    for family in (4, 6):
        for other in (False, True):
            keys = [[md5_key(side.peer(family))] for side in (world.server, world.client)]
            if other:
                keys = [[md5_key(side.ghost(family))] for side in (world.server, world.client)]
            _, mine, _ = world.pair(family=family, listen=keys[0], connect=keys[1])
            told = ALL if other else ALL - {"ts"} | {"md5"}
            expect_options(world, net.remote(mine)[1], told, told)


def fast_open(world, port):
    """The options of the SYN on record, and those on the wire; whether it had data."""
    mine = world.client.tcp()
    mine.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        mine.sendto(b"data", MSG_FASTOPEN, (world.client.peer(), port))
    seen = world.record(world.client, port, lambda r: r.offered is not None,
                        remote_port=mine.getsockname()[1])
    syn = world.capture["client"].between(seen.local, seen.remote)[0][0]
    expect("offered, and what the SYN carried", seen.offered, syn.offered, seen)
    return seen.offered, syn.length > 0, mine


@scenario("N3 O10", "Fast Open: a cookie asked for, sent, not needed, or switched off as its SYNs were swallowed",
          virtual=True)
def fast_open_offered(world):
    for side in (world.client, world.server):
        side.sysctl("net.ipv4.tcp_fastopen", 3)
    world.client.sysctl("net.ipv4.tcp_fastopen_blackhole_timeout_sec", 3600)
    port = world.port()
    world.server.listen(port, options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)])
    asked = fast_open(world, port)
    expect("a cookie is asked for", asked[:2], (ALL | {"tfo"}, False))
    world.record(world.client, port, lambda r: r.state == "ESTABLISHED")
    expect("the cookie is sent", fast_open(world, port)[:2], (ALL | {"tfo"}, True))
    world.client.sysctl("net.ipv4.tcp_fastopen", 5)
    unasked = fast_open(world, port)
    expect("no cookie is needed", unasked[:2], (ALL, True))
    world.client.sysctl("net.ipv4.tcp_fastopen", 3)
    # Two SYNs with it go unanswered, so the kernel thinks that a firewall swallows them.
    world.server.nft(f"tcp dport {port} drop")
    lost = fast_open(world, port)[2]
    world.record(world.client, port, lambda r: sum(e.count for e in r.causes("timer-rto-syn")) >= 3, 60,
                 remote_port=lost.getsockname()[1])
    lost.close()
    world.server.nft_clear()
    expect("switched off", fast_open(world, port)[:2], (ALL, False))


@scenario("N3 O10", "Fast Open next to TCP_MD5SIG: as the room for options has it")
def fast_open_signed(world):
    for side in (world.client, world.server):
        side.sysctl("net.ipv4.tcp_fastopen", 3)
    plain, signing = world.port(), world.port()
    world.server.listen(plain, options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)])
    world.server.listen(signing, options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 16),
                                          md5_key(world.server.peer())])
    for with_cookie in (False, True):
        mine = world.client.tcp()
        mine.setsockopt(*md5_key(world.client.peer()))
        mine.sendto(b"data", MSG_FASTOPEN, (world.client.peer(), signing))
        seen = world.record(world.client, signing, lambda r: r.state == "ESTABLISHED",
                            remote_port=mine.getsockname()[1])
        syn = world.capture["client"].between(seen.local, seen.remote)[0][0]
        expect("offered, and what the SYN carried", seen.offered, syn.offered, seen)
        expect("room for a request for a cookie, and none for the cookie", seen.offered,
               ALL - {"ts"} | ({"md5"} if with_cookie else {"md5", "tfo"}), seen)
        # The peer's cookie is kept for its address: this connection fetches it.
        fast_open(world, plain)[2].close()


def offers(world, name, kind, value):
    port = world.port()
    world.server.listen(port)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400, other=[(kind, value)])
    seen = world.record(world.server, port)
    expect("offered", seen.offered, frozenset({"mss"} | ({name} if name else set())), seen)


@scenario("N3 O8", "a SYN with options that the listener has no use for: offered as they stood there")
def rare_options_of_a_peer(world):
    for name, kind, value in (("mptcp", 30, b"\0\x81" + bytes(8)), ("tfo", 254, b"\xf9\x89"), ("tfo", 34, b""),
                              (None, 254, b"\xe2\xd4\xc3\xd9")):
        offers(world, name, kind, value)


@scenario("N3 O8", "a SYN with TCP-AO, for which the listener has no key: offered")
def ao_of_a_peer(world):
    offers(world, "ao", 29, b"\1\1" + bytes(12))
