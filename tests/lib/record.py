# SPDX-License-Identifier: GPL-2.0-only
"""The text of /proc/net/tcp_lifecycle, read as docs/format.md promises it.

Strict on purpose: a field out of order, a word the format does not know or a
number written another way is an error, for the text is a contract. Shares no
code and no table with the module.
"""
import functools
import ipaddress
import os
import re

STATES = frozenset(
    "CLOSED LISTEN SYN_SENT NEW_SYN_RECV SYN_RECV ESTABLISHED FIN_WAIT_1 FIN_WAIT_2"
    " CLOSE_WAIT CLOSING LAST_ACK TIME_WAIT".split())
OPENS = frozenset(
    "active passive simultaneous syncookie fastopen listener preexisting restored self unknown".split())
CLOSES = frozenset(
    "- fin simultaneous three-segment rst-received rst-unread rst-linger rst-late-data"
    " rst-linger2 disconnected aborted refused unreachable timed-out cancelled not-sent"
    " request-reset request-timed-out request-overflow request-unreachable listener-closed"
    " retransmit keepalive probe user-timeout orphan fin-wait-2 tw-overflow listener netns"
    " unknown listen-failed silent fastclose-sent fastclose-received unsent"
    " request-failed subflow-reset".split())
FIRSTS = frozenset("- local peer both kernel network unknown".split())
ADV_BY = frozenset("mtu route pmtu maxseg unknown -".split())
EFF_BY = frozenset("mtu route pmtu peer default maxseg window cookie unknown -".split())
RST_REASONS = frozenset(
    "- not-specified no-socket invalid-ack-sequence paws too-old-ack ack-unsent-data flags old-ack"
    " abort-on-data timewait-socket invalid-syn abort-on-close abort-on-linger abort-on-memory tcp-state"
    " keepalive-timeout disconnect-with-data mptcp error other".split())
OPTIONS = frozenset("mss wscale sack ts ecn tfo mptcp md5 ao".split())
OWNERS = frozenset("- connect accept listen".split())
FAMILIES = frozenset("ipv4 ipv6 ipv4-mapped".split())

# What moves a connection from one state to another ...
STEP_CAUSES = frozenset(
    "unknown connect listen syn-received syn-ack-received ack-received close shutdown exit"
    " killed fin-received fin-acked fin-with-ack rst-received rst-sent late-data disconnect"
    " abort icmp timeout accept-queue-full listener-closed connect-failed 2msl-expired"
    " fin-wait-2-expired new-syn reused netns-gone tw-overflow orphan-limit missed"
    " listen-failed restored silent fastclose-sent fastclose-received child-failed"
    " subflow-closed subflow-reset".split())
# ... and what happens within one.
EVENT_CAUSES = frozenset(
    "timer-rto-syn timer-rto-data timer-rto-fin timer-syn-ack timer-delayed-ack"
    " timer-keepalive timer-probe timer-loss-probe timer-reordering timer-fin-wait-2"
    " syn-ack-again 2msl-armed 2msl-restarted fin-wait-2-armed mss-changed rst-out"
    " accepted found ack-deferred migrated timer-unsent".split())

HEADER_KEYS = ("format live dead capacity untracked evicted excluded dropped illegal gaps"
               " missed hooks lost").split()
COMMON_KEYS = "id netns family local remote state open close first start age".split()
OWNER_KEYS = "owner pid uid cgroup comm thread closer_pid closer_comm".split()
CONNECTION_KEYS = COMMON_KEYS + (
    "isn peer_isn fin peer_fin mss_adv mss_adv_by mss_rcv mss_eff mss_eff_by offered agreed"
    " wscale rtt_us mptcp").split() + OWNER_KEYS + (
    "listener accept_us tx rx tx_segs rx_segs retrans after_fin tw_planned tw_actual"
    " dropped gaps").split()
LISTENER_KEYS = COMMON_KEYS + OWNER_KEYS + (
    "backlog accepted syn_overflow accept_overflow cookies_sent cookies_valid"
    " dropped gaps").split()

TIME = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]{6}")
ID = re.compile(r"([0-9a-f]+)\.([0-9]+)")
ADDRESS = re.compile(r"(?:\[([0-9a-f:.]+)(?:%([1-9][0-9]*))?\]|([0-9.]+)):([0-9]{1,5})")
VALUE = re.compile(r"(?:[^\s\\]|\\x[0-9a-f]{2})*")
WSCALE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")


