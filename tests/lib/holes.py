# SPDX-License-Identifier: GPL-2.0-only
"""What some kernels cannot show, as tests/holes has it: who lacks what, and why.

A scenario with a hole still runs. It has to fail as the table says; when it passes,
the table is wrong. So no line outlives its reason. scripts/coverage reads it, too.
"""
import collections
import os
import re

TABLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "holes")
KINDS = ("scenario", "edge", "verdict")

# since, below: versions as (5, 10), or ""; arch: as Debian's kernels have it at the end of
# their name, or ""; sign: see the table
Hole = collections.namedtuple("Hole", "since below arch kind name sign why")


def version(text):
    """(6, 12) of 6.12.41+deb13-amd64"""
    return tuple(map(int, re.match(r"(\d+)\.(\d+)", text).groups()))


def _read(line):
    kernels, what, sign, why = line.split("\t")
    versions, _, arch = kernels.partition(":")
    since, _, below = versions.partition("..")
    kind, name = what.split(" ")
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is none of {' '.join(KINDS)}")
    return Hole(since and version(since), below and version(below), arch, kind, name,
                "" if sign == "-" else sign, why)


def all_holes():
    found = []
    with open(TABLE, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                try:
                    found.append(_read(line.rstrip("\n")))
                except (AttributeError, ValueError) as error:
                    raise ValueError(f"tests/holes:{number}: {error}") from None
    return found


def of(kernel, kind):
    """{name: Hole} of this kernel, as `uname -r` prints it."""
    mine = version(kernel)
    return {hole.name: hole for hole in all_holes() if hole.kind == kind
            and (not hole.since or mine >= hole.since) and (not hole.below or mine < hole.below)
            and kernel.endswith(hole.arch and f"-{hole.arch}")}
