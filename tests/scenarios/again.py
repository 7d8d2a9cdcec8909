# SPDX-License-Identifier: GPL-2.0-only
"""Rows O11 and O12: what was there before the module, and a socket that connects again."""
import errno
import re
import socket
import time

from lib import module, net, nl, wait
from lib.failure import Failure, expect, expect_near, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_verdict

TCP_INFO, TCP_CLOSE = 11, 7
UNKNOWN = "isn peer_isn offered rtt_us pid uid comm listener accept_us".split()


def expect_no_past(record):
    """Nothing is told which happened before the module came."""
    expect("open", record.open, "preexisting", record)
    expect("owner", record.owner, "-", record)
    for name in UNKNOWN:
        expect(f"{name} of a connection whose past was not seen", getattr(record, name), None, record)


@scenario("O11", "connections older than the module: marked preexisting, their past is not invented")
def preexisting(world):
    # Until something happens to them, they are traced and unknown to the module.
    world.excuse("missing", "the module was not there when they opened")
    module.unload()
    pairs = [world.pair(family=family) for family in (4, 6)]
    for _, mine, theirs in pairs:
        mine.send(b"x" * 1000)
        expect("data arrived", len(theirs.recv(2000)), 1000)
    world.reload()
    for _, mine, theirs in pairs:
        port = net.remote(mine)[1]
        mine.shutdown(socket.SHUT_WR)
        world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        theirs.close()
        closer = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        other = world.ended(world.server, port)
        expect_no_past(closer)
        expect_no_past(other)
        expect_path(closer, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2",
                    "FIN_WAIT_2>TIME_WAIT")
        expect_path(other, "ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")
        expect_verdict(other, "preexisting", "fin", "peer")
        expect("identity", closer.cookie, net.cookie(mine), closer)


@scenario("O11", "a listener older than the module: what comes through it is recorded in full")
def preexisting_listener(world):
    world.excuse("missing", "the module was not there when it began to listen")
    module.unload()
    port = world.port()
    listener = world.server.listen(port)
    world.reload()
    world.client.connect(port)
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    seen = [r for r in world.records(world.server, port) if r.remote[1]]
    expect("records", len(seen), 1, *seen)
    expect_path(seen[0], *OPEN_PASSIVELY)
    expect("open, owner, listener", (seen[0].open, seen[0].owner, seen[0].listener),
           ("passive", "accept", net.cookie(listener)), seen[0])


@scenario("O11", "a TIME_WAIT older than the module: its end is seen, nothing before it", virtual=True)
def preexisting_time_wait(world):
    world.excuse("missing", "the module was not there for the rest")
    module.unload()
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    mine.close()
    theirs.close()
    wait.until("the client's TIME_WAIT", lambda: "TIME-WAIT" in world.client.run(
        "ss", "-Htan", "dport", "=", f":{port}"))
    world.reload()
    seen = world.ended(world.client, port, timeout=120)
    expect_no_past(seen)
    expect_path(seen, "TIME_WAIT>CLOSED")
    expect("cause", seen.transitions[0].cause, "2msl-expired", seen)
    expect("times nobody saw", (seen.tw_planned, seen.tw_actual), (None, None), seen)


def two_generations(world, sock, port=None):
    """The two records of one socket, the first and the second connection."""
    found = sorted((r for r in world.records(world.client, port) if r.cookie == net.cookie(sock)),
                   key=lambda r: r.generation)
    expect("generations of the socket", [r.generation for r in found], [0, 1], *found)
    return found


def connect_and_disconnect(world, sock, port):
    sock.connect((world.client.peer(4), port))
    net.disconnect(sock)


def ids_of(world, sock):
    return [r.id for r in world.records(world.client) if r.cookie == net.cookie(sock)]


@scenario("O12 W8", "connect() again when no record of the first is left, cleared or evicted: no identity is used twice")
def no_identity_twice(world):
    world.reload(records=64)
    world.excuse("counters", "records make room for others")
    world.excuse("missing", "so those of some traced sockets are gone")
    port = world.port()
    listener = world.server.listen(port, backlog=1024)
    sock = world.client.socket()
    told = []

    def clear():
        nl.Client().do("clear")

    def evict():
        for _ in range(80):
            with world.client.entered(), socket.socket() as other:
                other.connect((world.client.peer(4), port))
                net.disconnect(other)
            theirs, _ = listener.accept()
            theirs.close()

    for forget in (clear, evict, clear, lambda: None, clear):
        connect_and_disconnect(world, sock, port)
        mine = ids_of(world, sock)
        expect_true("it has a record", mine)
        expect("identities that were told before", sorted(set(mine[-1:]) & set(told)), [])
        told += mine[-1:]
        forget()
        if forget is evict:
            expect("records that were evicted", ids_of(world, sock), [])
    expect("the first of all", told[0], (net.cookie(sock), 0))
    # A cookie that somebody asked for before the module saw the socket.
    asked = world.client.socket()
    net.cookie(asked)
    connect_and_disconnect(world, asked, port)
    expect("its records", len(ids_of(world, asked)), 1)


