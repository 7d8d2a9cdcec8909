# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: changing what is recorded, and what is refused."""
import errno
import socket
import time

from lib import lives, net, nl, record
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_verdict
from lib.wire import ghost_client

DEFAULT = {"retention": 600, "exclude-loopback": 0}


def config(client):
    got = client.do("config-get")
    return {"retention": got["retention"], "exclude-loopback": got["exclude-loopback"],
            "port": sorted(got.get("port", ())),
            "group": {group["group"]: group["enabled"] for group in got["group"]}}


@scenario("netlink", "retention: an ended connection goes after that many seconds, once it was set",
          virtual=True)
def set_retention(world):
    world.excuse("missing", "what ended goes away")
    world.reload()
    client = nl.Client()
    expect("as loaded", config(client)["retention"], 600)
    client.do("config-set", retention=30)
    expect("what config-get says", config(client)["retention"], 30)
    _, mine, _ = world.pair()
    port = net.remote(mine)[1]
    mine.setsockopt(*lives.LINGER_0)
    mine.close()
    expect("it ended", world.record(world.client, port).ended, True)
    time.sleep(20)
    expect("records after 20 s", len(world.records(world.client, port)), 1)
    time.sleep(70)
    expect("records after 90 s", len(world.records(world.client, port)), 0)
    expect("it does not count as evicted", record.read().header.evicted, 0)
    client.do("config-set", retention=600)
    _, mine, _ = world.pair()
    port = net.remote(mine)[1]
    mine.setsockopt(*lives.LINGER_0)
    mine.close()
    time.sleep(500)
    expect("records after 500 s of 600", len(world.records(world.client, port)), 1)


@scenario("netlink", "ports and loopback: what begins from now on is left out, what is on record goes on")
def set_filter(world):
    world.excuse("missing", "connections are left out on purpose")
    world.excuse("counters", "excluded is meant to rise")
    world.reload()
    client = nl.Client()
    listed, other = world.port(), world.port()
    old = world.pair(other)
    client.do("config-set", port=[listed, 9])
    expect("ports", config(client)["port"], sorted([listed, 9]))
    world.pair(listed)
    expect("on a listed port", len(world.records(world.client, listed)), 1)
    mine = world.client.connect(other)
    world.server.sockets += [mine, old[0].accept()[0]]
    expect("on another", len(world.records(world.client, other)), 1)
    lives.finish(*old[1:])
    world.record(world.client, other, lambda r: r.state == "TIME_WAIT")
    client.do("config-set", port=[80])
    expect("ports: another list adds to it, or takes its place", config(client)["port"],
           lambda ports: 80 in ports)
    client.do("config-set", any_port=True, port=[81])
    expect("any-port with ports: a new list", config(client)["port"], [81])
    client.do("config-set", any_port=True)
    expect("any-port", config(client)["port"], [])
    third = world.port()
    world.pair(third)
    expect("now on any", len(world.records(world.client, third)), 1)
    client.do("config-set", exclude_loopback=1)
    port = world.port()
    listener = world.client.listen(port, "127.0.0.1")
    world.client.connect(port, "127.0.0.1")
    world.client.sockets.append(listener.accept()[0])
    expect("over loopback, excluded", world.records(world.client, port), [])
    client.do("config-set", exclude_loopback=0)
    world.client.connect(port, "127.0.0.1")
    world.client.sockets.append(listener.accept()[0])
    expect("over loopback, included", len(world.records(world.client, port)), 2)
    expect_true("excluded counts", record.read().header.excluded >= 4)


@scenario("netlink", "a hook group off: its hooks tell nothing, the rest goes on; on again: they do")
def set_group(world):
    world.reload()
    client = nl.Client()
    port = world.port()
    listener = world.server.listen(port)

    def count_timers():
        """Entries of the delayed ACK, which each of these makes certain."""
        mine = world.client.connect(port)
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        # Out of the quick mode in which all is acknowledged at once.
        theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        for _ in range(5):
            mine.sendall(b"x")
            theirs.recv(1)
            time.sleep(0.3)
        seen = [r for r in world.records(world.server, port)
                if r.remote == net.local(mine)]
        expect("records", len(seen), 1)
        return len(seen[0].causes("timer-delayed-ack")), seen[0]

    def groups():
        return {row["symbol"]: row.get("enabled", False) for row in client.dump("hook-get")
                if row["group"] == "timers"}

    expect("enabled at first", set(groups().values()), {True})
    some, seen = count_timers()
    expect_true("timers while it is on", some > 0, seen)
    client.do("config-set", group=[{"group": "timers", "enabled": 0}])
    expect("group timers", config(client)["group"]["timers"], 0)
    expect("enabled", set(groups().values()), {False})
    before = sum(r["hits"] for r in client.dump("hook-get") if r["group"] == "timers")
    none, seen = count_timers()
    # The fires are there for the wire to see, and not on record.
    world.excuse("promises", "timers are left out on purpose")
    world.excuse("segments", "timers are left out on purpose")
    expect("timers while it is off", none, 0, seen)
    expect_path(seen, "LISTEN>NEW_SYN_RECV", "NEW_SYN_RECV>SYN_RECV", "SYN_RECV>ESTABLISHED")
    after = sum(r["hits"] for r in client.dump("hook-get") if r["group"] == "timers")
    expect("hits while it is off", after - before, 0)
    client.do("config-set", group=[{"group": "timers", "enabled": 1}])
    expect("enabled again", (config(client)["group"]["timers"], set(groups().values())), (1, {True}))
    again, seen = count_timers()
    expect_true("timers, on again", again > 0, seen)


