# SPDX-License-Identifier: GPL-2.0-only
"""Row O11: sockets that were there before the module, taken in as it is loaded."""
import re
import socket
from collections import Counter

from lib import net, record, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import once
from lib.wire import ghost_client, read_all

FAMILIES = ("ipv4", "ipv6", "ipv4-mapped")
EACH = 34           # connections of each family: some hundred
SAID, ANSWERED = 1000, 321


def dial(world, port, family):
    """A connection over which something was said: (client's socket, server's socket)."""
    listener = LISTENERS[family](world, port)
    mine = world.client.connect(port, {"ipv4": world.client.peer(4), "ipv6": world.client.peer(6),
                                       "ipv4-mapped": f"::ffff:{world.client.peer(4)}"}[family])
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    mine.sendall(bytes(SAID))
    read_all(theirs, SAID)
    theirs.sendall(bytes(ANSWERED))
    read_all(mine, ANSWERED)
    return mine, theirs


def _listen(address, dual):
    held = {}

    def listen(world, port):
        if (world, port) not in held:
            held[world, port] = world.server.listen(port, address, 33, dual=dual)
        return held[world, port]
    return listen


LISTENERS = {"ipv4": _listen("0.0.0.0", False), "ipv6": _listen("::", False),
             "ipv4-mapped": _listen("::", True)}


def load(world):
    world.excuse("missing", "what ended before the module came has no record")
    world.reload()


def found(seen, state, open_="preexisting"):
    """It is there, and says that nothing is known of its past."""
    expect("state, open, close", (seen.state, seen.open, seen.close), (state, open_, "-"), seen)
    # A timer may have fired since.
    first = seen.entries[0]
    expect("the first entry", (str(first), first.cause, first.count), (state, "found", 1), seen)
    expect_path(seen)
    expect("the past", (seen.owner, seen.pid, seen.comm), ("-", None, None), seen)
    if open_ == "preexisting":
        expect("the past", (seen.offered, seen.rtt_us, seen.accept_us), (None,) * 3, seen)


def by_port(world, side, port):
    """{port of the client: its one record}"""
    seen = {}
    for one in world.records(side, port):
        number = one.local[1] if one.remote[1] == port else one.remote[1]
        expect("records with these addresses", seen.get(number), None, one)
        seen[number] = one
    return seen


@scenario("O11", f"{EACH * len(FAMILIES)} connections at load, IPv4, IPv6 and mapped, in two namespaces: shown at"
          " once with all that can be known, and each ends rightly", virtual=True, limit=600)
def established_at_load(world):
    ports = {family: world.port() for family in FAMILIES}
    pairs = {family: [dial(world, ports[family], family) for _ in range(EACH)] for family in FAMILIES}
    load(world)
    for family in FAMILIES:
        port = ports[family]
        listener = world.listener(world.server, port)
        found(listener, "LISTEN", "listener")
        expect("backlog", listener.backlog, 33, listener)
        for side, tx, rx in ((world.client, SAID, ANSWERED), (world.server, ANSWERED, SAID)):
            seen = by_port(world, side, port)
            expect("all of them", sorted(seen), sorted(m.getsockname()[1] for m, _ in pairs[family]))
            for mine, theirs in pairs[family]:
                one = seen[mine.getsockname()[1]]
                sock = mine if side is world.client else theirs
                found(one, "ESTABLISHED")
                expect("family, local, remote", (one.family, one.local, one.remote),
                       (family, net.local(sock), net.remote(sock)), one)
                expect("cookie", one.cookie, net.cookie(sock), one)
                full = 1440 if family == "ipv6" else 1460
                expect("MSS", (one.mss_adv, one.mss_rcv, one.mss_eff, one.mss_eff_by),
                       (full, full, full - 12, "mtu"), one)
                expect("agreed", one.agreed, {"mss", "wscale", "sack", "ts"}, one)
                expect("tx, rx, retrans", (one.tx, one.rx, one.retrans), (tx, rx, 0), one)
                expect("unknown", (one.isn, one.peer_isn, one.listener), (None,) * 3, one)
    print(f"note: {EACH * len(FAMILIES)} connections, {2 * EACH * len(FAMILIES)} records at load")
    for family in FAMILIES:
        for mine, theirs in pairs[family]:
            mine.sendall(b"!")
            read_all(theirs, 1)
            mine.close()
        wait.until("FIN_WAIT_2", lambda p=ports[family]: all(
            r.state == "FIN_WAIT_2" for r in world.records(world.client, p)))
        for _, theirs in pairs[family]:
            theirs.close()
    for family in FAMILIES:
        for side in (world.client, world.server):
            wait.until("the end of all", lambda s=side, p=ports[family]: all(
                r.ended for r in world.records(s, p)), 90)
            for one in world.records(side, ports[family]):
                ours = side is world.client
                expect("tx, rx", (one.tx, one.rx),
                       (SAID + 1, ANSWERED) if ours else (ANSWERED, SAID + 1), one)
                expect("close, first", (one.close, one.first), ("fin", "local" if ours else "peer"),
                       one)
                expect_path(one, *(
                    ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT",
                     "TIME_WAIT>CLOSED") if ours else
                    ("ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")))


