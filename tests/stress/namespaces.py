# SPDX-License-Identifier: GPL-2.0-only
"""Network namespaces that come and go with all that lives in them."""
import contextlib
import os
import random
import signal
import socket
import traceback

from lib import child, ledger, nl, wait
from lib.failure import expect, expect_true
from lib.lives import LINGER_0
from lib.registry import scenario
from scenarios.netlink_races import Crowd

NAMESPACES, WORKERS, EACH = 400, 4, 8
CONN_GET = 1


def half_read():
    """What keeps its namespace alive until it is closed: a file and a dump, begun and not read
    to the end, and a subscription."""
    fd = os.open("/proc/thread-self/net/tcp_lifecycle", os.O_RDONLY)
    os.read(fd, 200)
    raw, listener = nl.Raw(), nl.Raw()
    raw.send(CONN_GET, flags=nl.REQUEST | nl.ACK | nl.DUMP)
    listener.join()
    return [os.fdopen(fd, "rb", 0), raw, listener]


def connections():
    """Some that live, one in TIME_WAIT, one reset, one half closed, one refused: the sockets."""
    listener = socket.create_server(("127.0.0.1", 5000), backlog=EACH)
    kept = [listener]
    for way in range(EACH):
        mine = socket.create_connection(("127.0.0.1", 5000))
        theirs, _ = listener.accept()
        if way == 0:
            mine.close(), theirs.close()
        elif way == 1:
            mine.setsockopt(*LINGER_0)
            mine.close()
        elif way == 2:
            mine.shutdown(socket.SHUT_WR)
        kept += [mine, theirs]
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 5001))
    # Two of these wait to be accepted for ever.
    kept += [socket.create_connection(("127.0.0.1", 5000)) for _ in range(2)]
    wait.until("both to be there to be accepted", lambda: opened()[1] >= EACH + 2)
    return kept


def opened():
    """Connections begun in this namespace, by the kernel's counters: (actively, passively)."""
    with open("/proc/thread-self/net/snmp") as file:
        names, values = [line.split() for line in file if line.startswith("Tcp:")]
    counters = dict(zip(names, values))
    return int(counters["ActiveOpens"]), int(counters["PassiveOpens"])


def live_and_die(rounds, seed):
    """One namespace after the other; the connections begun in all of them, as opened() tells them."""
    dice, before, begun = random.Random(seed), [], (0, 0)
    for _ in range(rounds):
        child.unshare(child.CLONE_NEWNET)
        child.lo_up()
        sockets = connections()
        begun = tuple(map(sum, zip(begun, opened())))
        readers = half_read()
        things = sockets + readers if dice.random() < 0.5 else sockets
        dice.shuffle(things)
        for thing in things:
            thing.close()
        # The others go when their process is in the next one.
        for reader in before:
            reader.close()
        before = readers
    return begun


def worker(number, rounds, write):
    try:
        os.write(write, b"%d %d\n" % live_and_die(rounds, number))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def host_reads():
    """A dump of all namespaces, all of it."""
    with nl.Raw() as raw:
        raw.send(CONN_GET, nl.attribute(ALL_NETNS), flags=nl.REQUEST | nl.ACK | nl.DUMP)
        raw.answer()
    return True


ALL_NETNS = ledger.numbers("TCP_LIFECYCLE_A_CONN_")["all_netns"]


@scenario("W5 C8", f"{NAMESPACES} network namespaces made and destroyed on four processors with connections"
          " and readers in them, while the host dumps all: each of their records ends, and their memory comes back",
          smp=True, limit=4 * 3600)
def namespaces_come_and_go(world):
    world.excuse("counters", "missed hits are in the ledger")
    total = ledger.size(NAMESPACES, 12) // WORKERS
    ledger.fresh(world)
    before = ledger.memory()
    host = Crowd(host_reads, 2)
    workers, (read, write) = [], os.pipe()
    try:
        for number in range(WORKERS):
            pid = os.fork()
            if not pid:
                worker(number, total, write)
            workers.append(pid)
        ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
        os.close(write)
        dumps = sum(host.counts())
    finally:
        readers = host.end()
    expect("how the host's readers ended", readers, [-signal.SIGKILL] * 2)
    expect("how the workers ended", ends, [0] * WORKERS)
    with os.fdopen(read) as file:
        active, passive = map(sum, zip(*(map(int, line.split()) for line in file)))
    # Where a hit was missed the census finds whom it left behind.
    ledger.await_living(0, 180)
    totals = ledger.stats()
    made = WORKERS * total
    # One connect() in each was refused: no child came of it.
    ledger.Ledger("connection ends and listeners", active + passive + made) \
        .recorded(recorded=ledger.begun(totals)).second_children(passive + made - active) \
        .lost(without_room=totals["untracked"]).missed(totals["missed"]) \
        .note(namespaces=made, dumps_of_all=dumps) \
        .witness("opened actively in each", active / made, EACH + 3) \
        .witness("ended records", sum(n for key, n in totals.items() if key[0] == "close"),
                 totals["born"]).close()
    expect_true(f"a gap for each missed hit at most: {totals['gaps']}, {totals['missed']}",
                totals["gaps"] <= totals["missed"])
    grown = ledger.memory()["Percpu"] - before["Percpu"]
    print(f"note: per-CPU memory grew by {grown >> 10} KiB")
    expect("per-CPU memory that was not given back", grown, lambda n: n < max(2 << 20, 2048 * made))
