# SPDX-License-Identifier: GPL-2.0-only
"""Rows O1, O2, O3, C15: whose connection it is, whoever is running when something happens to it."""
import ctypes
import os
import signal
import socket
import threading

from lib import child, client, net
from lib.failure import expect, expect_true
from lib.registry import scenario

PR_SET_NAME = 15
GROUP = "/sys/fs/cgroup/tlc-owner"


class Worker:
    """A process that does one thing when told to: another name, user and control group."""

    def __init__(self, name, act):
        self.name = name
        self.ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.ours.close()
                with open(f"{GROUP}/cgroup.procs", "w") as file:
                    file.write(str(os.getpid()))
                ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
                child.become_nobody()
                theirs.send(b"r")
                theirs.recv(1)
                kept = [act(theirs)]
                theirs.send(b"d")
                signal.pause()
                kept.clear()
            finally:
                os._exit(1)
        theirs.close()
        expect(f"{name} is ready", self.ours.recv(1), b"r")

    def go(self):
        self.ours.send(b"g")
        expect(f"{self.name} has done it", self.ours.recv(1), b"d")

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.ours.close()

    def expect_owns(self, record, call):
        expect("the owner", (record.owner, record.pid, record.uid, record.cgroup, record.comm),
               (call, self.pid, child.NOBODY, os.stat(GROUP).st_ino, self.name.encode()), record)


def workers(function):
    """A scenario with a control group for its workers, ended afterwards."""
    def run(world):
        os.makedirs(GROUP, exist_ok=True)
        started = []
        try:
            function(world, lambda *what: started.append(Worker(*what)) or started[-1])
        finally:
            for worker in started:
                worker.end()
            os.rmdir(GROUP)
    run.__name__ = function.__name__
    return run


@scenario("O2 O3", "a listener whose connections a worker accepts: the listener is the one's who listened, each"
          " connection the worker's, with its user and control group")
@workers
def accepted_by_worker(world, worker):
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        other = worker(f"worker {family}", lambda _, it=listener: it.accept())
        world.client.connect(port, world.client.peer(family))
        world.record(world.server, port, lambda r: r.state == "ESTABLISHED" and r.owner == "-")
        other.go()
        other.expect_owns(world.record(world.server, port), "accept")
        told = world.listener(world.server, port)
        expect("the listener's owner", (told.owner, told.pid, told.uid), ("listen", os.getpid(), os.getuid()),
               told)


@scenario("O1 O2", "a socket passed on: the connection is whose it was at connect() and accept(), also when"
          " the other process closes it")
@workers
def passed_on(world, worker):
    def receive(channel):
        _, fds, _, _ = socket.recv_fds(channel, 1, 2)
        for fd in fds:
            os.close(fd)

    # First, or it would have copies of them by birth.
    other = worker("heir", receive)
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    before = [world.record(side, port) for side in (world.client, world.server)]
    other.ours.send(b"g")
    socket.send_fds(other.ours, [b"!"], [mine.fileno(), theirs.fileno()])
    # The heir's copies are the last: both ends are closed by it.
    mine.close()
    theirs.close()
    expect("the heir has closed them", other.ours.recv(1), b"d")
    for side, was in zip((world.client, world.server), before):
        seen = world.record(side, port, lambda r: r.first != "-")
        expect("the owner", (seen.owner, seen.pid, seen.uid, seen.cgroup, seen.comm),
               (was.owner, os.getpid(), os.getuid(), was.cgroup, was.comm), seen)


@scenario("O1", "a socket made by one process and connected by another is whose connect() it was")
@workers
def connected_by_another(world, worker):
    port = world.port()
    world.server.listen(port)
    with world.client.entered():
        made = socket.socket()
    other = worker("caller", lambda _: made.connect((str(world.client.peer(4)), port)))
    made.close()
    other.go()
    other.expect_owns(world.record(world.client, port), "connect")


@scenario("O1 O2", "packets that come in while somebody else is running do not make him the owner: each step of"
          " opening and closing, driven by the peer alone")
