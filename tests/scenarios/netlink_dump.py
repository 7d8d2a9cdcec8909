# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: dumps and single records, against the text under /proc."""
import errno
import ipaddress
import re

from lib import ledger, lives, net, nl, patience, record
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario

MANY = patience.fewer(50_000)


def by_id(conns):
    """{identity: conn}; each must be there once."""
    found = {nl.identity(conn): conn for conn in conns}
    expect("identities that stand in one dump twice", len(conns) - len(found), 0)
    return found


@scenario("netlink", "a dump has what the text has, field by field and entry by entry, of connections"
          " of every sort")
def dump_as_text(world):
    lives.make(world)
    for side in (world.client, world.server):
        conns = by_id(nl.Client(side).dump())
        view = side.view()
        expect(f"records of {side.name}", sorted(conns), sorted(r.id for r in view.records))
        for seen in view.records:
            nl.expect_same(conns[seen.id], seen)
        brief = by_id(nl.Client(side).dump(brief=True))
        expect("brief: all of them", sorted(brief), sorted(conns))
        for name, conn in brief.items():
            full = conns[name]
            expect("brief: no entries", "entry" in conn, False)
            expect("brief: all else", {k: v for k, v in conn.items() if k not in ("age-us", "lived-us", "start-ns")},
                   {k: v for k, v in full.items() if k not in ("age-us", "lived-us", "start-ns", "entry")})
    both = {r.id for side in (world.client, world.server) for r in side.view().records}
    everything = by_id(nl.Client().dump(all_netns=True))
    expect("of both namespaces, seen from the host", both - set(everything), set())
    expect("namespaces", {c["netns"] for c in everything.values()} >= {
        world.client.inode, world.server.inode}, True)
    expect("of the host's own only, without all-netns",
           {c["netns"] for c in nl.Client().dump()} & {world.client.inode, world.server.inode}, set())


def blocks_of(text):
    """{id: (the record without what may differ, start, age)}. In large pieces: line by
    line a hundred thousand records take minutes under emulation."""
    found = {}
    for block in ("\n" + text).split("\nconn ")[1:]:
        head, _, rest = block.partition(" start=")
        start, _, rest = rest.partition(" age=")
        age, _, rest = rest.partition(" ")
        if " open=listener " in head:       # the text has an address where it has no peer
            head = re.sub(r" remote=\S+", " remote=-", head)
        name, _, head = head.partition(" ")
        if name in found:
            raise nl.Failure(f"{name} stands there twice")
        found[name] = head, rest, start, age
    return found


def compare_texts(dumped, text, moving):
    """Both are record by record the same: the number of records. What goes on while
    the two are read is `age` of who lives; and `start` may round differently."""
    ours, theirs = blocks_of(dumped), blocks_of(text)
    expect("records in only one of dump and text", sorted(ours.keys() ^ theirs.keys())[:5], [])
    for name, want in theirs.items():
        got = ours[name]
        if want == got:
            continue
        if want[:2] != got[:2]:
            raise nl.Failure(f"netlink and text differ in {name}\nnetlink:\n{got}\ntext:\n{want}")
        start, age, dumped_start, dumped_age = map(float, want[2:] + got[2:])
        lives_on = " close=- " in want[0]
        if abs(start - dumped_start) > 1e-3 or not lives_on and age != dumped_age:
            raise nl.Failure(f"{name}: start {dumped_start} or age {dumped_age} is not {start}, {age}")
        if lives_on and not age - moving <= dumped_age <= age + 1e-3:
            raise nl.Failure(f"{name}: age {dumped_age}, up to {moving} s before {age}")
    return len(theirs)


@scenario("netlink", f"{MANY:,} connections: the dump has each once, all as in the text, entries included",
          virtual=True, shared=145)
def dump_of_many(world):
    for part in ("transitions", "promises", "segments"):
        world.excuse(part, "the text is held against the witnesses elsewhere")
    world.reload(records=200000)
    side = world.client
    side.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    held = Churn(side, "hold", world.port(), MANY)
    try:
        held.await_ready()
        # A record begun anywhere on the host interrupts a dump. What the scenario before left
        # in namespaces on their way out did once; how was not traced.
        ledger.await_living(2 * MANY + 1, 600, "the end of what was there before")
        total, reader = nl.dump_text(side)
        expect("records of the dump", total["records"], 2 * MANY + 1)
        with side.entered():
            text = record.read_text()
        with open(reader.path, errors="surrogateescape") as file:
            dumped = file.read()
        dumped = dumped[:dumped.rindex("\n#") + 1]
        expect("records alike", compare_texts(dumped, text, 600), 2 * MANY + 1)
        reader.close()
        expect("the dump was not interrupted", total["interrupted"], 0)
        held.finish()
    finally:
        held.kill()


