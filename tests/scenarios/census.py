"""Row W2: an end that nobody told is found all the same, and who is still there is left alone."""
import time

from lib import net
from lib.failure import expect, expect_true
from lib.lives import LINGER_0
from lib.registry import scenario
from lib.story import expect_verdict, once
from scenarios.hooks import silenced

# Seconds, see census.c.
INTERVAL, QUIET = 600, 10


def end_unnoticed(world):
    """Two ends of a connection, their listener, and a TIME_WAIT: there, and then not."""
    listener, mine, theirs = world.pair(family=6)
    port = net.local(theirs)[1]
    with silenced("/sys/kernel/debug/kprobes/enabled"):
        mine.setsockopt(*LINGER_0)
        for sock in (mine, theirs, listener):
            sock.close()
    expect("what their records say", [(r.state, r.ended) for side in (world.client, world.server)
                                      for r in world.records(side, port)], [("ESTABLISHED", False)] * 2)
    return port


def expire_unnoticed(world):
    _, mine, theirs = world.pair()
    port = net.local(theirs)[1]
    mine.close()
    theirs.close()
    world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
    with silenced("/sys/kernel/debug/kprobes/enabled"):
        time.sleep(62)
    return port


def leave_time_wait(world):
    _, mine, theirs = world.pair()
    port = net.local(theirs)[1]
    mine.close()
    theirs.close()
    return port


def half_open(world):
    port = world.port()
    world.server.listen(port)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1460)
    peer.receive("SA")
    return port


@scenario("W2 C12", "ends that nobody told and nobody counted: found within ten minutes; who lives is left alone",
          virtual=True)
def ends_nobody_told(world):
    for part in ("missing", "counters", "promises", "transitions", "segments"):
        world.excuse(part, "what happened meanwhile nobody told")
    world.reload()
    loaded = time.time()
    _, stays, _ = world.pair()
    gone, expired = end_unnoticed(world), expire_unnoticed(world)
    # Quiet for long enough by then, and alive.
    time.sleep(loaded + INTERVAL - 2 * QUIET - time.time())
    waits, half = leave_time_wait(world), half_open(world)

    for side in (world.client, world.server):
        seen = world.ended(side, gone, timeout=60)
        expect_verdict(seen, "active" if side is world.client else "passive", "unknown", "unknown")
        last = seen.transitions[-1]
        expect("its end", (str(last), last.cause), ("ESTABLISHED>CLOSED", "unknown"), seen)
        expect("gaps", seen.gaps, 1, seen)
        found = seen.end - loaded
        expect_true(f"found {found:.0f} s after the load", INTERVAL <= found <= INTERVAL + 3 * QUIET, seen)
    seen = world.ended(world.client, expired)
    expect_verdict(seen, "active", "unknown", "local")
    expect("cause", seen.transitions[-1].cause, "unknown", seen)
    lsn = world.listener(world.server, gone)
    expect("the listener", (str(lsn.transitions[-1]), lsn.ended), ("LISTEN>CLOSED", True), lsn)

    here = world.record(world.client, net.remote(stays)[1])
    expect("who stays", (here.state, here.gaps), ("ESTABLISHED", 0), here)
    expect_true("and its listener", not world.listener(world.server, net.remote(stays)[1]).ended)
    seen = world.ended(world.client, waits, timeout=90)
    expect("TIME_WAIT meanwhile", (seen.transitions[-1].cause, seen.gaps), ("2msl-expired", 0), seen)
    seen = world.ended(world.server, half, timeout=200)
    expect("a half-open request meanwhile", (seen.close, seen.gaps), ("request-timed-out", 0), seen)
    expect_true("its SYN-ACK was sent again", once(seen, "timer-syn-ack").count > 1, seen)
    expect("all gaps: two ends, a listener, a TIME_WAIT", world.client.view().header.gaps, 4)
