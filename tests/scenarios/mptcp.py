# SPDX-License-Identifier: GPL-2.0-only
"""Rows O14, C14, N3: MPTCP: whose a subflow is, which connection it belongs to, how that ended.

TCP's sockets are opened, shut and reset by the kernel there; the process has a socket of
another kind. Witnesses: the options 30 on the wire (RFC 8684), the cookie that
SO_COOKIE tells of the MPTCP socket, and the tracepoint, for each subflow, as always.
"""
import contextlib
import ipaddress
import os
import signal
import socket
import struct
import time

from lib import net, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_owner, expect_verdict, once
from lib.wire import read_all, segments_of, step

IPPROTO_MPTCP = 262
# Of the option's third byte.
MP_CAPABLE, MP_JOIN, MP_FASTCLOSE = 0, 1, 7
SECOND = "10.77.0.3"
ORDERLY = ("fin", "simultaneous", "three-segment")


def subtypes(segment):
    """Of the options 30 in a segment."""
    return {body[0] >> 4 for body in segment.options.get("mptcp", ())}


def listen(side, port, family=4, backlog=16):
    sock = side.socket(socket.AF_INET6 if family == 6 else socket.AF_INET, protocol=IPPROTO_MPTCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("::" if family == 6 else "0.0.0.0", port))
    sock.listen(backlog)
    return sock


def connect(side, port, family=4):
    sock = side.socket(socket.AF_INET6 if family == 6 else socket.AF_INET, protocol=IPPROTO_MPTCP)
    sock.connect((side.peer(family), port))
    return sock


def accept(side, listener):
    listener.settimeout(30)
    sock, _ = listener.accept()
    side.sockets.append(sock)
    sock.settimeout(30)
    return sock


def pair(world, family=4):
    """A connection, established: (port, listener, client's socket, server's socket)."""
    port = world.port()
    listener = listen(world.server, port, family)
    mine = connect(world.client, port, family)
    theirs = accept(world.server, listener)
    mine.settimeout(30)
    return port, listener, mine, theirs


def converse(mine, theirs):
    """Until both ends know that MPTCP is agreed on, which the first data tells."""
    mine.sendall(b"a question")
    read_all(theirs, 10)
    theirs.sendall(b"an answer")
    read_all(mine, 9)


def second_address(world):
    """The client has another one, from which each connection gets a further subflow."""
    server_mac = net.MACS["client"]
    world.client.ip(f"addr add {SECOND}/24 dev {net.DEVICE}")
    world.server.ip(f"neigh add {SECOND} lladdr {server_mac} dev {net.DEVICE} nud permanent")
    for side in (world.client, world.server):
        side.run("ip", "mptcp", "limits", "set", "subflow", "2", "add_addr_accepted", "2")
    world.client.run("ip", "mptcp", "endpoint", "add", SECOND, "dev", net.DEVICE, "subflow")


def subflows(world, side, port, until=lambda r: True):
    """(first, further) once there are two that are so."""
    def look():
        found = world.records(side, port)
        return len(found) == 2 and all(map(until, found)) and found
    return wait.until(f"two subflows on {port} in {side.name}", look)


def expect_agreed(record):
    expect_true("mptcp is offered", "mptcp" in record.offered, record)
    expect_true("mptcp is agreed on", "mptcp" in record.agreed, record)


@scenario("O14 N3 C1 C2", "both ends MPTCP: owner, accept wait and count as for TCP, the option, the MPTCP"
          " socket's cookie; close() and shutdown() are told apart, although the kernel sends the FIN")
def mptcp_connection(world):
    for family in (4, 6):
        for call in ("close", "shutdown"):
            one_connection(world, family, call)


