# SPDX-License-Identifier: GPL-2.0-only
"""The same work with ever more records held: cost, memory, reading, ageing."""
import json
import re
import subprocess
import time

from bench import clock, works
from bench.dump import spent
from lib import helper, module
from lib.net import run

LEVELS, QUICK = (1_000, 10_000, 100_000, 1_000_000), (1_000, 10_000)
REPEAT, CONNECTIONS = 3, 200
# Above it they are read once, and not by a client, which makes the same of each record.
READ_OFTEN = 100_000


def _totals():
    return json.loads(run("tcplc", "stats", "--json").split("\n", 1)[0])


def _held():
    totals = _totals()
    return totals["live"] + totals["dead"]


def _cost(*words):
    return int(run(works.program(), *words))


def _fill(level, capacity):
    """Refused connections are over at once, and leave a record each."""
    level = min(level, capacity)
    while (lacking := level - _held()) >= 11:
        _cost("-w", "refused", str(max(10, lacking * 10 // 11)))


def _memory():
    """(bytes of what the module allocated by page, bytes free)"""
    with open("/proc/vmallocinfo") as file:
        own = [int(line.split()[1]) for line in file if "[tcp_lifecycle]" in line]
    with open("/proc/meminfo") as file:
        free = int(re.search(r"^MemFree:\s+(\d+) kB", file.read(), re.M)[1]) * 1024
    return own, free


def _load(records, result):
    run("sh", "-c", "echo 3 >/proc/sys/vm/drop_caches")
    _, free = _memory()
    module.load(records=records, retention=86400)
    own, now = _memory()
    # The largest is the pool; each area has an unused page behind it.
    result(kind="memory", records=records, own=sum(own), record=(max(own) - 4096) / records,
           taken=free - now)


def _level(level, result):
    for _ in range(REPEAT):
        result(kind="scale", what="connection", level=level, held=_held(),
               cost=_cost("churn", str(CONNECTIONS)))


def _reading(level, reader, result):
    ways = {"cat /proc/tcp_lifecycle": ["cat", "/proc/tcp_lifecycle"],
            "netlink, read only": [reader, "dump", "-q"],
            "netlink, brief, read only": [reader, "dump", "-q", "-b"]}
    if level <= READ_OFTEN:
        ways["tcplc list"] = ["tcplc", "list"]
    for _ in range(REPEAT if level <= READ_OFTEN else 1):
        for what, argv in ways.items():
            held = _held()
            result(kind="scale", what=what, level=level, held=held, cost=spent(*argv) / held)


def _ageing(level, result):
    """All of the dead at once, since they are kept no longer."""
    dead, before = _totals()["dead"], clock.busy()
    subprocess.run(["tcplc", "config", "retention", "1"], check=True, stdout=subprocess.DEVNULL)
    while _totals()["dead"] > dead // 100:
        time.sleep(2)
    result(kind="scale", what="ageing", level=level, held=dead, cost=(clock.busy() - before) / dead)


def measure(wanted, say, result):
    levels = QUICK if wanted.quick else LEVELS
    reader = helper.compiled("nlread")
    for _ in range(REPEAT):
        result(kind="scale", what="connection", level=0, held=0, cost=_cost("churn", str(CONNECTIONS)))
    _load(levels[-1], result)
    for level in levels:
        say(f"filling up to {level} records with connections that are refused")
        _fill(level, levels[-1])
        say(f"measuring at {_held()} records")
        _level(level, result)
        _reading(level, reader, result)
    _ageing(levels[-1], result)
