# SPDX-License-Identifier: GPL-2.0-only
"""tcplc, as a person types it."""
import fcntl
import json
import os
import pty
import shutil
import struct
import subprocess
import termios
import tty

from lib import nl, schema, wait
from lib.failure import Failure, Skip, expect


def need():
    if not shutil.which("tcplc"):
        raise Skip("there is no tcplc in this guest")


def run(side, *words, status=0):
    """What it prints on both: (output, errors). Its status has to be this one."""
    need()
    with nl.inside(side):
        done = subprocess.run(["tcplc", *map(str, words)], text=True, capture_output=True,
                              env={**os.environ, "COLUMNS": "200"}, errors="surrogateescape")
    if done.returncode != status:
        raise Failure(f"tcplc {' '.join(map(str, words))}: status {done.returncode}, not {status}\n"
                      f"{done.stderr}{done.stdout[-2000:]}")
    return done.stdout, done.stderr


def on_terminal(side, columns, *words, keys="", status=0):
    """On a terminal so wide, where these keys are typed: all that it printed."""
    need()
    master, slave = pty.openpty()
    tty.setraw(slave)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("=4H", 24, columns, 0, 0))
    os.write(master, keys.encode())
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with nl.inside(side):
        process = subprocess.Popen(["tcplc", *map(str, words)], stdin=slave, stdout=slave, stderr=slave,
                                   env={**environment, "NO_COLOR": "1", "PAGER": "cat", "LC_ALL": "C.UTF-8", "TZ": "UTC"})
    os.close(slave)
    parts = []
    try:
        while part := os.read(master, 1 << 16):
            parts.append(part)
    except OSError:         # nobody has the other end open any more
        pass
    os.close(master)
    said = b"".join(parts).decode()
    expect(f"status of tcplc {' '.join(map(str, words))}: {said}", process.wait(60), status)
    return said


def objects(side, *words):
    """One JSON object a line."""
    found = [json.loads(line) for line in run(side, *words, "--json")[0].split("\n") if line]
    schema.expect_valid(found)
    return found


def ids(found):
    """Identities, each there once."""
    names = [conn["id"] for conn in found]
    expect("ids that stand there twice", len(names) - len(set(names)), 0)
    return set(names)


class Follower:
    """A tcplc at work that goes on by itself, its output in files."""
    count = 0

    def __init__(self, side, *words):
        need()
        Follower.count += 1
        self.path = f"/tmp/tlc-follower.{Follower.count}"
        with nl.inside(side), open(self.path, "w") as out, open(self.path + ".err", "w") as errors:
            self.process = subprocess.Popen(["tcplc", *map(str, words)], stdout=out,
                                            stderr=errors, stdin=subprocess.DEVNULL)

    def stop(self, number):
        """By a signal; its status."""
        self.process.send_signal(number)
        return self.process.wait(60)

    @property
    def errors(self):
        with open(self.path + ".err") as file:
            return file.read()

    def lines(self):
        with open(self.path, errors="surrogateescape") as file:
            for line in file:
                yield line.rstrip("\n")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for name in (self.path, self.path + ".err"):
            if os.path.exists(name):
                os.unlink(name)


class Watch(Follower):
    """tcplc watch at work."""

    def __init__(self, side, *words):
        super().__init__(side, "watch", *words)


class Log(Follower):
    """tcplc log at work; it has joined when this returns."""

    def __init__(self, side, *words):
        super().__init__(side, "log", *words)
        try:
            wait.until("tcplc log to listen", lambda: listens(side) or self.process.poll() is not None)
        except BaseException:
            self.close()
            raise


def listens(side):
    """Someone there is a member of a group: seen in /proc/net/netlink."""
    with nl.inside(side), open("/proc/thread-self/net/netlink") as file:
        return any(line.split()[1] == "16" and line.split()[3] != "00000000" for line in file
                   if line[0] != "s")
