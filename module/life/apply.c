// SPDX-License-Identifier: GPL-2.0-only
/*
 * apply.c: (record, event) -> record.
 *
 * Owns: what each kind of event does to a record.
 * Called by: conn.c, in handler context, under the lock of the record's chain;
 * by KUnit.  Pure: it sees numbers only.
 * Must not: look at a socket, allocate, or keep anything outside the record.
 */
#include "life/apply.h"

#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "life/closer.h"
#include "life/history.h"
#include "life/midlife.h"
#include "life/opening.h"
#include "life/subflow.h"
#include "life/verdict.h"
#include "life/volume.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

#define TLC_RECORD_MAX	576

static_assert(sizeof(struct tlc_entry) == 16);
static_assert(sizeof(struct tlc_record) <= TLC_RECORD_MAX);
static_assert(TCP_LIFECYCLE_RST_REASON_MAX <= TLC_RST_REASON_MAX);

static bool is_listener(const struct tlc_record *rec)
{
	return rec->open == TCP_LIFECYCLE_OPEN_LISTENER;
}

static void note_owner(struct tlc_record *rec, const struct tlc_event *ev, u8 at)
{
	rec->owner = ev->owner;
	rec->owner_at = at;
}

/* The direction that stays open is counted on from here. */
static void note_first_fin(struct tlc_record *rec, u8 who)
{
	if (rec->first != TCP_LIFECYCLE_FIRST_NONE)
		return;
	rec->first = who;
	rec->conn.fin_mark = who == TCP_LIFECYCLE_FIRST_LOCAL ? rec->conn.rx :
							       rec->conn.tx;
	rec->flags |= TLC_FLAG_FIRST_FIN;
}

static void note_peer_fin(struct tlc_record *rec, u32 rcv_nxt)
{
	rec->conn.peer_fin = rcv_nxt - 1;
	rec->flags |= TLC_FLAG_PEER_FIN;
}

static void die(struct tlc_record *rec, const struct tlc_event *ev,
		struct tlc_verdict v, u8 from, struct tlc_segment seg,
		struct tlc_tally *tally)
{
	rec->close = v.close;
	tlc_closer_note(rec, ev, v.cause);
	if (rec->first == TCP_LIFECYCLE_FIRST_NONE)
		rec->first = v.first;
	tlc_history_move(rec, ev, from, S(CLOSED), v.cause, seg, tally);
	/* As its last entry: who began it may have taken the time later, on another CPU. */
	rec->died = max(ev->now, tlc_history_last(rec));
}

/* Timewait took over; the full socket ends and leaves its last numbers. */
static void handed_over(struct tlc_record *rec, const struct tlc_event *ev,
			struct tlc_tally *tally)
{
	tlc_volume_take(rec, &ev->tcp);
	if ((rec->flags & TLC_FLAG_FIN_WAIT_2) &&
	    rec->conn.segs_mark == ev->tcp.segs_in)
		tlc_history_fold_fin(rec, tally);
}

static void socket_closed(struct tlc_record *rec, const struct tlc_event *ev,
			  struct tlc_tally *tally)
{
	struct tlc_verdict v = tlc_verdict_socket(rec, ev);
	struct tlc_segment seg = TLC_SEGMENT_NONE;

	if (v.close == TCP_LIFECYCLE_CLOSE_TW_OVERFLOW && ev->tcp.peer_done &&
	    !(rec->flags & TLC_FLAG_PEER_FIN)) {
		note_peer_fin(rec, ev->tcp.rcv_nxt);
		seg = TLC_SEGMENT(rec->conn.peer_fin, ev->tcp.snd_una);
	} else if (v.cause == C(FIN_ACKED) || v.cause == C(TW_OVERFLOW)) {
		seg = TLC_SEGMENT(ev->tcp.rcv_nxt, ev->tcp.snd_una);
	} else if (v.cause == C(RST_RECEIVED) || v.cause == C(LATE_DATA) ||
		   v.cause == C(FASTCLOSE_RECEIVED)) {
		seg = rec->conn.hint_seg;
	} else if (tlc_verdict_sends_rst(v.close)) {
		seg = TLC_SEGMENT(ev->tcp.rst_seq, ev->tcp.rcv_nxt);
	}
	if (!is_listener(rec))
		tlc_volume_take(rec, &ev->tcp);
	die(rec, ev, v, ev->from, seg, tally);
}

