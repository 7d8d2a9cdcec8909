// SPDX-License-Identifier: GPL-2.0
/*
 * midlife.c: what is learned of a connection between its opening and its end.
 *
 * Owns: changes of the effective MSS.
 * Called by: record.c, under the lock of the record's chain.  Pure.
 * Must not: move the record from one state to another.
 */
#include "midlife.h"

#include "history.h"
#include "opening.h"

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
