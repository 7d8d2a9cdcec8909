/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_READING_H
#define TLC_READING_H

#include <linux/time64.h>

#include "life/record.h"

u64 tlc_reading_age(const struct tlc_record *rec, u64 now);
bool tlc_reading_accept_wait(const struct tlc_record *rec, u32 *us);
bool tlc_reading_after_fin(const struct tlc_record *rec, u64 *bytes);
bool tlc_reading_tw_planned(const struct tlc_record *rec, u32 *ms);
bool tlc_reading_tw_actual(const struct tlc_record *rec, u64 *us);
bool tlc_reading_lived(const struct tlc_record *rec, u64 now, u64 *us);
bool tlc_reading_is_older(const struct tlc_record *rec);
bool tlc_reading_has_scope(const struct tlc_ident *id, const u8 *addr);

/**
 * tlc_reading_knows_when() - was it seen as it happened?
 * @e: transition
 */
static inline bool tlc_reading_knows_when(const struct tlc_entry *e)
{
	return e->cause != TCP_LIFECYCLE_CAUSE_MISSED;
}

/**
 * tlc_reading_after_gap() - was something in front of it missed, or itself?
 * @e: transition
 * @last: the one before; NULL: none
 */
static inline bool tlc_reading_after_gap(const struct tlc_entry *e,
					 const struct tlc_entry *last)
{
	return !tlc_reading_knows_when(e) || (last && last->to != e->from);
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

/**
 * tlc_reading_is_mss() - does it hold two MSS?
 * @e: entry that is no transition
 */
static inline bool tlc_reading_is_mss(const struct tlc_entry *e)
{
	return e->cause == TCP_LIFECYCLE_CAUSE_MSS_CHANGED;
}

/**
 * tlc_reading_is_rst() - is it about RSTs that left?
 * @e: entry that is no transition
 */
static inline bool tlc_reading_is_rst(const struct tlc_entry *e)
{
	return e->cause == TCP_LIFECYCLE_CAUSE_RST_OUT;
}

/**
 * tlc_reading_count() - how often it happened
 * @e: entry that is no transition, and has no length
 * @most: filled: from this count on it means "or more"
 *
 * Return: 0 for an entry that only says that another one is gone.
 */
static inline u32 tlc_reading_count(const struct tlc_entry *e, u32 *most)
{
	bool rst = tlc_reading_is_rst(e);

	*most = rst || tlc_reading_is_mss(e) ? U8_MAX : U16_MAX;
	if (rst)
		return e->rst_count;
	return tlc_reading_is_mss(e) ? e->mss_count : e->count;
}

/**
 * tlc_reading_last_us() - time of the last one
 * @e: entry that is no transition, and has no length
 *
 * Return: microseconds since the start of the record.
 */
static inline u64 tlc_reading_last_us(const struct tlc_entry *e)
{
	if (tlc_reading_is_rst(e))
		return e->at_us + e->rst_last_ds * (USEC_PER_SEC / 10);
	return e->at_us + (tlc_reading_is_mss(e) ?
			   (u64)e->mss_last_s * USEC_PER_SEC :
			   (u64)e->last_ms * USEC_PER_MSEC);
}

#endif /* TLC_READING_H */
