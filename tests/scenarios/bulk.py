# SPDX-License-Identifier: GPL-2.0-only
"""What the hooks cost while data flows: no hook stands where segments pass.

Counted is each hook's `hits` in /proc/tcp_lifecycle_hooks, which is all the module
does: between two hits there is nothing of it.

One hook may be hit while data flows, that of the delayed ACK's timer. The kernel
arms that timer anew for what it receives, and rather lets it fire in vain than stop
it; but it is never armed for less than TCP_DELACK_MIN. So its hits have to do with
time that passes, not with segments: one in TCP_DELACK_MIN for each end, and as many
again where the process held the socket, so that the fire was put off to its release.

In real time an ACK may be later than a loss probe waits for it, when the machine or the
kernel is slow; that is no segment's doing, either. In virtual time there is none.
"""
import socket
import struct
import threading
import time

from lib import module
from lib.failure import HURRIED, expect, expect_true
from lib.registry import scenario

SMALL, LARGE = 1 << 20, 64 << 20
TIMER, TIMER_MIN = "tcp_delack_timer_handler", 0.040
DUE = 2 * 2 / TIMER_MIN         # its hits in a second, at most: both ends, twice
PROBE, PROBES = "tcp_send_loss_probe", 1 / 100 if HURRIED else 0    # of all segments, at most
REQUESTS = 1000


def connection(world, family, over):
    """Two ends, over a wire with an MTU of 1500."""
    # Each segment would be captured and kept, and be no concern of the audit's.
    world.excuse("segments", "too many; the scenario counts them")
    for capture in world.capture.values():
        capture.close()
    world.capture.clear()
    if over == "veth":
        return world.pair(family=family)[1:]
    world.client.ip("link set lo mtu 1500")
    port, address = world.port(), "::1" if family == 6 else "127.0.0.1"
    listener = world.client.listen(port, address)
    mine = world.client.connect(port, address)
    theirs, _ = listener.accept()
    world.client.sockets.append(theirs)
    return mine, theirs


def segments(sock):
    """Sent and received so far."""
    return sum(struct.unpack_from("=II", sock.getsockopt(socket.IPPROTO_TCP, 11, 144), 136))


class Counted:
    """Within it: hits of each hook that was hit, segments and time."""

    def __init__(self, sock):
        self.sock = sock

    def _now(self):
        return module.hits(), segments(self.sock), time.monotonic()

    def __enter__(self):
        self.start = self._now()
        return self

    def __exit__(self, *_):
        (was, old, began), (now, new, ended) = self.start, self._now()
        self.hits = {name: now[name] - was[name] for name in now if now[name] != was[name]}
        self.segments, self.time = new - old, ended - began
        self.timer = self.hits.get(TIMER, 0)

    def expect_quiet(self, what):
        expect(f"hooks hit by {what}, but for the timers'", set(self.hits) - {TIMER, PROBE}, set())
        expect(f"loss probes in {self.segments} segments", self.hits.get(PROBE, 0),
               lambda hits: hits <= PROBES * self.segments)
        expect(f"hits of the delayed ACK's timer in {self.time:.3f} s", self.timer,
               lambda hits: hits <= 4 + DUE * self.time)

    def __str__(self):
        return f"{self.segments} segments, {self.time:.3f} s, hits {self.hits or 'none'}"


def transfer(sender, receiver, size):
    block, into = bytes(1 << 18), bytearray(1 << 20)

    def send():
        for _ in range(size // len(block)):
            sender.sendall(block)
    with Counted(sender) as counted:
        thread = threading.Thread(target=send)
        thread.start()
        got = 0
        while got < size:
            got += receiver.recv_into(into)
        thread.join()
    return counted


def bulk(world, over):
    for family in (4, 6):
        mine, theirs = connection(world, family, over)
        transfer(mine, theirs, SMALL)       # the window opens
        small = transfer(mine, theirs, SMALL)
        large = transfer(mine, theirs, LARGE)
        print(f"note: IPv{family} over {over}, {SMALL >> 20} MiB: {small}; {LARGE >> 20} MiB: {large}")
        for what, counted in (("a small transfer", small), ("a large one", large)):
            counted.expect_quiet(what)
        expect_true("the large one took many more segments", large.segments > 20 * small.segments
                    and large.segments > LARGE // 1500)
        expect_true("and hits have nothing to do with that", large.timer < large.segments / 100)


@scenario("W6", "64 MiB over a wire: hooks are not hit by segments", limit=1200, shared=30)
def bulk_over_veth(world):
    bulk(world, "veth")


@scenario("W6", "64 MiB over loopback: hooks are not hit by segments", limit=1200, shared=30)
def bulk_over_loopback(world):
    bulk(world, "lo")


def requests(mine, theirs, number, pause):
    """One after the other over one connection, kept alive; one segment each way."""
    with Counted(mine) as counted:
        for _ in range(number):
            mine.sendall(b"request")
            theirs.recv(100)
            theirs.sendall(b"response")
            mine.recv(100)
            if pause:
                time.sleep(pause)
    return counted


@scenario("W6", "requests over a connection kept alive: hooks are not hit by them", virtual=True)
def requests_over_one_connection(world):
    for family in (4, 6):
        mine, theirs = connection(world, family, "veth")
        few = requests(mine, theirs, REQUESTS // 100, 0)
        many = requests(mine, theirs, REQUESTS, 0)
        slow = requests(mine, theirs, REQUESTS // 10, 0.1)
        print(f"note: IPv{family}, {REQUESTS // 100} requests: {few}; {REQUESTS}: {many};"
              f" {REQUESTS // 10} with pauses of 0.1 s: {slow}")
        for what, counted in (("few requests", few), ("many", many), ("slow ones", slow)):
            counted.expect_quiet(what)
        expect_true("each was a segment, or more", many.segments >= 2 * REQUESTS)
        expect_true("and hits have nothing to do with that", many.timer < REQUESTS / 20)
        # Time enough for the timer each time: once at each end, the one in vain.
        expect("hits by slow requests", slow.timer, lambda hits: hits <= 2 * REQUESTS // 10 + 2)