ip_address = functools.lru_cache(maxsize=1000)(ipaddress.ip_address)


class FormatError(Exception):
    """The text is not what docs/format.md says."""


def _fail(why, line):
    raise FormatError(f"{why}, in: {line!r}")


def number(text):
    # Millions of them are read, under emulation: no pattern.
    if not (text.isdigit() and text.isascii()) or (text[0] == "0" and text != "0"):
        raise ValueError(f"{text!r} is no decimal number")
    return int(text)


def seconds(text):
    if not TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time with six decimals")
    return float(text)


def or_unknown(parse):
    def parse_known(text):
        return None if text == "-" else parse(text)
    return parse_known


def word(words):
    def parse(text):
        if text not in words:
            raise ValueError(f"{text!r} is not one of {' '.join(sorted(words))}")
        return text
    return parse


def options(text):
    if text == "none":
        return frozenset()
    names = text.split(",")
    if len(set(names)) != len(names) or not OPTIONS.issuperset(names):
        raise ValueError(f"{text!r} is no list of options")
    return frozenset(names)


def address(text):
    """(address, port); an IPv4-mapped address comes out as the IPv4 it stands for."""
    match = ADDRESS.fullmatch(text)
    if not match or int(match[4]) > 65535:
        raise ValueError(f"{text!r} is no address:port")
    host = ip_address(match[1] or match[3])
    if match[2] and not host.is_link_local:
        raise ValueError(f"{text!r} names an interface, and is not link-local")
    return getattr(host, "ipv4_mapped", None) or host, int(match[4])


def interface(pairs):
    """Number of the interface behind the link-local addresses, or None."""
    found = {match[2] for key, value in pairs if key in ("local", "remote")
             if (match := ADDRESS.fullmatch(value)) and match[2]}
    if len(found) > 1:
        raise ValueError(f"two interfaces: {' '.join(found)}")
    return int(found.pop()) if found else None


def identity(text):
    match = ID.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no cookie.generation")
    return int(match[1], 16), int(match[2])


def cookie(text):
    if not re.fullmatch("[0-9a-f]+", text):
        raise ValueError(f"{text!r} is no hexadecimal cookie")
    return int(text, 16)


def wscale(text):
    match = WSCALE.fullmatch(text)
    if not match or int(match[1]) > 14 or int(match[2]) > 14:
        raise ValueError(f"{text!r} is no pair of shift counts")
    return int(match[1]), int(match[2])


def absent_or_number(text):
    return "absent" if text == "absent" else number(text)


def unescaped(text):
    """The bytes behind `\\xHH`."""
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]),
                  text.encode("utf-8", "surrogateescape"))


PARSERS = dict(
    id=identity, netns=number, family=word(FAMILIES), local=address,
    remote=or_unknown(address), state=word(STATES), open=word(OPENS), close=word(CLOSES),
    first=word(FIRSTS), start=seconds, age=seconds,
    isn=or_unknown(number), peer_isn=or_unknown(number), fin=or_unknown(number),
    peer_fin=or_unknown(number), mss_adv=or_unknown(number), mss_adv_by=word(ADV_BY),
    mss_rcv=or_unknown(absent_or_number), mss_eff=or_unknown(number), mss_eff_by=word(EFF_BY),
    offered=or_unknown(options), agreed=or_unknown(options), wscale=or_unknown(wscale),
    rtt_us=or_unknown(number), owner=word(OWNERS), pid=or_unknown(number),
    uid=or_unknown(number), cgroup=or_unknown(number), comm=or_unknown(unescaped),
    thread=or_unknown(unescaped), closer_pid=or_unknown(number), closer_comm=or_unknown(unescaped),
    mptcp=or_unknown(cookie),
    listener=or_unknown(cookie), accept_us=or_unknown(number), tx=or_unknown(number),
    rx=or_unknown(number), tx_segs=or_unknown(number), rx_segs=or_unknown(number),
    retrans=or_unknown(number), after_fin=or_unknown(number), tw_planned=or_unknown(seconds),
    tw_actual=or_unknown(seconds), dropped=number, gaps=number,
    backlog=number, accepted=number, syn_overflow=number, accept_overflow=number,
    cookies_sent=number, cookies_valid=number)

