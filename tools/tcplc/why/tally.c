// SPDX-License-Identifier: GPL-2.0-only
/*
 * tally.c: counts by key, in bounded memory.
 *
 * Groups stand in an array, and a table of their numbers finds them. Both begin small.
 * A host may talk to more ends than there is room for; those with nothing bad go first.
 */
#include "why/tally.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS (2 * TALLY_GROUPS)	/* a power of two */
#define NO_GROUP UINT16_MAX

_Static_assert(TALLY_GROUPS < NO_GROUP, "a number of a group");
_Static_assert(!(SLOTS & (SLOTS - 1)), "slots: a power of two");

static size_t hash(const struct key *key)
{
	const unsigned char *byte = (const void *)key;
	/* What follows the end of comm is zero, and says nothing; place says hardly more. */
	size_t len = offsetof(struct key, comm) + strnlen(key->comm, sizeof(key->comm)), i;
	uint64_t h = 14695981039346656037ULL;

	for (i = 0; i < len; i++)
		h = (h ^ byte[i]) * 1099511628211ULL;
	return (h ^ h >> 29) & (SLOTS - 1);
}

/* The slot it is in, or the free one it would be in. */
static size_t slot_of(const struct tally *t, const struct key *key)
{
	size_t at = hash(key);

	while (t->slot[at] != NO_GROUP && memcmp(&t->group[t->slot[at]].key, key, sizeof(*key)))
		at = (at + 1) & (SLOTS - 1);
	return at;
}

static void drop_good_ones(struct tally *t)
{
	size_t i, kept = 0;

	for (i = 0; i < t->nr; i++)
		if (t->group[i].count)
			t->group[kept++] = t->group[i];
	t->nr = kept;
	memset(t->slot, 0xff, SLOTS * sizeof(*t->slot));
	for (i = 0; i < t->nr; i++)
		t->slot[slot_of(t, &t->group[i].key)] = i;
}

static bool make_room(struct tally *t)
{
	size_t room = t->room ? 2 * t->room : 16;
	struct group *more;

	if (!t->slot) {
		t->slot = malloc(SLOTS * sizeof(*t->slot));
		if (!t->slot)
			return false;
		memset(t->slot, 0xff, SLOTS * sizeof(*t->slot));
	}
	if (t->nr < t->room)
		return true;
	if (room > TALLY_GROUPS)
		return false;
	more = reallocarray(t->group, room, sizeof(*more));
	if (!more)
		return false;
	t->group = more;
	t->room = room;
	return true;
}

static struct group *begin(struct tally *t, const struct key *key)
{
	struct group *g = &t->group[t->nr];

	t->slot[slot_of(t, key)] = t->nr++;
	memset(g, 0, sizeof(*g));
	memcpy(&g->key, key, sizeof(g->key));
	g->partial = t->closed;
	return g;
}

/*
 * Once there was no room for a group, only bad ones get in, for which the good ones leave.
 * They leave once, so that this costs little however many there are.
 */
static struct group *find(struct tally *t, const struct key *key, bool bad)
{
	size_t at;

	if (t->slot) {
		at = slot_of(t, key);
		if (t->slot[at] != NO_GROUP)
			return &t->group[t->slot[at]];
	}
	if (t->closed && !bad)
		return NULL;
	if (make_room(t))
		return begin(t, key);
	t->closed = true;
	if (!bad || t->swept || !t->slot)
		return NULL;
	t->swept = true;
	drop_good_ones(t);
	return t->nr < t->room ? begin(t, key) : NULL;
}

/**
 * tally_see() - a record the rule looks at
 * @t: the tally
 * @key: from key_begin()
 *
 * Return: its group, good until the next call, its @of one more; NULL if there is no room.
 */
struct group *tally_see(struct tally *t, const struct key *key)
{
	struct group *g = find(t, key, false);

	if (g)
		g->of++;
	return g;
}

/**
 * tally_count() - a record the rule is about
 * @t: the tally
 * @key: from key_begin(); tally_see() may have been called for the same record
 * @c: the record
 *
 * Return: its group, good until the next call, its @count one more; NULL if there is no
 * room, which is counted.
 */
struct group *tally_count(struct tally *t, const struct key *key, const struct conn *c)
{
	struct group *g = find(t, key, true);

	if (!g) {
		t->left_out++;
		return NULL;
	}
	g->count++;
	if (g->of < g->count)
		g->of = g->count;
	if (!g->first || c->start_ns < g->first)
		g->first = c->start_ns;
	if (c->start_ns > g->last)
		g->last = c->start_ns;
	return g;
}

/**
 * group_part() - add one to a share
 * @g: the group, or NULL
 * @key: whose share
 */
void group_part(struct group *g, const struct key *key)
{
	unsigned int i;

	if (!g)
		return;
	for (i = 0; i < g->nr_parts; i++) {
		if (!memcmp(&g->part[i].key, key, sizeof(*key))) {
			g->part[i].count++;
			return;
		}
	}
	if (!g->part)
		g->part = calloc(TALLY_PARTS, sizeof(*g->part));
	if (!g->part || g->nr_parts == TALLY_PARTS) {
		g->others++;
		return;
	}
	g->part[g->nr_parts].key = *key;
	g->part[g->nr_parts++].count = 1;
}

static int larger_first(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = memcmp(&x->key, &y->key, offsetof(struct key, place));
	if (order || x->key.place == y->key.place)
		return order;
	/* By name: where it is in memory is another one each time. */
	return strcmp(x->key.place ? x->key.place->path : "",
		      y->key.place ? y->key.place->path : "");
}

/**
 * group_sort() - the largest share first
 * @g: the group
 */
void group_sort(struct group *g)
{
	if (g->part)
		qsort(g->part, g->nr_parts, sizeof(*g->part), larger_first);
}

/**
 * tally_free() - let go of it
 * @t: the tally
 */
void tally_free(struct tally *t)
{
	size_t i;

	for (i = 0; i < t->nr; i++)
		free(t->group[i].part);
	free(t->group);
	free(t->slot);
	memset(t, 0, sizeof(*t));
}