@scenario("netlink", "dumps while connections come and go: those that stay are in each exactly once",
          limit=1200, shared=True)
def dump_while_changing(world):
    world.excuse("transitions", "the churn's are scenario all-of-them's affair")
    world.excuse("promises", "as above")
    world.excuse("segments", "as above")
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    kept, moving = world.port(), world.port()
    held, churn = Churn(world.client, "hold", kept, 1000), None
    try:
        held.await_ready()
        total, reader = nl.dump_text(world.client, "-b")
        steady = {line.split(" ", 2)[1] for line in reader.lines() if line.startswith("conn ")}
        reader.close()
        expect("records of those that stay", (len(steady), total["interrupted"]), (2001, 0))
        interrupted = 0
        churn = Churn(world.client, moving, 2000, 2)
        for _ in range(4):
            total, reader = nl.dump_text(world.client)
            found = [line.split(" ", 2)[1] for line in reader.lines() if line.startswith("conn ")]
            reader.close()
            expect("identities met twice", len(found) - len(set(found)), 0)
            expect("those that stay and are missing", steady - set(found), set())
            interrupted += total["interrupted"]
        churn.finish()
        expect_true(f"some dumps said they were interrupted: {interrupted} of 4", interrupted > 0)
        total, reader = nl.dump_text(world.client)
        reader.close()
        expect("records when all is over", total["records"], 2001 + 4000 + 1)
        expect("interrupted when nothing moves", total["interrupted"], 0)
        held.finish()
    finally:
        held.kill()
        if churn:
            churn.kill()


@scenario("netlink", "NLM_F_DUMP_INTR: set if the table changed during the dump, and only then")
def dump_interrupted(world):
    world.excuse("missing", "records are cleared on purpose")
    listener = world.pair()[0]
    for _ in range(100):
        world.client.connect(listener.getsockname()[1])
        world.server.sockets.append(listener.accept()[0])

    def flags(change):
        with nl.Raw(world.client) as raw:
            raw.send(1, flags=nl.REQUEST | nl.ACK | nl.DUMP)
            messages = raw.take()
            expect_true("it takes more than one datagram", not any(m.is_end for m in messages))
            change()
            while not messages[-1].is_end:
                messages += raw.take()
            return {bool(m.flags & nl.DUMP_INTR) for m in messages}

    expect("flags of an undisturbed dump", flags(lambda: None), {False})
    expect_true("one of them is set, when a connection began", True in flags(world.pair))
    _, mine, theirs = world.pair()
    lives.finish(theirs, mine)
    expect_true("one of them is set, when records went away",
                True in flags(lambda: nl.Client().do("clear")))
    expect("undisturbed once more", flags(lambda: None), {False})


@scenario("netlink", "one connection by its cookie: the newest generation, or the one asked for")
def get_one(world):
    port = world.port()
    listener = world.server.listen(port)
    sock = world.client.connect(port)
    world.server.sockets.append(listener.accept()[0])
    net.disconnect(sock)
    sock.connect((world.client.peer(), port))
    world.server.sockets.append(listener.accept()[0])
    first, second = world.records(world.client, port)
    cookie = net.cookie(sock)
    client = nl.Client(world.client)
    nl.expect_same(client.do("conn-get", cookie=cookie), second)
    for seen in (first, second):
        nl.expect_same(client.do("conn-get", cookie=cookie, generation=seen.generation), seen)
    nl.expect_same(nl.Client(world.server).do("conn-get", cookie=net.cookie(listener)),
                   world.listener(world.server, port))
    expect("brief", "entry" in client.do("conn-get", cookie=cookie, brief=True), False)
    nl.expect_refused(client, "conn-get", errno.ENOENT, "no", cookie=cookie, generation=7)
    nl.expect_refused(client, "conn-get", errno.ENOENT, "no", cookie=1 << 60)
    refusal = nl.refused(client, "conn-get")
    expect("errno without a cookie", refusal.errno, errno.EINVAL)
    refusal = nl.refused(client, "conn-get", cookie=cookie, filter={"port": port})
    expect("errno of a filter in a do", refusal.errno, errno.EINVAL)
    expect_true(f"it says so: {refusal}", "filter" in refusal.text or refusal.attribute == ".filter")
    # Of another namespace: only from the host, and only on request.
    nl.expect_refused(nl.Client(world.server), "conn-get", errno.ENOENT, cookie=cookie)
    nl.expect_refused(nl.Client(), "conn-get", errno.ENOENT, cookie=cookie)
    nl.expect_same(nl.Client().do("conn-get", cookie=cookie, all_netns=True), second)


