# SPDX-License-Identifier: GPL-2.0-only
"""tcplc log, and the groups it reads: each connection once as it ends, or how many were lost."""
import json
import os
import re
import signal
import socket
import time

from lib import child, lives, missed, net, nl, patience, record, wait
from lib.client import Log, run
from lib.failure import expect, expect_true
from lib.feed import records_of
from lib.helper import Churn, starved
from lib.registry import scenario
from scenarios.access import bring_up_loopback
from scenarios.netlink_feed import quiet, stats, text_of

# A burst, four ways to end; half of them stay in TIME_WAIT.
BURST = 400
MANY = patience.fewer(20_000)
# 2026-11-30T14:03:22.123456+00:00 and so on; see log_line.c.
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d +(\S+) +(\S+) +(\S+) +(\S+)"
                  r" +(\S+) +(\S+) +(\S+) +(\S+) +(\S+) +(\S+)$")


def names_of(lines):
    """The identities of the records in `log --json`, each as often as it is there."""
    return [json.loads(line)["id"] for line in lines if not line.startswith('{"lost":')]


def lost_of(lines):
    return sum(json.loads(line)["lost"] for line in lines if line.startswith('{"lost":'))


def ended_of(side):
    """{identity: its line} of all ended connections on record there."""
    return {name: line for name, line, _ in records_of(text_of(side))
            if " state=CLOSED " in line and " open=listener " not in line}


def nothing_lives(side):
    """Of connections; listeners may."""
    return all(" state=CLOSED " in line for _, line, _ in records_of(text_of(side))
               if " open=listener " not in line)


def numbers(side):
    got = stats(side)
    return got["ended-seq"], got["ended-lost"]


def stop(log):
    expect("status after Ctrl-C", log.stop(signal.SIGINT), 0)


def churned(side, port, connections, threads=2):
    churn = Churn(side, port, connections, threads)
    try:
        churn.finish()
    finally:
        churn.kill()


def burst(world, connections, threads):
    """Connections that all end while the log is there; what it told is what is on record."""
    side = world.client
    before = numbers(side)
    log = Log(side, "--json", "--buffer", "256M")
    try:
        churned(side, world.port(), connections, threads)
        wait.until("the end of 2MSL of all of them", lambda: nothing_lives(side), 300)
        wanted = ended_of(side)
        wait.until("the last of them", lambda: len(list(log.lines())) >= len(wanted), 60)
        stop(log)
        lines = list(log.lines())
        told, lost = names_of(lines), lost_of(lines)
        print(f"note: {len(wanted)} ended, {len(told)} told; {log.errors.strip()}")
        expect("told twice", len(told) - len(set(told)), 0)
        expect("lost", lost, 0)
        expect("told, and not on record", set(told) - set(wanted), set())
        expect("on record, and not told", set(wanted) - set(told), set())
        # What makes them knows how many it made; both ends of each are here.
        expect("connections", len(told), 2 * connections)
        seq, gone = numbers(side)
        expect("numbers given, records lost", (seq - before[0], gone - before[1]), (len(told), 0))
        return [json.loads(line) for line in lines]
    finally:
        log.close()


@scenario("tcplc log", f"a burst of {BURST} connections: each end is logged once, with the whole record and all"
          " that is on it", virtual=True, shared=10)
def log_burst(world):
    quiet(world)
    side = world.client
    found = {one["id"]: one for one in burst(world, BURST, 2)}
    # As the record is now, by netlink: which is what "whole" means.
    asked = {one["id"]: one for one in map(json.loads, run(side, "list", "-e", "--json", "dead")[0].split("\n")[:-1])
             if one["open"] != "listener"}
    for name, one in found.items():
        age = asked[name].pop("age_us"), one.pop("age_us")
        expect(f"what only the message has, of {name}", one.pop("ended_lost"), 0)
        one.pop("ended_seq")
        expect(f"{name}: its age grows", age[0] >= age[1], True)
        expect(f"the record of {name}", one, asked[name])


@scenario("tcplc log", f"{MANY:,} connections on two processors: each end is logged once", smp=True,
          limit=3000, shared=60)
