# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: namespaces that go away; the host sees what became of their connections."""
import collections
import ctypes
import resource
import socket
import struct
import time

from lib import child, ledger, lives, net, nl, patience, wait
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario

SO_ATTACH_FILTER, BPF_LD_IMM, BPF_RET = 26, 0, 6
# Listeners with filters as long as net.core.optmem_max lets them be: some 3 million instructions
# for each batch.
LISTENERS, STEPS = patience.fewer(1000), 2000


def conns_of(*inodes):
    return {nl.identity(c): c for c in nl.Client().dump(all_netns=True) if c["netns"] in inodes}


def await_end(*inodes):
    """The records of these namespaces, once all of them have ended."""
    def ended():
        found = conns_of(*inodes)
        return all(c.get("close", "none") != "none" for c in found.values()) and found
    return wait.until("the end of all of them", ended, 60)


@scenario("C8 W5", "TIME_WAIT and an orphan's FIN_WAIT_2 ended by the end of their namespace: the host's"
          " dump shows cause netns-gone")
def time_wait_netns_gone(world):
    world.excuse("missing", "nobody is left to ask")
    inode, cookies = world.client.inode, {}
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        cookies[family] = net.cookie(mine)
        lives.finish(mine, theirs)
        world.record(world.client, [*world.ports][-1], lambda r: r.state == "TIME_WAIT")
    _, mine, theirs = world.pair()
    # The peer's FIN never comes: FIN_WAIT_2 is all it gets to.
    world.client.nft(f"tcp sport {net.remote(mine)[1]} tcp flags & fin == fin drop")
    orphan = net.cookie(mine)
    world.orphan(mine)
    before = conns_of(inode)
    expect_true("in TIME_WAIT", all(before[c, 0]["state"] == "time-wait" for c in cookies.values()))
    world.destroy_namespaces()
    after = await_end(inode)
    expect("records", sorted(after), sorted(before))
    for family, cookie in cookies.items():
        conn = after[cookie, 0]
        last = conn["entry"][-1]
        expect(f"IPv{family}: state", conn["state"], "closed")
        expect(f"IPv{family}: close, which was decided before TIME_WAIT", conn["close"],
               lambda close: close in ("fin", "three-segment"))
        expect(f"IPv{family}: the last entry", (last["from"], last["to"], last["cause"]),
               ("time-wait", "closed", "netns-gone"))
        expect_true(f"IPv{family}: how long it was in TIME_WAIT", 0 <= conn["tw-actual-us"] < 60_000_000)
    expect("the orphan: close, and its last entry", (after[orphan, 0]["close"], [
        after[orphan, 0]["entry"][-1][name] for name in ("from", "to", "cause")]),
        ("netns", ["fin-wait-2", "closed", "netns-gone"]))


