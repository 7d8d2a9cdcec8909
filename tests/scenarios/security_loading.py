# SPDX-License-Identifier: GPL-2.0-only
"""What rmmod leaves behind, and a kernel that takes no module, or no kprobe, from everybody."""
import concurrent.futures
import contextlib
import errno
import os
import platform
import re
import subprocess
import tempfile
import threading

from lib import client, cost, lives, module, net, nl, pagefault, patience, record, wait
from lib.failure import Failure, expect, expect_path, expect_true, lacking
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY

ROUNDS = 8
LOCKDOWN = "/sys/kernel/security/lockdown"
SIG_ENFORCE = "/sys/module/module/parameters/sig_enforce"
ENABLED = "/sys/kernel/tracing/enabled_functions"
# Where the kernel shows what a module has; in each some line names ours while it is loaded.
TRACES = {
    "/proc/modules": r"^tcp_lifecycle ", "/proc/kallsyms": r"\[tcp_lifecycle\]",
    "/proc/vmallocinfo": r"\[tcp_lifecycle\]|tcp_lifecycle|tlc_",
    module.PROBES: r"tcp_set_state|inet_twsk_kill|genl_bind",
    ENABLED: r"tcp_set_state|inet_twsk_kill|genl_bind",
}


def lines_of(path, pattern):
    with open(path) as file:
        return [line for line in file if re.search(pattern, line)]


def meminfo(name):
    """In kilobytes."""
    return int(lines_of("/proc/meminfo", f"^{name}:")[0].split()[1])


def family_is_there():
    try:
        with nl.Raw():
            return True
    except nl.Refused as refusal:
        expect("errno of asking for the family", refusal.errno, errno.ENOENT)
        return False


def expect_no_files(world):
    for side in (None, world.client, world.server):
        with nl.inside(side):
            expect("its files", [path for path in (*record.PATHS, "/proc/tcp_lifecycle_hooks",
                                                   f"/sys/module/{module.NAME}") if os.path.lexists(path)], [])
    expect_true("no family", not family_is_there())


def expect_gone(world):
    for path, pattern in TRACES.items():
        expect(f"what {path} has of it", lines_of(path, pattern), [])
    expect_no_files(world)


def ceil_pow2(n):
    return 1 << (n - 1).bit_length()


def possible_cpus():
    with open("/sys/devices/system/cpu/possible") as file:
        return int(re.split("[-,]", file.read())[-1]) + 1


def demanded(records, feed):
    """Kilobytes, as docs/security.md has it: records, their chains and those of MPTCP, rings."""
    return ((576 + 12) * records + (16 + 2) * ceil_pow2(records) + 120 * ceil_pow2(feed) * possible_cpus()) >> 10


# The kernel maps large amounts by 2 MB, and what others take meanwhile is in it.
ROUNDING_KB, OTHERS_KB = 2048, 256


@scenario("load", "memory: what the parameters ask for is what loading takes, whatever they are", shared=8)
def memory_by_parameters(world):
    cost.need_plain_kernel()
    for part in ("missing", "counters"):
        world.excuse(part, "the module comes and goes")
    said, least = [], None
    module.unload()
    for records, feed in ((64, 64), (131072, 64), (64, 131072), (100000, 3000)):
        module.load(records=64, feed=64)        # what only the first load takes
        module.unload()
        before = [meminfo(name) for name in ("VmallocUsed", "Slab", "Percpu")]
        module.load(records=records, feed=feed)
        taken = sum(meminfo(name) for name in ("VmallocUsed", "Slab", "Percpu")) - sum(before)
        module.unload()
        asked = demanded(records, feed)
        said.append(f"records={records} feed={feed}: asked {asked} kB, took {taken} kB")
        # All but the parameters' part is in the first.
        least = least or (asked, taken)
        more, rounded = taken - least[1] - (asked - least[0]), possible_cpus() if feed > 4096 else 0
        expect_true(f"{said[-1]}; {more} kB more than asked", abs(more) <= OTHERS_KB or
                    0 < more <= OTHERS_KB + rounded * ROUNDING_KB)
    expect_true(f"the module itself takes {least[1] - least[0]} kB", 0 < least[1] - least[0] < 1024)
    world.reload()
    print("note: " + "; ".join(said))


