// SPDX-License-Identifier: GPL-2.0-only
/*
 * group.c: connections that have something in common, counted.
 *
 * Percentiles are exact: each round trip is kept, in four bytes, and they are sorted
 * at the end.
 */
#define _GNU_SOURCE	/* qsort_r() */
#include "cmd/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/place.h"
#include "base/text.h"

/**
 * struct groups - all of them
 * @key: what they have in common
 * @nr_keys: how many of these
 * @in_order: bit 1 << TCP_LIFECYCLE_CLOSE_x for each end that is GROUP_IN_ORDER
 * @reset: likewise for GROUP_RESET
 * @slot: to find one by a hash of its values: 1 + its index in @all; 0: free
 * @nr_slots: how many, a power of two; at least twice as many as groups
 * @all: in the order in which they were found, then sorted
 * @nr: how many
 */
struct groups {
	const struct group_key *key[GROUP_MAX_KEYS];
	unsigned int nr_keys;
	uint64_t in_order;
	uint64_t reset;
	size_t *slot;
	size_t nr_slots;
	struct group **all;
	size_t nr;
};

static void put_known(char *out, const struct conn *c, unsigned int attr, uint64_t value,
		      unsigned int base)
{
	if (conn_has(c, attr))
		text_number(out, value, base);
	else
		strcpy(out, "-");
}

#define NUMBER(attr, member, base) \
	static void get_##member(char *out, const struct conn *c) \
	{ \
		put_known(out, c, TCP_LIFECYCLE_A_CONN_##attr, c->member, base); \
	}
NUMBER(REMOTE_PORT, remote_port, 10)
NUMBER(LOCAL_PORT, local_port, 10)
NUMBER(NETNS, netns, 10)
NUMBER(PID, pid, 10)
NUMBER(UID, uid, 10)
NUMBER(CGROUP, cgroup, 10)
NUMBER(LISTENER, listener, 16)

#define WORD(kind, member) \
	static void get_##member(char *out, const struct conn *c) \
	{ \
		strcpy(out, names_word(NAMES_##kind, c->member)); \
	}
WORD(STATE, state)
WORD(OPEN, open)
WORD(CLOSE, close)
WORD(FIRST, first)
WORD(FAMILY, family)

static void get_addr(char *out, const struct conn *c, const struct addr *addr)
{
	char scope[ENDS_SCOPE_SIZE];

	text_addr(out, addr);
	if (*ends_scope(scope, c, addr))
		strcat(strcat(out, "%"), scope);
}

static void get_remote(char *out, const struct conn *c)
{
	get_addr(out, c, &c->remote);
}

static void get_local(char *out, const struct conn *c)
{
	get_addr(out, c, &c->local);
}

static void get_comm(char *out, const struct conn *c)
{
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_COMM))
		text_escape(out, GROUP_VALUE_SIZE, c->comm, strlen(c->comm));
	else
		strcpy(out, "-");
}

/* A value that is cut off would be another's. */
#define PLACE(member) \
	static void get_##member(char *out, const struct conn *c) \
	{ \
		const struct place *p = place_of(c); \
		\
		strcpy(out, "-"); \
		if (p && p->member) \
			text_escape(out, GROUP_VALUE_SIZE, p->member, strlen(p->member)); \
	}
PLACE(unit)
PLACE(slice)
PLACE(container)
PLACE(pod)

static const struct group_key keys[] = {
	{ "comm", "COMM", get_comm },
	{ "remote", "REMOTE", get_remote },
	{ "rport", "RPORT", get_remote_port },
	{ "local", "LOCAL", get_local },
	{ "lport", "LPORT", get_local_port },
	{ "listener", "LISTENER", get_listener },
	{ "state", "STATE", get_state },
	{ "open", "OPENED", get_open },
	{ "close", "CLOSE", get_close },
	{ "verdict", "CLOSE", get_close },
	{ "first", "FIRST", get_first },
	{ "family", "FAMILY", get_family },
	{ "netns", "NETNS", get_netns },
	{ "pid", "PID", get_pid },
	{ "uid", "UID", get_uid },
	{ "cgroup", "CGROUP", get_cgroup },
	{ "unit", "UNIT", get_unit },
	{ "slice", "SLICE", get_slice },
	{ "container", "CONTAINER", get_container },
	{ "pod", "POD", get_pod },
};

/**
 * group_key_at() - the keys one by one
 * @i: from 0
 *
 * Return: NULL behind the last.
 */
const struct group_key *group_key_at(size_t i)
{
	return i < ARRAY_SIZE(keys) ? &keys[i] : NULL;
}

/**
 * group_key_find() - by name
 * @name: it
 * @len: its length
 *
 * Return: NULL if there is none.
 */
const struct group_key *group_key_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].name) == len && !strncmp(keys[i].name, name, len))
			return &keys[i];
	return NULL;
}

