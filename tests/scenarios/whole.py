# SPDX-License-Identifier: GPL-2.0-only
"""Rows W1 and W6: one identity, and volume."""
import re
import socket

from lib import net, wait
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, error_of_connect, expect_verdict

CLOSE_ACTIVELY = ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>TIME_WAIT",
                  "TIME_WAIT>CLOSED")
CLOSE_PASSIVELY = ("ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")


def ss(side, port):
    """What ss prints for the connections with this port: {state: cookie}."""
    text = side.run("ss", "-Htne", "state", "connected",
                    f"( sport = :{port} or dport = :{port} )")
    found = {}
    for line in text.splitlines():
        match = re.search(r"\bsk:([0-9a-f]+)", line)
        found[line.split()[0]] = int(match[1], 16) if match else None
    return found


@scenario("W1 C1 C2 C7",
          "one id from the SYN to the death of TIME_WAIT, at both ends, which is ss's sk:",
          virtual=True)
def one_identity(world):
    for family in (4, 6):
        # A slow wire, so that ss and the module can be asked within each state.
        world.client.netem("delay", "5s")
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        mine = world.client.connect(port, world.client.peer(family), blocking=False)
        ids = {world.client: set(), world.server: set()}

        def note(side, state, name, **opts):
            """The record is in `state`; its cookie is the one ss prints for `name`."""
            seen = world.record(side, port, lambda r: r.state == state, what=f"{state}", **opts)
            shown = ss(side, port)
            expect(f"ss in {state}", shown, {name: seen.cookie}, seen)
            ids[side].add(seen.id)
            return seen

        note(world.client, "SYN_SENT", "SYN-SENT")
        note(world.server, "NEW_SYN_RECV", "SYN-RECV")
        expect("connect()", error_of_connect(mine), 0)
        note(world.client, "ESTABLISHED", "ESTAB")
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        note(world.server, "ESTABLISHED", "ESTAB")
        mine.close()
        note(world.client, "FIN_WAIT_1", "FIN-WAIT-1")
        note(world.server, "CLOSE_WAIT", "CLOSE-WAIT")
        note(world.client, "FIN_WAIT_2", "FIN-WAIT-2")
        theirs.close()
        note(world.server, "LAST_ACK", "LAST-ACK")
        note(world.client, "TIME_WAIT", "TIME-WAIT")
        closer = world.ended(world.client, port, timeout=120)
        other = world.ended(world.server, port)
        ids[world.client].add(closer.id)
        ids[world.server].add(other.id)
        expect("ids of the client's connection", len(ids[world.client]), 1, closer)
        expect("ids of the server's connection", len(ids[world.server]), 1, other)
        expect_path(closer, *OPEN_ACTIVELY, *CLOSE_ACTIVELY)
        expect_path(other, *OPEN_PASSIVELY, *CLOSE_PASSIVELY)
        expect_verdict(closer, "active", "fin", "local")
        expect_verdict(other, "passive", "fin", "peer")
        expect("tw_planned", closer.tw_planned, 60.0, closer)
        # The timer wheel sorts a minute by 512 jiffies.
        expect_near("tw_actual", closer.tw_actual, 60.0, 2.1, closer)
        expect("the other end was in no TIME_WAIT", (other.tw_planned, other.tw_actual),
               (None, None), other)
        expect("ss knows it no more", ss(world.client, port), {})


def drain(sock, size):
    """Read exactly `size` bytes."""
    while size:
        part = sock.recv(size)
        expect_true("the stream goes on", part)
        size -= len(part)


def repeats(segments):
    """How many of these have data that was sent before."""
    numbers = [(s.seq, s.length) for s in segments if s.length]
    return len(numbers) - len(set(numbers))


@scenario("W6 C5", "bytes and segments each way, bytes after the first FIN, as sent and as captured")
def volume(world):
    there, back, late = 100_000, 50_000, 7_000
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        port = net.remote(mine)[1]
        mine.sendall(b"a" * there)
        drain(theirs, there)
        theirs.sendall(b"b" * back)
        drain(mine, back)
        mine.shutdown(socket.SHUT_WR)
        expect("end of the stream", theirs.recv(1), b"")
        theirs.sendall(b"c" * late)
        drain(mine, late)
        theirs.close()
        other = world.ended(world.server, port)
        closer = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        expect("tx, rx", (closer.tx, closer.rx), (there, back + late), closer)
        expect("tx, rx", (other.tx, other.rx), (back + late, there), other)
        expect("after_fin", (closer.after_fin, other.after_fin), (late, late), closer, other)
        sent, received = world.capture["client"].between(closer.local, closer.remote)
        # None, unless the kernel is so slow that it sends a loss probe.
        expect("retrans", (closer.retrans, other.retrans), (repeats(sent), repeats(received)),
               closer, other)
        expect("the client's segments", (closer.tx_segs, closer.rx_segs),
               (len(sent), len(received)), closer)
        # The request socket's SYN-ACK is counted by nobody in the kernel; its SYN is.
        expect("the server's segments", (other.tx_segs, other.rx_segs),
               (len(received) - 1, len(sent)), other)


@scenario("W6", "data sent again is counted once for each segment sent again")
def volume_with_losses(world):
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    size = 5_000
    world.server.nft(f"tcp dport {port} tcp flags & psh == psh drop")
    mine.sendall(b"a" * size)

    def again():
        return repeats(s for s in world.segments(world.client, port) if s.sent)
    wait.until("data sent again three times", lambda: again() >= 3)
    world.server.nft_clear()
    drain(theirs, size)
    mine.close()
    theirs.close()
    other = world.ended(world.server, port)
    closer = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
    expect("retrans", closer.retrans, again(), closer)
    expect("tx, rx", (closer.tx, closer.rx), (size, 0), closer)
    expect("tx, rx", (other.tx, other.rx), (0, size), other)
