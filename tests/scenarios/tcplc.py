# SPDX-License-Identifier: GPL-2.0-only
"""tcplc in a guest: against the records, and against jq."""
import ipaddress
import json
import os
import re
import signal
import subprocess
import time

from lib import child, client, ledger, lives, module, net, nl, patience, record, schema, wait
from lib.client import Follower, Watch, ids, listens, objects, run
from lib.failure import expect, expect_true
from lib.feed import records_of
from lib.helper import Churn
from lib.registry import scenario
from scenarios.hooks import blind, silenced
from scenarios.netlink_feed import quiet, settled, stats, text_of

CONNECTIONS = patience.fewer(20_000)


@scenario("tcplc", "after one curl: show prints the ladder with both ends, list --json passes through jq",
          virtual=True)
def one_curl(world):
    world.excuse("transitions", "curl's connection is over loopback of the first namespace")
    client.need()
    subprocess.run(["nginx"], check=True)
    try:
        subprocess.run(["curl", "-sS", "-o", "/dev/null", "http://127.0.0.1/"], check=True)
        time.sleep(70)
        (mine,) = objects(None, "list", "dport", 80)
        text = run(None, "show", "-a", mine["id"])[0]
        print("note: tcplc show\n" + text)
        seen = next(r for r in record.read().records if f"{r.cookie:x}.{r.generation}" == mine["id"])
        for number in (seen.isn, seen.peer_isn, seen.fin, seen.peer_fin):
            expect_true(f"the ladder has {number}:\n{text}", str(number) in text)
        for word in ("SYN", "ACK", "FIN", str(seen.mss_adv), "curl"):
            expect_true(f"the ladder has {word}:\n{text}", word in text)
        done = subprocess.run("tcplc list --json | jq -c '{id, state, remote_port}'", shell=True,
                              text=True, capture_output=True)
        expect(f"status of jq: {done.stderr}", done.returncode, 0)
        rows = [json.loads(line) for line in done.stdout.split("\n") if line]
        expect_true("jq has it", {"id": mine["id"], "state": "CLOSED", "remote_port": 80} in rows)
        picked = subprocess.run("tcplc list --json | jq -r 'select(.remote_port == 80) | .id'", shell=True,
                                text=True, capture_output=True, check=True).stdout.split()
        expect("picked by jq", picked, [mine["id"]])
    finally:
        subprocess.run(["nginx", "-s", "stop"])


def reference(conns, keep):
    return {conn["id"] for conn in conns if keep(conn)}


def within(conn, side, network):
    """An address of the record lies in the network; IPv4-mapped counts as IPv4."""
    text = conn.get(side)
    if text is None:
        return False
    host = ipaddress.ip_address(text)
    host = getattr(host, "ipv4_mapped", None) or host
    return host in ipaddress.ip_network(network)


RESET = {"rst-received", "rst-unread", "rst-linger", "rst-late-data", "rst-linger2", "refused",
         "request-reset"}
NORMAL = {"fin", "simultaneous", "three-segment"}