def one_connection(world, family, call):
    port = world.port()
    listener = listen(world.server, port, family)
    mine = connect(world.client, port, family)
    mine.settimeout(30)
    # Its third ACK came; nobody has accepted it.
    world.record(world.server, port, lambda r: r.state == "ESTABLISHED" and r.owner == "-")
    theirs = accept(world.server, listener)
    told = world.listener(world.server, port)
    expect("the listener", (told.owner, told.pid, told.accepted), ("listen", os.getpid(), 1), told)
    converse(mine, theirs)
    for side, sock, how in ((world.client, mine, "connect"), (world.server, theirs, "accept")):
        seen = world.record(side, port)
        expect_owner(seen, how)
        expect_agreed(seen)
        expect("the MPTCP socket's cookie", seen.mptcp, net.cookie(sock), seen)
    seen = world.record(world.server, port)
    expect_true("the accept wait", seen.accept_us is not None and once(seen, "accepted"), seen)
    ours, others = segments_of(world, world.client, world.record(world.client, port))
    expect("the options of SYN and SYN-ACK", (subtypes(ours[0]), subtypes(others[0])),
           ({MP_CAPABLE}, {MP_CAPABLE}))

    if call == "close":
        mine.close()
    else:
        mine.shutdown(socket.SHUT_WR)
    expect("the end of the stream", theirs.recv(1), b"")
    theirs.close()
    if call == "shutdown":
        expect("the end of the other stream", mine.recv(1), b"")
    seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT" or r.ended)
    other = world.record(world.server, port, lambda r: r.state == "TIME_WAIT" or r.ended)
    expect_path_begins(seen, *OPEN_ACTIVELY)
    expect_path_begins(other, *OPEN_PASSIVELY)
    expect("the cause of our FIN", fin_cause(seen), call, seen)
    expect("the cause of the server's", fin_cause(other), "close", other)
    for record in (seen, other):
        expect_true("it ends in order", record.close in (*ORDERLY, "-"), record)
        expect("bytes", record.tx + record.rx, 19, record)
    mine.close()


def expect_path_begins(record, *steps):
    expect("the opening", [str(entry) for entry in record.transitions[:len(steps)]], list(steps), record)


def fin_cause(record):
    """Of the transition in which our FIN left."""
    return next((entry.cause for entry in record.transitions
                 if entry.new in ("FIN_WAIT_1", "LAST_ACK")), None)


def expect_fastclose(world, port, sender, cause="fastclose-sent", nr=1):
    """All subflows of this port: `sender` ended the connection at once, and said so on the wire."""
    receiver = world.client if sender is world.server else world.server
    for side, close, first, why in ((sender, "fastclose-sent", "local", cause),
                                    (receiver, "fastclose-received", "peer", "fastclose-received")):
        def look(side=side):
            found = world.records(side, port)
            return len(found) == nr and all(r.ended for r in found) and found
        for seen in wait.until(f"the end of {port} in {side.name}", look):
            expect("close, first", (seen.close, seen.first), (close, first), seen)
            sent, received = segments_of(world, side, seen)
            rst = [s for s in sent + received if s.has("R")][0]
            last = seen.transitions[-1]
            if nr > 1 and MP_FASTCLOSE not in subtypes(rst):
                # The answer to that of the first, before it had its own: a worker was quicker.
                expect_true("it is a further subflow", SECOND in str(seen), seen)
                why = "rst-received" if side is sender else why
            else:
                expect_true("the RST has MP_FASTCLOSE", MP_FASTCLOSE in subtypes(rst), seen)
                expect("the RST's number", last.seq, rst.seq, seen)
            expect("the cause", last.cause, why, seen)
            if why != "rst-received" and side is sender:
                once(seen, "rst-out")


@scenario("C14", "closed with data unread, or with SO_LINGER 0: MPTCP's fastclose, sent and received")
def mptcp_fastclose(world):
    for family in (4, 6):
        port, _, mine, theirs = pair(world, family)
        converse(mine, theirs)
        mine.sendall(b"more")
        world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
        wait.until("the data to be there", lambda s=theirs: s.recv(4, socket.MSG_PEEK) == b"more")
        theirs.close()
        expect_fastclose(world, port, world.server)
        expect("what the client is told", mine.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
               lambda error: error != 0)

        port, _, mine, theirs = pair(world, family)
        converse(mine, theirs)
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))
        mine.close()
        expect_fastclose(world, port, world.client)