@workers
def interrupted(world, worker):
    port = world.port()
    listener = world.server.listen(port)
    answer = worker("answerer", lambda _: listener.accept())
    peer = world.ghost(world.client, port)
    answer.ours.send(b"g")
    peer.open()
    expect("it has accepted", answer.ours.recv(1), b"d")
    answer.expect_owns(world.record(world.server, port), "accept")
    # We send these: when the kernel takes them in, it is us it interrupts.
    peer.send("FA")
    answer.expect_owns(world.record(world.server, port, lambda r: r.state == "CLOSE_WAIT"), "accept")
    peer.send("R")
    answer.expect_owns(world.ended(world.server, port), "accept")


def shown(side, record):
    """What tcplc says of it: (JSON, text)."""
    name = f"{record.cookie:x}.{record.generation}"
    return client.objects(side, "show", name)[0], " ".join(client.run(side, "show", name)[0].split())


def in_thread(name, act):
    """Done by a thread of ours that has a name of its own."""
    done = []

    def work():
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
        done.append(act())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return done[0]


@scenario("O1 O2 O3 tcplc", "a thread with a name of its own connects, accepts and listens: comm is the process's, the"
          " thread's name stands beside it")
def named_thread(world):
    with open("/proc/self/comm", "rb") as file:
        comm = file.read().rstrip(b"\n")
    port = world.port()
    listener = world.server.tcp("0.0.0.0", port)
    in_thread("listens", lambda: listener.listen(16))
    mine = world.client.tcp()
    in_thread("connects", lambda: mine.connect((world.client.peer(), port)))
    theirs = in_thread("accepts", listener.accept)[0]
    world.server.sockets.append(theirs)
    for seen, side, call in ((world.listener(world.server, port), world.server, "listen"),
                             (world.record(world.client, port), world.client, "connect"),
                             (world.record(world.server, port), world.server, "accept")):
        expect("the owner", (seen.owner, seen.pid, seen.comm, seen.thread),
               (call, os.getpid(), comm, f"{call}s".encode()), seen)
        told, text = shown(side, seen)
        expect("in JSON", (told["comm"], told["thread"]), (comm.decode(), f"{call}s"), seen)
        expect_true(f"tcplc names both: {text}",
                    f"recorded at {call}() in thread {call}s" in text and f"{comm.decode()}, pid" in text)


def closer(record):
    return record.closer_pid, record.closer_comm


def expect_closer(side, record, pid, comm, *words):
    expect("who ended it", closer(record), (pid, comm), record)
    told, text = shown(side, record)
    expect("in JSON", (told.get("closer_pid"), told.get("closer_comm")), (pid, comm.decode()), record)
    for word in (f"ended by {comm.decode()}, pid {pid}", *words):
        expect_true(f"tcplc says \"{word}\": {text}", word in text)


def heir(name, act):
    """A process that has all we have, and does this when told to; it is gone then. (pid, go)"""
    ours, theirs = socket.socketpair()

    def work():
        ours.close()
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
        theirs.send(b"r")
        theirs.recv(1)
        act()
        return 0
    pid = child.start(work)
    theirs.close()
    expect(f"{name} is ready", ours.recv(1), b"r")

    def go():
        ours.send(b"g")
        os.waitpid(pid, 0)
        ours.close()
    return pid, go


def kill_oneself():
    os.kill(os.getpid(), signal.SIGKILL)


@scenario("C15 C1 C2 tcplc", "another process than the owner's has the socket last, and closes it, shuts it down, exits or is"
          " killed: it is named; where the owner does so, nobody is")
