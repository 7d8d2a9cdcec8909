"""What somebody without privilege can make the module spend, and on whom."""
import contextlib

from lib import child, lives, nl, wait
from lib.failure import expect
from lib.registry import scenario
from scenarios.netlink_races import Crowd


@scenario("feed W2", "who may not join and tries to without a pause has no ring filled, neither of its own"
          " namespace nor of the host's feed of all")
def refused_joins_for_nothing(world):
    host, here = nl.Client(), nl.Client(world.client)

    def told():
        """Events numbered so far: here, in all namespaces."""
        return here.do("stats-get")["feed-seq"], host.do("stats-get")["all-feed-seq"]

    def join(group, side):
        with nl.Raw(side) as raw:
            with contextlib.suppress(PermissionError):
                raw.join(group)
                return False
        return True

    crowds = []
    try:
        with world.client.entered():
            crowds.append(Crowd(lambda: join(nl.EVENTS, None), 1, child.become_nobody))
        crowds.append(Crowd(lambda: join(nl.ALL_EVENTS, None), 1, child.become_nobody))

        def refused():
            return [crowd.counts()[0] for crowd in crowds]
        wait.until("refusals", lambda: min(refused()) > 3)
        before, tries = told(), refused()
        for _ in range(5):
            _, mine, theirs = world.pair()
            lives.finish(mine, theirs)
        wait.until("more of them", lambda: all(now > then + 20 for now, then in zip(refused(), tries)))
        expect("events told to nobody", told(), before)
    finally:
        for crowd in crowds:
            crowd.end()