@scenario("load", "rmmod leaves nothing: no file, family, probe, symbol or mapping, also with readers half-way"
          " through, and after eight rounds no more per-CPU memory and no more slabs than after two", shared=18)
def nothing_left_behind(world):
    for part in ("missing", "counters"):
        world.excuse(part, "the module comes and goes")
    if not os.path.exists("/sys/kernel/debug/kprobes"):
        net.run("mount", "-t", "debugfs", "none", "/sys/kernel/debug")
    # On arm64 each kprobe is a breakpoint.
    on_ftrace = platform.machine() == "x86_64"
    for path, pattern in TRACES.items():
        expect(f"{path} names it while it is there", bool(lines_of(path, pattern)),
               on_ftrace or path != ENABLED)
    used = []
    for turn in range(ROUNDS):
        _, mine, theirs = world.pair()
        with contextlib.ExitStack() as held, world.client.entered():
            half = held.enter_context(open(record.path(), buffering=100))
            half.read(10)
            hooks = held.enter_context(open("/proc/tcp_lifecycle_hooks"))
            member = held.enter_context(nl.Raw())
            member.join()
            lives.finish(mine, theirs)
            module.unload()
            world.reloaded = True
            if turn in (0, ROUNDS - 1):
                expect_gone(world)
            for file in (half, hooks):
                with contextlib.suppress(OSError):
                    expect("what an open file still reads", len(file.read()), lambda got: got < 8192)
        used.append({name: meminfo(name) for name in ("Percpu", "SUnreclaim", "VmallocUsed")})
        module.load()
    grown = {name: used[-1][name] - used[1][name] for name in used[0]}
    print("note: kilobytes more since the second round:", grown)
    # A ring kept each round would be 2.9 MB, a pool 100 MB.
    limits = {"Percpu": 17, "SUnreclaim": 1024, "VmallocUsed": 1024}
    if patience.factor > 1:
        # What looks for bugs has slabs of its own, and keeps for a while what was freed
        # in others; kmemleak is asked instead.
        del limits["SUnreclaim"]
    expect("kilobytes more since the second round", grown,
           lambda more: all(more[name] < limit for name, limit in limits.items()))


