# SPDX-License-Identifier: GPL-2.0-only
"""tcplc list as a person sees it: when, whose, for how long, on which interface; and what asks first."""
import socket
import time

from lib import client, ledger, lives, nl
from lib.client import objects, on_terminal, run
from lib.failure import expect, expect_near, expect_true
from lib.net import DEVICE, MACS
from lib.pairs import pairs
from lib.registry import scenario
from lib.wire import MOMENT, our_fin, segments_of

LONG = {"client": "2001:db8:85a3:8d3:1319:8a2e:370:7348", "server": "2001:db8:85a3:8d3:1319:8a2e:370:7349"}
LINK = {"client": "fe80::5054:ff:fe12:3456", "server": "fe80::5054:ff:fe12:3457"}


def give(world, addresses):
    """Another address for each end."""
    for side in (world.client, world.server):
        side.ip(f"addr add {addresses[side.name]}/64 dev {DEVICE} nodad",
                f"neigh add {addresses[side.other]} lladdr {MACS[side.other]} dev {DEVICE} nud permanent")


def pair_of(world, addresses, scope=0):
    """(port, client's socket, server's socket) between these."""
    port = world.port()
    listener = world.server.listen(port, "::")
    mine = world.client.socket(socket.AF_INET6)
    mine.connect((addresses["server"], port, 0, scope))
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    return port, mine, theirs


def scopes(side, port):
    return {(r.is_listener, r.state, r.ifindex) for r in side.view([port]).records}


def agree(side, port):
    """Netlink has what the text has, and the JSON of tcplc, too."""
    conns = {nl.identity(conn): conn for conn in nl.Client(side).dump("conn-get")}
    for seen in side.view([port]).records:
        expect("netlink and the text", nl.differences(conns[seen.id], seen), [], seen)
        (found,) = objects(side, "list", "id", f"{seen.cookie:x}.{seen.generation}")
        expect("ifindex", found.get("ifindex"), seen.ifindex, seen)


@scenario("tcplc W5", "IPv6 link-local addresses name their interface: by number in /proc, netlink and JSON,"
          " by name in tcplc; other addresses name none", virtual=True, shared=4)
def link_local(world):
    client.need()
    give(world, LINK)
    mine_at, theirs_at = (_index(side) for side in (world.client, world.server))
    port, mine, theirs = pair_of(world, LINK, mine_at)
    expect("the kernel's own scopes", (mine.getsockname()[3], theirs.getsockname()[3]), (mine_at, theirs_at))
    bound = world.port()
    listener = world.server.socket(socket.AF_INET6)
    listener.bind((LINK["server"], bound, 0, theirs_at))
    listener.listen()
    expect("client", scopes(world.client, port), {(False, "ESTABLISHED", mine_at)})
    expect("server", scopes(world.server, port), {(False, "ESTABLISHED", theirs_at), (True, "LISTEN", None)})
    expect("a listener on one link", scopes(world.server, bound), {(True, "LISTEN", theirs_at)})

    plain, *_ = world.pair(family=6)[1:]
    device = world.client.socket(socket.AF_INET6)
    device.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, DEVICE.encode())
    device.connect((world.client.peer(6), plain.getpeername()[1]))
    for seen in world.records(world.client, plain.getpeername()[1]):
        expect("a global address", seen.ifindex, None, seen)

    for side, here in ((world.client, "client"), (world.server, "server")):
        agree(side, port)
        said = run(side, "list", "-H", "port", port, "and", "not", "state", "listen")[0]
        expect_true(f"tcplc names the interface: {said}", f"[{LINK[here]}%{DEVICE}]:" in said)
        for scope in (DEVICE, _index(side)):
            expect("asked for as printed", len(objects(side, "list", "src", f"{LINK[here]}%{scope}", "port", port)), 1)
        expect("on another interface", objects(side, "list", "src", f"{LINK[here]}%lo"), [])
        said = run(None, "--netns", "all", "list", "-H", "netns", side.inode, "port", port)[0]
        expect_true(f"from elsewhere it is a number: {said}", f"[{LINK[here]}%{_index(side)}]:" in said)
    lives.finish(mine, theirs)
    expect("in TIME_WAIT", scopes(world.client, port), {(False, "TIME_WAIT", mine_at)})

    # Older than the module: a timewait socket, full ones, listeners.
    port2, *_ = pair_of(world, LINK, mine_at)
    world.excuse("missing", "what ended before the module came has no record")
    world.reload()
    expect("TIME_WAIT found", scopes(world.client, port), {(False, "TIME_WAIT", mine_at)})
    expect("found", scopes(world.client, port2), {(False, "ESTABLISHED", mine_at)})
    expect("a listener found", scopes(world.server, bound), {(True, "LISTEN", theirs_at)})
    agree(world.client, port2)


def _index(side):
    with side.entered():
        return socket.if_nametoindex(DEVICE)


def shown(said):
    """[{title: cell}] of a list none of whose cells is empty or has a blank."""
    titles, *rows = (line.split() for line in said.rstrip("\n").split("\n"))
    return [dict(pairs(titles, row)) for row in rows]


