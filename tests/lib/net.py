# SPDX-License-Identifier: GPL-2.0-only
"""Two namespaces, `client` and `server`, joined by one veth pair, each end "tlc0".

Nothing on that wire but what a scenario sends: neighbours are static, duplicate
address detection is off, and no device cuts or glues segments, so that what TCP
sent is what the capture saw. Each end also knows a "ghost": an address whose
frames arrive at the other namespace, whose kernel ignores them because they
are nobody's. A scenario answers for it by hand, see craft.py.
"""
import contextlib
import ctypes
import ipaddress
import os
import socket
import struct
import subprocess

from lib import record, wait
from lib.failure import Broken

DEVICE = "tlc0"
CLONE_NEWNET = 0x40000000
SO_COOKIE = 57
TCP_LISTEN_BACKLOG = 64
MACS = {"client": "02:00:00:00:00:01", "server": "02:00:00:00:00:02"}
ADDRESSES = {"client": {4: "10.77.0.1", 6: "fd77::1"}, "server": {4: "10.77.0.2", 6: "fd77::2"}}
# Addresses the kernel behind them does not own: see the top.
GHOSTS = {"client": {4: "10.77.0.11", 6: "fd77::11"}, "server": {4: "10.77.0.12", 6: "fd77::12"}}

libc = ctypes.CDLL(None, use_errno=True)


def setns(fd, kind=CLONE_NEWNET):
    """os.setns, which Python has from 3.12 on."""
    if libc.setns(fd, kind):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def run(*argv, text=None, check=True):
    """Run a program in the calling thread's namespace; its output."""
    done = subprocess.run(argv, input=text, text=True, capture_output=True)
    if check and done.returncode:
        raise Broken(f"{' '.join(argv)}: status {done.returncode}: {done.stderr}{text or ''}")
    return done.stdout if check else done


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def cookie(sock):
    """What `ss -e` shows as sk:."""
    return int.from_bytes(sock.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8), "little")


def disconnect(sock):
    """connect() to AF_UNSPEC, which Python does not offer."""
    address = struct.pack("=H14x", socket.AF_UNSPEC)
    if libc.connect(sock.fileno(), address, len(address)):
        raise OSError(ctypes.get_errno(), "connect to AF_UNSPEC")


def local(sock):
    """(address, port) of this end, as records and segments name it."""
    return _plain(sock.getsockname())


def remote(sock):
    return _plain(sock.getpeername())


def _plain(name):
    host = ipaddress.ip_address(name[0])
    return getattr(host, "ipv4_mapped", None) or host, name[1]


