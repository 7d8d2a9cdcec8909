# SPDX-License-Identifier: GPL-2.0-only
"""Names of where an owner ran: unit, slice, container, pod, as of the time somebody looked."""
import contextlib
import json
import os
import socket
import time

from lib import child, client, lives, module, net, wait
from lib.client import Log, objects, run
from lib.failure import expect, expect_true
from lib.registry import scenario

ROOT = "/sys/fs/cgroup"
ID = "3f2a9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9fa0b1c2"
UID = "6f1c0a52-1d2e-4f3a-8b4c-9d5e6f708192"
UNIT = "/tlc.slice/orders.service"
POD = f"/kubepods/burstable/pod{UID}/{ID}"
NAMES = ("cgroup_path", "unit", "slice", "container", "pod")


@contextlib.contextmanager
def cgroup(path):
    """There while the block runs, with the parts above it."""
    made = []
    for end in [i for i, c in enumerate(path + "/") if c == "/"][1:]:
        if not os.path.isdir(ROOT + path[:end]):
            os.mkdir(ROOT + path[:end])
            made.append(ROOT + path[:end])
    try:
        yield
    finally:
        for one in reversed(made):
            os.rmdir(one)


def connected_in(path, world, port, listener):
    """Both ends of a connection; connect() was called in that cgroup, by a process that is gone."""
    with world.client.entered():
        mine = socket.socket()
    world.client.sockets.append(mine)

    def work():
        with open(f"{ROOT}{path}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(os.getpid()))
        mine.connect((str(world.client.peer(4)), port))
        return 0
    expect("it has connected", os.waitstatus_to_exitcode(os.waitpid(child.start(work), 0)[1]), 0)
    theirs = listener.accept()[0]
    world.server.sockets.append(theirs)
    return mine, theirs


def sleeps(log):
    """It has read all there is: what can be read keeps it from sleeping."""
    with open(f"/proc/{log.process.pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(") ", 1)[1][0] == "S"


def names(found):
    return {name: found[name] for name in NAMES if name in found}


def of_port(side, port, *words):
    """Names of the one that connected from there, of what the command lists."""
    return [names(c) for c in objects(side, *words) if c.get("local_port") == port]


def told(log, *ports):
    """Names of those that connected from there, once all of them are in the log."""
    found = {}
    for line in log.lines():
        with contextlib.suppress(ValueError):       # a line that is being written
            one = json.loads(line)
            found[one.get("local_port")] = names(one)
    return [found[port] for port in ports] if set(ports) <= set(found) else None


def said_of(side, *words):
    return " ".join(run(side, *words)[0].split())


@scenario("tcplc", "a process of a unit and one of a pod connect: unit, container and pod are in list, show, summary, log and the"
          " filter, kept by save; once the cgroup is gone list says that it is not known, and the file and a log that ran"
          " have it still", virtual=True, shared=4)
def where_it_ran(world):
    client.need()
    unit = {"cgroup_path": UNIT, "unit": "orders.service", "slice": "tlc.slice"}
    pod = {"cgroup_path": POD, "container": ID, "pod": UID}
    port = world.port()
    listener = world.server.listen(port)
    path = "/tmp/tlc-where.zst"
    with contextlib.closing(Log(world.client, "--json")) as log:
        with cgroup(UNIT), cgroup(POD):
            one = connected_in(UNIT, world, port, listener)
            other = connected_in(POD, world, port, listener)
            first, second = (net.remote(pair[1])[1] for pair in (one, other))
            id_of = {c["local_port"]: c["id"] for c in objects(world.client, "list", "open", "active")}
            expect("the number is the folder's", [c["cgroup"] for c in objects(world.client, "list", "sport", first)],
                   [os.stat(ROOT + UNIT).st_ino])
            expect("of the unit", of_port(world.client, first, "list"), [unit])
            expect("of the pod", of_port(world.client, second, "list"), [pod])
            # Who may not open a cgroup by its number walks.
            expect("for a reader without CAP_DAC_READ_SEARCH", [names(json.loads(line)) for line in world.client.run(
                "setpriv", "--bounding-set", "-dac_read_search", "--inh-caps", "-dac_read_search", "--", "tcplc", "list",
                "--json", "sport", str(second)).splitlines()], [pod])
            for text, wanted in (("unit orders", [first]), ("unit orders.service", [first]), ("container 3f2a9c", [second]),
                                 (f"pod {UID}", [second]), (f"cgroup {UNIT}", [first])):
                expect(text, [c["local_port"] for c in objects(world.client, "list", text)], wanted)
            expect_true("columns", f"orders.service tlc.slice - - {UNIT}" in said_of(
                world.client, "list", "-H", "-w", "-o", "unit,slice,container,pod,cgroup", "sport", first))
            expect_true("show", f"ran in container {ID}; pod {UID}; cgroup {POD}" in
                        said_of(world.client, "-w", "show", id_of[second]))
            summed = {row["by"]["unit"]: row["count"] for row in objects(world.client, "summary", "by", "unit", "sport",
                                                                         f"{first},{second}")}
            expect("summary by unit", summed, {"orders.service": 1, "-": 1})
            run(world.client, "save", path)
            wait.until("the log to have looked", lambda: sleeps(log))
        gone = said_of(world.client, "-w", "show", id_of[first])
        expect_true(f"now it is not known: {gone}", "whose path is not known: it was gone when tcplc looked, or could not be seen" in gone)
        expect("nor in JSON", of_port(world.client, first, "list"), [{}])
        expect("a unit that is not known is none", objects(world.client, "list", "unit", "orders"), [])
        expect("the file has it", [of_port(None, number, "-r", path, "list") for number in (first, second)], [[unit], [pod]])
        expect("and finds by it", [c["local_port"] for c in objects(None, "-r", path, "list", "unit", "orders")], [first])
        for pair in (one, other):
            lives.finish(*pair)
        world.ended(world.client, first, timeout=120)
        world.ended(world.client, second, timeout=120)
        expect("a log that ran then has them",
               wait.until("both to be in the log", lambda: told(log, first, second)), [unit, pod])
    os.unlink(path)


def watched_by(log):
    """Folders that it has a watch on."""
    folder, lines = f"/proc/{log.process.pid}/fdinfo", []
    for name in os.listdir(folder):
        with contextlib.suppress(OSError), open(f"{folder}/{name}", encoding="ascii") as file:
            lines += file.read().split("\n")
    return sum(line.startswith("inotify ") for line in lines)


@scenario("tcplc log", "cgroups come and go: the log lets go of each that went, and notices beside them that the module"
          " was unloaded", virtual=True)
def cgroups_come_and_go(world):
    client.need()
    with contextlib.closing(Log(world.client, "--json")) as log:
        wait.until("the log to have looked", lambda: sleeps(log))
        before = watched_by(log)
        expect_true(f"it watches all there are: {before}", before == sum(1 for _ in os.walk(ROOT)))
        with cgroup("/tlc.slice/one.scope"):
            wait.until("two more", lambda: watched_by(log) == before + 2)
        wait.until("these to be let go", lambda: watched_by(log) == before)
        for _ in range(300):
            with cgroup("/tlc.slice"):
                pass
        wait.until("all of these to be let go", lambda: sleeps(log) and watched_by(log) == before)
        module.unload()

        def is_over():
            with cgroup("/tlc.slice"):
                time.sleep(0.2)
            return log.process.poll() is not None
        wait.until("the log to notice", is_over, 30)
        expect("its status", log.process.returncode, 1)
        expect_true(f"it says why: {log.errors}", "the module was unloaded" in log.errors)
    world.reload()
