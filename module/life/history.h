/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_HISTORY_H
#define TLC_HISTORY_H

#include <linux/time64.h>

#include "life/record.h"

/**
 * tlc_history_is_move() - is this a transition?
 * @e: entry
 */
static inline bool tlc_history_is_move(const struct tlc_entry *e)
{
	return e->from != e->to;
}

/**
 * tlc_history_awaits_syn() - is there no more to it than a connect() without its SYN?
 * @rec: record
 *
 * Ports and ISN come with the SYN: until then connect() is neither told nor counted.
 */
static inline bool tlc_history_awaits_syn(const struct tlc_record *rec)
{
	return rec->nr == 1 && rec->entry[0].to == TCP_LIFECYCLE_STATE_SYN_SENT &&
	       !(rec->flags & TLC_FLAG_SYN_BUILT);
}

/**
 * tlc_history_last() - when did anything happen that has an entry?
 * @rec: record
 *
 * Return: boot time, ns, of the youngest entry; notes that joined it are later.
 */
static inline u64 tlc_history_last(const struct tlc_record *rec)
{
	return rec->born + (rec->nr ? rec->entry[rec->nr - 1].at_us * NSEC_PER_USEC : 0);
}

void tlc_history_move(struct tlc_record *rec, const struct tlc_event *ev,
		      u8 from, u8 to, u8 cause, struct tlc_segment seg,
		      struct tlc_tally *tally);
void tlc_history_note(struct tlc_record *rec, const struct tlc_event *ev,
		      u8 cause, struct tlc_tally *tally);
void tlc_history_rst(struct tlc_record *rec, const struct tlc_event *ev,
		     struct tlc_tally *tally);
void tlc_history_mss(struct tlc_record *rec, const struct tlc_event *ev, u16 mss,
		     u8 by, struct tlc_tally *tally);
void tlc_history_syn_built(const struct tlc_record *rec, struct tlc_tally *tally);
void tlc_history_fold_fin(struct tlc_record *rec, struct tlc_tally *tally);
void tlc_history_undo(struct tlc_record *rec, u8 from, u8 to,
		      struct tlc_tally *tally);
const struct tlc_entry *tlc_history_find(const struct tlc_record *rec, u8 cause);
const struct tlc_entry *tlc_history_entered(const struct tlc_record *rec, u8 to);

#endif /* TLC_HISTORY_H */
