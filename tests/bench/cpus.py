# SPDX-License-Identifier: GPL-2.0-only
"""Several processors, thus real time: only ratios within one guest say anything."""
import collections
import os
import re
import subprocess
import time

from bench import clock, tracers, works
from lib import module

CONNECTIONS, QUICK, PAIRS = 4000, 800, 9
LOSSES, LOSSES_QUICK, THREADS = 10_000, 1_000, 4


def _churn(threads, connections, port=works.PORT):
    """ns per connection, all threads together."""
    done = subprocess.run([works.program(), "-p", str(port), "-t", str(threads), "churn",
                           str(connections // threads)], check=True, text=True, capture_output=True)
    return int(done.stdout)


def measure(wanted, say, result):
    """With the module and without, in turn, so that what drifts drifts for both."""
    cpus, connections = os.cpu_count(), QUICK if wanted.quick else CONNECTIONS
    say(f"{cpus} CPUs: {connections} connections, without the module and with it, in turn")
    _churn(cpus, connections)
    for turn in range(PAIRS):
        times = {}
        for loaded in (False, True) if turn % 2 else (True, False):
            if loaded:
                module.load()
            # Ports of its own each time: TIME_WAIT of the last one is in nobody's way.
            times[loaded] = _churn(cpus, connections, works.PORT + 16 * (2 * turn + loaded + 1))
            if loaded:
                module.unload()
        result(kind="cpus", cpus=cpus, without=times[False], loaded=times[True])


class Witness(tracers.Ftrace):
    """How many transitions there were, whoever reports them."""
    root = "/sys/kernel/tracing/instances/witness"


def measure_losses(wanted, say, result):
    """Everything the processors can make, and who sees all of it."""
    connections = LOSSES_QUICK if wanted.quick else LOSSES
    for tracer in wanted.rows:
        if not tracer.counted:
            continue
        say(f"{tracer.title}: {connections} connections by {THREADS} threads on {os.cpu_count()} CPUs")
        witness = Witness()
        witness.start()
        tracer.start()
        clock.drained()
        tracer.mark()
        witness.mark()
        start = time.monotonic()
        _churn(THREADS, connections)
        rate = connections / (time.monotonic() - start)
        clock.drained()
        tracer.stop()
        witness.stop()
        reported, lost = tracer.tally()
        made = tracer.made(connections, THREADS)
        if tracer.counted == "transitions":
            made = sum(witness.found)
        result(kind="losses", row=tracer.key, title=tracer.title, counted=tracer.counted, made=made,
               reported=reported, lost=lost, rate=rate)


def _contended(loaded, connections):
    """(times anybody waited for a lock, {function of ours: times it did})"""
    data = "/tmp/bench-locks.data"
    subprocess.run(["perf", "record", "-q", "-a", "-g", "-e", "lock:contention_begin", "-o", data,
                    works.program(), "-p", str(works.PORT + 8 * loaded), "-t", str(THREADS), "churn",
                    str(connections // THREADS)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    text = subprocess.run(["perf", "script", "-i", data, "-F", "comm,ip,sym,dso"], check=True,
                          text=True, capture_output=True).stdout
    samples = [sample for sample in text.split("\n\n") if sample.strip()]
    ours = collections.Counter()
    for sample in samples:
        # Who asked for the lock stands on top of the stack, below the lock's own functions.
        callers = [line for line in sample.split("\n")[1:] if not re.search(r"lock|contention", line)]
        if callers and "[tcp_lifecycle]" in callers[0]:
            ours[callers[0].split()[1]] += 1
    os.unlink(data)
    return len(samples), ours


def measure_locks(wanted, say, result):
    connections = LOSSES_QUICK if wanted.quick else LOSSES
    say(f"{os.cpu_count()} CPUs: who waits for a lock, without the module and with it")
    without, _ = _contended(False, connections)
    module.load()
    before = sum(module.hits().values())
    loaded, ours = _contended(True, connections)
    result(kind="locks", cpus=os.cpu_count(), connections=connections, without=without, loaded=loaded,
           hits=sum(module.hits().values()) - before, ours=sum(ours.values()), by=dict(ours))
