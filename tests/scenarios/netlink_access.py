# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: who may ask for what, and what a namespace of one's own shows."""
import contextlib
import errno
import os
import signal
import socket
import time

from lib import books, child, lives, module, net, nl
from lib.failure import expect, expect_true
from lib.registry import scenario
from scenarios.access import bring_up_loopback

READ = ("conn-get", "listener-get", "hook-get", "edge-get", "histogram-get")
CHANGES = (("config-set", {"retention": 5}), ("clear", {}))


def asked(client, raw):
    """{what: errno, 0 if it was allowed} of all that can be asked, through these sockets."""
    got = {name: attempt(client.dump, name) for name in READ}
    got["conn-get all"] = attempt(client.dump, "conn-get", all_netns=True)
    got["listener-get all"] = attempt(client.dump, "listener-get", all_netns=True)
    got["do all"] = attempt(client.do, "conn-get", cookie=1 << 60, all_netns=True)
    got["do"] = attempt(client.do, "conn-get", cookie=1 << 60)
    for name in ("stats-get", "config-get"):
        got[name] = attempt(client.do, name)
    got["books-get"] = attempt(books.ask, raw)
    for name, attributes in CHANGES:
        got[name] = attempt(client.do, name, **attributes)
    return got


def errors_of(prepare):
    """All that can be asked, and each group; after `prepare()`."""
    prepare()
    with nl.Raw() as raw:
        got = asked(nl.Client(), raw)
        for group in (nl.EVENTS, nl.ALL_EVENTS, nl.ENDED, nl.ALL_ENDED):
            try:
                raw.join(group)
                got[group] = 0
            except OSError as error:
                got[group] = error.errno
    return got


def attempt(function, *arguments, **attributes):
    try:
        function(*arguments, **attributes)
        return 0
    except nl.Refused as refusal:
        return refusal.errno


def own_namespaces():
    child.become_nobody()
    child.new_user_namespace()
    child.unshare(child.CLONE_NEWNET)


@scenario("netlink W5", "an ordinary user is refused: each get, each dump, each change, each group")
def unprivileged(world):
    world.pair()
    nl.library()
    before = nl.Client().do("config-get")
    for what, prepare in (("an ordinary user", child.become_nobody),
                          ("root of a user namespace without network", child.new_user_namespace)):
        got = child.call(errors_of, prepare)
        expect(f"what {what} may do", {name for name, number in got.items()
                                       if number not in (errno.EPERM, errno.EACCES)}, set())
    expect("the settings", nl.Client().do("config-get"), before)
    expect("root may do all", {name for name, number in child.call(errors_of, lambda: None).items()
                               if number} - {"do", "do all"}, set())
    nl.Client().do("config-set", retention=600)


@scenario("netlink W5", "root of its own user and network namespace: its own connections and events, no"
          " totals of the host, no change, no other namespace")
def own_namespace(world):
    world.excuse("missing", "clear is part of what is tried")
    nl.library()
    got = child.call(errors_of, own_namespaces)
    host = {"conn-get all", "listener-get all", "do all", "edge-get", "histogram-get", "config-set",
            "clear"}
    expect("what is refused with EPERM", {k for k, n in got.items() if n == errno.EPERM}, host)
    expect("what is granted", {k for k, n in got.items() if n == 0}, set(got) - host - {"do"})
    world.pair()

    def inside():
        own_namespaces()
        bring_up_loopback()
        reader = nl.Client(group=nl.EVENTS)
        # May be joined, and carries events in the first namespace only.
        other = nl.Raw()
        other.join(nl.ALL_EVENTS)
        listener = socket.create_server(("127.0.0.1", 4322))
        mine = socket.create_connection(("127.0.0.1", 4322))
        theirs, _ = listener.accept()
        mine.send(b"x")
        theirs.close()
        cookies = sorted(net.cookie(sock) for sock in (listener, mine, theirs) if sock.fileno() >= 0)
        client = nl.Client()
        conns = client.dump()
        events = reader.events(until=lambda found: any(
            e["entry"][0]["to"] == "close-wait" or e["entry"][0]["cause"] == "rst-received"
            for _, e in found))
        return {"inode": os.stat("/proc/self/ns/net").st_ino, "cookies": cookies, "conns": conns,
                "events": events, "stats": client.do("stats-get"), "hooks": client.dump("hook-get"),
                "all": len(other.drain()[0])}

    seen = child.call(inside)
    expect("namespaces in the dump", {c["netns"] for c in seen["conns"]}, {seen["inode"]})
    expect_true("its sockets", set(seen["cookies"]) <= {c["cookie"] for c in seen["conns"]})
    expect("uids, in the reader's terms", {c["uid"] for c in seen["conns"] if "uid" in c}, {0})
    expect("messages to all-events", seen["all"], 0)
    expect("namespaces in the events", {e["netns"] for _, e in seen["events"]}, {seen["inode"]})
    expect_true("events of them", set(seen["cookies"]) <= {e["cookie"] for _, e in seen["events"]})
    expect("totals", set(seen["stats"]) - {"feed-seq", "feed-lost", "ended-seq", "ended-lost"}, set())
    expect("hits and missed", {key for row in seen["hooks"] for key in row} & {"hits", "missed"}, set())