static void apply_state(struct tlc_record *rec, const struct tlc_event *ev,
			struct tlc_tally *tally)
{
	const struct tlc_tcp *tcp = &ev->tcp;
	struct tlc_segment seg = TLC_SEGMENT_NONE;
	u8 cause = ev->cause;

	if (ev->to == S(CLOSED) && (rec->flags & TLC_FLAG_TIMEWAIT)) {
		handed_over(rec, ev, tally);
		return;
	}
	if (rec->died || ev->from == ev->to)
		return;
	if (ev->from == S(SYN_RECV) && ev->to == S(CLOSED) && tcp->unhashed &&
	    rec->nr && rec->entry[0].to == S(NEW_SYN_RECV)) {
		/* The child was stillborn; the request goes on without it. */
		tlc_history_undo(rec, S(NEW_SYN_RECV), S(SYN_RECV), tally);
		return;
	}

	switch (ev->to) {
	case S(SYN_SENT):
		rec->open = TCP_LIFECYCLE_OPEN_ACTIVE;
		cause = C(CONNECT);
		if (!ev->foreign)
			note_owner(rec, ev, C(CONNECT));
		break;
	case S(SYN_RECV):
		rec->open = tlc_ident_is_own_peer(&rec->id) ?
			    TCP_LIFECYCLE_OPEN_SELF : TCP_LIFECYCLE_OPEN_SIMULTANEOUS;
		cause = C(SYN_RECEIVED);
		break;
	case S(ESTABLISHED):
		tlc_opening_established(rec, ev, tally);
		return;
	case S(FIN_WAIT_1):
	case S(LAST_ACK):
		tlc_opening_repaired(rec, ev);
		/* A route that changed, say, no hook tells. */
		tlc_midlife_mss(rec, ev, tally);
		rec->conn.fin = tcp->write_seq;
		rec->flags |= TLC_FLAG_FIN;
		tlc_volume_take(rec, tcp);
		rec->conn.segs_mark = tcp->data_segs_in;
		note_first_fin(rec, ev->to == S(LAST_ACK) ?
			       TCP_LIFECYCLE_FIRST_PEER :
			       TCP_LIFECYCLE_FIRST_LOCAL);
		if (rec->hint == C(SHUTDOWN)) {
			if (cause != C(SILENT))
				cause = C(SHUTDOWN);
			rec->hint = C(UNKNOWN);
		} else {
			cause = tlc_subflow_end(rec, ev);
		}
		tlc_closer_note(rec, ev, cause);
		seg = TLC_SEGMENT(tcp->write_seq, tcp->rcv_nxt);
		break;
	case S(CLOSE_WAIT):
	case S(CLOSING):
		note_peer_fin(rec, tcp->rcv_nxt);
		tlc_volume_take(rec, tcp);
		if (ev->to == S(CLOSING))
			rec->first = TCP_LIFECYCLE_FIRST_BOTH;
		else
			note_first_fin(rec, TCP_LIFECYCLE_FIRST_PEER);
		cause = C(FIN_RECEIVED);
		seg = TLC_SEGMENT(rec->conn.peer_fin, tcp->snd_una);
		break;
	case S(FIN_WAIT_2):
		/*
		 * Nobody can read it any more.  What was read between shutdown()
		 * and close() was not late.
		 */
		if (tcp->orphan && rec->conn.segs_mark != tcp->data_segs_in &&
		    (!(rec->flags & TLC_FLAG_FIRST_FIN) ||
		     rec->conn.fin_mark == tcp->bytes_received))
			rec->conn.segment = C(LATE_DATA);
		/*
		 * Segments in the backlog are counted already, and those behind
		 * a hole come with the one that fills it: whether the FIN was in
		 * this one cannot be told then.
		 */
		if (tcp->one_segment) {
			rec->conn.segs_mark = tcp->segs_in;
			rec->flags |= TLC_FLAG_FIN_WAIT_2;
		}
		tlc_volume_take(rec, tcp);
		cause = C(FIN_ACKED);
		seg = TLC_SEGMENT(tcp->rcv_nxt, tcp->snd_una);
		break;
	case S(CLOSED):
		socket_closed(rec, ev, tally);
		return;
	}
	tlc_history_move(rec, ev, ev->from, ev->to, cause, seg, tally);
}

static void apply_listen(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	if (rec->died || rec->state == S(LISTEN))
		return;
	rec->open = TCP_LIFECYCLE_OPEN_LISTENER;
	rec->lsn.backlog = ev->backlog;
	note_owner(rec, ev, C(LISTEN));
	tlc_history_move(rec, ev, S(CLOSED), S(LISTEN), C(LISTEN), TLC_SEGMENT_NONE,
			 tally);
}

