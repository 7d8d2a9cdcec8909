// SPDX-License-Identifier: GPL-2.0-only
/*
 * snapshot.c: how many of what, at one moment.
 *
 * Three questions: the module's totals, the listeners, and the records
 * themselves without their entries, to count them by state.
 */
#include "ask/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask/query.h"
#include "base/text.h"

#define CLOCK_SET_NS 50000000LL	/* so far from what has passed: somebody set it */

static int take_conn(const struct conn *c, void *data)
{
	struct look *t = data;
	char name[4 * CONN_COMM_SIZE + 1];
	int err;

	if (c->state <= TCP_LIFECYCLE_STATE_MAX)
		t->state[c->state]++;
	if (c->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return 0;
	text_addr(name, &c->remote);
	err = parties_count(&t->peers, name, c, &t->window);
	if (err || !conn_has(c, TCP_LIFECYCLE_A_CONN_COMM))
		return err;
	text_escape(name, sizeof(name), c->comm, strlen(c->comm));
	return parties_count(&t->processes, name, c, &t->window);
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
	ends_local(l->local, c);
	text_escape(l->comm, sizeof(l->comm), c->comm, strlen(c->comm));
	return 0;
}

static int busiest(const void *a, const void *b)
{
	const struct look_listener *x = a, *y = b;

	if (x->accepted != y->accepted)
		return x->accepted < y->accepted ? 1 : -1;
	return x->cookie < y->cookie ? -1 : x->cookie > y->cookie;
}

/* Times of records are those of the clock: while that is set they tell nothing. */
static void open_window(struct look *t, const struct look *before)
{
	int64_t by_clock, passed;

	if (!before)
		return;
	by_clock = t->real - before->real;
	passed = (t->at - before->at) * 1000;
	if (llabs(by_clock - passed) < CLOCK_SET_NS)
		t->window = (struct window){ .from = before->real, .until = t->real };
}

static void when(struct look *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	t->at = now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
	clock_gettime(CLOCK_REALTIME, &now);
	t->real = now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/**
 * look_ask() - take a look
 * @ctx: connected
 * @filter: which records to count, and which listeners; or NULL for all
 * @before: the look before, or NULL
 * @t: filled; to be freed by look_free(), also when this fails
 *
 * Return: 0, or a negative error, explained in &nl.why.
 */
int look_ask(struct tcplc *ctx, const struct filter *filter, const struct look *before,
	     struct look *t)
{
	struct query conns = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter };
	struct query listeners = {
		.cmd = TCP_LIFECYCLE_CMD_LISTENER_GET, .filter = filter,
	};
	int err;

	memset(t, 0, sizeof(*t));
	when(t);
	open_window(t, before);
	err = counters_get(&ctx->nl, &t->counters);
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
	parties_free(&t->peers);
	parties_free(&t->processes);
}

/**
 * look_has_window() - is it known what happened since the look before?
 * @t: a look
 */
bool look_has_window(const struct look *t)
{
	return t->window.until > t->window.from;
}

/**
 * look_has_host() - may this reader see the host's totals?
 * @t: a look
 */
bool look_has_host(const struct look *t)
{
	return counters_has(&t->counters, TCP_LIFECYCLE_A_STATS_CAPACITY);
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
		n += t->counters.close[i];
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
