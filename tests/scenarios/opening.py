# SPDX-License-Identifier: GPL-2.0-only
"""Rows O1, O2, O4, O5, O6, O9 and O10: how a connection opens."""
import socket

from lib import client, net, wait
from lib.failure import expect, expect_near, expect_path, expect_true
from lib.registry import scenario
from lib.story import (OPEN_ACTIVELY, OPEN_PASSIVELY, error_of_connect, expect_fires, expect_owner,
                       expect_verdict, once)


@scenario("O1",
          "both transitions, ISNs and their acknowledgements, handshake RTT, the owner at connect")
def active_open(world):
    # What is delayed is the answer: the client's capture then sees the round trip.
    world.server.netem("delay", "20ms")
    for family in (4, 6):
        _, mine, _ = world.pair(family=family)
        seen = world.record(world.client, net.remote(mine)[1])
        expect_path(seen, *OPEN_ACTIVELY)
        expect("local", seen.local, net.local(mine), seen)
        expect("remote", seen.remote, net.remote(mine), seen)
        expect("the cookie", seen.cookie, net.cookie(mine), seen)
        expect_verdict(seen, "active", "-", "-")
        expect("family", seen.family, f"ipv{family}", seen)

        syn, synack, ack = world.segments(world.client, seen.remote[1])[:3]
        expect("the handshake on the wire", [syn.flags, synack.flags, ack.flags],
               ["S", "SA", "A"], seen)
        expect("isn", seen.isn, syn.seq, seen)
        expect("peer_isn", seen.peer_isn, synack.seq, seen)
        opening, opened = seen.transitions
        expect("the SYN's sequence number", opening.seq, syn.seq, seen)
        expect("cause", (opening.cause, opened.cause), ("connect", "syn-ack-received"), seen)
        expect("the SYN-ACK's numbers", (opened.seq, opened.ack), (synack.seq, synack.ack), seen)
        expect("it acknowledges our SYN", opened.ack, seen.isn + 1 & 0xffffffff, seen)
        expect_near("time of ESTABLISHED", seen.start + opened.time, synack.time, 0.002, seen)
        expect_near("time in SYN_SENT", opened.spent, opened.time - opening.time, 0.000002, seen)
        expect_near("rtt_us", (seen.rtt_us or 0) / 1e6, synack.time - syn.time, 0.002, seen)
        expect_owner(seen, "connect")
        expect_true("a connecting socket came through no listener", seen.listener is None, seen)


@scenario("O2",
          "one record from the SYN on, under the child's cookie; its listener; owner and wait at accept")
def passive_open(world):
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        peer = world.ghost(world.client, port, family)
        peer.send("S", mss=1400, sack=True, wscale=5)
        answer = peer.receive("SA")
        half = world.record(world.server, port)
        expect_path(half, "LISTEN>NEW_SYN_RECV")
        expect("owner", half.owner, "-", half)
        expect("cause", half.transitions[0].cause, "syn-received", half)
        expect("numbers of the SYN", half.transitions[0].seq, peer.isn, half)
        expect("peer_isn", half.peer_isn, peer.isn, half)

        peer.send("A")
        queued = world.record(world.server, port, lambda r: r.state == "ESTABLISHED")
        expect("identity", queued.id, half.id, queued)
        expect("owner before accept", (queued.owner, queued.accept_us), ("-", None), queued)
        waiting = 0.25
        wait.until("a while in the accept queue", lambda: world.record(
            world.server, port).age > queued.age + waiting)
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)

        seen = world.record(world.server, port, lambda r: r.owner != "-")
        expect_path(seen, *OPEN_PASSIVELY)
        expect("identity", (seen.id, seen.cookie), (half.id, net.cookie(theirs)), seen)
        expect_verdict(seen, "passive", "-", "-")
        expect("listener", seen.listener, net.cookie(listener), seen)
        expect("local", seen.local, net.local(theirs), seen)
        expect("remote", seen.remote, peer.local, seen)
        expect("isn", seen.isn, answer.seq, seen)
        expect_owner(seen, "accept")
        opened = seen.transitions[2]
        expect("cause", opened.cause, "ack-received", seen)
        expect("the ACK's numbers", (opened.seq, opened.ack),
               (peer.isn + 1 & 0xffffffff, answer.seq + 1 & 0xffffffff), seen)
        accepted = once(seen, "accepted")
        expect_near("accept_us is from ESTABLISHED to accept()", seen.accept_us / 1e6,
                    accepted.time - opened.time, 0.002, seen)
        expect_true("which was a while", seen.accept_us > waiting * 1e6, seen)
        sent, received = world.capture["server"].between(seen.local, seen.remote)
        third = next(s for s in received if s.flags == "A")
        expect_near("rtt_us is from SYN-ACK to ACK", (seen.rtt_us or 0) / 1e6,
                    third.time - sent[0].time, 0.002, seen)


