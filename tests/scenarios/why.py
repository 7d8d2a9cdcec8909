# SPDX-License-Identifier: GPL-2.0-only
"""tcplc why: each rule on connections that provoke it, and silent next to them; resets are in why_resets.py.

Whether a finding is right is held against what the scenario did, ss and the kernel's own counters.
"""
import contextlib
import json
import os
import socket
import struct
import subprocess
import time

from lib import wait
from lib.client import run
from lib.craft import PORTS
from lib.failure import expect, expect_true
from lib.reasons import Look, waiting
from lib.registry import scenario
from lib.story import error_of_connect
from lib.wire import ghost_client
from scenarios.mss import learn

MAXSEG = (socket.IPPROTO_TCP, socket.TCP_MAXSEG)


def pairs(world, number, **options):
    """So many connections to one port: (port, listener, client's sockets, server's sockets)."""
    port = world.port()
    listener = world.server.listen(port, backlog=number)
    mine = [world.client.connect(port, **options) for _ in range(number)]
    theirs = [listener.accept()[0] for _ in range(number)]
    world.server.sockets.extend(theirs)
    return port, listener, mine, theirs


@scenario("tcplc", "why: CLOSE_WAIT that piles up in a process, as many as ss has; FIN_WAIT_2 at the other side",
          virtual=True, shared=5)
def why_close_wait(world):
    port, _, mine, theirs = pairs(world, 10)
    for sock in mine:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 30))
        sock.close()
    wait.until("CLOSE_WAIT", lambda: waiting(world.server, "close-wait", port) == 10)
    time.sleep(50)
    Look(world.server, port)
    Look(world.client, port)
    time.sleep(15)
    found = Look(world.server, port, found=["close-wait"]).expect("close-wait", 10, "severe", f"/{os.getpid()}")
    expect_true("for over a minute", 60e6 < found["longest_us"] < 80e6)
    expect("the pid", found["whose"]["pid"], os.getpid())
    expect("the peer", found["shares"], [{"address": world.client.address(), "count": 10}])
    Look(world.client, port, found=["fin-wait-2"]).expect("fin-wait-2", 10, "notable", "10 ended by")
    for sock in theirs[2:]:
        sock.close()
    expect("what is left, by ss", waiting(world.server, "close-wait", port), 2)
    Look(world.server, port)


@scenario("tcplc", "why: an accept queue that is full, connections never accepted, and those the listener takes along",
          virtual=True, shared=5)
def why_accept(world):
    port = world.port()
    listening = world.server.listen(port, backlog=2)
    mine = [world.client.connect(port) for _ in range(3)]
    Look(world.server, port)
    for _ in range(3):
        world.ghost(world.client, port).send("S", mss=1400)
    wait.until("three SYNs dropped", lambda: world.server.snmp()["TcpExtListenOverflows"] == 3)
    look = Look(world.server, port, found=["accept-queue"])
    look.expect("accept-queue", 3, "severe", "Backlog 2.", "0 accepted since listen()", listed=1)
    time.sleep(11)
    look = Look(world.server, port, found=["accept-queue", "never-accepted"])
    look.expect("never-accepted", 3, "severe")
    for _ in range(3):
        listening.accept()[0].close()
    look = Look(world.server, port, found=["accept-queue"])
    look.expect("accept-queue", 3, "severe", "of 3 connections on record", listed=1)
    again = [world.client.connect(port) for _ in range(3)]
    listening.close()
    found = Look(world.server, port, found=["closed-unaccepted"]).expect("closed-unaccepted", 3, "notable")
    expect("who closed", found["whose"]["pid"], os.getpid())
    for sock in mine + again:
        sock.close()


