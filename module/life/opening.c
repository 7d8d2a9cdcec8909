// SPDX-License-Identifier: GPL-2.0-only
/*
 * opening.c: what a handshake shows: numbers, MSS, options, round trip.
 *
 * Owns: the part of (record, event) -> record up to ESTABLISHED.
 * Called by: apply.c, under the lock of the record's chain.  Pure.
 * Must not: know how a connection ends.
 */
#include "life/opening.h"

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "life/history.h"
#include "life/mss.h"
#include "life/volume.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/**
 * tlc_opening_isns() - both initial sequence numbers
 * @rec: record
 * @isn: ours
 * @peer_isn: the peer's
 *
 * The first to know is right: later ones count back from data.
 */
void tlc_opening_isns(struct tlc_record *rec, u32 isn, u32 peer_isn)
{
	if (!(rec->flags & TLC_FLAG_ISN))
		rec->conn.isn = isn;
	if (!(rec->flags & TLC_FLAG_PEER_ISN))
		rec->conn.peer_isn = peer_isn;
	rec->flags |= TLC_FLAG_ISN | TLC_FLAG_PEER_ISN;
}

/**
 * tlc_opening_peer_syn() - the peer's SYN or SYN-ACK was seen
 * @rec: record
 * @syn: its options
 */
void tlc_opening_peer_syn(struct tlc_record *rec, const struct tlc_synopts *syn)
{
	if (!syn->known)
		return;
	rec->conn.mss_rcv = syn->mss;
	rec->flags |= TLC_FLAG_PEER_SYN;
	if (syn->opts & TCP_LIFECYCLE_OPT_MSS)
		rec->flags |= TLC_FLAG_PEER_MSS;
}

/**
 * tlc_opening_mss_by() - what holds the effective MSS down
 * @rec: record
 * @f: facts taken from its socket
 */
enum tcp_lifecycle_mss_by tlc_opening_mss_by(const struct tlc_record *rec,
					     const struct tlc_mss_facts *f)
{
	const struct tlc_synopts peer = {
		.mss = rec->conn.mss_rcv,
		.known = rec->flags & TLC_FLAG_PEER_SYN,
	};
	enum tcp_lifecycle_mss_by by =
		tlc_mss_eff_by(f, &peer, rec->open == TCP_LIFECYCLE_OPEN_SYNCOOKIE);

	/*
	 * Whoever restored it set the peer's bound, and only he knows what that came from.
	 * The kernel makes use of it when the window grows: until then 536 holds.
	 */
	if (rec->open == TCP_LIFECYCLE_OPEN_RESTORED &&
	    (by == TCP_LIFECYCLE_MSS_BY_PEER || by == TCP_LIFECYCLE_MSS_BY_WINDOW))
		return TCP_LIFECYCLE_MSS_BY_UNKNOWN;
	/* Its option, the lack of one, or a SYN cookie: see tlc_opening_clamp() */
	if (by == TCP_LIFECYCLE_MSS_BY_PEER && !peer.known &&
	    rec->open == TCP_LIFECYCLE_OPEN_PREEXISTING)
		return TCP_LIFECYCLE_MSS_BY_UNKNOWN;
	return by;
}

static u32 since_born_us(const struct tlc_record *rec, const struct tlc_event *ev)
{
	u64 ns = ev->now > rec->born ? ev->now - rec->born : 0;

	return min_t(u64, div_u64(ns, NSEC_PER_USEC), U32_MAX);
}

/**
 * tlc_opening_mss_adv() - the MSS we advertised
 * @rec: record
 * @f: facts taken from the socket
 *
 * The offer is what was on the wire; later values are derived from it.
 */
void tlc_opening_mss_adv(struct tlc_record *rec, const struct tlc_mss_facts *f)
{
	if (rec->conn.mss_adv)
		return;
	rec->conn.mss_adv = f->adv;
	rec->conn.mss_adv_by = tlc_mss_adv_by(f);
}

/*
 * Karn: an answer to something sent twice measures nothing, unless timestamps
 * told the kernel which of the two it answers.
 */
