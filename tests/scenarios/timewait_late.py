# SPDX-License-Identifier: GPL-2.0-only
"""Row C8: timewait sockets ended between the time they were armed for and the tick at which the
timer wheel lets them go, which may be two seconds later: they did not expire."""
import time

from lib.failure import Broken, expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_PASSIVELY, expect_verdict
from lib.wire import WHEEL, after, ghost_client

HALF = ("ESTABLISHED>FIN_WAIT_1", "FIN_WAIT_1>FIN_WAIT_2")
WHOLE = (*HALF, "FIN_WAIT_2>TIME_WAIT")
# So many, so far from one another, that some find the wheel just gone by, whatever its teeth.
MANY, APART = 14, 0.17


def rst(world, peer):
    peer.send("R", seq=peer.seq)


def new_syn(world, peer):
    peer.send("S", seq=after(peer.seq, 1000), mss=1460)
    if peer.whole:
        peer.receive("SA")
        peer.send("R")


def ss_kill(world, peer):
    world.server.run("ss", "-K", "-t", "state", "all", "dport", "=", f":{peer.local[1]}")


def is_there(world, peer):
    """Does the kernel list a timewait socket with this port of the peer's?"""
    with world.server.entered(), open("/proc/thread-self/net/tcp") as file:
        rows = [line.split() for line in file][1:]
    return any(row[3] in ("05", "06") and row[2].endswith(f":{peer.local[1]:04X}") for row in rows)


def wait_until(when):
    left = when - time.time()
    if left > 0:
        time.sleep(left)


def closed_in_turn(world, whole):
    """Peers whose server's end is in a timewait socket now; `at` is when each entered it."""
    peers = []
    begin = time.time()
    for i in range(MANY):
        peer, theirs = ghost_client(world)
        wait_until(begin + i * APART)
        theirs.close()
        peer.receive("F")
        peer.send("A")
        if whole:
            peer.send("FA")
        peer.at, peer.whole, peer.way = time.time(), whole, None
        peers.append(peer)
    return peers


def end_late(world, peers, late, ways):
    """Each of the ways ends one of them, so long after its time was up; the others expire."""
    ways = list(ways)
    for peer in peers:
        wait_until(peer.at + 60 + late)
        if ways and is_there(world, peer):
            peer.way = ways.pop(0)
            peer.way(world, peer)
            expect_true("it is gone", not is_there(world, peer))
    if ways:
        raise Broken(f"no timewait socket was left after 60 s and {late} s for {len(ways)} of the ways")
    wait_until(peers[-1].at + 60 + WHEEL)


def of(world, peer):
    """The record of its first connection."""
    return world.records(world.server, peer.remote[1], remote_port=peer.local[1])[0]


@scenario("C8", "TIME_WAIT ended when its minute was over, but its timer had yet to fire: by RST, SYN and ss -K,"
          " told as such, and expiry as expiry", virtual=True)
def time_wait_late(world):
    causes = {rst: "rst-received", new_syn: "new-syn", ss_kill: "abort", None: "2msl-expired"}
    for late in (0.2, 0.8, 1.5):
        peers = closed_in_turn(world, whole=True)
        end_late(world, peers, late, (rst, new_syn, ss_kill))
        for peer in peers:
            seen = of(world, peer)
            expect_path(seen, *OPEN_PASSIVELY, *WHOLE, "TIME_WAIT>CLOSED")
            expect("cause", seen.transitions[-1].cause, causes[peer.way], seen)
            expect_verdict(seen, "passive", "aborted" if peer.way is ss_kill else "fin", "local")
            if peer.way:
                expect_true(f"{late} s late", 60 + late - 0.1 <= seen.tw_actual <= 60 + late + 0.3, seen)
            else:
                expect_true("after 2MSL", 60 <= seen.tw_actual <= 60 + WHEEL, seen)


@scenario("C6 C8 C10", "an orphan's FIN_WAIT_2 in a timewait socket ended when tcp_fin_timeout was over, but its timer had"
          " yet to fire: by RST and ss -K, told as such", virtual=True)
def fin_wait_2_late(world):
    ends = {rst: ("rst-received", "rst-received"), ss_kill: ("abort", "aborted"),
            None: ("fin-wait-2-expired", "fin-wait-2")}
    peers = closed_in_turn(world, whole=False)
    end_late(world, peers, 0.8, (rst, ss_kill))
    for peer in peers:
        seen = of(world, peer)
        expect_path(seen, *OPEN_PASSIVELY, *HALF, "FIN_WAIT_2>CLOSED")
        cause, close = ends[peer.way]
        expect("cause", seen.transitions[-1].cause, cause, seen)
        expect_verdict(seen, "passive", close, "local")