@scenario("O4", "each SYN retransmission with its timer and count, then the opening")
def syn_retransmission(world):
    for timestamps in (1, 0):
        world.client.sysctl("net.ipv4.tcp_timestamps", timestamps)
        port = world.port()
        world.server.listen(port)
        world.server.nft(f"tcp dport {port} drop")
        mine = world.client.connect(port, blocking=False)

        def syns():
            return [s for s in world.segments(world.client, port) if s.flags == "S"]
        wait.until("three SYNs", lambda: len(syns()) >= 3)
        world.server.nft_clear()
        expect("connect()", error_of_connect(mine), 0)
        seen = world.record(world.client, port, lambda r: r.state == "ESTABLISHED")
        expect_path(seen, *OPEN_ACTIVELY)
        event = once(seen, "timer-rto-syn")
        expect_fires(seen, event, "SYN_SENT", syns()[1:])
        expect("the SYN kept its number", {s.seq for s in syns()}, {seen.isn}, seen)
        if not timestamps:
            expect("an RTT nobody can tell", seen.rtt_us, None, seen)


@scenario("O4 C7", "a SYN is sent again from another address, the first one having gone (ip_dynaddr): the record has the"
          " one that was answered, until the end of 2MSL", virtual=True)
def syn_from_another_address(world):
    world.excuse("segments", "the first SYN's are those of another address")
    world.client.sysctl("net.ipv4.ip_dynaddr", 1)
    port, gone = world.port(), "10.77.0.21"
    listener = world.server.listen(port)
    world.client.ip(f"addr add {gone}/32 dev {net.DEVICE}",
                    f"route add {world.client.peer()}/32 dev {net.DEVICE} src {gone}")
    world.server.nft(f"tcp dport {port} drop")
    mine = world.client.connect(port, blocking=False)
    expect("local address", str(net.local(mine)[0]), gone)
    world.client.ip(f"addr del {gone}/32 dev {net.DEVICE}")
    world.server.nft_clear()
    expect("connect()", error_of_connect(mine), 0)
    theirs, _ = listener.accept()
    expect("local address", str(net.local(mine)[0]), world.client.address())
    seen = world.record(world.client, port, lambda r: r.state == "ESTABLISHED")
    expect("local", seen.local, net.local(mine), seen)
    mine.close()
    theirs.close()
    last = world.ended(world.client, port, timeout=120)
    expect("cause", last.transitions[-1].cause, "2msl-expired", last)
    expect("gaps", last.gaps, 0, last)


@scenario("O5", "the third ACK lost: SYN-ACK retransmissions by their timer, then the opening")
def third_ack_lost(world):
    port = world.port()
    listener = world.server.listen(port)
    world.server.nft(f"tcp dport {port} tcp flags & (syn|ack) == ack drop")
    world.client.connect(port)

    def answers():
        return [s for s in world.segments(world.server, port) if s.has("S", "A")]
    wait.until("three SYN-ACKs", lambda: len(answers()) >= 3)
    half = world.record(world.server, port)
    expect("state", half.state, "NEW_SYN_RECV", half)
    world.server.nft_clear()
    listener.settimeout(60)
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    seen = world.record(world.server, port, lambda r: r.owner != "-")
    expect_path(seen, *OPEN_PASSIVELY)
    event = once(seen, "timer-syn-ack")
    expect_fires(seen, event, "NEW_SYN_RECV", answers()[1:])
    # The client opened at the first SYN-ACK; the others change nothing for it.
    expect_path(world.record(world.client, port), *OPEN_ACTIVELY)


@scenario("O5", "a SYN that comes again is answered again, without the timer's doing")
def syn_repeated_by_peer(world):
    port = world.port()
    world.server.listen(port)
    peer = world.ghost(world.client, port)
    peer.send("S", mss=1400)
    peer.receive("SA")
    # The kernel limits such answers to one each half second.
    wait.until("0.6 s", lambda: world.record(world.server, port).age > 0.6)
    peer.send("S", seq=peer.isn, mss=1400)
    peer.receive("SA")
    seen = world.record(world.server, port, lambda r: r.causes("syn-ack-again"))
    event = once(seen, "syn-ack-again")
    expect("count", (event.count, event.state), (1, "NEW_SYN_RECV"), seen)
    expect("timer fires", seen.causes("timer-syn-ack"), [], seen)
    expect_path(seen, "LISTEN>NEW_SYN_RECV")


@scenario("O6", "both ends send a SYN: SYN_SENT>SYN_RECV, SYN_RECV>ESTABLISHED, opening simultaneous")
def simultaneous_open(world):
    port, own = world.port(), world.port()
    peer = world.ghost(world.server, local_port=port)
    mine = world.client.tcp("10.77.0.1", own)
    mine.setblocking(False)
    try:
        mine.connect((str(peer.local[0]), port))
    except BlockingIOError:
        pass
    syn = peer.receive("S", without="A")
    peer.send("S", mss=1400)
    answer = peer.receive("SA")
    expect("the SYN-ACK repeats the SYN's number", answer.seq, syn.seq)
    peer.send("A", ack=syn.seq + 1)
    expect("connect()", error_of_connect(mine), 0)
    seen = world.record(world.client, port)
    expect_path(seen, "CLOSED>SYN_SENT", "SYN_SENT>SYN_RECV", "SYN_RECV>ESTABLISHED")
    expect_verdict(seen, "simultaneous", "-", "-")
    expect("ISNs", (seen.isn, seen.peer_isn), (syn.seq, peer.isn), seen)
    expect("causes", [step.cause for step in seen.transitions],
           ["connect", "syn-received", "ack-received"], seen)
    peer.send("R")
    expect_verdict(world.ended(world.client, port), "simultaneous", "rst-received", "peer")