def expected(world):
    """[(filter, what the JSON of a record that passes has)]"""
    some, other = sorted(world.ports)[:2]
    a, b = world.client.address(), world.server.address(6)

    def has(name, *values):
        return lambda c: c.get(name) in values

    def end(name, value):
        return lambda c: c.get(name) == value
    any_port = [lambda c, p=p: p in (c.get("local_port"), c.get("remote_port")) for p in (some, other)]
    return [
        ("state time-wait", has("state", "TIME_WAIT")), ("state established", has("state", "ESTABLISHED")),
        ("state syn-sent,new-syn-recv", has("state", "SYN_SENT", "NEW_SYN_RECV")),
        ("state closed", has("state", "CLOSED")), ("state listen", has("state", "LISTEN")),
        ("not state closed", lambda c: c["state"] != "CLOSED"),
        ("open active", has("open", "active")), ("open passive", has("open", "passive")),
        ("open listener", has("open", "listener")),
        ("verdict reset", has("close", *RESET)), ("close refused", has("close", "refused")),
        ("verdict normal", has("close", *NORMAL)), ("closed-by peer", has("first", "peer")),
        ("closed-by local", has("first", "local")), ("first local,peer", has("first", "local", "peer")),
        ("family ipv6", has("family", "ipv6")), ("ipv4", has("family", "ipv4")),
        ("mapped", has("family", "ipv4-mapped")), ("live", lambda c: c["state"] != "CLOSED"),
        ("dead", has("state", "CLOSED")), (f"sport {some}", end("local_port", some)),
        (f"dport {some}", end("remote_port", some)), (f"port {some}", any_port[0]),
        (f"port {some},{other}", lambda c: any_port[0](c) or any_port[1](c)),
        (f"port {some} or port {other}", lambda c: any_port[0](c) or any_port[1](c)),
        (f"sport 1-{some}", lambda c: 1 <= c.get("local_port", 0) <= some),
        (f"dport >= {some}", lambda c: c.get("remote_port", 0) >= some),
        (f"src {a}", lambda c: within(c, "local", a)), (f"dst {b}", lambda c: within(c, "remote", b)),
        ("dst 10.0.0.0/8", lambda c: within(c, "remote", "10.0.0.0/8")),
        ("src fd77::/64", lambda c: within(c, "local", "fd77::/64")),
        (f"host {a}", lambda c: within(c, "local", a) or within(c, "remote", a)),
        (f"dst {world.server.address()}:{some}", lambda c: within(
            c, "remote", world.server.address()) and c.get("remote_port") == some),
        ("comm python3", has("comm", "python3")), ("pid 0", has("pid", 0)),
        ("uid = 0", has("uid", 0)), ("tx > 0", lambda c: c.get("tx_bytes", 0) > 0),
        ("rx >= 1000", lambda c: c.get("rx_bytes", 0) >= 1000),
        ("mss < 1440", lambda c: c.get("mss_eff_bytes", 1440) < 1440),
        ("cause accepted", lambda c: any(e["cause"] == "accepted" for e in c["entries"])),
        ("cause rst-received", lambda c: any(e["cause"] == "rst-received" for e in c["entries"])),
        ("since 1h", lambda c: True),
        ("dst 10.0.0.0/8 and not (state established or verdict reset)", lambda c: within(
            c, "remote", "10.0.0.0/8") and not (c["state"] == "ESTABLISHED" or c.get("close") in RESET)),
        ("state established ipv6", lambda c: c["state"] == "ESTABLISHED" and c["family"] == "ipv6"),
    ]


@scenario("tcplc", "each filter word: what it lets pass is what the same condition picks from the JSON of"
          " all", limit=900, shared=True)
def filter_words(world):
    client.need()
    lives.make(world)()
    counts = {}
    for side in (world.client, world.server):
        everything = objects(side, "list", "--entries")
        expect("ids", {conn["id"] for conn in everything},
               {f"{r.cookie:x}.{r.generation}" for r in side.view().records})
        for text, keep in expected(world):
            wanted = reference(everything, keep)
            expect(f"{side.name}: tcplc list {text}", ids(objects(side, "list", *text.split(" "))), wanted)
            counts[text] = counts.get(text, 0) + len(wanted)
    told = [text for text, number in counts.items() if number]
    expect_true(f"most of them picked something: not {sorted(set(counts) - set(told))}",
                len(told) >= len(counts) - 4)