def inside_of(conn, which, network):
    found = nl.endpoint(conn, which)
    return found is not None and found[0].version == network.version and found[0] in network


def packed(address):
    """As ynl takes an address: a number in network order, or hexadecimal."""
    host = ipaddress.ip_address(address)
    return int(host) if host.version == 4 else host.packed.hex()


FIELDS = {"state": "states", "family": "families", "open": "opens", "close": "closes",
          "first": "firsts"}


@scenario("netlink", "each filter alone, and some together: what it lets pass is what the same condition"
          " picks from the whole dump")
def filters(world):
    lives.make(world)
    for side in (world.client, world.server):
        client = nl.Client(side)
        everything = client.dump()

        def check(what, condition, **conditions):
            got = client.dump(filter=conditions)
            wanted = {nl.identity(conn) for conn in everything if condition(conn)}
            expect(f"{side.name}: {what}", sorted(by_id(got)), sorted(wanted))
            return len(wanted)

        for name, plural in FIELDS.items():
            words = client.family.consts[name].entries
            told = {word: check(f"{plural} {word}", lambda c, w=word: c.get(name, "none") == w,
                                **{plural: [word]}) for word in words}
            expect("all have one of them", sum(told.values()), len(everything))
            two = sorted(told, key=told.get)[-2:]
            check(f"{plural} {two}", lambda c: c.get(name, "none") in two, **{plural: two})
            check(f"all {plural}", lambda c: True, **{plural: list(words)})
        for which, far in (("local", side), ("remote", world.server if side is world.client
                                            else world.client)):
            for family, widths in ((4, (32, 24, 9, 0)), (6, (128, 64, 17, 0))):
                address = far.address(family)
                for width in (None, *widths):
                    network = ipaddress.ip_network(
                        f"{address}/{widths[0] if width is None else width}", strict=False)
                    extra = {} if width is None else {f"{which}-prefix": width}
                    count = check(f"{which} {network} ({width})",
                                  lambda c: inside_of(c, which, network),
                                  **{f"{which}{family}": packed(address)}, **extra)
                    expect_true(f"{which} {network}: some", count > 0)
            ports = {nl.endpoint(c, which)[1] for c in everything if nl.endpoint(c, which)}
            for port in sorted(ports - {0})[:12] + [9]:
                check(f"{which}-port {port}", lambda c: (nl.endpoint(c, which) or (0, 0))[1] == port,
                      **{f"{which}-port": port})
                check(f"port {port}", lambda c: port in (
                    (nl.endpoint(c, "local") or (0, 0))[1], (nl.endpoint(c, "remote") or (0, 0))[1]),
                    port=port)
        check_since(side, client, everything)
        some = check("several together", lambda c: c["state"] == "established"
                     and c["family"] == "ipv4" and inside_of(c, "remote", ipaddress.ip_network("10.0.0.0/8")),
                     states=["established"], families=["ipv4"], remote4=packed("10.9.9.9"),
                     **{"remote-prefix": 8})
        expect_true("several together: some", some > 0)
        expect("an IPv6 filter passes no IPv4-mapped", check(
            "mapped in v6", lambda c: inside_of(c, "local", ipaddress.ip_network("::/0")),
            local6="0" * 32, **{"local-prefix": 0}) < len(everything), True)


