# SPDX-License-Identifier: GPL-2.0-only
"""The netlink family, asked without any code of tcplc's.

Three ways: the kernel's own ynl, which knows the family from its spec alone
(`client`); netlink by hand, for what no decent client does (`Raw`); and nlread.c,
for more than Python can take in under emulation (`Reader`).
"""
import contextlib
import errno
import importlib.util
import ipaddress
import os
import socket
import struct
import subprocess
import sys

from lib import helper
from lib.failure import Broken, Failure, Skip, expect_true

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPEC = os.path.join(os.path.dirname(HERE), "include/tcp_lifecycle.yaml")
YNL = "/lab/ynl/tools/net/ynl"
SCHEMA = "/lab/ynl/Documentation/netlink/genetlink-legacy.yaml"
# As they stand in the spec; test_of_names in netlink_ynl.py holds them against it.
NAME, EVENTS, ALL_EVENTS = "tcp_lifecycle", "events", "all-events"
ENDED, ALL_ENDED = "ended", "all-ended"

NETLINK_GENERIC, SOL_NETLINK = 16, 270
ADD_MEMBERSHIP, CAP_ACK, EXT_ACK, STRICT = 1, 10, 11, 12
REQUEST, ACK, DUMP, DUMP_INTR, CAPPED, ACK_TLVS = 1, 4, 0x300, 0x10, 0x100, 0x200
ERROR, DONE, CTRL = 2, 3, 0x10
NESTED = 0x8000
# Seconds, until nobody is taken for listening: whoever may be joining is waited for.
FORGOTTEN = 13


class Refused(Exception):
    """The kernel said no: the errno, what it said in words, and of which attribute."""

    def __init__(self, number, text, attribute=None):
        super().__init__(f"{errno.errorcode.get(number, number)}: {text} ({attribute})")
        self.errno, self.text, self.attribute = number, text or "", attribute


_library = None


def library():
    """ynl's package, which is called "lib", too."""
    global _library
    if _library is None:
        if not os.path.isdir(YNL):
            raise Skip("no ynl at /lab/ynl: run the lab with --tests")
        found = importlib.util.spec_from_file_location(
            "ynl_lib", f"{YNL}/lib/__init__.py", submodule_search_locations=[f"{YNL}/lib"])
        sys.modules["ynl_lib"] = _library = importlib.util.module_from_spec(found)
        found.loader.exec_module(_library)
        import yaml

        class Yaml:
            """The spec parsed once, in C: Python needs half a minute under emulation."""
            parsed = None

            @classmethod
            def safe_load(cls, stream):
                cls.parsed = cls.parsed or yaml.load(stream, yaml.CSafeLoader)
                return cls.parsed
        sys.modules["ynl_lib.nlspec"].yaml = Yaml
    return _library


def inside(side):
    return side.entered() if side else contextlib.nullcontext()


class Client:
    """ynl's YnlFamily, in a namespace: `do`, `dump`, `events`."""

    def __init__(self, side=None, group=None):
        lib = library()
        # The family's number changes when the module is loaded again.
        sys.modules["ynl_lib.ynl"].genl_family_name_to_id = None
        with inside(side):
            self.family = lib.YnlFamily(SPEC, schema="")
            if group:
                self.family.ntf_subscribe(group)

    def _ask(self, function, *arguments):
        try:
            return function(*arguments)
        except library().NlError as error:
            extack = error.nl_msg.extack or {}
            raise Refused(error.error, extack.get("msg"), extack.get("bad-attr")) from None

    def do(self, operation, **attributes):
        return self._ask(self.family.do, operation, _dashed(attributes))

    def dump(self, operation="conn-get", **attributes):
        return self._ask(self.family.dump, operation, _dashed(attributes))

    def events(self, timeout=30.0, until=None):
        """The events of the batches that came, once `until(events)`: [(seq, event)]."""
        found, sock = [], self.family.sock
        while True:
            self.family.check_ntf()
            for message in self.family.async_msg_queue:
                batch = message["msg"]
                found += [(batch["seq"] + i, event) for i, event in enumerate(batch.get("event", ()))]
            self.family.async_msg_queue.clear()
            if until is None or until(found):
                return found
            sock.settimeout(timeout)
            try:
                sock.recv(1, socket.MSG_PEEK)
            except socket.timeout:      # TimeoutError, from Python 3.10 on
                raise Failure(f"no more events within {timeout} s, after {found}") from None
            finally:
                sock.settimeout(None)

    def ended(self):
        """What the messages of the group "ended" say that are there by now: [attributes]."""
        self.family.check_ntf()
        found = [message["msg"] for message in self.family.async_msg_queue]
        self.family.async_msg_queue.clear()
        return found

    def value(self, space, attribute):
        """The number of an attribute."""
        return self.family.attr_sets[space][attribute].value

    def close(self):
        self.family.sock.close()


