# SPDX-License-Identifier: GPL-2.0-only
"""Functions this kernel does not have: one that is required is refused by name, one
that is not is shown as missing, and the rest works.

The kernel has them all, so a copy of the module is made that asks for others.
"""
import contextlib
import errno
import os
import re
import subprocess
import tempfile

from lib import module, net
from lib.failure import Failure, Skip, expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY, OPEN_PASSIVELY

HOOKS = "/proc/tcp_lifecycle_hooks"
GROUPS = 4


def table():
    """{symbol: (attached or missing, required or optional)}"""
    with open(HOOKS) as file:
        rows = [line.split() for line in file if not line.startswith("\t")]
    return {row[0]: (row[1], row[-1]) for row in rows}


@contextlib.contextmanager
def changed(change):
    """The module, its bytes changed by a function of them."""
    if module.is_signed():
        raise Skip("what is loaded here has to be signed, and a changed copy is not")
    # Closed before it is loaded: the kernel takes no module that may be written to.
    with tempfile.NamedTemporaryFile(suffix=".ko", delete=False) as copy:
        copy.write(change(module.image()))
    before = os.environ.pop("TLC_MODULE", None)
    os.environ["TLC_MODULE"] = copy.name
    try:
        yield
    finally:
        del os.environ["TLC_MODULE"]
        if before:
            os.environ["TLC_MODULE"] = before
        os.unlink(copy.name)


def first_instruction(path, function):
    """Where the file has it: behind what the compiler put there for ftrace and against jumps."""
    lines = subprocess.run(["objdump", "-h", path], check=True, text=True, capture_output=True).stdout.split("\n")
    (section,) = [line.split() for line in lines if line.split()[1:2] == [".text"]]
    lines = subprocess.run(["nm", path], check=True, text=True, capture_output=True).stdout.split("\n")
    (start,) = [int(line.split()[0], 16) for line in lines if line.split()[2:] == [function]]
    offset = int(section[5], 16) + start
    with open(path, "rb") as file:
        head = file.read()[offset:offset + 9]
    offset += 4 if head.startswith(b"\xf3\x0f\x1e\xfa") else 0
    return offset + 5


def blind(handler):
    """The module, with a handler that returns at once: to all others, as if nobody called what it probes."""
    if os.uname().machine != "x86_64":
        raise Skip("how to return at once is known here for x86_64 only")

    def change(image):
        with tempfile.NamedTemporaryFile(suffix=".ko") as copy:
            copy.write(image)
            copy.flush()
            at = first_instruction(copy.name, handler)
        return image[:at] + b"\xc3" + image[at + 1:]
    return changed(change)


@contextlib.contextmanager
def asking_for_another(symbol):
    """The module as it would be on a kernel without `symbol`."""
    absent = symbol[:-1] + ("Q" if symbol[-1] != "Q" else "Z")

    def change(image):
        old, new = (b"\0" + name.encode() + b"\0" for name in (symbol, absent))
        expect_true(f"{symbol} stands in the module", old in image)
        return image.replace(old, new)
    with changed(change):
        yield absent


@scenario("hooks", "each hook is attached, and was hit or not: the file says so")
def all_hooks_attached(world):
    world.pair()
    rows = table()
    expect_true("there are hooks", rows)
    expect("those missing", [name for name, row in rows.items() if row[0] != "attached"], [])
    expect("of header", world.client.view().header.hooks, (len(rows), len(rows)))
    with open(HOOKS) as file:
        hit = [line.split()[0] for line in file if "hits=0 " not in line]
    for name in ("tcp_set_state", "tcp_connect", "tcp_make_synack", "tcp_v4_syn_recv_sock"):
        expect_true(f"{name} was hit", name in hit)


@scenario("hooks", "without a required function: insmod fails with ENOENT, the log names it")
def required_hooks_missing(world):
    required = [name for name, row in table().items() if row[1] == "required"]
    expect_true("some hooks are required", len(required) > 3)
    module.unload()
    world.reloaded = True
    for symbol in required:
        world.log.lines()
        with asking_for_another(symbol) as absent:
            try:
                module.load()
                raise Failure(f"the module was loaded without {symbol}")
            except OSError as error:
                expect(f"errno without {symbol}", error.errno, errno.ENOENT)
        expect("the module is not there", module.is_loaded(), False)
        said = [line for line in world.log.lines() if absent in line]
        expect_true(f"the log names {absent}", said)
    module.load()


