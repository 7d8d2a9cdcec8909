# SPDX-License-Identifier: GPL-2.0-only
"""Row W3: the books balance, under all that moves one of the kernel's counters."""
import collections
import contextlib
import json
import os
import re
import socket
import subprocess
import time

from lib import books, client, net, nl, patience, schema, wait
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.lives import LINGER_0
from lib.registry import scenario
from lib.story import error_of_connect
from lib.tracepoint import lives, second_children
from lib.wire import after, ghost_client, read_all

TCP = socket.IPPROTO_TCP
TCP_LINGER2, TCP_FASTOPEN, MSG_FASTOPEN = 8, 23, 0x20000000
BESIDE = patience.fewer(4000)


def any_address(family):
    return "::" if family == 6 else "0.0.0.0"


def listen(world, family, **how):
    """(listener, its port)"""
    port = world.port()
    return world.server.listen(port, any_address(family), **how), port


def closes(world, family):
    """In order, by each end first, by both at once, in three segments, half-closed."""
    for way in range(5):
        _, mine, theirs = world.pair(family=family)
        if way == 0:
            mine.close(), theirs.close()
        elif way == 1:
            theirs.close(), mine.close()
        elif way == 2:
            mine.shutdown(socket.SHUT_WR)
            theirs.sendall(b"late")
            read_all(mine, 4)
            theirs.close()
            mine.close()
        elif way == 3:
            peer, theirs = ghost_client(world, family)
            theirs.close()
            peer.receive("F")
            peer.send("FA")             # acknowledges it as well
        else:
            peer, theirs = ghost_client(world, family)
            theirs.close()
            peer.receive("F")
            peer.send("FA", ack=after(peer.ack, -1))
            peer.send("A")


def resets(world, family):
    """From ESTABLISHED and CLOSE_WAIT; by linger 0, unread data, and who else may."""
    _, mine, theirs = world.pair(family=family)
    mine.setsockopt(*LINGER_0)
    mine.close()
    _, mine, theirs = world.pair(family=family)
    mine.sendall(b"not read")
    wait.until("it is there", lambda: theirs.recv(1, socket.MSG_PEEK))
    theirs.close()
    _, mine, theirs = world.pair(family=family)
    mine.shutdown(socket.SHUT_WR)
    expect("the end of the stream", theirs.recv(1), b"")
    theirs.setsockopt(*LINGER_0)
    theirs.close()
    _, mine, theirs = world.pair(family=family)
    net.disconnect(mine)
    _, mine, theirs = world.pair(family=family)
    world.client.run("ss", "-K", "-t", "dport", "=", f":{net.remote(mine)[1]}")
    _, mine, theirs = world.pair(family=family)
    port = net.remote(mine)[1]
    theirs.setsockopt(TCP, TCP_LINGER2, -1)
    theirs.close()
    world.ended(world.server, port)


def failures(world, family):
    """connect() refused, unreachable, timed out, cancelled, and one that sent nothing."""
    port = world.port()
    address = world.client.peer(family)
    expect_true("refused", error_of_connect(world.client.connect(port, address, blocking=False)))
    world.server.netem("delay", "10ms")
    world.server.nft(f"tcp dport {port} reject with icmpx type host-unreachable")
    expect_true("unreachable", error_of_connect(world.client.connect(port, address, blocking=False)))
    world.server.netem()
    world.server.nft(f"tcp dport {port} drop")
    world.client.sysctl("net.ipv4.tcp_syn_retries", 1)
    late = world.client.connect(port, address, blocking=False)
    world.client.connect(port, address, blocking=False).close()
    aborted = world.client.connect(port, address, blocking=False)
    net.disconnect(aborted)
    expect_true("timed out", error_of_connect(late, 60))
    world.server.nft_clear()
    world.client.sysctl("net.ipv4.tcp_syn_retries", 6)
    # A second connection with the same four: no SYN leaves.
    listener, port = listen(world, family)
    own = world.port()
    first = world.client.tcp(world.client.address(family), own)
    first.connect((address, port))
    second = world.client.tcp(world.client.address(family), own)
    try:
        second.connect((address, port))
    except OSError:
        pass
    listener.close()            # with what nobody accepted