@scenario("O12", "connect() again after it was refused: a second record, the first is closed")
def reconnect_after_failure(world):
    for family in (4, 6):
        closed, opened = world.port(), world.port()
        world.server.listen(opened, "::" if family == 6 else "0.0.0.0")
        peer = world.client.peer(family)
        sock = world.client.socket(net.family_of(peer))
        try:
            sock.connect((peer, closed))
            raise Failure("a connect to a closed port succeeded")
        except OSError as error:
            expect("connect()", error.errno, errno.ECONNREFUSED)
        sock.connect((peer, opened))
        first, second = two_generations(world, sock)
        expect("remote ports", (first.remote[1], second.remote[1]), (closed, opened), first, second)
        expect_path(first, "CLOSED>SYN_SENT", "SYN_SENT>CLOSED")
        expect_verdict(first, "active", "refused", "peer")
        expect_path(second, *OPEN_ACTIVELY)
        expect_verdict(second, "active", "-", "-")
        expect_true("the second begins after the first's end", second.start >= first.end - 1e-6,
                    first, second)


@scenario("O12 C10", "connect() again after AF_UNSPEC: a second record, the first is disconnected")
def reconnect_after_disconnect(world):
    # A bound socket keeps its port: then even the addresses are the same again.
    for bound in (False, True):
        port = world.port()
        listener = world.server.listen(port)
        sock = world.client.tcp(world.client.address(), world.port()) if bound \
            else world.client.tcp()
        sock.connect((world.client.peer(), port))
        world.server.sockets.append(listener.accept()[0])
        net.disconnect(sock)
        sock.connect((world.client.peer(), port))
        world.server.sockets.append(listener.accept()[0])
        first, second = two_generations(world, sock, port)
        expect_path(first, *OPEN_ACTIVELY, "ESTABLISHED>CLOSED")
        expect_verdict(first, "active", "disconnected", "local")
        expect("cause", first.transitions[-1].cause, "disconnect", first)
        expect("RSTs sent", [e.count for e in first.causes("rst-out")], [1], first)
        expect_path(second, *OPEN_ACTIVELY)
        expect_verdict(second, "active", "-", "-")
        expect("addresses the same", first.local == second.local, bound, first, second)
        others = world.records(world.server, port)
        expect("the other end's verdicts", [r.close for r in others], ["rst-received", "-"], *others)


def is_closed(sock):
    return sock.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 1)[0] == TCP_CLOSE


def leave_timewait(world, listener, sock):
    """Connect this socket, close first, and have it free for the next connection."""
    sock.connect(listener.getsockname()[:2])
    theirs, _ = listener.accept()
    port = sock.getsockname()[1]
    sock.shutdown(socket.SHUT_RDWR)
    theirs.close()
    wait.until("the socket's end", lambda: is_closed(sock))
    net.disconnect(sock)
    return port


@scenario("O12 C7", "one socket, three connections, all in TIME_WAIT: each lasts its own 2MSL", virtual=True)
def timewaits_of_one_socket(world):
    port = world.port()
    listener = world.server.listen(port, world.server.address())
    sock = world.client.tcp()
    ports = []
    for _ in range(3):
        ports.append(leave_timewait(world, listener, sock))
        time.sleep(10)
    for number in ports:
        seen = world.ended(world.client, port, timeout=120, remote_port=number)
        expect("cause", seen.transitions[-1].cause, "2msl-expired", seen)
        expect_near("2MSL", seen.tw_actual, 60, 4, seen)


def ageless(record):
    return re.sub(r" age=\S+", "", str(record))


def refused(sock, address):
    try:
        sock.connect(address)
        raise Failure("a connect to a closed port succeeded")
    except OSError as error:
        expect("connect()", error.errno, errno.ECONNREFUSED)


@scenario("O12 W1", "a socket whose connection is in TIME_WAIT makes others that are left out: the record of the"
          " first stays as it is, and ends by its own 2MSL", virtual=True)
def reconnect_to_what_is_left_out(world):
    world.excuse("missing", "some connections are left out on purpose")
    port, closed = world.port(), world.port()
    listener = world.server.listen(port, world.server.address())
    # Of the second the source port decides, once it is known.
    for parameters, side, address in (({"exclude_loopback": 1}, world.client, "127.0.0.1"),
                                      ({"ports": str(port)}, world.server, world.server.address())):
        world.reload(**parameters)
        sock = world.client.tcp()
        number = leave_timewait(world, listener, sock)
        first = world.record(world.client, port, lambda r: r.state == "TIME_WAIT", remote_port=number)
        excluded = world.client.view().header.excluded
        refused(sock, (address, closed))
        elsewhere = side.listen(world.port(), address)
        leave_timewait(world, elsewhere, sock)
        expect("left out: the refused one, a listener, both ends of the last",
               world.client.view().header.excluded - excluded, 4)
        mine = [r for r in world.client.view().records if r.cookie == net.cookie(sock)]
        expect("the first one's record", [ageless(r) for r in mine], [ageless(first)])
        last = world.ended(world.client, port, timeout=120, remote_port=number)
        expect("cause", last.transitions[-1].cause, "2msl-expired", last)
        expect_near("2MSL", last.tw_actual, 60, 4, last)
        expect("generation, gaps", (last.generation, last.gaps), (0, 0), last)


@scenario("O12 C7", "a socket's first connection is left out, its second is not: the TIME_WAIT of each ends none but its"
          " own", virtual=True)
def reconnect_from_what_is_left_out(world):
    world.excuse("missing", "some connections are left out on purpose")
    world.reload(exclude_loopback=1)
    home = world.client.listen(world.port(), "127.0.0.1")
    port = world.port()
    listener = world.server.listen(port, world.server.address())
    sock = world.client.tcp()
    leave_timewait(world, home, sock)
    time.sleep(30)
    number = leave_timewait(world, listener, sock)
    last = world.ended(world.client, port, timeout=120, remote_port=number)
    expect("cause", last.transitions[-1].cause, "2msl-expired", last)
    expect_near("2MSL", last.tw_actual, 60, 4, last)
