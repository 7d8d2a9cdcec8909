// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel.c: how much of a filter the kernel can do.
 *
 * The kernel's filter is a list of conditions that must all hold.  What cannot
 * be said in that way is left out, so that the kernel lets pass at least what
 * the filter does; filter_match() does the rest.
 */
#include "filter/ast.h"

#include <string.h>

#include <linux/kernel.h>

struct condition {
	uint64_t mask[MASK_COUNT];	/* all ones: any */
	struct addr addr[2];		/* by side; len 0: any */
	uint8_t prefix[2];
	int32_t port[3];		/* by side; -1: any */
	uint64_t since;			/* 0: any */
};

static const struct condition anything = {
	.mask = { ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL },
	.port = { -1, -1, -1 },
};

static struct condition of_term(const struct term *t)
{
	struct condition c = anything;

	switch (t->kind) {
	case TERM_MASK:
		c.mask[t->of] = t->mask;
		break;
	case TERM_ADDR:
		c.addr[t->side] = t->addr;
		c.prefix[t->side] = t->prefix;
		break;
	case TERM_PORT:
		if (t->least == t->most && !t->outside)
			c.port[t->side] = t->least;
		break;
	case TERM_SINCE:
		c.since = t->least;
		break;
	default:
		break;
	}
	return c;
}

/* Of a term that does not hold only the complement of a set can be said. */
static struct condition of_negated(const struct term *t)
{
	struct condition c = anything;

	if (t->kind == TERM_MASK)
		c.mask[t->of] = ~t->mask;
	return c;
}

static struct condition both(const struct condition *a, const struct condition *b)
{
	struct condition c = *a;
	size_t i;

	for (i = 0; i < MASK_COUNT; i++)
		c.mask[i] &= b->mask[i];
	/* Two prefixes or two ports cannot be told; the first one will do. */
	for (i = 0; i < ARRAY_SIZE(c.addr); i++) {
		if (!c.addr[i].len) {
			c.addr[i] = b->addr[i];
			c.prefix[i] = b->prefix[i];
		}
	}
	for (i = 0; i < ARRAY_SIZE(c.port); i++)
		if (c.port[i] < 0)
			c.port[i] = b->port[i];
	if (b->since > c.since)
		c.since = b->since;
	return c;
}

static struct condition either(const struct condition *a, const struct condition *b)
{
	struct condition c = *a;
	size_t i;

	for (i = 0; i < MASK_COUNT; i++)
		c.mask[i] |= b->mask[i];
	/* What only one side asks for, or both differently, is left out. */
	for (i = 0; i < ARRAY_SIZE(c.addr); i++)
		if (c.prefix[i] != b->prefix[i] ||
		    memcmp(&c.addr[i], &b->addr[i], sizeof(c.addr[i])))
			c.addr[i].len = 0;
	for (i = 0; i < ARRAY_SIZE(c.port); i++)
		if (c.port[i] != b->port[i])
			c.port[i] = -1;
	if (b->since < c.since)
		c.since = b->since;
	return c;
}

static struct condition of_node(const struct node *n, bool negated)
{
	struct condition a, b;

	switch (n->type) {
	case NODE_TERM:
		return negated ? of_negated(&n->term) : of_term(&n->term);
	case NODE_NOT:
		return of_node(n->left, !negated);
	default:
		a = of_node(n->left, negated);
		b = of_node(n->right, negated);
		/* not (a and b) is (not a or not b) */
		return (n->type == NODE_AND) != negated ? both(&a, &b) : either(&a, &b);
	}
}

static void put_masks(const struct condition *c, struct nlmsghdr *nlh)
{
	static const struct {
		uint16_t attr;
		uint8_t max;
	} attrs[MASK_COUNT] = {
		[MASK_STATE] = { TCP_LIFECYCLE_A_FILTER_STATES, TCP_LIFECYCLE_STATE_MAX },
		[MASK_FAMILY] = { TCP_LIFECYCLE_A_FILTER_FAMILIES, TCP_LIFECYCLE_FAMILY_MAX },
		[MASK_OPEN] = { TCP_LIFECYCLE_A_FILTER_OPENS, TCP_LIFECYCLE_OPEN_MAX },
		[MASK_CLOSE] = { TCP_LIFECYCLE_A_FILTER_CLOSES, TCP_LIFECYCLE_CLOSE_MAX },
		[MASK_FIRST] = { TCP_LIFECYCLE_A_FILTER_FIRSTS, TCP_LIFECYCLE_FIRST_MAX },
	};
	uint64_t all, mask;
	size_t i;

	for (i = 0; i < MASK_COUNT; i++) {
		all = (2ULL << attrs[i].max) - 1;
		mask = c->mask[i] & all;
		if (mask == all)
			continue;
		if (attrs[i].attr == TCP_LIFECYCLE_A_FILTER_CLOSES)
			mnl_attr_put_u64(nlh, attrs[i].attr, mask);
		else
			mnl_attr_put_u32(nlh, attrs[i].attr, mask);
	}
}

static void put_addrs(const struct condition *c, struct nlmsghdr *nlh)
{
	static const struct {
		uint16_t v4, v6, prefix;
	} attrs[] = {
		[SIDE_LOCAL] = { TCP_LIFECYCLE_A_FILTER_LOCAL4, TCP_LIFECYCLE_A_FILTER_LOCAL6,
				 TCP_LIFECYCLE_A_FILTER_LOCAL_PREFIX },
		[SIDE_REMOTE] = { TCP_LIFECYCLE_A_FILTER_REMOTE4,
				  TCP_LIFECYCLE_A_FILTER_REMOTE6,
				  TCP_LIFECYCLE_A_FILTER_REMOTE_PREFIX },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		const struct addr *a = &c->addr[i];

		if (!a->len)
			continue;
		mnl_attr_put(nlh, a->len == 4 ? attrs[i].v4 : attrs[i].v6, a->len, a->byte);
		if (c->prefix[i] < a->len * 8)
			mnl_attr_put_u8(nlh, attrs[i].prefix, c->prefix[i]);
	}
}

static void put_ports(const struct condition *c, struct nlmsghdr *nlh)
{
	static const uint16_t attrs[] = {
		[SIDE_LOCAL] = TCP_LIFECYCLE_A_FILTER_LOCAL_PORT,
		[SIDE_REMOTE] = TCP_LIFECYCLE_A_FILTER_REMOTE_PORT,
		[SIDE_ANY] = TCP_LIFECYCLE_A_FILTER_PORT,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (c->port[i] >= 0)
			mnl_attr_put_u16(nlh, attrs[i], c->port[i]);
}

/**
 * filter_put() - tell the kernel as much of a filter as it can do
 * @f: the filter
 * @nlh: the request; gets one nested attribute of at most 150 bytes, or none
 */
void filter_put(const struct filter *f, struct nlmsghdr *nlh)
{
	struct condition c = f->root ? of_node(f->root, false) : anything;
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_CONN_FILTER);
	put_masks(&c, nlh);
	put_addrs(&c, nlh);
	put_ports(&c, nlh);
	if (c.since)
		mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_FILTER_SINCE, c.since);
	if (mnl_nlmsg_get_payload_tail(nlh) == mnl_attr_get_payload(nest))
		mnl_attr_nest_cancel(nlh, nest);
	else
		mnl_attr_nest_end(nlh, nest);
}
