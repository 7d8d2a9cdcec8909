# SPDX-License-Identifier: GPL-2.0-only
"""Row W2: nothing is lost silently, and nothing that lives is ever pushed out."""
import collections
import socket
import struct
import time

from lib import ledger, net, record, wait
from lib.failure import expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY

RESET_AT_CLOSE = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))


def ids(records):
    return {(r.netns, r.id) for r in records}


def all_records(world, port):
    return [r for side in (world.client, world.server) for r in world.records(side, port)]


@scenario("W2", "pool full of the living: newcomers are counted untracked, nobody is touched")
def pool_full_of_living(world):
    world.excuse("counters", "the pool is full on purpose")
    world.excuse("missing", "the pool is full on purpose")
    world.reload(records=64)
    full, more = world.port(), world.port()
    listener = world.server.listen(full, backlog=64)
    world.server.listen(more)
    pairs = []
    while world.client.view().header.live < 64:
        pairs.append(world.client.connect(full))
        world.server.sockets.append(listener.accept()[0])
        expect_true("64 records are enough for no more than that", len(pairs) < 64)
    before = world.client.view().header
    living = all_records(world, full)
    expect("capacity", before.capacity, 64)
    for _ in range(10):
        world.client.connect(more)
    after = world.client.view().header
    expect("untracked: both ends of each", after.untracked - before.untracked, 20)
    expect("evicted", after.evicted, before.evicted)
    expect("live, dead", (after.live, after.dead), (64, 0))
    expect("records for whom there was no room", all_records(world, more), [])
    expect("those who were there", ids(all_records(world, full)), ids(living))
    # They still work, and one that ends makes room.
    pairs[0].close()
    wait.until("a dead record", lambda: world.client.view().header.dead >= 0)
    for seen in all_records(world, full):
        path = OPEN_ACTIVELY if seen.open == "active" else OPEN_PASSIVELY
        expect("its beginning", [str(s) for s in seen.transitions[:len(path)]], list(path), seen)


@scenario("W2", "connections nobody accepts hold the pool without a descriptor, for as long as their listener"
          " is there; what finds no room meanwhile is counted", virtual=True)
def unaccepted_hold_the_pool(world):
    world.excuse("counters", "the pool is full on purpose")
    world.excuse("missing", "the pool is full on purpose")
    ledger.fresh(world, records=64)
    # The side that closes is done with each after two seconds. With a minute or less its
    # end would be an RST where the ACK of its FIN came just before close() let go of it.
    world.client.sysctl("net.ipv4.tcp_fin_timeout", 61)
    held, other = world.port(), world.port()
    listener = world.server.listen(held, backlog=64)
    for number in range(1, 63):
        # Left to the kernel, one of the ports is taken twice in one run of ten: where the
        # other end is still there, connect() resets it first.
        mine = world.client.tcp("0.0.0.0", 20000 + number)
        mine.connect((world.client.peer(), held))
        mine.close()
        wait.until("the end of its active side", lambda most=number + 1: record.read_header().live <= most)
    kept = [r for r in all_records(world, held) if not r.ended]
    expect("states of those with the listener", collections.Counter(r.state for r in kept),
           {"CLOSE_WAIT": 62}, *(r for r in world.records(world.server, held) if r.state != "CLOSE_WAIT"))
    time.sleep(300)
    before = world.client.view().header
    expect("live, untracked", (before.live, before.untracked), (63, 0))
    world.pair(other)
    after = world.client.view().header
    expect("live, untracked: the listener has the last room", (after.live, after.untracked), (64, 2))
    listener.close()
    wait.until("room", lambda: world.client.view().header.live < 64)
    world.pair()
    expect("untracked", world.client.view().header.untracked, after.untracked)


@scenario("W2", "pool full of the dead: the oldest dead goes and is counted, nobody alive is touched")
def pool_full_of_dead(world):
    world.excuse("counters", "records are evicted on purpose")
    world.excuse("missing", "records are evicted on purpose")
    world.reload(records=64)
    port = world.port()
    listener = world.server.listen(port, backlog=64)

    def connect(*options):
        mine = world.client.connect(port, options=options)
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        return mine, theirs
    alive = [connect() for _ in range(5)]
    living = ids(all_records(world, port)) | ids([world.listener(world.server, port)])
    for _ in range(20):
        mine, theirs = connect(RESET_AT_CLOSE)
        mine.close()
        theirs.close()
    # 5 pairs alive, 20 dead and a listener: 51 of 64. Ten pairs more need 7 of the dead's.
    dead = sorted((r for r in all_records(world, port) if r.ended), key=lambda r: r.end)
    expect("the dead", len(dead), 40)
    newcomers = [connect() for _ in range(10)]
    header = world.client.view().header
    expect("live, dead, evicted, untracked",
           (header.live, header.dead, header.evicted, header.untracked), (31, 33, 7, 0))
    now = all_records(world, port)
    expect("the dead that are left are the youngest", ids(r for r in now if r.ended), ids(dead[7:]))
    expect_true("the living are all there", living - ids([world.listener(world.server, port)])
                <= ids(now))
    for mine, _ in alive + newcomers:
        found = [r for r in now if r.cookie == net.cookie(mine)]
        expect("records of a living connection", len(found), 1, *found)
        expect_path(found[0], *OPEN_ACTIVELY)


@scenario("W2", "an ended record is kept for its retention, then goes without being counted as lost")
def retention(world):
    world.excuse("missing", "records go when their time is over")
    world.reload(retention=5)
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    mine.setsockopt(*RESET_AT_CLOSE)
    mine.close()
    theirs.close()
    ended = [world.ended(side, port) for side in (world.client, world.server)]
    gone = wait.until("the record to go", lambda: not all_records(world, port) and
                      world.client.view().header, 60)
    expect("evicted, untracked", (gone.evicted, gone.untracked), (0, 0), *ended)
    expect("dead", gone.dead, 0)


@scenario("W2", "kept that long: an ended record is there until its retention is over")
def retention_not_shorter(world):
    world.excuse("missing", "records go when their time is over")
    world.reload(retention=5)
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    mine.setsockopt(*RESET_AT_CLOSE)
    mine.close()
    theirs.close()
    ended = world.ended(world.client, port)
    while world.records(world.client, port):
        seen = time.time()
        time.sleep(0.05)
    expect_true(f"it was there {seen - ended.end:.3f} s after its end",
                4.5 <= seen - ended.end <= 12, ended)
