# SPDX-License-Identifier: GPL-2.0-only
"""What a reader gets: nothing that is not his to know, and nothing that bites."""
import concurrent.futures
import contextlib
import ctypes
import errno
import json
import os
import re
import select
import socket
import struct
import unicodedata

from lib import child, client, lives, net, nl, record, schema, wait
from lib.failure import expect, expect_true
from lib.registry import scenario
from scenarios.access import refusal
from scenarios.netlink_access import attempt, own_namespaces

libc = ctypes.CDLL(None, use_errno=True)
CAP_NET_ADMIN = 12
PR_SET_NAME, PR_SET_KEEPCAPS, NETLINK_LISTEN_ALL_NSID = 15, 8, 8
REQUESTS = {"conn-get": 1, "listener-get": 2, "stats-get": 3, "hook-get": 4, "edge-get": 5,
            "histogram-get": 6, "config-get": 7, "books-get": 11}
SINGLE = ("stats-get", "config-get", "books-get")

# As %px, %p, %pK with kptr_restrict print them, and in decimal.
POINTER = re.compile(r"\b(?:0x)?ffff[89a-f][0-9a-f]{11}\b|\(____ptrval____\)|\b0{8}[0-9a-f]{8}\b"
                     r"|\b1844674[4-9]\d{12,13}\b", re.I)


def is_pointer(value):
    return value >= 0xffff800000000000 and value != (1 << 64) - 1


def capabilities(*wanted):
    """This process has these, and no others, in effect and permitted."""
    bits = sum(1 << number for number in wanted)
    header = struct.pack("=Ii", 0x20080522, 0)
    data = struct.pack("=6I", *(half for shift in (0, 32) for half in (
        bits >> shift & 0xffffffff, bits >> shift & 0xffffffff, 0)))
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), "capset")


def every_capability_but_net_admin():
    capabilities(*(number for number in range(38) if number != CAP_NET_ADMIN))


def nobody_with_net_admin():
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    child.become_nobody()
    capabilities(CAP_NET_ADMIN)


@scenario("W5", "the capability decides, not the user: root without CAP_NET_ADMIN is refused, as in a"
          " container; a user who has it gets netlink, while the file's mode keeps its text to root")
def capability_decides(world):
    world.pair()
    nl.library()

    def ask(prepare):
        prepare()
        reader = nl.Client()
        return attempt(reader.dump, "conn-get"), attempt(reader.do, "config-get")
    expect("reading, root without it", refusal(every_capability_but_net_admin), errno.EPERM)
    expect("netlink, root without it", child.call(ask, every_capability_but_net_admin),
           (errno.EPERM, errno.EPERM))
    expect("reading, a user who has it", refusal(nobody_with_net_admin), errno.EACCES)
    expect("netlink, a user who has it", child.call(ask, nobody_with_net_admin), (0, 0))


@scenario("W5", "an open file shows the namespace it was opened in, whatever namespace its reader enters")
def setns_behind_the_file(world):
    world.pair()
    with world.client.entered():
        fd = os.open(record.path(), os.O_RDONLY)
    with os.fdopen(fd) as file, world.server.entered():
        inodes = set(re.findall(r"netns=(\d+)", file.read()))
        expect("through the old file", inodes, {str(world.client.inode)})
        inodes = set(re.findall(r"netns=(\d+)", record.read_text()))
        expect("through a new one", inodes, {str(world.server.inode)})


@scenario("feed W5", "who listens to all namespaces he knows of (NETLINK_LISTEN_ALL_NSID) from one of his own"
          " is told of none but that")
def foreign_namespaces(world):
    nl.library()
    (ready, say_ready), (go, say_go) = os.pipe(), os.pipe()

    def inside():
        own_namespaces()
        # It has a number here, without which the kernel would not even look.
        net.run("ip", "netns", "set", "client", "7")
        expect_true("the client's namespace has a number", "id 7" in net.run("ip", "netns", "list-id"))
        with nl.Raw() as raw:
            raw.sock.setsockopt(nl.SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1)
            for group in (nl.EVENTS, nl.ALL_EVENTS):
                raw.join(group)
            os.write(say_ready, b"x")
            os.read(go, 1)
            return len(raw.drain()[0])

    reader = nl.Client(world.client, group=nl.EVENTS)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        told = pool.submit(child.call, inside)
        wait.until("its joining", lambda: told.done() or select.select([ready], [], [], 0)[0])
        if not told.done():
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
            # Who may be told has been, so the other one would have been, too.
            reader.events(until=lambda found: any(e["state"] == "time-wait" for _, e in found))
            os.write(say_go, b"x")
        expect("messages", told.result(), 0)
    reader.close()


