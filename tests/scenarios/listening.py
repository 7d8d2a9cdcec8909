# SPDX-License-Identifier: GPL-2.0-only
"""Row O3: the listener's own record, and what came through it."""
import contextlib
import errno
import resource
import socket

from lib import net, nl, wait
from lib.cost import unobserved
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import expect_owner, expect_verdict


def expect_counts(record, **counts):
    got = {name: getattr(record, name) for name in counts}
    expect("the counters", got, counts, record)


@scenario("O3",
          "CLOSED>LISTEN>CLOSED with backlog, owner, connections accepted, accept queue overflows")
def listener(world):
    for family in (4, 6):
        port = world.port()
        backlog = 2 + family
        listening = world.server.listen(port, "::" if family == 6 else "0.0.0.0", backlog)
        before = world.server.snmp()["TcpExtListenOverflows"]
        told = world.listener(world.server, port)
        expect_path(told, "CLOSED>LISTEN")
        expect("cause", told.transitions[0].cause, "listen", told)
        expect("identity", told.cookie, net.cookie(listening), told)
        expect("family", told.family, f"ipv{family}", told)
        expect_verdict(told, "listener", "-", "-")
        expect_owner(told, "listen")
        expect_counts(told, backlog=backlog, accepted=0, syn_overflow=0, accept_overflow=0,
                      cookies_sent=0, cookies_valid=0)

        for _ in range(backlog + 1):            # the kernel takes one more than it was told
            world.client.connect(port, world.client.peer(family))
        for _ in range(3):
            world.ghost(world.client, port, family).send("S", mss=1400)

        def overflows():
            return world.server.snmp()["TcpExtListenOverflows"] - before
        wait.until("three SYNs refused", lambda: overflows() == 3)
        told = world.listener(world.server, port)
        expect_counts(told, accepted=0, accept_overflow=3, syn_overflow=0)

        for _ in range(backlog + 1):
            world.server.sockets.append(listening.accept()[0])
        told = world.listener(world.server, port)
        expect_counts(told, backlog=backlog, accepted=backlog + 1, accept_overflow=overflows(),
                      syn_overflow=0, cookies_sent=0, cookies_valid=0)
        for child in world.records(world.server, port):
            expect("a child's listener", child.listener, told.cookie, child, told)

        listening.close()
        told = world.listener(world.server, port, lambda r: r.ended)
        expect_path(told, "CLOSED>LISTEN", "LISTEN>CLOSED")
        expect_verdict(told, "listener", "listener", "local")
        expect("cause", told.transitions[1].cause, "close", told)


@scenario("O3", "listen() again: the record follows the backlog, and begins no second life")
def backlog_changed(world):
    for family in (4, 6):
        port = world.port()
        listening = world.server.listen(port, "::" if family == 6 else "0.0.0.0", 5)
        before = world.listener(world.server, port)
        expect_counts(before, backlog=5)
        listening.listen(50)
        told = world.listener(world.server, port)
        expect_counts(told, backlog=50)
        expect("id", told.id, before.id, told)
        expect_path(told, "CLOSED>LISTEN")


@scenario("O3 C10", "ss -K on a listener: aborted, and so are the connections nobody accepted")
def listener_aborted(world):
    for family in (4, 6):
        port = world.port()
        world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        mine = world.client.connect(port, world.client.peer(family))
        world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
        world.server.run("ss", "-K", "-t", "-l", "sport", "=", f":{port}")
        told = world.listener(world.server, port, lambda r: r.ended)
        expect_path(told, "CLOSED>LISTEN", "LISTEN>CLOSED")
        expect_verdict(told, "listener", "aborted", "local")
        expect("cause", told.transitions[1].cause, "abort", told)
        child = world.ended(world.server, port)
        expect_verdict(child, "passive", "listener-closed", "local")
        mine.close()


@scenario("O3", "SYN queue overflows, as many as the kernel counts")
def syn_queue_overflow(world):
    world.server.sysctl("net.ipv4.tcp_syncookies", 0)
    port = world.port()
    world.server.listen(port, backlog=1)
    ghosts = [world.ghost(world.client, port) for _ in range(4)]
    for ghost in ghosts:
        ghost.send("S", mss=1400)
    ghosts[0].receive("SA")
    told = world.listener(world.server, port)
    expect_counts(told, syn_overflow=world.server.snmp()["TcpExtTCPReqQFullDrop"])
    expect_counts(told, accept_overflow=0, cookies_sent=0)
    # How many a backlog of 1 lets in depends on the kernel.
    half = world.records(world.server, port)
    expect("half-open connections", len(half), len(ghosts) - told.syn_overflow, told, *half)
    expect_true("some found room, some did not", 0 < len(half) < len(ghosts), told)


@scenario("O3 O9", "SYN cookies sent and found valid, as many as the kernel counts")
def syn_cookies_counted(world):
    world.server.sysctl("net.ipv4.tcp_syncookies", 1)
    port = world.port()
    world.server.listen(port, backlog=2)
    ghosts = [world.ghost(world.client, port) for _ in range(6)]
    for ghost in ghosts:
        ghost.send("S", mss=1400)
        ghost.receive("SA")
    # The first ones fill the SYN queue; of the others one answers, one lies.
    honest, liar = ghosts[-2:]
    honest.send("A")
    liar.ack += 12345
    liar.send("A")
    liar.receive("R")
    told = world.listener(world.server, port)
    kernel = world.server.snmp()
    expect_counts(told, cookies_sent=kernel["TcpExtSyncookiesSent"],
                  cookies_valid=kernel["TcpExtSyncookiesRecv"])
    expect_counts(told, cookies_valid=1)
    half = [r for r in world.records(world.server, port) if r.state == "NEW_SYN_RECV"]
    expect("SYNs that got no request socket", told.cookies_sent, len(ghosts) - len(half), told)
    opened = world.records(world.server, port, honest.local[1])
    expect("records of whom answered with the cookie", [r.open for r in opened], ["syncookie"], told)
    expect("records of the liar", world.records(world.server, port, liar.local[1]), [])


