/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally.h: counts by key, in bounded memory.
 *
 * Owns: the groups of one rule, and what found no room among them.
 * Used by: rules.c, and the collect() of each rule.
 * Must not: grow with the number of records.
 */
#ifndef TCPLC_WHY_TALLY_H
#define TCPLC_WHY_TALLY_H

#include "why/key.h"

#define TALLY_GROUPS 4096	/* of one rule */
#define TALLY_PARTS 8		/* of one group */
#define TALLY_SUMS 6

/**
 * struct part - a share of a group
 * @key: whose
 * @count: how many
 */
struct part {
	struct key key;
	uint64_t count;
};

/**
 * struct group - what has one key
 * @key: which
 * @about: what else is to be said of it; not compared
 * @of: records that were looked at
 * @count: those of them that the rule is about
 * @sum: whatever the rule adds up
 * @longest: microseconds
 * @first: wall clock, nanoseconds since 1970: when the first of @count began
 * @last: when the last one began
 * @part: shares of @count, exact, of those that came first
 * @nr_parts: how many
 * @others: of @count, in none of them
 * @partial: begun when others had been left out: @of may be too small
 */
struct group {
	struct key key;
	struct key about;
	uint64_t of;
	uint64_t count;
	uint64_t sum[TALLY_SUMS];
	uint64_t longest;
	uint64_t first;
	uint64_t last;
	struct part *part;
	unsigned int nr_parts;
	uint64_t others;
	bool partial;
};

/**
 * struct tally - the groups of a rule
 * @group: them
 * @nr: how many
 * @left_out: records that the rule is about and that found no room
 */
struct tally {
	struct group *group;
	size_t nr;
	uint64_t left_out;
	/* private: */
	size_t room;
	bool closed;
	bool swept;
	uint16_t *slot;
};

struct group *tally_see(struct tally *t, const struct key *key);
struct group *tally_count(struct tally *t, const struct key *key, const struct conn *c);
void group_part(struct group *g, const struct key *key);
void group_sort(struct group *g);
void tally_free(struct tally *t);

#endif /* TCPLC_WHY_TALLY_H */
