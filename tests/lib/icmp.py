# SPDX-License-Identifier: GPL-2.0-only
"""ICMP errors made by hand: what a router on the way would say."""
import ipaddress
import socket
import struct

from lib import craft


def too_big(segment, mtu, router):
    """The packet with which `router` complains that this segment needs more than `mtu`."""
    source, target = ipaddress.ip_address(router), segment.src[0]
    # Of the packet that was too big: its header, and the ports and number TCP looks at.
    quoted = craft.tcp(segment.src, segment.dst, "A", segment.seq, segment.ack)
    if source.version == 4:
        body = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + quoted
        return craft.ip(source, target, socket.IPPROTO_ICMP, _checked(body))
    body = struct.pack("!BBHI", 2, 0, 0, mtu) + quoted
    pseudo = source.packed + target.packed + struct.pack("!II", len(body), socket.IPPROTO_ICMPV6)
    return craft.ip(source, target, socket.IPPROTO_ICMPV6, _checked(body, pseudo))


def unreachable(segment, router):
    """The packet with which `router` refuses to take this segment further: for good, as
    the kernel sees it (IPv4: host unreachable, IPv6: prohibited)."""
    source, target = ipaddress.ip_address(router), segment.src[0]
    quoted = craft.tcp(segment.src, segment.dst, "SA", segment.seq, segment.ack)
    if source.version == 4:
        body = struct.pack("!BBHI", 3, 1, 0, 0) + quoted
        return craft.ip(source, target, socket.IPPROTO_ICMP, _checked(body))
    body = struct.pack("!BBHI", 1, 1, 0, 0) + quoted
    pseudo = source.packed + target.packed + struct.pack("!II", len(body), socket.IPPROTO_ICMPV6)
    return craft.ip(source, target, socket.IPPROTO_ICMPV6, _checked(body, pseudo))


def _checked(body, pseudo=b""):
    data = pseudo + body
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return body[:2] + struct.pack("!H", ~total & 0xffff) + body[4:]