# These carry a length, where others carry a count.
ARMED = frozenset(("2msl-armed", "fin-wait-2-armed"))
EXTRA = frozenset(("n", "max", "old", "new", "by", "reason", "seq"))
ENTRY_PARSERS = {
    key: or_unknown(parse) for key, parse in {
        "seq": number, "ack": number, "in": seconds, "count": number, "n": number, "max": number,
        "for": seconds, "old": number, "new": number, "by": word(EFF_BY),
        "reason": word(RST_REASONS)}.items()}


def _pairs(fields, line):
    for field in fields:
        key, equals, value = field.partition("=")
        if not equals or not value or not (value.isprintable() and "\\" not in value or
                                           VALUE.fullmatch(value)):
            _fail(f"{field!r} is no key=value", line)
        yield key, value


class Header:
    """The first line: counters of the whole module, as attributes."""

    def __init__(self, line):
        fields = line.split(" ")
        if fields[:2] != ["#", "tcp_lifecycle"]:
            _fail("not a header", line)
        pairs = list(_pairs(fields[2:], line))
        if [key for key, _ in pairs] != HEADER_KEYS:
            _fail(f"the header's keys are not {' '.join(HEADER_KEYS)}", line)
        self.text = line
        # To a reader who may not administer the host, all totals are "-".
        hidden = all(value == "-" for _, value in pairs[1:-2])
        for key, value in pairs[:-2]:
            try:
                parse = or_unknown(number) if hidden and key != "format" else number
                setattr(self, key, parse(value))
            except ValueError as error:
                _fail(f"{key}: {error}", line)
        if self.format != 2:
            _fail("this parser knows format 2 only", line)
        match = re.fullmatch(r"([0-9]+)/([0-9]+)", pairs[-2][1])
        if not match:
            _fail("hooks= is no attached/wanted", line)
        self.hooks = int(match[1]), int(match[2])
        self.lost = [] if pairs[-1][1] == "-" else pairs[-1][1].split(",")

    def __str__(self):
        return self.text


class Entry:
    """One line below a record: a transition (`old` and `new`) or an event within a state."""

    def __init__(self, line):
        fields = line[1:].split(" ")
        if not line.startswith("\t") or len(fields) < 2 or not fields[0].startswith("+"):
            _fail("an entry begins with a tab, +seconds and a state", line)
        self.text = line
        self.old = self.new = self.state = self.cause = self.last = None
        self.seq = self.ack = self.count = self.n = self.max = None
        self.spent = self.seconds = None
        self.old_mss = self.new_mss = self.by = self.reason = None
        self.illegal = self.gap = False
        try:
            self.time = seconds(fields[0][1:])
            self._read_states(fields[1])
            self._read_rest(fields[2:])
        except ValueError as error:
            _fail(str(error), line)
        known = STEP_CAUSES if self.is_transition else EVENT_CAUSES
        if self.cause not in known:
            _fail(f"cause={self.cause} is unknown here", line)
        keys = set(self.keys)
        if self.is_transition:
            if keys != {"cause", "seq", "ack", "in"}:
                _fail("a transition carries cause, seq, ack and in", line)
        elif self.cause in ARMED:
            if keys != {"cause", "for"}:
                _fail("a timer that was armed carries for", line)
        elif not {"cause", "count", "last"} <= keys <= {"cause", "count", "last"} | EXTRA:
            _fail("an event carries a count and the time of the last one", line)

    @property
    def is_transition(self):
        return self.new is not None

    def _read_states(self, text):
        names = text.split(">")
        for name in names:
            word(STATES)(name)
        if len(names) == 2:
            self.old, self.new = names
        elif len(names) == 1:
            self.state = names[0]
        else:
            raise ValueError(f"{text!r} is neither STATE nor OLD>NEW")

    def _read_rest(self, fields):
        # The two flags stand at the end, bare.
        for flag in ("gap", "illegal"):
            if fields and fields[-1] == flag:
                setattr(self, flag, True)
                fields = fields[:-1]
        self.keys = []
        names = {"in": "spent", "for": "seconds", "old": "old_mss", "new": "new_mss"}
        for key, value in _pairs(fields, self.text):
            if key in self.keys:
                raise ValueError(f"{key}= stands there twice")
            self.keys.append(key)
            if key == "cause":
                self.cause = value
            elif key == "last":
                if not value.startswith("+"):
                    raise ValueError("last= is no +time")
                self.last = seconds(value[1:])
            elif key in ENTRY_PARSERS:
                setattr(self, names.get(key, key), ENTRY_PARSERS[key](value))
            else:
                raise ValueError(f"{key}= is no key of an entry")

    def __str__(self):
        return f"{self.old}>{self.new}" if self.is_transition else self.state