/**
 * groups_new() - no connections yet
 * @keys: what to group by
 * @nr_keys: how many, at most GROUP_MAX_KEYS
 * @in_order: bit 1 << TCP_LIFECYCLE_CLOSE_x for each end in order
 * @reset: likewise for resets; what is refused is counted apart
 *
 * Return: NULL if there is no memory.
 */
struct groups *groups_new(const struct group_key *const *keys, unsigned int nr_keys,
			  uint64_t in_order, uint64_t reset)
{
	struct groups *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	memcpy(g->key, keys, nr_keys * sizeof(*keys));
	g->nr_keys = nr_keys;
	g->in_order = in_order;
	g->reset = reset;
	return g;
}

static int compare_values(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int i, order = 0;

	for (i = 0; !order && i < GROUP_MAX_KEYS && x->value[i]; i++)
		order = strcmp(x->value[i], y->value[i]);
	return order;
}

static void free_group(struct group *g)
{
	int i;

	for (i = 0; i < GROUP_MAX_KEYS; i++)
		free(g->value[i]);
	free(g->rtt);
	free(g);
}

/* A copy of @probe that is in none of the lists yet. */
static struct group *copy_of(const struct group *probe)
{
	struct group *g = calloc(1, sizeof(*g));
	int i;

	for (i = 0; g && i < GROUP_MAX_KEYS && probe->value[i]; i++) {
		g->value[i] = strdup(probe->value[i]);
		if (!g->value[i]) {
			free_group(g);
			return NULL;
		}
	}
	return g;
}

/* FNV-1a, with the NUL between values. */
static uint64_t hash(const struct group *g)
{
	uint64_t h = 0xcbf29ce484222325ULL;
	const char *at;
	int i;

	for (i = 0; i < GROUP_MAX_KEYS && g->value[i]; i++) {
		at = g->value[i];
		do
			h = (h ^ (unsigned char)*at) * 0x100000001b3ULL;
		while (*at++);
	}
	return h;
}

/* Where a group is, or would go. */
static size_t *slot_of(const struct groups *g, const struct group *probe)
{
	size_t i;

	for (i = hash(probe); ; i++) {
		size_t *slot = &g->slot[i & (g->nr_slots - 1)];

		if (!*slot || !compare_values(g->all[*slot - 1], probe))
			return slot;
	}
}

static int make_room(struct groups *g)
{
	size_t nr_slots = g->nr_slots ? g->nr_slots * 2 : 64, i, *slots;
	struct group **more;

	if (g->nr * 2 < g->nr_slots)
		return 0;
	slots = calloc(nr_slots, sizeof(*slots));
	more = reallocarray(g->all, nr_slots / 2, sizeof(*more));
	if (more)
		g->all = more;
	if (!slots || !more) {
		free(slots);
		return -ENOMEM;
	}
	free(g->slot);
	g->slot = slots;
	g->nr_slots = nr_slots;
	for (i = 0; i < g->nr; i++)
		*slot_of(g, g->all[i]) = i + 1;
	return 0;
}

static struct group *find_or_add(struct groups *g, const struct group *probe)
{
	size_t *slot;

	if (make_room(g))
		return NULL;
	slot = slot_of(g, probe);
	if (!*slot) {
		g->all[g->nr] = copy_of(probe);
		if (!g->all[g->nr])
			return NULL;
		*slot = ++g->nr;
	}
	return g->all[*slot - 1];
}

