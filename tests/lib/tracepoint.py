# SPDX-License-Identifier: GPL-2.0-only
"""Witness 1: the tracepoint sock:inet_sock_set_state, in a tracefs instance of our own.

Reads the ring buffer's raw pages, for the tracepoint's text leaves out the one
thing that holds a socket's events together: its address (skaddr). Raw pages are
also cheap, and say themselves when something was lost.
"""
import collections
import contextlib
import glob
import ipaddress
import os
import re
import struct

from lib.failure import Broken, Failure

TRACEFS = "/sys/kernel/tracing"
# The kernel's numbers, under the names records use.
STATE = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2",
         6: "TIME_WAIT", 7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN",
         11: "CLOSING", 12: "NEW_SYN_RECV"}
AF_INET6 = 10
PAGE = 4096

Event = collections.namedtuple("Event", "time cpu skaddr family sport dport saddr daddr old new")


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _read_page(fd):
    try:
        return os.read(fd, PAGE)
    except BlockingIOError:
        return b""


class Life:
    """What one socket went through from leaving CLOSED (or a listener) to CLOSED again."""

    def __init__(self, event):
        self.events = [event]

    @property
    def skaddr(self):
        return self.events[0].skaddr

    @property
    def key(self):
        """(local, port, remote, port), from the event which knows most of it.

        connect() is traced before it has a port, a child before it has a peer.
        """
        best = max(self.events, key=lambda e: ((e.sport != 0) + (e.dport != 0),
                                               not e.saddr.is_unspecified, e.time))
        return best.saddr, best.sport, best.daddr, best.dport

    @property
    def steps(self):
        return [f"{event.old}>{event.new}" for event in self.events]

    @property
    def ports(self):
        return {port for e in self.events for port in (e.sport, e.dport)}

    def __str__(self):
        saddr, sport, daddr, dport = self.key
        return f"sk={self.skaddr:x} {saddr}:{sport} {daddr}:{dport} {' '.join(self.steps)}"


def lives(events):
    """Sort events by socket, and each socket's by life. A life which was under
    way when tracing began, starts in the middle. A "transition" to the same state
    (close() in FIN_WAIT_2 is traced as one) is none."""
    current, found = {}, []
    for event in events:
        if event.old == event.new:
            continue
        life = current.get(event.skaddr)
        if life is None or event.old in ("CLOSED", "LISTEN") and event.new != "CLOSED":
            life = current[event.skaddr] = Life(event)
            found.append(life)
        else:
            life.events.append(event)
        if event.new == "CLOSED":
            current[event.skaddr] = None
    return found


def second_children(found):
    """Of these lives, those that no record tells of: two CPUs had an ACK of one handshake each,
    e.g. one with data, and each made a socket of the request. Who came second was closed by
    inet_ehash_nolisten(), past tcp_set_state(), while the other one lived."""
    by_key = {}
    for life in found:
        if life.steps[0] == "LISTEN>SYN_RECV":
            by_key.setdefault(life.key, []).append(life)
    second = set()
    for together in by_key.values():
        for life in together:
            born, died = life.events[0].time, life.events[-1].time
            if life.steps[1:] == ["SYN_RECV>CLOSED"] and any(
                    other is not life and other.steps != life.steps and other.events[0].time < died
                    and (other.events[-1].new != "CLOSED" or born < other.events[-1].time)
                    for other in together):
                second.add(life)
    # So that nothing else is taken for it where it cannot be.
    if second and os.cpu_count() == 1:
        raise Failure("a request had two children on one CPU\n" + "\n".join(map(str, second)))
    return second


