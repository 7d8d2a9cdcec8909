// SPDX-License-Identifier: GPL-2.0-only
/*
 * history.c: the entries of a record.
 *
 * Owns: their order, the joining of repeated ones, and what goes when there is
 * no more room.
 * Called by: apply.c, under the lock of the record's chain.  Pure.
 * Must not: decide what an event means.
 *
 * Room: a life has a bounded number of transitions (seven at most in a normal
 * one) and they are never given up for what happens within a state.  That
 * coalesces: one entry for each kind and each stay in a state; of changes of the
 * MSS, the first few have each its own.
 */
#include "life/history.h"

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "life/fsm.h"

#define MSS_ENTRIES	4	/* changes of the MSS that have an entry each */

/*
 * Two CPUs take the time before they get to the record, and may get there the
 * other way round: time does not run backwards in a record.
 */
static u64 since_born_us(const struct tlc_record *rec, u64 now)
{
	u64 us = now > rec->born ? div_u64(now - rec->born, 1000) : 0;

	us = min(us, TLC_AT_MAX);
	return rec->nr ? max_t(u64, us, rec->entry[rec->nr - 1].at_us) : us;
}

static void count_drop(struct tlc_record *rec, struct tlc_tally *tally)
{
	if (rec->dropped < U8_MAX)
		rec->dropped++;
	tally->dropped++;
}

static void forget(struct tlc_record *rec, int i)
{
	memmove(&rec->entry[i], &rec->entry[i + 1],
		(rec->nr - i - 1) * sizeof(rec->entry[0]));
	rec->nr--;
}

/* Room for a transition is made at the cost of the youngest note. */
static bool give_up_a_note(struct tlc_record *rec)
{
	int i = rec->nr;

	while (i--) {
		if (tlc_history_is_move(&rec->entry[i]))
			continue;
		forget(rec, i);
		return true;
	}
	return false;
}

/* The last transition before entry @nr, or NULL. */
static const struct tlc_entry *last_move(const struct tlc_record *rec, int nr)
{
	while (nr--)
		if (tlc_history_is_move(&rec->entry[nr]))
			return &rec->entry[nr];
	return NULL;
}

static u64 stay_us(const struct tlc_entry *entered, u64 left_us)
{
	return entered ? left_us - entered->at_us : TLC_STAY_UNKNOWN;
}

/* While nobody listens, the first place is scratch space, and nothing is counted. */
static struct tlc_told *tell(struct tlc_tally *tally, const struct tlc_entry *e)
{
	struct tlc_told *told = &tally->told[min(tally->nr, TLC_TOLD_MAX - 1)];

	/* Field by field: what was taken back is seldom anything. */
	told->entry = *e;
	told->stay_us = TLC_STAY_UNKNOWN;
	told->gap = false;
	told->illegal = false;
	told->replaces = 0;
	tally->nr = told - tally->told + tally->telling;
	return told;
}

/**
 * tlc_history_syn_built() - the SYN_SENT entry is whole
 * @rec: record
 * @tally: receives the event
 */
void tlc_history_syn_built(const struct tlc_record *rec, struct tlc_tally *tally)
{
	if (tlc_history_awaits_syn(rec))
		tell(tally, &rec->entry[0]);
}

/* Where a transition is made; if there is no room for it, only to be told. */
static struct tlc_entry *next(struct tlc_record *rec, struct tlc_tally *tally)
{
	if (unlikely(rec->nr == TLC_ENTRIES)) {
		count_drop(rec, tally);
		if (!give_up_a_note(rec))
			return &tally->homeless;
	}
	return &rec->entry[rec->nr++];
}

/**
 * tlc_history_move() - a transition
 * @rec: record; its state becomes @to
 * @ev: event, for the time
 * @from: state the kernel left
 * @to: state it entered
 * @cause: enum tcp_lifecycle_cause
 * @seg: the segment behind it
 * @tally: losses and oddities are added here
 */
void tlc_history_move(struct tlc_record *rec, const struct tlc_event *ev,
		      u8 from, u8 to, u8 cause, struct tlc_segment seg,
		      struct tlc_tally *tally)
{
	bool begins = to == TCP_LIFECYCLE_STATE_SYN_SENT && !rec->nr;
	u64 at_us = since_born_us(rec, ev->now);
	u64 stay = TLC_STAY_UNKNOWN;
	struct tlc_entry *e;
	bool gap = rec->state != TCP_LIFECYCLE_STATE_NONE && rec->state != from;
	bool illegal = tlc_fsm_edge(from, to) == TLC_EDGE_ILLEGAL;

