# SPDX-License-Identifier: GPL-2.0-only
"""Reading long texts: by small pieces, while connections come and go."""
import collections
import os

import re

from lib import record
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario


def read_by_pieces(side, size):
    """[(id, ports)] of all records; parsing them in full would take too long."""
    with side.entered():
        text = record.read_text(size=size)
    return [(found[0], {int(found[1]), int(found[2])}) for found in re.findall(
        r"^conn id=(\S+) .*? local=\S+:(\d+) remote=\S+:(\d+) ", text, re.M)]


@scenario("text", "2,000 records read by small pieces: each once, though others come and go",
          limit=1200, shared=10)
def long_reading(world):
    world.excuse("transitions", "the churn's are scenario all-of-them's affair")
    world.excuse("promises", "as above")
    world.excuse("segments", "as above")
    world.client.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    kept, moving = world.port(), world.port()
    held = Churn(world.client, "hold", kept, 1000)
    churn = None
    try:
        held.await_ready()
        steady = {i for i, ports in read_by_pieces(world.client, 1 << 16) if kept in ports}
        expect("records of the connections that stay", len(steady), 2001)
        for size in (1 << 16, 4096, 611):
            churn = Churn(world.client, moving, 1200, 2)
            found = read_by_pieces(world.client, size)
            churn.finish()
            seen = collections.Counter(i for i, _ in found)
            expect(f"ids met twice, reading by {size} bytes", [i for i, n in seen.items() if n > 1], [])
            expect(f"ids missed, reading by {size} bytes", steady - set(seen), set())
            expect_true("others moved meanwhile", any(moving in ports for _, ports in found))
        held.finish()
    finally:
        held.kill()
        if churn:
            churn.kill()


@scenario("text", "a reader may seek back, and gets the beginning again")
def seek_back(world):
    for _ in range(30):
        world.pair()
    with world.client.entered():
        fd = os.open(record.path(), os.O_RDONLY)
    try:
        start = os.read(fd, 300)
        while os.read(fd, 300):
            pass
        os.lseek(fd, 0, os.SEEK_SET)
        again = os.read(fd, 300)
        expect("the header once more", again.split(b" ")[:3], start.split(b" ")[:3])
    finally:
        os.close(fd)
