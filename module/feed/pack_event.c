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

#define A(name) TCP_LIFECYCLE_A_CONN_##name

/* Of the largest event */
#define EVENT_MAX	(TLC_ATTR_NEST + 10 * TLC_ATTR_SMALL + 3 * TLC_ATTR_U64 + \
			 2 * TLC_ATTR_16 + TLC_PACK_ENTRY_MAX)

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
	const struct tlc_ident *id = &ev->id;
	const bool ipv6 = id->family == TCP_LIFECYCLE_FAMILY_IPV6;
	void *begin = skb_tail_pointer(skb), *p = begin + NLA_HDRLEN;

	if (skb_tailroom(skb) < EVENT_MAX)
		return -EMSGSIZE;
	/* What is the same in all of them first, and the cookie before all. */
	p = tlc_attr_u64(p, A(COOKIE), ev->cookie);
	p = tlc_attr_u32(p, A(GENERATION), ev->generation);
	p = tlc_attr_u32(p, A(NETNS), id->netns);
	p = tlc_attr_u8(p, A(FAMILY), id->family);
	p = tlc_attr_address(p, ipv6 ? A(LOCAL6) : A(LOCAL4), id->local, ipv6);
	p = tlc_attr_address(p, ipv6 ? A(REMOTE6) : A(REMOTE4), id->remote, ipv6);
	p = tlc_attr_u16(p, A(LOCAL_PORT), id->lport);
	p = tlc_attr_u16(p, A(REMOTE_PORT), id->rport);
	if (id->ifindex)
		p = tlc_attr_u32(p, A(IFINDEX), id->ifindex);
	p = tlc_attr_u64(p, A(START_NS), ev->born + real_offset);
	p = tlc_attr_u64(p, A(BOOT_START_NS), ev->born);
	p = tlc_attr_u8(p, A(STATE), ev->state);
	p = tlc_attr_u8(p, A(OPEN), ev->open);
	if (ev->close != TCP_LIFECYCLE_CLOSE_NONE)
		p = tlc_attr_u8(p, A(CLOSE), ev->close);
	if (ev->first != TCP_LIFECYCLE_FIRST_NONE)
		p = tlc_attr_u8(p, A(FIRST), ev->first);
	p = tlc_pack_entry(p, A(ENTRY), &ev->entry, ev->stay_us, ev->gap, ev->illegal,
			   ev->replaces);
	tlc_attr_nest(begin, TCP_LIFECYCLE_A_BATCH_EVENT, p);
	skb_put(skb, p - begin);
	return 0;
}
