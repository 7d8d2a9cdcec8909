// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack_event.c: an event of the feed as netlink attributes, in few instructions.
 *
 * Owns: the attributes of "event" in include/tcp_lifecycle.yaml.
 * Called by: publish.c in process context.  Pure but for the message it writes
 * to.
 * Must not: check for room at each attribute.  A connection makes a dozen
 * events of twenty attributes each, and one nla_put() takes a hundred
 * instructions: together more than to record it.  So room for the largest event
 * is asked for once, and each attribute is one store.
 */
#include "feed/pack_event.h"

#include <linux/build_bug.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <net/netlink.h>

#include "life/history.h"
#include "life/reading.h"

#define A(name) TCP_LIFECYCLE_A_CONN_##name
#define E(name) TCP_LIFECYCLE_A_ENTRY_##name

/* Of the largest event: two nests, 21 small attributes, 6 of 64 bits, 2 addresses. */
#define EVENT_MAX	(2 * NLA_HDRLEN + 21 * 8 + 6 * 12 + 2 * 20)

/* In one store: the value's byte comes first, the padding behind it is 0. */
struct attr8 {
	struct nlattr hdr;
	__le32 value;
};

struct attr16 {
	struct nlattr hdr;
	u16 value;
	u16 pad;
};

struct attr32 {
	struct nlattr hdr;
	u32 value;
};

/* Readers take 64 bits from wherever they are: not padded, as by nla_put_uint(). */
struct attr64 {
	struct nlattr hdr;
	u64 value;
} __packed __aligned(4);

static void *add8(void *p, u16 type, u8 value)
{
	*(struct attr8 *)p = (struct attr8) {
		{ NLA_HDRLEN + 1, type }, cpu_to_le32(value) };
	return p + sizeof(struct attr8);
}

static void *add16(void *p, u16 type, u16 value)
{
	*(struct attr16 *)p = (struct attr16) { { NLA_HDRLEN + 2, type }, value };
	return p + sizeof(struct attr16);
}

static void *add32(void *p, u16 type, u32 value)
{
	*(struct attr32 *)p = (struct attr32) { { NLA_HDRLEN + 4, type }, value };
	return p + sizeof(struct attr32);
}

static void *add64(void *p, u16 type, u64 value)
{
	*(struct attr64 *)p = (struct attr64) { { NLA_HDRLEN + 8, type }, value };
	return p + sizeof(struct attr64);
}

static void *add_flag(void *p, u16 type)
{
	*(struct nlattr *)p = (struct nlattr) { NLA_HDRLEN, type };
	return p + NLA_HDRLEN;
}

static void *add_addr(void *p, u16 v4, u16 v6, u8 family, const u8 *addr)
{
	struct nlattr *hdr = p;

	if (family != TCP_LIFECYCLE_FAMILY_IPV6) {
		u32 value;

		memcpy(&value, addr, sizeof(value));
		return add32(p, v4, value);
	}
	*hdr = (struct nlattr) { NLA_HDRLEN + 16, v6 };
	memcpy(hdr + 1, addr, 16);
	return p + NLA_HDRLEN + 16;
}

/* The length of a nest, once its end is known. */
static void close_nest(struct nlattr *nest, u16 type, const void *end)
{
	nest->nla_type = type | NLA_F_NESTED;
	nest->nla_len = end - (void *)nest;
}

static void *add_move(void *p, const struct tlc_feed_event *ev)
{
	const struct tlc_entry *e = &ev->entry;

	if (e->has_seq)
		p = add32(p, E(SEQ), e->seq);
	if (e->has_ack)
		p = add32(p, E(ACK), e->ack);
	if (ev->stay_us != TLC_STAY_UNKNOWN)
		p = add64(p, E(IN_US), ev->stay_us);
	if (ev->gap)
		p = add_flag(p, E(GAP));
	if (ev->illegal)
		p = add_flag(p, E(ILLEGAL));
	return p;
}

static void *add_note(void *p, const struct tlc_entry *e)
{
	u32 count, most;

	if (tlc_reading_has_length(e))
		return add32(p, E(LENGTH_MS), e->length_ms);
	count = tlc_reading_count(e, &most);
	if (!count)
		return p;
	p = add32(p, E(COUNT), count);
	p = add64(p, E(LAST_US), tlc_reading_last_us(e));
	if (tlc_reading_is_mss(e)) {
		p = add16(p, E(MSS_OLD_BYTES), e->mss_old);
		p = add16(p, E(MSS_NEW_BYTES), e->mss_new);
		return add8(p, E(MSS_BY), e->mss_by);
	}
	if (tlc_reading_is_rst(e)) {
		if (e->has_seq)
			p = add32(p, E(SEQ), e->rst_seq);
		return e->rst_reason ? add8(p, E(REASON), e->rst_reason) : p;
	}
	if (e->nth)
		p = add8(p, E(NTH), e->nth);
	if (e->limit)
		p = add8(p, E(LIMIT), e->limit);
	return p;
}

static void *add_entry(void *p, const struct tlc_feed_event *ev)
{
	const struct tlc_entry *e = &ev->entry;
	struct nlattr *nest = p;

	p += NLA_HDRLEN;
	p = add64(p, E(AT_US), e->at_us);
	p = add8(p, E(CAUSE), e->cause);
	p = add8(p, E(FROM), e->from);
	p = add8(p, E(TO), e->to);
	p = tlc_history_is_move(e) ? add_move(p, ev) : add_note(p, e);
	if (ev->replaces)
		p = add8(p, E(REPLACES), ev->replaces);
	close_nest(nest, A(ENTRY), p);
	return p;
}

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
	void *begin = skb_tail_pointer(skb), *p = begin + NLA_HDRLEN;

	if (skb_tailroom(skb) < EVENT_MAX)
		return -EMSGSIZE;
	p = add64(p, A(COOKIE), ev->cookie);
	p = add32(p, A(GENERATION), ev->generation);
	p = add32(p, A(NETNS), id->netns);
	p = add8(p, A(FAMILY), id->family);
	p = add_addr(p, A(LOCAL4), A(LOCAL6), id->family, id->local);
	p = add_addr(p, A(REMOTE4), A(REMOTE6), id->family, id->remote);
	p = add16(p, A(LOCAL_PORT), id->lport);
	p = add16(p, A(REMOTE_PORT), id->rport);
	if (id->ifindex)
		p = add32(p, A(IFINDEX), id->ifindex);
	p = add8(p, A(STATE), ev->state);
	p = add8(p, A(OPEN), ev->open);
	if (ev->close != TCP_LIFECYCLE_CLOSE_NONE)
		p = add8(p, A(CLOSE), ev->close);
	if (ev->first != TCP_LIFECYCLE_FIRST_NONE)
		p = add8(p, A(FIRST), ev->first);
	p = add64(p, A(START_NS), ev->born + real_offset);
	p = add64(p, A(BOOT_START_NS), ev->born);
	p = add_entry(p, ev);
	close_nest(begin, TCP_LIFECYCLE_A_BATCH_EVENT, p);
	skb_put(skb, p - begin);
	return 0;
}
