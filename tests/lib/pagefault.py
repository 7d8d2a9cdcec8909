# SPDX-License-Identifier: GPL-2.0-only
"""A reader who answers the page faults of his own buffer, and so decides how long a read lasts.

By userfaultfd(2), which is root's. Without privilege there is a mapped file of a file system in
userspace (FUSE); that is not tried here.
"""
import ctypes
import errno
import fcntl
import mmap
import os
import platform
import select
import signal
import struct
import threading

from lib import child
from lib.failure import Broken, expect, lacking

USERFAULTFD = {"x86_64": 323, "aarch64": 282}
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_ZEROPAGE = 0xC018AA3F, 0xC020AA00, 0xC020AA04
UFFD_API, REGISTER_MODE_MISSING, EVENT_PAGEFAULT = 0xAA, 1, 0x12

libc = ctypes.CDLL(None, use_errno=True)


def _userfaultfd():
    fd = libc.syscall(USERFAULTFD[platform.machine()], os.O_CLOEXEC)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "userfaultfd")
    return fd


def need():
    """Not every kernel is built with it."""
    try:
        os.close(_userfaultfd())
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        raise lacking("userfaultfd") from None


class Page:
    """One page that is not there until `give`."""

    def __init__(self):
        self.memory = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self.fd = _userfaultfd()
        self._control(UFFDIO_API, UFFD_API, 0, 0)
        self._control(UFFDIO_REGISTER, self.address, mmap.PAGESIZE, REGISTER_MODE_MISSING, 0)

    def _control(self, request, *words):
        fcntl.ioctl(self.fd, request, struct.pack(f"={len(words)}Q", *words))

    def await_fault(self, thread):
        """False if the thread ends without one."""
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        while not poll.poll(100):
            if not thread.is_alive():
                return False
        expect("what userfaultfd tells of", os.read(self.fd, 32)[0], EVENT_PAGEFAULT)
        return True

    def give(self):
        self._control(UFFDIO_ZEROPAGE, self.address, mmap.PAGESIZE, 0, 0)


class Reader:
    """A process in the middle of a read() that ends when it is told to, or killed."""

    def __init__(self, side, path):
        (self._caught, caught), (go, self._go) = os.pipe(), os.pipe()
        self.pid = child.start(self._read, side, path, caught, go)
        for fd in caught, go:
            os.close(fd)
        if os.read(self._caught, 1) != b"x":
            self._end(None)
            raise Broken("the reader met no page fault, see above")

    @staticmethod
    def _read(side, path, caught, go):
        with side.entered():
            file = os.open(path, os.O_RDONLY)
        page, got = Page(), []
        thread = threading.Thread(target=lambda: got.append(
            libc.read(file, ctypes.c_void_p(page.address), mmap.PAGESIZE)), daemon=True)
        thread.start()
        if not page.await_fault(thread):
            raise Broken(f"read() returned {got} without a page fault")
        os.write(caught, b"x")
        os.read(go, 1)
        page.give()
        thread.join()
        return 0 if got[0] > 0 and page.memory[0] else 1

    def answer(self):
        """It gives the page; the read returns with something in it."""
        os.write(self._go, b"x")
        self._end(0)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self._end(-signal.SIGKILL)

    def _end(self, expected):
        _, status = os.waitpid(self.pid, 0)
        self.pid = None
        for fd in self._caught, self._go:
            os.close(fd)
        if expected is not None:
            got = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            expect("the reader's status", got, expected)
