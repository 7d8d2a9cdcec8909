# SPDX-License-Identifier: GPL-2.0-only
"""What the feed told, held against the records as they are afterwards.

By text: a record's entries as nlread prints them out of events must be the lines
that stand below it in /proc; Python could not take more apart under emulation.
"""
import re

from lib.failure import Failure, expect_true


class Lives:
    """Events, in the order they came, put together to entries by connection."""

    def __init__(self, lines):
        self.moves, self.notes, self.events = {}, {}, 0
        self.wrong = []
        for line in lines:
            if line[0] in "#!":
                continue
            self.events += 1
            head, _, entry = line.partition("\t")
            self._add(head.split(" ", 1)[0], entry)

    def _add(self, name, entry):
        states = entry.split(" ", 2)[1]
        if ">" in states:
            replaced = 0
            if " replaces=" in entry:
                entry, _, number = entry.partition(" replaces=")
                replaced = int(number)
            moves = self.moves.setdefault(name, [])
            if replaced > len(moves):
                self.wrong.append(f"{name}: {entry} takes back {replaced} of {len(moves)}")
            if replaced:
                del moves[-replaced:]
            moves.append(entry)
            return
        # A repetition says so by its count: the one before it is not told any more.
        key, count, rest = entry.partition(" count=")
        notes = self.notes.setdefault(name, {})
        if not count:
            if key in notes:
                self.wrong.append(f"{name}: {entry} twice")
            notes[key] = (entry, 1)
            return
        number = int(re.match(r"\d+", rest)[0])
        if number != notes.get(key, ("", 0))[1] + 1:
            self.wrong.append(f"{name}: {entry} follows {notes.get(key)}")
        notes[key] = (entry, number)

    def lines_of(self, name):
        """The entries of a record, sorted as text."""
        return sorted([*self.moves.get(name, ()),
                       *(entry for entry, _ in self.notes.get(name, {}).values())])


def records_of(text):
    """[(id, line, its entries' lines without the tab)] of the text under /proc."""
    found, entries = [], []
    for line in text.split("\n")[1:]:
        if line.startswith("\t"):
            entries.append(line[1:])
        elif line:
            entries = []
            found.append((line[len("conn id="):line.index(" netns=")], line, entries))
    return found


def expect_complete(lives, text, at_least):
    """Each entry of each record was told exactly once, and nothing else."""
    records = records_of(text)
    problems = list(lives.wrong)
    for name, line, entries in records:
        told = lives.lines_of(name)
        if told != sorted(entries):
            problems.append("\n".join([f"of {line}", "the feed told:", *told, "on record are:",
                                       *sorted(entries)]))
    names = {name for name, _, _ in records}
    problems += [f"{name} was told of and is not on record: {lives.lines_of(name)}"
                 for name in {*lives.moves, *lives.notes} - names]
    if problems:
        raise Failure(f"{len(problems)} differences between feed and records\n"
                      + "\n".join(problems[:5]))
    expect_true(f"{len(records)} records, at least {at_least}", len(records) >= at_least)
    return len(records)
