// SPDX-License-Identifier: GPL-2.0-only
/*
 * seam.c: where what is on record meets what comes live.
 *
 * Who has joined and then asks for what is on record may be told of a connection by
 * both; its identity tells, which no other connection ever has.
 */
#include "cmd/seam.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "draw/log_line.h"

struct seam_id {
	uint64_t cookie;
	uint32_t generation;
	bool used;
};

/* Where it is, or where it would have to be. */
static struct seam_id *find(struct seam_id *table, size_t size, uint64_t cookie,
			    uint32_t generation)
{
	size_t i = ((cookie + generation) * 0x9e3779b97f4a7c15ULL) >> 32;

	for (;; i++) {
		struct seam_id *id = &table[i & (size - 1)];

		if (!id->used || (id->cookie == cookie && id->generation == generation))
			return id;
	}
}

/* At most half of it is in use. */
static int grow(struct seam *s)
{
	size_t size = s->size ? s->size * 2 : 1024, i;
	struct seam_id *table;

	if (s->size && s->nr_known < s->size / 2)
		return 0;
	table = calloc(size, sizeof(*table));
	if (!table)
		return -ENOMEM;
	for (i = 0; i < s->size; i++)
		if (s->known[i].used)
			*find(table, size, s->known[i].cookie, s->known[i].generation) =
				s->known[i];
	free(s->known);
	s->known = table;
	s->size = size;
	return 0;
}

static int copy(struct conn *to, const struct conn *from)
{
	size_t size = from->nr_entries * sizeof(*from->entry);

	*to = *from;
	to->entry = NULL;
	if (!size)
		return 0;
	to->entry = malloc(size);
	if (!to->entry)
		return -ENOMEM;
	memcpy(to->entry, from->entry, size);
	return 0;
}

/**
 * seam_keep() - keep a record, unless it is there
 * @s: all zero at first
 * @c: copied
 *
 * Return: 0 or -ENOMEM.
 */
int seam_keep(struct seam *s, const struct conn *c)
{
	struct conn *more;
	struct seam_id *id;

	if (grow(s))
		return -ENOMEM;
	id = find(s->known, s->size, c->cookie, c->generation);
	if (id->used)
		return 0;
	if (!(s->nr & (s->nr - 1))) {
		more = reallocarray(s->conn, s->nr ? s->nr * 2 : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->conn = more;
	}
	if (copy(&s->conn[s->nr], c))
		return -ENOMEM;
	s->nr++;
	*id = (struct seam_id){ c->cookie, c->generation, true };
	s->nr_known++;
	return 0;
}

/**
 * seam_knows() - was it kept?
 * @s: seam
 * @c: a record
 */
bool seam_knows(const struct seam *s, const struct conn *c)
{
	return s->size && find(s->known, s->size, c->cookie, c->generation)->used;
}

static int died_first(const void *a, const void *b)
{
	uint64_t x = log_line_died(a), y = log_line_died(b);

	return x < y ? -1 : x > y;
}

/**
 * seam_sort() - what ended first comes first
 * @s: seam
 */
void seam_sort(struct seam *s)
{
	if (s->nr)
		qsort(s->conn, s->nr, sizeof(*s->conn), died_first);
}

/**
 * seam_drop_records() - remember only which they were
 * @s: seam
 */
void seam_drop_records(struct seam *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		conn_free(&s->conn[i]);
	free(s->conn);
	s->conn = NULL;
	s->nr = 0;
}

/**
 * seam_free() - let go of all
 * @s: seam
 */
void seam_free(struct seam *s)
{
	seam_drop_records(s);
	free(s->known);
	memset(s, 0, sizeof(*s));
}
