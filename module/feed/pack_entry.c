// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack_entry.c: an entry of a record, or of an event, as netlink attributes.
 *
 * Owns: what is seldom of it; see pack_entry.h.
 * Called by: tlc_pack_entry().  Pure.
 * Must not: check for room; see attr.h.
 */
#include "feed/pack_entry.h"

#include "life/reading.h"

#define E(name) TCP_LIFECYCLE_A_ENTRY_##name

/**
 * tlc_pack_note() - attributes of what happened within a state
 * @p: where; there is room
 * @e: entry
 *
 * Context: any.
 * Return: where the next attribute goes.
 */
void *tlc_pack_note(void *p, const struct tlc_entry *e)
{
	u32 count, most;

	if (tlc_reading_has_length(e))
		return tlc_attr_u32(p, E(LENGTH_MS), e->length_ms);
	count = tlc_reading_count(e, &most);
	if (!count)
		return p;
	p = tlc_attr_u32(p, E(COUNT), count);
	p = tlc_attr_u64(p, E(LAST_US), tlc_reading_last_us(e));
	if (tlc_reading_is_mss(e)) {
		p = tlc_attr_u16(p, E(MSS_OLD_BYTES), e->mss_old);
		p = tlc_attr_u16(p, E(MSS_NEW_BYTES), e->mss_new);
		return tlc_attr_u8(p, E(MSS_BY), e->mss_by);
	}
	if (tlc_reading_is_rst(e)) {
		if (e->has_seq)
			p = tlc_attr_u32(p, E(SEQ), e->rst_seq);
		return e->rst_reason ? tlc_attr_u8(p, E(REASON), e->rst_reason) : p;
	}
	if (e->nth)
		p = tlc_attr_u8(p, E(NTH), e->nth);
	if (e->limit)
		p = tlc_attr_u8(p, E(LIMIT), e->limit);
	return p;
}