	if (unlikely(tally->telling)) {
		stay = stay_us(last_move(rec, rec->nr), at_us);
		tlc_history_syn_built(rec, tally);
	}
	e = next(rec, tally);
	e->at_us = at_us;
	e->cause = cause;
	e->from = from;
	e->to = to;
	e->has_seq = seg.has_seq;
	e->has_ack = seg.has_ack;
	e->seq = seg.seq;
	e->ack = seg.ack;
	if (unlikely(tally->telling) && !begins) {
		struct tlc_told *told = tell(tally, e);

		told->stay_us = stay;
		told->gap = gap;
		told->illegal = illegal;
	}
	if (gap) {
		if (rec->gaps < U8_MAX)
			rec->gaps++;
		tally->gaps++;
	}
	if (illegal)
		tally->illegal++;
	rec->state = to;
}

static void add_note(struct tlc_record *rec, const struct tlc_entry *e,
		     struct tlc_tally *tally)
{
	if (unlikely(tally->telling))
		tell(tally, e);
	if (rec->nr == TLC_ENTRIES)
		count_drop(rec, tally);
	else
		rec->entry[rec->nr++] = *e;
}

/* The entry of a cause made in this stay, or NULL. */
static struct tlc_entry *since_last_move(struct tlc_record *rec, u8 cause)
{
	int i = rec->nr;

	while (i-- && !tlc_history_is_move(&rec->entry[i]))
		if (rec->entry[i].cause == cause)
			return &rec->entry[i];
	return NULL;
}

/**
 * tlc_history_note() - something that happened within a state
 * @rec: record
 * @ev: event; its nth, limit and ms are kept
 * @cause: enum tcp_lifecycle_cause
 * @tally: losses are added here
 *
 * Joins the entry of the same cause made since the last transition.
 */
void tlc_history_note(struct tlc_record *rec, const struct tlc_event *ev,
		      u8 cause, struct tlc_tally *tally)
{
	struct tlc_entry e = {
		.at_us = since_born_us(rec, ev->now),
		.cause = cause,
		.from = rec->state,
		.to = rec->state,
	};
	struct tlc_entry *same = since_last_move(rec, cause);

	if (same) {
		if (same->count < U16_MAX)
			same->count++;
		same->nth = ev->nth;
		same->last_ms = min_t(u64, div_u64(e.at_us - same->at_us, 1000), U32_MAX);
		tell(tally, same);
		return;
	}
	if (cause == TCP_LIFECYCLE_CAUSE_2MSL_ARMED ||
	    cause == TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED) {
		e.length_ms = ev->ms;
	} else {
		e.count = 1;
		e.nth = ev->nth;
		e.limit = ev->limit;
	}
	add_note(rec, &e, tally);
}

/**
 * tlc_history_rst() - an RST leaves
 * @rec: record
 * @ev: event; its seq and reason are kept
 * @tally: losses are added here
 *
 * Joins others as tlc_history_note() does.
 */
void tlc_history_rst(struct tlc_record *rec, const struct tlc_event *ev,
		     struct tlc_tally *tally)
{
	struct tlc_entry e = {
		.at_us = since_born_us(rec, ev->now),
		.cause = TCP_LIFECYCLE_CAUSE_RST_OUT,
		.from = rec->state,
		.to = rec->state,
		.has_seq = ev->has_seq,
		.rst_seq = ev->seq,
		.rst_count = 1,
		.rst_reason = ev->reason,
	};
	struct tlc_entry *same = since_last_move(rec, TCP_LIFECYCLE_CAUSE_RST_OUT);

	if (!same) {
		add_note(rec, &e, tally);
		return;
	}
	if (same->rst_count < U8_MAX)
		same->rst_count++;
	same->has_seq = e.has_seq;
	same->rst_seq = e.rst_seq;
	same->rst_reason = e.rst_reason;
	same->rst_last_ds = min_t(u64, div_u64(e.at_us - same->at_us, USEC_PER_SEC / 10),
				  TLC_RST_LAST_MAX);
	tell(tally, same);
}

static struct tlc_entry *last_mss_if_many(struct tlc_record *rec)
{
	struct tlc_entry *last = NULL;
	int i, nr = 0;

	for (i = 0; i < rec->nr; i++) {
		if (rec->entry[i].cause != TCP_LIFECYCLE_CAUSE_MSS_CHANGED)
			continue;
		last = &rec->entry[i];
		nr++;
	}
	return nr < MSS_ENTRIES ? NULL : last;
}

/**
 * tlc_history_mss() - the effective MSS is another one
 * @rec: record, with the MSS from before
 * @ev: event, for the time
 * @mss: the MSS from now on
 * @by: enum tcp_lifecycle_mss_by of it
 * @tally: losses are added here
 *
 * An entry for each, but for a path that goes on changing.
 */
