# SPDX-License-Identifier: GPL-2.0-only
"""What holds for every record, whatever the scenario: both witnesses agree with it.

Done by the runner at the end of each scenario for all its connections, and free
to be called earlier, while a connection lives.

How a record maps to the tracepoint, which does not see two sorts of socket:
  request sockets (NEW_SYN_RECV): LISTEN>NEW_SYN_RECV and NEW_SYN_RECV>CLOSED are
      not traced; NEW_SYN_RECV>SYN_RECV is, as the child's LISTEN>SYN_RECV.
  timewait sockets: when one takes over, the socket it stands for is traced as
      X>CLOSED, where the record says X>TIME_WAIT; nothing of the timewait socket
      is traced. One may also stand for FIN_WAIT_2: then X>CLOSED is traced while
      the record rightly stays in FIN_WAIT_2.
A FIN that came together with the ACK of ours is traced FIN_WAIT_1>FIN_WAIT_2,
FIN_WAIT_2>CLOSED; the record says FIN_WAIT_1>TIME_WAIT.
"""
from lib.failure import Failure, expect, expect_true
from lib.tracepoint import lives, second_children

NEW, WAIT = "NEW_SYN_RECV", "TIME_WAIT"


def traced(record):
    """The steps the tracepoint has to show for this record."""
    steps = []
    for step in record.transitions:
        if step.old == "FIN_WAIT_1" and step.new == WAIT:
            steps += ["FIN_WAIT_1>FIN_WAIT_2", "FIN_WAIT_2>CLOSED"]
        elif step.new == NEW or step.old == WAIT or step.old == NEW and step.new == "CLOSED":
            continue
        elif step.old == NEW:
            steps.append(f"LISTEN>{step.new}")
        elif step.new == WAIT:
            steps.append(f"{step.old}>CLOSED")
        else:
            steps.append(str(step))
    # In FIN_WAIT_2 for good, in a timewait socket: its full socket is gone.
    if record.state == "FIN_WAIT_2" and record.causes("fin-wait-2-armed"):
        steps.append("FIN_WAIT_2>CLOSED")
    return steps


def _seen(record, life):
    """What of a traced life the record has to show: of an old one, the end."""
    steps = life.steps if life else []
    if record.open == "preexisting" or record.causes("found"):
        return steps[max(0, len(steps) - len(traced(record))):]
    return steps


def _matches(record, life):
    return _seen(record, life) == traced(record)


def check_transitions(record, life):
    """Every step of the one is in the other, in order."""
    wanted, seen = traced(record), _seen(record, life)
    if wanted != seen:
        raise Failure(f"record and tracepoint differ\nexpected (traced): {' '.join(seen)}\n"
                      f"got (record maps to): {' '.join(wanted)}\n{life or 'no such socket traced'}"
                      f"\n{record}")


def _key(record):
    remote = record.remote or (None, 0)
    return (*record.local, *remote)


def check_all_transitions(records, events, ports, lossy=False):
    """Pair all records and traced sockets which have one of these ports, exactly.

    `lossy`: records may be missing, as when the pool was full; those that are
    there still have to be right.

    Returns how many second children were traced beside those on record.
    """
    traces = {}
    all_lives = [life for life in lives(events) if life.ports & ports]
    second = second_children(all_lives)
    for life in all_lives:
        if life not in second:
            key = life.key
            if life.events[0].new == "LISTEN":
                key = (*key[:2], None, 0)
            traces.setdefault(key, []).append(life)
    for record in sorted(records, key=lambda record: record.start):
        key = _key(record)
        if record.is_listener:
            key = (*key[:2], None, 0)
        if not traced(record):
            continue
        # Between the hook and the tracepoint of one connect() another one may come and
        # go, with the port that the first then gets: which began first is not certain.
        found = traces.get(key, [])
        match = next((life for life in found if _matches(record, life)), None)
        if match:
            found.remove(match)
        elif lossy:
            raise Failure(f"no traced socket matches this record\n{record}")
        else:
            check_transitions(record, found[0] if found else None)
    left = [str(life) for found in traces.values() for life in found]
    if left and not lossy:
        raise Failure("sockets were traced that have no record\n" + "\n".join(left) +
                      "\n" + "\n".join(str(record) for record in records))
    return len(second)


def _border(before, after, received):
    """The time between two connections with the same addresses.

    A connect() precedes its SYN, while a SYN is captured before the record of
    its request begins, and before the TIME_WAIT it ends; an RST may leave after
    the end.
    """
    if after.open in ("active", "simultaneous", "self", "restored"):
        return after.start
    syns = [s.time for s in received if s.has("S") and s.seq == after.peer_isn
            and s.time <= after.start]
    return syns[-1] if syns else (before.end + after.start) / 2


