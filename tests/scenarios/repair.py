# SPDX-License-Identifier: GPL-2.0-only
"""Rows O15 and C13: sockets under TCP_REPAIR, as a checkpoint leaves them and a restore makes them."""
import os
import signal
import socket
import struct

from lib import child, client, net, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY, expect_owner, expect_verdict

TCP = socket.IPPROTO_TCP
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, TCP_REPAIR_OPTIONS, TCP_TIMESTAMP, TCP_REPAIR_WINDOW = \
    19, 20, 21, 22, 24, 29
RECV_QUEUE, SEND_QUEUE = 1, 2
OFF, ON, OFF_NO_WP = 0, 1, -1
LINGER_0 = struct.pack("=ii", 1, 0)


def repair(sock, how=ON):
    sock.setsockopt(TCP, TCP_REPAIR, how)


def checkpoint(sock):
    """What a restore needs. The socket is under repair from now on."""
    repair(sock)
    queues = {}
    for queue in (RECV_QUEUE, SEND_QUEUE):
        sock.setsockopt(TCP, TCP_REPAIR_QUEUE, queue)
        queues[queue] = sock.getsockopt(TCP, TCP_QUEUE_SEQ)
    return {"queues": queues, "names": (sock.getsockname(), sock.getpeername()),
            "mss": sock.getsockopt(TCP, socket.TCP_MAXSEG), "ts": sock.getsockopt(TCP, TCP_TIMESTAMP),
            "window": sock.getsockopt(TCP, TCP_REPAIR_WINDOW, 20)}


def restore(side, saved, wscale, off):
    """The connection again, in a socket of its own, as CRIU does it."""
    sock = side.socket(net.family_of(saved["names"][0][0]))
    repair(sock)
    sock.bind(saved["names"][0])
    for queue, number in saved["queues"].items():
        sock.setsockopt(TCP, TCP_REPAIR_QUEUE, queue)
        sock.setsockopt(TCP, TCP_QUEUE_SEQ, struct.pack("=I", number & 0xffffffff))
    sock.connect(saved["names"][1])
    ours, theirs = wscale
    options = ((2, saved["mss"]), (3, theirs | ours << 16), (4, 0), (8, 0))
    sock.setsockopt(TCP, TCP_REPAIR_OPTIONS, b"".join(struct.pack("=II", *option) for option in options))
    sock.setsockopt(TCP, TCP_TIMESTAMP, struct.pack("=I", saved["ts"] & 0xffffffff))
    sock.setsockopt(TCP, TCP_REPAIR_WINDOW, saved["window"])
    repair(sock, off)
    return sock


def sent(world, side, record):
    world.capture[side.name].drain()
    return world.capture[side.name].between(record.local, record.remote)[0]


def by_close(sock):
    sock.close()