void tlc_history_mss(struct tlc_record *rec, const struct tlc_event *ev, u16 mss,
		     u8 by, struct tlc_tally *tally)
{
	struct tlc_entry *same = last_mss_if_many(rec);
	struct tlc_entry e = {
		.at_us = since_born_us(rec, ev->now),
		.cause = TCP_LIFECYCLE_CAUSE_MSS_CHANGED,
		.from = rec->state,
		.to = rec->state,
	};

	if (same) {
		if (same->mss_count < U8_MAX)
			same->mss_count++;
		same->mss_new = mss;
		same->mss_by = by;
		same->mss_last_s = min_t(u64, div_u64(e.at_us - same->at_us,
						      USEC_PER_SEC),
					 TLC_MSS_LAST_MAX);
		tell(tally, same);
		return;
	}
	e.mss_old = rec->conn.mss_eff;
	e.mss_new = mss;
	e.mss_count = 1;
	e.mss_by = by;
	add_note(rec, &e, tally);
}

static void take_back(struct tlc_told *told, const struct tlc_record *rec, int i)
{
	const struct tlc_entry *e = &rec->entry[i];

	told->gone[told->replaces++] = (struct tlc_gone) {
		.from = e->from,
		.to = e->to,
		.stay_us = stay_us(last_move(rec, i), e->at_us),
	};
}

/**
 * tlc_history_fold_fin() - one segment acknowledged our FIN and was the peer's
 * @rec: record whose last two transitions are the two steps Linux makes of it
 * @tally: receives what replaces them
 *
 * RFC 9293 goes straight from FIN-WAIT-1 to TIME-WAIT then; Linux passes
 * through FIN_WAIT_2 while it processes the one segment.
 */
void tlc_history_fold_fin(struct tlc_record *rec, struct tlc_tally *tally)
{
	struct tlc_told *told;
	int i;

	for (i = rec->nr - 1; i > 0; i--) {
		struct tlc_entry *tw = &rec->entry[i];
		struct tlc_entry *fw2 = &rec->entry[i - 1];

		if (tw->from != TCP_LIFECYCLE_STATE_FIN_WAIT_2 ||
		    tw->to != TCP_LIFECYCLE_STATE_TIME_WAIT)
			continue;
		if (fw2->from != TCP_LIFECYCLE_STATE_FIN_WAIT_1)
			return;
		told = tally->telling ? tell(tally, fw2) : NULL;
		if (told) {
			take_back(told, rec, i);
			take_back(told, rec, i - 1);
		}
		fw2->to = TCP_LIFECYCLE_STATE_TIME_WAIT;
		fw2->cause = TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK;
		fw2->seq = tw->seq;
		if (told) {
			told->entry = *fw2;
			told->stay_us = told->gone[1].stay_us;
		}
		forget(rec, i);
		return;
	}
}

/**
 * tlc_history_undo() - take the last transition back
 * @rec: record; its state becomes @from again
 * @from: state it left
 * @to: state it entered; nothing is done if it is not in that one
 * @tally: receives an entry that only says that it is gone
 */
void tlc_history_undo(struct tlc_record *rec, u8 from, u8 to,
		      struct tlc_tally *tally)
{
	struct tlc_told *told;
	int i = rec->nr;

	if (rec->state != to)
		return;
	rec->state = from;
	while (i--) {
		if (!tlc_history_is_move(&rec->entry[i]))
			continue;
		told = tell(tally, &rec->entry[i]);
		take_back(told, rec, i);
		told->entry.to = told->entry.from;
		told->entry.cause = TCP_LIFECYCLE_CAUSE_UNKNOWN;
		told->entry.count = 0;
		forget(rec, i);
		return;
	}
}

/**
 * tlc_history_find() - the last entry of a cause, or NULL
 * @rec: record
 * @cause: enum tcp_lifecycle_cause
 */
const struct tlc_entry *tlc_history_find(const struct tlc_record *rec, u8 cause)
{
	int i = rec->nr;

	while (i--)
		if (rec->entry[i].cause == cause)
			return &rec->entry[i];
	return NULL;
}

/**
 * tlc_history_entered() - the transition into a state, or NULL
 * @rec: record
 * @to: enum tcp_lifecycle_state
 */
const struct tlc_entry *tlc_history_entered(const struct tlc_record *rec, u8 to)
{
	int i = rec->nr;

	while (i--)
		if (tlc_history_is_move(&rec->entry[i]) && rec->entry[i].to == to)
			return &rec->entry[i];
	return NULL;
}
