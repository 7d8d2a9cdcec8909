# SPDX-License-Identifier: GPL-2.0-only
"""Row W3: a second witness, the bpftrace scripts of scripts/."""
import collections
import ipaddress
import os
import shutil
import signal
import subprocess
import time

from lib import books, net, wait
from lib.failure import Broken, Skip, expect, expect_true, lacking
from lib.lives import LINGER_0
from lib.registry import scenario
from lib.story import once
from lib.tracepoint import Event, lives

ANY = ipaddress.ip_address("0.0.0.0")
SCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), "scripts")
# There as long as bpf() is.
BPF = "/proc/sys/kernel/unprivileged_bpf_disabled"


class Script:
    """One of them at work, its lines in a file."""

    def __init__(self, name):
        if not shutil.which("bpftrace"):
            raise Skip("there is no bpftrace in this guest")
        if not os.path.exists(BPF):
            raise lacking("BPF")
        self.name, self.path = name, f"/tmp/tlc-{name}.out"
        with open(self.path, "w") as out:
            self.process = subprocess.Popen(
                ["bpftrace", "-B", "line", f"{SCRIPTS}/{name}.bt"], stdout=out,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, "BPFTRACE_MAX_STRLEN": "64"})

    @property
    def text(self):
        with open(self.path) as file:
            return file.read()

    @property
    def rows(self):
        """The words of each line that begins with a time."""
        return [line.split() for line in self.text.split("\n") if line[:1].isdigit()]

    def check(self):
        if self.process.poll() is not None:
            raise Broken(f"{self.name}.bt ended with {self.process.returncode}: {self.text}")

    def attaches(self):
        self.check()
        # "Attaching" is printed before it is done, "Attached" by newer ones.
        return "Attach" in self.text

    def saw(self, port):
        self.check()
        return any(str(port) in row for row in self.rows)

    def stop(self):
        """Its poll_perf_events() heeds a signal that ends epoll_wait(), and none that comes
        beside: then it goes on for ever, until another one."""
        for _ in range(12):
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
                return
            except subprocess.TimeoutExpired:
                pass
        raise Broken(f"{self.name}.bt does not end: {self.text}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def one_of_each(world, port):
    """A connection with a SYN and a SYN-ACK lost on its way, and TIME_WAIT."""
    listener = world.server.listen(port)
    world.server.nft(f"tcp dport {port} drop")
    mine = world.client.connect(port, blocking=False)
    time.sleep(0.5)
    world.server.nft_clear()
    theirs, _ = listener.accept()
    mine.close()
    theirs.close()
    ghost = world.ghost(world.client, port)
    ghost.send("S", mss=1400)
    ghost.receive("SA")
    wait.until("the SYN-ACK again", lambda: len([
        s for s in world.segments(world.server, port) if s.has("S", "A")
        and s.dst == ghost.local]) > 1)
    ghost.send("R")
    listener.close()


def transitions(states, ports):
    """Of the sockets with one of these ports: {(from, to): times}."""
    events = [Event(int(row[0]), 0, row[1], 0, int(row[2]), int(row[3]), ANY, ANY,
                    *row[4].split(">")) for row in states.rows]
    return collections.Counter((event.old, event.new) for life in lives(events)
                               if life.ports & ports for event in life.events)


@scenario("W3", "three bpftrace scripts see the states, timewait sockets and timers that the records have",
          virtual=True, shared=35)
def second_witness(world):
    scripts = {name: Script(name) for name in ("states", "timewait", "timers")}
    try:
        # What they print then is what counts.
        for script in scripts.values():
            wait.until(f"{script.name}.bt attaches", script.attaches, 600)

        def attached():
            port = world.port()
            one_of_each(world, port)
            return all(script.saw(port) for script in scripts.values())
        wait.until("all of them see", attached, 1200)

        port = world.port()
        one_of_each(world, port)
        _, mine, theirs = world.pair(port=world.port(), family=6)
        reset_port = net.remote(mine)[1]
        mine.setsockopt(*LINGER_0)
        mine.close()
        seen = world.record(world.client, port, lambda r: r.ended, 200)
        world.ended(world.server, reset_port)
        time.sleep(1)
        for script in scripts.values():
            script.stop()

        found = [r for side in (world.client, world.server) for p in (port, reset_port)
                 for r in side.view([p]).records if r.netns == side.inode]
        mine = collections.Counter((step.old, step.new) for r in found for step in r.transitions)
        expect("transitions by the records, and by states.bt", books.as_traced(mine),
               transitions(scripts["states"], {port, reset_port}))
        waits = [row for row in scripts["timewait"].rows if row[1] == f"{seen.cookie:x}"]
        expect("timewait.bt", [row[5:] for row in waits], [["begin", "60000", "ms"], ["end"]], seen)
        span = (int(waits[1][0]) - int(waits[0][0])) / 1e6
        expect_true(f"TIME_WAIT lasted {span} s there", abs(span - seen.tw_actual) < 0.02)
        told = [row for row in scripts["timers"].rows if str(port) in row]
        fires = collections.Counter(row[1] for row in told)
        expect(f"the SYN's timer, by {told}", fires["tcp_retransmit_timer"],
               once(seen, "timer-rto-syn").count, seen)
        half = next(r for r in found if r.close == "request-reset")
        expect(f"the SYN-ACK's timer, by {told}", fires["tcp_syn_ack_timeout"],
               once(half, "timer-syn-ack").count, half)
    finally:
        for script in scripts.values():
            script.kill()