@scenario("hooks", "without optional functions, each of them once: it loads, says what is lost, and records")
def optional_hooks_missing(world):
    world.excuse("missing", "the module comes and goes")
    world.excuse("segments", "a hook that sees them is not there")
    optional = [name for name, row in table().items() if row[1] == "optional"]
    expect_true("some hooks are optional", len(optional) > 3)
    # Some at a time, for each load takes seconds under emulation.
    for i in range(GROUPS):
        module.unload()
        world.reloaded = True
        with contextlib.ExitStack() as without:
            absent = [without.enter_context(asking_for_another(symbol)) for symbol in optional[i::GROUPS]]
            module.load()
        expect("hooks missing", [name for name, row in table().items() if row[0] == "missing"], absent)
        with open(HOOKS) as file:
            text = file.read()
        for name in absent:
            expect_true(f"what is lost is said of {name}",
                        re.search(rf"^{name} missing .*\n\tlost without it: \S", text, re.M))
        header = world.client.view().header
        expect("lost in the header", sorted(header.lost), sorted(absent))
        _, mine, theirs = world.pair()
        expect_path(world.record(world.client, net.remote(mine)[1],
                                 what=f"without {absent}"), *OPEN_ACTIVELY)
        mine.close()
        theirs.close()
    world.reload()


@contextlib.contextmanager
def silenced(switch):
    def turn(value):
        with open(switch, "w") as file:
            file.write(value)
    try:
        turn("0")
    except PermissionError:
        if not module.is_signed():
            raise
        raise Skip("a kernel in lockdown lets nobody switch kprobes off") from None
    try:
        yield
    finally:
        turn("1")


def nothing_is_told(world, switch):
    for part in ("missing", "counters", "promises", "transitions", "segments"):
        world.excuse(part, "what happened meanwhile nobody told")
    _, mine, theirs = world.pair()
    port = net.local(theirs)[1]
    before = module.hits(), world.client.view().header.missed
    with silenced(switch):
        _, _, unseen = world.pair()
        mine.close()
        expect("data", theirs.recv(1), b"")
        expect("hits and missed meanwhile",
               (module.hits(), world.client.view().header.missed), before)
    expect("records of what began then", world.records(world.server, net.local(unseen)[1]), [])
    theirs.close()
    told = world.record(world.server, port, lambda r: r.state != "ESTABLISHED")
    expect("transitions that began elsewhere than on record", told.gaps, 1, told)
    expect("the one seen", told.transitions[len(OPEN_PASSIVELY)].gap, True, told)
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)


@scenario("W2", "kprobes switched off by the administrator: nothing is recorded nor counted, and it goes on after")
def hooks_silenced(world):
    nothing_is_told(world, "/sys/kernel/debug/kprobes/enabled")


def by_way(way):
    """The hooks to whose handlers the kernel gets that way."""
    with open(HOOKS) as file:
        return re.findall(rf"^(\w+) attached .*way={way} ", file.read(), re.M)


@scenario("W2", "ftrace switched off by the administrator: hooks on it tell nothing, and it goes on after;"
          " those with a jump of their own tell as ever")
def hooks_silenced_by_ftrace(world):
    switch = "/proc/sys/kernel/ftrace_enabled"
    by_ftrace = by_way("ftrace")
    # A jump that was taken out just now is a breakpoint for a while.
    if "tcp_make_synack" in by_ftrace:
        nothing_is_told(world, switch)
        return
    for part in ("missing", "counters", "promises", "transitions", "segments"):
        world.excuse(part, "half of what happened meanwhile nobody told")
    before = module.hits()
    with silenced(switch):
        _, mine, theirs = world.pair()
        mine.close()
        expect("data", theirs.recv(1), b"")
        theirs.close()
        after = module.hits()
    expect("hits of those on ftrace", {name: after[name] - before[name] for name in by_ftrace},
           dict.fromkeys(by_ftrace, 0))
    expect_true("the others were hit", after["tcp_make_synack"] > before["tcp_make_synack"])
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)


def make(*arguments):
    """What make says in a copy of the project, and its status."""
    module.headers()
    folder = tempfile.mkdtemp()
    subprocess.run(["cp", "-r", *(f"/project/{name}" for name in
                                  ("Makefile", "Kbuild", "module", "include", "tools")), folder], check=True)
    made = subprocess.run(["make", "-C", folder, *arguments], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return made.stdout, made.returncode


@scenario("build", "a kernel without kprobes: the build stops and says so", shared=40)
def no_kprobes(world):
    said, status = make("CONFIG_KPROBES=")
    expect_true("the build fails", status != 0)
    expect_true(f"it says why:\n{said}", "needs a kernel with CONFIG_KPROBES=y" in said)
    expect_true("it says so first, and compiles nothing", " CC " not in said)


@scenario("build", "an architecture nobody has run: the build stops and says how to go on; make clean works",
          shared=40)
def untried_architecture(world):
    said, status = make("CONFIG_X86_64=", "CONFIG_ARM64=")
    expect_true("the build fails", status != 0)
    expect_true(f"it says what to do:\n{said}", "has never run on" in said and "TLC_UNTRIED_ARCH=1" in said)
    expect_true("it says so first, and compiles nothing", " CC " not in said)
    # Which configuration there is "make clean" does not know.
    said, status = make("clean")
    expect(f"status of make clean:\n{said}", status, 0)
