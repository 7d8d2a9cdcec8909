"""Netlink: who may ask for what, and what a namespace of one's own shows."""
import errno
import os
import socket

from lib import books, child, net, nl
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
        for group in (nl.EVENTS, nl.ALL_EVENTS):
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
    expect("totals", set(seen["stats"]) - {"feed-seq", "feed-lost"}, set())
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
