# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: what the module counts, against the records and the files under /proc."""
import collections
import re
import time

from lib import lives, nl, record, wait
from lib.failure import expect, expect_true
from lib.registry import scenario

HEADER = "live dead capacity untracked evicted excluded dropped illegal gaps missed".split()


def all_records(world):
    return [r for side in (world.client, world.server) for r in side.view().records] \
        + record.read().records


def fresh(world):
    """Totals begin when the module does: nothing of former scenarios in them."""
    world.reload()
    lives.make(world)


@scenario("netlink W2", "stats-get: occupancy and losses as in the header of the text, verdicts as counted"
          " from the records")
def stats(world):
    fresh(world)
    _, mine, theirs = world.pair()
    lives.finish(mine, theirs)
    client, seen = nl.Client(), []

    def look():
        # Namespaces of scenarios before may still be on their way out.
        before = client.do("stats-get")
        seen[:] = before, record.read().header, client.dump(all_netns=True)
        return client.do("stats-get") == before
    wait.until("a moment in which nothing is counted", look)
    got, header, conns = seen
    expect("the header's", {name: got[name] for name in HEADER},
           {name: getattr(header, name) for name in HEADER})
    expect("records begun", got["born"], len(conns))
    ended = [conn for conn in conns if conn.get("close", "none") != "none"]
    for kind in ("open", "close", "first"):
        told = {v[kind]: v["count"] for v in got["verdict"] if kind in v}
        wanted = collections.Counter(conn.get(kind, "none") for conn in ended)
        expect(f"verdicts of {kind}", {k: n for k, n in told.items() if n},
               {k: n for k, n in wanted.items() if n})
    expect("one of open, close, first in each", {len(v) for v in got["verdict"]}, {2})


@scenario("netlink", "hook-get: the table of /proc/tcp_lifecycle_hooks, with groups")
def hook_table(world):
    world.pair()
    client = nl.Client()
    rows = client.dump("hook-get")
    with open("/proc/tcp_lifecycle_hooks") as file:
        text = {name: (there, int(hits), int(missed), way, required) for name, there, hits, missed, way, required
                in re.findall(r"^(\w+) (\w+) hits=(\d+) missed=(\d+) way=(\w+) (\w+)$", file.read(), re.M)}
    expect("symbols", sorted(row["symbol"] for row in rows), sorted(text))
    for row in rows:
        there, hits, missed, way, required = text[row["symbol"]]
        expect(f"{row['symbol']}: way", row["way"], way)
        expect(f"{row['symbol']}: attached", row.get("attached", False), there == "attached")
        expect(f"{row['symbol']}: required", row.get("required", False), required == "required")
        expect(f"{row['symbol']}: missed", row["missed"], missed)
        expect_true(f"{row['symbol']}: hits {row['hits']}, in the text a little later {hits}",
                    row["hits"] <= hits <= row["hits"] + 100)
        expect_true(f"{row['symbol']}: what is lost without an optional one",
                    row.get("required") or len(row["lost"]) > 5)
    groups = {row["group"] for row in rows}
    expect_true(f"groups: {groups}", {"core", "listeners", "openings", "accept", "causes",
                                      "timers"} <= groups)
    expect_true("required ones are of the group core",
                all(row["group"] == "core" for row in rows if row.get("required")))


@scenario("netlink W4", "edge-get: the transition matrix is what counting the records' transitions gives")
def edges(world):
    fresh(world)
    rows = nl.Client().dump("edge-get")
    told = {(nl.state(row["from"]), nl.state(row["to"])): row["count"] for row in rows}
    expect("edges that stand there twice", len(rows) - len(told), 0)
    counted = collections.Counter((step.old, step.new) for r in all_records(world)
                                  for step in r.transitions)
    expect("edges", {edge: n for edge, n in told.items() if n}, dict(counted))
    expect("illegal ones", [row for row in rows if not row.get("legal")], [])


@scenario("netlink", "histogram-get: times in each state and handshakes, in buckets of powers of two",
          virtual=True)
def histograms(world):
    fresh(world)
    _, mine, theirs = world.pair()
    time.sleep(100)
    lives.finish(mine, theirs)
    time.sleep(70)                                  # TIME_WAIT is over
    rows = nl.Client().dump("histogram-get")
    told = {nl.state(row["state"]) if "state" in row else None:
            {bucket["least"]: bucket["count"] for bucket in row.get("bucket", ())} for row in rows}
    spent, rtt = collections.defaultdict(list), []
    for seen in all_records(world):
        for step in seen.transitions:
            if step.spent is not None:
                spent[step.old].append(round(step.spent * 1e6))
        if not seen.is_listener and seen.rtt_us is not None:
            rtt.append(seen.rtt_us)
    for name, times in {**spent, None: rtt}.items():
        wanted = collections.Counter(1 << us.bit_length() - 1 if us else 0 for us in times)
        expect(f"histogram of {name or 'handshakes'}", told.pop(name, {}), dict(wanted))
    expect("other histograms", {k: v for k, v in told.items() if v}, {})
    expect_true("a time of 100 s is among them", any(us > 99_000_000 for us in spent["ESTABLISHED"]))
