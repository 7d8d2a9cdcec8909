# SPDX-License-Identifier: GPL-2.0-only
"""SYN floods: from addresses nobody answers for, by helpers/synflood.c."""
from lib import helper, ledger, net, nl, patience
from lib.failure import expect, expect_true
from lib.registry import scenario

MILLION = 1_000_000
WITHOUT_COOKIES, HALF_OPEN = 100_000, 50_000
CUSTOMERS = 100                 # who really want to connect meanwhile
BACKLOG = patience.fewer(4096)   # a slow kernel times requests out before so many are there
SOURCES = "10.96.0.0"           # and as many behind it


def route_back(world):
    """SYN-ACKs leave for the client, whose kernel knows no such address."""
    world.server.ip(f"route add {SOURCES}/11 via {world.client.address()}")
    world.server.sysctl("net.core.somaxconn", 1 << 17)
    world.server.sysctl("net.ipv4.tcp_max_syn_backlog", 1 << 18)


def flood(world, port, count, skip=0):
    sent = int(world.client.run(helper.compiled("synflood"), net.DEVICE, net.MACS["server"], SOURCES,
                                world.server.address(), str(port), str(count), str(skip)))
    expect("SYNs sent", sent, count)


def counters_of(world, port):
    """What the listener's record says, {name: number}."""
    _, reader = nl.dump_text(world.server, "-l")
    try:
        line = next(line for line in reader.lines() if f":{port} " in line)
    finally:
        reader.close()
    words = dict(word.split("=", 1) for word in line.split()[1:])
    return {name: int(words[name]) for name in ("accepted", "syn_overflow", "accept_overflow", "cookies_sent",
                                                "cookies_valid")}


class Before:
    """What was counted until now: the kernel's in the server, the module's."""

    def __init__(self, world):
        self.side, self.kernel, self.totals = world.server, world.server.snmp(), ledger.stats()

    def kernels(self, name):
        return self.side.snmp()[name] - self.kernel[name]

    def modules(self, name):
        return ledger.stats()[name] - self.totals[name]

    def met(self):
        """Records of what is older than the module, or was let in late; once all have ended."""
        now = ledger.stats()
        return now["born"] - self.totals["born"] - (ledger.begun(now) - ledger.begun(self.totals))


def customers(world, listener, port, count):
    """Connections made in the middle of it; both ends of them."""
    pairs = []
    for _ in range(count):
        mine = world.client.connect(port, timeout=60)
        pairs.append((mine, listener.accept()[0]))
    return pairs


@scenario("O9 W2", f"{MILLION:,} SYNs with syncookies: a request on record or a cookie counted for each, and"
          " those who connect meanwhile get through", virtual=True, limit=12 * 3600)
def syn_flood(world):
    total, some = ledger.size(MILLION, 20_000), ledger.size(CUSTOMERS, 8)
    ledger.fresh(world, records=131072)
    route_back(world)
    port, pairs = world.port(), []
    listener = world.server.listen(port, backlog=BACKLOG)
    before = Before(world)
    for quarter in range(4):
        flood(world, port, total // 4, quarter * (total // 4))
        pairs += customers(world, listener, port, some // 4)
    told = counters_of(world, port)
    made = total // 4 * 4 + len(pairs)
    # A customer's own record is one more: the active end.
    requests = before.modules("born") - len(pairs) - told["cookies_valid"]
    ledger.Ledger("SYNs", made).recorded(requests_on_record=requests, answered_with_a_cookie=told["cookies_sent"]) \
        .lost(without_room=before.modules("untracked")) \
        .note(customers=len(pairs), of_these_by_cookie=told["cookies_valid"]) \
        .witness("the kernel's SyncookiesSent", before.kernels("TcpExtSyncookiesSent"), told["cookies_sent"]) \
        .witness("SyncookiesRecv", before.kernels("TcpExtSyncookiesRecv"), told["cookies_valid"]) \
        .witness("ListenDrops", before.kernels("TcpExtListenDrops"), 0).close()
    expect_true("the flood was one", told["cookies_sent"] > total // 2)
    expect("accepted", told["accepted"], len(pairs))
    for mine, theirs in pairs:
        mine.close(), theirs.close()


@scenario("O8 W2", f"{WITHOUT_COOKIES:,} SYNs without syncookies: a request on record, or an overflow counted"
          " for each", virtual=True, limit=12 * 3600)
def syn_flood_without_cookies(world):
    total = ledger.size(WITHOUT_COOKIES, 20_000)
    route_back(world)
    world.server.sysctl("net.ipv4.tcp_syncookies", 0)
    port = world.port()
    before = Before(world)
    listener = world.server.listen(port, backlog=BACKLOG)
    flood(world, port, total)
    told = counters_of(world, port)
    listener.close()
    ledger.await_living(0, 600)
    ledger.Ledger("SYNs", total).recorded(requests_on_record=before.modules("born") - 1) \
        .lost(queue_full=told["syn_overflow"], without_room=before.modules("untracked")) \
        .witness("the kernel's InSegs", before.kernels("TcpInSegs"), total) \
        .witness("TCPReqQFullDrop", before.kernels("TcpExtTCPReqQFullDrop"), told["syn_overflow"]) \
        .witness("ListenDrops", before.kernels("TcpExtListenDrops"), told["syn_overflow"]) \
        .witness("records met in mid-life", before.met(), 0).close()
    expect_true("the flood was one", told["syn_overflow"] > total // 2)


@scenario("W2", f"{HALF_OPEN:,} half-open requests at once, more than the pool holds: each on record or"
          " counted, and all of them over in the end", virtual=True, limit=12 * 3600)
def half_open_flood(world):
    total = ledger.size(HALF_OPEN, 2000)
    for part in ("counters", "books"):
        world.excuse(part, "the pool is full on purpose")
    ledger.fresh(world, records=max(64, total // 2), retention=86400)
    route_back(world)
    world.server.sysctl("net.ipv4.tcp_synack_retries", 2)
    port = world.port()
    before = Before(world)
    listener = world.server.listen(port, backlog=1 << 17)
    flood(world, port, total)
    totals = ledger.stats()
    ledger.Ledger("requests and a listener", total + 1) \
        .recorded(recorded=totals["born"]).lost(without_room=totals["untracked"]) \
        .witness("the kernel's InSegs", before.kernels("TcpInSegs"), total) \
        .witness("ListenDrops", before.kernels("TcpExtListenDrops"), 0).close()
    expect("live", totals["live"], max(64, total // 2))
    ledger.await_living(1, 600, "the end of all requests")
    listener.close()
    ledger.await_living(0, 60)
    totals = ledger.stats()
    # A SYN-ACK's timer tells of a request that found no room, once others have ended.
    ledger.Ledger("records", totals["born"]) \
        .recorded(timed_out=totals["close", "request-timed-out"], listener=totals["close", "listener"]) \
        .witness("dead and evicted", totals["dead"] + totals["evicted"], totals["born"]).close()
