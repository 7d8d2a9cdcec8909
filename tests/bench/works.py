# SPDX-License-Identifier: GPL-2.0-only
"""What is done while a tracer looks on. The program that does it is helpers/cost.c."""
import subprocess

from lib import helper
from lib.net import run

PORT = 5000                     # the server's, or with threads that of the first
PORTS, RANGE = r"500\d", "5000-5009"     # by which a tracer's lines are told
CLIENT = {4: "10.77.0.1", 6: "fd77::1"}
SERVER = {4: "10.77.0.2", 6: "fd77::2"}
NETNS, DEVICE = "bench", "bench0"

# Over a wire the server is in a namespace of its own.
_WIRE = {4: ("-n", NETNS, SERVER[4]), 6: ("-6", "-n", NETNS, SERVER[6])}


class Work:
    def __init__(self, name, unit, words, count, quick, connections):
        self.name, self.unit, self.words = name, unit, words
        self.count, self.quick, self.connections = count, quick, connections

    def units(self, quick):
        return self.quick if quick else self.count

    def done(self, quick):
        """Units, those of warming up among them."""
        units = self.units(quick)
        return units + units // 10

    def made(self, quick):
        """Connections."""
        return self.connections or self.done(quick)

    def argv(self, quick):
        return [program(), "-p", str(PORT), *self.words, str(self.units(quick))]


WORKS = [
    Work("churn-lo4", "connection", ("churn",), 1000, 200, None),
    Work("churn-lo6", "connection", ("-6", "churn"), 1000, 200, None),
    Work("churn-veth4", "connection", (*_WIRE[4], "churn"), 1000, 200, None),
    Work("churn-veth6", "connection", (*_WIRE[6], "churn"), 1000, 200, None),
    Work("bulk", "MiB", (*_WIRE[4], "bulk"), 64, 10, 1),
    Work("requests", "request", ("requests",), 4000, 500, 1),
    Work("flood", "round", (*_WIRE[4], "flood"), 300, 50, None),
]


def program():
    return helper.compiled("cost")


def build_wire():
    """A namespace at the other end of a veth pair, to which all there is leads back."""
    run("ip", "netns", "add", NETNS)
    run("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE, "netns", NETNS)
    for where, mine in (((), CLIENT), (("-n", NETNS), SERVER)):
        run("ip", *where, "link", "set", "lo", "up")
        run("ip", *where, "link", "set", DEVICE, "up")
        run("ip", *where, "addr", "add", f"{mine[4]}/24", "dev", DEVICE)
        run("ip", *where, "addr", "add", f"{mine[6]}/64", "dev", DEVICE, "nodad")
    # Where the SYN-ACKs to nobody go.
    run("ip", "-n", NETNS, "route", "add", "default", "via", CLIENT[4])


def do(work, quick):
    """Instructions for a unit of it, as it says itself."""
    done = subprocess.run(work.argv(quick), text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(work.argv(quick))}: {done.stderr}")
    return int(done.stdout)


def probe():
    """A few connections, for a tracer to be seen awake by."""
    subprocess.run([program(), "-p", str(PORT - 1), "churn", "20"], check=True,
                   stdout=subprocess.DEVNULL)
