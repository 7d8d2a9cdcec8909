# SPDX-License-Identifier: GPL-2.0-only
"""Witness 2: the segments on an interface, through a packet socket.

The kernel keeps them in the socket's (large) buffer until somebody asks, so no
thread of ours disturbs what is measured. A lost packet is an error of the test.
"""
import collections
import ipaddress
import socket
import struct
import time

from lib.failure import Broken

SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_TIMESTAMPNS = SCM_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
ETH_P_ALL = 3
PACKET_OUTGOING = 4
BUFFER = 64 << 20

SIGNED = {19: "md5", 29: "ao"}
FLAGS = "FSRPAUEC"          # from bit 0: FIN SYN RST PSH ACK URG ECE CWR

Icmp = collections.namedtuple("Icmp", "time sent src dst type code mtu")


class Segment:
    """One TCP segment as it stood on the wire. `sent`: it left this namespace.

    `options` holds, where present: mss, wscale, sack (True), ts (value, echo),
    tfo (the cookie), md5, ao (their bytes), mptcp (those of all such), sack_blocks. `offered` are the options' names as records
    write them.
    """

    def __init__(self, time, sent, src, dst, body, ecn):
        self.time, self.sent, self.ecn = time, sent, ecn
        self.sport, self.dport, self.seq, self.ack, bits, self.window = \
            struct.unpack_from("!HHIIHH", body)
        self.src, self.dst = (src, self.sport), (dst, self.dport)
        self.flags = "".join(name for bit, name in enumerate(FLAGS) if bits & 1 << bit)
        header = (bits >> 12) * 4
        self.length = len(body) - header
        self.payload = body[header:]
        self.options = _options(body[20:header])

    def has(self, *flags):
        return all(flag in self.flags for flag in flags)

    @property
    def fin(self):
        """The sequence number of the FIN itself, behind whatever data it came with."""
        return self.seq + self.length & 0xffffffff if "F" in self.flags else None

    @property
    def next(self):
        """What the other end acknowledges when it has it all."""
        return self.seq + self.length + ("S" in self.flags) + ("F" in self.flags) & 0xffffffff

    @property
    def offered(self):
        names = {"mss", "wscale", "sack", "ts", "tfo", "mptcp", *SIGNED.values()}.intersection(self.options)
        # RFC 3168: a SYN asks with ECE and CWR, a SYN-ACK agrees with ECE alone.
        if "S" in self.flags and "E" in self.flags and ("C" in self.flags) != ("A" in self.flags):
            names.add("ecn")
        return frozenset(names)

    def __str__(self):
        way = ">" if self.sent else "<"
        return (f"{self.time:.6f} {way} {self.src[0]}:{self.sport} -> {self.dst[0]}:{self.dport}"
                f" {self.flags} seq={self.seq} ack={self.ack} len={self.length}"
                f" win={self.window} {self.options or ''}").rstrip()


def _options(text):
    found, position = {}, 0
    while position < len(text) and text[position] != 0:
        kind = text[position]
        if kind == 1:
            position += 1
            continue
        length = text[position + 1] if position + 1 < len(text) else 0
        if length < 2:
            break
        value = text[position + 2:position + length]
        if kind == 2:
            found["mss"] = int.from_bytes(value, "big")
        elif kind == 3:
            found["wscale"] = value[0]
        elif kind == 4:
            found["sack"] = True
        elif kind == 5:
            found["sack_blocks"] = [struct.unpack_from("!II", value, at)
                                    for at in range(0, len(value), 8)]
        elif kind == 8:
            found["ts"] = struct.unpack("!II", value)
        elif kind == 30:
            found.setdefault("mptcp", []).append(value)
        elif kind == 34 or kind == 254 and value[:2] == b"\xf9\x89":
            found["tfo"] = value
        elif kind in SIGNED:
            found[SIGNED[kind]] = value
        position += length
    return found


def dissect(time, sent, protocol, packet):
    """A Segment, an Icmp, or None for whatever else there is."""
    if protocol == 0x0800:
        size, total = (packet[0] & 15) * 4, int.from_bytes(packet[2:4], "big")
        ecn, inner, fragment = packet[1] & 3, packet[9], packet[6] & 0x1f or packet[7]
        src, dst = (ipaddress.IPv4Address(packet[at:at + 4]) for at in (12, 16))
        if fragment:
            return None
    elif protocol == 0x86dd:
        size, total = 40, 40 + int.from_bytes(packet[4:6], "big")
        ecn, inner = packet[1] >> 4 & 3, packet[6]
        src, dst = (ipaddress.IPv6Address(packet[at:at + 16]) for at in (8, 24))
    else:
        return None
    body = packet[size:total]
    if inner == socket.IPPROTO_TCP and len(body) >= 20:
        return Segment(time, sent, src, dst, body, ecn)
    if inner in (socket.IPPROTO_ICMP, socket.IPPROTO_ICMPV6) and len(body) >= 8:
        return Icmp(time, sent, src, dst, body[0], body[1], int.from_bytes(body[4:8], "big"))
    return None


class Capture:
    """Everything on one interface of one namespace, from now on."""

    def __init__(self, namespace, interface):
        self.interface = interface
        self.segments, self.icmps = [], []
        self.socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind((interface, ETH_P_ALL))
        self.socket.setblocking(False)

    def close(self):
        self.socket.close()

    def drain(self):
        while True:
            try:
                frame, control, _, (_, protocol, kind, *_) = self.socket.recvmsg(1 << 17, 64)
            except BlockingIOError:
                break
            when = 0.0
            for level, name, data in control:
                if level == socket.SOL_SOCKET and name == SCM_TIMESTAMPNS:
                    sec, nsec = struct.unpack("=qq", data[:16])
                    when = sec + nsec / 1e9
            sent = kind == PACKET_OUTGOING
            # On lo each packet passes twice; it is counted when it leaves.
            if self.interface == "lo" and not sent:
                continue
            found = dissect(when, sent, protocol, frame[14:])
            if isinstance(found, Segment):
                self.segments.append(found)
            elif found:
                self.icmps.append(found)
        _, lost = struct.unpack("=II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        if lost:
            raise Broken(f"the capture on {self.interface} lost {lost} packets")

    def of(self, *ports):
        """The segments to or from one of these ports, oldest first."""
        self.drain()
        return [s for s in self.segments if s.sport in ports or s.dport in ports]

    def between(self, local, remote):
        """(sent, received) segments of one connection; `(address, port)` each."""
        self.drain()
        return ([s for s in self.segments if (s.src, s.dst) == (local, remote)],
                [s for s in self.segments if (s.src, s.dst) == (remote, local)])


class Timestamps:
    """Keeps the kernel stamping packets on arrival.

    It begins to do so some while after the first socket asked for it, and until
    then gives the time at which a packet was read. One socket that stays open,
    and is seen to work before the first scenario, keeps that out of them all.
    """

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind(("127.0.0.1", 0))
        for _ in range(500):
            self.socket.sendto(b"x", self.socket.getsockname())
            time.sleep(0.01)
            before = time.time()
            _, control, _, _ = self.socket.recvmsg(16, 64)
            sec, nsec = struct.unpack("=qq", control[0][2][:16])
            if sec + nsec / 1e9 < before:
                return
        raise Broken("the kernel does not stamp packets when they arrive")
