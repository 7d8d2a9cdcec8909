"""What the netlink channel costs, in instructions: virtual time counts them."""
import shutil
import subprocess
import time

from lib import helper, module, nl
from lib.cost import per_connection, unobserved
from lib.failure import expect, expect_true
from lib.helper import Churn
from lib.registry import scenario

CONNECTIONS = 3000
MANY = 50_000


@scenario("feed cost", "with one listener that takes every event, the feed adds at most 8 % of what"
          " the connection itself takes", virtual=True, shared=16)
def cost_of_the_feed(world):
    world.reload()
    side = world.client
    with unobserved(world):
        time.sleep(3)
        alone = per_connection(side, CONNECTIONS)
        # Its socket has room for one batch: what the kernel's side alone costs.
        with nl.Raw(side, receive=2048) as deaf:
            deaf.join()
            unread = per_connection(side, CONNECTIONS)
        time.sleep(3)
        before = nl.Client(side).do("stats-get")
        reader = nl.Reader(side, "feed", nl.EVENTS, "-q", "-r", 64 << 20)
        try:
            fed = per_connection(side, CONNECTIONS)
            time.sleep(1)
            total = reader.finish()
        finally:
            reader.close()
        stats = nl.Client(side).do("stats-get")
        time.sleep(3)
        after = per_connection(side, CONNECTIONS)
        module.unload()
        without = per_connection(side, CONNECTIONS)
        world.reload()
    recording, feed = alone - without, fed - alone
    events = stats["feed-seq"] - before["feed-seq"]
    print(f"note: instructions per connection, both ends: without the module {without}, recording"
          f" {alone} (+{recording}), with a listener {fed} (+{feed}, {feed * 100 / recording:.1f} % of"
          f" recording; +{unread - alone} with one that does not read), listener gone {after};"
          f" {events / (CONNECTIONS * 1.1):.1f} events per connection in {total['batches']} batches,"
          f" for which the listener slept {total['slept']} times", flush=True)
    expect("lost in the ring, and for want of room in the socket",
           (stats["feed-lost"] - before["feed-lost"], total["enobufs"]), (0, 0))
    expect_true("there was much to take", events > CONNECTIONS * 1.1 * 10)
    expect_true(f"it took all of it: from {total['first']} to {total['next']}, of {before['feed-seq']}"
                f" to {stats['feed-seq']}",
                total["first"] == before["feed-seq"] and stats["feed-seq"] - total["next"] < 100)
    expect_true("a listener that is gone costs nothing", after - alone < recording * 0.05)
    # Half of what recording took when this was promised; it takes less now, and a listener
    # that costs no more than then is no worse for it.
    expect_true(f"feed {feed} is at most 8 % of the connection's own {without}", feed <= without * 0.08)


def spent(side, *argv):
    """Instructions of a whole program, its output thrown away."""
    with side.entered():
        start = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) - start


@scenario("netlink cost", f"a dump of {2 * MANY:,} connections costs no more than ss -tan of the same sockets",
          virtual=True, shared=35)
def cost_of_a_dump(world):
    world.reload(records=200_000)
    side = world.client
    side.sysctl("net.ipv4.ip_local_port_range", "10000 65535")
    reader = helper.compiled("nlread")
    with unobserved(world):
        held = Churn(side, "hold", world.port(), MANY)
        try:
            held.await_ready()
            sockets = int(side.run("sh", "-c", "ss -tan | wc -l")) - 1
            expect("sockets ss shows", sockets, 2 * MANY + 1)
            figures = {"ss -tan": spent(side, "ss", "-tan"),
                       "bare reader": spent(side, reader, "dump", "-q"),
                       "bare reader, brief": spent(side, reader, "dump", "-q", "-b")}
            if shutil.which("tcplc"):
                figures["tcplc list"] = spent(side, "tcplc", "list")
            held.finish()
        finally:
            held.kill()
        # What they hold nobody asks about: to read it once more would take minutes.
        world.reload()
    each = {what: total // sockets for what, total in figures.items()}
    print("note: instructions per connection:", ", ".join(f"{what} {n}" for what, n in each.items()),
          flush=True)
    # tcplc list prints fifteen columns where ss has five; its figure stands beside it.
    what = "bare reader"
    expect_true(f"{what}: {each[what]}, no more than ss -tan: {each['ss -tan']}",
                each[what] <= each["ss -tan"])
    expect_true("tcplc is there", shutil.which("tcplc"))