@scenario("tcplc", "why: a SYN queue that is full, with cookies and without; the MSS that cookies leave", shared=5)
def why_syn_queue(world):
    world.server.sysctl("net.ipv4.tcp_syncookies", 0)
    port = world.port()
    listener = world.server.listen(port, backlog=1)
    Look(world.server, port)
    for _ in range(4):
        world.ghost(world.client, port).send("S", mss=1400)

    def drops():
        return world.server.snmp()["TcpExtTCPReqQFullDrop"]
    wait.until("four SYNs, some of them dropped",
               lambda: drops() and drops() + waiting(world.server, "syn-recv", port) == 4)
    dropped = drops()
    Look(world.server, port, found=["syn-queue"]).expect("syn-queue", dropped, "severe", listed=1)
    listener.close()

    world.server.sysctl("net.ipv4.tcp_syncookies", 1)
    port = world.port()
    listener = world.server.listen(port, backlog=2)
    for _ in range(4):
        ghost = world.ghost(world.client, port)
        ghost.send("S", mss=1400)
        ghost.receive("SA")
    for _ in range(3):
        world.ghost(world.client, port).open(mss=1400)
        listener.accept()[0].close()
    sent = world.server.snmp()["TcpExtSyncookiesSent"]
    look = Look(world.server, port, found=["mss-cookie", "syn-queue"])
    look.expect("syn-queue", sent, "notable", f"{sent} SYN cookies sent, 3 came back", listed=1)
    look.expect("mss-cookie", 3, "notable", "1,300 bytes")
    # Where all of them are cookies, that says nothing about the queue.
    world.server.sysctl("net.ipv4.tcp_syncookies", 2)
    Look(world.server, port, found=["mss-cookie"])


@scenario("tcplc", "why: connect() refused, answered by ICMP, never answered; by whom, and of how many", virtual=True, shared=5)
def why_connect(world):
    # An ICMP error which arrives while connect() still holds the socket is only noted.
    world.server.netem("delay", "10ms")

    def fail(port, times):
        for _ in range(times):
            expect_true("connect() fails", error_of_connect(world.client.connect(port, blocking=False)))
    refused, rejected, dropped = (world.port() for _ in range(3))
    world.server.nft(f"tcp dport {rejected} reject with icmpx type host-unreachable",
                     f"tcp dport {dropped} drop")
    fail(refused, 2)
    Look(world.client, refused)
    fail(refused, 1)
    fail(rejected, 3)
    fail(dropped, 3)
    look = Look(world.client, refused, rejected, dropped,
                found=["connect-refused", "connect-timed-out", "connect-unreachable"])
    for rule, port in (("connect-refused", refused), ("connect-timed-out", dropped),
                       ("connect-unreachable", rejected)):
        found = look.expect(rule, 3, "severe", f"3 of 3 connect() to {world.server.address()}:{port}")
        expect("by whom", [(share["pid"], share["count"]) for share in found["shares"]], [(os.getpid(), 3)])
    # The service is back: not all of them fail any more.
    listener = world.server.listen(refused)
    world.client.connect(refused)
    listener.accept()[0].close()
    Look(world.client, refused, found=["connect-refused"]).expect("connect-refused", 3, "notable", "3 of 4")


@scenario("tcplc", "why: local ports used up by TIME_WAIT towards a destination, and who closed first", shared=5)
def why_ports(world):
    world.client.sysctl("net.ipv4.ip_local_port_range", "40000 40019")
    world.client.sysctl("net.ipv4.tcp_tw_reuse", 0)
    port = world.port()
    listener = world.server.listen(port)
    made = 0

    def until(number):
        nonlocal made
        while made < number:
            mine = world.client.connect(port)
            theirs, _ = listener.accept()
            mine.close()
            theirs.close()
            made += 1
        wait.until("TIME_WAIT", lambda: waiting(world.client, "time-wait", port) == number)
    until(9)
    Look(world.client, port)
    until(10)
    Look(world.client, port, found=["ports"]).expect(
        "ports", 10, "notable", "10 of 20 local ports of 10.77.0.1", "first in 10 of those")
    until(20)
    with contextlib.suppress(OSError):
        world.client.connect(port)
    Look(world.client, port, found=["ports"]).expect(
        "ports", 21, "severe", "20 of 20 local ports of 10.77.0.1", "1 connect() failed", listed=20)
    # The server has none of it: it only answers.
    Look(world.server, port)