@scenario("W8 tcplc", "the clock is set: start moves, boot_start and the boot's number do not")
def clock_set(world):
    client.need()
    watch = Watch(world.client, "--json")
    try:
        wait.until("tcplc watch to listen", lambda: listens(world.client))
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        mine.close()
        theirs.close()
        world.ended(world.server, port)
        told = wait.until("TIME_WAIT in the feed", lambda: [
            event for event in map(json.loads, watch.lines()) if event["state"] == "TIME_WAIT"])
    finally:
        watch.close()
    before = keys_of(world, port)
    day = 86400 * 10 ** 9
    clock = time.CLOCK_REALTIME
    try:
        time.clock_settime_ns(clock, time.clock_gettime_ns(clock) + day)
        after = keys_of(world, port)
    finally:
        time.clock_settime_ns(clock, time.clock_gettime_ns(clock) - day)
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip()
    expect("ids", set(after), set(before))
    for name, (number, boot_start, start) in before.items():
        expect(f"{name}: boot_id", (number, after[name][0]), (boot, boot))
        expect(f"{name}: boot_start", after[name][1], boot_start)
        expect_true(f"{name}: start moved by what the clock was set", abs(after[name][2] - start - day) < 10 ** 9)
    for event in told:
        expect("key of an event", (event["boot_id"], event["boot_start_ns"]), before[event["id"]][:2])


def keys_of(world, port):
    return {conn["id"]: (conn["boot_id"], conn["boot_start_ns"], conn["start_ns"])
            for side in (world.client, world.server) for conn in objects(side, "list", "port", port)}


@scenario("tcplc", "list --json has what the text has; list one line a connection")
def list_as_text(world):
    client.need()
    lives.make(world)()
    for side in (world.client, world.server):
        found = {conn["id"]: conn for conn in objects(side, "list", "--entries")}
        view = side.view()
        expect("ids", set(found), {f"{r.cookie:x}.{r.generation}" for r in view.records})
        for seen in view.records:
            conn = found[f"{seen.cookie:x}.{seen.generation}"]
            told = (conn["state"], conn["family"], conn["open"], conn.get("close", "-"),
                    conn.get("first", "-"), conn["local_port"], conn.get("uid"), conn.get("isn"),
                    conn.get("peer_fin"), conn.get("tx_bytes"), conn.get("rtt_us"))
            expect("fields", told, (
                seen.state, seen.family, seen.open, seen.close, seen.first, seen.local[1], seen.uid,
                *(getattr(seen, name, None) for name in ("isn", "peer_fin", "tx", "rtt_us"))), seen)
            expect("entries", len(conn["entries"]), len(seen.entries), seen)
        lines = run(side, "list")[0].rstrip("\n").split("\n")
        expect("lines of list", len(lines), len(found) + 1)
        expect("lines of list --no-header", len(run(side, "list", "--no-header")[0].rstrip("\n")
                                               .split("\n")), len(found))


@scenario("tcplc", "exit codes; a bad filter points at the word; no module says how to load it",
          shared=True)
def errors(world):
    client.need()
    world.pair()
    run(world.client, "list", "state", "established")
    out, said = run(world.client, "list", "state", "estblished", status=2)
    expect("output of a bad filter", out, "")
    lines = said.rstrip("\n").split("\n")
    caret = next((line for line in lines if re.fullmatch(r" *\^~*", line)), None)
    expect_true(f"something points: {said}", caret)
    above = lines[lines.index(caret) - 1]
    expect("it points at", above[caret.index("^"):].split(" ")[0], "estblished")
    expect_true(f"it knows what was meant: {said}", "established" in said)
    run(world.client, "list", "port", "http", "and", status=2)
    run(world.client, "lst", status=2)
    run(world.client, "list", "--no-such-option", status=2)
    run(None, "show", "123456789abc.0", status=1)
    run(world.client, "--help")
    run(world.client, "list", "--help")

    def as_nobody():
        child.become_nobody()
        return run(None, "list", status=1)[1]
    said = child.call(as_nobody)
    expect_true(f"an ordinary user hears what is missing: {said}", "CAP_NET_ADMIN" in said)
    world.excuse("missing", "the module comes and goes")
    module.unload()
    try:
        for word in ("list", "watch", "stats"):
            said = run(world.client, word, status=1)[1]
            expect_true(f"tcplc {word} without the module says how to load it: {said}",
                        "modprobe" in said or "insmod" in said)
        run(world.client, "doctor", status=1)
    finally:
        world.reload()


# Of those that a full pool has: what the doctor says to do about each.
LOSSES = {"untracked": "record less: tcplc config", "evicted": "keep them for less time: sudo tcplc config retention"}


