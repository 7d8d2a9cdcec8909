"""churn.c, compiled where it runs."""
import os
import shutil
import subprocess

from lib.failure import Broken, Skip

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "churn.c")
BINARY = "/tmp/tlc-churn"


def build():
    if not shutil.which("gcc"):
        raise Skip("no gcc to compile churn.c")
    if not os.path.exists(BINARY):
        subprocess.run(["gcc", "-O2", "-pthread", "-o", BINARY, SOURCE], check=True)


class Churn:
    """The helper at work, in a namespace."""

    def __init__(self, side, *arguments):
        build()
        with side.entered():
            self.process = subprocess.Popen(
                [BINARY, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
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
