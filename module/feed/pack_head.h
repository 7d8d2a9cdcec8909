/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pack_head.h: what records and events have in common, as netlink attributes.
 *
 * Owns: whose it is, and what it came to.
 * Used by: pack_event.c and answer/pack.c, in process context.  Pure; in line, for each event
 * has it.
 * Must not: check for room, which they did; see attr.h.
 */
#ifndef TLC_PACK_HEAD_H
#define TLC_PACK_HEAD_H

#include "attr.h"
#include "life/event.h"

/* Of the two below */
#define TLC_PACK_IDENTITY_MAX	(6 * TLC_ATTR_SMALL + 3 * TLC_ATTR_U64 + 2 * TLC_ATTR_16)
#define TLC_PACK_VERDICT_MAX	(4 * TLC_ATTR_SMALL)

/**
 * tlc_pack_identity() - whose it is: the same in each event of a connection
 * @p: where; there is room for TLC_PACK_IDENTITY_MAX bytes
 * @cookie: socket cookie, which comes first: readers know an event by it
 * @generation: connections made with the same socket before
 * @id: who talks to whom
 * @born: boot time of its beginning, ns
 * @real_offset: wall clock minus boot time, ns
 *
 * Context: any.
 * Return: where the next attribute goes.
 */
static __always_inline void *tlc_pack_identity(void *p, u64 cookie, u32 generation,
					       const struct tlc_ident *id, u64 born,
					       s64 real_offset)
{
	const bool ipv6 = id->family == TCP_LIFECYCLE_FAMILY_IPV6;

	p = tlc_attr_u64(p, TCP_LIFECYCLE_A_CONN_COOKIE, cookie);
	p = tlc_attr_u32(p, TCP_LIFECYCLE_A_CONN_GENERATION, generation);
	p = tlc_attr_u32(p, TCP_LIFECYCLE_A_CONN_NETNS, id->netns);
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_CONN_FAMILY, id->family);
	p = tlc_attr_address(p, ipv6 ? TCP_LIFECYCLE_A_CONN_LOCAL6 : TCP_LIFECYCLE_A_CONN_LOCAL4,
			     id->local, ipv6);
	p = tlc_attr_address(p, ipv6 ? TCP_LIFECYCLE_A_CONN_REMOTE6 : TCP_LIFECYCLE_A_CONN_REMOTE4,
			     id->remote, ipv6);
	p = tlc_attr_u16(p, TCP_LIFECYCLE_A_CONN_LOCAL_PORT, id->lport);
	p = tlc_attr_u16(p, TCP_LIFECYCLE_A_CONN_REMOTE_PORT, id->rport);
	if (id->ifindex)
		p = tlc_attr_u32(p, TCP_LIFECYCLE_A_CONN_IFINDEX, id->ifindex);
	p = tlc_attr_u64(p, TCP_LIFECYCLE_A_CONN_START_NS, born + real_offset);
	return tlc_attr_u64(p, TCP_LIFECYCLE_A_CONN_BOOT_START_NS, born);
}

/**
 * tlc_pack_verdict() - what it came to so far
 * @p: where; there is room for TLC_PACK_VERDICT_MAX bytes
 * @state: enum tcp_lifecycle_state
 * @open: enum tcp_lifecycle_open
 * @close: enum tcp_lifecycle_close
 * @first: enum tcp_lifecycle_first
 *
 * Context: any.
 * Return: where the next attribute goes.
 */
static __always_inline void *tlc_pack_verdict(void *p, u8 state, u8 open, u8 close, u8 first)
{
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_CONN_STATE, state);
	p = tlc_attr_u8(p, TCP_LIFECYCLE_A_CONN_OPEN, open);
	if (close != TCP_LIFECYCLE_CLOSE_NONE)
		p = tlc_attr_u8(p, TCP_LIFECYCLE_A_CONN_CLOSE, close);
	if (first != TCP_LIFECYCLE_FIRST_NONE)
		p = tlc_attr_u8(p, TCP_LIFECYCLE_A_CONN_FIRST, first);
	return p;
}

#endif /* TLC_PACK_HEAD_H */