static int add_rtt(struct group *g, uint32_t rtt)
{
	uint32_t *more;

	/* 1, 2, 4, ...: grow when the number is a power of two. */
	if (!(g->nr_rtt & (g->nr_rtt - 1))) {
		more = reallocarray(g->rtt, g->nr_rtt ? g->nr_rtt * 2 : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		g->rtt = more;
	}
	g->rtt[g->nr_rtt++] = rtt;
	return 0;
}

static enum group_sum end_of(const struct groups *g, const struct conn *c)
{
	uint64_t bit = c->close < 64 ? 1ULL << c->close : 0;

	if (!conn_dead(c) && c->close == TCP_LIFECYCLE_CLOSE_NONE)
		return GROUP_OPEN;
	return c->close == TCP_LIFECYCLE_CLOSE_REFUSED ? GROUP_REFUSED :
	       bit & g->in_order ? GROUP_IN_ORDER :
	       bit & g->reset ? GROUP_RESET : GROUP_OTHER;
}

/**
 * groups_add() - count a connection
 * @g: the groups
 * @c: it; a listener is none
 *
 * Return: 0, or -ENOMEM.
 */
int groups_add(struct groups *g, const struct conn *c)
{
	char value[GROUP_MAX_KEYS][GROUP_VALUE_SIZE];
	struct group probe = { 0 }, *group;
	unsigned int i;

	if (c->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return 0;
	for (i = 0; i < g->nr_keys; i++) {
		g->key[i]->get(value[i], c);
		probe.value[i] = value[i];
	}
	group = find_or_add(g, &probe);
	if (!group)
		return -ENOMEM;
	group->sum[GROUP_COUNT]++;
	group->sum[end_of(g, c)]++;
	group->sum[GROUP_RETRANS] += c->retrans;
	group->sum[GROUP_TX] += c->tx_bytes;
	group->sum[GROUP_RX] += c->rx_bytes;
	return conn_has(c, TCP_LIFECYCLE_A_CONN_RTT_US) ? add_rtt(group, c->rtt_us) : 0;
}

static int compare_rtt(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/**
 * group_percentile() - of the round trips
 * @g: finished
 * @percent: 1 to 100
 *
 * Return: the least that so many of 100 are not above (the nearest rank); 0 if none
 * is known.
 */
uint32_t group_percentile(const struct group *g, unsigned int percent)
{
	return g->nr_rtt ? g->rtt[(g->nr_rtt * percent + 99) / 100 - 1] : 0;
}

struct order {
	enum group_sum by;
	unsigned int percent;
};

static int greatest_first(const void *a, const void *b, void *data)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
	const struct order *order = data;
	uint64_t of_x = order->percent ? group_percentile(x, order->percent) :
					 x->sum[order->by];
	uint64_t of_y = order->percent ? group_percentile(y, order->percent) :
					 y->sum[order->by];

	if (of_x != of_y)
		return of_x < of_y ? 1 : -1;
	return compare_values(x, y);
}

/**
 * groups_finish() - all are counted: sort them, the greatest first
 * @g: the groups
 * @percent: sort by this percentile of the round trip instead; or 0
 */
void groups_finish(struct groups *g, enum group_sum by, unsigned int percent)
{
	struct order order = { by, percent };
	size_t i;

	for (i = 0; i < g->nr; i++)
		if (g->all[i]->nr_rtt)
			qsort(g->all[i]->rtt, g->all[i]->nr_rtt, sizeof(uint32_t), compare_rtt);
	if (g->nr)
		qsort_r(g->all, g->nr, sizeof(*g->all), greatest_first, &order);
}

/**
 * groups_at() - one by one
 * @g: finished
 * @i: from 0
 *
 * Return: NULL behind the last.
 */
const struct group *groups_at(const struct groups *g, size_t i)
{
	return i < g->nr ? g->all[i] : NULL;
}

/**
 * groups_free() - let go of them
 * @g: or NULL
 */
void groups_free(struct groups *g)
{
	size_t i;

	if (!g)
		return;
	for (i = 0; i < g->nr; i++)
		free_group(g->all[i]);
	free(g->all);
	free(g->slot);
	free(g);
}
