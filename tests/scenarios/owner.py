"""Rows O1, O2, O3: whose connection it is, whoever is running when something happens to it."""
import ctypes
import os
import signal
import socket

from lib import child, net
from lib.failure import expect
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
