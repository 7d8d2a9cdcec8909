#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""host.py: make the records of host.ndjson.gz, in a guest with the module loaded.

Usage: host.py FILE

Two network namespaces with a cable between, IPv4 and IPv6; in them connections that end
in many ways, under names of processes that say what they do. Then tcplc saves all of it.
Run it as scripts/golden does.
"""
import contextlib
import os
import socket
import struct
import subprocess
import sys
import time

CLIENT = {4: "10.77.0.1", 6: "2001:db8:85a3:8d30:1319:8a2e:370:7001"}
SERVER = {4: "10.77.0.2", 6: "2001:db8:85a3:8d30:1319:8a2e:370:7002"}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
NOBODY = "10.77.0.99"


def run(*words):
    subprocess.run(words, check=True)


def cable():
    for name in ("client", "server"):
        run("ip", "netns", "add", name)
    run("ip", "link", "add", "c0", "netns", "client", "type", "veth", "peer", "s0", "netns", "server")
    for name, device, addresses in (("client", "c0", CLIENT), ("server", "s0", SERVER)):
        run("ip", "-n", name, "addr", "add", addresses[4] + "/24", "dev", device)
        run("ip", "-n", name, "addr", "add", addresses[6] + "/64", "dev", device, "nodad")
        for each in (device, "lo"):
            run("ip", "-n", name, "link", "set", each, "up")
    # Silence, in place of an answer that nobody is there.
    run("ip", "netns", "exec", "server", "nft", "add table inet t; add chain inet t in { type filter hook input"
        " priority 0; }; add rule inet t in tcp dport 5999 drop")


@contextlib.contextmanager
def process(name, netns):
    """A child of this name in that namespace; what is in the block is done there."""
    ready, go = os.pipe()
    pid = os.fork()
    if pid:
        os.close(go)
        os.read(ready, 1)
        os.close(ready)
        yield None
        return
    with open(f"/run/netns/{netns}") as file:
        os.setns(file.fileno(), os.CLONE_NEWNET)
    with open("/proc/self/comm", "wb") as file:
        file.write(name.encode())
    try:
        yield go
        with contextlib.suppress(OSError):
            os.write(go, b"!")
        time.sleep(100000)
    finally:
        os._exit(0)


def server(name, port, serve, backlog=128):
    """Serves both families: accept, and what serve does with it."""
    with process(name, "server") as go:
        if go is None:
            return
        listener = socket.create_server(("::", port), family=socket.AF_INET6, backlog=backlog, dualstack_ipv6=True)
        os.write(go, b"!")
        kept = []
        while True:
            if serve is None:
                time.sleep(100000)
            kept.append(listener.accept()[0])
            serve(kept[-1])


def client(name, act):
    with process(name, "client") as go:
        if go is not None:
            act()


def connect(family, port, host=None):
    mine = socket.socket(FAMILY[family])
    mine.connect((host or SERVER[family], port))
    return mine


def answer(sock):
    if sock.recv(1 << 16):
        sock.sendall(b"x" * 20000)
    sock.recv(1)
    sock.close()


def close_at_once(sock):
    sock.recv(100)
    time.sleep(0.2)
    sock.close()        # with data unread


def linger(sock):
    sock.recv(10)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def fetch(times=1):
    def act():
        for family in (4, 6) * times:
            with connect(family, 80) as mine:
                mine.sendall(b"GET / HTTP/1.0\r\n\r\n")
                left = 20000
                while left:
                    left -= len(mine.recv(left))
    return act


def refused():
    for family in (4, 6):
        with contextlib.suppress(ConnectionRefusedError):
            connect(family, 81)


def unanswered():
    with socket.socket() as mine:
        mine.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2)
        with contextlib.suppress(OSError):
            mine.connect((SERVER[4], 5999))


def unreachable():
    with contextlib.suppress(OSError):
        connect(4, 80, NOBODY)


def hold(port, number, send=b""):
    kept = []

    def act():
        for _ in range(number):
            for family in (4, 6):
                kept.append(connect(family, port))
                if send:
                    kept[-1].sendall(send)
    return act


def impatient():
    """Connects to a full accept queue."""
    kept = []
    for family in (4, 6, 4):
        mine = socket.socket(FAMILY[family])
        mine.setblocking(False)
        mine.connect_ex((SERVER[family], 9000))
        kept.append(mine)
        time.sleep(0.1)
    time.sleep(10)


def main():
    path, = sys.argv[1:]
    cable()
    server("nginx", 80, answer)
    server("postgres", 5432, lambda sock: None)
    server("billing", 8080, close_at_once)
    server("cache", 6379, linger)
    server("orders", 8443, lambda sock: sock.close())
    server("slow-app", 9000, None, backlog=1)
    client("curl", fetch(3))
    time.sleep(70)
    client("curl", fetch())
    client("pool", hold(5432, 2))
    client("report", hold(8080, 1, b"x" * 4000))
    client("worker", hold(6379, 1, b"x"))
    client("deploy", refused)
    client("backup", unanswered)
    client("backup", unreachable)
    client("java", hold(8443, 3))
    client("ev\x1b[2Jil", hold(5432, 1))
    client("burst", impatient)
    time.sleep(20)
    run("tcplc", "save", path)


main()