@scenario("O11", "half-open at load: a request and a SYN under way; the one is answered, the other given up",
          virtual=True)
def half_open_at_load(world):
    ends = []
    for family in (4, 6):
        for answered in (True, False):
            port = world.port()
            listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
            peer = world.ghost(world.client, port, family)
            peer.send("S", mss=1400)
            answer = peer.receive("SA")
            called = world.ghost(world.server, family=family)
            mine = world.client.connect(called.local[1], str(called.local[0]), blocking=False)
            syn = called.receive("S")
            ends.append((answered, port, listener, peer, answer, called, mine, syn))
    load(world)
    for answered, port, listener, peer, answer, called, mine, syn in ends:
        seen = world.record(world.server, port)
        found(seen, "NEW_SYN_RECV")
        listening = world.listener(world.server, port)
        found(listening, "LISTEN", "listener")
        expect("isn, peer_isn, mss_rcv, listener", (seen.isn, seen.peer_isn, seen.mss_rcv, seen.listener),
               (answer.seq, peer.isn, 1400, listening.cookie), seen)
        calling = world.record(world.client, called.local[1])
        found(calling, "SYN_SENT")
        expect("isn, mss_adv", (calling.isn, calling.mss_adv), (syn.seq, syn.options["mss"]), calling)
        if answered:
            peer.send("A")
            called.send("SA", mss=1300)
            called.receive("A", without="S")
    for answered, port, listener, peer, answer, called, mine, syn in ends:
        seen = world.record(world.server, port, lambda r, a=answered: r.state != "NEW_SYN_RECV" or not a)
        calling = world.record(world.client, called.local[1],
                               lambda r, a=answered: r.state != "SYN_SENT" or not a)
        if not answered:
            continue
        expect_path(seen, "NEW_SYN_RECV>SYN_RECV", "SYN_RECV>ESTABLISHED")
        expect_path(calling, "SYN_SENT>ESTABLISHED")
        expect("peer_isn, mss_rcv", (calling.peer_isn, calling.mss_rcv), (called.isn, 1300), calling)
        listener.settimeout(30)
        theirs, _ = listener.accept()
        seen = world.record(world.server, port)
        expect("owner", seen.owner, "accept", seen)
        theirs.sendall(b"12345")
        peer.receive("A", without="S")
        peer.send("A")
        mine.sendall(b"1234567")
        called.receive("A", without="S")
        called.send("A")
        seen = world.record(world.server, port, lambda r: True)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        theirs.close()
        mine.close()
        seen, calling = world.ended(world.server, port), world.ended(world.client, called.local[1])
        expect("close, tx", (seen.close, seen.tx), ("rst-linger", 5), seen)
        expect("close, tx", (calling.close, calling.tx), ("rst-linger", 7), calling)
    for answered, port, listener, peer, answer, called, mine, syn in ends:
        if not answered:
            seen = world.ended(world.server, port, timeout=200)
            expect("close, first", (seen.close, seen.first), ("request-timed-out", "kernel"), seen)
            seen = world.ended(world.client, called.local[1], timeout=200)
            expect("close, first", (seen.close, seen.first), ("timed-out", "kernel"), seen)