@scenario("netlink C12", "who turns off what tells causes gets `unknown` for an end by RST, and nothing made up")
def unknown_on_purpose(world):
    client = nl.Client()
    for family in (4, 6):
        client.do("config-set", group=[{"group": "causes", "enabled": 0}])
        try:
            peer, _ = ghost_client(world, family)
            peer.send("R")
            seen = world.ended(world.server, peer.remote[1])
        finally:
            client.do("config-set", group=[{"group": "causes", "enabled": 1}])
        expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(seen, "passive", "unknown", "unknown")
        expect("cause", seen.transitions[-1].cause, "unknown", seen)


@scenario("netlink", "each hook group but core can be turned off and on, twice over, under traffic")
def all_groups(world):
    world.excuse("missing", "hooks come and go")
    for part in ("counters", "promises", "segments", "transitions"):
        world.excuse(part, "hooks come and go")
    world.reload()
    client = nl.Client()
    names = [name for name in config(client)["group"] if name != "core"]
    expect_true(f"groups: {names}", len(names) >= 6)
    for name in names:
        for enabled in (0, 0, 1, 1):
            client.do("config-set", group=[{"group": name, "enabled": enabled}])
            expect(f"{name}", config(client)["group"][name], enabled)
            if name != "listeners":
                _, mine, theirs = world.pair()
                lives.finish(mine, theirs)
    client.do("config-set", group=[{"group": name, "enabled": 0} for name in names])
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)
    world.reload()
    expect("enabled after a reload", set(config(nl.Client())["group"].values()), {1})


@scenario("netlink", "values out of range: refused, the extended ack says what is allowed, nothing changed",
          shared=True)
def bad_values(world):
    world.reload()
    client = nl.Client()
    before = config(client)

    def refused(number, *words, **attributes):
        refusal = nl.refused(client, "config-set", **attributes)
        expect_true(f"{attributes}: {refusal}", refusal.errno in number)
        expect_true(f"{attributes}: it says {words}: {refusal}",
                    all(word in f"{refusal.text} {refusal.attribute}" for word in words))
        expect(f"after {attributes}", config(client), before)

    wrong = (errno.EINVAL, errno.ERANGE)
    refused(wrong, "1", "86400", retention=0)
    refused(wrong, "1", "86400", retention=86401)
    refused(wrong, "exclude-loopback", exclude_loopback=2)
    refused(wrong, "port", port=[0])
    refused(wrong, "64", port=list(range(1000, 1065)))
    refused(wrong, "group", group=[{"group": 77, "enabled": 0}])
    refused((errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP), "core", group=[{"group": "core", "enabled": 0}])
    refused(wrong, "group", group=[{"group": "timers"}])
    refused(wrong, "group", group=[{"enabled": 0}])
    # All or nothing: what is right beside it is not done either.
    refused(wrong, "86400", retention=86401, exclude_loopback=1, port=[80],
            group=[{"group": "timers", "enabled": 0}])
    refused((errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP), "core", retention=5, group=[
        {"group": "timers", "enabled": 0}, {"group": "core", "enabled": 0}])
    client.do("config-set", port=list(range(1000, 1064)))
    expect("64 ports", len(config(client)["port"]), 64)
    client.do("config-set", any_port=True)


@scenario("netlink", "clear drops ended connections everywhere, says how many, and leaves the living")
def clear(world):
    for part in ("missing", "transitions"):
        world.excuse(part, "records are dropped on purpose")
    world.reload()
    lives.make(world)
    client = nl.Client()
    views = [side.view().records for side in (world.client, world.server)]
    living = [sorted(r.id for r in view if not r.ended) for view in views]
    dead = sum(r.ended for view in views for r in view)
    expect_true("some ended", dead > 5)
    expect("cleared", client.do("clear")["cleared"], dead)
    expect("the living", [sorted(r.id for r in side.view().records) for side in
                          (world.client, world.server)], living)
    expect("dead in the header", record.read().header.dead, 0)
    expect("cleared again", client.do("clear")["cleared"], 0)
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)
