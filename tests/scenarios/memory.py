# SPDX-License-Identifier: GPL-2.0-only
"""No memory for this or that: on kernels whose allocations can be made to fail."""
import contextlib
import errno
import os
import re

from lib import books, child, lives, memory, module, net, nl, record, wait
from lib.failure import expect, expect_path, expect_true
from lib.record import PATHS
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY
from scenarios.hooks import table
from scenarios.netlink_feed import settled

SMALL = {"records": 64, "feed": 64}
CONNECTIONS = 50


def expect_nothing_left(what):
    """Of a module that is not loaded."""
    expect(f"{what}: loaded", module.is_loaded(), False)
    expect(f"{what}: its files", [os.path.exists(path) for path in PATHS], [False, False])
    with open(module.PROBES) as file:
        expect(f"{what}: probes", file.read(), "")
    with contextlib.suppress(nl.Refused), nl.Raw() as raw:
        expect(f"{what}: netlink family", raw.id, None)


def expect_working(world, what):
    _, mine, theirs = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1], what=what), *OPEN_ACTIVELY)
    lives.finish(mine, theirs)


# The kernel makes nearly 2,000 allocations for our probes, as many of them copies of its
# list of probes as there are in it, and each load takes a billion instructions: of those
# one in so many fails, which are some for each probe. Ours are seen from less far up.
OURS, ALL, STRIDE = 8, 32, 13


@scenario("memory load", "each allocation of ours at load failing in turn, and one in 13 of what a probe takes: the load fails"
          " and leaves nothing behind, or goes on and says what it lacks; the next has all", memory=True, limit=3600)
def loading_without_memory(world):
    world.excuse("missing", "the module comes and goes")
    module.unload()
    world.reloaded = True
    lost = set()
    for depth, stride in ((OURS, 1), (ALL, STRIDE)):
        memory.prepare(depth)
        refused, loaded = 0, 0
        for nth, outcome in memory.each(lambda: module.load(**SMALL), stride):
            what = f"allocation {nth}"
            if outcome is not None:
                expect(f"{what}: error", outcome.errno, errno.ENOMEM)
                expect_nothing_left(what)
                refused += 1
                continue
            rows = table()
            missing = sorted(name for name, row in rows.items() if row[0] != "attached")
            header = record.read().header
            expect(f"{what}: hooks", header.hooks, (len(rows) - len(missing), len(rows)))
            expect(f"{what}: what the header says is lost", sorted(header.lost), missing)
            lost.update(missing)
            loaded += 1
            module.unload()
            expect_nothing_left(what)
        # The attempt that needed no more has loaded it.
        expect("missing with memory enough", record.read().header.lost, [])
        module.unload()
        print(f"note: one in {stride} of those from {depth} callers down: {refused} loads refused, {loaded} not")
        expect_true("some were refused", refused > 0)
    expect_true("the log says for what", any(f"no memory for records={SMALL['records']}" in line
                                             for line in world.logged()))
    print(f"note: hooks that a load went on without: {len(lost)}")
    # Which ones depends on how many allocations the kernel makes for each.
    expect_true("many a hook was one of them", len(lost) > 20)
    module.load()
    expect_working(world, "after loads without memory")


def requests(side):
    """Each that there is, by name; the answer is made of what does not change by asking."""
    raw = nl.Raw(side)
    dump = nl.REQUEST | nl.ACK | nl.DUMP

    def ask(command, flags=nl.REQUEST | nl.ACK):
        def call():
            raw.send(command, flags=flags)
            return len(raw.answer())
        return call
    return raw, {"conn-get": ask(1, dump), "listener-get": ask(2, dump), "stats-get": ask(3),
                 "hook-get": ask(4, dump), "edge-get": ask(5, dump), "histogram-get": ask(6, dump),
                 "config-get": ask(7), "books-get": ask(books.BOOKS_GET)}


@scenario("memory netlink", "each allocation of each request failing in turn: refused with ENOMEM, and the next is answered",
          memory=True, limit=1800)