def refusal(image):
    """The errno with which that is not loaded; 0 if it is."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, f"{module.NAME}.ko")
        with open(name, "wb") as file:
            file.write(image)
        try:
            module.load_file(name)
            return 0
        except OSError as error:
            return error.errno


def set_to(path, value):
    with open(path, "w") as file:
        file.write(value)


def lockdown():
    """The file that says and sets it."""
    with open("/proc/filesystems") as file:
        if "securityfs" not in file.read():
            raise lacking("security modules")
    if not os.path.exists("/sys/kernel/security/lsm"):
        net.run("mount", "-t", "securityfs", "none", "/sys/kernel/security")
    if not os.path.exists(LOCKDOWN):
        raise lacking("lockdown")
    return LOCKDOWN


def expect_at_work(world):
    """A connection is recorded, and the doctor has nothing to say of hooks."""
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)
    expect("doctor's verdict on hooks", [line for line in client.run(None, "doctor")[0].split("\n")
                                         if re.match("(warn|FAIL) ", line)], [])


@scenario("load", "a kernel in lockdown from its start loads the module by the key it is signed with, all"
          " hooks, not tainted as unsigned; without its signature, or changed since, it is refused",
          signing=True, last=True)
def signed_module(world):
    client.need()
    for part in ("missing", "counters"):
        world.excuse(part, "the module comes and goes")
    with open(lockdown()) as file:
        expect("lockdown", file.read().strip(), "none [integrity] confidentiality")
    whole = module.image()
    middle = len(module.unsigned()) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:]
    for image, number in ((module.unsigned(), errno.EPERM), (changed, errno.EKEYREJECTED), (whole, 0)):
        if module.is_loaded():
            module.unload()
        world.logged()
        expect("errno of insmod", refusal(image), number)
        if number:
            expect_no_files(world)
    world.reloaded = True
    # O: from outside the kernel's tree. E would be: unsigned.
    with open(f"/sys/module/{module.NAME}/taint") as file:
        expect("the taint", file.read().strip(), "O")
    expect_at_work(world)


@scenario("load", "a kernel that is locked down, or takes signed modules only: loading is refused, the log and"
          " tcplc doctor say why, nothing stays; what was loaded before records on, what is signed loads all the"
          " same", last=True)
def locked_down(world):
    client.need()
    set_to(lockdown(), "confidentiality")
    # A kernel that looks at signatures says so of a module without one.
    with open(f"/sys/module/{module.NAME}/taint") as file:
        expect("the taint", file.read().strip(), "O" if module.is_signed() else "OE")
    world.excuse("missing", "the module goes")
    # The kernel asks about kprobes made through tracefs, not about those of a module.
    host = nl.Client()
    for enabled in (0, 1):
        host.do("config-set", group=[{"group": "causes", "enabled": enabled}])
    expect_at_work(world)
    module.unload()
    world.logged()
    expect("errno of insmod", refusal(module.unsigned()), errno.EPERM)
    said = world.log.lines()
    expect_true(f"the log says why: {said}", any("unsigned module loading is restricted" in line
                                                  for line in said))
    out = client.run(None, "doctor", status=1)[0]
    expect_true(f"so does the doctor: {out}", "locked down" in out and "signed" in out)
    set_to(SIG_ENFORCE, "Y")
    expect("errno of insmod, signatures enforced", refusal(module.unsigned()), errno.EKEYREJECTED)
    said = world.log.lines()
    expect_true(f"the log says why: {said}", any("unsigned module is rejected" in line for line in said))
    expect_no_files(world)
    if module.is_signed():
        module.load()
        expect_at_work(world)
        # The audit's witness is tracefs, which is closed by now.
        module.unload()


def is_in(thread, function):
    """By its kernel stack; not by wchan, which 5.10 does not find without frame pointers."""
    return bool(lines_of(f"/proc/{thread}/stack", rf"\b{function}\b"))


class Unload:
    """rmmod, in a thread of its own."""

    def __init__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.thread = self.pool.submit(threading.get_native_id).result()
        self.done = self.pool.submit(module.unload)

    def waits_for_reader(self):
        if self.done.done():
            self.finish()
            raise Failure("rmmod did not wait for the reader")
        return is_in(self.thread, "proc_entry_rundown")

    def finish(self):
        self.pool.shutdown()
        self.done.result()


def expect_others_served(world):
    """Whoever is in the middle of a read holds nothing that others need."""
    _, mine, theirs = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)
    nl.Client().do("clear")
    return mine, theirs


@scenario("load W5", "a reader who answers the page faults of his own buffer: records and readers go on beside him;"
          " rmmod, and whoever makes a namespace then, wait for him, until he is killed at the latest")
def reader_answers_his_own_faults(world):
    pagefault.need()
    world.excuse("missing", "the module comes and goes")
    for part in ("promises", "transitions", "segments"):
        world.excuse(part, "ended records were cleared")
    world.pair()
    for end in pagefault.Reader.answer, pagefault.Reader.kill:
        # Whatever fails: once the reader has ended, those who wait for him do.
        with contextlib.ExitStack() as waiting, contextlib.ExitStack() as reading:
            reading.callback(end, pagefault.Reader(world.client, record.path()))
            mine, theirs = expect_others_served(world)
            unload = Unload()
            waiting.callback(unload.finish)
            wait.until("rmmod to wait for the reader", unload.waits_for_reader)
            maker = subprocess.Popen(["unshare", "--net", "true"])
            waiting.callback(maker.wait)
            wait.until("who makes a namespace to wait", lambda: is_in(maker.pid, "copy_net_ns"))
            mine.send(b"still here")
            expect("data meanwhile", theirs.recv(100), b"still here")
            expect("who waits no more", [unload.done.done(), maker.poll()], [False, None])
        expect("the status of who makes a namespace", maker.returncode, 0)
        expect_gone(world)
        world.reload()
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)