def half_open(world, family):
    """Requests ended by RST, by a SYN, by their timer, by the listener; and one that waits."""
    world.server.sysctl("net.ipv4.tcp_synack_retries", 1)
    listener, port = listen(world, family)
    ghosts = [world.ghost(world.client, port, family) for _ in range(4)]
    for ghost in ghosts:
        ghost.send("S", mss=1400)
        ghost.receive("SA")
    ghosts[0].send("R")
    ghosts[1].send("S", seq=after(ghosts[1].isn, 1000), mss=1400)
    ghosts[3].send("R", seq=after(ghosts[3].isn, 1 << 30))       # of no effect
    wait.until("two requests time out", lambda: sum(
        r.close == "request-timed-out" for r in world.records(world.server, port)) == 2, 60)
    ghost = world.ghost(world.client, port, family)
    ghost.send("S", mss=1400)
    ghost.receive("SA")
    listener.close()
    wait.until("the last goes with it", lambda: all(
        r.ended for r in world.records(world.server, port)), 60)


def flood(world, family):
    """More SYNs than there is room for, without cookies and with them; some answer."""
    for cookies in (0, 1, 2):
        world.server.sysctl("net.ipv4.tcp_syncookies", cookies)
        listener, port = listen(world, family, backlog=3)
        ghosts = [world.ghost(world.client, port, family) for _ in range(12)]
        for ghost in ghosts:
            ghost.send("S", mss=1400)
        ghosts[0].receive("SA")
        if cookies:
            for ghost in ghosts[-3:]:
                ghost.receive("SA")
                ghost.send("A")
            liar = ghosts[-4]
            liar.receive("SA")
            liar.ack += 12345
            liar.send("A")
            liar.receive("R")
        listener.close()
    world.server.sysctl("net.ipv4.tcp_syncookies", 1)


def overflow(world, family):
    """An accept queue that is full, for SYNs and for the ACKs of those before."""
    listener, port = listen(world, family, backlog=1)
    ghosts = [world.ghost(world.client, port, family) for _ in range(2)]
    for ghost in ghosts:
        ghost.send("S", mss=1400)
        ghost.receive("SA")
    for _ in range(2):
        world.client.connect(port, world.client.peer(family))
    for ghost in ghosts:
        ghost.send("A")
    for _ in range(3):
        world.ghost(world.client, port, family).send("S", mss=1400)
    wait.until("five were turned away", lambda: world.server.snmp()[
        "TcpExtListenOverflows"] >= 5)
    listener.close()


def retransmissions(world, family):
    """SYN, data and FIN lost for a while; and data that never arrives."""
    listener, port = listen(world, family)
    world.server.nft(f"tcp dport {port} drop")
    mine = world.client.connect(port, world.client.peer(family), blocking=False)
    time.sleep(1.5)
    world.server.nft_clear()
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    world.server.nft(f"tcp dport {port} drop")
    mine.send(b"lost at first")
    time.sleep(2)
    world.server.nft_clear()
    read_all(theirs, 13)
    world.server.nft(f"tcp dport {port} drop")
    mine.close()
    time.sleep(2)
    world.server.nft_clear()
    expect("the end of the stream", theirs.recv(1), b"")
    theirs.close()
    world.client.sysctl("net.ipv4.tcp_retries2", 3)
    _, mine, theirs = world.pair(family=family)
    world.server.nft(f"tcp dport {net.remote(mine)[1]} drop")
    mine.send(b"lost")
    wait.until("it is given up", lambda: mine.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 120)
    world.server.nft_clear()


