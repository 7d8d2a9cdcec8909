// SPDX-License-Identifier: GPL-2.0-only
/*
 * query.c: ask for records.
 */
#include "ask/query.h"

#include "ask/source.h"

struct taker {
	const struct filter *filter;
	query_fn fn;
	void *data;
};

static int take(const struct nlmsghdr *nlh, void *data)
{
	const struct taker *t = data;
	struct conn c;
	int err;

	err = conn_parse(nlh, &c);
	if (err)
		return err;
	if (!t->filter || filter_match(t->filter, &c))
		err = t->fn(&c, t->data);
	conn_free(&c);
	return err;
}

/**
 * query_is_brief() - are entries left out of the answer?
 * @q: what is asked for
 *
 * They are with what is wanted, and with what the filter must look at.
 */
bool query_is_brief(const struct query *q)
{
	return !q->entries &&
	       !(q->filter && filter_needs(q->filter, FILTER_NEEDS_ENTRIES, NULL));
}

/**
 * query_dump() - ask for all records that pass a filter
 * @ctx: connected; its all_netns is asked for
 * @q: what to ask for
 * @fn: gets each
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error, explained in &nl.why.
 */
int query_dump(struct tcplc *ctx, const struct query *q, query_fn fn, void *data)
{
	struct taker t = { .filter = q->filter, .fn = fn, .data = data };
	struct nlmsghdr *nlh;

	if (ctx->nl.source)
		return ctx->nl.source->dump(ctx, q, fn, data);
	nlh = nl_request(&ctx->nl, q->cmd);
	if (q->filter)
		filter_put(q->filter, nlh);
	if (ctx->all_netns)
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_ALL_NETNS, 0, NULL);
	if (query_is_brief(q))
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_BRIEF, 0, NULL);
	return nl_dump(&ctx->nl, nlh, take, &t);
}

/**
 * query_one() - ask for one record, with its entries
 * @ctx: connected; its all_netns is asked for
 * @cookie: its identity
 * @generation: likewise, or NULL for the newest
 * @fn: gets it
 * @data: for @fn
 *
 * Return: as query_dump(); -ENOENT if there is none.
 */
int query_one(struct tcplc *ctx, uint64_t cookie, const uint32_t *generation,
	      query_fn fn, void *data)
{
	struct taker t = { .fn = fn, .data = data };
	struct nlmsghdr *nlh;

	if (ctx->nl.source)
		return ctx->nl.source->one(ctx, cookie, generation, fn, data);
	nlh = nl_request(&ctx->nl, TCP_LIFECYCLE_CMD_CONN_GET);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_CONN_COOKIE, cookie);
	if (generation)
		mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_CONN_GENERATION, *generation);
	if (ctx->all_netns)
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_ALL_NETNS, 0, NULL);
	return nl_do(&ctx->nl, nlh, take, &t);
}
