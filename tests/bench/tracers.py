# SPDX-License-Identifier: GPL-2.0-only
"""The rows: who looks on while the work is done, how it is started, and what it saw.

Each is attached once for all works. What it reported is counted when it is gone, from
what it printed or kept; that is held against what the work must have made it see, and
stands beside what it says itself of its losses.
"""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from bench import clock, works
from lib import helper, module
from lib.net import run

STATES = os.path.join(os.path.dirname(helper.TESTS), "scripts", "states.bt")
EVENT = "sock/inet_sock_set_state"
# Both ends of a connection go through five states each; a listener through two.
CHANGES, OF_LISTENER = 10, 2
NOBODY = re.compile(r"\b10\.(?:12[89]|1[3-9]\d|2\d\d)\.")


def _totals():
    return json.loads(run("tcplc", "stats", "--json").split("\n", 1)[0])


class Tracer:
    """Nobody looks on."""
    key, title, counted = "none", "no tracer", None

    def start(self):
        """Attached when it returns."""

    def mark(self):
        """What came before does not count."""

    def stop(self):
        """Nothing of it is left."""

    def made(self, connections, listeners):
        """How many events so many connections and listeners make."""

    def tally(self):
        """(events reported, how many it says it lost, or "some")"""
        return None, None


class Floor(Tracer):
    key, title = "floor", "empty kprobes on the module's hooks"

    def start(self):
        module.load()
        with open("/proc/tcp_lifecycle_hooks") as file:
            hooks = re.findall(r"^(\w+) attached ", file.read(), re.M)
        module.unload()
        self.stack = contextlib.ExitStack()
        self.stack.enter_context(helper.kernel_module("floor", "symbols=" + ",".join(hooks)))

    def stop(self):
        self.stack.close()


class Recording(Tracer):
    key, title, counted = "module", "this module, no listener", "records of ends"

    def start(self):
        module.load()

    def mark(self):
        self.before = _totals()

    def stop(self):
        self.after = _totals()
        found = subprocess.run(
            ["tcplc", "list", "--json", "--netns", "all", "port", works.RANGE],
            text=True, capture_output=True, check=True).stdout
        self.ends = sum(1 for line in found.split("\n") if line and not NOBODY.search(line)
                        and '"open":"listener"' not in line)
        module.unload()

    def made(self, connections, listeners):
        return 2 * connections

    def tally(self):
        return self.ends, sum(self.after[name] - self.before[name]
                              for name in ("untracked", "evicted", "missed", "dropped"))


class Program(Tracer):
    """A program that prints a line for each event."""

    def __init__(self, key, title, argv, counted, each, listener=0):
        self.key, self.title, self.argv, self.counted = key, title, argv, counted
        self.each, self.listener = each, listener
        self.path = f"/tmp/bench-{key}.out"

    def made(self, connections, listeners):
        return self.each * connections + self.listener * listeners

    def start(self):
        # Were SIGINT ignored, as it is in the background, Python would not end by it.
        with open(self.path, "w") as out:
            self.process = subprocess.Popen(
                self.argv, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        # What it says of itself comes before it is attached; only an event is proof.
        while not self._lines(re.compile(rf"\b{works.PORT - 1}\b")):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.key} ended: {self.text()}")
            works.probe()
            time.sleep(2)

    def text(self):
        with open(self.path, errors="replace") as file:
            return file.read()

    def _lines(self, seen):
        return [line for line in self.text().split("\n") if seen.search(line)]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(300)

    def tally(self):
        lost = re.findall(r"[Ll]ost (\d+) (?:event|sample)", self.text())
        return len(self._lines(re.compile(rf"\b{works.PORTS}\b"))), sum(map(int, lost))


class Watch(Program):
    """The module's own listener, which takes the events of all namespaces."""

    def __init__(self):
        super().__init__("watch", "this module, tcplc watch --json",
                         ["tcplc", "watch", "--json", "--netns", "all"], "events", 0)

    def start(self):
        module.load()
        super().start()

    def mark(self):
        self.before = _totals()
        self.offset = os.path.getsize(self.path)

    def stop(self):
        self.after = _totals()
        super().stop()
        module.unload()

    def made(self, connections, listeners):
        """By the kernel's number; and both ends of each must have been established."""
        established = len(re.findall(r'"from":"SYN_\w+","to":"ESTABLISHED"', self.new()))
        if established != 2 * connections and not self.tally()[1]:
            raise RuntimeError(f"watch: {established} ends established, not 2 x {connections}")
        return sum(self.after[name] - self.before[name] for name in ("all_feed_seq", "all_feed_lost"))

    def new(self):
        with open(self.path) as file:
            file.seek(self.offset)
            return file.read()

    def tally(self):
        new = self.new()
        return new.count('"event":'), sum(map(int, re.findall(r'"lost":(\d+)', new)))


