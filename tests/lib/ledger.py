# SPDX-License-Identifier: GPL-2.0-only
"""The books of a stress: what was made is what was recorded and what was counted as lost.

`size()` scales what a scenario makes; a Ledger collects the two sides, prints them as
one line and fails where they differ.
"""
import collections
import contextlib
import functools
import os
import re

from lib import books, missed, nl, wait
from lib.failure import Broken, Failure
from lib.helper import TESTS

STATS_GET = 3

share = 1.0


def size(full, least=1):
    """So many of `full` as this run is to make."""
    return max(least, round(full * share))


@functools.cache
def _header():
    with open(os.path.join(os.path.dirname(TESTS), "include/uapi/linux/tcp_lifecycle.h")) as file:
        return file.read()


def numbers(prefix):
    """{name in lower case: number} of an enum of the UAPI header."""
    body = next((body for body in re.findall(r"^enum[^{]*{(.*?)^}", _header(), re.M | re.S)
                 if f"\t{prefix}" in body), None)
    if body is None:
        raise Broken(f"no enum of {prefix} in the header")
    found, value = {}, -1
    for name, number in re.findall(r"^\t(\w+)(?: = (\d+))?,", body, re.M):
        value = int(number) if number else value + 1
        if name.startswith(prefix):
            found[name[len(prefix):].lower()] = value
    return found


def _number(payload):
    return int.from_bytes(payload, "little")


def stats(side=None):
    """The module's totals: {"born": 1, ..., ("open", "active"): 2, ...}; of a verdict, ended
    records only. To a namespace: what its readers may know, which is the feed's."""
    names = {number: name for name, number in numbers("TCP_LIFECYCLE_A_STATS_").items()}
    kinds = {number: name for name, number in numbers("TCP_LIFECYCLE_A_VERDICT_").items()}
    found = {}
    with nl.Raw(side) as raw:
        raw.send(STATS_GET)
        attributes = [a for message in raw.answer() for a in message.attributes]
    for number, payload in attributes:
        if names.get(number) != "verdict":
            found[names[number]] = _number(payload)
            continue
        verdict = {kinds[kind]: _number(value) for kind, value in nl.attributes(payload)}
        kind = next(k for k in ("open", "close", "first") if k in verdict)
        words = {n: word for word, n in numbers(f"TCP_LIFECYCLE_{kind.upper()}_").items()}
        found[kind, words[verdict[kind]].replace("_", "-")] = verdict["count"]
    return found


def begun(totals):
    """Records that began with their connection, or listener; once all have ended. The others
    were met in mid-life: there was no room for them at first."""
    return totals["born"] - totals.get(("open", "unknown"), 0) - totals.get(("open", "preexisting"), 0)


Opens = collections.namedtuple("Opens", "kernel booked second")


def opens(side):
    """Connections begun over a namespace's loopback, each end for itself: the kernel's count,
    that of the module's books, and how many in both are second children of a request, of
    which no record tells (see tracepoint.second_children()): what was opened passively beyond
    what was opened actively. Taken while nothing moved; the last is right where no handshake
    is under way, and every connect() came to something."""
    theirs, mine = books.both(side)
    kernel, booked = (count["TcpActiveOpens"] + count["TcpPassiveOpens"] for count in (theirs, mine))
    return Opens(kernel, booked, theirs["TcpPassiveOpens"] - theirs["TcpActiveOpens"])


class Ledger:
    """made = recorded + lost, by cause."""

    def __init__(self, what, made):
        self.what, self.made, self.sides, self.facts, self.wrong = what, made, [], [], []

    def recorded(self, **parts):
        self.sides += parts.items()
        return self

    lost = recorded

    def missed(self, hits):
        """What is still open, as far as hits the kernel could not deliver may explain it."""
        hooks = missed.by_hook()
        if sum(hooks.values()) != hits:
            hooks = {}          # those of modules that are gone are among them
        self.note(missed_hits=" ".join([str(hits), *(f"{n}x{hook}" for hook, n in hooks.items())]))
        gap = self.made - sum(value for _, value in self.sides)
        return self.lost(missed=gap) if 0 < gap <= hits else self

    def second_children(self, number):
        """Of the ends made, so many are counted by the kernel, and no record's: 1 in 100 at
        most, and none where there is one CPU."""
        if not number:
            return self
        most = self.made // 100 if os.cpu_count() > 1 else 0
        if not 0 < number <= most:
            self.wrong.append(f"{number} second children of a request, where 0 to {most} can be")
        return self.recorded(second_children=number)

    def witness(self, name, value, expected):
        """Another count of the same; it has to be this."""
        self.facts.append(f"{name} {value}")
        if value != expected:
            self.wrong.append(f"{name} is {value}, not {expected}")
        return self

    def note(self, **facts):
        self.facts += [f"{name.replace('_', ' ')} {value}" for name, value in facts.items()]
        return self

    def close(self):
        """Print it; a Failure if it does not add up."""
        total = sum(value for _, value in self.sides)
        parts = " + ".join(f"{value} {name.replace('_', ' ')}" for name, value in self.sides)
        line = f"ledger: {self.made} {self.what} = {parts}"
        print("; ".join([line, *self.facts]), flush=True)
        if total != self.made:
            self.wrong.insert(0, f"{self.made} were made, {total} are accounted for")
        if self.wrong:
            raise Failure("\n".join(["the ledger does not add up", *self.wrong]))


def fresh(world, **parameters):
    """The module again, its totals from 0, and nothing older than it if that can be had:
    namespaces of scenarios before may be on their way out."""
    with contextlib.suppress(Failure):
        wait.until("nothing to live", lambda: not living(), 60)
    world.reload(**parameters)


def living():
    return stats()["live"]


def await_living(number, timeout, what="the end of all connections"):
    """Until at most so many records live; the number."""
    def look():
        left = living()
        return left <= number and (left or "none")
    try:
        found = wait.until(what, look, timeout)
    except Failure as failure:
        raise Failure("\n".join([str(failure), *_living_records(20)])) from None
    return 0 if found == "none" else found


def _living_records(most):
    """The first of them, whichever namespace they are in, and which hits were missed."""
    reader, chosen = nl.dump_text(None, "-a")[1], []
    try:
        taken = False
        for line in reader.lines():
            if not line.startswith("\t"):
                taken = " close=- " in line and len(chosen) < 8 * most
            if taken:
                chosen.append(line)
    finally:
        reader.close()
    return [*chosen, f"missed: {missed.by_hook()}"]


def memory():
    """{"Percpu": bytes, ...}: what a module that left something behind would raise."""
    with open("/proc/meminfo") as file:
        found = {name: int(kb) << 10 for name, kb in re.findall(r"^(\w+): +(\d+) kB", file.read(), re.M)}
    return {name: found[name] for name in ("Percpu", "VmallocUsed", "SUnreclaim", "MemAvailable")}