class Record:
    """One connection or listener: every key of its line an attribute, and `entries`."""

    def __init__(self, line):
        fields = line.split(" ")
        if fields[0] != "conn":
            _fail("a record begins with conn", line)
        pairs = list(_pairs(fields[1:], line))
        keys = [key for key, _ in pairs]
        if keys != CONNECTION_KEYS and keys != LISTENER_KEYS:
            wanted = LISTENER_KEYS if "open=listener" in fields else CONNECTION_KEYS
            odd = set(wanted).symmetric_difference(keys)
            _fail(f"the keys of a record are wrong ({' '.join(sorted(odd)) or 'order'})", line)
        self.lines = [line]
        self.entries = []
        for key, value in pairs:
            try:
                setattr(self, key, PARSERS[key](value))
            except ValueError as error:
                _fail(f"{key}: {error}", line)
        self.ifindex = interface(pairs) if "%" in line else None
        self.is_listener = keys == LISTENER_KEYS
        if self.is_listener != (self.open == "listener"):
            _fail("open=listener and a listener's keys go together", line)
        self.cookie, self.generation = self.id

    def add(self, line):
        entry = Entry(line)
        if self.entries and entry.time < self.entries[-1].time:
            raise FormatError(f"an entry is older than the one above it, in:\n{self}\n{line}")
        self.entries.append(entry)
        self.lines.append(line)

    @property
    def transitions(self):
        return [entry for entry in self.entries if entry.is_transition]

    @property
    def events(self):
        return [entry for entry in self.entries if not entry.is_transition]

    @property
    def ended(self):
        return self.close != "-"

    @property
    def end(self):
        """Wall clock time of the end, or of now."""
        return self.start + self.age

    def causes(self, cause):
        """The entries of this cause, of either sort."""
        return [entry for entry in self.entries if entry.cause == cause]

    def __str__(self):
        return "\n".join(self.lines)


class View:
    """One reading of the file: all of it, or the records with one of these ports.

    (Parsing some 10,000 records takes a minute under emulation.)
    """

    def __init__(self, text, ports=None):
        if not text.endswith("\n"):
            raise FormatError(f"the text does not end with a newline: ...{text[-80:]!r}")
        header, *blocks = text[:-1].split("\nconn ")
        if "\n" in header:
            _fail("neither a header nor a record", header)
        self.header = Header(header)
        self.records = []
        wanted = None
        if ports is not None:
            wanted = re.compile(f" (?:local|remote)=\\S+:(?:{'|'.join(map(str, ports)) or 'none'}) ")
        for block in blocks:
            if wanted is None or wanted.search(block.partition("\n")[0]):
                self.records.append(_parse("conn " + block))


@functools.lru_cache(maxsize=30_000)
def _parse(block):
    """A record with its entries. Of one that ended the text stays the same, and so it
    is read once, however often the file is."""
    line, *entries = block.split("\n")
    record = Record(line)
    for entry in entries:
        record.add(entry)
    if not entries and record.open != "preexisting":
        _fail("a record without any entry", block)
    return record


# The file of the caller's own namespace. "self" is the process, whose namespace
# a thread may have left; hence thread-self.
PATHS = ("/proc/thread-self/net/tcp_lifecycle", "/proc/tcp_lifecycle")


def path():
    for name in PATHS:
        if os.path.exists(name):
            return name
    raise FileNotFoundError(f"neither of {' '.join(PATHS)}: is the module loaded?")


def read_text(name=None, size=1 << 16):
    """The raw text, by reads of at most `size` bytes."""
    parts = []
    fd = os.open(name or path(), os.O_RDONLY)
    try:
        while part := os.read(fd, size):
            parts.append(part)
    finally:
        os.close(fd)
    return b"".join(parts).decode("utf-8", "surrogateescape")


def read_header(name=None):
    with open(name or path()) as file:
        return Header(file.readline().rstrip("\n"))


def read(name=None, ports=None):
    return View(read_text(name), ports)