@scenario("O11", "closing at load: FIN_WAIT_1, FIN_WAIT_2 with and without its socket, CLOSE_WAIT, LAST_ACK,"
          " CLOSING, TIME_WAIT", virtual=True)
def closing_at_load(world):
    ends = {}
    for family in (4, 6):
        # The server's end of each is closed by hand up to a point.
        for state in ("FIN_WAIT_1", "FIN_WAIT_2", "orphan", "CLOSE_WAIT", "LAST_ACK", "CLOSING", "TIME_WAIT"):
            peer, theirs = ghost_client(world, family)
            if state in ("CLOSE_WAIT", "LAST_ACK"):
                peer.send("FA")
            if state == "FIN_WAIT_2":
                theirs.shutdown(socket.SHUT_WR)
            elif state != "CLOSE_WAIT":
                theirs.close()
            if state != "CLOSE_WAIT":
                fin = peer.receive("F")
            if state in ("FIN_WAIT_2", "orphan", "TIME_WAIT"):
                peer.send("A")
            if state == "TIME_WAIT":
                peer.send("FA")
            if state == "CLOSING":
                peer.send("FA", ack=fin.fin)
            ends[family, state] = peer, theirs, None if state == "CLOSE_WAIT" else fin.fin
        for state in ("TIME_WAIT", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "FIN_WAIT_2", "orphan"):
            port = ends[family, state][0].remote[1]
            world.record(world.server, port, lambda r, s=state: r.state == s.replace("orphan", "FIN_WAIT_2"))
    load(world)
    firsts = {"FIN_WAIT_1": "local", "FIN_WAIT_2": "local", "orphan": "local", "CLOSE_WAIT": "peer",
              "LAST_ACK": "peer", "CLOSING": "both", "TIME_WAIT": "-"}
    for (family, state), (peer, theirs, fin) in ends.items():
        seen = world.record(world.server, peer.remote[1])
        found(seen, state.replace("orphan", "FIN_WAIT_2"))
        expect("first, fin", (seen.first, seen.fin), (firsts[state], fin), seen)
        closed = state in ("CLOSE_WAIT", "LAST_ACK", "CLOSING", "TIME_WAIT")
        expect("peer_fin", seen.peer_fin, (peer.seq - 1) & 0xffffffff if closed else None, seen)
    for (family, state), (peer, theirs, fin) in ends.items():
        if state == "CLOSE_WAIT":
            theirs.close()
            peer.receive("F")
        if state in ("FIN_WAIT_1", "CLOSE_WAIT", "LAST_ACK", "CLOSING"):
            peer.send("A")
        if state in ("FIN_WAIT_1", "FIN_WAIT_2", "orphan"):
            peer.send("FA")
    paths = {"FIN_WAIT_1": ["FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT", "TIME_WAIT>CLOSED"],
             "FIN_WAIT_2": ["FIN_WAIT_2>TIME_WAIT", "TIME_WAIT>CLOSED"],
             "orphan": ["FIN_WAIT_2>TIME_WAIT", "TIME_WAIT>CLOSED"],
             "CLOSE_WAIT": ["CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED"], "LAST_ACK": ["LAST_ACK>CLOSED"],
             "CLOSING": ["CLOSING>TIME_WAIT", "TIME_WAIT>CLOSED"], "TIME_WAIT": ["TIME_WAIT>CLOSED"]}
    for (family, state), (peer, theirs, fin) in ends.items():
        seen = world.ended(world.server, peer.remote[1], timeout=90)
        expect_path(seen, *paths[state])
        expect("close, first", (seen.close, seen.first),
               ("simultaneous" if state == "CLOSING" else "fin", firsts[state].replace("-", "unknown")), seen)
        expect("bytes", (seen.tx, seen.rx) if state not in ("orphan", "TIME_WAIT") else (0, 0), (0, 0), seen)
        expect_true("it was met at load", once(seen, "found").time == 0, seen)


