# SPDX-License-Identifier: GPL-2.0-only
"""Row W5: address families, namespaces, and who may read."""
import errno
import fcntl
import os
import socket
import struct

from lib import child, net, nl, record, wait
from lib.failure import Failure, expect, expect_path
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY

HOOKS = "/proc/tcp_lifecycle_hooks"


@scenario("W5", "an IPv4 client of an IPv6 socket and the other way round: family ipv4-mapped")
def mapped(world):
    port = world.port()
    listener = world.server.listen(port, "::", dual=True)
    mine = world.client.socket(socket.AF_INET6)
    mine.connect((f"::ffff:{world.client.peer()}", port))
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    for side, sock, path in ((world.client, mine, OPEN_ACTIVELY),
                             (world.server, theirs, OPEN_PASSIVELY)):
        seen = world.record(side, port)
        expect("family", seen.family, "ipv4-mapped", seen)
        expect("local, remote", (seen.local, seen.remote), (net.local(sock), net.remote(sock)), seen)
        expect_path(seen, *path)
        expect("segments on the wire are IPv4", {s.src[0].version for s in
               world.segments(side, port)}, {4}, seen)


@scenario("W5", "a reader sees its own namespace only")
def own_namespace_only(world):
    _, mine, _ = world.pair()
    port = net.remote(mine)[1]
    home = record.read()
    for side in (world.client, world.server):
        text = side.view()
        expect(f"namespaces seen from {side.name}", {r.netns for r in text.records}, {side.inode})
        expect("records with its port", sum(port in (r.local[1], r.remote[1])
                                            for r in text.records if not r.is_listener), 1)
    inode = os.stat("/proc/self/ns/net").st_ino
    expect("other namespaces seen from the first", {r.netns for r in home.records} - {inode}, set())


def refusal(*preparations, file=None):
    """The errno with which a child in that position is refused the file, the records if none is
    named; 0 if it is not."""
    def attempt():
        for prepare in preparations:
            prepare()
        try:
            record.read_text(file)
        except OSError as error:
            return error.errno
        return 0
    return child.call(attempt)


@scenario("W5", "readers without CAP_NET_ADMIN over the namespace are refused, and those without it over the"
          " host are refused the hooks")
def refused_readers(world):
    world.pair()
    refusals = (errno.EACCES, errno.EPERM)
    for file in (record.path(), HOOKS):
        expect(f"root itself reads {file}", refusal(file=file), 0)
        expect(f"{file}: errno for an ordinary user", refusal(child.become_nobody, file=file), refusals.__contains__)
        # The owner by the file's mode: it is the capability that is asked for.
        expect(f"{file}: errno for root of a user namespace of its own",
               refusal(child.new_user_namespace, file=file), errno.EPERM)
        expect(f"{file}: errno for an ordinary user's user namespace",
               refusal(child.become_nobody, child.new_user_namespace, file=file), refusals.__contains__)


@scenario("W5", "a file root opened is not read by whoever got it, nor the other way round")
def inherited_file(world):
    world.pair()
    fd = os.open(record.path(), os.O_RDONLY)
    try:
        def read_it():
            child.become_nobody()
            return os.pread(fd, 100, 0)[:1]
        # It was root who opened it: whom to hand it to is root's decision.
        expect("the first byte", child.call(read_it), b"#")
    finally:
        os.close(fd)


def bring_up_loopback():
    request = struct.pack("16sH14x", b"lo", 1)         # IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, request)              # SIOCSIFFLAGS


@scenario("W5", "a reader in a pid namespace of his own is shown no process id, and all else of the owner, in text"
          " and netlink")
def hidden_process_ids(world):
    nl.library()
    world.pair()

    def owners():
        """Of the client's connection, (process, name, cgroup), as text and netlink have it."""
        seen, = world.client.view().records
        conn, = nl.Client(world.client).dump()
        return [(seen.pid, seen.comm, seen.cgroup), (conn.get("pid"), conn["comm"], conn["cgroup"])]

    def inside():
        child.unshare(child.CLONE_NEWPID)       # for those born from now on
        return child.call(owners)
    here = owners()
    expect("process ids in the first one", [pid for pid, *_ in here], [os.getpid()] * 2)
    expect("in one's own", child.call(inside), [(None, *rest) for _, *rest in here])


@scenario("W5", "root of its own user and network namespace sees its own connections")
def own_user_namespace(world):
    world.pair()

    def inside(at_once):
        child.become_nobody()
        # At once, as `unshare -rn` does it: then the network namespace is made while
        # the user namespace does not know yet who its root is.
        child.new_user_namespace(child.CLONE_NEWNET if at_once else 0)
        if not at_once:
            child.unshare(child.CLONE_NEWNET)
        bring_up_loopback()
        listener = socket.create_server(("127.0.0.1", 4321))
        mine = socket.create_connection(("127.0.0.1", 4321))
        theirs, _ = listener.accept()
        cookies = [net.cookie(sock) for sock in (listener, mine, theirs)]
        return os.stat("/proc/self/ns/net").st_ino, cookies, record.read_text()

    inode, cookies, text = child.call(inside, False)
    view = record.View(text)
    # The totals are the whole host's, and none of such a root's business.
    expect("live, missed", (view.header.live, view.header.missed), (None, None))
    seen = view.records
    expect("namespaces", {r.netns for r in seen}, {inode}, *seen)
    expect("sockets", sorted(r.cookie for r in seen), sorted(cookies), *seen)
    expect("uids, in the reader's terms", {r.uid for r in seen}, {0}, *seen)
    # A file of mode 0400 then belongs to the global root. Not wanted, but safe.
    try:
        child.call(inside, True)
        raise Failure("a file that belongs to nobody here was read")
    except OSError as error:
        expect("the refusal", error.errno, errno.EACCES)


@scenario("W5", "a namespace that goes away takes its connections with it: none of them lives on")
def namespace_gone(world):
    before = record.read().header
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    mine.close()
    theirs.close()
    world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
    expect("live records: TIME_WAIT and the listener", record.read().header.live, before.live + 2)
    world.destroy_namespaces()
    after = wait.until("the end of all of them", lambda: (
        header := record.read().header).live == before.live and header)
    expect("dead records", after.dead, before.dead + 3)