def windows(world, family):
    """A window that shuts, probed by its timer; and one that shuts over data under way."""
    _, mine, theirs = world.pair(family=family)
    mine.setblocking(False)
    try:
        while True:
            mine.send(b"x" * 65536)
    except BlockingIOError:
        pass
    time.sleep(3)
    mine.setsockopt(*LINGER_0)
    mine.close()
    peer, theirs = ghost_client(world, family)
    theirs.send(b"y" * 1000)
    peer.receive("P")
    peer.send("A", ack=after(peer.ack, -1000), window=0)
    time.sleep(3)
    peer.send("R")


def keepalive(world, family):
    """One that is answered, one that is not."""
    for dead in (False, True):
        _, mine, theirs = world.pair(family=family)
        if dead:
            world.server.nft(f"tcp dport {net.remote(mine)[1]} drop")
        for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3)):
            mine.setsockopt(TCP, option, value)
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if dead:
            wait.until("it is given up", lambda: mine.getsockopt(
                socket.SOL_SOCKET, socket.SO_ERROR), 60)
            world.server.nft_clear()
        else:
            time.sleep(3)
            mine.close()


def timewait(world, family):
    """Reused, ended by a new SYN, by RST, not to be had, and short ones of FIN_WAIT_2."""
    address = world.client.peer(family)
    listener, port = listen(world, family)
    own = world.port()
    for _ in range(3):          # the second and third reuse what the one before left
        mine = world.client.tcp(world.client.address(family), own)
        mine.connect((address, port))
        theirs, _ = listener.accept()
        mine.close()
        wait.until("FIN_WAIT_2", lambda: world.records(world.client, own)[-1].state == "FIN_WAIT_2")
        theirs.close()
        wait.until("TIME_WAIT", lambda: world.records(world.client, own)[-1].state == "TIME_WAIT")
        time.sleep(1.5)
    own = world.port()
    for _ in range(2):          # the second ends the server's
        mine = world.client.tcp(world.client.address(family), own)
        mine.connect((address, port))
        theirs, _ = listener.accept()
        theirs.close()
        wait.until("FIN_WAIT_2", lambda: world.records(world.server, own)[-1].state == "FIN_WAIT_2")
        mine.close()
        wait.until("TIME_WAIT", lambda: world.records(world.server, own)[-1].state == "TIME_WAIT")
        time.sleep(1.5)
    peer, theirs = ghost_client(world, family)
    theirs.close()
    peer.receive("F")
    peer.send("A")
    peer.send("FA")
    world.record(world.server, peer.remote[1], lambda r: r.state == "TIME_WAIT")
    peer.send("R")
    world.server.sysctl("net.ipv4.tcp_max_tw_buckets", 0)
    for number in range(3):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        theirs.close()
        if number:              # after a minute if the ACK came while close() had the socket
            world.ended(world.server, port, 90)
        mine.close()
    world.server.sysctl("net.ipv4.tcp_max_tw_buckets", 4096)
    world.server.sysctl("net.ipv4.tcp_fin_timeout", 1)
    _, mine, theirs = world.pair(family=family)
    port = net.remote(mine)[1]
    theirs.close()
    world.ended(world.server, port, 60)
    mine.setsockopt(*LINGER_0)
    mine.close()
    world.server.sysctl("net.ipv4.tcp_fin_timeout", 60)


def fast_open(world, family):
    """Data on the SYN: taken, and its child reset before the handshake is over."""
    world.server.sysctl("net.ipv4.tcp_fastopen", 0x203)          # cookies are not asked for
    listener, port = listen(world, family, options=[(TCP, TCP_FASTOPEN, 16)])
    for _ in range(2):
        mine = world.client.tcp(world.client.address(family), 0)
        world.client.sysctl("net.ipv4.tcp_fastopen", 5)
        mine.sendto(b"data on the SYN", MSG_FASTOPEN, (world.client.peer(family), port))
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        read_all(theirs, 15)
        mine.close()
        theirs.close()
    ghost = world.ghost(world.client, port, family)
    ghost.send("S", b"data", mss=1400)
    ghost.receive("SA")
    ghost.send("R")
    listener.close()


