/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * finding.h: what was found, and how it is shown.
 *
 * Owns: struct finding, struct findings, their order, their text and their JSON.
 * Used by: rules.c, which fills them, cmd/why.c and cmd/report.c.
 * Must not: judge.
 */
#ifndef TCPLC_WHY_FINDING_H
#define TCPLC_WHY_FINDING_H

#include <stdio.h>

#include "why/rule.h"

#define FINDINGS_SHOWN 5	/* of one rule, in the text, unless all are wanted */

/**
 * struct finding - something wrong
 * @rule: by which rule
 * @severity: how bad
 * @group: the numbers behind it; its parts stay the tally's
 * @story: what is said of it
 */
struct finding {
	const struct rule *rule;
	enum severity severity;
	const struct group *group;
	struct story story;
};

/**
 * struct findings - all of them
 * @one: the worst first, after findings_sort()
 * @nr: how many
 */
struct findings {
	struct finding *one;
	size_t nr;
};

struct finding *findings_add(struct findings *f);
void findings_sort(struct findings *f);
size_t findings_of(const struct findings *f, const struct rule *rule, size_t until);
void findings_print(FILE *out, const struct findings *f, unsigned int width, bool all);
int findings_print_json(const struct findings *f);
void findings_free(struct findings *f);

#endif /* TCPLC_WHY_FINDING_H */
