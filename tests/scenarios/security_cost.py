# SPDX-License-Identifier: GPL-2.0-only
"""What somebody without privilege can make the module spend, and on whom."""
import contextlib
import socket
import time

from lib import child, lives, net, nl, wait
from lib.failure import expect, expect_true
from lib.registry import scenario
from scenarios.again import leave_timewait
from scenarios.netlink_races import Crowd

GOLDEN_RATIO = 0x61C8864680B583EB       # of the kernel's hash_64()


@scenario("feed W2", "who may not join and tries to without a pause has no ring filled, neither of its own"
          " namespace nor of the host's feed of all")
def refused_joins_for_nothing(world):
    host, here = nl.Client(), nl.Client(world.client)

    def told():
        """Events numbered so far: here, in all namespaces."""
        return here.do("stats-get")["feed-seq"], host.do("stats-get")["all-feed-seq"]

    def join(group, side):
        with nl.Raw(side) as raw:
            with contextlib.suppress(PermissionError):
                raw.join(group)
                return False
        return True

    crowds = []
    try:
        with world.client.entered():
            crowds.append(Crowd(lambda: join(nl.EVENTS, None), 1, child.become_nobody))
        crowds.append(Crowd(lambda: join(nl.ALL_EVENTS, None), 1, child.become_nobody))

        def refused():
            return [crowd.counts()[0] for crowd in crowds]
        wait.until("refusals", lambda: min(refused()) > 3)
        before, tries = told(), refused()
        for _ in range(5):
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
        wait.until("more of them", lambda: all(now > then + 20 for now, then in zip(refused(), tries)))
        expect("events told to nobody", told(), before)
    finally:
        for crowd in crowds:
            crowd.end()


def bucket(cookie, bits):
    return (cookie * GOLDEN_RATIO & (1 << 64) - 1) >> 64 - bits


def picked_listeners(world, bits, count):
    """Those whose cookies, which any process may ask for, hash_64() puts into one bucket;
    the first one is the last in its chain."""
    found, ports = [], iter(range(20000, 60000))
    while len(found) < count:
        sock = socket.socket()
        if bucket(net.cookie(sock), bits):
            sock.close()
            continue
        world.client.sockets.append(sock)
        sock.bind(("127.0.0.1", next(ports)))
        sock.listen(1)
        found.append(sock)
    return found


def cost(sock, rounds=1000):
    """Nanoseconds of one listen() again, which looks for the record."""
    best = 1 << 60
    for _ in range(5):
        start = time.monotonic_ns()
        for _ in range(rounds):
            sock.listen(1)
        best = min(best, time.monotonic_ns() - start)
    return best / rounds


@scenario("W2", "sockets picked by their cookies do not end up in one chain of the table", virtual=True,
          shared=True)
def chosen_cookies(world):
    world.excuse("missing", "the listeners are many, and nothing comes through them")
    world.reload(records=256)
    with world.client.entered():
        ordinary = socket.create_server(("127.0.0.1", 19999))
        world.client.sockets.append(ordinary)
        picked = picked_listeners(world, 8, 200)
        spent = cost(picked[0]), cost(ordinary)
    print(f"note: {spent[0]:.0f} ns for listen() on the first of 200 picked sockets, {spent[1]:.0f} on another")
    expect("the cost of one that was picked, by that of another", spent[0] / spent[1], lambda x: x < 1.15)


@scenario("O12 W2", "one socket, a hundred connections, all in TIME_WAIT: 16 are kept, the others counted",
          virtual=True)
def hundred_timewaits_of_one_socket(world):
    for part in ("missing", "counters", "promises", "transitions", "segments"):
        world.excuse(part, "most are let go")
    listener = world.server.listen(world.port(), world.server.address())
    sock = world.client.tcp()
    before = world.before.evicted
    for _ in range(100):
        leave_timewait(world, listener, sock)
    view = world.client.view()
    mine = [r for r in view.records if r.cookie == net.cookie(sock)]
    expect("records of it", len(mine), 16)
    expect("evicted", view.header.evicted - before, 84)
    expect_true("the newest are kept", {r.generation for r in mine} == set(range(84, 100)))