@scenario("tcplc", "list: in the order of time, with START, LIVED (without TIME_WAIT) and WHO; it fits 80 columns"
          " with long IPv6 addresses, ID first, and says what it hides", virtual=True, shared=4)
def list_for_people(world):
    client.need()
    give(world, LONG)
    old, mine, theirs = pair_of(world, LONG)
    time.sleep(3)
    lives.finish(mine, theirs)
    time.sleep(20)
    young, *_ = pair_of(world, LONG)
    _, reset, peer = world.pair()
    reset.setsockopt(*lives.LINGER_0)
    reset.close()
    four = peer.getsockname()[1]
    world.ended(world.client, four)

    wanted = f"port {old} or port {young} or port {four}".split()
    rows = shown(run(world.client, "-w", "list", *wanted)[0])
    expect("in the order of time", [row["REMOTE"].rpartition(":")[2] for row in rows],
           [str(port) for port in (old, young, four)])
    seen = world.record(world.client, old)
    (conn,) = objects(world.client, "list", "port", old)
    _check_old(world, seen, conn, rows[0])
    expect_true("age goes on, a life does not", conn["age_us"] > 20e6 > conn["lived_us"])
    for row in rows:
        expect_true(f"who: {row['WHO']}", row["WHO"].startswith("python3/"))

    said = on_terminal(world.client, 80, "list", *wanted)
    print("note: tcplc list at 80 columns\n" + said)
    *lines, last = said.rstrip("\n").split("\n")
    expect_true("it fits", all(len(line) <= 80 for line in (*lines, last)))
    expect("the head", lines[0].split()[:5], ["ID", "STATE", "LOCAL", "REMOTE", "CLOSE"])
    for line, row in pairs(lines[1:], rows):
        cells = line.split()
        expect("id, state and close", (cells[0], cells[1], cells[4]), (row["ID"], row["STATE"], row["CLOSE"]))
        expect_true(f"ports are whole: {line}", cells[3].endswith(":" + row["REMOTE"].rpartition(":")[2]))
    expect_true("IPv6 is cut in the middle", "[2001:db8:…:" in said or "[2001:…:" in said)
    expect_true(f"the last line says what is hidden: {last}", last.endswith("columns hidden, -w shows them"))
    wide = on_terminal(world.client, 80, "-w", "list", *wanted)
    expect_true("-w hides nothing", LONG["client"] in wide and "hidden" not in wide and "RETRANS" in wide)

    # LIVED stays what it was when TIME_WAIT is over; of what is older only a bound is known.
    world.ended(world.client, old, timeout=120)
    (later,) = objects(world.client, "list", "port", old)
    expect("lived, after TIME_WAIT", later["lived_us"], conn["lived_us"])
    world.excuse("missing", "what ended before the module came has no record")
    world.reload()
    (row,) = shown(run(world.client, "-w", "list", "port", young)[0])
    expect("bounds", (row["START"][0], row["LIVED"][0], row["OPEN"]), ("<", ">", "preexisting"))
    (row,) = shown(run(world.server, "-w", "listeners", "sport", young)[0])
    expect("bounds of a listener", (row["START"][0], row["LIVED"][0]), ("<", ">"))


def _check_old(world, seen, conn, row):
    """Against the wire: from our SYN to the peer's FIN."""
    sent, received = segments_of(world, world.client, seen)
    syn, fin = sent[0].time, our_fin(received).time
    expect_near("lived", conn["lived_us"] / 1e6, fin - syn, 2 * MOMENT, seen)
    expect("lived is the time of its entry", conn["lived_us"],
           round(1e6 * next(e.time for e in seen.transitions if e.new == "TIME_WAIT")), seen)
    expect("START", row["START"], time.strftime("%H:%M:%S", time.gmtime(seen.start)), seen)
    expect("LIVED", row["LIVED"], f"{int(conn['lived_us'] / 1e4) / 100:.2f}s", seen)
    expect_true(f"START is when the SYN left: {syn}", abs(syn - seen.start) < MOMENT)


@scenario("tcplc", "clear asks on a terminal and needs --yes elsewhere", virtual=True, shared=4)
def clear_asks(world):
    client.need()
    for part in ("missing", "transitions"):
        world.excuse(part, "records are dropped on purpose")
    for _ in range(3):
        _, mine, theirs = world.pair()
        for sock in (mine, theirs):
            sock.setsockopt(*lives.LINGER_0)
            sock.close()
    known = nl.Client()
    ledger.await_living(3, 60, "the end of all but the listeners")
    dead = known.do("stats-get")["dead"]
    expect_true("there is something to drop", dead >= 6)
    said = run(None, "clear", status=2)[1]
    expect_true(f"it names the option: {said}", "--yes" in said)
    said = on_terminal(None, 80, "clear", keys="n\n", status=1)
    expect_true(f"it says how many: {said}", f"all {dead} ended connections" in said)
    expect("kept", known.do("stats-get")["dead"], dead)
    on_terminal(None, 80, "clear", keys="y\n")
    expect("dropped", known.do("stats-get")["dead"], 0)
