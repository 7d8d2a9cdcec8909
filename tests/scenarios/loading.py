"""Loading and unloading with connections, readers and traffic about."""
import os
import time

from lib import module, net, record
from lib.failure import Skip, expect, expect_path, expect_true
from lib.helper import Churn
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY


def on_parallel_emulation():
    """Two emulated processors, each a thread of the emulator's."""
    with open("/proc/cpuinfo") as file:
        return os.cpu_count() > 1 and "QEMU TCG" in file.read()


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


@scenario("load", "rmmod and insmod while traffic runs", limit=900)
def unload_under_traffic(world):
    if on_parallel_emulation():
        raise Skip("QEMU's multi-threaded emulation may show one processor an int3 the other has"
                   " replaced: the kernel then oopses at kprobes of anybody's")
    world.excuse("missing", "the module comes and goes")
    world.excuse("counters", "connections caught half-way were missed in part")
    world.excuse("promises", "connections caught half-way were missed in part")
    world.excuse("transitions", "connections caught half-way were missed in part")
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    churn = Churn(world.client, world.port(), 4000, 4)
    try:
        for _ in range(8):
            if not churn.is_running:
                churn.finish()
                churn = Churn(world.client, world.port(), 4000, 4)     # on a port nobody used
            module.unload()
            time.sleep(0.01)
            world.reload()
            time.sleep(0.02)
            world.client.view()
        churn.finish()
    finally:
        churn.kill()
    expect("records about connections met half-way say so",
           {r.open for r in world.client.view().records} - {"active", "passive", "preexisting",
                                                            "listener", "unknown"}, set())
    expect_working(world)
