# SPDX-License-Identifier: GPL-2.0-only
"""Helpers in C, from helpers/."""
import contextlib
import glob
import os
import shutil
import subprocess

from lib import module
from lib.failure import Broken, Skip

OUT = "/tmp/tlc-helpers"
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def compiled(name):
    """The path of a program or, with its .ko, a kernel module of helpers/: the one the
    lab brought along, else made here."""
    brought = f"/lab/helpers/{name}"
    if os.path.exists(brought):
        return brought
    if not shutil.which("make"):
        raise Skip(f"no {name} in /lab/helpers, and no make here: run the lab with --tests")
    made = subprocess.run(["make", "-s", "-C", f"{TESTS}/helpers", f"OUT={OUT}", f"{OUT}/{name}"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        raise Broken(f"{name} does not build: {made.stdout}")
    return f"{OUT}/{name}"


@contextlib.contextmanager
def kernel_module(name, *parameters):
    """A kernel module of helpers/ is loaded."""
    if module.is_signed():
        raise Skip(f"what is loaded here has to be signed, and {name} is not")
    subprocess.run(["insmod", compiled(f"{name}.ko"), *parameters], check=True)
    try:
        yield
    finally:
        subprocess.run(["rmmod", name], check=True)


def _ksoftirqd():
    for path in glob.glob("/proc/[0-9]*/comm"):
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            if file.read() == "ksoftirqd/0\n":
                return int(path.split("/")[2])
    raise Broken("there is no ksoftirqd/0")


def _throttle(text=None):
    """What kernel threads are left of the time, when FIFO tasks want all of it."""
    path = "/proc/sys/kernel/sched_rt_runtime_us"
    if text is not None:
        with open(path, "w") as file:
            file.write(text)
    with open(path) as file:
        return file.read()


def _scheduled(pid, policy, priority):
    os.sched_setscheduler(pid, policy, os.sched_param(priority))


@contextlib.contextmanager
def starved():
    """On one processor, only we, softirqs and what `chrt -f 50` runs get to it; kernel
    threads do not, even while all of these wait."""
    ksoftirqd, before = _ksoftirqd(), _throttle()
    try:
        _throttle("-1")
        _scheduled(ksoftirqd, os.SCHED_FIFO, 50)
        _scheduled(0, os.SCHED_FIFO, 60)
        spinner = subprocess.Popen(["chrt", "-f", "1", "sh", "-c", "while :; do :; done"])
        try:
            yield
        finally:
            spinner.kill()
            spinner.wait()
    finally:
        _scheduled(0, os.SCHED_OTHER, 0)
        _scheduled(ksoftirqd, os.SCHED_OTHER, 0)
        _throttle(before)


class Churn:
    """helpers/churn.c at work, in a namespace."""

    def __init__(self, side, *arguments, prefix=()):
        binary = compiled("churn")
        with side.entered():
            self.process = subprocess.Popen(
                [*prefix, binary, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True)

    def await_ready(self):
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise Broken(f"churn said {line!r}: {self.process.stderr.read()}")

    @property
    def is_running(self):
        return self.process.poll() is None

    def finish(self):
        """End of input; waits for its end, which must be a good one."""
        out, err = self.process.communicate("")
        if self.process.returncode or "done" not in out:
            raise Broken(f"churn: status {self.process.returncode}: {err}")

    def kill(self):
        if self.is_running:
            self.process.kill()
        self.process.communicate()
