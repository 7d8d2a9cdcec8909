# SPDX-License-Identifier: GPL-2.0-only
"""The feed: everything exactly once, or how much was lost."""
import signal
import time

from lib import lives, net, nl, patience, record, wait
from lib.failure import expect, expect_true
from lib.feed import Lives, expect_complete
from lib.helper import Churn, starved
from lib.registry import scenario

CONNECTIONS = patience.fewer(5_000)
# Of which no TIME_WAIT may end before the numbers are compared, on no kernel.
FEWER = patience.fewer(2_000)
# Seconds: twenty times as long as an event may wait for its batch (BATCH_DELAY in publish.c).
STILL = 0.2 * patience.factor


def stats(side=None):
    return nl.Client(side).do("stats-get")


def settled(side):
    """The feed's numbers, once they stand still."""
    last, since = None, 0

    def look():
        nonlocal last, since
        got = stats(side)
        now = got["feed-seq"], got["feed-lost"]
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since > STILL
    wait.until("the feed to stand still", look, 60)
    return last


def quiet(world, records=None):
    """Leave the transitions of thousands to the scenarios that are about them."""
    for part in ("transitions", "promises", "segments"):
        world.excuse(part, "the records are held against the witnesses elsewhere")
    if records:
        world.reload(records=records)
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    world.client.sysctl("net.ipv4.tcp_max_tw_buckets", 200_000)


def text_of(side):
    with side.entered():
        return record.read_text()


def feed_of_many(world, connections, threads):
    """All of them, with two readers that keep up."""
    quiet(world, records=200_000)
    side = world.client
    readers = [nl.Reader(side, "feed", nl.EVENTS, "-r", 64 << 20),
               nl.Reader(None, "feed", nl.ALL_EVENTS, "-r", 64 << 20)]
    before = stats(side)
    churn = Churn(side, world.port(), connections, threads)
    try:
        churn.finish()
        seq, lost = settled(side)
        totals = [reader.finish() for reader in readers]
        text = text_of(side)
        for total, reader, what in zip(totals, readers, ("events", "all-events")):
            print(f"note: {what}: {total}")
            expect(f"{what}: a reader that keeps up is never told ENOBUFS, and no number is missing",
                   (total["enobufs"], total["gaps"]), (0, 0))
            lines = list(reader.lines())
            # Those of scenarios before take their time to go, and what is in them.
            mine = [line for line in lines if line[0] in "#!" or f" netns={side.inode} " in line]
            total["events"] -= len(lines) - len(mine)
            told = Lives(mine)
            expect(f"{what}: events", told.events, total["events"])
            if not total["lost"]:
                expect_complete(told, text, 2 * connections)
        expect("numbers of the feed and events that came", seq - before["feed-seq"],
               totals[0]["events"])
        expect("the two readers got as many", totals[0]["events"], totals[1]["events"])
        expect("lost, as the feed and the statistics tell it", totals[0]["lost"], lost)
        return totals[0]
    finally:
        churn.kill()
        for reader in readers:
            reader.close()


@scenario("feed W2", f"{CONNECTIONS:,} connections on two processors: two readers get every entry of every"
          " record exactly once, or are told how many were lost", smp=True, limit=3000,
          shared=20)
def feed_all_smp(world):
    feed_of_many(world, CONNECTIONS, 4)


@scenario("feed W2", "2,000 connections: two readers get every entry of every record exactly once, none"
          " is lost", virtual=True, shared=10)
def feed_all(world):
    expect("lost", feed_of_many(world, 2000, 2)["lost"], 0)


@scenario("feed", "every sort of connection: the feed's entries are the record's, with state and verdict")
def feed_as_records(world):
    readers = [nl.Reader(side, "feed", nl.EVENTS) for side in (world.client, world.server)]
    try:
        lives.make(world)()
        for side in (world.client, world.server):
            settled(side)
        for side, reader in zip((world.client, world.server), readers):
            total = reader.finish()
            expect("lost, gaps", (total["lost"], total["gaps"]), (0, 0))
            text = text_of(side)
            expect_complete(Lives(reader.lines()), text, 10)
            last = {}
            for line in reader.lines():
                if line[0] != "#":
                    last[line.split(" ", 1)[0]] = line.split("\t")[0].split(" ")[1:]
            for name, line, _ in nl_records(text):
                # netns, family, local, remote, state, open, close, first
                want = line.split(" ")[2:10]
                got = last[name][:8]
                if " open=listener" in line:
                    want[3] = got[3]
                expect(f"the last event of {line}", got, want)
    finally:
        for reader in readers:
            reader.close()


