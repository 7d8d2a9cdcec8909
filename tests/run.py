#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the scenarios, inside a guest whose kernel has the module loaded.

    scripts/lab run --virtual-time -- tests/run.py
    scripts/lab run --cpus 4 -- tests/run.py --stress 0.01

One line a scenario, as it ends: ok, FAIL (with what was expected and the record's
text), ERROR (the test itself broke) or skip, also of what fails because this kernel
lacks something, see tests/holes. Exit status: 0 all passed, 1 something
failed, 2 wrong usage or nothing ran.
"""
import argparse
import faulthandler
import importlib
import os
import pkgutil
import signal
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from lib import coverage, holes, ledger, memory, module, patience, record, registry  # noqa: E402
from lib.capture import Timestamps                            # noqa: E402
from lib.failure import Broken, Failure, Skip                 # noqa: E402
from lib.tracepoint import Tracepoint                         # noqa: E402
from lib.world import World                                   # noqa: E402


class Overdue(BaseException):
    """The watchdog's; no scenario catches it by mistake."""


def machine_kind():
    """What this guest is good for."""
    if os.path.exists("/lab/virtual"):
        return "virtual"
    return "smp" if os.cpu_count() > 1 else "any"


def options():
    parser = argparse.ArgumentParser(
        prog="tests/run.py", description=__doc__.split("\n", 1)[0],
        epilog="NAME is a scenario's name or a row of tests/rows, with * and ?:"
               " tests/run.py 'O*' syn-retransmission; with ! in front, not those")
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("-l", "--list", action="store_true", help="list the scenarios, run none")
    parser.add_argument("--kind", choices=("virtual", "smp", "any"), default=machine_kind(),
                        help="what the machine can do: virtual time, several processors, or"
                             " neither (default: as found, here %(default)s)")
    parser.add_argument("--needs", metavar="KIND", action="append",
                        choices=("virtual", "smp", "memory", "signing", "any"),
                        help="only scenarios that need such a machine; may be repeated, so that"
                             " several guests share the work and none skips another's")
    parser.add_argument("--stress", metavar="SIZE", type=fraction,
                        help="those of tests/stress, at this part of their size, up to 1")
    parser.add_argument("--share", metavar="I/N", type=share, default=(0, 1),
                        help="of the scenarios for which one kernel is enough, only those of the"
                             " I-th of N runs, from 0")
    parser.add_argument("--patience", metavar="N", type=int, default=1,
                        help="allow everything N times as long, on a kernel that looks for bugs")
    return parser.parse_args()


def share(text):
    index, _, count = text.partition("/")
    if not (index.isdigit() and count.isdigit() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"'{text}' is not I/N with I below N, as in 0/2")
    return int(index), int(count)


def fraction(text):
    try:
        size = float(text)
    except ValueError:
        size = 0
    if not 0 < size <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no part of the whole, as 0.01 or 1")
    return size


def load_scenarios(folder):
    """Those of this folder, which may borrow from the other's."""
    for found in pkgutil.iter_modules(importlib.import_module(folder).__path__):
        importlib.import_module(f"{folder}.{found.name}")
    registry.SCENARIOS[:] = [s for s in registry.SCENARIOS
                             if s.function.__module__.startswith(f"{folder}.")]


def not_possible(scenario, kind):
    """Why it cannot run on such a machine, or nothing."""
    if scenario.kind == "virtual" and kind != "virtual":
        return "needs virtual time"
    if scenario.kind == "smp" and kind != "smp":
        return "needs two processors"
    if scenario.kind == "memory" and not memory.can_fail():
        return "needs a kernel with fault injection"
    if scenario.kind == "signing" and not module.is_signed():
        return "needs a kernel that has the module signed"
    return None


def on_alarm(_number, frame):
    raise Overdue("".join(traceback.format_stack(frame)[-4:]))


def run_one(scenario, tracepoint):
    """(word, message) of how it ended."""
    if not module.is_loaded():
        module.load()               # a scenario before this one left it unloaded
    world, limit = None, scenario.limit * patience.factor
    try:
        signal.alarm(limit)
        world = World(tracepoint)
        scenario.function(world)
        world.audit()
        return "ok", ""
    except Skip as skip:
        return "skip", str(skip)
    except (Failure, record.FormatError) as failure:
        return "FAIL", f"{failure}\n{where(failure)}"
    except Overdue as overdue:
        return "FAIL", f"not over after {limit} s of guest time\n{overdue}{leftovers(world)}"
    except Broken as broken:
        return "ERROR", f"{broken}\n{where(broken)}"
    except Exception:               # whatever a scenario did not foresee
        return "ERROR", traceback.format_exc() + leftovers(world)
    finally:
        signal.alarm(0)
        if world:
            world.close()