def lines_of(world):
    """The text, and each record's line as a dictionary: of thousands, record.View takes minutes."""
    with world.client.entered():
        text = record.read_text()
    return text, [dict(re.findall(r" (\w+)=(\S+)", line)) for line in text.split("\n")
                  if line.startswith("conn ")]


def living_ids(world):
    return sorted(line["id"].partition(".")[0] for line in lines_of(world)[1] if line["close"] == "-")


def socket_ids(world):
    """The cookies of all sockets there are, TIME_WAIT included, by ss."""
    return sorted(re.findall(r" sk:([0-9a-f]+)", world.client.run("ss", "-taneH")))


@scenario("O11", "sockets that come and go while the module is loaded: one record each", smp=True, limit=900)
def loaded_under_traffic(world):
    from scenarios.loading import Traffic
    world.excuse("missing", "the module comes and goes")
    for part in ("counters", "promises", "transitions"):
        world.excuse(part, "connections caught half-way were missed in part")
    traffic, rounds, met = Traffic(world, 300), 3, 0
    try:
        for _ in range(rounds):
            traffic.passes(20)
            world.reload()
            traffic.passes(20)
            text, lines = lines_of(world)
            ids = [line["id"] for line in lines]
            expect("ids that stand there twice", len(ids) - len(set(ids)), 0)
            living = Counter((line["local"], line["remote"]) for line in lines
                             if line["close"] == "-" and line["open"] != "listener")
            expect("living connections with the same addresses",
                   [ends for ends, count in living.items() if count > 1], [])
            met += text.count(" cause=found ")
            # Whatever was under way as the hooks came is met when it is through.
            odd = re.findall(r"^\t.* (?:illegal|gap)$", text, re.MULTILINE)
            expect("steps that do not follow on the one before", odd[:5], [])
        traffic.stop()
    finally:
        if traffic.churn:
            traffic.churn.kill()
    expect_true("some were met at load", met)
    # What lives on in a record although its socket is gone was missed as it ended.
    wait.until("the living are the kernel's own sockets", lambda: living_ids(world) == socket_ids(world), 150)
    print(f"note: {rounds} loads under traffic, {traffic.finished} connections, {met} met at load")


@scenario("O11 N4", "whose peer's MSS may be what a SYN cookie had room for: not known, once there were cookies")
def cookie_at_load(world):
    def expect_mss(peer, rcv, by):
        seen = world.record(world.server, peer.remote[1])
        found(seen, "ESTABLISHED")
        expect("mss_rcv, mss_eff, mss_eff_by", (seen.mss_rcv, seen.mss_eff, seen.mss_eff_by),
               (rcv, 1440, by), seen)

    before, _ = ghost_client(world, mss=1440)
    load(world)
    expect_mss(before, 1440, "peer")
    world.server.sysctl("net.ipv4.tcp_syncookies", 2)
    other, _ = ghost_client(world, mss=1452)
    third, _ = ghost_client(world, mss=1442)
    world.server.sysctl("net.ipv4.tcp_syncookies", 0)
    plain, _ = ghost_client(world, mss=1400)
    load(world)
    for peer in (before, other, third):
        expect_mss(peer, None, "unknown")
    seen = world.record(world.server, plain.remote[1])
    expect("no cookie has room for this", (seen.mss_rcv, seen.mss_eff_by), (1400, "peer"), seen)