def _dashed(attributes):
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def refused(client, operation, dump=False, **attributes):
    """It must be; the Refused."""
    try:
        answer = (client.dump if dump else client.do)(operation, **attributes)
    except Refused as refusal:
        return refusal
    raise Failure(f"{operation} with {attributes} was not refused: {str(answer)[:500]}")


def expect_refused(client, operation, number, *words, dump=False, **attributes):
    """With this errno, and in the extended ack these words."""
    refusal = refused(client, operation, dump, **attributes)
    what = f"{operation} with {attributes}: {refusal}"
    expect_true(f"{what}; wanted {errno.errorcode[number]}", refusal.errno == number)
    for word in words:
        expect_true(f"{what}; the text says {word!r}", word in refusal.text)
    return refusal


def identity(conn):
    """(cookie, generation), as record.Record.id."""
    return conn["cookie"], conn["generation"]


# A record out of the text and one out of netlink: the same, field by field.

SHORT = {"timestamps": "ts", "fastopen": "tfo"}
PLAIN = ("netns family isn peer_isn fin peer_fin uid pid cgroup listener"
         " tx_segs rx_segs retrans backlog accepted syn_overflow accept_overflow"
         " cookies_sent cookies_valid mptcp closer_pid ifindex").split()
# There with the unit in the name.
BYTES = "mss_adv mss_eff tx rx after_fin".split()
ENTRY = {"seq": "seq", "ack": "ack", "count": "count", "nth": "n", "limit": "max",
         "mss-old-bytes": "old_mss", "mss-new-bytes": "new_mss", "mss-by": "by",
         "reason": "reason"}


def endpoint(conn, which):
    """(address, port) as records have it."""
    text = conn.get(f"{which}4") or conn.get(f"{which}6")
    if text is None:
        return None
    host = ipaddress.ip_address(text)
    return getattr(host, "ipv4_mapped", None) or host, conn.get(f"{which}-port", 0)


def state(name):
    return name.upper().replace("-", "_")


def _seconds(value, unit=1e6):
    return None if value is None else value / unit


def _options(names):
    return None if names is None else frozenset(SHORT.get(name, name) for name in names)


