/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * why_cases.h: records that provoke a rule of tcplc why, and some that must not.
 *
 * Used by: why_test.c.
 */
#ifndef TCPLC_WHY_CASES_H
#define TCPLC_WHY_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conn.h"

#define RECORDS_MAX 512
#define RECORD_ENTRIES 8

/**
 * struct records - what a dump would give
 * @conn: them
 * @entry: of each
 * @nr: how many
 */
struct records {
	struct conn conn[RECORDS_MAX];
	struct entry entry[RECORDS_MAX][RECORD_ENTRIES];
	size_t nr;
};

/**
 * struct why_case - of one rule
 * @rule: its name
 * @make: makes records; @bad: those of which the rule has one finding, and no other rule has;
 *	else those that are next to it, of which no rule has any
 */
struct why_case {
	const char *rule;
	void (*make)(struct records *r, bool bad);
};

extern const struct why_case why_cases[];
extern const size_t nr_why_cases;

struct conn *record_connect(struct records *r);
struct conn *record_accepted(struct records *r);
struct conn *record_closed(struct records *r, struct conn *c, uint8_t close);

#endif /* TCPLC_WHY_CASES_H */