def against(hole, word, message):
    """The same, once held against what tests/holes says of this kernel."""
    if not hole or word == "skip":
        return word, message
    if word == "ok":
        return "FAIL", f"it passes, and tests/holes says it cannot on this kernel: {hole.why}"
    if hole.sign not in message:
        return word, f"{message}\nnot the failure tests/holes tells of, which has '{hole.sign}'"
    return "skip", f"this kernel lacks it: {hole.why}"


def where(error):
    """The line of the scenario that complained."""
    frames = [f"{os.path.basename(f.filename)}:{f.lineno}: {f.line}"
              for f in traceback.extract_tb(error.__traceback__)
              if f"{os.sep}lib{os.sep}" not in f.filename and "run.py" not in f.filename]
    return "at " + " < ".join(reversed(frames)) if frames else "in the audit at the end"


def leftovers(world):
    """The records of a scenario that broke off, as many as a person would read."""
    if world and not world.tracepoint:
        return "(records: too many to look at)"
    try:
        found = [r for side in (world.client, world.server)
                 for r in side.view().records if r.netns == side.inode] if world else []
        return "\n".join([*map(str, found[:20]), f"({len(found)} records)"])
    except Exception as error:
        return f"(no records: {error!r})"


def report(word, scenario, message, spent):
    extra = f" {message}" if word == "skip" else \
        f" ({spent[0]:.1f} s guest, {spent[1]:.1f} s processor)"
    print(f"{word} {scenario.title}{extra}", flush=True)
    if word in ("FAIL", "ERROR"):
        print("    " + scenario.shows)
        for line in message.rstrip("\n").split("\n"):
            print("    " + line)
        sys.stdout.flush()


def run_all(chosen, kind, stress):
    signal.signal(signal.SIGALRM, on_alarm)
    counts = dict.fromkeys(("ok", "FAIL", "ERROR", "skip"), 0)
    possible = [s for s in chosen if not not_possible(s, kind)]
    watched = possible and not stress
    tracepoint = Tracepoint() if watched else None
    stamps = Timestamps() if watched else None
    print(f"kernel {os.uname().release}", flush=True)
    lacking = holes.of(os.uname().release, "scenario")
    for scenario in chosen:
        start = time.monotonic(), time.process_time()
        reason = not_possible(scenario, kind)
        word, message = ("skip", reason) if reason else against(
            lacking.get(scenario.name), *run_one(scenario, tracepoint))
        report(word, scenario, message,
               (time.monotonic() - start[0], time.process_time() - start[1]))
        counts[word] += 1
    if tracepoint:
        tracepoint.close()
        stamps.socket.close()
        if module.is_loaded():
            coverage.driven.update(coverage.totals())
        coverage.report()
    failed = counts["FAIL"] + counts["ERROR"]
    print(f"{counts['ok']} passed, {failed} failed, {counts['skip']} skipped", flush=True)
    if failed:
        return 1
    return 0 if counts["ok"] else 2


def main():
    faulthandler.enable()
    wanted = options()
    patience.factor = wanted.patience
    ledger.share = wanted.stress or 1
    load_scenarios("stress" if wanted.stress else "scenarios")
    chosen = [s for s in registry.SCENARIOS if s.matches(wanted.names)
              and (not wanted.needs or s.kind in wanted.needs)]
    chosen = sorted(registry.share_of(chosen, *wanted.share), key=lambda s: s.last)
    for hole in [] if wanted.stress else holes.all_holes():
        if hole.kind == "scenario" and not any(s.name == hole.name for s in registry.SCENARIOS):
            print(f"run.py: tests/holes has '{hole.name}', and no scenario is called so", file=sys.stderr)
            return 2
    for name in wanted.names:
        if not any(s.matches([name]) for s in registry.SCENARIOS):
            print(f"run.py: no scenario matches '{name}'; see: tests/run.py -l", file=sys.stderr)
            return 2
    if wanted.list:
        for scenario in chosen:
            print(f"{'+'.join(scenario.rows):10} {scenario.kind:8} {scenario.name}: {scenario.shows}")
        return 0
    return run_all(chosen, wanted.kind, wanted.stress)


if __name__ == "__main__":
    sys.exit(main())
