/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.h: the statistics of the module, as they came out of messages.
 *
 * Owns: struct counters, struct edge, struct histogram, struct hook, and asking
 * for them.
 * Used by: stats.c, doctor.c, snapshot.c and watch.c.
 * Must not: print.
 */
#ifndef TCPLC_COUNTERS_H
#define TCPLC_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "ask/nl.h"

/**
 * struct counters - the answer to stats-get
 * @has: bit 1 << TCP_LIFECYCLE_A_STATS_x: the attribute was there
 * @open: how often each word was given, by enum tcp_lifecycle_open
 * @close: likewise, by enum tcp_lifecycle_close
 * @first: likewise, by enum tcp_lifecycle_first
 *
 * The others are the attributes of the spec.
 */
struct counters {
	uint32_t has;
	uint32_t live;
	uint32_t dead;
	uint32_t capacity;
	uint64_t born;
	uint64_t untracked;
	uint64_t evicted;
	uint64_t excluded;
	uint64_t dropped;
	uint64_t illegal;
	uint64_t gaps;
	uint64_t missed;
	uint64_t feed_seq;
	uint64_t feed_lost;
	uint64_t all_feed_seq;
	uint64_t all_feed_lost;
	uint64_t ended_seq;
	uint64_t ended_lost;
	uint64_t all_ended_seq;
	uint64_t all_ended_lost;
	uint64_t open[TCP_LIFECYCLE_OPEN_MAX + 1];
	uint64_t close[TCP_LIFECYCLE_CLOSE_MAX + 1];
	uint64_t first[TCP_LIFECYCLE_FIRST_MAX + 1];
};

/**
 * struct counters_field - a counter, for who prints them all
 * @attr: its attribute
 * @name: its name in the spec, with _ for -
 * @about: what it counts
 * @loss: above 0 something is missing somewhere
 */
struct counters_field {
	uint16_t attr;
	const char *name;
	const char *about;
	bool loss;
};

/**
 * struct edge - a transition that was taken
 * @from: enum tcp_lifecycle_state
 * @to: likewise
 * @legal: the diagram has it
 * @count: how often
 */
struct edge {
	uint8_t from;
	uint8_t to;
	bool legal;
	uint64_t count;
};

#define HISTOGRAM_BUCKETS 64

/**
 * struct histogram - how long something took
 * @has_state: it is about @state; else about the handshake
 * @state: enum tcp_lifecycle_state
 * @nr: buckets that are not empty
 * @least: least number of microseconds in each
 * @count: how many fell in it
 */
struct histogram {
	bool has_state;
	uint8_t state;
	unsigned int nr;
	uint64_t least[HISTOGRAM_BUCKETS];
	uint64_t count[HISTOGRAM_BUCKETS];
};

/**
 * struct hook - one row of the hook table
 * @symbol: the function probed
 * @lost: what a record lacks without it
 * @group: enum tcp_lifecycle_group
 * @required: the module does not load without it
 * @attached: the probe is there
 * @enabled: it is wanted
 * @has_way: @way is known: it is enabled, and the module tells it
 * @way: enum tcp_lifecycle_way
 * @has_counts: @hits and @missed are known
 * @hits: times it was hit
 * @missed: times it could not be served
 */
struct hook {
	char symbol[64];
	char lost[128];
	uint8_t group;
	bool required;
	bool attached;
	bool enabled;
	bool has_way;
	uint8_t way;
	bool has_counts;
	uint64_t hits;
	uint64_t missed;
};

typedef int (*counters_edge_fn)(const struct edge *e, void *data);
typedef int (*counters_histogram_fn)(const struct histogram *h, void *data);
typedef int (*counters_hook_fn)(const struct hook *h, void *data);

int counters_get(struct nl *nl, struct counters *t);
int counters_edges(struct nl *nl, counters_edge_fn fn, void *data);
int counters_histograms(struct nl *nl, counters_histogram_fn fn, void *data);
int counters_hooks(struct nl *nl, counters_hook_fn fn, void *data);
const struct counters_field *counters_field(unsigned int i);
uint64_t counters_value(const struct counters *t, unsigned int attr);
bool counters_set(struct counters *t, const char *name, uint64_t value);

static inline bool counters_has(const struct counters *t, unsigned int attr)
{
	return t->has & 1U << attr;
}

#endif /* TCPLC_COUNTERS_H */
