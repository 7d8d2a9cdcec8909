# SPDX-License-Identifier: GPL-2.0-only
"""A TCP peer played by hand, from an address no kernel owns.

By AF_PACKET and struct: importing scapy under emulation takes longer than most
scenarios. Frames go out of one namespace's end of the veth, so that kernel's own
TCP never learns of them, and arrive at the other's.
"""
import ipaddress
import itertools
import random
import socket
import struct

from lib import wait
from lib.capture import FLAGS
from lib.net import DEVICE, GHOSTS, MACS


def _checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def options(mss=None, wscale=None, sack=False, ts=None, tfo=None, other=()):
    """Bytes of TCP options, padded; `other`: pairs of a kind and its bytes."""
    text = b"".join(bytes((kind, 2 + len(value))) + value for kind, value in other)
    if mss is not None:
        text += struct.pack("!BBH", 2, 4, mss)
    if sack:
        text += b"\4\2"
    if ts is not None:
        text += struct.pack("!BBII", 8, 10, *ts)
    if wscale is not None:
        text += bytes((3, 3, wscale))
    if tfo is not None:
        text += bytes((34, 2 + len(tfo))) + tfo
    return text + b"\1" * (-len(text) % 4)


def tcp(src, dst, flags, seq, ack=0, window=65535, text=b"", payload=b""):
    """One IP packet; `src`, `dst` are (address, port), `text` the options' bytes."""
    source, target = (ipaddress.ip_address(end[0]) for end in (src, dst))
    bits = sum(1 << FLAGS.index(flag) for flag in flags) | (5 + len(text) // 4) << 12
    segment = struct.pack("!HHIIHHHH", src[1], dst[1], seq & 0xffffffff, ack & 0xffffffff,
                          bits, window, 0, 0) + text + payload
    pseudo = source.packed + target.packed + struct.pack("!II", len(segment), socket.IPPROTO_TCP)
    segment = segment[:16] + struct.pack("!H", _checksum(pseudo + segment)) + segment[18:]
    return ip(source, target, socket.IPPROTO_TCP, segment)


def ip(source, target, protocol, body):
    if source.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(body), protocol, 64) \
            + source.packed + target.packed + body
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0x4000, 64, protocol, 0,
                         source.packed, target.packed)
    return header[:10] + struct.pack("!H", _checksum(header)) + header[12:] + body


# Two of the same address with one port would be one peer.
PORTS = itertools.cycle(range(20000, 30000))


class Ghost:
    """One end of one connection, in the hands of the scenario.

    `namespace` is where its frames come from: with `world.client` it talks to
    sockets of the server. `remote` is the (address, port) it talks to; its own is
    the ghost address the server knows behind the client. It keeps count of
    sequence numbers: `seq` is what it sends next, `ack` what it expects next.
    Without `remote` it is the passive end: whoever's SYN it receives first.
    """

    def __init__(self, namespace, capture, remote=None, family=4, local_port=None, seq=None):
        self.capture, self.remote = capture, remote
        host = ipaddress.ip_address(GHOSTS[namespace.name][family])
        self.local = host, local_port or next(PORTS)
        self.seq = random.getrandbits(32) if seq is None else seq
        self.isn, self.ack = self.seq, 0
        self.heard = 0
        self.mac = bytes.fromhex(MACS[namespace.other].replace(":", "")) \
            + bytes.fromhex(MACS[namespace.name].replace(":", ""))
        self.protocol = 0x86dd if host.version == 6 else 0x0800
        self.socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind((DEVICE, 0))

    def send_packet(self, packet):
        self.socket.send(self.mac + struct.pack("!H", self.protocol) + packet)

    def send(self, flags, payload=b"", seq=None, ack=None, window=65535, **opts):
        """Send a segment. With seq= given it is out of the count (a repetition)."""
        number = self.seq if seq is None else seq
        if ack is None:
            ack = self.ack if "A" in flags else 0
        self.send_packet(tcp(self.local, self.remote, flags, number, ack, window,
                             options(**opts), payload))
        if seq is None:
            self.seq = self.seq + len(payload) + ("S" in flags) + ("F" in flags) & 0xffffffff

    def receive(self, flags="", without="", timeout=30.0, what=None):
        """The next segment for us with these flags; those before it are passed over.
        From then on `ack` covers it."""
        def look():
            self.capture.drain()
            while self.heard < len(self.capture.segments):
                segment = self.capture.segments[self.heard]
                self.heard += 1
                if segment.dst != self.local:
                    continue
                if self.remote is None or segment.src == self.remote:
                    if segment.has(*flags) and not set(without) & set(segment.flags):
                        return segment
            return None
        segment = wait.until(what or f"a segment {flags or 'of any kind'} to {self.local}",
                             look, timeout)
        self.remote = segment.src
        self.ack = segment.next
        return segment

    def open(self, timeout=30.0, **opts):
        """Three-way handshake from our side; the SYN-ACK."""
        opts = opts or {"mss": 1460}
        self.send("S", **opts)
        answer = self.receive("SA", timeout=timeout)
        self.send("A")
        return answer