class Log(Program):
    """What runs for good where ended connections go to a journal: a line for each."""

    def __init__(self):
        super().__init__("log", "this module, tcplc log --json",
                         ["tcplc", "log", "--json", "--netns", "all", "--buffer", "64M"], "ends", 2)

    def start(self):
        # What others left in TIME_WAIT would end here.
        settle()
        module.load()
        super().start()

    def mark(self):
        self.offset = os.path.getsize(self.path)
        self.before = self.lost()

    def stop(self):
        # An end in TIME_WAIT is yet to come.
        settle()
        super().stop()
        module.unload()

    def lost(self):
        """In all, by the module's count and the reader's own."""
        text = self.text()
        return int((re.findall(r'"ended_lost":(\d+)', text) or [0])[-1]) + \
            sum(map(int, re.findall(r'^\{"lost":(\d+), ?"where":"reader"', text, re.M)))

    def tally(self):
        ends = [line for line in self.text()[self.offset:].splitlines()
                if re.search(rf'_port":{works.PORTS}\b', line) and '"open":"listener"' not in line
                and not NOBODY.search(line)]
        return len(ends), self.lost() - self.before


def track_connections():
    """Conntrack tracks where a rule asks for it."""
    run("modprobe", "-a", "nf_conntrack", "nf_conntrack_netlink")
    run("sysctl", "-q", "net.netfilter.nf_conntrack_max=1000000")
    run("nft", "add table inet bench; add chain inet bench out"
               " { type filter hook output priority 0; }; add rule inet bench out ct state new")


class Conntrack(Program):
    """What it prints of a connection: that it is new, and that it is over."""

    def __init__(self):
        super().__init__("conntrack", "conntrack -E", ["conntrack", "-E", "-p", "tcp"],
                         "beginnings and ends of flows", 2)

    def start(self):
        track_connections()
        super().start()

    def stop(self):
        super().stop()
        run("nft", "delete table inet bench")
        run("modprobe", "-r", "nf_conntrack_netlink", "nft_ct", check=False)

    def tally(self):
        # When it is destroyed its state is told once more.
        found = [line for line in self._lines(re.compile(rf"dport={works.PORTS}\b"))
                 if ("[NEW]" in line or "[UPDATE]" in line and " TIME_WAIT " in line)
                 and not NOBODY.search(line)]
        return len(found), "some" if "ENOBUFS" in self.text() else 0


class Ftrace(Tracer):
    """The kernel's own ring, which nobody reads meanwhile."""
    key, title, counted = "ftrace", "ftrace, sock:inet_sock_set_state", "transitions"
    root = "/sys/kernel/tracing/instances/bench"

    def _write(self, name, text):
        with open(f"{self.root}/{name}", "w") as file:
            file.write(text)

    def start(self):
        os.mkdir(self.root)
        self._write("buffer_size_kb", "32768")
        self._write(f"events/{EVENT}/enable", "1")

    def mark(self):
        self._write("trace", "\n")

    def stop(self):
        self._write(f"events/{EVENT}/enable", "0")
        self.found = self._sum("entries"), self._sum("overrun") + self._sum("dropped events")
        os.rmdir(self.root)

    def _sum(self, name):
        total = 0
        for cpu in range(os.cpu_count()):
            with open(f"{self.root}/per_cpu/cpu{cpu}/stats") as file:
                total += int(re.search(rf"^{name}: (\d+)", file.read(), re.M)[1])
        return total

    def made(self, connections, listeners):
        return CHANGES * connections + OF_LISTENER * listeners

    def tally(self):
        return self.found


class Perf(Tracer):
    key, title, counted = "perf", "perf record, sock:inet_sock_set_state", "transitions"

    def start(self):
        self.folder = tempfile.mkdtemp()
        control, ack = (os.path.join(self.folder, name) for name in ("control", "ack"))
        os.mkfifo(control)
        os.mkfifo(ack)
        self.data = os.path.join(self.folder, "perf.data")
        self.process = subprocess.Popen(
            ["perf", "record", "-q", "-a", "-e", EVENT.replace("/", ":"), "-D", "-1",
             f"--control=fifo:{control},{ack}", "-o", self.data], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        # It opens them for both directions, so neither open waits for ever.
        with open(control, "w") as order, open(ack) as answer:
            order.write("enable\n")
            order.flush()
            answer.read(4)

    def mark(self):
        self.since = time.monotonic()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(300)

    def made(self, connections, listeners):
        return CHANGES * connections + OF_LISTENER * listeners

    def tally(self):
        seen = subprocess.run(["perf", "script", "-i", self.data, "-F", "trace", "--show-lost-events"],
                              text=True, capture_output=True, check=True).stdout
        lost = re.findall(r"PERF_RECORD_LOST\w* lost (\d+)", seen)
        shutil.rmtree(self.folder)
        return len(re.findall(rf"port={works.PORTS}\b.*", seen)), sum(map(int, lost))


TRACERS = [
    Tracer(), Floor(), Recording(), Watch(), Log(),
    Program("bpftrace", "bpftrace, sock:inet_sock_set_state", ["bpftrace", "-B", "line", STATES],
            "transitions", CHANGES, OF_LISTENER),
    Program("tcpstates", "bcc tcpstates", ["tcpstates-bpfcc"], "transitions", CHANGES, OF_LISTENER),
    Program("tcplife", "bcc tcplife", ["tcplife-bpfcc"], "ends of life", 2),
    Program("tcptracer", "bcc tcptracer", ["tcptracer-bpfcc"], "connects, accepts, closes", 4),
    Ftrace(), Perf(),
    # Last: what it loads into the kernel does not leave it.
    Conntrack(),
]
assert len({tracer.key for tracer in TRACERS}) == len(TRACERS)


def settle():
    """Whoever is in TIME_WAIT is gone."""
    time.sleep(70)
    clock.drained()