def asked_without_memory(world):
    memory.prepare()
    pairs = [world.pair() for _ in range(5)]
    raw, asked = requests(None)
    for name, call in asked.items():
        wanted, needed = memory.allocations(call)
        failed = 0
        for nth, outcome in memory.each(call):
            if isinstance(outcome, nl.Refused):
                expect(f"{name}, allocation {nth}", outcome.errno, errno.ENOMEM)
                failed += 1
            else:
                expect(f"{name}, allocation {nth}: parts", outcome, wanted)
            expect(f"{name} after it", call(), wanted)
        print(f"note: {name}: {needed} allocations, {failed} of which it cannot do without")
    raw.close()
    client = nl.Client()
    before = client.do("config-get")
    for nth, outcome in memory.each(lambda: client.do("config-set", retention=77, port=[1, 2, 3])):
        if isinstance(outcome, nl.Refused):
            expect(f"config-set, allocation {nth}", outcome.errno, errno.ENOMEM)
            expect("the settings after it", client.do("config-get"), before)
    expect("the settings at last", client.do("config-get")["retention"], 77)
    client.do("config-set", retention=600, any_port=True)
    for _, mine, theirs in pairs:
        lives.finish(mine, theirs)


@scenario("memory text", "each allocation of a reader failing in turn: ENOMEM, or the same text", memory=True, limit=1800)
def read_without_memory(world):
    memory.prepare()
    listener, mine, theirs = world.pair()
    for path in ("/proc/tcp_lifecycle", "/proc/tcp_lifecycle_hooks"):
        def read():
            with open(path, "rb", buffering=0) as file:
                return len(re.findall(rb"^\S", b"".join(iter(lambda: file.read(512), b"")), re.M))
        wanted, needed = memory.allocations(read)
        for nth, outcome in memory.each(read):
            if isinstance(outcome, OSError):
                expect(f"{path}, allocation {nth}", outcome.errno, errno.ENOMEM)
            else:
                expect(f"{path}, allocation {nth}: records", outcome, wanted)
            expect(f"{path} after it", read(), wanted)
        print(f"note: {path}: {needed} allocations")
    lives.finish(mine, theirs)


@scenario("memory W2", "no memory at all while connections come and go: not one allocation is tried, and all are recorded",
          memory=True)
def recording_without_memory(world):
    memory.prepare()
    with memory.none_left(memory.SOME) as left:
        for _ in range(CONNECTIONS):
            listener, mine, theirs = world.pair()
            lives.finish(mine, theirs)
            listener.close()
        expect("allocations not tried", left(), [memory.SOME, memory.SOME])


@scenario("memory feed", "no memory for a batch: its events are counted as lost, and told with the next", memory=True)
def fed_without_memory(world):
    memory.prepare()
    reader = nl.Reader(world.client, "feed", nl.EVENTS)
    try:
        before = nl.Client(world.client).do("stats-get")
        with memory.none_left(3) as left:
            pairs = [world.pair() for _ in range(10)]
            wait.until("the worker finds no memory three times", lambda: left()[0] == 0)
            failed = 2 * 3 - sum(left())
        for _, mine, theirs in pairs:
            lives.finish(mine, theirs)
        settled(world.client)
        total = reader.finish()
        after = nl.Client(world.client).do("stats-get")
    finally:
        reader.close()
    print(f"note: {total}, {before}, {after}")
    lost = after["feed-lost"] - before["feed-lost"]
    # One for each batch, but one that had only to tell of losses.
    expect_true(f"{lost} lost to {failed} failed allocations", 0 < lost <= failed)
    expect("lost, as told", total["lost"], lost)
    expect("told", total["events"], after["feed-seq"] - before["feed-seq"])


@scenario("memory W5", "each allocation for a new namespace failing in turn: it is not made; the next is, and recorded",
          memory=True, limit=1800)
def namespace_without_memory(world):
    memory.prepare()

    def made():
        tries = 0
        for _, outcome in memory.each(lambda: child.unshare(child.CLONE_NEWNET)):
            tries += 1
            if outcome is not None:
                expect("error", outcome.errno, errno.ENOMEM)
        return tries, os.readlink("/proc/self/ns/net")
    tries, name = child.call(made)
    expect_true(f"{tries} allocations", tries >= 2)
    expect_true("at last it has one of its own", name != os.readlink("/proc/self/ns/net"))
    expect_working(world, "after namespaces without memory")