@scenario("O3 O12", "a listener shut down which listens again: a second record, the first is closed")
def listener_again(world):
    port = world.port()
    listening = world.server.listen(port, backlog=3)
    world.client.connect(port)
    listening.accept()[0].close()
    listening.shutdown(socket.SHUT_RDWR)
    listening.listen(7)
    found = [r for r in world.server.view().records if r.is_listener and r.local[1] == port]
    found.sort(key=lambda r: r.generation)
    expect("identities", [r.id for r in found],
           [(net.cookie(listening), 0), (net.cookie(listening), 1)], *found)
    first, second = found
    expect_path(first, "CLOSED>LISTEN", "LISTEN>CLOSED")
    expect_path(second, "CLOSED>LISTEN")
    expect("backlogs", (first.backlog, second.backlog), (3, 7), first, second)
    expect("accepted", (first.accepted, second.accepted), (1, 0), first, second)
    expect("verdicts", (first.close, second.close), ("listener", "-"), first, second)


# reuseport_grow(): a group has at most 65,535 places, and begins with 128, doubled.
GROUP = 32768


def listen_error(sock):
    try:
        sock.listen(1)
    except OSError as error:
        return error.errno
    return 0


@scenario("O3 O12", "listen() on a port that listens already: a record of who tried, and that it failed, each time")
def listen_in_use(world):
    for family, address in ((4, "0.0.0.0"), (6, "::")):
        port = world.port()
        first, second = (world.server.tcp(address, port) for _ in range(2))
        expect("listen()", [listen_error(sock) for sock in (first, second, second)], [0] + 2 * [errno.EADDRINUSE])
        told = [r for r in world.server.view([port]).records if r.is_listener]
        told.sort(key=lambda r: r.start)
        expect("identities", [r.id for r in told], [(net.cookie(first), 0), (net.cookie(second), 0),
                                                    (net.cookie(second), 1)], *told)
        listening, *failed = told
        expect_path(listening, "CLOSED>LISTEN")
        for record in failed:
            expect_path(record, "CLOSED>LISTEN", "LISTEN>CLOSED")
            expect("causes", [t.cause for t in record.transitions], ["listen", "listen-failed"], record)
            expect_verdict(record, "listener", "listen-failed", "local")
            expect("where", (record.family, record.local[1]), (f"ipv{family}", port), record)
            expect_owner(record, "listen")
            expect_counts(record, backlog=1, accepted=0)


@scenario("O3 W2", "listen() fails a hundred times: 16 records of a socket, and those who live keep theirs")
def listen_failed_often(world):
    world.excuse("counters", "records are evicted, as they are meant to be")
    for part in ("missing", "transitions"):
        world.excuse(part, "of most failures the record is gone by the end")
    world.reload(records=64)
    port = world.port()
    first, *others = (world.server.tcp("0.0.0.0", port) for _ in range(9))
    expect("listen()", listen_error(first), 0)
    again, *others = others

    def records():
        return [r.cookie for r in world.server.view([port]).records if r.is_listener]
    before = world.server.view().header
    expect("listen()", {listen_error(again) for _ in range(100)}, {errno.EADDRINUSE})
    expect("records of the socket", records().count(net.cookie(again)), 16)
    expect("evicted", world.server.view().header.evicted - before.evicted, 100 - 16)
    expect("listen()", {listen_error(sock) for sock in others for _ in range(20)}, {errno.EADDRINUSE})
    expect("records of who listens", records().count(net.cookie(first)), 1)
    after = world.server.view().header
    begun = 100 + 20 * len(others)
    expect("evicted of all", after.evicted - before.evicted, before.dead + begun - after.dead)
    expect("without room", after.untracked - before.untracked, 0)
    expect_true(f"more than the pool holds: {begun}, and {after.dead} are left", after.dead < 64 < begun)


@scenario("O3 O12", f"listen() fails at its last step, for {GROUP:,} share the port: its record ends with that",
          shared=100)
def listen_failed(world):
    port = world.port()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    world.reload(records=2 * GROUP)
    before = world.server.view().header.live
    group = []
    with unobserved(world), world.server.entered(), contextlib.closing(nl.Client(world.server)) as client:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(files[0], GROUP + 1000), max(files[1], GROUP + 1000)))
            for _ in range(GROUP + 1):
                group.append(socket.socket())
                group[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                group[-1].bind(("0.0.0.0", port))
            failing = group[0]
            for sock in group[1:]:
                sock.listen(1)
            expect("listen()", listen_error(failing), errno.ENOMEM)
            cookie = net.cookie(failing)
            first = client.do("conn-get", cookie=cookie)
            group.pop().close()
            expect("listen() once there is room", listen_error(failing), 0)
            second = client.do("conn-get", cookie=cookie)
        finally:
            for sock in group:
                sock.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, files)
    expect("state", nl.state(first["state"]), "CLOSED")
    expect("verdict", [first["close"], first["first"]], ["listen-failed", "local"])
    expect("path", [(nl.state(e["from"]), nl.state(e["to"]), e["cause"]) for e in first["entry"]],
           [("CLOSED", "LISTEN", "listen"), ("LISTEN", "CLOSED", "listen-failed")])
    expect("after that", (second["generation"], nl.state(second["state"])), (1, "LISTEN"))
    expect("living records left", world.server.view().header.live - before, 0)
