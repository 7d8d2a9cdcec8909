# SPDX-License-Identifier: GPL-2.0-only
"""Witness: the tracepoint tcp:tcp_send_reset; none is found where it tells no reason."""
import collections
import contextlib
import ipaddress
import os
import re

from lib.failure import Broken
from lib.tracepoint import TRACEFS

LINE = re.compile(r" tcp_send_reset: .*src=(\S+) dest=(\S+) state=(\S+) reason=(\S+)")
PREFIXES = ("TCP_RFC7323_", "TCP_")
Reset = collections.namedtuple("Reset", "local remote reason")


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _endpoint(text):
    host, _, port = text.rpartition(":")
    address = ipaddress.ip_address(host.strip("[]"))
    return getattr(address, "ipv4_mapped", None) or address, int(port)


def _word(reason):
    """As the module prints it."""
    if reason == "TCP_STATE":
        return "tcp-state"
    for prefix in PREFIXES:
        reason = reason.removeprefix(prefix)
    return reason.lower().replace("_", "-")


def has_reasons():
    with open(f"{TRACEFS}/events/tcp/tcp_send_reset/format") as file:
        return " reason;" in file.read()


@contextlib.contextmanager
def resets():
    """A function that tells the RSTs sent since, of sockets other than listeners."""
    root = f"{TRACEFS}/instances/tlc_rst"
    os.mkdir(root)
    event = f"{root}/events/tcp/tcp_send_reset/enable"

    def read():
        with open(f"{root}/trace") as file:
            text = file.read()
        if re.search(r"entries-in-buffer/entries-written: (\d+)/(?!\1\b)", text):
            raise Broken("tcp_send_reset lost events")
        return [Reset(_endpoint(src), _endpoint(dest), _word(reason))
                for src, dest, state, reason in LINE.findall(text)
                if state not in ("UNKNOWN", "TCP_LISTEN", "TCP_NEW_SYN_RECV")]
    try:
        _write(event, "1")
        yield read
    finally:
        _write(event, "0")
        os.rmdir(root)