def deferred(world, family):
    """The handshake's ACK is set aside until data comes."""
    listener, port = listen(world, family, options=[(TCP, socket.TCP_DEFER_ACCEPT, 5)])
    mine = world.client.connect(port, world.client.peer(family))
    mine.sendall(b"late")
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    read_all(theirs, 4)
    mine.close()
    theirs.close()
    listener.close()


PARTS = (closes, resets, failures, half_open, flood, overflow, retransmissions, windows, keepalive,
         timewait, fast_open, deferred)


def matrix():
    """{(from, to): times}, of the whole host."""
    rows = nl.Client().dump("edge-get")
    return collections.Counter({(nl.state(row["from"]), nl.state(row["to"])): row["count"]
                                for row in rows})


def traced(world):
    events = world.events()
    seen = collections.Counter((e.old, e.new) for e in events if e.old != e.new)
    second = second_children(lives(events))
    print("note: children that came second to their request:", len(second))
    seen.subtract((e.old, e.new) for life in second for e in life.events)
    return +seen


def is_quiet(world):
    """No FIN_WAIT_2 is left, and nothing that a timer will yet move."""
    return all(r.state in ("LISTEN", "ESTABLISHED", "TIME_WAIT", "CLOSED", "CLOSE_WAIT")
               for side in (world.client, world.server) for r in side.view().records)


def expect_all_moved(counts):
    idle = [name for name in books.NAMES if not counts[name]]
    expect("counters that this load did not move", idle, [])


def mixed_load(world, families=(4, 6), connections=0):
    """All parts, and beside them so many connections by four threads."""
    before = matrix()
    for side in (world.client, world.server):
        client.run(side, "balance", "--mark")
    churn = connections and Churn(world.client, world.port(), connections, 4)
    try:
        for part in PARTS:
            for family in families:
                part(world, family)
        if churn:
            churn.finish()
    finally:
        if churn:
            churn.kill()
    # All that is still open goes as it may.
    for side in (world.client, world.server):
        for sock in side.sockets:
            if sock.type == socket.SOCK_STREAM:
                sock.close()
    wait.until("nothing moves any more", lambda: is_quiet(world), 300)
    for side in (world.client, world.server):
        print(f"note: balance of {side.name}")
        print("    " + client.run(side, "balance")[0].rstrip("\n").replace("\n", "\n    "))
    total = collections.Counter()
    for side in (world.client, world.server):
        total.update(books.kernel(side))
    expect_all_moved(total)
    mine = books.as_traced(matrix() - before)
    theirs = traced(world)
    print("note: transitions, by the tracepoint and by the module's matrix")
    for edge in sorted(theirs | mine):
        print(f"    {'>'.join(edge):28} {theirs[edge]:6} {mine[edge]:6} {mine[edge] - theirs[edge]:+5}")
    expect("transitions the tracepoint saw, and the matrix", dict(mine), dict(theirs))
    world.excuse("segments", "they are not looked at here")


def live_and_end(world, times=1):
    for _ in range(times):
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        mine.close()
        theirs.close()
        world.ended(world.server, port)


def balance(side):
    """({counter: what the kernel has}, since, span in seconds, the first line of the text);
    the pairs are even."""
    lines = client.objects(side, "balance")
    expect("differences", [line for line in lines if line["difference"]], [])
    since, = {line["since"] for line in lines}
    return ({line["counter"]: line["kernel"] for line in lines}, since, lines[0]["span_us"] / 1e6,
            client.run(side, "balance")[0].split("\n")[0])


def sleeps(pid):
    with open(f"/proc/{pid}/wchan") as file:
        return "nanosleep" in file.read()


