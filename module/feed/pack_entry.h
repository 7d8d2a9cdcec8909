/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pack_entry.h: an entry of a record, or of an event, as netlink attributes.
 *
 * Owns: the attributes of "entry" in include/tcp_lifecycle.yaml.
 * Used by: pack_event.c and answer/pack.c, in process context.  Pure.
 * Must not: check for room, which they did; see attr.h.  A transition, which is what most
 * of them are, is in line.
 */
#ifndef TLC_PACK_ENTRY_H
#define TLC_PACK_ENTRY_H

#include "attr.h"
#include "life/history.h"
#include "life/record.h"

/* Of the largest entry; see pack_test.c. */
#define TLC_PACK_ENTRY_MAX	(TLC_ATTR_NEST + 8 * TLC_ATTR_SMALL + 2 * TLC_ATTR_U64)

void *tlc_pack_note(void *p, const struct tlc_entry *e);

/**
 * tlc_pack_entry() - write an entry
 * @p: where; there is room for TLC_PACK_ENTRY_MAX bytes
 * @attr: number of the attribute that it is nested in
 * @e: entry
 * @stay_us: transition: time spent in the state left; TLC_STAY_UNKNOWN
 * @gap: transition: it was made from another state than the one on record
 * @illegal: transition: it is outside the diagram
 * @replaces: this many that were told before
 *
 * Context: any.
 * Return: where the next attribute goes.
 */
static __always_inline void *tlc_pack_entry(void *p, u16 attr, const struct tlc_entry *e,
					    u64 stay_us, bool gap, bool illegal, u8 replaces)
{
	struct nlattr *nest = p;

	p += NLA_HDRLEN;
	p = tlc_attr_u64(p, TCP_LIFECYCLE_A_ENTRY_AT_US, e->at_us);
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_ENTRY_CAUSE, e->cause);
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_ENTRY_FROM, e->from);
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_ENTRY_TO, e->to);
	if (tlc_history_is_move(e)) {
		if (e->has_seq)
			p = tlc_attr_u32(p, TCP_LIFECYCLE_A_ENTRY_SEQ, e->seq);
		if (e->has_ack)
			p = tlc_attr_u32(p, TCP_LIFECYCLE_A_ENTRY_ACK, e->ack);
		if (stay_us != TLC_STAY_UNKNOWN)
			p = tlc_attr_u64(p, TCP_LIFECYCLE_A_ENTRY_IN_US, stay_us);
		if (gap)
			p = tlc_attr_flag(p, TCP_LIFECYCLE_A_ENTRY_GAP);
		if (illegal)
			p = tlc_attr_flag(p, TCP_LIFECYCLE_A_ENTRY_ILLEGAL);
	} else {
		p = tlc_pack_note(p, e);
	}
	if (replaces)
		p = tlc_attr_u8(p, TCP_LIFECYCLE_A_ENTRY_REPLACES, replaces);
	tlc_attr_nest(nest, attr, p);
	return p;
}

#endif /* TLC_PACK_ENTRY_H */