def log_many_smp(world):
    world.excuse("counters", "held to account here: an end that was missed is a gap")
    quiet(world, records=200_000)
    before, hits = record.read_header(), missed.total()
    burst(world, MANY, 4)
    after = record.read_header()
    more, unseen = (now - then for now, then in zip(missed.total(), hits))
    print(f"note: missed {unseen} of {more} hits; gaps {after.gaps - before.gaps}")
    for name in ("untracked", "evicted", "dropped", "illegal"):
        expect(f"the header's {name} did not rise", getattr(after, name), getattr(before, name))
    # One interrupt at the wrong moment may run the timers of many TIME_WAITs unseen (lib/missed.py);
    # the census ends them, each with a gap. There are no others.
    expect_true(f"{after.gaps - before.gaps} gaps, {after.missed - before.missed} hits missed",
                after.gaps - before.gaps <= after.missed - before.missed)
    expect_true("1 hit in 1,000 at most", unseen * 1000 <= more)


@scenario("tcplc log", "a line says when and with which zone, who, both ends, how it opened and ended; as"
          " soon as it ended, into a pipe, too")
def log_line(world):
    log = Log(world.client)
    try:
        _, mine, theirs = world.pair()
        here, there = net.local(mine), net.remote(mine)
        mine.sendall(b"x" * 1000)
        theirs.recv(1000)
        lives.finish(theirs, mine)      # TIME_WAIT is the other end's
        wait.until("its line", lambda: len(list(log.lines())) == 2)
        head, line = log.lines()
        expect("the columns", head.split(), "ENDED WHO WHERE LOCAL REMOTE OPEN TX RX LIVED CLOSE FIRST".split())
        found = LINE.match(line)
        expect_true(f"the line {line!r}", found)
        comm = f"{open('/proc/self/comm').read().strip()}/{os.getpid()}"
        expect("who, ends, open, bytes", (found[1], *found.groups()[2:7]),
               (comm.replace(" ", "\\x20"), f"{here[0]}:{here[1]}", f"{there[0]}:{there[1]}", "active", "1000", "0"))
        expect("how it ended, and who was first", found.groups()[8:], ("fin", "peer"))
        # By the clock of the client's process, read through a zone of its own.
        stamp = time.mktime(time.strptime(line[:19], "%Y-%m-%dT%H:%M:%S"))
        expect_true(f"{line[:32]} is now", abs(stamp - time.time()) < 60 * patience.factor)
        stop(log)
        expect("what it says", log.errors, "tcplc: 1 ended connection, 1 shown, none lost\n")
    finally:
        log.close()


@scenario("tcplc log", "the RST of a close() with data unread comes behind the end, and is on the line's record")
def log_rst_behind(world):
    log = Log(world.client, "--json")
    try:
        _, mine, theirs = world.pair()
        theirs.sendall(b"x" * 100)
        wait.until("the data", lambda: mine.recv(1, socket.MSG_PEEK))
        mine.close()
        wait.until("its line", lambda: list(log.lines()))
        one, = map(json.loads, log.lines())
        expect("causes at its end", [entry["cause"] for entry in one["entries"]][-1], "rst-out")
        expect("state", one["state"], "CLOSED")
    finally:
        log.close()


@scenario("tcplc log", "--since: those on record first, then the rest, while connections end all the time: none"
          " is left out, none comes twice", virtual=True, shared=10)
def log_since(world):
    quiet(world)
    side = world.client
    port = world.port()
    churned(side, port, 100)
    logs = []
    churn = Churn(side, world.port(), 300, 2, 3000)
    try:
        wait.until("some of them", lambda: len(ended_of(side)) > 120)
        # Several, which begin as connections end: each is a seam of its own.
        for _ in range(3):
            logs.append(Log(side, "--json", "--since", "1h", "--buffer", "256M"))
        churn.finish()
        wait.until("the end of 2MSL of all of them", lambda: nothing_lives(side), 300)
        wanted = ended_of(side)
        expect("on record", len(wanted), 800)
        for log in logs:
            wait.until("the last of them", lambda: len(list(log.lines())) >= len(wanted), 60)
            stop(log)
            told = names_of(log.lines())
            expect("told twice", len(told) - len(set(told)), 0)
            expect("told, and on record", set(told) ^ set(wanted), set())
            expect("what it says", log.errors, "tcplc: 800 ended connections, 800 shown, none lost\n")
    finally:
        churn.kill()
        for log in logs:
            log.close()


