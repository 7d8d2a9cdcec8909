# SPDX-License-Identifier: GPL-2.0-only
"""Netlink: unloading the module while it is being asked, and loading it again."""
import errno
import os

from lib import lives, module, net, nl, record
from lib.failure import Failure, expect, expect_true
from lib.registry import scenario


def unload():
    """True if it went, False if the kernel said that it is in use."""
    try:
        module.unload()
        return True
    except OSError as error:
        expect("errno of rmmod", error.errno, lambda n: n in (errno.EWOULDBLOCK, errno.EBUSY))
        return False


@scenario("netlink load", "rmmod while a dump is half read: refused or clean, and insmod works again",
          shared=22)
def unload_during_dump(world):
    world.excuse("missing", "the module comes and goes")
    listener = world.pair()[0]
    for _ in range(100):
        world.client.connect(listener.getsockname()[1])
        world.server.sockets.append(listener.accept()[0])
    for _ in range(3):
        with nl.Raw(world.client) as raw:
            raw.send(1, flags=nl.REQUEST | nl.ACK | nl.DUMP)
            messages = raw.take()
            expect_true("there is more to come", not messages[-1].is_end)
            gone = unload()
            while not messages[-1].is_end:
                messages += raw.take()
            if not gone:
                expect("the dump went on", messages[-1].error, 0)
        expect("unloading when the dump is over", gone or unload(), True)
        world.reload()
        world.pair()
        expect("what the new one saw begin", [conn["open"] for conn in nl.Client(world.client).dump()
                                              if conn["open"] != "preexisting"], ["active"])
        with nl.Raw(world.client) as raw:
            for _ in range(100):            # not one of them is ever read
                raw.send(1, flags=nl.REQUEST | nl.ACK | nl.DUMP)
        expect("unloading when its socket is closed, dump unread", unload(), True)
        world.reload()
        for _ in range(100):
            world.client.connect(listener.getsockname()[1])
            world.server.sockets.append(listener.accept()[0])


@scenario("feed load", "rmmod while listeners are subscribed, with events on their way: clean; those who"
          " join the new one get its events", shared=12)
def unload_with_listeners(world):
    world.excuse("missing", "the module comes and goes")
    for turn in range(5):
        readers = [nl.Raw(side) for side in (world.client, world.server, None)]
        try:
            for reader in readers[:2]:
                reader.join()
            readers[2].join(nl.ALL_EVENTS)
            for _ in range(30):
                _, mine, theirs = world.pair()
                lives.finish(mine, theirs)
            # Without a pause: much is in the rings, and the worker has been woken.
            module.unload()
            expect("its files", [os.path.exists(path) for path in record.PATHS], [False, False])
            for reader in readers:
                reader.drain()
            if turn % 2:
                world.reload()
                world.pair()
        finally:
            for reader in readers:
                reader.close()
        if not turn % 2:
            world.reload()
        try:
            fresh = nl.Client(world.client, group=nl.EVENTS)
        except KeyError as error:
            raise Failure(f"no group in the new module: {error!r}") from None
        _, mine, _ = world.pair()
        cookie = net.cookie(mine)
        fresh.events(until=lambda found: any(event["cookie"] == cookie for _, event in found))
        fresh.close()
