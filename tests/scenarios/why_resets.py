# SPDX-License-Identifier: GPL-2.0-only
"""tcplc why: RSTs by their reason, at both sides, as many as the kernel counts."""
import socket
import struct

from lib import wait
from lib.failure import expect
from lib.reasons import Look
from lib.registry import scenario
from scenarios.why import pairs

AT_ONCE = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))


def _until_reset(world, side, port, number):
    wait.until("all of them reset", lambda: sum(
        r.close == "rst-received" for r in world.records(side, port)) == number)


@scenario("tcplc", "why: closed with data unread, and reset by the peer at the other side", shared=5)
def why_reset_unread(world):
    port, _, mine, theirs = pairs(world, 12)
    for sock, other in zip(mine, theirs):
        sock.sendall(b"never read")
        wait.until("the data", lambda end=other: end.recv(100, socket.MSG_PEEK))
    before = world.server.snmp()["TcpExtTCPAbortOnClose"]
    for sock in theirs[:2]:
        sock.close()
    _until_reset(world, world.client, port, 2)
    Look(world.server, port)
    for sock in theirs[2:]:
        sock.close()
    _until_reset(world, world.client, port, 12)
    count = world.server.snmp()["TcpExtTCPAbortOnClose"] - before
    Look(world.server, port, found=["reset-unread"]).expect("reset-unread", count, "notable", "12 of 12")
    Look(world.client, port, found=["reset-received"]).expect("reset-received", 12, "notable", "12 of 12")


@scenario("tcplc", "why: SO_LINGER 0 at one side, reset by the peer at the other", shared=5)
def why_reset_linger(world):
    port, _, mine, _ = pairs(world, 10, options=[AT_ONCE])
    before = world.client.snmp()["TcpExtTCPAbortOnData"]
    for sock in mine[:9]:
        sock.close()
    _until_reset(world, world.server, port, 9)
    for side in (world.client, world.server):
        Look(side, port)
    mine[9].close()
    _until_reset(world, world.server, port, 10)
    count = world.client.snmp()["TcpExtTCPAbortOnData"] - before
    expect("the kernel's count", count, 10)
    Look(world.client, port, found=["reset-linger"]).expect("reset-linger", 10, "notable")
    Look(world.server, port, found=["reset-received"]).expect("reset-received", 10, "notable")


@scenario("tcplc", "why: data that comes after close()", shared=5)
def why_reset_late_data(world):
    port, _, mine, theirs = pairs(world, 3)
    for number, (sock, other) in enumerate(zip(mine, theirs)):
        other.close()
        expect("the end", sock.recv(1), b"")
        sock.sendall(b"too late")
        wait.until("an RST", lambda: sum(
            r.close == "rst-late-data" for r in world.records(world.server, port)) > number)
        Look(world.server, port, found=["reset-late-data"] if number == 2 else [])
    look = Look(world.server, port, found=["reset-late-data"])
    look.expect("reset-late-data", 3, "notable", "3 of 3")
