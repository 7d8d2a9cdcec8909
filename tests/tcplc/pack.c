// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack.c: records back into messages, and records at random.
 */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "base/fields.h"

/**
 * pack_below() - a number at random, the same in each run
 * @n: above it
 */
unsigned int pack_below(unsigned int n)
{
	static uint64_t x = 88172645463325252ULL;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % n;
}

/**
 * pack_begin() - begin a message of the family
 * @buffer: PACK_SIZE bytes
 * @cmd: TCP_LIFECYCLE_CMD_x
 */
struct nlmsghdr *pack_begin(void *buffer, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = 32;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	return nlh;
}

/* One for each way in which a field is carried. */
#define put_U8(nlh, attr, value) mnl_attr_put(nlh, attr, sizeof(value), &(value))
#define put_U16 put_U8
#define put_U32 put_U8
#define put_U64 put_U8
#define put_WORD put_U8
#define put_OPTIONS put_U8
#define put_COOKIE put_U8
#define put_FLAG(nlh, attr, value) mnl_attr_put(nlh, attr, 0, NULL)
#define put_ADDR4(nlh, attr, value) mnl_attr_put(nlh, attr, (value).len, (value).byte)
#define put_ADDR6 put_ADDR4
#define put_COMM(nlh, attr, value) mnl_attr_put(nlh, attr, strlen(value), value)

static void put_entry(struct nlmsghdr *nlh, const struct entry *e)
{
#define PUT(attr, carried, words, member) \
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_##attr)) \
		put_##carried(nlh, TCP_LIFECYCLE_A_ENTRY_##attr, e->member);
	FIELDS_ENTRY(PUT)
#undef PUT
}

/**
 * pack_conn() - add the attributes of a record to a message
 * @nlh: from pack_begin()
 * @c: the record; what its @has does not name is left out
 */
void pack_conn(struct nlmsghdr *nlh, const struct conn *c)
{
	struct nlattr *nest;
	unsigned int i;

#define PUT(attr, carried, words, member) \
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_##attr)) \
		put_##carried(nlh, TCP_LIFECYCLE_A_CONN_##attr, c->member);
	FIELDS_CONN(PUT)
#undef PUT
	for (i = 0; i < c->nr_entries; i++) {
		nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_CONN_ENTRY);
		put_entry(nlh, &c->entry[i]);
		mnl_attr_nest_end(nlh, nest);
	}
}

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)
#define E(name) (1U << TCP_LIFECYCLE_A_ENTRY_##name)

static void random_addr(struct conn *c, struct addr *a, conn_mask v4, conn_mask v6)
{
	unsigned int i;

	a->len = c->family == TCP_LIFECYCLE_FAMILY_IPV6 ? 16 : 4;
	memset(a->byte, 0, sizeof(a->byte));
	/* Few different ones, so that filters find them. */
	for (i = 0; i < a->len; i++)
		a->byte[i] = i == 0 ? 10 : pack_below(2);
	c->has |= a->len == 4 ? v4 : v6;
}

static void random_entries(struct conn *c, struct entry *entry, unsigned int nr)
{
	unsigned int i;

	c->entry = entry;
	c->nr_entries = pack_below(nr + 1);
	for (i = 0; i < c->nr_entries; i++) {
		entry[i] = (struct entry){
			.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO),
			.at_us = i * 1000000ULL,
			.cause = pack_below(TCP_LIFECYCLE_CAUSE_MAX + 1),
			.from = pack_below(TCP_LIFECYCLE_STATE_MAX + 1),
			.to = pack_below(TCP_LIFECYCLE_STATE_MAX + 1),
		};
		if (pack_below(3))
			continue;
		entry[i].has |= E(COUNT) | E(LAST_US);
		entry[i].count = 2;
		entry[i].last_us = entry[i].at_us + pack_below(5000000);
	}
	if (c->nr_entries)
		c->has |= A(ENTRY);
}

/**
 * pack_random() - make up a record
 * @c: filled
 * @entry: room for its entries
 * @nr: for how many
 */
void pack_random(struct conn *c, struct entry *entry, unsigned int nr)
{
	memset(c, 0, sizeof(*c));
	c->has = A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(STATE) | A(OPEN) |
		 A(CLOSE) | A(FIRST) | A(START_NS) | A(AGE_US) | A(LOCAL_PORT) | A(REMOTE_PORT);
	c->cookie = pack_below(100);
	c->generation = pack_below(2);
	c->netns = 4026531840U;
	c->family = pack_below(TCP_LIFECYCLE_FAMILY_MAX + 1);
	c->state = pack_below(TCP_LIFECYCLE_STATE_MAX + 1);
	c->open = pack_below(TCP_LIFECYCLE_OPEN_MAX + 1);
	c->close = pack_below(TCP_LIFECYCLE_CLOSE_MAX + 1);
	c->first = pack_below(TCP_LIFECYCLE_FIRST_MAX + 1);
	c->start_ns = (1893456000ULL - pack_below(600)) * 1000000000ULL;
	c->local_port = 79 + pack_below(4);
	c->remote_port = 79 + pack_below(4);
	random_addr(c, &c->local, A(LOCAL4), A(LOCAL6));
	random_addr(c, &c->remote, A(REMOTE4), A(REMOTE6));
	random_entries(c, entry, nr);
	c->age_us = c->nr_entries ? c->entry[c->nr_entries - 1].at_us + 100 : 0;
	if (pack_below(2)) {
		c->has |= A(RTT_US) | A(MSS_EFF_BYTES) | A(RETRANS) | A(GAPS) | A(COMM) | A(PID);
		c->rtt_us = pack_below(20000);
		c->mss_eff_bytes = 1400 + pack_below(60);
		c->retrans = pack_below(3);
		c->gaps = pack_below(2);
		c->pid = pack_below(4);
		strcpy(c->comm, pack_below(2) ? "nginx" : "curl");
	}
}
