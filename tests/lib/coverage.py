# SPDX-License-Identifier: GPL-2.0-only
"""What a run drove: edges and verdicts, out of the module's totals.

These begin anew with each load of the module, so they are taken before it goes and
at the end. scripts/coverage has the names of the numbers, and adds runs up.
"""
import collections
import struct

from lib import nl

# As they stand in the spec.
STATS_GET, EDGE_GET = 3, 5
VERDICT, EDGE_FROM, EDGE_TO, EDGE_COUNT = 13, 2, 3, 4
VERDICTS, VERDICT_COUNT = {2: "open", 3: "close", 4: "first"}, 5

driven = collections.Counter()


def totals():
    """Since the module was loaded: {("edge", from, to) or ("open", word): times}."""
    found = collections.Counter()
    with nl.Raw() as raw:
        raw.send(EDGE_GET, flags=nl.REQUEST | nl.ACK | nl.DUMP)
        for message in raw.answer():
            edge = dict(message.attributes)
            found["edge", edge[EDGE_FROM][0], edge[EDGE_TO][0]] = \
                struct.unpack("=Q", edge[EDGE_COUNT])[0]
        raw.send(STATS_GET)
        for kind, payload in (a for message in raw.answer() for a in message.attributes):
            if kind != VERDICT:
                continue
            verdict = dict(nl.attributes(payload))
            for number, name in VERDICTS.items():
                if number in verdict:
                    found[name, verdict[number][0]] = struct.unpack("=Q", verdict[VERDICT_COUNT])[0]
    return found


def report():
    """A line for each, for scripts/coverage."""
    for key, times in sorted(driven.items()):
        print("coverage", *key, times)