@contextlib.contextmanager
def process(world, port):
    """A process that connects, and lives until it is told how to end."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            mine = connect(world.client, port)
            theirs.send(b"c")
            theirs.recv(1)
            os._exit(mine.fileno() < 0)
        finally:
            os._exit(1)
    theirs.close()
    try:
        yield pid, ours
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        ours.close()


@scenario("C10 C12 O14", "a process that ends, or is killed, with an MPTCP connection open: that is the cause of the"
          " FIN that a worker of the kernel sends later, and of the fastclose if data was unread")
def mptcp_process_ends(world):
    for unread in (False, True):
        for how in ("exit", "killed"):
            port = world.port()
            listener = listen(world.server, port)
            with process(world, port) as (pid, channel):
                theirs = accept(world.server, listener)
                expect("it has connected", channel.recv(1), b"c")
                theirs.sendall(b"for nobody" if unread else b"")
                world.record(world.client, port, lambda r, u=unread: r.state == "ESTABLISHED")
                if unread:
                    # Acknowledged, so it is in the receive queue.
                    wait.until("the data to be acknowledged", lambda p=port: any(
                        s.has("A") and not s.sent and s.length == 0 for s in
                        world.segments(world.server, p)[3:]))
                if how == "exit":
                    channel.send(b"xx")
                else:
                    os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if unread:
                expect_fastclose(world, port, world.client, cause=how)
                continue
            expect("the end of the stream", theirs.recv(1), b"")
            theirs.close()
            seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT" or r.ended)
            expect("the owner", (seen.owner, seen.pid), ("connect", pid), seen)
            expect("the cause of the FIN", fin_cause(seen), how, seen)


@scenario("O14 N3 C14", "a second subflow: each end names the connection it joined and whose that is; it is"
          " taken away alone, or ends with the connection, in order and by fastclose")
def mptcp_second_subflow(world):
    second_address(world)
    for end in ("close", "fastclose", "taken away"):
        port, listener, mine, theirs = pair(world)
        converse(mine, theirs)
        for side, sock, how in ((world.client, mine, "connect"), (world.server, theirs, "accept")):
            for seen in subflows(world, side, port, lambda r: r.state == "ESTABLISHED" and r.mptcp):
                expect("the MPTCP socket's cookie", seen.mptcp, net.cookie(sock), seen)
                expect_owner(seen, how)
                expect_agreed(seen)
        expect("accepted", world.listener(world.server, port).accepted, 1)
        first, further = subflows(world, world.client, port)
        expect("whose address", (str(first.local[0]), str(further.local[0])),
               (world.client.address(), SECOND), first, further)
        expect("the options of its SYN", subtypes(segments_of(world, world.client, further)[0][0]), {MP_JOIN})
        expect("entries of accept()", [len(r.causes("accepted")) for r in
                                       subflows(world, world.server, port)], [1, 0])
        if end == "fastclose":
            mine.sendall(b"more")
            wait.until("the data to be there", lambda s=theirs: s.recv(4, socket.MSG_PEEK) == b"more")
            theirs.close()
            expect_fastclose(world, port, world.server, nr=2)
            continue
        gone = take_away(world, port) if end == "taken away" else None
        mine.close()
        expect("the end of the stream", theirs.recv(1), b"")
        closed = time.time()
        theirs.close()
        for side in (world.client, world.server):
            for seen in subflows(world, side, port, lambda r: r.state == "TIME_WAIT" or r.ended):
                fin = next(e for e in seen.transitions if e.new in ("FIN_WAIT_1", "LAST_ACK"))
                # From 6.12 on an end that was left alone is closed at once, before with the others.
                alone = gone and gone in (seen.local, seen.remote) and (
                    side is world.client or seen.start + fin.time < closed)
                expect("the cause of the FIN", fin.cause, "subflow-closed" if alone else "close", seen)


def take_away(world, port):
    """The client's second address goes, and with it the further subflow: its end there."""
    world.client.run("ip", "mptcp", "endpoint", "del", "id", "1")

    def look():
        first, further = subflows(world, world.client, port)
        return fin_cause(further) and (first, further)
    first, gone = wait.until("the FIN of the further subflow", look)
    expect("the cause of its FIN", fin_cause(gone), "subflow-closed", gone)
    expect("the first goes on", first.state, "ESTABLISHED", first)
    wait.until("the FIN to arrive", lambda: subflows(world, world.server, port)[1].state != "ESTABLISHED")
    return gone.local


