// SPDX-License-Identifier: GPL-2.0-only
/*
 * change.c: what became of each connection between two files.
 *
 * The records of the first file are kept, without their entries; those of the second
 * pass by.
 */
#include "saved/change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[CHANGE_KINDS] = {
	[CHANGE_BEGAN] = "began",
	[CHANGE_APPEARED] = "appeared",
	[CHANGE_ENDED] = "ended",
	[CHANGE_MOVED] = "changed",
	[CHANGE_GONE] = "gone",
	[CHANGE_FORGOTTEN] = "forgotten",
	[CHANGE_SAME] = "unchanged",
};

/**
 * change_name() - in one word
 * @kind: which
 */
const char *change_name(enum change_kind kind)
{
	return names[kind];
}

/**
 * struct old - a record of the first file
 * @conn: it
 * @wanted: it is of interest
 * @seen: the second has it, too
 */
struct old {
	struct conn conn;
	bool wanted;
	bool seen;
};

struct olds {
	const struct change_query *query;
	struct old *old;
	size_t nr;
	size_t room;
};

static int keep(struct conn *c, void *data)
{
	struct olds *o = data;
	struct old *more;

	if (o->nr == o->room) {
		more = reallocarray(o->old, o->room ? o->room * 2 : 64, sizeof(*more));
		if (!more)
			return -ENOMEM;
		o->old = more;
		o->room = o->room ? o->room * 2 : 64;
	}
	o->old[o->nr] = (struct old){
		.conn = *c,
		.wanted = o->query->wanted(o->query->from, c, o->query->data),
	};
	o->old[o->nr].conn.entry = NULL;
	o->old[o->nr++].conn.nr_entries = 0;
	return 0;
}

static int by_identity(const void *a, const void *b)
{
	const struct conn *x = a, *y = b;

	if (x->cookie != y->cookie)
		return x->cookie < y->cookie ? -1 : 1;
	return x->generation < y->generation ? -1 : x->generation > y->generation;
}

static bool is_same(const struct conn *a, const struct conn *b)
{
	return a->state == b->state && a->close == b->close && a->first == b->first &&
	       a->tx_bytes == b->tx_bytes && a->rx_bytes == b->rx_bytes &&
	       a->retrans == b->retrans && a->accepted == b->accepted &&
	       a->syn_overflow == b->syn_overflow &&
	       a->accept_overflow == b->accept_overflow && a->cookies_sent == b->cookies_sent &&
	       a->dropped == b->dropped && a->gaps == b->gaps;
}

static enum change_kind kind_of(const struct olds *o, const struct conn *was,
				const struct conn *now)
{
	if (was && now)
		return !conn_dead(was) && conn_dead(now) ? CHANGE_ENDED :
		       is_same(was, now) ? CHANGE_SAME : CHANGE_MOVED;
	if (now)
		return now->start_ns >= saved_header(o->query->from)->saved && !conn_older(now) ?
		       CHANGE_BEGAN : CHANGE_APPEARED;
	return was && conn_dead(was) ? CHANGE_FORGOTTEN : CHANGE_GONE;
}

static int tell(const struct olds *o, const struct conn *was, const struct conn *now)
{
	const struct change change = { kind_of(o, was, now), was, now };

	return o->query->take(&change, o->query->data);
}

static int compare(struct conn *c, void *data)
{
	struct olds *o = data;
	struct old *was;

	was = o->nr ? bsearch(c, o->old, o->nr, sizeof(*o->old), by_identity) : NULL;
	if (was)
		was->seen = true;
	/* Either of both may be what was asked for. */
	if (!(was && was->wanted) && !o->query->wanted(o->query->to, c, o->query->data))
		return 0;
	return tell(o, was ? &was->conn : NULL, c);
}

/**
 * change_all() - compare two files
 * @q: what to compare
 *
 * First what the second file has, in its order, then what it does not have any more.
 *
 * Return: 0, what &change_query.take returned, or -ENOMEM.
 */
int change_all(const struct change_query *q)
{
	struct olds o = { .query = q };
	size_t i;
	int err;

	err = saved_records(q->from, q->brief, keep, &o);
	if (!err && o.nr)
		qsort(o.old, o.nr, sizeof(*o.old), by_identity);
	if (!err)
		err = saved_records(q->to, q->brief, compare, &o);
	for (i = 0; !err && i < o.nr; i++)
		if (o.old[i].wanted && !o.old[i].seen)
			err = tell(&o, &o.old[i].conn, NULL);
	free(o.old);
	return err;
}