def by_linger(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
    sock.close()


def by_process(end):
    """The last copy is a child's, which ends."""
    def act(sock):
        pid = child.start(lambda: end() or 0)
        sock.close()
        os.waitpid(pid, os.WUNTRACED)
        os.kill(pid, signal.SIGCONT)
        os.waitpid(pid, 0)
    return act


def wait_then_exit():
    os.kill(os.getpid(), signal.SIGSTOP)


def wait_then_die():
    os.kill(os.getpid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGKILL)


WAYS = (by_close, by_linger, net.disconnect, by_process(wait_then_exit), by_process(wait_then_die))


@scenario("C13 C10", "closed, disconnected or left by its process in repair mode, with data unread or SO_LINGER 0"
          " or without: silent, and no segment leaves")
def silent(world):
    for family in (4, 6):
        for unread in (False, True):
            for act in WAYS:
                _, mine, theirs = world.pair(family=family)
                port = net.remote(mine)[1]
                if unread:
                    mine.sendall(b"unread")
                    expect("data is there", theirs.recv(100, socket.MSG_PEEK), b"unread")
                before = world.record(world.server, port)
                repair(theirs)
                count = len(sent(world, world.server, before))
                act(theirs)
                seen = world.ended(world.server, port)
                expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSED")
                expect_verdict(seen, "passive", "silent", "local")
                end = seen.transitions[-1]
                expect("cause, seq, ack", (end.cause, end.seq, end.ack), ("silent", None, None), seen)
                expect("resets on record", seen.causes("rst-out"), [], seen)
                expect("segments that left", len(sent(world, world.server, seen)), count, seen)
                expect("volume", (seen.rx, seen.tx), (6 if unread else 0, 0), seen)
                mine.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
                mine.close()
                expect_verdict(world.ended(world.client, port), "active", "rst-linger", "local")


@scenario("C13", "shutdown() in repair mode: what is queued is taken for sent, and so is the FIN; it leaves by its timer")
def silent_fin(world):
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    repair(theirs)
    theirs.setsockopt(TCP, TCP_REPAIR_QUEUE, SEND_QUEUE)
    theirs.shutdown(socket.SHUT_WR)
    seen = world.record(world.server, port, lambda r: r.state == "FIN_WAIT_1")
    step = seen.transitions[-1]
    expect("cause", step.cause, "silent", seen)
    expect("FINs that left", [s for s in sent(world, world.server, seen) if s.has("F")], [], seen)
    repair(theirs, OFF_NO_WP)
    seen = world.record(world.server, port, lambda r: r.state == "FIN_WAIT_2")
    expect("it left by a timer", sum(e.count for e in seen.causes("timer-rto-fin")
                                     + seen.causes("timer-loss-probe")), 1, seen)
    expect("its number", [s.fin for s in sent(world, world.server, seen) if s.has("F")], [seen.fin], seen)
    mine.close()


@scenario("C10 C13", "SO_LINGER 0 behind its own FIN: the kernel sends no RST, and none is on record")
def lingering_behind_fin(world):
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.open()
        theirs, _ = listener.accept()
        peer.send("FA")
        world.record(world.server, port, lambda r: r.state == "CLOSE_WAIT")
        theirs.shutdown(socket.SHUT_WR)
        peer.receive("F")
        by_linger(theirs)
        seen = world.ended(world.server, port)
        expect_path(seen, *OPEN_PASSIVELY, "ESTABLISHED>CLOSE_WAIT", "CLOSE_WAIT>LAST_ACK", "LAST_ACK>CLOSED")
        expect_verdict(seen, "passive", "silent", "peer")
        expect("cause", seen.transitions[-1].cause, "close", seen)
        expect("RSTs on the wire", [s for s in sent(world, world.server, seen) if s.has("R")], [], seen)


def say(text):
    return " ".join(text.split())


@scenario("O15 W6 C13 W3", "a connection that was checkpointed, restored and went on: the first record ends silent, the second"
          " opens restored, without any handshake, and tells the rest like any other")
def restored(world):
    for family in (4, 6):
        for off in (OFF, OFF_NO_WP):
            _, mine, theirs = world.pair(family=family)
            port = net.remote(mine)[1]
            mine.sendall(b"before")
            expect("data", theirs.recv(100), b"before")
            first = world.record(world.client, port)
            saved = checkpoint(mine)
            count = len(sent(world, world.client, first))
            mine.close()
            gone = world.ended(world.client, port)
            expect_verdict(gone, "active", "silent", "local")
            expect("it was told as it was", gone.tx, 6, gone)
            again = restore(world.client, saved, first.wscale, off)
            made = [r for r in world.records(world.client, port) if not r.ended]
            expect("living records", len(made), 1, *made)
            expect("segments sent meanwhile: the probe of the window", [
                (s.flags, s.length) for s in sent(world, world.client, first)[count:]],
                [("A", 0)] if off == OFF else [], *made)
            (seen,) = made
            expect_path(seen, *OPEN_ACTIVELY)
            expect_verdict(seen, "restored", "-", "-")
            expect("causes and numbers", [(e.cause, e.seq, e.ack) for e in seen.transitions],
                   [("restored", None, None)] * 2, seen)
            expect("identity", (seen.cookie, seen.local, seen.remote),
                   (net.cookie(again), net.local(again), net.remote(again)), seen)
            expect_owner(seen, "connect")
            for name in "isn peer_isn rtt_us offered mss_adv mss_rcv".split():
                expect(f"{name} of a handshake that was another socket's", getattr(seen, name), None, seen)
            known = {"agreed": {"wscale", "sack", "ts"}, "wscale": first.wscale}
            if off == OFF:
                for name, value in known.items():
                    expect(name, getattr(seen, name), value, seen)
            show = client.run(world.client, "show", f"{seen.cookie:x}.{seen.generation}")[0]
            expect_true(f"the sentence says so:\n{show}", "TCP_REPAIR" in say(show))
            expect_true(f"no SYN in the ladder:\n{show}", "SYN " not in show and "SYN-" not in show)
            again.sendall(b"here again" * 200)
            expect("the peer goes on", theirs.recv(2000, socket.MSG_WAITALL), b"here again" * 200)
            theirs.sendall(b"welcome")
            expect("and is heard", again.recv(100), b"welcome")
            again.close()
            wait.until("its FIN_WAIT_2", lambda: [
                r for r in world.records(world.client, port) if r.state == "FIN_WAIT_2"])
            theirs.close()
            seen = wait.until("its TIME_WAIT", lambda: next((
                r for r in world.records(world.client, port) if r.state == "TIME_WAIT"), None))
            expect("the same record", seen.cookie, made[0].cookie, seen)
            expect_path(seen, *OPEN_ACTIVELY, "ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2",
                        "FIN_WAIT_2>TIME_WAIT")
            expect("volume", (seen.tx, seen.rx, seen.retrans), (2000, 7, 0), seen)
            for name, value in known.items():
                expect(name, getattr(seen, name), value, seen)
            # The kernel may make use of the peer's MSS only when its window has grown.
            full = max(s.length for s in sent(world, world.client, seen))
            expect("the MSS was what full segments had", made[0].mss_eff, full if off == OFF else None, seen)
