// SPDX-License-Identifier: GPL-2.0-only
/*
 * midlife.c: what is learned of a connection between its opening and its end.
 *
 * Owns: changes of the effective MSS, timers that fire, resets that leave, hints of what
 * comes next, and what can be known of a socket that is older than the module.
 * Called by: apply.c, under the lock of the record's chain.  Pure.
 * Must not: move the record from one state to another.
 */
#include "life/midlife.h"

#include "life/history.h"
#include "life/opening.h"
#include "life/subflow.h"
#include "life/volume.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/*
 * Segments are kept to half of the largest window seen, which grows with the
 * first data: no news of the path, which is what changes are told for.
 */
static bool tells_of_path(const struct tlc_conn_facts *c, u16 mss, u8 by)
{
	if (by == TCP_LIFECYCLE_MSS_BY_WINDOW)
		return false;
	return c->mss_eff_by != TCP_LIFECYCLE_MSS_BY_WINDOW || mss < c->mss_eff;
}

/**
 * tlc_midlife_mss() - a look at the MSS
 * @rec: record
 * @ev: event; what makes the MSS is in its mss
 * @tally: receives the change
 */
void tlc_midlife_mss(struct tlc_record *rec, const struct tlc_event *ev,
		     struct tlc_tally *tally)
{
	struct tlc_conn_facts *c = &rec->conn;
	u16 mss = ev->mss.eff;
	u8 by;

	if (rec->died || !(rec->flags & TLC_FLAG_AGREED) || !mss ||
	    mss == c->mss_eff)
		return;
	by = tlc_opening_mss_by(rec, &ev->mss);
	if (c->mss_eff && tells_of_path(c, mss, by))
		tlc_history_mss(rec, ev, mss, by, tally);
	c->mss_eff = mss;
	c->mss_eff_by = by;
}

/* Those whose fire may end the connection; others only send. */
static bool may_end_it(u8 timer)
{
	return timer != C(TIMER_DELAYED_ACK) && timer != C(TIMER_LOSS_PROBE) &&
	       timer != C(TIMER_REORDERING);
}

/**
 * tlc_midlife_timer() - a timer fired
 * @rec: record
 * @ev: TLC_EVENT_TIMER
 * @tally: receives the event
 */
void tlc_midlife_timer(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally)
{
	/* It ends no full socket any more that a timewait socket stands for. */
	if (rec->died || rec->flags & TLC_FLAG_TIMEWAIT)
		return;
	if (rec->state == S(NONE))
		rec->state = ev->from;
	if (may_end_it(ev->cause))
		rec->conn.timer = ev->cause;
	if (ev->cause == C(TIMER_RTO_SYN))
		rec->flags |= TLC_FLAG_AGAIN;
	tlc_history_note(rec, ev, ev->cause, tally);
}

/**
 * tlc_midlife_rst_out() - an RST leaves
 * @rec: record
 * @ev: TLC_EVENT_RST_OUT
 * @tally: receives the event
 */
void tlc_midlife_rst_out(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	/* One in answer to a late segment; the listener sends it for nobody. */
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return;
	if (rec->state == S(NONE))
		rec->state = ev->from;
	/* The timer that gives up an orphan; the verdict asks for the others first. */
	if (ev->from == S(FIN_WAIT_2))
		rec->flags |= TLC_FLAG_RST_OUT;
	if (ev->cause)
		tlc_subflow_reset(rec, ev->cause);
	tlc_history_rst(rec, ev, tally);
}

/*
 * Whatever the request of a Fast Open child takes, only tcp_reset() says that it ends
 * the child, in the same breath.  On 5.10 that has no segment to tell it by.
 */
static bool is_what_request_took(const struct tlc_record *rec, const struct tlc_event *ev)
{
	const struct tlc_segment *seg = &rec->conn.hint_seg;

	return ev->cause == C(RST_RECEIVED) && rec->conn.segment == C(RST_RECEIVED) &&
	       (!ev->has_seq || (ev->seq == seg->seq && ev->has_ack == seg->has_ack &&
				 ev->ack == seg->ack));
}

/**
 * tlc_midlife_hint() - why the next transition will happen
 * @rec: record
 * @ev: TLC_EVENT_HINT
 */
void tlc_midlife_hint(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (rec->died)
		return;
	if (rec->state == S(NONE))
		rec->state = ev->from;
	/*
	 * What was said of another state has nothing to say any more.  A request whose child
	 * failed may go on, unseen.
	 */
	if (ev->from != rec->state &&
	    (ev->from != S(NEW_SYN_RECV) || rec->state != S(SYN_RECV)))
		return;
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER) {
		rec->hint = ev->cause;
		return;
	}
	/* Beside the others: the request may live on, and they stay true. */
	if (ev->half_open ||
	    (ev->from == S(NEW_SYN_RECV) &&
	     (ev->cause == C(RST_RECEIVED) || ev->cause == C(NEW_SYN)))) {
		rec->conn.segment = ev->cause;
	} else {
		rec->hint = ev->cause;
		if (is_what_request_took(rec, ev))
			return;
		if (rec->conn.segment == C(RST_RECEIVED) && ev->cause == C(RST_RECEIVED))
			rec->conn.segment = C(UNKNOWN);
	}
	/* The request was there for the ACK to find: what came before was refused. */
	if (ev->cause == C(ACCEPT_QUEUE_FULL))
		rec->conn.segment = C(UNKNOWN);
	rec->conn.hint_seg = (struct tlc_segment) {
		.seq = ev->seq, .ack = ev->ack,
		.has_seq = ev->has_seq, .has_ack = ev->has_ack,
	};
}