@scenario("tcplc", "why: SYNs and SYN-ACKs that were retransmitted before the connection opened", shared=5)
def why_loss(world):
    port = world.port()
    listener = world.server.listen(port)
    world.server.nft(f"tcp dport {port} drop")
    before = world.client.snmp()["TcpExtTCPSynRetrans"]
    mine = [world.client.connect(port, blocking=False) for _ in range(3)]
    wait.until("three SYNs again", lambda: world.client.snmp()["TcpExtTCPSynRetrans"] - before >= 3)
    Look(world.client, port)
    world.server.nft_clear()
    for sock in mine:
        expect("connect()", error_of_connect(sock), 0)
        listener.accept()[0].close()
    again = world.client.snmp()["TcpExtTCPSynRetrans"] - before
    Look(world.client, port, found=["syn-loss"]).expect("syn-loss", 3, "severe", f"{again} retransmissions")
    Look(world.server, port)

    other = world.port()
    listener = world.server.listen(other)
    ghosts = [world.ghost(world.client, other) for _ in range(3)]
    for ghost in ghosts:
        ghost.send("S", mss=1400)
    for ghost in ghosts:
        ghost.receive("SA")
        ghost.receive("SA")
        ghost.send("A")
        listener.accept()[0].close()
    look = Look(world.server, port, other, found=["syn-ack-loss"])
    look.expect("syn-ack-loss", 3, "severe", f"{world.server.address()}:{other}")


@scenario("tcplc", "why: an MSS that path MTU discovery, the peer's SYN or TCP_MAXSEG holds down", virtual=True, shared=5)
def why_mss(world):
    port, _, _, _ = pairs(world, 3, options=[(*MAXSEG, 900)])
    Look(world.server, port, found=["mss-small"]).expect(
        "mss-small", 3, "notable", "held there by the MSS option that came in the peer's SYN")
    Look(world.client, port, found=["mss-small"]).expect(
        "mss-small", 3, "notable", "held there by TCP_MAXSEG")
    port, _, _, _ = pairs(world, 3, options=[(*MAXSEG, 1012)])
    Look(world.server, port)

    port, _, mine, _ = pairs(world, 3)
    world.server.nft(f"tcp dport {port} drop")
    mine[0].sendall(bytes(1448))
    wait.until("the segment on the wire",
               lambda: [s for s in world.segments(world.client, port) if s.length > 1400])
    Look(world.client, port)
    learn(world, world.client, world.server, port, 1400, 4)
    wait.until("it is noticed", lambda: [r for r in world.records(world.client, port) if r.causes("mss-changed")])
    world.server.nft_clear()
    # The route has learned it: those that are opened now begin with it.
    for number in range(3):
        Look(world.client, port, found=["mss-pmtu"] if number == 2 else [])
        world.client.connect(port)
    Look(world.client, port, found=["mss-pmtu"]).expect(
        "mss-pmtu", 4, "notable", "The smallest: 1,348 bytes", "In 1 of them it was lowered")


@scenario("tcplc", "why: no room for orphans or in TIME_WAIT; a socket connected to itself", shared=5)
def why_teardown(world):
    path = "/proc/sys/net/ipv4/tcp_max_orphans"
    with open(path) as file:
        before = file.read()
    try:
        with open(path, "w") as file:
            file.write("0")
        peer, theirs = ghost_client(world)
        Look(world.server, peer.remote[1])
        theirs.close()
        world.ended(world.server, peer.remote[1])
    finally:
        with open(path, "w") as file:
            file.write(before)
    Look(world.server, peer.remote[1], found=["orphans"]).expect("orphans", 1, "severe", f"/{os.getpid()}")

    before = world.client.snmp()["TcpExtTCPTimeWaitOverflow"]
    world.client.sysctl("net.ipv4.tcp_max_tw_buckets", 0)
    port, _, (mine,), (theirs,) = pairs(world, 1)
    mine.shutdown(socket.SHUT_WR)
    world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
    theirs.close()
    world.ended(world.client, port)
    expect("the kernel's count", world.client.snmp()["TcpExtTCPTimeWaitOverflow"], before + 1)
    Look(world.client, port, found=["tw-overflow"]).expect("tw-overflow", 1, "notable", "tcp_max_tw_buckets is 0")

    world.capture_loopback(world.client)
    port = world.port()
    mine = world.client.tcp("127.0.0.1", port)
    mine.connect(("127.0.0.1", port))
    Look(world.client, port, found=["self-connect"]).expect("self-connect", 1, "notable")


