/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_READING_H
#define TLC_READING_H

#include "record.h"

bool tlc_reading_accept_wait(const struct tlc_record *rec, u32 *us);
bool tlc_reading_after_fin(const struct tlc_record *rec, u64 *bytes);
bool tlc_reading_tw_planned(const struct tlc_record *rec, u32 *ms);
bool tlc_reading_tw_actual(const struct tlc_record *rec, u64 *us);

/**
 * tlc_reading_has_segment() - is a segment behind this transition?
 * @e: transition; both numbers 0 stand for none
 */
static inline bool tlc_reading_has_segment(const struct tlc_entry *e)
{
	return e->seq || e->ack;
}

/**
 * tlc_reading_has_ack() - does that segment acknowledge anything?
 * @e: transition; a SYN does not
 */
static inline bool tlc_reading_has_ack(const struct tlc_entry *e)
{
	return tlc_reading_has_segment(e) &&
	       e->cause != TCP_LIFECYCLE_CAUSE_CONNECT &&
	       e->cause != TCP_LIFECYCLE_CAUSE_SYN_RECEIVED &&
	       e->cause != TCP_LIFECYCLE_CAUSE_NEW_SYN;
}

/**
 * tlc_reading_has_length() - does it arm a timer, rather than count?
 * @e: entry that is no transition
 */
static inline bool tlc_reading_has_length(const struct tlc_entry *e)
{
	return e->cause == TCP_LIFECYCLE_CAUSE_2MSL_ARMED ||
	       e->cause == TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED;
}

#endif /* TLC_READING_H */