def ended_by_another(world):
    for name, act, said in (
            ("closes", lambda s: s.close(), "with close() by process {}"),
            ("shuts", lambda s: s.shutdown(socket.SHUT_WR), "with shutdown() by process {}"),
            ("exits", lambda _: None, "when process {} ended"),
            ("killed", lambda _: kill_oneself(), "when process {} was killed")):
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        pid, go = heir(name, lambda a=act, s=mine: a(s))
        mine.close()
        expect("our close() ended nothing", world.record(world.client, port).state, "ESTABLISHED")
        go()
        seen = world.record(world.client, port, lambda r: r.state == "FIN_WAIT_2")
        expect("the owner", (seen.owner, seen.pid), ("connect", os.getpid()), seen)
        expect_closer(world.client, seen, pid, name.encode(), said.format(f"{pid} ({name})"))
        theirs.close()
        other = world.ended(world.server, port)
        expect("we closed our own", closer(other), (None, None), other)


def killed_by_ss(world, side, state, port, *which):
    world.record(side, port, lambda r: r.state == state)
    side.run("ss", "-K", "-t", *which)
    seen = world.ended(side, port)
    expect("close", seen.close, "aborted", seen)
    expect("the name of who ended it", seen.closer_comm, b"ss", seen)
    expect_true("its number is not ours", seen.closer_pid not in (None, os.getpid()), seen)
    expect_closer(side, seen, seen.closer_pid, b"ss", f"by process {seen.closer_pid} (ss)")


@scenario("C15 C10 tcplc", "another process than the owner's ends it by RST, with connect(AF_UNSPEC), or with ss -K: it is named;"
          " an RST of the peer is nobody's here")
def reset_by_another(world):
    def disconnect(sock):
        net.disconnect(sock)

    for name, act, close, said in (
            ("exits", lambda _: None, "rst-unread", "process {} ended with data unread"),
            ("dissolves", disconnect, "disconnected", "process {} disconnected it")):
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        theirs.sendall(b"unread")
        expect("data is there", mine.recv(100, socket.MSG_PEEK), b"unread")
        pid, go = heir(name, lambda a=act, s=mine: a(s))
        mine.close()
        go()
        seen = world.ended(world.client, port)
        expect("close", seen.close, close, seen)
        expect_closer(world.client, seen, pid, name.encode(), said.format(f"{pid} ({name})"))
        other = world.ended(world.server, port)
        expect("the other end", (other.close, closer(other)), ("rst-received", (None, None)), other)

    _, mine, _ = world.pair()
    port = net.remote(mine)[1]
    killed_by_ss(world, world.client, "ESTABLISHED", port, "dport", "=", f":{port}")
    # Half-open.
    port = world.port()
    world.server.listen(port)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    killed_by_ss(world, world.server, "NEW_SYN_RECV", port, "state", "syn-recv", "dport", "=",
                 f":{peer.local[1]}")


@scenario("C15 C8 tcplc", "ss -K of a TIME_WAIT: it is named")
def time_wait_ended_by_another(world):
    _, mine, theirs = world.pair()
    port = net.remote(mine)[1]
    mine.close()
    theirs.close()
    killed_by_ss(world, world.client, "TIME_WAIT", port, "state", "time-wait", "dport", "=", f":{port}")


@scenario("C15 O3 O8 tcplc", "another process has the listener last, and exits: it ended the listener, and the child that nobody"
          " had accepted; a request's end is nobody's")
def listener_ended_by_another(world):
    port = world.port()
    listener = world.server.listen(port)
    world.client.connect(port)
    half = world.ghost(world.client, port)
    half.send("S", mss=1400)
    half.receive("SA")
    pid, go = heir("heir", lambda: None)
    listener.close()
    go()
    told = world.listener(world.server, port, lambda r: r.ended)
    expect("close", told.close, "listener", told)
    expect_closer(world.server, told, pid, b"heir", f"It was closed when process {pid} (heir) ended")
    (waiting,) = [r for r in world.records(world.server, port) if r.remote[1] != half.local[1]]
    expect("close", waiting.close, "listener-closed", waiting)
    expect_closer(world.server, waiting, pid, b"heir", f"The listener was closed by process {pid} (heir)")
    request = world.ended(world.server, port, remote_port=half.local[1])
    expect("the request, at its timer", (request.close, closer(request)), ("listener-closed", (None, None)), request)