@scenario("tcplc", "why: a flood of SYNs whose SYN-ACKs nobody answers, against as many that are answered",
          virtual=True, shared=5)
def why_half_open(world):
    port = world.port()
    listener = world.server.listen(port, backlog=4096)
    flood = world.ghost(world.client, port)
    host = flood.local[0]
    for _ in range(120):
        flood.local = host, next(PORTS)
        world.ports.add(flood.local[1])
        flood.send("S", mss=1400)
    wait.until("all of them half-open", lambda: waiting(world.server, "syn-recv", port) == 120)
    time.sleep(1.5)
    Look(world.server, port, found=["half-open"]).expect(
        "half-open", 120, "severe", "120 wait now, 0 timed out", f"{host} (120)")
    time.sleep(200)
    expect("half-open by ss", waiting(world.server, "syn-recv", port), 0)
    Look(world.server, port, found=["half-open"]).expect("half-open", 120, "severe", "0 wait now, 120 timed out")
    for _ in range(121):
        with world.client.connect(port):
            listener.accept()[0].close()
    Look(world.server, port)


@scenario("tcplc", "why: data retransmitted for minutes to a peer that is gone", virtual=True, shared=5)
def why_dead_peer(world):
    world.client.sysctl("net.ipv4.tcp_retries2", 9)
    port, _, (mine,), _ = pairs(world, 1)
    world.server.nft(f"tcp dport {port} drop")
    mine.sendall(b"is anybody there?")
    time.sleep(50)
    Look(world.client, port)
    seen = world.ended(world.client, port, timeout=1000)
    found = Look(world.client, port, found=["dead-peer"]).expect("dead-peer", 1, "notable", f"/{os.getpid()}")
    expect_true(f"as long as the record has it: {found}",
                60 < found["longest_us"] / 1e6 <= seen.age)


NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 100000;
  server {{ listen {port} backlog=1024; location / {{ return 200 "well"; }} }}
}}
"""
GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n"


def _request(sock, how=b"keep-alive"):
    sock.sendall(GET % how)
    said = b""
    while not said.endswith(b"well"):
        part = sock.recv(4096)
        expect_true(f"an answer, not an end: {said}", part)
        said += part


@scenario("tcplc", "why: nothing wrong with nginx, busy with keep-alive and with short connections", virtual=True, shared=5)
def why_is_silent(world):
    world.excuse("segments", "each of a hundred connections would be looked for in all that was captured")
    folder, port = "/tmp/tlc-why-nginx", world.port()
    rules = [json.loads(line) for line in run(None, "why", "--rules", "--json")[0].splitlines()]
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/conf", "w") as file:
        file.write(NGINX.format(folder=folder, port=port))
    with world.server.entered():
        nginx = subprocess.Popen(["nginx", "-e", f"{folder}/error", "-c", f"{folder}/conf"])
    try:
        wait.until("nginx", lambda: waiting(world.server, "listening", port))
        kept = [world.client.connect(port) for _ in range(10)]
        for _ in range(10):
            for sock in kept:
                _request(sock)
        for number in range(100):
            with world.client.connect(port) as sock:
                _request(sock, b"close")
                # Half of them are closed by nginx first, half by this side.
                if number % 2:
                    expect("the end", sock.recv(1), b"")
        time.sleep(70)
        for sock in kept:
            _request(sock)
        for side in (world.client, world.server):
            look = Look(side, port)
            expect_true(f"it has seen them all: {look.end}", look.end["connections"] >= 110)
            expect("rules found well", look.end["well"], [rule["rule"] for rule in rules])
    finally:
        nginx.terminate()
        nginx.wait()
