"""Row N3: options offered and agreed, under every setting of either side."""
import itertools

from lib import net
from lib.failure import expect, expect_true
from lib.net import DEVICE
from lib.registry import scenario
from lib.wire import ghost_client

SYSCTLS = {"wscale": "tcp_window_scaling", "sack": "tcp_sack", "ts": "tcp_timestamps"}
ALL = frozenset(("mss", *SYSCTLS))


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