@scenario("tcplc W2", "doctor, where the pool is full: each loss with its number, and what to do about it",
          virtual=True)
def doctor_names_losses(world):
    client.need()
    for part in ("counters", "missing"):
        world.excuse(part, "the pool is full on purpose")
    ledger.fresh(world, records=64)

    def losses():
        return [line for line in objects(None, "doctor") if line["check"] == "losses"]
    expect("losses of an empty pool", [(line["grade"], line["found"]) for line in losses()],
           [("ok", "none so far")])
    for _ in range(30):                 # ended ones, and listeners, more than there is room for
        _, mine, theirs = world.pair()
        for sock in (mine, theirs):
            sock.setsockopt(*lives.LINGER_0)
            sock.close()
    for _ in range(30):                 # living ones, the same
        world.pair()
    counted = nl.Client().do("stats-get")
    expect_true("both were lost, some for good", all(counted[name] for name in LOSSES))
    said = losses()
    expect("what the doctor names", sorted((line["grade"], *line["found"].split(" ")[:2]) for line in said),
           sorted(("warn", f"{name}:", str(counted[name])) for name in LOSSES))
    for line in said:
        expect_true(f"a remedy of {line['found']}: {line['remedy']}", "a larger records=" in line["remedy"])
        expect("whose remedy it is", [name for name, words in LOSSES.items() if words in line["remedy"]],
               [line["found"].split(":")[0]])


# Of which no trial tells: they take a reader of the feed, losses, segments that come out of order, MPTCP,
# TCP_REPAIR or two listeners.
UNTRIED = {"tcp_enter_loss", "tcp_rack_reo_timeout", "genl_bind", "mptcp_event", "mptcp_token_new_connect",
           "mptcp_close", "mptcp_shutdown", "inet_reqsk_clone", "tcp_send_window_probe", "__inet_listen_sk"}


def probe(world, status=0):
    """What doctor --probe says of the canary: (all lines but the last, the last)."""
    for part in ("transitions", "counters", "segments", "missing"):
        world.excuse(part, "connections are made in a namespace that is not of this scenario")
    said = [json.loads(line) for line in run(None, "doctor", "--probe", "--json", status=status)[0].split("\n") if line]
    schema.expect_valid(said)
    canary = [line for line in said if line["check"] == "canary"]
    expect_true(f"the canary has something to say: {said}", canary)
    return canary[:-1], canary[-1]


@scenario("tcplc hooks", "doctor --probe: each hook that is tried puts on record what it should, whatever is left"
          " out; the others are named", virtual=True)
def doctor_probe_finds_all(world):
    client.need()
    attached = {row["symbol"] for row in nl.Client().dump("hook-get")}
    for setting in ((), ("exclude-loopback", "on"), ("ports", "7777")):
        if setting:
            run(None, "config", *setting)
        dark, sum_up = probe(world)
        expect(f"dark with {setting}", dark, [])
        expect("grade", sum_up["grade"], "ok")
        told, rest = sum_up["found"].split("; not tried: ")
        expect("not tried", set(rest.split(", ")) & attached, UNTRIED & attached)
        expect("told", told, f"{len(attached) - len(rest.split(', '))} of {len(attached)} hooks recorded what they should")
    world.reload()


# Each alone, one of them required: {what it probes: its handler}
BLIND = {"tcp_shutdown": "tlc_causes_on_shutdown", "tcp_v6_syn_recv_sock": "on_syn_recv_ipv6",
         "inet_twsk_kill": "tlc_timewait_on_kill"}


@scenario("tcplc hooks", "doctor --probe: a hook that is attached and tells nothing is named, with what is lost",
          virtual=True)
