# SPDX-License-Identifier: GPL-2.0-only
"""All a scenario has in hand: two namespaces, the witnesses, and the module's records.

Each scenario gets a fresh one. Records are found by port: `port()` never gives the
same number twice in a run, so records of former scenarios are never in the way.
"""
import ipaddress
import itertools
import socket
import struct

from lib import audit, books, kernel_log, missed, module, net, patience, record, wait
from lib.capture import Capture
from lib.craft import Ghost
from lib.failure import Failure, expect

_ports = itertools.count(5001)


class World:
    def __init__(self, tracepoint):
        """Without the tracepoint it has no witness but the kernel's own counters: so many
        connections that nobody could look at each."""
        self.tracepoint = tracepoint
        self.log = kernel_log.KernelLog()
        self.log_lines = []
        self.client, self.server = net.build()
        self.capture = {}
        if tracepoint:
            self.capture = {side.name: Capture(side, net.DEVICE) for side in (self.client, self.server)}
            tracepoint.forget()
            self.mark = tracepoint.mark()
        self.ports = set()
        # What audit() leaves out, by name, and why; see `excuse`.
        self.excused = {}
        self.reloaded = self.gone = False
        self._note_counters()

    def _note_counters(self):
        self.before = record.read().header if record_file() else None
        self.hits_before = missed.total()

    def reload(self, **parameters):
        """The module again, with these parameters; the next scenario has the defaults."""
        self.reloaded = True
        module.reload(**parameters)
        self._note_counters()

    def destroy_namespaces(self):
        """Both go away now; what still lives in them dies with them."""
        self.close_sockets()
        net.destroy()
        self.gone = True

    def close_sockets(self):
        for side in (self.client, self.server):
            side.close()
        for capture in self.capture.values():
            capture.close()
        self.capture.clear()

    def close(self):
        self.close_sockets()
        self.log.close()
        net.destroy()
        if self.reloaded:
            self._await_burial()
            module.reload()

    def _await_burial(self):
        """Thousands of TIME_WAIT would fill the next module's pool as they go, each older than
        it; and a request outlives its listener, unseen by a load, until its timer has told."""
        try:
            # The kernel's timers are no slower where all else is.
            wait.until("the end of all records", lambda: not record_file()
                       or not record.read_header().live, 120 / patience.factor)
        except Failure as failure:
            print(f"note: {failure}; {record.read_header().live} live on", flush=True)

    # Making things.
    def port(self):
        """A port nobody had, whose connections belong to this scenario."""
        number = next(_ports)
        self.ports.add(number)
        return number

    def ghost(self, side, port=None, family=4, **how):
        """A peer played by hand; its frames come from `side`, and go to this port of
        the other end. Without a port it waits to be connected to, see Ghost."""
        remote = port and (ipaddress.ip_address(side.peer(family)), port)
        ghost = Ghost(side, self.capture[side.name], remote=remote, family=family, **how)
        self.ports.add(ghost.local[1])
        return ghost

    def pair(self, port=None, family=4, backlog=16, listen=(), connect=()):
        """A connection, established: (listener, client's socket, server's socket)."""
        port = port or self.port()
        listener = self.server.listen(port, "::" if family == 6 else "0.0.0.0", backlog,
                                      options=listen)
        mine = self.client.connect(port, self.client.peer(family), options=connect)
        theirs, _ = listener.accept()
        self.server.sockets.append(theirs)
        return listener, mine, theirs

    def orphan(self, mine):
        """Close the client's end alone: its record, in FIN_WAIT_2, its socket a timewait
        socket, unless tcp_fin_timeout is above a minute.

        close() waits for the ACK of its FIN. One that came between its last look at its
        backlog and its letting go of the socket would make no timewait socket."""
        port = net.remote(mine)[1]
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 30))
        mine.close()
        return self.record(self.client, port, lambda r: r.state == "FIN_WAIT_2")

    def capture_loopback(self, side):
        """Watch this namespace's lo as well."""
        self.capture[side.name + "/lo"] = Capture(side, "lo")

    # Looking at things.
    def records(self, side, port=None, remote_port=None):
        """The connections (not the listeners) of this side with this port at either
        end, in the order they began."""
        found = [r for r in side.view(port and [port]).records
                 if not r.is_listener and r.netns == side.inode
                 and (port is None or port in _ends(r))
                 and (remote_port is None or remote_port in _ends(r))]
        return sorted(found, key=lambda r: r.start)

    def record(self, side, port, until=None, timeout=30.0, what=None, **which):
        """The one connection with this port, once `until(record)` holds."""
        last = []

        def look():
            last[:] = self.records(side, port, **which)
            return len(last) == 1 and (until is None or until(last[0]))
        try:
            wait.until(what or f"the record of port {port} in {side.name}", look, timeout)
        except Failure as failure:
            texts = "\n".join(str(r) for r in last) or "no such record"
            raise Failure(f"{failure}\n{len(last)} records:\n{texts}") from None
        return last[0]

    def ended(self, side, port, timeout=30.0, **which):
        """The one connection with this port, once it is dead."""
        return self.record(side, port, lambda r: r.ended, timeout, f"the end of port {port}"
                           f" in {side.name}", **which)

    def listener(self, side, port, until=None, timeout=30.0):
        """The record of the listening socket on this port."""
        last = []

        def look():
            last[:] = [r for r in side.view([port]).records if r.is_listener
                       and r.netns == side.inode and r.local[1] == port]
            return len(last) == 1 and (until is None or until(last[0]))
        try:
            wait.until(f"the record of the listener on {port} in {side.name}", look, timeout)
        except Failure as failure:
            raise Failure("\n".join([str(failure), f"{len(last)} records", *map(str, last)])) from None
        return last[0]

    def segments(self, side, port):
        """What passed on the wire of this side to or from this port."""
        return self.capture[side.name].of(port)

    def events(self):
        """What the tracepoint saw since this world began."""
        return self.tracepoint.since(self.mark)

    def logged(self):
        """What the kernel printed since this world began."""
        self.log_lines += self.log.lines()
        return self.log_lines

    # Judging things.
    def excuse(self, what, why):
        """Leave a part out of audit(): "counters" (the header's may rise), "missing"
        (not every traced socket has a record, but what is there is right),
        "segments", "transitions", "promises", "books" or "log".
        The reason is for whoever reads the scenario."""
        self.excused[what] = why

    def audit(self):
        """What must hold for all connections on this scenario's ports."""
        self._audit_log()
        if self.gone or not record_file():
            return              # nobody is left to ask
        if not self.tracepoint:
            self._audit_totals(record.read_header())
            return
        # Thousands of records nobody looks at would take minutes to read.
        whole = {"promises", "transitions", "segments"} - set(self.excused)
        views, events = self._moment(self.ports if whole else [])
        records = [r for side, view in zip((self.client, self.server), views)
                   for r in view.records if r.netns == side.inode and self.ports & set(_ends(r))]
        if "promises" not in self.excused:
            for found in records:
                audit.check_promises(found)
        if "transitions" not in self.excused:
            audit.check_all_transitions(records, events, self.ports,
                                        lossy="missing" in self.excused)
        if "segments" not in self.excused:
            self._audit_segments(records)
        self._audit_totals(views[0].header)

    def _audit_totals(self, header):
        if not self.reloaded and not {"books", "missing"} & set(self.excused):
            for side in (self.client, self.server):
                books.check(side)
        if "counters" in self.excused:
            return
        for name in ("untracked", "evicted", "dropped", "illegal", "gaps"):
            expect(f"the header's {name} did not rise", getattr(header, name), getattr(self.before, name))
        missed.check(self.hits_before)

    def _moment(self, ports):
        """Both views and the events, at a time when the witnesses have seen all of what
        they tell. Reading takes a while in which a delayed ACK may go out, or what was
        closed last goes on closing."""
        def look():
            seen = self._witnessed()
            views = [side.view(ports) for side in (self.client, self.server)]
            events, *segments = self._witnessed()
            return (len(events), segments) == (len(seen[0]), list(seen[1:])) and (views, events)
        return wait.until("a moment in which nothing happens", look)

    def _witnessed(self):
        for capture in self.capture.values():
            capture.drain()
        events = [] if "transitions" in self.excused else self.events()
        return (events, *(len(c.segments) for c in self.capture.values()))

    def _audit_segments(self, records):
        sides = {self.client.inode: "client", self.server.inode: "server"}
        for found in records:
            name = sides[found.netns]
            if found.remote and (found.remote[0].is_loopback or found.remote[0] == found.local[0]):
                name += "/lo"
            if name in self.capture:
                audit.check_segments(found, self.capture[name], [
                    r for r in records if (r.netns, r.local, r.remote) ==
                    (found.netns, found.local, found.remote)])

    def _audit_log(self):
        bad = kernel_log.complaints(self.logged())
        if bad and "log" not in self.excused:
            raise Failure("the kernel complained:\n" + "\n".join(bad))


def record_file():
    """Is there anything to read?"""
    try:
        return record.path()
    except FileNotFoundError:
        return None


def _ends(found):
    return found.local[1], found.remote[1] if found.remote else 0
