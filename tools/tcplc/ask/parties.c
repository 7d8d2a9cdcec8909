// SPDX-License-Identifier: GPL-2.0-only
/*
 * parties.c: connections, counted by who has them.
 *
 * Names are found through a table of slots: a dump has tens of thousands of records, and
 * may have as many peers.
 */
#define _GNU_SOURCE	/* qsort_r() */
#include "ask/parties.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter/wordset.h"

/* FNV-1a */
static uint32_t hash(const char *name)
{
	uint32_t h = 2166136261U;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619U;
	return h;
}

/* Where the name is, or would be.  @room is a power of 2. */
static size_t slot_of(const struct parties *p, const char *name)
{
	size_t at = hash(name) & (p->room - 1);

	while (p->slot[at] && strcmp(p->party[p->slot[at] - 1].name, name))
		at = (at + 1) & (p->room - 1);
	return at;
}

/* No more than half of the slots are taken. */
static int make_room(struct parties *p)
{
	size_t room = p->room ? p->room * 2 : 64, i;
	struct party *party;
	uint32_t *slot;

	if (p->nr < p->room / 2)
		return 0;
	party = reallocarray(p->party, room / 2, sizeof(*party));
	if (!party)
		return -ENOMEM;
	p->party = party;
	slot = calloc(room, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	free(p->slot);
	p->slot = slot;
	p->room = room;
	for (i = 0; i < p->nr; i++)
		p->slot[slot_of(p, p->party[i].name)] = i + 1;
	return 0;
}

static struct party *find(struct parties *p, const char *name)
{
	size_t at;

	if (make_room(p))
		return NULL;
	at = slot_of(p, name);
	if (!p->slot[at]) {
		p->party[p->nr] = (struct party){ .name = strdup(name) };
		if (!p->party[p->nr].name)
			return NULL;
		p->slot[at] = ++p->nr;
	}
	return &p->party[p->slot[at] - 1];
}

static bool within(const struct window *w, uint64_t ns)
{
	return ns >= w->from && ns < w->until;
}

static bool was_reset(const struct conn *c)
{
	uint64_t mask = 0;

	wordset_find(NAMES_CLOSE, "reset", &mask);
	return c->close < 64 && mask & 1ULL << c->close;
}

/**
 * parties_count() - count a connection
 * @p: all zero at first; not sorted yet
 * @name: whose it is
 * @c: the connection
 * @w: the window
 *
 * Return: 0 or -ENOMEM.
 */
int parties_count(struct parties *p, const char *name, const struct conn *c,
		  const struct window *w)
{
	struct party *party = find(p, name);

	if (!party)
		return -ENOMEM;
	/* A socket older than the module did not begin when it was found. */
	party->born += !conn_older(c) && within(w, c->start_ns);
	if (!conn_dead(c)) {
		party->open++;
		return 0;
	}
	party->ended++;
	party->reset += was_reset(c);
	party->died += within(w, c->start_ns + c->age_us * 1000);
	return 0;
}

static uint64_t value(const struct party *p, enum parties_by by)
{
	const uint64_t values[] = {
		[PARTIES_BORN] = p->born,
		[PARTIES_OPEN] = p->open,
		[PARTIES_ENDED] = p->ended,
		[PARTIES_RESET] = p->reset,
	};

	return values[by];
}

static int in_order(const void *a, const void *b, void *data)
{
	const struct party *x = a, *y = b;
	enum parties_by by = *(enum parties_by *)data;

	if (value(x, by) != value(y, by))
		return value(x, by) < value(y, by) ? 1 : -1;
	if (x->open + x->ended != y->open + y->ended)
		return x->open + x->ended < y->open + y->ended ? 1 : -1;
	return strcmp(x->name, y->name);
}

/**
 * parties_sort() - the greatest first
 * @p: all of them; nothing can be counted any more
 * @by: what counts
 */
void parties_sort(struct parties *p, enum parties_by by)
{
	if (p->nr)
		qsort_r(p->party, p->nr, sizeof(*p->party), in_order, &by);
}

/**
 * parties_free() - let go of them
 * @p: filled, or all zero
 */
void parties_free(struct parties *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		free(p->party[i].name);
	free(p->party);
	free(p->slot);
	memset(p, 0, sizeof(*p));
}