@scenario("netlink W5", "a namespace dies during the host's dump: each connection at most once, no complaint")
def dies_during_dump(world):
    world.excuse("missing", "nobody is left to ask")
    listener = world.pair()[0]
    for _ in range(150):
        world.client.connect(listener.getsockname()[1])
        world.server.sockets.append(listener.accept()[0])
    inodes = world.client.inode, world.server.inode
    everything = conns_of(*inodes)
    client = nl.Client()
    flag = nl.attribute(client.value("conn", "all-netns"))
    with nl.Raw() as raw, nl.Raw(world.client) as inner:
        # The second one keeps its namespace alive until it is closed.
        inner.send(1, flags=nl.REQUEST | nl.ACK | nl.DUMP)
        inside = inner.take()
        raw.send(1, flag, flags=nl.REQUEST | nl.ACK | nl.DUMP)
        messages = raw.take()
        expect_true("there is more to come", not messages[-1].is_end and not inside[-1].is_end)
        world.destroy_namespaces()
        while not messages[-1].is_end:
            messages += raw.take()
        while not inside[-1].is_end:
            inside += inner.take()
        for what, found in (("host", messages), ("namespace", inside)):
            expect(f"error at the end of the {what}'s dump", found[-1].error, 0)
            ids = collections.Counter(
                (fields[client.value("conn", "cookie")], fields[client.value("conn", "generation")])
                for fields in (dict(m.attributes) for m in found if not m.is_end))
            expect(f"met twice in the {what}'s dump", [i for i, n in ids.items() if n > 1], [])
    expect_true("the host's dump had much of it", len(messages) > len(everything) // 2)
    expect("all of them are on record", len(await_end(*inodes)), len(everything))


@scenario("feed W5", "a namespace dies: the host's feed tells the end of its connections, its own listener's"
          " socket keeps it alive until it goes")
def dies_with_listeners(world):
    world.excuse("missing", "nobody is left to ask")
    everyone = nl.Reader(None, "feed", nl.ALL_EVENTS)
    own = nl.Raw(world.client)
    try:
        own.join()
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        world.record(world.client, [*world.ports][-1], lambda r: r.state == "TIME_WAIT")
        cookie = net.cookie(world.pair()[1])
        inode = world.client.inode
        world.destroy_namespaces()
        own.close()
        await_end(inode)
        time.sleep(1)                   # the feed's worker batches
        everyone.finish()
        lines = [line for line in everyone.lines() if f" netns={inode} " in line]
        expect_true("of its TIME_WAIT", any("TIME_WAIT>CLOSED cause=netns-gone" in line for line in lines))
        expect_true("of the connection that lived", any(line.startswith(f"{cookie:x}.0 ")
                                                        for line in lines))
    finally:
        own.close()
        everyone.close()


def takes_long(sock):
    """Nothing passes, after many steps."""
    step, last = (struct.pack("=HBBI", code, 0, 0, 0) for code in (BPF_LD_IMM, BPF_RET))
    steps = ctypes.create_string_buffer(step * (STEPS - 1) + last)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", STEPS, ctypes.addressof(steps)))


def slowest(function, *arguments):
    """Of fifty, in seconds."""
    found = 0
    for _ in range(50):
        begun = time.monotonic()
        function(*arguments)
        found = max(found, time.monotonic() - begun)
        time.sleep(0.01)
    return found


@scenario("feed W5", f"{LISTENERS} listeners with long filters in one namespace, beside connections: who asks for the"
          " totals meanwhile, or makes a namespace, does not wait for what is sent to them", virtual=True, shared=60)
def totals_beside_listeners(world):
    world.excuse("counters", "there are fewer records than connections")
    for part in ("transitions", "promises", "segments"):
        world.excuse(part, "the churn's are scenario all-of-them's affair")
    # So that those behind this one have the module anew, and not a pool full of what has ended.
    world.reload()
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The scenarios behind this one have it, too: never less than before.
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, LISTENERS + 1000), most))
    with nl.Raw(world.client) as raw:
        group = raw.groups[nl.EVENTS]
    host = nl.Raw()

    def totals():
        host.send(ledger.STATS_GET)
        host.answer()
    alone = slowest(totals)
    for _ in range(LISTENERS):
        sock = world.client.socket(socket.AF_NETLINK, socket.SOCK_RAW, nl.NETLINK_GENERIC)
        sock.bind((0, 0))
        takes_long(sock)
        sock.setsockopt(nl.SOL_NETLINK, nl.ADD_MEMBERSHIP, group)
    # More than there is time for; it is killed.
    churn = Churn(world.client, world.port(), 4_000_000, 1)
    try:
        beside = slowest(totals)
        # For this netlink's own tables are waited for, too, and each multicast holds them.
        unshared = child.call(slowest, child.unshare, child.CLONE_NEWNET)
        running = churn.is_running
    finally:
        churn.kill()
    print(f"note: of 50 answers the slowest took {alone * 1e3:.1f} ms, and {beside * 1e3:.1f} ms beside"
          f" {LISTENERS} listeners; of 50 namespaces {unshared * 1e3:.1f} ms", flush=True)
    expect_true(f"an answer in {beside * 1e3:.1f} ms", beside < 0.1 * patience.factor)
    expect_true(f"a namespace in {unshared * 1e3:.1f} ms", unshared < 0.4 * patience.factor)
    expect_true("connections all the while", running)
