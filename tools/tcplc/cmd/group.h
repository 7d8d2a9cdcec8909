/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * group.h: connections that have something in common, counted.
 *
 * Owns: what they can be grouped by, the groups, their sums and percentiles.
 * Used by: summary.c.
 * Must not: print, or ask for records.
 */
#ifndef TCPLC_GROUP_H
#define TCPLC_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

#define GROUP_MAX_KEYS 4
#define GROUP_VALUE_SIZE 1040	/* a unit, each byte of it escaped */

/**
 * struct group_key - what connections can have in common
 * @name: how it is asked for
 * @title: of its column
 * @get: puts the value of a connection into GROUP_VALUE_SIZE bytes; "-" if it is
 *	not known
 */
struct group_key {
	const char *name;
	const char *title;
	void (*get)(char *out, const struct conn *c);
};

/* enum group_sum - what is added up */
enum group_sum {
	GROUP_COUNT,		/* connections; the next five add up to it */
	GROUP_OPEN,		/* have not ended */
	GROUP_IN_ORDER,		/* ended by FINs */
	GROUP_RESET,
	GROUP_REFUSED,
	GROUP_OTHER,		/* ended otherwise */
	GROUP_RETRANS,
	GROUP_TX,
	GROUP_RX,
	GROUP_SUMS,
};

/**
 * struct group - some of the connections
 * @value: what they have in common, in the order of the keys
 * @sum: see enum group_sum; of retransmissions and bytes what is known
 * @rtt: round trips, microseconds; sorted after groups_finish()
 * @nr_rtt: of how many connections it is known
 */
struct group {
	char *value[GROUP_MAX_KEYS];
	uint64_t sum[GROUP_SUMS];
	uint32_t *rtt;
	size_t nr_rtt;
};

struct groups;

const struct group_key *group_key_at(size_t i);
const struct group_key *group_key_find(const char *name, size_t len);
struct groups *groups_new(const struct group_key *const *keys, unsigned int nr_keys,
			  uint64_t in_order, uint64_t reset);
int groups_add(struct groups *g, const struct conn *c);
void groups_finish(struct groups *g, enum group_sum by, unsigned int percent);
const struct group *groups_at(const struct groups *g, size_t i);
uint32_t group_percentile(const struct group *g, unsigned int percent);
void groups_free(struct groups *g);

#endif /* TCPLC_GROUP_H */