static void note_rtt(struct tlc_record *rec, const struct tlc_event *ev)
{
	struct tlc_conn_facts *c = &rec->conn;
	const struct tlc_entry *syn, *ack;

	/* What came behind a deferred ACK says how long the peer took, if anything. */
	if (tlc_history_find(rec, C(ACK_DEFERRED)))
		return;
	if (rec->flags & TLC_FLAG_AGAIN) {
		if (!(c->agreed & TCP_LIFECYCLE_OPT_TIMESTAMPS) || !ev->tcp.srtt_us)
			return;
		c->rtt_us = ev->tcp.srtt_us;
	} else if (ev->from == S(SYN_SENT) && rec->flags & TLC_FLAG_SYN_BUILT) {
		c->rtt_us = max(since_born_us(rec, ev), c->rtt_us) - c->rtt_us;
	} else {
		syn = tlc_history_entered(rec, S(NEW_SYN_RECV));
		ack = tlc_history_entered(rec, S(SYN_RECV));
		if (!syn || !ack)
			return;
		c->rtt_us = ack->at_us - syn->at_us;
	}
	rec->flags |= TLC_FLAG_RTT;
}

static void set_seq(struct tlc_entry *e, u32 seq)
{
	e->seq = seq;
	e->has_seq = true;
}

/* tcp_set_state(SYN_RECV) comes before the peer's SYN is taken over. */
static void note_crossing_syn(struct tlc_record *rec)
{
	unsigned int i;

	for (i = 0; i < rec->nr; i++)
		if (rec->entry[i].to == S(SYN_RECV) &&
		    tlc_history_is_move(&rec->entry[i]))
			set_seq(&rec->entry[i], rec->conn.peer_isn);
}

/**
 * tlc_opening_clamp() - the peer's MSS option, of a SYN no hook saw
 * @rec: record of a simultaneous open, or of a socket older than the module
 * @f: facts taken from the socket
 *
 * The bound the kernel made of the option tells it, where that is neither of
 * what else it may be.
 */
void tlc_opening_clamp(struct tlc_record *rec, const struct tlc_mss_facts *f)
{
	if (rec->flags & TLC_FLAG_PEER_SYN || !f->clamp || f->clamp == f->user ||
	    f->clamp == TLC_MSS_DEFAULT_IPV4 || f->clamp == TLC_MSS_DEFAULT_IPV6)
		return;
	rec->conn.mss_rcv = f->clamp;
	rec->flags |= TLC_FLAG_PEER_SYN | TLC_FLAG_PEER_MSS;
}

/**
 * tlc_opening_repaired() - the options of a connection that was restored
 * @rec: record; of others, and if they are known already, nothing changes
 * @ev: TLC_EVENT_REPAIRED, or TLC_EVENT_STATE to FIN_WAIT_1 or LAST_ACK
 *
 * They are set after it was ESTABLISHED, and no hook tells when.
 */
void tlc_opening_repaired(struct tlc_record *rec, const struct tlc_event *ev)
{
	struct tlc_conn_facts *c = &rec->conn;

	if (rec->open != TCP_LIFECYCLE_OPEN_RESTORED || rec->died ||
	    rec->flags & TLC_FLAG_AGREED)
		return;
	c->agreed = ev->agreed;
	c->wscale[0] = ev->wscale[0];
	c->wscale[1] = ev->wscale[1];
	rec->flags |= TLC_FLAG_AGREED;
	c->mss_eff = ev->mss.eff;
	c->mss_eff_by = tlc_opening_mss_by(rec, &ev->mss);
}

/**
 * tlc_opening_established() - the handshake is over
 * @rec: record
 * @ev: TLC_EVENT_STATE to ESTABLISHED
 * @tally: oddities are added here
 */
void tlc_opening_established(struct tlc_record *rec, const struct tlc_event *ev,
			     struct tlc_tally *tally)
{
	struct tlc_conn_facts *c = &rec->conn;
	bool active = ev->from == S(SYN_SENT);