class Namespace:
    """A network namespace which exists already, by its name in /run/netns, or
    by any file that stands for it."""

    def __init__(self, name, path=None):
        self.name = name
        self.path = path or f"/run/netns/{name}"
        self.fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        self.inode = os.fstat(self.fd).st_ino
        self.sockets = []

    def close(self):
        """Close what was opened here. Whatever else lives on is the kernel's."""
        for sock in self.sockets:
            sock.close()
        self.sockets.clear()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    @contextlib.contextmanager
    def entered(self):
        """The calling thread is inside: its sockets, sysctls, children."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            setns(self.fd)
            yield self
        finally:
            setns(home)
            os.close(home)

    # Names and addresses, for the two ends of the veth.
    @property
    def other(self):
        return "server" if self.name == "client" else "client"

    def address(self, family=4):
        return ADDRESSES[self.name][family]

    def peer(self, family=4):
        return ADDRESSES[self.other][family]

    def ghost(self, family=4):
        """An address of nobody's; to reach it, frames leave this namespace."""
        return GHOSTS[self.other][family]

    # Sockets.
    def socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol=0):
        """A socket of this namespace, closed with it at the latest."""
        with self.entered():
            sock = socket.socket(family, kind, protocol)
        self.sockets.append(sock)
        return sock

    def tcp(self, address=None, port=0, reuse=True):
        """A TCP socket, bound if an address is given."""
        sock = self.socket(family_of(address or "0.0.0.0"))
        if address is not None:
            if reuse:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
        return sock

    def listen(self, port, address="0.0.0.0", backlog=16, dual=False, options=()):
        """A listening socket. `dual`: an IPv6 one that takes IPv4 (mapped) too.
        `options` are setsockopt triples, set before bind."""
        sock = self.socket(family_of(address))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if dual else 1)
        for option in options:
            sock.setsockopt(*option)
        sock.bind((address, port))
        sock.listen(backlog)
        return sock

    def connect(self, port, address=None, blocking=True, timeout=None, options=()):
        """A socket connected, or with blocking=False about to be, to the other end."""
        address = address or self.peer(4)
        sock = self.socket(family_of(address))
        for option in options:
            sock.setsockopt(*option)
        if blocking:
            sock.settimeout(timeout)
            sock.connect((address, port))
        else:
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                sock.connect((address, port))
        return sock

    # Settings.
    def sysctl(self, name, value=None):
        """net.ipv4.tcp_fin_timeout and the like; without a value: what it is."""
        with self.entered():
            path = "/proc/sys/" + name.replace(".", "/")
            if value is None:
                with open(path) as file:
                    return file.read().strip()
            with open(path, "w") as file:
                file.write(str(value))
        return None

    def run(self, *argv, text=None, check=True):
        with self.entered():
            return run(*argv, text=text, check=check)

    def ip(self, *lines):
        """`ip` commands, one a line, all in one process."""
        return self.run("ip", "-batch", "-", text="\n".join(lines) + "\n")

    def nft(self, *rules, hook="input"):
        """Drop or reject rules; packets are seen by the capture before `input`.
        Each call puts its rules in the place of those before."""
        body = "\n".join(f"    {rule}" for rule in rules)
        self.nft_clear()
        self.run("nft", "-f", "-", text=(
            f"table inet tlc {{\n  chain c {{\n    type filter hook {hook} priority 0;\n"
            f"{body}\n  }}\n}}\n"))

    def nft_clear(self):
        # Made first, so that there is one to delete.
        self.run("nft", "-f", "-", text="table inet tlc {}\ndelete table inet tlc\n")

    def netem(self, *words):
        """Delay, loss or reordering of what leaves here, in tc's own words; nothing: none.

        This namespace's capture sees a segment when it comes out of netem, the
        other's when it arrives: a delay is put on the far side of whoever measures."""
        if words:
            self.run("tc", "qdisc", "replace", "dev", DEVICE, "root", "netem", *words)
        else:
            self.run("tc", "qdisc", "del", "dev", DEVICE, "root")

    # What the module and the kernel say here.
    def view(self, ports=None):
        """The module's file as this namespace's reader gets it; see record.View."""
        with self.entered():
            return record.read(ports=ports)

    def snmp(self):
        """The kernel's TCP counters, {"TcpActiveOpens": 1, ...}."""
        found = {}
        with self.entered():
            for name in ("snmp", "netstat"):
                with open(f"/proc/thread-self/net/{name}") as file:
                    lines = [line.split() for line in file]
                for names, values in zip(lines[::2], lines[1::2]):
                    prefix = names[0].rstrip(":")
                    found.update((prefix + key, int(value))
                                 for key, value in zip(names[1:], values[1:]))
        return found


def _setup(name):
    me, other = MACS[name], MACS["server" if name == "client" else "client"]
    far = "server" if name == "client" else "client"
    lines = [f"link set {DEVICE} address {me}", f"link set {DEVICE} gso_max_segs 1",
             "link set lo gso_max_segs 1", "link set lo up", f"link set {DEVICE} up",
             f"addr add {ADDRESSES[name][4]}/24 dev {DEVICE}",
             f"addr add {ADDRESSES[name][6]}/64 dev {DEVICE} nodad"]
    for address in (*ADDRESSES[far].values(), *GHOSTS[far].values()):
        lines.append(f"neigh add {address} lladdr {other} dev {DEVICE} nud permanent")
    return lines


def build():
    """Both namespaces, fresh."""
    destroy()
    run("ip", "-batch", "-", text=(
        "netns add client\nnetns add server\n"
        f"link add {DEVICE} netns client type veth peer name {DEVICE} netns server\n"))
    pair = Namespace("client"), Namespace("server")
    for namespace in pair:
        # No router solicitations and no link-local address: no noise.
        namespace.sysctl(f"net.ipv6.conf.{DEVICE}.accept_ra", 0)
        namespace.sysctl(f"net.ipv6.conf.{DEVICE}.addr_gen_mode", 1)
        namespace.ip(*_setup(namespace.name))
    # The kernel learns in a work of its own that there is a carrier; until then what is sent is
    # dropped, and nobody told.
    wait.until("the veth to have a carrier at both ends", lambda: all(map(_carries, pair)))
    return pair


def _carries(namespace):
    said = namespace.run("ip", "link", "show", DEVICE)
    return "LOWER_UP" in said and "NO-CARRIER" not in said and "qdisc noop " not in said


def destroy():
    for name in ("client", "server"):
        if os.path.exists(f"/run/netns/{name}"):
            run("ip", "netns", "del", name)
