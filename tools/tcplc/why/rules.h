/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules.h: the rules there are, and one look by all of them.
 *
 * Owns: the table of rules, struct look_by_rules.
 * Used by: cmd/inspect.c, cmd/why.c.
 * Must not: know what a rule looks at.
 */
#ifndef TCPLC_WHY_RULES_H
#define TCPLC_WHY_RULES_H

#include "why/coverage.h"
#include "why/finding.h"

#define RULES_MAX 64

/**
 * struct rules - one look
 * @tally: of each rule, in the order of rules_at()
 * @blind: the rule cannot be judged, for a hook it needs is not there or is off
 * @found: it has a finding
 * @records: connections looked at
 * @listeners: listeners looked at
 */
struct rules {
	struct tally tally[RULES_MAX];
	bool blind[RULES_MAX];
	bool found[RULES_MAX];
	uint64_t records;
	uint64_t listeners;
};

const struct rule *rules_at(size_t i);
void rules_begin(struct rules *r, const struct coverage *c);
void rules_collect(struct rules *r, const struct why *w, const struct conn *c);
int rules_judge(struct rules *r, const struct why *w, struct findings *f);
uint64_t rules_left_out(const struct rules *r);
void rules_free(struct rules *r);

#endif /* TCPLC_WHY_RULES_H */