@scenario("O16 C3 tcplc", "connected to itself: its own SYN crosses it, and the opening is named self; its FIN comes back to it"
          " as well")
def connected_to_itself(world):
    world.capture_loopback(world.client)
    for family in (4, 6):
        port = world.port()
        host = "::1" if family == 6 else "127.0.0.1"
        mine = world.client.tcp(host, port)
        mine.connect((host, port))
        mine.sendall(b"echo")
        expect("its own data", mine.recv(100), b"echo")
        seen = world.record(world.client, port)
        expect("both ends", seen.local, seen.remote, seen)
        expect_path(seen, "CLOSED>SYN_SENT", "SYN_SENT>SYN_RECV", "SYN_RECV>ESTABLISHED")
        expect_verdict(seen, "self", "-", "-")
        syns = [s.flags for s in world.capture["client/lo"].of(port) if s.has("S")]
        expect("SYNs on the wire", syns, ["S", "SA"], seen)
        expect("ISNs", seen.isn, seen.peer_isn, seen)
        text = " ".join(client.run(world.client, "show", f"{seen.cookie:x}.{seen.generation}")[0].split())
        expect_true(f"the sentence says so: {text}", "connected the socket to itself" in text)
        mine.close()
        seen = world.record(world.client, port, lambda r: r.state == "TIME_WAIT")
        expect("first", seen.first, "both", seen)


@scenario("O9 O3",
          "opened through a SYN cookie: named so, no request ever existed; the listener counts both")
def syncookie(world):
    world.server.sysctl("net.ipv4.tcp_syncookies", 2)
    for family in (4, 6):
        port = world.port()
        listener = world.server.listen(port, "::" if family == 6 else "0.0.0.0")
        world.client.connect(port, world.client.peer(family))
        theirs, _ = listener.accept()
        world.server.sockets.append(theirs)
        seen = world.record(world.server, port, lambda r: r.owner != "-")
        expect_path(seen, "LISTEN>SYN_RECV", "SYN_RECV>ESTABLISHED")
        expect_verdict(seen, "syncookie", "-", "-")
        expect("identity", seen.cookie, net.cookie(theirs), seen)
        expect("listener", seen.listener, net.cookie(listener), seen)
        told = world.listener(world.server, port)
        expect("cookies_sent, cookies_valid, accepted",
               (told.cookies_sent, told.cookies_valid, told.accepted), (1, 1, 1), told)


TCP_FASTOPEN, MSG_FASTOPEN = 23, 0x20000000


@scenario("O10", "TCP Fast Open on both ends; the server closes first: SYN_RECV>FIN_WAIT_1")
def fast_open(world):
    for side in (world.client, world.server):
        side.sysctl("net.ipv4.tcp_fastopen", 3)
    port = world.port()
    listener = world.server.listen(port, options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)])
    # The first connection fetches the cookie, the second one uses it.
    first = world.client.tcp()
    first.sendto(b"cookie, please", MSG_FASTOPEN, (world.client.peer(), port))
    theirs, _ = listener.accept()
    world.server.sockets.append(theirs)
    world.record(world.client, port, lambda r: r.state == "ESTABLISHED")
    # The client's ACK is lost for a while, so that the server closes in SYN_RECV.
    world.server.nft(f"tcp dport {port} tcp flags & (syn|ack) == ack drop")
    second = world.client.tcp()
    second.sendto(b"data on the SYN", MSG_FASTOPEN, (world.client.peer(), port))
    own = net.local(second)[1]
    theirs, _ = listener.accept()
    expect("data which came with the SYN", theirs.recv(100), b"data on the SYN")
    theirs.close()
    seen = world.record(world.server, port, lambda r: r.state == "FIN_WAIT_1", remote_port=own)
    expect_verdict(seen, "fastopen", "-", "local")
    world.server.nft_clear()
    second.settimeout(60)
    expect("the server's FIN", second.recv(1), b"")
    second.close()
    seen = world.record(world.server, port, lambda r: r.state in ("TIME_WAIT", "CLOSED"),
                        remote_port=own)
    expect_true("SYN_RECV>FIN_WAIT_1", "SYN_RECV>FIN_WAIT_1" in map(str, seen.transitions), seen)
    mine = world.record(world.client, port, lambda r: r.state == "CLOSED", remote_port=own)
    expect("the client's opening", mine.open, "fastopen", mine)
    expect_true("both ends agreed on Fast Open", "tfo" in (mine.agreed or ()), mine)
