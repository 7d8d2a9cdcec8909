# SPDX-License-Identifier: GPL-2.0-only
"""Netlink by a hand that means no good: what the fuzzer meets by luck, one by one."""
import errno
import struct

from lib import lives, net, nl, wait
from lib.failure import expect, expect_true
from lib.registry import scenario

CONN_GET, CONFIG_SET, DROP_MEMBERSHIP = 1, 8, 2


def errno_of(raw, *arguments, **how):
    """Of one request: 0 if it was granted."""
    try:
        raw.send(*arguments, **how)
        raw.answer()
        return 0
    except nl.Refused as refusal:
        return refusal.errno


def filter_of(client, port):
    """Attribute "filter": connections with this port."""
    inner = nl.attribute(client.value("filter", "port"), struct.pack("=H", port))
    return nl.attribute(client.value("conn", "filter") | nl.NESTED, inner)


def places(payload):
    """Where its attributes begin."""
    at = 0
    while at < len(payload):
        yield at
        at += struct.unpack_from("=H", payload, at)[0] + 3 & ~3


@scenario("netlink", "a request cut behind each of its bytes, and one whose attributes lie about their length:"
          " refused, and nothing is changed")
def cut_requests(world):
    client = nl.Client()
    before = client.do("config-get")

    def config(name, form, value):
        return nl.attribute(client.value("config", name), struct.pack(form, value))
    group = nl.attribute(client.value("config", "group") | nl.NESTED, b"".join(
        nl.attribute(client.value("group-state", name), bytes([1])) for name in ("group", "enabled")))
    # The last one is wrong, so that none may be taken.
    whole = (config("retention", "=I", 77) + config("port", "=H", 80) + group +
             config("exclude-loopback", "=B", 2))
    flags = nl.REQUEST | nl.ACK
    with nl.Raw() as raw:
        expect("the whole of it", errno_of(raw, CONFIG_SET, whole), errno.ERANGE)
        for place in places(whole):
            right = struct.unpack_from("=H", whole, place)[0]
            # Behind it, with its padding or without, it would be a good request.
            for length in range(place + 1, place + right):
                expect(f"cut behind {length} of {len(whole)} bytes",
                       errno_of(raw, CONFIG_SET, whole[:length]), lambda got: got != 0)
            for wrong in {0, 1, 2, 3, right - 1, right + 1, right + 4, len(whole), 0x7fff, 0xffff} - {right}:
                lying = whole[:place] + struct.pack("=H", wrong) + whole[place + 2:]
                expect(f"{wrong} for the length of the attribute at {place}, which is {right}",
                       errno_of(raw, CONFIG_SET, lying), lambda got: got != 0)
        for command in (0, 10, 12, 13, 127, 255):
            expect(f"command {command}", errno_of(raw, command, flags=flags), errno.EOPNOTSUPP)
    expect("the settings", client.do("config-get"), before)


@scenario("netlink", "a dump begun with one filter is not changed by a request with another; one that is never"
          " read is given up with its socket")
def second_dump(world):
    listener, *_ = world.pair()
    first = listener.getsockname()[1]
    for _ in range(120):
        world.client.connect(first)
        world.server.sockets.append(listener.accept()[0])
    second = net.remote(world.pair()[1])[1]
    client = nl.Client()
    flags = nl.REQUEST | nl.ACK | nl.DUMP
    with nl.Raw(world.client) as raw:
        raw.send(CONN_GET, filter_of(client, first), flags)
        messages = raw.take()
        expect_true("there is more to come", not messages[-1].is_end)
        raw.send(CONN_GET, filter_of(client, second), flags)
        refused = []
        while not any(m.is_end and m.seq == 2 for m in messages):
            messages += raw.take()
            refused += [m.error for m in messages if m.is_end and m.seq == 3]
        expect_true("the second one", errno.EBUSY in refused)
        ports = {dict(m.attributes)[client.value("conn", "remote-port")] for m in messages if not m.is_end}
        expect("remote ports", ports, {struct.pack("=H", first)})
        expect("records", len([m for m in messages if not m.is_end]), 121)
    with nl.Raw(world.client) as raw:
        raw.send(CONN_GET, b"", flags)
        raw.take()
        expect_true("it holds the module", reference_count())
    wait.until("the module's release", lambda: not reference_count())


@scenario("netlink feed", "groups next to ours, and none at all: joined or refused by the kernel, and no event for it")
def odd_groups(world):
    client = nl.Client(world.client)
    before = client.do("stats-get")
    before = before["feed-seq"], before["all-feed-seq"]
    with nl.Raw(world.client) as raw:
        ours = sorted(raw.groups.values())
        for group in (0, 1, ours[0] - 1, ours[-1] + 1, ours[-1] + 1000, 0x7fffffff, -1, -(1 << 31)):
            for option in (nl.ADD_MEMBERSHIP, DROP_MEMBERSHIP):
                try:
                    raw.sock.setsockopt(nl.SOL_NETLINK, option, group)
                except OSError as error:
                    expect(f"errno of group {group}", error.errno, errno.EINVAL)
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        after = client.do("stats-get")
        expect("events told, here and of all namespaces", (after["feed-seq"], after["all-feed-seq"]), before)


@scenario("netlink load", "who holds a dump half read holds the module; who joined a group, or has the file open,"
          " does not")
def held_open(world):
    for part in ("missing", "promises", "transitions"):
        world.excuse(part, "the module comes and goes")
    for _ in range(60):
        world.pair()
    raw, listener = nl.Raw(world.client), nl.Raw(world.client)
    listener.join()
    raw.send(CONN_GET, b"", nl.REQUEST | nl.ACK | nl.DUMP)
    try:
        try:
            world.reload()
            refusal = 0
        except OSError as error:
            refusal = error.errno
        expect("errno of rmmod", refusal, errno.EWOULDBLOCK)
    finally:
        raw.close()
    wait.until("the module's release", lambda: not reference_count())
    world.reload()
    listener.close()


def reference_count():
    with open("/sys/module/tcp_lifecycle/refcnt", encoding="ascii") as file:
        return int(file.read())