def payloads(raw, depth=0):
    """(type, payload) of every attribute that is no nest; what lies between must be 0."""
    at = 0
    while at + 4 <= len(raw):
        size, kind = struct.unpack_from("=HH", raw, at)
        expect_true(f"an attribute of {size} bytes where {len(raw) - at} are left",
                    4 <= size <= len(raw) - at)
        body, padding = raw[at + 4:at + size], raw[at + size:at + (size + 3 & ~3)]
        expect(f"padding behind attribute {kind & 0x3fff} at depth {depth}", padding.strip(b"\0"), b"")
        if kind & nl.NESTED:
            yield from payloads(body, depth + 1)
        else:
            yield kind, body
        at += size + 3 & ~3
    expect("bytes behind the last attribute", raw[at:], b"")


def numbers_in(messages):
    """What is long enough to hold an address."""
    for message in messages:
        expect("the header's reserved field", message.body[2:4], b"\0\0")
        for kind, body in payloads(message.body[4:]):
            for at in range(0, len(body) - 7, 8):
                yield kind, struct.unpack_from("=Q", body, at)[0]


def texts(world):
    """{name: text} of all there is to read."""
    found = {"hooks": record_text("/proc/tcp_lifecycle_hooks"), "kernel log": net.run("dmesg")}
    found["kernel log"] = "\n".join(line for line in found["kernel log"].split("\n")
                                    if "tcp_lifecycle" in line)
    for side in (None, world.client, world.server):
        with nl.inside(side):
            found[f"/proc of {side and side.name}"] = record.read_text()
    for side, *words in ((None, "list", "--netns", "all"), (None, "stats"), (world.server, "listeners"),
                         (None, "top", "-n", "1"), (None, "doctor"), (None, "config")):
        found[" ".join(words)] = client.run(side, *words)[0]
        found[" ".join(words) + " --json"] = client.run(side, *words, "--json")[0]
    found["show"] = client.run(world.client, "show", "state", "established")[0]
    return found


def record_text(path):
    with open(path) as file:
        return file.read()


@scenario("W5", "no kernel address and no uninitialised padding in any output: text, netlink, feed, JSON, log")
def no_addresses(world):
    client.need()
    reader = nl.Raw()
    reader.join(nl.ALL_EVENTS)
    for family in (4, 6):
        _, mine, theirs = world.pair(family=family)
        lives.finish(mine, theirs)
    world.pair()
    expect_true("this would find them", POINTER.search(record_text("/proc/kallsyms")) and
                is_pointer(0xffffffff81000000) and is_pointer(0xffff888000000000))
    for name, text in texts(world).items():
        expect_true(f"{name} says something", text.strip())
        found = POINTER.search(text)
        expect(f"an address in {name}", found and found.group(), None)
    asked = 0
    with nl.Raw() as raw:
        everyone = nl.attribute(nl.Client().value("conn", "all-netns"))
        for name, number in REQUESTS.items():
            flags = nl.REQUEST | nl.ACK | (0 if name in SINGLE else nl.DUMP)
            raw.send(number, everyone if name in ("conn-get", "listener-get") else b"", flags)
            messages = raw.answer()
            asked += len(messages)
            expect(f"addresses in {name}", [(k, hex(v)) for k, v in numbers_in(messages) if is_pointer(v)],
                   [])
    expect_true("answers", asked > 60)
    events, _ = reader.drain()
    reader.close()
    expect_true("batches of events", events)
    expect("addresses in the feed", [(k, hex(v)) for k, v in numbers_in(events) if is_pointer(v)], [])
    expect("tracepoints of the module's", os.path.exists("/sys/kernel/tracing/events/tcp_lifecycle"), False)


NAMES = [b"a\nconn id=1.0", b"\x1b]0;x\x07\x1b[2J", b"\x9b31mred", b"pid=0 uid=0", b"\xff\xfe\xc0\xaf",
         b"\xe2\x80\xaekcab", b"\"},{\"a\":\"", b"\\x1b[31m", b"%s%n%p", b"\x7f\x08\x08\x08", b"-", b" "]