def fields(conn):
    """What record.Record has as attributes, out of a dump's dictionary."""
    got = {name: conn.get(name.replace("_", "-")) for name in PLAIN}
    got |= {name: conn.get(f"{name.replace('_', '-')}-bytes") for name in BYTES}
    got.update(
        id=identity(conn), local=endpoint(conn, "local"), remote=endpoint(conn, "remote"),
        state=state(conn["state"]), open=conn["open"], start=conn["start-ns"] // 1000 / 1e6,
        mss_adv_by=conn.get("mss-adv-by", "unknown"), mss_eff_by=conn.get("mss-eff-by", "unknown"),
        mss_rcv="absent" if conn.get("mss-absent") else conn.get("mss-rcv-bytes"),
        offered=_options(conn.get("offered")), agreed=_options(conn.get("agreed")),
        rtt_us=conn.get("rtt-us"), accept_us=conn.get("accept-us"),
        owner={"accepted": "accept", None: "-"}.get(conn.get("owner"), conn.get("owner")),
        wscale=(conn["wscale-local"], conn["wscale-peer"]) if "wscale-local" in conn else None,
        tw_planned=_seconds(conn.get("tw-planned-ms"), 1e3), tw_actual=_seconds(conn.get("tw-actual-us")),
        dropped=conn.get("dropped", 0), gaps=conn.get("gaps", 0),
        age=conn["age-us"] / 1e6)
    for verdict in ("close", "first"):
        word = conn.get(verdict, "none")
        got[verdict] = "-" if word == "none" else word
    for name in ("comm", "thread", "closer_comm"):
        comm = conn.get(name.replace("_", "-"))
        got[name] = comm.encode() if isinstance(comm, str) else comm and comm.rstrip(b"\0")
    return got


def entry_fields(entry):
    """What record.Entry has as attributes."""
    old, new = state(entry["from"]), state(entry["to"])
    got = {mine: entry.get(theirs) for theirs, mine in ENTRY.items()}
    moved = old != new
    got.update(time=entry["at-us"] / 1e6, cause=entry["cause"], old=old if moved else None,
               new=new if moved else None, state=None if moved else old,
               spent=_seconds(entry.get("in-us")), last=_seconds(entry.get("last-us")),
               seconds=_seconds(entry.get("length-ms"), 1e3),
               gap=entry.get("gap", False), illegal=entry.get("illegal", False))
    return got


def differences(conn, record, loose=()):
    """["field: netlink has ..., the text ..."]. Times go by, so `age` is only compared
    for what ended; `loose` names other fields that may differ."""
    found, got = [], fields(conn)
    loose = {*loose, *(() if record.ended else ("age",))}
    for name, value in got.items():
        if name in loose or not hasattr(record, name):
            continue
        text = getattr(record, name)
        if name == "start" and abs(text - value) < 1e-3:
            continue
        if name == "remote" and record.is_listener and value is None:
            continue                    # the text has 0.0.0.0:0
        if text != value:
            found.append(f"{name}: netlink has {value!r}, the text {text!r}")
    entries = [entry_fields(entry) for entry in conn.get("entry", ())]
    if len(entries) != len(record.entries):
        found.append(f"entries: netlink has {len(entries)}, the text {len(record.entries)}")
    for mine, theirs in zip(entries, record.entries):
        found += [f"entry {theirs.text!r}: {name}: netlink has {value!r}"
                  for name, value in mine.items() if getattr(theirs, name) != value]
    return found


def expect_same(conn, record, loose=()):
    wrong = differences(conn, record, loose)
    if wrong:
        raise Failure("\n".join(["netlink and text differ", *wrong, str(conn), str(record)]))


# By hand.

def attribute(kind, payload=b""):
    return struct.pack("=HH", len(payload) + 4, kind) + payload + bytes(-len(payload) % 4)


def attributes(raw):
    """[(type, payload)]"""
    found, at = [], 0
    while at + 4 <= len(raw):
        size, kind = struct.unpack_from("=HH", raw, at)
        if size < 4 or at + size > len(raw):
            raise Failure(f"an attribute of {size} bytes where {len(raw) - at} are left")
        found.append((kind & 0x3fff, raw[at + 4:at + size]))
        at += (size + 3) & ~3
    return found


class Message:
    def __init__(self, raw, at):
        self.size, self.kind, self.flags, self.seq, self.port = struct.unpack_from("=IHHII", raw, at)
        self.body = raw[at + 16:at + self.size]
        self.is_end = self.kind in (ERROR, DONE)
        self.error = -struct.unpack_from("=i", self.body)[0] if self.is_end and len(self.body) > 3 else 0
        self.text = None
        if self.is_end and self.flags & ACK_TLVS:
            at = 4 if self.kind == DONE else 20 if self.flags & CAPPED else None
            if at is not None:
                self.text = dict(attributes(self.body[at:])).get(1, b"").rstrip(b"\0").decode()

    @property
    def attributes(self):
        return attributes(self.body[4:])


