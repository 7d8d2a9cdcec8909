# SPDX-License-Identifier: GPL-2.0-only
"""Everybody reads, while connections come and go and old records are given away."""
import os
import subprocess
import tempfile

from lib import helper, ledger, record, wait
from lib.failure import Broken, expect, expect_true
from lib.helper import Churn
from lib.registry import scenario
from scenarios.loading import Traffic

CONNECTIONS, HELD, BATCH = 20_000, 500, 2000
# Records; ids met twice; records of the port that stays; was the dump interrupted.
COUNT = r"""
/^conn / { n++; if (seen[$2]++) twice++; if (index($0, port " ")) kept++ }
/^# records=/ { sub(/.*interrupted=/, ""); interrupted = $0 }
END { print n + 0, twice + 0, kept + 0, interrupted + 0 }
"""


class Readers:
    """Programs in a namespace that read all there is, one time after the other."""

    def __init__(self, side, port, commands):
        self.folder = tempfile.mkdtemp()
        self.end = os.path.join(self.folder, "end")
        self.files, self.processes = [], []
        with side.entered():
            for number, command in enumerate(commands):
                self.files.append(os.path.join(self.folder, str(number)))
                with open(self.files[-1], "w") as out:
                    self.processes.append(subprocess.Popen(
                        ["sh", "-c", f'while [ ! -e {self.end} ]; do {command} | awk -v port=:{port} \'{COUNT}\';'
                         ' done'], stdout=out, stdin=subprocess.DEVNULL))

    def counts(self):
        """For each of them, [(records, met twice, of those that stay, interrupted)]."""
        found = []
        for path in self.files:
            with open(path) as file:
                found.append([tuple(map(int, line.split())) for line in file if line.endswith("\n")])
        return found

    def stop(self):
        open(self.end, "w").close()
        for process in self.processes:
            if process.wait(300):
                raise Broken(f"a reader ended with {process.returncode}")
        return self.counts()

    def kill(self):
        open(self.end, "w").close()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


@scenario("text netlink", f"/proc and dumps read without a pause beside {CONNECTIONS:,} connections, on four"
          " processors, while ended records age: those that stay are in each reading once", smp=True,
          limit=4 * 3600)
def readers_beside_churn(world):
    world.excuse("counters", "missed hits are in the ledger")
    ledger.fresh(world, retention=3)
    side, reader = world.client, helper.compiled("nlread")
    held_port, total = world.port(), ledger.size(CONNECTIONS, 500)
    held = Churn(side, "hold", held_port, HELD)
    readers, traffic = None, Traffic(world, min(BATCH, total))
    side.sysctl("net.ipv4.tcp_max_tw_buckets", 500)
    try:
        held.await_ready()
        text = f"cat {record.PATHS[1]}"
        readers = Readers(side, held_port, [text, text, f"{reader} dump", f"{reader} dump -b"])
        traffic.passes(total, 3600)
        wait.until("two readings by each", lambda: traffic.keep_going() or all(
            len(one) > 1 for one in readers.counts()), 1200)
        traffic.stop()
        counts = readers.stop()
        held.finish()
    finally:
        for what in (held, traffic.churn, readers):
            if what:
                what.kill()
    every = [one for each in counts for one in each]
    expect("readings in which an id stood twice", [one for one in every if one[1]], [])
    expect("readings without all of those that stay", [one for one in every if one[2] != 2 * HELD + 1], [])
    totals = ledger.stats()
    opens = ledger.opens(side)
    ledger.Ledger("connection ends", opens.kernel) \
        .recorded(recorded=opens.booked).lost(without_room=totals["untracked"]).missed(totals["missed"]) \
        .note(readings_of_text=sum(map(len, counts[:2])),
              dumps=sum(map(len, counts[2:])), of_them_said_to_be_interrupted=sum(one[3] for one in every),
              largest=f"{max(one[0] for one in every)} records",
              aged=totals["born"] - totals["live"] - totals["dead"] - totals["evicted"]).close()
    expect_true("ended records aged meanwhile",
                totals["born"] - totals["live"] - totals["dead"] > 0)