def _of_record(record, segments, siblings, received):
    """Its own segments, where several connections used the same addresses."""
    siblings = sorted(siblings, key=lambda r: r.start)
    at = siblings.index(record)
    if at > 0:
        border = _border(siblings[at - 1], record, received)
        segments = [s for s in segments if s.time >= border]
    if at + 1 < len(siblings):
        border = _border(record, siblings[at + 1], received)
        segments = [s for s in segments if s.time < border]
    return segments


def check_segments(record, capture, siblings=()):
    """Sequence numbers, MSS and options are those on the wire.

    `siblings`: all records with these addresses, this one included.
    """
    if record.is_listener:
        return
    ways = capture.between(record.local, record.remote)
    sent, received = (_of_record(record, way, siblings or [record], ways[1]) for way in ways)
    ours = [s for s in sent if s.has("S")]
    theirs = [s for s in received if s.has("S")]
    what = f"{capture.interface}: "
    if ours and record.open != "preexisting":
        expect(what + "isn is the sequence number of our SYN", record.isn, ours[-1].seq, record)
        expect(what + "mss_adv is the MSS option of our SYN", record.mss_adv,
               ours[-1].options.get("mss"), record)
    if record.peer_isn is not None:
        expect(what + "peer_isn is the sequence number of the peer's SYN",
               record.peer_isn, lambda isn: isn in [s.seq for s in theirs], record)
        peer = next(s for s in theirs if s.seq == record.peer_isn)
        if record.open == "syncookie":
            # Nothing was kept of that SYN, and nothing is made up.
            expect(what + "of a SYN nobody kept", (record.mss_rcv, record.offered), (None, None),
                   record)
        else:
            _check_peer(what, record, ours, peer)
    _check_fins(what, record, sent, received)
    _check_resets(what, record, sent)


def _check_peer(what, record, ours, peer):
    # Of a SYN from before the module, this much may still be known.
    if record.open != "preexisting" or record.mss_rcv is not None:
        expect(what + "mss_rcv is the MSS option of the peer's SYN", record.mss_rcv,
               peer.options.get("mss", "absent"), record)
    if record.open != "preexisting":
        _check_options(what, record, ours, peer)


def _check_options(what, record, ours, peer):
    # Whoever sent the first SYN offered; the SYN-ACK is the answer to it.
    if not ours or record.open == "simultaneous":
        return                      # both SYNs offered: the scenario's own affair
    opening, answer = (peer, ours[-1]) if not peer.has("A") else (ours[0], peer)
    expect(what + "offered are the options of the opening SYN", record.offered,
           opening.offered, record)
    if record.agreed is not None and "tfo" not in opening.offered:
        expect(what + "agreed are those both SYN and SYN-ACK carry", record.agreed,
               opening.offered & answer.offered, record)
    if record.wscale is not None:
        expect(what + "wscale is what both ends sent", record.wscale,
               (ours[-1].options.get("wscale", 0), peer.options.get("wscale", 0)), record)


def _check_fins(what, record, sent, received):
    ours, theirs = ({s.fin for s in way if s.has("F")} for way in (sent, received))
    if ours and record.open != "preexisting" or record.fin is not None:
        expect(what + "fin is the sequence number of our FIN", record.fin,
               lambda fin: fin in ours, record)
    # A FIN on the wire may still have been refused, so not the other way round.
    if record.peer_fin is not None:
        expect(what + "peer_fin is the sequence number of the peer's FIN",
               record.peer_fin, lambda fin: fin in theirs, record)


def _check_resets(what, record, sent):
    """The number of each RST of ours; what a firewall kept here is on no wire."""
    resets = [s.seq for s in sent if s.has("R")]
    if not resets:
        return
    for entry in record.causes("rst-out"):
        expect(what + "rst-out has the sequence number of an RST", entry.seq,
               lambda seq: seq in resets, record)
    if record.close in ("rst-unread", "rst-linger", "rst-linger2") and record.causes("rst-out"):
        last = record.transitions[-1]
        expect(what + "the number it ended with is that of the RST", last.seq,
               lambda seq: seq in resets, record)


def check_promises(record):
    """What no connection may show, ever: W4 and the bounds of a record."""
    for step in record.transitions:
        expect_true(f"{step} is in the RFC 9293 diagram", not step.illegal, record)
        expect_true(f"{step} began in the state on record",
                    not step.gap or record.open == "preexisting", record)
    before = None
    for step in record.transitions:
        if before is not None:
            expect(f"{step} leaves the state entered before", step.old, before, record)
        before = step.new
    if before is not None:
        expect("the state is that of the last transition", record.state, before, record)
    expect("a connection that ended is CLOSED", record.ended, record.state == "CLOSED", record)
    expect("the record had room for every entry", record.dropped, 0, record)