class Raw:
    """A netlink socket and nothing else."""

    def __init__(self, side=None, receive=None):
        with inside(side):
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.setsockopt(SOL_NETLINK, CAP_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, EXT_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, STRICT, 1)
        if receive:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.sock.bind((0, 0))
        self.sock.settimeout(30)
        self.seq, self.groups, self.id = 0, {}, None
        self._find()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def _find(self):
        self.send(3, attribute(2, NAME.encode() + b"\0"), REQUEST | ACK, CTRL)
        for message in self.answer():
            for kind, payload in message.attributes:
                if kind == 1:
                    self.id = struct.unpack("=H", payload)[0]
                if kind == 7:
                    for _, group in attributes(payload):
                        found = dict(attributes(group))
                        self.groups[found[1].rstrip(b"\0").decode()] = struct.unpack("=I", found[2])[0]

    def send(self, command, payload=b"", flags=REQUEST | ACK, kind=None, size=None):
        self.seq += 1
        body = struct.pack("=BBH", command, 1, 0) + payload
        self.sock.send(struct.pack("=IHHII", size or len(body) + 16, kind or self.id, flags,
                                   self.seq, 0) + body)

    def take(self):
        """The messages of one datagram."""
        raw, at, found = self.sock.recv(1 << 20), 0, []
        while at + 16 <= len(raw):
            found.append(Message(raw, at))
            if found[-1].size < 16:
                raise Failure("a message shorter than its header")
            at += (found[-1].size + 3) & ~3
        return found

    def answer(self):
        """All messages of it, the end left out; Refused if it is an error."""
        found = []
        while True:
            for message in self.take():
                if message.is_end:
                    if message.error:
                        raise Refused(message.error, message.text)
                    return found
                found.append(message)

    def join(self, group=EVENTS):
        self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, self.groups[group])

    def drain(self):
        """Whatever is there: (messages, how often ENOBUFS)."""
        found, full = [], 0
        self.sock.setblocking(False)
        while True:
            try:
                found += self.take()
            except BlockingIOError:
                self.sock.settimeout(30)
                return found, full
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                full += 1


# In C.

class Reader:
    """nlread at work, its output in a file."""
    count = 0

    def __init__(self, side, *arguments):
        binary = helper.compiled("nlread")
        Reader.count += 1
        self.path = f"/tmp/tlc-nlread.{Reader.count}"
        with inside(side), open(self.path, "w") as out:
            self.process = subprocess.Popen([binary, *map(str, arguments)], stdin=subprocess.PIPE,
                                            stdout=out, stderr=subprocess.PIPE, text=True)
        if arguments[0] == "feed":
            line = self.process.stderr.readline()
            if line != "ready\n":
                raise Broken(f"nlread said {line!r}{self.process.stderr.read()}")

    def finish(self):
        """Its last line, as {word: number}."""
        _, errors = self.process.communicate("")
        if self.process.returncode:
            raise Failure(f"nlread: status {self.process.returncode}: {errors}")
        with open(self.path, "rb") as file:
            file.seek(max(0, os.path.getsize(self.path) - 1000))
            last = file.read().decode().rstrip("\n").split("\n")[-1]
        if not last.startswith("# "):
            raise Broken(f"nlread's last line is {last!r}")
        return {key: int(value) for key, value in (pair.split("=") for pair in last[2:].split())}

    def lines(self):
        with open(self.path, errors="surrogateescape") as file:
            for line in file:
                yield line.rstrip("\n")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        if os.path.exists(self.path):
            os.unlink(self.path)


def dump_text(side, *arguments):
    """All of one dump: (its last line as numbers, Reader to be closed)."""
    reader = Reader(side, "dump", *arguments)
    try:
        return reader.finish(), reader
    except BaseException:
        reader.close()
        raise
