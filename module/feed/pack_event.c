// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack_event.c: an event of the feed as netlink attributes, in few instructions.
 *
 * Owns: the attributes of "event" in include/tcp_lifecycle.yaml.
 * Called by: publish.c in process context.  Pure but for the message it writes
 * to.
 * Must not: check for room but once, for the largest event; see attr.h.
 */
#include "feed/pack_event.h"

#include <net/netlink.h>

#include "attr.h"
#include "feed/pack_entry.h"
#include "feed/pack_head.h"

#define A(name) TCP_LIFECYCLE_A_CONN_##name

/* Of the largest event */
#define EVENT_MAX \
	(TLC_ATTR_NEST + TLC_PACK_IDENTITY_MAX + TLC_PACK_VERDICT_MAX + TLC_PACK_ENTRY_MAX)

/**
 * tlc_pack_event() - an event, as one nested attribute of a batch
 * @skb: message; it is as before if there is no room for the largest event
 * @ev: event
 * @real_offset: wall clock minus boot time, ns
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int tlc_pack_event(struct sk_buff *skb, const struct tlc_feed_event *ev,
		   s64 real_offset)
{
	void *begin = skb_tail_pointer(skb), *p = begin + NLA_HDRLEN;

	if (skb_tailroom(skb) < EVENT_MAX)
		return -EMSGSIZE;
	p = tlc_pack_identity(p, ev->cookie, ev->generation, &ev->id, ev->born, real_offset);
	p = tlc_pack_verdict(p, ev->state, ev->open, ev->close, ev->first);
	p = tlc_pack_entry(p, A(ENTRY), &ev->entry, ev->stay_us, ev->gap, ev->illegal,
			   ev->replaces);
	tlc_attr_nest(begin, TCP_LIFECYCLE_A_BATCH_EVENT, p);
	skb_put(skb, p - begin);
	return 0;
}
