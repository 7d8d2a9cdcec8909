# SPDX-License-Identifier: GPL-2.0-only
"""Timers as the wire and the kernel's counters show them."""
from lib import story
from lib.wire import segments_of


def without_loss_probes(world):
    """The first segment sent again is then the retransmission timer's."""
    for side in (world.client, world.server):
        side.sysctl("net.ipv4.tcp_early_retrans", 0)


def counted(side, name):
    """One of the kernel's own counters, of this namespace."""
    return side.snmp()["TcpExt" + name]


def expect_fires(record, cause, state, segments, gave_up=False):
    """One entry: this timer fired once for each of these segments, see story.expect_fires."""
    event = story.once(record, cause)
    story.expect_fires(record, event, state, segments, gave_up)
    return event


def repeats(segments):
    """Those with a number that was sent before."""
    seen, again = set(), []
    for segment in segments:
        if segment.length or set("SF") & set(segment.flags):
            if segment.seq in seen:
                again.append(segment)
            seen.add(segment.seq)
    return again


def keepalive_probes(world, record):
    """Those sent: a number that was acknowledged already, and no data."""
    sent, received = segments_of(world, world.client, record)
    heard, probes = None, []
    for segment in sorted(sent + received, key=lambda s: s.time):
        if not segment.sent and segment.has("A"):
            heard = segment.ack
        elif segment.sent and not segment.length and heard == segment.seq + 1 & 0xffffffff:
            probes.append(segment)
    return probes


def window_probes(world, record):
    """What the timer sent while the window was shut, or too small for a whole segment:
    once what still goes in, if anything; then segments without data, one below what
    was acknowledged."""
    sent, received = segments_of(world, world.client, record)
    shut, before, probes = None, None, []
    for segment in sorted(sent + received, key=lambda s: s.time):
        if not segment.sent:
            shut = segment.ack if segment.window == 0 else None
        elif shut is not None and not segment.length and segment.seq == shut - 1 & 0xffffffff:
            probes.append(segment)
        elif segment.length and before and segment.time - before.time > 0.15 and not probes:
            probes.append(segment)
        before = segment
    return probes


def bare(segments):
    return [s for s in segments if not s.length]