def doctor_probe_names_the_blind(world):
    client.need()
    for symbol, handler in BLIND.items():
        module.unload()
        world.reloaded = True
        with blind(handler):
            module.load()
        (row,) = [row for row in nl.Client().dump("hook-get") if row["symbol"] == symbol]
        grade, lost = ("warn", row["lost"]) if row.get("lost") else ("FAIL", "everything")
        dark, sum_up = probe(world, status=1 if grade == "FAIL" else 0)
        expect(f"what is said of {symbol}", [(line["grade"], line["found"]) for line in dark],
               [(grade, f"{symbol} recorded nothing of a connection made for it; missing from records: {lost}")])
        expect_true("there is a remedy", dark[0]["remedy"])
        expect_true(f"the sum: {sum_up}", sum_up["grade"] != "ok")
    world.reload()


@scenario("tcplc hooks", "doctor --probe, kprobes switched off: nothing is on record, and it says so", virtual=True)
def doctor_probe_in_silence(world):
    client.need()
    with silenced("/sys/kernel/debug/kprobes/enabled"):
        dark, sum_up = probe(world, status=1)
    expect("single hooks", dark, [])
    expect("what is said", (sum_up["grade"], sum_up["found"]),
           ("FAIL", "none of the test connections was recorded"))


def top_counts(world):
    """Between two looks three connections began: it says so of the peer and of the process."""
    top = Follower(world.client, "top", "--json", "-n", 2, "-d", 2)
    try:
        wait.until("its first look", lambda: list(top.lines()))
        for _ in range(3):
            world.pair()
        wait.until("its second look", lambda: len(list(top.lines())) == 2)
        looks = [json.loads(line) for line in top.lines()]
    finally:
        top.close()
    schema.expect_valid(looks)
    first, second = looks
    server = str(world.server.address(4))
    with open("/proc/self/comm") as file:
        comm = file.read().strip()
    for key, name, wanted in (("peers", "remote", server), ("processes", "comm", comm)):
        expect(f"{key}: a rate in the first look", [p for p in first[key] if "born_per_second" in p], [])
        found, = (p for p in second[key] if p[name] == wanted)
        expect(f"{key}: what began in two seconds", round(found["born_per_second"] * 2), 3)
        expect_true(f"{key}: open ones", found["open"] >= 3)


@scenario("tcplc", "doctor, stats, listeners, config and clear say what netlink says")
def other_commands(world):
    client.need()
    world.reload()
    lives.make(world)()
    known = nl.Client()
    out = run(None, "doctor")[0]
    expect_true(f"doctor: {out}", out)
    got = objects(None, "stats")
    text = json.dumps(got)
    for name in ("live", "dead", "capacity"):
        number = known.do("stats-get")[name]
        expect_true(f"stats --json has {name} {number}: {text[:300]}",
                    re.search(rf'"{name}": {number}\b', text))
    run(None, "stats")
    top_counts(world)
    run(world.server, "listeners")
    run(None, "config", "retention", 77)
    expect("retention", known.do("config-get")["retention"], 77)
    expect_true("config shows it", "77" in run(None, "config")[0])
    dead = known.do("stats-get")["dead"]
    out = run(None, "clear", "--yes")[0]
    expect("dead after clear", known.do("stats-get")["dead"], 0)
    expect_true(f"clear says how many: {out}", str(dead) in out)
    for part in ("missing", "transitions"):
        world.excuse(part, "records were dropped on purpose")


@scenario("tcplc", "a broken pipe and Ctrl-C end it quietly; --netns looks into another namespace")
def quiet_ends(world):
    client.need()
    for _ in range(60):
        world.pair()
    done = subprocess.run("tcplc --netns client list --wide | head -n 1; echo ${PIPESTATUS[0]}",
                          shell=True, executable="/bin/bash", text=True, capture_output=True)
    expect("errors at a broken pipe", done.stderr, "")
    expect_true(f"its status is success or SIGPIPE's: {done.stdout[-200:]}",
                done.stdout.rstrip().split("\n")[-1] in ("0", "141"))
    expect("of namespace client", ids(objects(None, "--netns", "client", "list")),
           {f"{r.cookie:x}.{r.generation}" for r in world.client.view().records})
    everywhere = ids(objects(None, "--netns", "all", "list"))
    for side in (world.client, world.server):
        expect_true(f"{side.name} is part of all", everywhere >= {
            f"{r.cookie:x}.{r.generation}" for r in side.view().records})
    watch = Watch(world.client, "--json")
    try:
        time.sleep(2)
        _, mine, _ = world.pair()
        wait.until("an event", lambda: any(True for _ in watch.lines()))
        expect("status after Ctrl-C", watch.stop(signal.SIGINT), lambda n: n in (0, 130, -signal.SIGINT))
        expect("what it says after Ctrl-C: no more than how many there were", watch.errors,
               lambda said: re.fullmatch(r"(tcplc: \d+ events, \d+ shown, none lost\n)?", said))
    finally:
        watch.close()


