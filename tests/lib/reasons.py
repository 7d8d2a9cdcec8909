# SPDX-License-Identifier: GPL-2.0-only
"""What tcplc why says, and whether the command it names lists as many connections."""
import json
import shlex

from lib import client
from lib.failure import expect, expect_true


class Look:
    """One look at the connections of these ports; its findings by rule."""

    def __init__(self, side, *ports, found=()):
        words = " or ".join(f"port {port}" for port in ports).split()
        self.side = side
        said, errors = client.run(side, "why", *words, "--json", status=1 if found else 0)
        lines = [json.loads(line) for line in said.splitlines()]
        self.findings, self.end = lines[:-1], lines[-1]
        expect(f"rules with findings in {said}", sorted(one["rule"] for one in self.findings),
               sorted(found))
        expect("what is said on standard error", errors, "")
        expect("rules not looked at", self.end["not_looked_at"], [])

    def one(self, rule):
        (found,) = [one for one in self.findings if one["rule"] == rule]
        return found

    def listed(self, rule):
        """How many lines the command prints that goes with a finding."""
        words = shlex.split(self.one(rule)["command"])
        expect("the command", words[0], "tcplc")
        return len(client.run(self.side, *words[1:], "--no-header")[0].splitlines())

    def expect(self, rule, count, severity, *words, listed=None):
        """The finding has this count, and these words; its command lists as many."""
        found = self.one(rule)
        expect(f"{rule}: count and severity", (found["count"], found["severity"]), (count, severity))
        for word in words:
            expect_true(f"'{word}' in {found['text']} {found['facts']}",
                        word in f"{found['text']} {found['facts']}")
        if listed is not False:
            expect(found["command"], self.listed(rule), count if listed is None else listed)
        return found


def waiting(side, state, port):
    """Sockets in a state with this port at either end, as ss has them."""
    said = side.run("ss", "-Htna", "state", state, f"( sport = :{port} or dport = :{port} )")
    return len(said.splitlines())