class Tracepoint:
    def __init__(self, name="tcp_lifecycle_test", size_kb=32768):
        self.events = []
        self.root = f"{TRACEFS}/instances/{name}"
        if os.path.isdir(self.root):
            os.rmdir(self.root)
        os.mkdir(self.root)
        _write(f"{self.root}/buffer_size_kb", str(size_kb))
        # One clock for all processors: events of two of them are merged by time.
        _write(f"{self.root}/trace_clock", "mono")
        event = f"{self.root}/events/sock/inet_sock_set_state"
        self._read_format(f"{event}/format")
        self.cpus = [os.open(path, os.O_RDONLY | os.O_NONBLOCK) for path in
                     sorted(glob.glob(f"{self.root}/per_cpu/cpu*/trace_pipe_raw"))]
        _write(f"{event}/filter", "protocol == 6")
        _write(f"{event}/enable", "1")

    def close(self):
        # A kernel that is locked down by now opens no file of it; the guest ends anyway.
        with contextlib.suppress(PermissionError):
            _write(f"{self.root}/events/sock/inet_sock_set_state/enable", "0")
        for fd in self.cpus:
            os.close(fd)
        os.rmdir(self.root)

    def _read_format(self, path):
        with open(path) as file:
            text = file.read()
        self.type = int(re.search(r"^ID: (\d+)", text, re.M)[1])
        self.field = {}
        for name, offset, size in re.findall(
                r"field:[^;]*?(\w+)(?:\[\d+\])?;\s*offset:(\d+);\s*size:(\d+)", text):
            self.field[name] = int(offset), int(size)
        for name in "skaddr oldstate newstate sport dport family".split():
            if name not in self.field:
                raise Broken(f"inet_sock_set_state has no field {name}: {text}")

    def forget(self):
        """Drop what was seen so far, and unread what was not read: a scenario which
        was not interested may have left very much."""
        self.events.clear()
        # Emptied are the buffers, not the pages that the readers hold already.
        _write(f"{self.root}/trace", "\n")
        for fd in self.cpus:
            while _read_page(fd):
                pass

    def mark(self):
        """A point in the stream, for `since`."""
        self._drain()
        return len(self.events)

    def since(self, mark):
        self._drain()
        return self.events[mark:]

    def _drain(self):
        found = []
        for cpu, fd in enumerate(self.cpus):
            while page := _read_page(fd):
                found.extend(self._page(cpu, page))
        self._check_losses()
        # Only what this reading brought is sorted: an index given by mark() stays.
        found.sort(key=lambda event: event.time)
        self.events.extend(found)

    def _check_losses(self):
        for path in glob.glob(f"{self.root}/per_cpu/cpu*/stats"):
            with open(path) as file:
                stats = dict(re.findall(r"^([a-z ]+): (\d+)$", file.read(), re.M))
            for name in ("overrun", "commit overrun", "dropped events"):
                if int(stats[name]):
                    raise Broken(f"the tracepoint lost events: {path}: {name}: {stats[name]}")

    def _page(self, cpu, page):
        """The events of one page of the ring buffer: see the kernel's header_page
        and header_event under tracefs' events/."""
        time, commit = struct.unpack_from("=QQ", page)
        if commit & 1 << 31:
            raise Broken("the tracepoint lost events: a page says so")
        position, end = 16, 16 + (commit & 0xfffff)
        while position < end:
            head, first = struct.unpack_from("=II", page + bytes(4), position)
            kind, delta = head & 31, head >> 5
            if kind == 29:                              # padding
                if not delta:
                    break
                time, position = time + delta, position + 4 + first
            elif kind == 30:                            # a long pause
                time, position = time + delta + (first << 27), position + 8
            elif kind == 31:                            # a time of its own, without its top bits
                time = time & ~((1 << 59) - 1) | delta + (first << 27)
                position += 8
            else:
                time += delta
                start = position + (4 if kind else 8)
                position += 4 + (kind * 4 or (first + 3) & ~3)
                if struct.unpack_from("=H", page, start)[0] == self.type:
                    yield self._event(cpu, time, page, start)

    def _event(self, cpu, time, page, start):
        def value(name):
            offset, size = self.field[name]
            return page[start + offset:start + offset + size]

        def integer(name):
            return int.from_bytes(value(name), "little")

        family = integer("family")
        if family == AF_INET6:
            saddr, daddr = (ipaddress.IPv6Address(value(name)) for name in ("saddr_v6", "daddr_v6"))
            saddr, daddr = saddr.ipv4_mapped or saddr, daddr.ipv4_mapped or daddr
        else:
            saddr, daddr = (ipaddress.IPv4Address(value(name)) for name in ("saddr", "daddr"))
        return Event(time / 1e9, cpu, integer("skaddr"), family, integer("sport"),
                     integer("dport"), saddr, daddr, STATE[integer("oldstate")],
                     STATE[integer("newstate")])
