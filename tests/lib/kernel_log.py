# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel printed while a scenario ran."""
import os
import re

# Never printed by a healthy kernel.
COMPLAINT = re.compile(
    r"BUG:|WARNING:|Oops|general protection|Call Trace:|recursive locking|circular locking"
    r"|inconsistent lock state|suspicious RCU usage|held lock freed|bad unlock balance"
    r"|INFO: task .* blocked|soft lockup|hard LOCKUP|rcu.*stall|refcount_t:|UBSAN:|KASAN:"
    r"|unregister_netdevice: waiting for")
# Races whose title names no function of a module. If it called what raced, the lab says so
# at the end of the guest, for it sees whole reports (scripts/lab-guest).
NOT_OURS = re.compile(r"BUG: KCSAN: [^[]*$")


class KernelLog:
    """Lines from the moment it was opened on."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.lseek(self.fd, 0, os.SEEK_END)

    def close(self):
        os.close(self.fd)

    def lines(self):
        """The new ones."""
        found = []
        while True:
            try:
                entry = os.read(self.fd, 8192)
            except BlockingIOError:
                return found
            except BrokenPipeError:
                continue            # overwritten before we came: go on with the next
            _, _, text = entry.decode("utf-8", "replace").partition(";")
            found.append(text.split("\n")[0])


def complaints(lines):
    return [line for line in lines if COMPLAINT.search(line) and not NOT_OURS.search(line)]
