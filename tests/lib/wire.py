# SPDX-License-Identifier: GPL-2.0-only
"""Segments found on the wire, the moments they mark in a record, and peers played by hand."""
from lib.failure import Broken, expect, expect_near, expect_true

# Record and capture look at the same moment a few thousand instructions apart.
MOMENT = 0.02
# A timer of a minute may fire late by this much: the granularity of the timer wheel.
WHEEL = 2.1


def step(record, name):
    """The one transition OLD>NEW."""
    found = [entry for entry in record.transitions if str(entry) == name]
    expect(f"transitions {name}", len(found), 1, record)
    return found[0]


def after(number, count=1):
    """A sequence number further on."""
    return number + count & 0xffffffff


def expect_moment(what, record, entry, time):
    """The entry was made when the wire saw this."""
    expect_near(f"the time of {what}", record.start + entry.time, time, MOMENT, record)


def segments_of(world, side, record):
    """(sent, received) segments of this record."""
    return world.capture[side.name].between(record.local, record.remote)


def pick(segments, what, accept):
    """The first segment that is so."""
    for segment in segments:
        if accept(segment):
            return segment
    raise Broken(f"no {what} among\n" + "\n".join(map(str, segments)))


def our_fin(segments):
    return pick(segments, "FIN", lambda s: s.has("F"))


def acks(segments, number):
    """The first segment which acknowledges exactly this."""
    return pick(segments, f"ACK of {number}", lambda s: s.has("A") and s.ack == number)


def read_all(sock, size):
    """Exactly that many bytes."""
    got = b""
    while len(got) < size:
        part = sock.recv(size - len(got))
        expect_true(f"{size} bytes arrive, {len(got)} did", part)
        got += part
    return got


def carried(segments):
    """Bytes of data in these, each once: a slow kernel sends some again, as a loss probe."""
    return len({after(s.seq, i) for s in segments for i in range(s.length)})


def ghost_client(world, family=4, options=(), listen=(), seq=None, **opening):
    """A peer played by hand, connected to a socket of the server: (ghost, that socket)."""
    port = world.port()
    listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0", options=listen)
    peer = world.ghost(world.client, port, family, seq=seq)
    peer.open(**opening)
    listener.settimeout(30)
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    for option in options:
        theirs.setsockopt(*option)
    return peer, theirs