def nl_records(text):
    from lib.feed import records_of
    return records_of(text)


@scenario("feed", "the first event after joining is delivered, however soon it comes; leaving and joining"
          " again goes on")
def from_the_first(world):
    port = world.port()
    listener = world.server.listen(port)
    for turn in range(5):
        sock = world.client.tcp()
        with nl.Raw(world.client) as raw:
            raw.join()
            sock.connect((world.client.peer(), port))
            world.server.sockets.append(listener.accept()[0])
            cookie, found = net.cookie(sock), []
            batch = nl.Client(world.client)
            kinds = {name: batch.value("batch", name) for name in ("seq", "lost", "event")}

            def told():
                for message in raw.take():
                    found.extend(payload for kind, payload in message.attributes
                                 if kind == kinds["event"])
                return len(found) >= 2
            wait.until("two events", told)
            first = dict(nl.attributes(found[0]))
            expect(f"turn {turn}: whose the first event is",
                   int.from_bytes(first[batch.value("conn", "cookie")], "little"), cookie)
            entry = dict(nl.attributes(first[batch.value("conn", "entry")]))
            expect(f"turn {turn}: its cause", entry[batch.value("entry", "cause")][0],
                   batch.family.consts["cause"].entries["connect"].value)
            batch.close()
        if turn % 2:
            time.sleep(nl.FORGOTTEN)


@scenario("feed", "without a listener nothing is numbered; with one in another namespace, neither",
          virtual=True)
def nobody_listens(world):
    time.sleep(nl.FORGOTTEN)
    before = [stats(side) for side in (world.client, world.server, None)]
    for _ in range(20):
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
    time.sleep(3)
    after = [stats(side) for side in (world.client, world.server, None)]
    expect("seq and lost of all feeds", [[s["feed-seq"], s["feed-lost"]] for s in after],
           [[s["feed-seq"], s["feed-lost"]] for s in before])
    expect("of all-events", after[2]["all-feed-seq"], before[2]["all-feed-seq"])
    with nl.Raw(world.server) as raw:
        raw.join()
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        settled(world.server)
        expect("the client's", settled(world.client)[0], after[0]["feed-seq"])
        expect_true("the server's went on", stats(world.server)["feed-seq"] > after[1]["feed-seq"])


@scenario("feed", "a listener that stops reading: ENOBUFS, then the gap in the numbers is exactly what it"
          " missed; the one beside it misses nothing", limit=900, shared=True)
def stalled(world):
    quiet(world, records=100_000)
    side = world.client
    client = nl.Client(side)
    kinds = {name: client.value("batch", name) for name in ("seq", "lost", "event")}
    reader = nl.Reader(side, "feed", nl.EVENTS, "-r", 64 << 20)
    raw = nl.Raw(side, receive=1 << 16)
    try:
        before = stats(side)
        raw.join()
        churn = Churn(side, world.port(), FEWER, 2)
        try:
            churn.finish()
        finally:
            churn.kill()
        settled(side)
        messages, full = raw.drain()
        expect_true(f"it was told ENOBUFS: {full} times", full >= 1)
        # It reads again: from the next batch on it knows what it missed.
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        seq, lost = settled(side)
        more, again = raw.drain()
        expect("ENOBUFS later", again, 0)
        expect_true("more came", more)
        got = missed = 0
        expected = None
        for message in messages + more:
            parts = message.attributes
            number = int.from_bytes(dict(parts)[kinds["seq"]], "little")
            missed += number - (before["feed-seq"] if expected is None else expected)
            events = sum(kind == kinds["event"] for kind, _ in parts)
            got, expected = got + events, number + events
        expect_true(f"it missed some: {missed}", missed > 5 * FEWER)
        expect("what it got and what it missed", got + missed, seq - before["feed-seq"])
        total = reader.finish()
        print(f"note: the stalled one got {got} and missed {missed}; the other: {total}")
        expect("the other one: events, gaps, ENOBUFS",
               (total["events"], total["gaps"], total["enobufs"]), (seq - before["feed-seq"], 0, 0))
        expect("lost in the ring", lost - before["feed-lost"], 0)
        expect_complete(Lives(reader.lines()), text_of(side), 2 * FEWER)
    finally:
        raw.close()
        reader.close()


