// SPDX-License-Identifier: GPL-2.0-only
/*
 * kept.c: records that outlive the answer they came in.
 */
#include "ask/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * kept_add() - keep a copy of a record; a query_fn
 * @c: it
 * @data: struct kept, all zero at first
 *
 * Return: 0 or -ENOMEM.
 */
int kept_add(const struct conn *c, void *data)
{
	struct kept *k = data;
	struct entry *entry = NULL;
	struct conn *more;

	if (!(k->nr & (k->nr - 1))) {
		more = reallocarray(k->conn, k->nr ? k->nr * 2 : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		k->conn = more;
	}
	if (c->nr_entries) {
		entry = calloc(c->nr_entries, sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		memcpy(entry, c->entry, c->nr_entries * sizeof(*entry));
	}
	k->conn[k->nr] = *c;
	k->conn[k->nr++].entry = entry;
	return 0;
}

static int older_first(const void *a, const void *b)
{
	const struct conn *x = a, *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->cookie < y->cookie ? -1 : x->cookie > y->cookie;
}

/**
 * kept_sort() - the oldest first
 * @k: them
 */
void kept_sort(struct kept *k)
{
	if (k->nr)
		qsort(k->conn, k->nr, sizeof(*k->conn), older_first);
}

/**
 * kept_free() - let go of them
 * @k: none afterwards
 */
void kept_free(struct kept *k)
{
	size_t i;

	for (i = 0; i < k->nr; i++)
		conn_free(&k->conn[i]);
	free(k->conn);
	*k = (struct kept){ 0 };
}
