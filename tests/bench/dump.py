# SPDX-License-Identifier: GPL-2.0-only
"""What it takes to list connections, for the module and for those who list them today."""
import subprocess

from bench import clock, tracers
from lib import helper, module
from lib.net import run

CONNECTIONS, QUICK, REPEAT = 50_000, 2_000, 3
PORT = 6000


def spent(*argv):
    """Instructions of a whole program, its output thrown away."""
    before = clock.busy()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return clock.busy() - before


def readers(reader):
    """(key, what is run, things per connection: a flow has both ends in it)"""
    return [("ss -tanei", ["ss", "-tanei"], 2), ("ss -tan", ["ss", "-tan"], 2),
            ("conntrack -L", ["conntrack", "-L"], 1),
            ("tcplc list", ["tcplc", "list"], 2),
            ("tcplc list --json", ["tcplc", "list", "--json"], 2),
            ("cat /proc/tcp_lifecycle", ["cat", "/proc/tcp_lifecycle"], 2),
            ("netlink, read only", [reader, "dump", "-q"], 2),
            ("netlink, brief, read only", [reader, "dump", "-q", "-b"], 2)]


class Held:
    """Connections that stay open."""

    def __init__(self, connections):
        self.process = subprocess.Popen(
            [helper.compiled("churn"), "hold", str(PORT), str(connections)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("churn hold did not get ready")

    def end(self):
        self.process.kill()
        self.process.wait()


def measure(wanted, say, result):
    connections = QUICK if wanted.quick else CONNECTIONS
    reader = helper.compiled("nlread")
    module.load(records=4 * connections)
    tracers.track_connections()
    say(f"opening {connections} connections and holding them")
    held = Held(connections)
    found = len(run("ss", "-tan", "sport", f"= :{PORT}").splitlines()) - 1
    if found != connections + 1:
        raise RuntimeError(f"ss shows {found} sockets on port {PORT}, not {connections + 1}")
    flows = int(run("conntrack", "-C"))
    if flows < connections:
        raise RuntimeError(f"conntrack has {flows} flows of {connections}")
    clock.drained()
    for turn in range(1 if wanted.quick else REPEAT):
        for key, argv, each in readers(reader):
            say(f"{key}, {turn + 1}")
            result(kind="dump", row=key, number=each * connections,
                   cost=spent(*argv) / (each * connections))
    held.end()