@scenario("O14 N3", "one end knows MPTCP, the other does not: offered, and not agreed on; the owner as for TCP")
def mptcp_fallback(world):
    for client, server in ((IPPROTO_MPTCP, 0), (0, IPPROTO_MPTCP)):
        port = world.port()
        listener = listen(world.server, port) if server else world.server.listen(port)
        mine = connect(world.client, port) if client else world.client.connect(port)
        mine.settimeout(30)
        theirs = accept(world.server, listener)
        converse(mine, theirs)
        for side, how in ((world.client, "connect"), (world.server, "accept")):
            seen = world.record(side, port, lambda r: r.state == "ESTABLISHED")
            expect_owner(seen, how)
            expect("offered, agreed", ("mptcp" in seen.offered, "mptcp" in seen.agreed),
                   (client == IPPROTO_MPTCP, False), seen)
        expect("accepted", world.listener(world.server, port).accepted, 1)
        expect("of the server", world.record(world.server, port).mptcp, None)
        mine.close()
        expect("the end of the stream", theirs.recv(1), b"")
        theirs.close()
        for side in (world.client, world.server):
            seen = world.record(side, port, lambda r: r.state == "TIME_WAIT" or r.ended)
            expect("the cause of the FIN", fin_cause(seen), "close", seen)


@scenario("O3 O14", "listen() on MPTCP, and again with another backlog: the record follows, and begins no second life")
def mptcp_backlog_changed(world):
    for family in (4, 6):
        port = world.port()
        listener = listen(world.server, port, family, 5)
        before = world.listener(world.server, port)
        expect_owner(before, "listen")
        expect("backlog", before.backlog, 5, before)
        listener.listen(9)
        after = world.listener(world.server, port)
        expect("identity, backlog", (after.id, after.backlog), (before.id, 9), after)
        listener.close()
        seen = world.listener(world.server, port, lambda r: r.ended)
        expect("close, first", (seen.close, seen.first), ("listener", "local"), seen)


@scenario("O14", "a listener whose MPTCP socket has a cookie hands copies of it to all it accepts: no number is"
          " told that several connections have, and all else is")
def mptcp_cookie_copied(world):
    port = world.port()
    listener = listen(world.server, port)
    copied = net.cookie(listener)
    mine = connect(world.client, port)
    theirs = accept(world.server, listener)
    converse(mine, theirs)
    expect("what the kernel has", net.cookie(theirs), copied)
    seen = world.record(world.server, port)
    expect("mptcp", seen.mptcp, None, seen)
    expect_owner(seen, "accept")
    expect_agreed(seen)
    mine.shutdown(socket.SHUT_WR)
    expect("the end of the stream", theirs.recv(1), b"")
    theirs.close()
    seen = world.record(world.server, port, lambda r: r.state == "TIME_WAIT" or r.ended)
    expect("the cause of the FIN", fin_cause(seen), "close", seen)


