"""Helpers in C, compiled where they run."""
import os
import shutil
import subprocess

from lib.failure import Broken, Skip

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def compiled(name, *arguments, folder=TESTS):
    """The path of NAME.c's program."""
    binary = f"/tmp/tlc-{name}"
    if not shutil.which("gcc"):
        raise Skip(f"no gcc to compile {name}.c")
    if not os.path.exists(binary):
        subprocess.run(["gcc", "-O2", "-Wall", "-pthread", *arguments,
                        "-I" + os.path.join(os.path.dirname(TESTS), "include/uapi"),
                        "-o", binary, os.path.join(folder, f"{name}.c")], check=True)
    return binary


class Churn:
    """churn.c at work, in a namespace."""

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