static void apply_listen_failed(struct tlc_record *rec, const struct tlc_event *ev,
				struct tlc_tally *tally)
{
	const struct tlc_verdict v = {
		.close = TCP_LIFECYCLE_CLOSE_LISTEN_FAILED,
		.cause = C(LISTEN_FAILED),
		.first = TCP_LIFECYCLE_FIRST_LOCAL,
	};

	if (rec->died || rec->state != S(LISTEN))
		return;
	/* Something came through it: it listened before, and nobody saw the end of that. */
	if (memchr_inv(rec->lsn.counter, 0, sizeof(rec->lsn.counter)))
		tlc_record_end_missed(rec, ev, tally);
	else
		die(rec, ev, v, S(LISTEN), TLC_SEGMENT_NONE, tally);
}

static void apply_request_drop(struct tlc_record *rec, const struct tlc_event *ev,
			       struct tlc_tally *tally)
{
	struct tlc_segment seg = TLC_SEGMENT_NONE;
	struct tlc_event why = *ev;

	if (rec->died ||
	    (rec->state != S(NEW_SYN_RECV) && rec->state != S(SYN_RECV)))
		return;
	/* The socket that was to be made of it never was: the request was still to be found. */
	if (rec->nr && rec->entry[0].to == S(NEW_SYN_RECV))
		tlc_history_undo(rec, S(NEW_SYN_RECV), S(SYN_RECV), tally);
	why.cause = tlc_verdict_request_cause(rec, ev, &seg);
	die(rec, ev, tlc_verdict_request(&why), rec->state, seg, tally);
}

static void apply_accept(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	if (rec->state == S(NONE))
		rec->state = ev->from;
	note_owner(rec, ev, C(ACCEPTED));
	tlc_history_note(rec, ev, C(ACCEPTED), tally);
}

static void apply_tw_arm(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	u8 from = rec->state;

	if (rec->died)
		return;
	rec->flags |= TLC_FLAG_TIMEWAIT;
	/* What had been announced did not end it.  A restart may race with an end. */
	if (from != S(TIME_WAIT))
		rec->hint = C(UNKNOWN);
	if (rec->state == S(NONE)) {
		/* Older than the module; what it came from was not seen. */
		rec->state = ev->to;
		tlc_history_note(rec, ev, ev->to == S(FIN_WAIT_2) ?
				 C(FIN_WAIT_2_ARMED) : C(2MSL_ARMED), tally);
		return;
	}
	if (ev->to == S(FIN_WAIT_2)) {
		rec->state = S(FIN_WAIT_2);
		tlc_history_note(rec, ev, C(FIN_WAIT_2_ARMED), tally);
		return;
	}
	if (from == S(TIME_WAIT)) {
		tlc_history_note(rec, ev, C(2MSL_RESTARTED), tally);
		return;
	}
	if (from == S(CLOSING)) {
		tlc_history_move(rec, ev, from, S(TIME_WAIT), C(FIN_ACKED),
				 TLC_SEGMENT(ev->peer_isn, ev->ack), tally);
	} else {
		note_peer_fin(rec, ev->peer_isn);
		tlc_history_move(rec, ev, from, S(TIME_WAIT), C(FIN_RECEIVED),
				 TLC_SEGMENT(rec->conn.peer_fin, ev->ack), tally);
	}
	tlc_history_note(rec, ev, C(2MSL_ARMED), tally);
}

static void apply_tw_end(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	u8 from = rec->state ?: ev->from;
	struct tlc_segment seg = TLC_SEGMENT_NONE;
	struct tlc_verdict v;

	if (rec->died)
		return;
	if (rec->state == S(NONE))
		rec->state = from;
	v = tlc_verdict_timewait(rec, ev);
	if (v.cause == C(RST_RECEIVED) || v.cause == C(NEW_SYN) ||
	    v.cause == C(LATE_DATA))
		seg = rec->conn.hint_seg;
	die(rec, ev, v, from, seg, tally);
}

/**
 * tlc_record_end_missed() - its socket begins anew, or is gone: it must have ended
 * @rec: record, alive
 * @ev: event that says so; when it really ended is not known
 * @tally: receives and counts the gap
 */
void tlc_record_end_missed(struct tlc_record *rec, const struct tlc_event *ev,
			   struct tlc_tally *tally)
{
	struct tlc_verdict v = {
		.close = TCP_LIFECYCLE_CLOSE_UNKNOWN,
		.first = TCP_LIFECYCLE_FIRST_UNKNOWN,
	};

