// SPDX-License-Identifier: GPL-2.0
/*
 * midlife.c: what is learned of a connection between its opening and its end.
 *
 * Owns: changes of the effective MSS, timers that fire, resets that leave.
 * Called by: record.c, under the lock of the record's chain.  Pure.
 * Must not: move the record from one state to another.
 */
#include "midlife.h"

#include "history.h"
#include "opening.h"

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
 * @tally: a change is told here
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
 * @tally: it is told here
 */
void tlc_midlife_timer(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally)
{
	if (rec->died)
		return;
	if (rec->state == S(NONE))
		rec->state = ev->from;
	if (may_end_it(ev->cause))
		rec->timer = ev->cause;
	if (ev->cause == C(TIMER_RTO_SYN))
		rec->flags |= TLC_FLAG_AGAIN;
	tlc_history_note(rec, ev, ev->cause, tally);
}

/**
 * tlc_midlife_rst_out() - an RST leaves
 * @rec: record
 * @ev: TLC_EVENT_RST_OUT
 * @tally: it is told here
 */
void tlc_midlife_rst_out(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally)
{
	if (rec->state == S(NONE))
		rec->state = ev->from;
	rec->flags |= TLC_FLAG_RST_OUT;
	tlc_history_note(rec, ev, C(RST_OUT), tally);
}