/* FINs sent and received, as far as the state tells. */
static void found_fins(struct tlc_record *rec, u32 snd_nxt, u32 rcv_nxt)
{
	switch (rec->state) {
	case S(FIN_WAIT_1):
	case S(FIN_WAIT_2):
		rec->first = TCP_LIFECYCLE_FIRST_LOCAL;
		break;
	case S(CLOSE_WAIT):
	case S(LAST_ACK):
		rec->first = TCP_LIFECYCLE_FIRST_PEER;
		break;
	case S(CLOSING):
		rec->first = TCP_LIFECYCLE_FIRST_BOTH;
		break;
	case S(TIME_WAIT):
		break;
	default:
		return;
	}
	if (rec->state != S(CLOSE_WAIT)) {
		rec->conn.fin = snd_nxt - 1;
		rec->flags |= TLC_FLAG_FIN;
	}
	if (rec->state != S(FIN_WAIT_1) && rec->state != S(FIN_WAIT_2)) {
		rec->conn.peer_fin = rcv_nxt - 1;
		rec->flags |= TLC_FLAG_PEER_FIN;
	}
}

/* A full socket that is past its handshake. */
static void found_open(struct tlc_record *rec, const struct tlc_event *ev)
{
	struct tlc_conn_facts *c = &rec->conn;

	c->agreed = ev->agreed;
	/* It may have fallen back to TCP; a child would be no subflow then. */
	if (ev->first)
		c->agreed &= ~TCP_LIFECYCLE_OPT_MPTCP;
	if (rec->flags & TLC_FLAG_PEER_MSS)
		c->agreed |= TCP_LIFECYCLE_OPT_MSS;
	c->wscale[0] = ev->wscale[0];
	c->wscale[1] = ev->wscale[1];
	c->mss_eff = ev->mss.eff;
	c->mss_eff_by = tlc_opening_mss_by(rec, &ev->mss);
	rec->flags |= TLC_FLAG_AGREED;
	if (ev->first)
		rec->flags |= TLC_FLAG_SYN_BUILT;
	c->segs_mark = ev->tcp.data_segs_in;
	found_fins(rec, ev->tcp.write_seq, ev->tcp.rcv_nxt);
	tlc_volume_take(rec, &ev->tcp);
}

static void found_connection(struct tlc_record *rec, const struct tlc_event *ev)
{
	rec->open = TCP_LIFECYCLE_OPEN_PREEXISTING;
	rec->listener = ev->listener;
	if (ev->timewait) {
		rec->flags |= TLC_FLAG_TIMEWAIT;
		found_fins(rec, ev->ack, ev->peer_isn);
		return;
	}
	/* Whether anything was sent twice is not known. */
	rec->flags |= TLC_FLAG_AGAIN;
	switch (ev->from) {
	case S(NEW_SYN_RECV):
		tlc_opening_isns(rec, ev->isn, ev->peer_isn);
		tlc_opening_clamp(rec, &ev->mss);
		return;
	case S(SYN_SENT):
		/* TCP_FASTOPEN_CONNECT: the SYN waits for data to take along. */
		if (!ev->tcp.segs_out)
			return;
		rec->conn.isn = ev->tcp.snd_una;
		rec->flags |= TLC_FLAG_ISN | TLC_FLAG_SYN_BUILT;
		tlc_opening_mss_adv(rec, &ev->mss);
		return;
	case S(SYN_RECV):
		tlc_opening_mss_adv(rec, &ev->mss);
		return;
	}
	tlc_opening_mss_adv(rec, &ev->mss);
	if (!ev->cookies)
		tlc_opening_clamp(rec, &ev->mss);
	found_open(rec, ev);
}

/**
 * tlc_midlife_found() - a socket is older than the module
 * @rec: record; if it has a state already, a handler was quicker, and knows
 *	 better, but not all of it: it was told of a timer, say
 * @ev: TLC_EVENT_FOUND
 * @tally: receives the event
 */
void tlc_midlife_found(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally)
{
	bool met = rec->state != S(NONE);

	if (rec->died || tlc_history_find(rec, C(FOUND)))
		return;
	if (met && (rec->open != TCP_LIFECYCLE_OPEN_PREEXISTING ||
		    rec->state != ev->from ||
		    !(rec->flags & TLC_FLAG_TIMEWAIT) != !ev->timewait))
		return;
	rec->state = ev->from;
	if (ev->from == S(LISTEN)) {
		rec->open = TCP_LIFECYCLE_OPEN_LISTENER;
		rec->lsn.backlog = ev->backlog;
	} else {
		found_connection(rec, ev);
	}
	tlc_history_note(rec, ev, C(FOUND), tally);
}