@scenario("tcplc log", "--since TIME leaves out what ended before, a filter what does not pass, -n ends it")
def log_choose(world):
    side = world.client
    first, second = world.port(), world.port()
    for port in (first, second):
        _, mine, theirs = world.pair(port)
        lives.finish(theirs, mine)
        world.ended(side, port)
    ends = [f":{port}" for port in (first, second)]
    out, said = run(side, "log", "-H", "--since", "1h", "-n", 2, "dport", f"{first}-{second}")
    expect("ends, oldest first", [line.split()[4][-5:] for line in out.splitlines()], ends)
    expect("what it says", said, lambda text: "2 shown, none lost" in text)
    out, _ = run(side, "log", "-H", "--since", "1h", "-n", 1, "dport", second)
    expect("with a filter", [line.split()[4][-5:] for line in out.splitlines()], ends[1:])
    # A second and more behind the end of both.
    time.sleep(2 * patience.factor)
    log = Log(side, "-H", "--since", "1s")
    try:
        _, mine, theirs = world.pair()
        port = net.remote(mine)[1]
        lives.finish(theirs, mine)
        wait.until("its line", lambda: list(log.lines()))
        expect("only the one of later", [line.split()[4][-5:] for line in log.lines()], [f":{port}"])
    finally:
        log.close()


@scenario("tcplc log", "records that go before they could be sent: so many are said to be lost, and with what was"
          " logged these are all there were", virtual=True, shared=10)
def log_losses(world):
    quiet(world)
    for part in ("counters", "missing", "books"):
        world.excuse(part, "the table is too small for them")
    world.reload(records=64)
    side = world.client
    before = numbers(side)
    log = Log(side, "--json")
    try:
        # While these run, nothing else does: not the module's worker either.
        with starved():
            churn = Churn(side, world.port(), 300, 1, prefix=("chrt", "-f", "50"))
            try:
                churn.finish()
            finally:
                churn.kill()
        wait.until("the end of 2MSL of all of them", lambda: nothing_lives(side), 300)

        def settled():
            seq, lost = numbers(side)
            lines = list(log.lines())
            return (len(names_of(lines)), lost_of(lines)) == (seq - before[0], lost - before[1])
        wait.until("what it says of the lost ones", settled, 60)
        stop(log)
        seq, lost = numbers(side)
        print(f"note: {seq - before[0]} sent, {lost - before[1]} lost; {log.errors.strip()[-200:]}")
        expect_true("some were lost", lost > before[1])
        born = stats(None)["born"] - 1          # but for the listener
        untracked = stats(None)["untracked"]
        print(f"note: {born} records, {untracked} connections without one")
        expect("sent and lost are all that had a record", seq - before[0] + lost - before[1], born)
        expect("said on standard error", log.errors, lambda text: f"{lost - before[1]} in the kernel)" in text)
    finally:
        log.close()


@scenario("netlink log", "ynl reads the group by the spec alone: the message is the record, its numbers have no gap;"
          " all-ended has those of both namespaces")
def log_ynl(world):
    own, every = nl.Client(world.client, nl.ENDED), nl.Client(None, nl.ALL_ENDED)
    before = numbers(world.client)[0]
    cookies, got, all_of_them = [], [], []
    try:
        for _ in range(3):
            _, mine, theirs = world.pair()
            cookies.append(net.cookie(mine))
            lives.finish(theirs, mine)

        def came():
            got.extend(own.ended())
            all_of_them.extend(every.ended())
            return len(got) >= 3 and len({one["cookie"] for one in all_of_them} & set(cookies)) == 3
        wait.until("three messages", came)
        expect("whose they are, in order", [one["cookie"] for one in got], cookies)
        expect("their numbers", [one["ended-seq"] for one in got], [before, before + 1, before + 2])
        asker = nl.Client(world.client)
        for one in got:
            record = asker.do("conn-get", cookie=one["cookie"])
            for name in ("ended-seq", "ended-lost", "age-us"):
                one.pop(name), record.pop(name, None)
            expect("the message is the record", one, record)
        asker.close()
        seqs = [one["ended-seq"] for one in all_of_them]
        expect("numbers of all-ended", seqs, list(range(seqs[0], seqs[0] + len(seqs))))
        expect("namespaces of all-ended", {one["netns"] for one in all_of_them} - {world.server.inode},
               {world.client.inode})
    finally:
        own.close()
        every.close()


