# SPDX-License-Identifier: GPL-2.0-only
"""Loading and unloading with connections, readers and traffic about."""
import os
import re

from lib import kernel_log, module, net, record, wait
from lib.failure import expect, expect_path, expect_true
from lib.helper import Churn
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY


def expect_working(world):
    """A connection made now is recorded."""
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)


@scenario("load", "rmmod while connections live, of every state: they go on, and insmod works again")
def unload_with_connections(world):
    world.excuse("missing", "the module comes and goes")
    for _ in range(3):
        pairs = [world.pair() for _ in range(4)]
        world.client.connect(world.port(), world.client.ghost(), blocking=False)   # SYN_SENT
        ghost = world.ghost(world.client, pairs[0][0].getsockname()[1])
        ghost.send("S", mss=1400)                                                   # NEW_SYN_RECV
        ghost.receive("SA")
        pairs[1][1].close()                                                         # FIN_WAIT_2
        pairs[2][1].close()
        pairs[2][2].close()                                                         # TIME_WAIT
        module.unload()
        expect("its files", [os.path.exists(path) for path in record.PATHS], [False, False])
        _, mine, theirs = pairs[3]
        mine.send(b"still here")
        expect("data", theirs.recv(100), b"still here")
        ghost.send("A")
        world.reload()
        mine.close()
        theirs.close()
        expect_working(world)


@scenario("load", "rmmod while a reader holds the file half read")
def unload_with_reader(world):
    world.excuse("missing", "the module comes and goes")
    for _ in range(20):
        world.pair()
    with world.client.entered():
        half = os.open(record.path(), os.O_RDONLY)
        unread = os.open(record.path(), os.O_RDONLY)
    try:
        expect_true("a part of it", os.read(half, 100))
        module.unload()
        for fd in (half, unread):
            try:
                rest = os.read(fd, 100)
            except OSError as error:
                rest = error.errno
            expect("what the rest reads as", rest, lambda got: got == b"" or isinstance(got, int))
        world.reload()
    finally:
        os.close(half)
        os.close(unread)
    expect_working(world)


ROUNDS, BATCH = 5, 2000


class Traffic:
    """Connections on loopback without a pause, a new churn when one is through. Or with a
    pause of its four threads between two, for who needs the processors, too."""

    def __init__(self, world, batch=BATCH, pause_us=0):
        self.batch, self.pause_us = batch, pause_us
        self.world, self.churn, self.finished = world, None, 0
        world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
        # Those in TIME_WAIT are taken in at each load anew: enough of them, and not too many.
        world.client.sysctl("net.ipv4.tcp_max_tw_buckets", 5000)

    def keep_going(self):
        if self.churn and self.churn.is_running:
            return
        self.stop()
        self.churn = Churn(self.world.client, self.world.port(), self.batch, 4, self.pause_us)

    def stop(self):
        """It ends by itself, and well: no connection broke."""
        if self.churn:
            churn, self.churn = self.churn, None
            try:
                churn.finish()
            finally:
                churn.kill()
            self.finished += self.batch

    def passes(self, connections, timeout=30.0):
        """Wait until so many more were opened."""
        goal = self.opened() + connections

        def look():
            self.keep_going()
            return self.opened() >= goal
        wait.until(f"{connections} more connections", look, timeout)

    def opened(self):
        return self.world.client.snmp()["TcpActiveOpens"]


@scenario("load", f"rmmod and insmod {ROUNDS} times while two processors open and close connections",
          smp=True, limit=900, shared=40)
def unload_under_traffic(world):
    half_way = "connections caught half-way were missed in part"
    world.excuse("missing", "the module comes and goes")
    for part in ("counters", "promises", "transitions"):
        world.excuse(part, half_way)
    traffic, opens = Traffic(world), set()
    try:
        for _ in range(ROUNDS):
            traffic.passes(20)
            module.unload()
            traffic.passes(20)
            world.reload()
            traffic.passes(20)
            # Those in TIME_WAIT are met anew each time, and soon too many to parse.
            with world.client.entered():
                seen = re.findall(r"^conn .* open=(\S+)", record.read_text(), re.MULTILINE)
            expect_true("connections were recorded", "active" in seen)
            opens |= set(seen)
        traffic.stop()
    finally:
        if traffic.churn:
            traffic.churn.kill()
    # Which ones is a matter of luck, but what was met half-way says so.
    expect("openings nobody made", opens - {"active", "passive", "preexisting", "listener", "unknown"},
           set())
    expect_true("some were met half-way", "preexisting" in opens)
    bad = kernel_log.complaints(world.logged())
    expect("complaints in the kernel log", bad, [])
    print(f"note: {ROUNDS} rounds, {traffic.finished} connections, openings seen:", *sorted(opens))
    expect_working(world)