def told_of(lines):
    """How many events watch --json told, and how many it said it lost."""
    events = lost = 0
    for line in lines:
        if line.startswith('{"lost":'):
            lost += json.loads(line)["lost"]
        else:
            events += 1
    return events, lost


def transitions_of(lines):
    """{id: ["FROM>TO", ...]} as watch --json told them."""
    moves = {}
    for line in lines:
        found = json.loads(line)
        schema.expect_valid([found])
        for entry in found["entries"]:
            if entry["from"] == entry["to"]:
                continue
            told = moves.setdefault(found["id"], [])
            if entry.get("replaces"):
                del told[-entry["replaces"]:]
            told.append(f"{entry['from']}>{entry['to']}")
    return moves


def watch_many(world, connections, threads, *options):
    quiet(world, records=200_000)
    side = world.client
    watch = Watch(side, "--json", *options)
    try:
        wait.until("tcplc watch to listen", lambda: listens(side))
        before = stats(side)
        churn = Churn(side, world.port(), connections, threads)
        try:
            churn.finish()
        finally:
            churn.kill()
        # TIME_WAIT, too: on a slow machine the first end before the last connection is closed.
        ledger.await_living(0, 600, "the end of 2MSL of all of them")
        wait.until("the last of it", lambda: _stands_still(side, watch.path), 600)
        seq, ring = settled(side)
        expect("status after SIGTERM or SIGINT", watch.stop(signal.SIGINT),
               lambda n: n in (0, 130, -signal.SIGINT))
        events, lost = told_of(watch.lines())
        made = seq - before["feed-seq"]
        print(f"note: tcplc watch: {made} events made, {events} told, {lost} said to be lost;"
              f" {watch.errors.strip()[-200:]}")
        expect("told and said to be lost are all there were", events + lost,
               made + ring - before["feed-lost"])
        if not lost:
            wanted = {name: re.findall(r"^\+\S+ (\S+>\S+) ", "\n".join(entries), re.M)
                      for name, _, entries in records_of(text_of(side))}
            moves = transitions_of(watch.lines())
            wrong = [name for name in {*wanted, *moves} if wanted.get(name) != moves.get(name)]
            expect(f"connections whose transitions are told otherwise, as"
                   f" {[(wanted.get(n), moves.get(n)) for n in wrong[:2]]}", len(wrong), 0)
            expect_true("all of them", len(wanted) >= 2 * connections)
            expect("not to the end", [n for n, told in wanted.items() if told[-1:] and not told[-1].endswith(">CLOSED")][:2],
                   [])
        return lost
    finally:
        watch.close()


def _stands_still(side, path):
    """Nothing is told, nor made."""
    before = os.path.getsize(path), settled(side)
    time.sleep(3)
    return (os.path.getsize(path), settled(side)) == before


@scenario("tcplc feed", "tcplc watch beside 2,000 connections: every transition exactly once", virtual=True,
          shared=15)
def watch_all(world):
    expect("lost", watch_many(world, 2000, 2, "--buffer", 256 << 20), 0)


@scenario("tcplc feed", f"tcplc watch beside {CONNECTIONS:,} connections on two processors: every transition"
          " exactly once, or how many were lost", smp=True, limit=3000, shared=75)
def watch_all_smp(world):
    watch_many(world, CONNECTIONS, 4)
