// SPDX-License-Identifier: GPL-2.0
/*
 * look.c: how many of what, at one moment.
 *
 * Three questions: the module's totals, the listeners, and the records
 * themselves without their entries, to count them by state.
 */
#include "look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "query.h"
#include "text.h"

static const struct {
	uint16_t attr;
	const char *name;
} losses[LOOK_LOSSES] = {
	[LOOK_UNTRACKED] = { TCP_LIFECYCLE_A_STATS_UNTRACKED, "untracked" },
	[LOOK_EVICTED] = { TCP_LIFECYCLE_A_STATS_EVICTED, "evicted" },
	[LOOK_DROPPED] = { TCP_LIFECYCLE_A_STATS_DROPPED, "dropped" },
	[LOOK_GAPS] = { TCP_LIFECYCLE_A_STATS_GAPS, "gaps" },
	[LOOK_ILLEGAL] = { TCP_LIFECYCLE_A_STATS_ILLEGAL, "illegal" },
	[LOOK_MISSED] = { TCP_LIFECYCLE_A_STATS_MISSED, "missed" },
	[LOOK_FEED_LOST] = { TCP_LIFECYCLE_A_STATS_FEED_LOST, "feed_lost" },
};

/* Both sizes: what does not fit the attribute is as good as absent. */
static uint64_t number(const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
		return mnl_attr_get_u64(attr);
	if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		return mnl_attr_get_u32(attr);
	return 0;
}

static void take_verdict(const struct nlattr *nest, struct look *t)
{
	uint64_t *to = NULL, count = 0;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		uint16_t type = mnl_attr_get_type(attr);
		bool word = mnl_attr_validate(attr, MNL_TYPE_U8) >= 0;

		if (type == TCP_LIFECYCLE_A_VERDICT_COUNT)
			count = number(attr);
		else if (type == TCP_LIFECYCLE_A_VERDICT_OPEN && word &&
			 mnl_attr_get_u8(attr) <= TCP_LIFECYCLE_OPEN_MAX)
			to = &t->open[mnl_attr_get_u8(attr)];
		else if (type == TCP_LIFECYCLE_A_VERDICT_CLOSE && word &&
			 mnl_attr_get_u8(attr) <= TCP_LIFECYCLE_CLOSE_MAX)
			to = &t->close[mnl_attr_get_u8(attr)];
	}
	if (to)
		*to = count;
}

static void take_number(const struct nlattr *attr, struct look *t)
{
	unsigned int i;

	for (i = 0; i < LOOK_FEED_LOST; i++)
		if (mnl_attr_get_type(attr) == losses[i].attr)
			t->loss[i] = number(attr);
	if (mnl_attr_get_type(attr) == (t->all_netns ?
					TCP_LIFECYCLE_A_STATS_ALL_FEED_LOST :
					losses[LOOK_FEED_LOST].attr))
		t->loss[LOOK_FEED_LOST] = number(attr);
}

static int take_stats(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct look *t = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_STATS_LIVE:
			t->live = number(attr);
			break;
		case TCP_LIFECYCLE_A_STATS_DEAD:
			t->dead = number(attr);
			break;
		case TCP_LIFECYCLE_A_STATS_CAPACITY:
			t->capacity = number(attr);
			t->host = true;
			break;
		case TCP_LIFECYCLE_A_STATS_BORN:
			t->born = number(attr);
			break;
		case TCP_LIFECYCLE_A_STATS_VERDICT:
			take_verdict(attr, t);
			break;
		default:
			take_number(attr, t);
		}
	}
	return 0;
}

static int take_conn(const struct conn *c, void *data)
{
	struct look *t = data;

	if (c->state <= TCP_LIFECYCLE_STATE_MAX)
		t->state[c->state]++;
	return 0;
}

static int take_listener(const struct conn *c, void *data)
{
	struct look *t = data;
	struct look_listener *l;

	if (c->state != TCP_LIFECYCLE_STATE_LISTEN)
		return 0;
	if (!(t->nr_listeners & (t->nr_listeners - 1))) {
		l = reallocarray(t->listener, t->nr_listeners ? t->nr_listeners * 2 : 1,
				 sizeof(*l));
		if (!l)
			return -ENOMEM;
		t->listener = l;
	}
	l = &t->listener[t->nr_listeners++];
	*l = (struct look_listener){
		.cookie = c->cookie,
		.backlog = c->backlog,
		.accepted = c->accepted,
		.syn_overflow = c->syn_overflow,
		.accept_overflow = c->accept_overflow,
		.cookies_sent = c->cookies_sent,
	};
	text_endpoint(l->local, &c->local, c->local_port,
		      conn_has(c, TCP_LIFECYCLE_A_CONN_LOCAL_PORT));
	text_escape(l->comm, sizeof(l->comm), c->comm, c->comm_len);
	return 0;
}

static int busiest(const void *a, const void *b)
{
	const struct look_listener *x = a, *y = b;

	if (x->accepted != y->accepted)
		return x->accepted < y->accepted ? 1 : -1;
	return x->cookie < y->cookie ? -1 : x->cookie > y->cookie;
}

/**
 * look_ask() - take a look
 * @ctx: connected
 * @filter: which records to count, and which listeners; or NULL for all
 * @t: filled; to be freed by look_free(), also when this fails
 *
 * Return: 0, or a negative error, explained in &nl.why.
 */
int look_ask(struct tcplc *ctx, const struct filter *filter, struct look *t)
{
	struct query conns = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter };
	struct query listeners = {
		.cmd = TCP_LIFECYCLE_CMD_LISTENER_GET, .filter = filter,
	};
	struct timespec now;
	int err;

	memset(t, 0, sizeof(*t));
	clock_gettime(CLOCK_MONOTONIC, &now);
	t->at = now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
	t->wall = time(NULL);
	t->all_netns = ctx->all_netns;
	err = nl_do(&ctx->nl, nl_request(&ctx->nl, TCP_LIFECYCLE_CMD_STATS_GET),
		    take_stats, t);
	if (!err)
		err = query_dump(ctx, &conns, take_conn, t);
	if (!err)
		err = query_dump(ctx, &listeners, take_listener, t);
	if (t->nr_listeners)
		qsort(t->listener, t->nr_listeners, sizeof(*t->listener), busiest);
	return err;
}

/**
 * look_free() - let go of what belongs to a look
 * @t: filled by look_ask(), or all zero
 */
void look_free(struct look *t)
{
	free(t->listener);
	t->listener = NULL;
	t->nr_listeners = 0;
}

/**
 * look_loss_name() - as in the first line of /proc/tcp_lifecycle
 * @loss: which
 */
const char *look_loss_name(enum look_loss loss)
{
	return losses[loss].name;
}

/**
 * look_ended() - connections and listeners that have ended, in all
 * @t: a look at the host
 */
uint64_t look_ended(const struct look *t)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = TCP_LIFECYCLE_CLOSE_NONE + 1; i <= TCP_LIFECYCLE_CLOSE_MAX; i++)
		n += t->close[i];
	return n;
}

/**
 * look_listener() - find one again
 * @t: another look
 * @cookie: its identity
 *
 * Return: NULL if it was not there.
 */
const struct look_listener *look_listener(const struct look *t,
					      uint64_t cookie)
{
	size_t i;

	for (i = 0; i < t->nr_listeners; i++)
		if (t->listener[i].cookie == cookie)
			return &t->listener[i];
	return NULL;
}