def expect_harmless(name, text):
    """Nothing in it moves a cursor, hides text or turns it round."""
    bad = sorted({ch for ch in text if ch not in "\n\t" and unicodedata.category(ch)[0] == "C"})
    expect(f"characters of {name} that a terminal obeys", bad, [])


@scenario("text", "a process name made to deceive: one line a record, one object a line, no byte a terminal obeys")
def hostile_names(world):
    client.need()
    own = record_text("/proc/thread-self/comm").rstrip("\n")
    ports = []
    try:
        for name in NAMES:
            libc.prctl(PR_SET_NAME, name, 0, 0, 0)
            _, mine, _ = world.pair()
            ports.append(net.remote(mine)[1])
    finally:
        libc.prctl(PR_SET_NAME, own.encode(), 0, 0, 0)
    with world.client.entered():
        text = record.read_text()
    expect("records in the text", len(re.findall(r"^conn ", text, re.M)), len(NAMES))
    expect_harmless("/proc", text)
    expect_true("only printable ASCII there", text.isascii())
    for words in (("list",), ("listeners",), ("top", "-n", "1")):
        expect_harmless(" ".join(words), client.run(world.server, *words)[0])
    for port in ports:
        expect_harmless("show", client.run(world.client, "show", "dport", port)[0])
    out, _ = client.run(world.client, "list", "--json")
    objects = [json.loads(line) for line in out.split("\n") if line]
    schema.expect_valid(objects)
    expect("objects", len(objects), len(NAMES))
    controls = sorted({ch for ch in out if ch != "\n" and unicodedata.category(ch) in ("Cc", "Cs")})
    expect("control codes and broken bytes in the JSON", controls, [])
    expect("names that are not told", [o["id"] for o in objects if not o["comm"]], [])


INTERFACE, TRACE = "\x1b[2J\"},evil", "evil"     # 15 bytes at most, no blank, slash, colon or %


@contextlib.contextmanager
def linked_by(world, name, addresses):
    """Beside their veth, client and server have another one of this name."""
    net.run("ip", "link", "add", name, "netns", "client", "type", "veth", "peer", "name", name, "netns", "server")
    try:
        for side, address in zip((world.client, world.server), addresses):
            side.run("ip", "addr", "add", f"{address}/24", "dev", name)
            side.run("ip", "link", "set", name, "up")
        yield
    finally:
        world.client.run("ip", "link", "del", name)


@scenario("text", "an interface name made to deceive: nothing tells it, in text, netlink, feed, JSON, log")
def hostile_interface(world):
    client.need()
    world.excuse("segments", "their interface is not one of those that are captured")
    near, far = "10.98.0.1", "10.98.0.2"
    bound = [(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, INTERFACE.encode())]
    port, asked = world.port(), 0
    with nl.Raw() as reader, nl.Raw() as raw, linked_by(world, INTERFACE, (near, far)):
        reader.join(nl.ALL_EVENTS)
        listener = world.server.listen(port, options=bound)
        mine = world.client.connect(port, far, options=bound)
        lives.finish(mine, listener.accept()[0])
        kept = world.client.connect(port, far, options=bound), listener.accept()[0]
        expect("where they went", {str(seen.remote[0]) for seen in world.records(world.client, port)}, {far})
        for name, text in texts(world).items():
            expect_true(f"{name} says something", text.strip())
            expect_true(f"no interface in {name}", TRACE not in text)
        everyone = nl.attribute(nl.Client().value("conn", "all-netns"))
        for name, number in REQUESTS.items():
            raw.send(number, everyone if name in ("conn-get", "listener-get") else b"",
                     nl.REQUEST | nl.ACK | (0 if name in SINGLE else nl.DUMP))
            messages = raw.answer()
            asked += len(messages)
            expect(f"interfaces in {name}", [m.body for m in messages if TRACE.encode() in m.body], [])
        expect_true("answers", asked > 60)
        events, _ = reader.drain()
        expect_true("batches of events", events)
        expect("interfaces in the feed", [e.body for e in events if TRACE.encode() in e.body], [])
        for sock in kept:
            sock.close()