	if (rec->open == TCP_LIFECYCLE_OPEN_RESTORED) {
		tlc_volume_take(rec, &ev->tcp);
		tlc_history_move(rec, ev, ev->from, ev->to, C(RESTORED), TLC_SEGMENT_NONE,
				 tally);
		return;
	}
	tlc_opening_isns(rec, ev->isn, ev->peer_isn);
	if (rec->open == TCP_LIFECYCLE_OPEN_SIMULTANEOUS ||
	    rec->open == TCP_LIFECYCLE_OPEN_SELF) {
		note_crossing_syn(rec);
		tlc_opening_clamp(rec, &ev->mss);
	}
	tlc_opening_mss_adv(rec, &ev->mss);
	c->mss_eff = ev->mss.eff;
	c->mss_eff_by = tlc_opening_mss_by(rec, &ev->mss);
	c->agreed = ev->agreed;
	/* Of a SYN-ACK without it the socket says nothing: what MPTCP tells comes next. */
	if (rec->flags & TLC_FLAG_SYN_BUILT)
		c->agreed &= ~TCP_LIFECYCLE_OPT_MPTCP;
	/* A BPF program may have asked for it, which tells only the kernel. */
	if (active)
		c->offered |= c->agreed & TCP_LIFECYCLE_OPT_ECN;
	/*
	 * The SYN-ACK acknowledges more than the SYN: the data on it.  Where cookies
	 * are not asked for, it needs no option.
	 */
	if (active && rec->flags & TLC_FLAG_SYN_BUILT &&
	    ev->tcp.snd_una != c->isn + 1) {
		rec->open = TCP_LIFECYCLE_OPEN_FASTOPEN;
		c->agreed |= c->offered & TCP_LIFECYCLE_OPT_FASTOPEN;
	}
	if (rec->flags & TLC_FLAG_PEER_MSS)
		c->agreed |= TCP_LIFECYCLE_OPT_MSS;	/* ours always has it */
	c->wscale[0] = ev->wscale[0];
	c->wscale[1] = ev->wscale[1];
	rec->flags |= TLC_FLAG_AGREED;
	/* What was said of the request, or of an attempt to end it, has come to nothing. */
	rec->hint = C(UNKNOWN);

	note_rtt(rec, ev);
	tlc_volume_take(rec, &ev->tcp);
	tlc_history_move(rec, ev, ev->from, ev->to,
			 active ? C(SYN_ACK_RECEIVED) : C(ACK_RECEIVED),
			 TLC_SEGMENT(active ? ev->peer_isn : ev->tcp.rcv_nxt,
				     ev->tcp.snd_una), tally);
}

/**
 * tlc_opening_connect() - our SYN is about to be built
 * @rec: record
 * @ev: TLC_EVENT_CONNECT
 * @tally: receives the entry that it completes
 */
void tlc_opening_connect(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	if (rec->died)
		return;
	if (ev->cause == C(RESTORED)) {
		rec->open = TCP_LIFECYCLE_OPEN_RESTORED;
		/* It is told with the next one, which follows at once. */
		if (rec->nr && rec->entry[rec->nr - 1].to == S(SYN_SENT))
			rec->entry[rec->nr - 1].cause = C(RESTORED);
		return;
	}
	rec->conn.isn = ev->isn;
	rec->conn.offered = ev->syn.opts;
	rec->conn.rtt_us = since_born_us(rec, ev);
	tlc_opening_mss_adv(rec, &ev->mss);
	if (rec->nr && rec->entry[rec->nr - 1].to == S(SYN_SENT))
		set_seq(&rec->entry[rec->nr - 1], ev->isn);
	tlc_history_syn_built(rec, tally);
	rec->flags |= TLC_FLAG_ISN | TLC_FLAG_OFFERED | TLC_FLAG_SYN_BUILT;
}

/* The census at load found it in the hash before its first hook was told: it is new. */
static void found_too_early(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (!ev->first || rec->nr != 1 || rec->entry[0].cause != C(FOUND))
		return;
	rec->nr = 0;
	rec->state = S(NONE);
	rec->open = TCP_LIFECYCLE_OPEN_UNKNOWN;
	rec->flags &= ~TLC_FLAG_AGAIN;
}

/**
 * tlc_opening_request() - a SYN-ACK is sent, for the first time or again
 * @rec: record
 * @ev: TLC_EVENT_REQUEST
 * @tally: oddities are added here
 */