@scenario("feed", "a reader that is held up, with a small buffer, proves by the numbers how many it missed",
          limit=900, shared=True)
def small_buffer(world):
    quiet(world, records=100_000)
    side = world.client
    slow = nl.Reader(side, "feed", nl.EVENTS, "-r", 4096)
    try:
        before = stats(side)
        slow.process.send_signal(signal.SIGSTOP)
        churn = Churn(side, world.port(), FEWER, 2)
        try:
            churn.finish()
        finally:
            churn.kill()
            slow.process.send_signal(signal.SIGCONT)
        # The last batch shows the gap before it.
        settled(side)
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        seq, lost = settled(side)
        total = slow.finish()
        print(f"note: {total}")
        expect_true(f"it missed some: {total['missed']}", total["missed"] > 5 * FEWER)
        expect("events and missed", total["events"] + total["missed"] + total["first"],
               seq if total["batches"] else total["first"])
        expect("its first number, or what it missed before", total["first"],
               lambda first: first >= before["feed-seq"])
        expect("lost", total["lost"], lost)
    finally:
        slow.close()


@scenario("feed", "all-events: those of every namespace, in one row of numbers")
def all_namespaces(world):
    everyone = nl.Reader(None, "feed", nl.ALL_EVENTS)
    own = nl.Reader(None, "feed", nl.EVENTS)
    try:
        for family in (4, 6):
            _, mine, theirs = world.pair(family=family)
            lives.finish(mine, theirs)
        for side in (world.client, world.server):
            settled(side)
        time.sleep(0.5)
        total, mine = everyone.finish(), own.finish()
        # Former namespaces may still be going, with what lived in them.
        wanted = {f"netns={side.inode}" for side in (world.client, world.server)}
        lines = [line for line in everyone.lines() if line[0] == "#" or line.split(" ")[1] in wanted]
        told = Lives(lines)
        expect("namespaces", {line.split(" ")[1] for line in lines if line[0] != "#"}, wanted)
        text = text_of(world.client) + text_of(world.server)
        lines = [line for line in text.split("\n") if not line.startswith("#")]
        expect_complete(told, "\n".join(["#", *lines]), 4)
        expect("gaps", total["gaps"], 0)
        expect("the host's own events meanwhile", mine["events"], 0)
    finally:
        everyone.close()
        own.close()


def events_in(text):
    """How many events the records of this text stand for. A FIN that is also the ACK
    of ours is told as Linux goes: by way of FIN_WAIT_2, and then once for the two."""
    moves = notes = double = 0
    for line in text.split("\n"):
        if not line.startswith("\t"):
            continue
        if ">" in line:
            moves += 1
            double += " cause=fin-with-ack " in line
        else:
            count = line.partition(" count=")[2]
            notes += int(count.split(" ")[0]) if count else 1
    return moves, notes, double


@scenario("feed W2", "the ring runs full: what was lost is announced, and with what came it is all there was",
          virtual=True)
def ring_overflow(world):
    quiet(world)
    world.reload(records=100_000, feed=256)
    side = world.client
    reader = nl.Reader(side, "feed", nl.EVENTS, "-r", 64 << 20)
    try:
        before = stats(side)
        # While these run, nothing else does: not the feed's worker either.
        with starved():
            churn = Churn(side, world.port(), 1000, 2, prefix=("chrt", "-f", "50"))
            try:
                churn.finish()
            finally:
                churn.kill()
        seq, lost = settled(side)
        _, mine, theirs = world.pair()
        lives.finish(mine, theirs)
        seq, lost = settled(side)
        total = reader.finish()
        text = text_of(side)
        told = Lives(reader.lines())
        print(f"note: {total}")
        expect_true(f"some were lost: {total}", total["lost"] > 100)
        expect("lost, as stats-get has it", total["lost"], lost)
        expect("gaps in the numbers, ENOBUFS: what was lost in the ring has no number",
               (total["gaps"], total["enobufs"]), (0, 0))
        expect("events and numbers", (told.events, seq - before["feed-seq"]), (total["events"],) * 2)
        moves, notes, double = events_in(text)
        made = total["events"] + lost - before["feed-lost"]
        print(f"note: on record {moves} transitions ({double} of them two in one), {notes} others; told or"
              f" lost {made}")
        expect("told and lost are what the records stand for", made, moves + notes + 2 * double)
    finally:
        reader.close()