@scenario("C10 O14", "a further subflow whose SYN-ACK has lost MP_JOIN on the way: MPTCP resets it, the first goes on")
def mptcp_subflow_reset(world):
    second_address(world)
    world.server.run("nft", "-f", "-", text=(
        "table inet tlc {\n  chain c {\n    type filter hook output priority 0;\n"
        f"    ip daddr {SECOND} tcp flags & (syn | ack) == syn | ack reset tcp option 30\n  }}\n}}\n"))
    port, _, mine, theirs = pair(world)
    converse(mine, theirs)
    first, further = subflows(world, world.client, port,
                              lambda r: r.ended or r.local[0] != ipaddress.ip_address(SECOND))
    expect("the first", first.state, "ESTABLISHED", first)
    expect_path(further, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
    expect_verdict(further, "active", "subflow-reset", "local")
    expect("the cause", step(further, "ESTABLISHED>CLOSED").cause, "subflow-reset", further)


@scenario("O14 N3 O9", "opened through SYN cookies, the first subflow and the further one: named, owned and agreed on all"
          " the same, though nothing is known of their SYNs")
def mptcp_syncookie(world):
    second_address(world)
    world.server.sysctl("net.ipv4.tcp_syncookies", 2)
    port, listener, mine, theirs = pair(world)
    converse(mine, theirs)
    for seen in subflows(world, world.server, port, lambda r: r.state == "ESTABLISHED" and r.mptcp):
        expect("open, offered", (seen.open, seen.offered), ("syncookie", None), seen)
        expect("the MPTCP socket's cookie", seen.mptcp, net.cookie(theirs), seen)
        expect_owner(seen, "accept")
        expect_true("mptcp is agreed on", "mptcp" in seen.agreed, seen)
    expect("accepted", world.listener(world.server, port).accepted, 1)
    mine.close()
    expect("the end of the stream", theirs.recv(1), b"")
    theirs.close()
    for seen in subflows(world, world.server, port, lambda r: r.state == "TIME_WAIT" or r.ended):
        expect("the cause of the FIN", fin_cause(seen), "close", seen)


@scenario("O14 C10", "a further subflow that the server no longer wants when its handshake is over")
def mptcp_join_refused(world):
    second_address(world)
    port, listener = (number := world.port()), listen(world.server, number)
    mine = connect(world.client, port)
    mine.settimeout(30)
    theirs = accept(world.server, listener)
    # So that there is time between the SYN of the further subflow and its ACK.
    world.client.netem("delay", "200ms")
    converse(mine, theirs)
    wait.until("the SYN of the further subflow", lambda: len(world.records(world.server, port)) == 2)
    world.server.run("ip", "mptcp", "limits", "set", "subflow", "0")
    seen = subflows(world, world.server, port, lambda r: r.ended or not r.state == "SYN_RECV" and
                    str(r.remote[0]) != SECOND)[1]
    expect_path(seen, *OPEN_PASSIVELY[:2], "SYN_RECV>CLOSED")
    expect_verdict(seen, "passive", "subflow-reset", "local")


@scenario("N3 O14", "SYNs with MP_CAPABLE are lost: a retransmitted SYN has none, and what connects after that does not"
          " offer it", virtual=True)
def mptcp_not_offered(world):
    # Long enough for the one that comes next.
    world.client.sysctl("net.mptcp.blackhole_timeout", 3600)
    world.excuse("segments", "those the firewall drops are on the server's wire")
    world.server.nft("tcp option 30 exists drop")
    port = world.port()
    listener = world.server.listen(port)
    for offered in (True, False):
        mine = connect(world.client, port)
        mine.settimeout(30)
        theirs = accept(world.server, listener)
        converse(mine, theirs)
        seen = world.record(world.client, port, lambda r: r.state == "ESTABLISHED",
                            remote_port=net.local(mine)[1])
        expect("offered, agreed", ("mptcp" in seen.offered, "mptcp" in seen.agreed), (offered, False), seen)
        syn = segments_of(world, world.client, seen)[0][0]
        expect("on the wire", subtypes(syn), {MP_CAPABLE} if offered else set())
        mine.close()
        expect("the end of the stream", theirs.recv(1), b"")
        theirs.close()