def check_since(side, client, everything):
    """Something happened at or after: its last entry, or the end of it."""
    def last(conn):
        return conn["start-ns"] // 1000 + max(entry.get("last-us", entry["at-us"]) for entry in conn["entry"])
    times = sorted({last(conn) for conn in everything})
    for time in (0, times[len(times) // 2], times[-1]):
        got = {nl.identity(c) for c in client.dump(filter={"since": time * 1000})}
        # The clocks are read to the nanosecond, entries to the microsecond.
        sure = {nl.identity(c) for c in everything if last(c) > time + 2}
        # Timers may have fired since the whole dump.
        maybe = {nl.identity(c) for c in client.dump() if last(c) >= time - 2000}
        expect(f"{side.name}: since {time}: those that must be there", sure - got, set())
        expect(f"{side.name}: since {time}: those that must not", got - maybe, set())
    expect("since tomorrow", client.dump(filter={"since": (times[-1] + 86400_000_000) * 1000}), [])


@scenario("netlink", "nonsense in a request: refused, and the extended ack says which attribute")
def bad_requests(world):
    world.pair()
    client = nl.Client(world.client)
    for conditions, what in (({"local-prefix": 129}, ".local-prefix"),
                             ({"remote6": "00" * 15}, ".remote6"), ({"states": 1 << 13}, ".states")):
        refusal = nl.refused(client, "conn-get", dump=True, filter=conditions)
        expect_true(f"{conditions}: {refusal}",
                    refusal.errno in (errno.EINVAL, errno.ERANGE) and refusal.attribute == ".filter" + what)
    # No policy can hold this mask, and before 6.3 the module's word of a dump has no attribute.
    refusal = nl.refused(client, "conn-get", dump=True, filter={"closes": 1 << 40})
    expect_true(f"closes: {refusal}", refusal.errno == errno.EINVAL and "closes" in refusal.text)
    for conditions in ({"local4": packed("10.0.0.1"), "local6": "00" * 16},
                       {"local4": packed("10.0.0.1"), "local-prefix": 33}, {"remote-prefix": 8}):
        refusal = nl.refused(client, "conn-get", dump=True, filter=conditions)
        expect(f"{conditions}: errno", refusal.errno, errno.EINVAL)
        expect_true(f"{conditions}: it says what is wrong: {refusal}", len(refusal.text) > 8)
    with nl.Raw(world.client) as raw:
        # Attributes and commands nobody knows; too short a number; trailing bytes.
        for what, command, payload in (
                ("an unknown attribute", 1, nl.attribute(200, b"1234")),
                ("an attribute of replies", 1, nl.attribute(client.value("conn", "state"), b"\1")),
                ("a short cookie", 1, nl.attribute(client.value("conn", "cookie"), b"1234")),
                ("bytes behind", 1, b"\1\0"), ("an unknown command", 200, b"")):
            raw.send(command, payload, nl.REQUEST | nl.ACK | nl.DUMP)
            try:
                raw.answer()
                raise nl.Failure(f"{what} was accepted")
            except nl.Refused as refusal:
                expect(f"errno of {what}", refusal.errno,
                       lambda number: number in (errno.EINVAL, errno.EOPNOTSUPP, errno.ERANGE))
    expect("the module still answers", len(client.dump()), 1)


@scenario("netlink", "listeners with their totals, living and ended, as in the text")
def listeners(world):
    listener, mine, _ = world.pair()
    listener6 = world.pair(family=6)[0]
    port, port6 = (sock.getsockname()[1] for sock in (listener, listener6))
    closed = world.server.listen(world.port())
    closed.close()
    client = nl.Client(world.server)
    view = {r.id: r for r in world.server.view().records if r.is_listener}
    got = by_id(client.dump("listener-get"))
    expect("listeners", sorted(got), sorted(view))
    expect("how many, and how many ended", (len(view), sum(r.ended for r in view.values())), (3, 1))
    for name, conn in got.items():
        nl.expect_same(conn, view[name])
    expect("accepted", sorted(c["accepted"] for c in got.values()), [0, 1, 1])
    expect("filtered by port", [nl.identity(c) for c in client.dump(
        "listener-get", filter={"local-port": port})], [world.listener(world.server, port).id])
    expect("filtered by family", [c["local-port"] for c in client.dump(
        "listener-get", filter={"families": ["ipv6"]})], [port6])
    expect("of the client, which has none", nl.Client(world.client).dump("listener-get"), [])
    expect_true("from the host, all namespaces", set(view) <= set(by_id(
        nl.Client().dump("listener-get", all_netns=True))))