	/* Whatever ended TIME_WAIT, both FINs had been exchanged; a hint may be old. */
	rec->hint = C(UNKNOWN);
	if (rec->state == S(TIME_WAIT))
		v = tlc_verdict_timewait(rec, ev);
	v.cause = C(MISSED);
	die(rec, ev, v, rec->state, TLC_SEGMENT_NONE, tally);
	if (rec->gaps < U8_MAX)
		rec->gaps++;
	tally->gaps++;
	if (tally->telling) {
		struct tlc_told *told = &tally->told[tally->nr - 1];

		told->gap = true;
		told->stay_us = TLC_STAY_UNKNOWN;
	}
}

/**
 * tlc_record_apply() - let an event happen to a record
 * @rec: record
 * @ev: event with the record's cookie
 * @tally: what it adds to the totals
 *
 * @rec->died tells whether it ended.
 *
 * Context: any; the caller holds the lock of the record's chain.
 */
void tlc_record_apply(struct tlc_record *rec, const struct tlc_event *ev,
		      struct tlc_tally *tally)
{
	/* Most are; a timewait socket has no such thing to say. */
	if (ev->kind == TLC_EVENT_STATE) {
		apply_state(rec, ev, tally);
		return;
	}
	/*
	 * Its record went; this one is of the connection after it.  By a restart of its timer
	 * that is told apart if the port is known: then its beginning was missed.
	 */
	if (ev->timewait && !ev->first && rec->state && !(rec->flags & TLC_FLAG_TIMEWAIT) &&
	    (ev->kind != TLC_EVENT_TW_ARM || !rec->id.lport))
		return;
	if (ev->has_volume)
		tlc_volume_follow(rec, ev);
	switch (ev->kind) {
	case TLC_EVENT_LISTEN:
		apply_listen(rec, ev, tally);
		break;
	case TLC_EVENT_LISTEN_FAILED:
		apply_listen_failed(rec, ev, tally);
		break;
	case TLC_EVENT_CONNECT:
		tlc_opening_connect(rec, ev, tally);
		break;
	case TLC_EVENT_SYN_ACK:
		rec->conn.offered |= ev->agreed;
		tlc_opening_peer_syn(rec, &ev->syn);
		break;
	case TLC_EVENT_REQUEST:
		tlc_opening_request(rec, ev, tally);
		break;
	case TLC_EVENT_CHILD:
		tlc_opening_child(rec, ev, tally);
		break;
	case TLC_EVENT_REQUEST_DROP:
		apply_request_drop(rec, ev, tally);
		break;
	case TLC_EVENT_ACCEPT:
		apply_accept(rec, ev, tally);
		break;
	case TLC_EVENT_TW_ARM:
		apply_tw_arm(rec, ev, tally);
		break;
	case TLC_EVENT_TW_EXPIRE:
	case TLC_EVENT_TW_END:
		apply_tw_end(rec, ev, tally);
		break;
	case TLC_EVENT_TIMER:
		tlc_midlife_timer(rec, ev, tally);
		break;
	case TLC_EVENT_MSS:
		tlc_midlife_mss(rec, ev, tally);
		break;
	case TLC_EVENT_FOUND:
		tlc_midlife_found(rec, ev, tally);
		break;
	case TLC_EVENT_GONE:
		tlc_record_end_missed(rec, ev, tally);
		break;
	case TLC_EVENT_RST_OUT:
		tlc_midlife_rst_out(rec, ev, tally);
		break;
	case TLC_EVENT_HINT:
		tlc_midlife_hint(rec, ev);
		break;
	case TLC_EVENT_ACK_DEFERRED:
		tlc_opening_ack_deferred(rec, ev, tally);
		break;
	case TLC_EVENT_REPAIRED:
		tlc_opening_repaired(rec, ev);
		break;
	case TLC_EVENT_MIGRATED:
		tlc_opening_migrated(rec, ev, tally);
		break;
	case TLC_EVENT_BACKLOG:
		if (is_listener(rec))
			rec->lsn.backlog = ev->backlog;
		break;
	case TLC_EVENT_SUBFLOW:
	case TLC_EVENT_ADOPTED:
	case TLC_EVENT_PARTED:
		tlc_subflow_apply(rec, ev);
		break;
	case TLC_EVENT_LISTENER_COUNT:
		if (is_listener(rec) && rec->lsn.counter[ev->counter] < U32_MAX)
			rec->lsn.counter[ev->counter]++;
		break;
	}
}