@scenario("netlink log", "who is root of his own user namespace gets what ends in his own network namespace, and no"
          " more; who has no right is refused; a process in a pid namespace of its own is told no numbers")
def log_access(world):
    nl.library()

    def inside():
        child.become_nobody()
        child.new_user_namespace()
        child.unshare(child.CLONE_NEWNET)
        bring_up_loopback()
        reader, other = nl.Client(group=nl.ENDED), nl.Raw()
        other.join(nl.ALL_ENDED)        # carries messages in the first namespace only
        listener = socket.create_server(("127.0.0.1", 4322))
        mine = socket.create_connection(("127.0.0.1", 4322))
        theirs, _ = listener.accept()
        cookies = {net.cookie(mine), net.cookie(theirs)}
        mine.setsockopt(*lives.LINGER_0)
        mine.close()
        got = []

        def came():
            got.extend(reader.ended())
            return {one["cookie"] for one in got} >= cookies
        wait.until("both ends", came)
        return {"inode": os.stat("/proc/self/ns/net").st_ino, "cookies": cookies, "got": got,
                "all": len(other.drain()[0])}

    world.pair()
    lives.finish(*world.pair()[1:])
    seen = child.call(inside)
    expect("whose ends", {one["cookie"] for one in seen["got"]}, seen["cookies"])
    expect("namespaces", {one["netns"] for one in seen["got"]}, {seen["inode"]})
    expect("uids, in the reader's terms", {one["uid"] for one in seen["got"] if "uid" in one}, {0})
    expect("messages to all-ended", seen["all"], 0)

    def refused():
        child.become_nobody()
        with nl.Raw() as raw:
            for group in (nl.ENDED, nl.ALL_ENDED):
                try:
                    raw.join(group)
                    return group
                except PermissionError:
                    pass
    expect("what nobody may join", child.call(refused), None)
    # Before: the host's own reader is told the numbers.
    reader = nl.Client(world.client, nl.ENDED)
    try:
        one = ended_one(world, reader)
        expect("pid", one.get("pid"), os.getpid())

        def from_elsewhere():
            child.unshare(child.CLONE_NEWPID)
            pid = os.fork()             # the first process there
            if pid:
                return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with nl.Raw(world.client) as raw:
                raw.join(nl.ENDED)
                _, mine, theirs = world.pair()
                cookie = net.cookie(mine)
                lives.finish(theirs, mine)
                kind = nl.Client(world.client).value("conn", "cookie")
                while True:
                    for message in raw.take():
                        found = dict(message.attributes)
                        if int.from_bytes(found[kind], "little") == cookie:
                            os._exit(nl.Client(world.client).value("conn", "pid") in found)
        expect("a process of another pid namespace is told a pid", child.call(from_elsewhere), 0)
    finally:
        reader.close()


def ended_one(world, reader):
    """A connection that ends; its message."""
    _, mine, theirs = world.pair()
    cookie, got = net.cookie(mine), []
    lives.finish(theirs, mine)

    def came():
        got.extend(one for one in reader.ended() if one["cookie"] == cookie)
        return got
    wait.until("its message", came)
    return got[0]


@scenario("tcplc log", "whose reader has gone, it goes, with status 0; while nobody listens nothing is numbered")
def log_leaves(world):
    side = world.client
    with side.entered():
        status = os.system("tcplc log -H --since 1h | head -n 0; sleep 0")
    expect("status of the pipe", status, 0)
    time.sleep(nl.FORGOTTEN)
    before = numbers(side)
    port = world.port()
    _, mine, theirs = world.pair(port)
    lives.finish(theirs, mine)
    world.ended(side, port)
    expect("numbers", numbers(side), before)