void tlc_opening_request(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	if (rec->died)
		return;
	found_too_early(rec, ev);
	if (ev->to == S(SYN_RECV)) {
		rec->open = TCP_LIFECYCLE_OPEN_FASTOPEN;
		if (rec->state == S(NONE))
			tlc_history_move(rec, ev, S(LISTEN), S(SYN_RECV),
					 C(SYN_RECEIVED), TLC_SEGMENT_SYN(ev->peer_isn), tally);
	} else if (rec->state == S(NEW_SYN_RECV)) {
		rec->flags |= TLC_FLAG_AGAIN;
		tlc_history_note(rec, ev, C(SYN_ACK_AGAIN), tally);
		return;
	} else if (rec->state != S(NONE)) {
		return;
	} else if (!ev->first) {
		/* Older than the module; how its SYN came was not seen. */
		rec->state = S(NEW_SYN_RECV);
		rec->flags |= TLC_FLAG_AGAIN;
		tlc_history_note(rec, ev, C(SYN_ACK_AGAIN), tally);
	} else {
		rec->open = TCP_LIFECYCLE_OPEN_PASSIVE;
		tlc_history_move(rec, ev, S(LISTEN), S(NEW_SYN_RECV),
				 C(SYN_RECEIVED), TLC_SEGMENT_SYN(ev->peer_isn), tally);
	}
	rec->listener = ev->listener;
	tlc_opening_isns(rec, ev->isn, ev->peer_isn);
	tlc_opening_peer_syn(rec, &ev->syn);
	if (ev->syn.known) {
		rec->conn.offered = ev->syn.opts;
		rec->flags |= TLC_FLAG_OFFERED;
	}
	tlc_opening_mss_adv(rec, &ev->mss);
}

/**
 * tlc_opening_migrated() - its listener closed, and another one has it
 * @rec: record
 * @ev: an event whose listener is the one that has it now
 * @tally: receives the event, unless it is known already
 */
void tlc_opening_migrated(struct tlc_record *rec, const struct tlc_event *ev,
			  struct tlc_tally *tally)
{
	if (rec->died || !ev->listener || rec->listener == ev->listener)
		return;
	rec->listener = ev->listener;
	tlc_history_note(rec, ev, C(MIGRATED), tally);
}

/**
 * tlc_opening_ack_deferred() - the handshake's ACK came and was deferred
 * @rec: record
 * @ev: TLC_EVENT_ACK_DEFERRED
 * @tally: receives the event
 *
 * Each retransmitted SYN-ACK brings one more.  The first ends the round trip, by
 * Karn if it answers the only SYN-ACK; the timestamps of later data tell less, as
 * they echo a SYN-ACK that was answered long ago.
 */
void tlc_opening_ack_deferred(struct tlc_record *rec, const struct tlc_event *ev,
			      struct tlc_tally *tally)
{
	const struct tlc_entry *syn = tlc_history_entered(rec, S(NEW_SYN_RECV));

	if (rec->died || (rec->state != S(NONE) && rec->state != S(NEW_SYN_RECV)))
		return;
	rec->state = S(NEW_SYN_RECV);
	if (syn && !(rec->flags & TLC_FLAG_AGAIN) && !tlc_history_find(rec, C(ACK_DEFERRED))) {
		rec->conn.rtt_us = since_born_us(rec, ev) - syn->at_us;
		rec->flags |= TLC_FLAG_RTT;
	}
	tlc_history_note(rec, ev, C(ACK_DEFERRED), tally);
}

/**
 * tlc_opening_child() - the request is being made into a socket
 * @rec: record
 * @ev: TLC_EVENT_CHILD
 * @tally: oddities are added here
 */
void tlc_opening_child(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally)
{
	found_too_early(rec, ev);
	/* Two ACKs raced and each made a child; the second will be undone. */
	if (rec->died ||
	    (rec->state != S(NONE) && rec->state != S(NEW_SYN_RECV)))
		return;
	if (rec->state == S(NONE)) {
		if (ev->first)
			rec->open = TCP_LIFECYCLE_OPEN_SYNCOOKIE;
		rec->listener = ev->listener;
		tlc_opening_isns(rec, ev->isn, ev->peer_isn);
	} else if (rec->listener) {
		tlc_opening_migrated(rec, ev, tally);
	}
	/*
	 * Was it refused, or is it too late: this ACK was first.  Should the request end all
	 * the same, there was no memory for its child, or no route.
	 */
	rec->conn.segment = C(UNKNOWN);
	rec->hint = C(CHILD_FAILED);
	tlc_history_move(rec, ev, rec->state ?: ev->from, S(SYN_RECV),
			 C(ACK_RECEIVED), TLC_SEGMENT(ev->peer_isn + 1, ev->isn + 1), tally);
}
