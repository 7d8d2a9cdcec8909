# SPDX-License-Identifier: GPL-2.0-only
"""The scenarios there are: functions which say of themselves what they show."""
import fnmatch

SCENARIOS = []


class Scenario:
    def __init__(self, function, rows, shows, kind, limit, shared, last):
        self.function, self.rows, self.shows = function, rows.split(), shows
        self.kind, self.limit, self.shared, self.last = kind, limit, shared, last
        self.name = function.__name__.replace("_", "-")

    @property
    def title(self):
        return f"{'+'.join(self.rows)} {self.name}"

    def matches(self, patterns):
        """By name, by row, or by both as printed; without patterns: yes. One that begins
        with ! says which not."""
        def fits(chosen):
            return any(fnmatch.fnmatchcase(candidate, pattern) for pattern in chosen
                       for candidate in (self.name, self.title, *self.rows))
        wanted = [pattern for pattern in patterns if pattern[0] != "!"]
        return (not wanted or fits(wanted)) and \
            not fits(pattern[1:] for pattern in patterns if pattern[0] == "!")


def share_of(chosen, index, count):
    """Without the shared ones that another of `count` runs does: the longest first, each
    goes to the run that has least to do by then."""
    load, others = [0] * count, set()
    for one in sorted((s for s in chosen if s.shared), key=lambda s: (-s.shared, s.name)):
        least = load.index(min(load))
        load[least] += one.shared
        if least != index:
            others.add(one)
    return [s for s in chosen if s not in others]


def scenario(rows, shows, virtual=False, smp=False, memory=False, signing=False, limit=None,
             shared=False, last=False):
    """Register a function of one argument, the World.

    rows: the rows of tests/rows it proves, space separated.
    shows: in words, what is seen in the record.
    virtual: it waits so long that only virtual time makes it bearable.
    smp: it needs two processors, thus real time.
    memory: it needs a kernel whose allocations can be made to fail.
    signing: it needs a kernel in lockdown by whose key the module is signed.
    limit: seconds of guest time after which it is taken for hung.
    shared: it puts load on the module rather than on the kernel's TCP: where several
        kernels run all scenarios, one of them is enough. In seconds, about what it takes,
        so that they can be dealt out evenly; True if little.
    last: what it does to the guest cannot be undone, so it runs after all others.
    """
    def register(function):
        kind = "virtual" if virtual else "smp" if smp else "memory" if memory else \
            "signing" if signing else "any"
        default = 4 * 3600 if virtual else 300
        found = Scenario(function, rows, shows, kind, limit or default, shared, last)
        if any(other.name == found.name for other in SCENARIOS):
            raise ValueError(f"two scenarios are called {found.name}")
        SCENARIOS.append(found)
        return function
    return register
