# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own ynl, as it comes, by the spec alone."""
import json
import os
import subprocess
import sys
import time

from lib import lives, net, nl, record
from lib.failure import expect, expect_true
from lib.registry import scenario

CLI = [sys.executable, f"{nl.YNL}/cli.py", "--spec", nl.SPEC, "--schema", nl.SCHEMA, "--output-json"]


def cli(side, *arguments, check=True):
    """What cli.py prints, as JSON."""
    nl.library()
    with nl.inside(side):
        done = subprocess.run([*CLI, *arguments], text=True, capture_output=True,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if not check:
        return done
    expect(f"status of cli.py {' '.join(arguments)}: {done.stderr}{done.stdout[-500:]}",
           done.returncode, 0)
    return json.loads(done.stdout.strip().split("\n")[-1] if done.stdout.strip() else "null")


@scenario("netlink ynl", "the kernel's ynl client, unchanged, with the spec alone: --do, --dump, --subscribe",
          limit=1200, shared=22)
def ynl_client(world):
    _, mine, _ = world.pair()
    port, cookie = net.remote(mine)[1], net.cookie(mine)
    told = cli(world.client, "--do", "conn-get", "--json", json.dumps({"cookie": cookie}))
    expect("--do conn-get", (told["cookie"], told["remote-port"], told["state"]),
           (cookie, port, "established"))
    expect("its entries", [entry["cause"] for entry in told["entry"]][:2], ["connect", "syn-ack-received"])
    dumped = cli(world.server, "--dump", "conn-get", "--json", json.dumps(
        {"filter": {"states": ["established"], "port": port}}))
    expect("--dump conn-get with a filter", [(c["state"], c["local-port"]) for c in dumped],
           [("established", port)])
    expect("--dump hook-get", len(cli(None, "--dump", "hook-get")) > 20, True)
    expect("--do stats-get", cli(None, "--do", "stats-get")["live"], record.read().header.live)
    refusal = cli(None, "--do", "config-set", "--json", '{"retention": 0}', check=False)
    expect("status of a refusal", refusal.returncode, 1)
    expect_true(f"with its words: {refusal.stdout}", "86400" in refusal.stdout)
    # It sleeps, then prints what came meanwhile.
    with world.client.entered():
        watcher = subprocess.Popen([*CLI, "--subscribe", nl.EVENTS, "--sleep", "60"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        time.sleep(30)                  # under emulation it takes its time to begin
        _, mine, theirs = world.pair()
        cookie = net.cookie(mine)
        lives.finish(mine, theirs)
        out, errors = watcher.communicate(timeout=120)
    finally:
        if watcher.poll() is None:
            watcher.kill()
    expect_true(f"cli.py --subscribe went well: {errors}", watcher.returncode == 0)
    events = [event for batch in json.loads(out.strip().split("\n")[-1])
              for event in batch["msg"]["event"] if event["cookie"] == cookie]
    moves = [(e["entry"][0]["from"], e["entry"][0]["to"]) for e in events
             if e["entry"][0]["from"] != e["entry"][0]["to"]]
    expect("--subscribe: its first steps", moves[:2], [("closed", "syn-sent"), ("syn-sent", "established")])
    expect("--subscribe: its state at last", events[-1]["state"], "time-wait")


@scenario("netlink ynl", "family, groups and operations are there as the spec names them")
def ynl_family(world):
    client = nl.Client()
    found = client.family.nlproto.genl_family
    expect("groups", set(found["mcast"]), set(client.family.mcast_groups))
    expect("groups as these tests know them", set(found["mcast"]), {nl.EVENTS, nl.ALL_EVENTS, nl.ENDED, nl.ALL_ENDED})
    for name, op in client.family.ops.items():
        for mode in ("do", "dump"):
            if mode not in op.modes:
                continue
            try:
                getattr(client, mode)(name)
            except nl.Refused as refusal:
                expect_true(f"{mode} {name} is known: {refusal}", refusal.text or refusal.errno == 22)


@scenario("netlink ynl", "a process name of any bytes does not confuse ynl")
def ynl_hostile_comm(world):
    import ctypes
    libc = ctypes.CDLL(None)
    with open("/proc/thread-self/comm", "rb") as file:
        own = file.read().rstrip(b"\n")
    try:
        for name in (b"\xff\xfe\x01=\t,", b"\xc3\xa9\xe2\x82\xac", b"a b\nconn id=1"):
            libc.prctl(15, name, 0, 0, 0)               # PR_SET_NAME
            _, mine, _ = world.pair()
            got = nl.Client(world.client).do("conn-get", cookie=net.cookie(mine))
            expect("comm", nl.fields(got)["comm"], name[:15])
    finally:
        libc.prctl(15, own, 0, 0, 0)
