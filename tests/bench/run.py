#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure, inside a guest of the lab, one part of what `make bench` shows.

    scripts/lab run --virtual-time -- tests/bench/run.py compare

Results are lines of JSON on standard output, "result {...}"; what it does meanwhile it
says on standard error. Exit status: 0 all measured, 1 something failed, 2 wrong usage.
"""
import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

from bench import compare, cpus, dump, scale                  # noqa: E402
from bench.tracers import TRACERS                             # noqa: E402
from bench.works import WORKS, build_wire, program            # noqa: E402
from lib import module                                        # noqa: E402
from lib.net import run                                       # noqa: E402

PARTS = {"compare": compare.measure, "dump": dump.measure, "scale": scale.measure,
         "cpus": cpus.measure, "losses": cpus.measure_losses, "locks": cpus.measure_locks}


def options():
    parser = argparse.ArgumentParser(prog="tests/bench/run.py",
                                     description=__doc__.split("\n", 1)[0])
    parser.add_argument("part", metavar="PART", choices=PARTS, help=", ".join(PARTS))
    parser.add_argument("--rows", metavar="NAME,...", type=names("row", [t.key for t in TRACERS]),
                        default=TRACERS, help=", ".join(t.key for t in TRACERS))
    parser.add_argument("--works", metavar="NAME,...", type=names("work", [w.name for w in WORKS]),
                        default=WORKS, help=", ".join(w.name for w in WORKS))
    parser.add_argument("--turn", metavar="N", type=int, default=0,
                        help="begin with the N-th row: what the order does shows as an error")
    parser.add_argument("--quick", action="store_true", help="little of everything")
    return parser.parse_args()


def names(what, known):
    all_of = {"row": TRACERS, "work": WORKS}[what]

    def chosen(text):
        for name in text.split(","):
            if name not in known:
                raise argparse.ArgumentTypeError(f"no {what} is called '{name}'; choose of: "
                                                 + ", ".join(known))
        return [one for one, name in zip(all_of, known) if name in text.split(",")]
    return chosen


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def result(**members):
    print("result " + json.dumps(members), flush=True)


def versions():
    """Of what is compared."""
    packages = "bpftrace bpfcc-tools linux-perf conntrack iproute2".split()
    found = run("dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages)
    result(kind="versions", kernel=os.uname().release, kernel_version=os.uname().version,
           packages=dict(line.split() for line in found.splitlines()))


def main():
    wanted = options()
    if module.is_loaded():
        module.unload()
    # Ports enough for all that a minute of TIME_WAIT holds.
    run("sysctl", "-q", "net.ipv4.ip_local_port_range=10000 65535",
        "net.ipv4.tcp_max_tw_buckets=1000000")
    build_wire()
    program()
    versions()
    start = time.monotonic()
    PARTS[wanted.part](wanted, say, result)
    say(f"{wanted.part}: done, after {time.monotonic() - start:.0f} s of guest time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