def balance_for(world, side):
    """What tcplc balance 2s compares: only what happened in these two seconds."""
    before = books.kernel(side)
    path = f"/tmp/balance.{side.name}"
    with nl.inside(side), open(path, "w") as out:
        waiting = subprocess.Popen(["tcplc", "balance", "--json", "2s"], stdout=out)
    wait.until("it to wait", lambda: sleeps(waiting.pid) or waiting.poll() is not None)
    live_and_end(world, 3)
    expect("status of balance 2s", waiting.wait(60), 0)
    with open(path) as file:
        lines = [json.loads(line) for line in file]
    os.unlink(path)
    schema.expect_valid(lines)
    expect("since", {line["since"] for line in lines}, {"now"})
    expect_true("for how long", 1.9e6 <= lines[0]["span_us"] <= 3e6)
    now = {line["counter"]: line["kernel"] for line in lines}
    expect("what the kernel counted meanwhile", now, grown(side, before))
    expect_true("three connections", now["ActiveOpens"] + now["PassiveOpens"] == 3)
    said = client.run(side, "balance", "1s")[0]
    expect_true(f"it says that they agree: {said}", said == f"{len(lines)} of {len(lines)} agree over 1 s\n")


def grown(side, before):
    """By the names of balance, without what names the file's line."""
    now = books.kernel(side)
    return {re.sub("^Tcp(Ext)?", "", name): now[name] - before[name] for name in now}


@scenario("W3", "balance needs no mark: since the namespace began, or since the load where it is older; it says over"
          " how long, and takes no mark of another namespace or load", shared=40)
def balance_without_a_mark(world):
    world.excuse("missing", "the module is loaded again over what lives")
    zero = dict.fromkeys(books.NAMES, 0)
    began = time.monotonic()
    live_and_end(world)
    for side in (world.client, world.server):
        path = f"/run/tcplc-balance.{side.inode}"
        with contextlib.suppress(FileNotFoundError):
            os.remove(path)                 # of a namespace before that had the number
        kernel, since, span, first = balance(side)
        expect("what the kernel counted", kernel, grown(side, zero))
        expect("since", (since, first.startswith("since this network namespace began, ")), ("namespace", True))
        expect_true("the namespace is older than its first connection", span >= time.monotonic() - began - 1)
        # What a namespace left behind that had the number before.
        client.run(side, "balance", "--mark")
        with open(path) as file:
            mark = json.load(file)
        with open(path, "w") as file:
            json.dump({**mark, "netns_cookie": mark["netns_cookie"] + 1}, file)
        expect("since, with another's mark", balance(side)[1], "namespace")
        expect_true("it is told", "is gone" in client.run(side, "balance")[1])
    before = {side: books.kernel(side) for side in (world.client, world.server)}
    loading = time.monotonic()
    world.reload()
    loaded = time.monotonic()
    live_and_end(world, 2)
    for side in (world.client, world.server):
        path = f"/run/tcplc-balance.{side.inode}"
        os.remove(path)
        kernel, since, span, first = balance(side)
        expect("what the kernel counted since the load", kernel, grown(side, before[side]))
        expect("since", (since, first.startswith("since the module was loaded, ")), ("load", True))
        now = time.monotonic()
        expect_true("over how long", now - loaded - 1 <= span <= now - loading + 1)
        client.run(side, "balance", "--mark")
        marked = books.kernel(side)
        live_and_end(world)
        kernel, since, span, first = balance(side)
        expect("what the kernel counted since the mark", kernel, grown(side, marked))
        expect("since", (since, first.startswith("since the mark was made, ")), ("mark", True))
        expect_true("over how long", span <= time.monotonic() - now + 1)
        balance_for(world, side)
    world.reload()
    for side in (world.client, world.server):
        kernel, since, _, _ = balance(side)
        expect("since, with a mark of another load", (since, any(kernel.values())), ("load", False))
        path = f"/run/tcplc-balance.{side.inode}"
        expect_true("a mark that is asked for by name", "loaded again" in client.run(
            side, "balance", path, status=1)[1])
        os.remove(path)


@scenario("W3", "every pair of balance is even after all that moves one, and so is the matrix with the tracepoint",
          virtual=True)
def balanced_books(world):
    mixed_load(world)


@scenario("W3", f"the same beside {BESIDE:,} connections on two processors", smp=True, limit=3000, shared=60)
def balanced_books_under_load(world):
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    # The waiting is real here; both families have theirs in virtual time.
    mixed_load(world, (4,), BESIDE)