@scenario("netlink W5", "a socket root opened stays what it is, whoever holds it")
def inherited_socket(world):
    world.pair()
    nl.library()

    def inside():
        """Asked by a nobody, through root's own socket: netlink looks at both."""
        client, raw = nl.Client(), nl.Raw()
        child.become_nobody()
        return asked(client, raw)
    expect("what he may", {name for name, number in child.call(inside).items() if number != errno.EPERM},
           set())


def opened_by_nobody(groups):
    """A socket that a nobody opened here, and these groups he could join."""
    left, right = socket.socketpair()

    def inside():
        child.become_nobody()
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, nl.NETLINK_GENERIC)
        sock.bind((0, 0))
        joined = []
        for group in groups:
            with contextlib.suppress(PermissionError):
                sock.setsockopt(nl.SOL_NETLINK, nl.ADD_MEMBERSHIP, group)
                joined.append(group)
        socket.send_fds(right, [b"-"], [sock.fileno()])
        return joined
    joined = child.call(inside)
    fds = socket.recv_fds(left, 1, 1)[1]
    left.close()
    right.close()
    return socket.socket(fileno=fds[0]), joined


def messages_of(sock, family):
    """How many of its messages lie in this socket."""
    sock.setblocking(False)
    found = 0
    while True:
        try:
            found += int.from_bytes(sock.recv(1 << 16)[4:6], "little") == family
        except BlockingIOError:
            return found


@scenario("netlink feed W5", "who joined a number without a right to, before it was our group's, is sent nothing")
def joined_before_there_was_a_group(world):
    for part in ("missing", "promises", "transitions"):
        world.excuse(part, "the module comes and goes")
    module.unload()
    early = []
    for side in (None, world.client):
        with nl.inside(side):
            early.append(opened_by_nobody(range(1, 64)))
    world.reload()
    with nl.Raw() as host, nl.Raw(world.client) as here:
        expect("our groups, and whether he has joined them",
               [[group in joined for group in host.groups.values()] for _, joined in early], [[True] * 4] * 2)
        for group in (nl.ALL_EVENTS, nl.ALL_ENDED):
            host.join(group)
        for group in (nl.EVENTS, nl.ENDED):
            here.join(group)
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        for raw in (host, here):
            expect_true("events come", raw.take())
        expect("messages of the family to nobody", [messages_of(sock, host.id) for sock, _ in early], [0, 0])
    for sock, _ in early:
        sock.close()


def listens_in_a_namespace_of_his_own(ready):
    child.become_nobody()
    child.new_user_namespace(child.CLONE_NEWNET)
    raw = nl.Raw()
    raw.join(nl.ALL_EVENTS)
    os.write(ready, b"-")
    while True:
        signal.pause()


@scenario("netlink feed W2", "the last who listens to all namespaces leaves, and the rings are filled no more, though"
          " somebody stays who joined in a namespace of his own", virtual=True)
def all_events_for_nobody(world):
    host = nl.Client()
    there, ready = os.pipe()
    pid = child.start(listens_in_a_namespace_of_his_own, ready)
    try:
        expect("he has joined", os.read(there, 1), b"-")
        with nl.Raw() as raw:
            raw.join(nl.ALL_EVENTS)
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
            expect_true("events come", raw.take())
        time.sleep(nl.FORGOTTEN)
        for _ in range(3):                      # nobody is there for what is sent now
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
            time.sleep(2)
        before = host.do("stats-get")["all-feed-seq"]
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        time.sleep(2)
        expect("events told to nobody", host.do("stats-get")["all-feed-seq"] - before, 0)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(there)
        os.close(ready)
