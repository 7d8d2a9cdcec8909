/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inspect.h: one look by the rules of tcplc why, at all records that pass a filter.
 *
 * Owns: struct inspection, and what is said around its findings.
 * Used by: why.c, report.c.
 * Must not: print.
 */
#ifndef TCPLC_INSPECT_H
#define TCPLC_INSPECT_H

#include "cmd/command.h"
#include "filter/filter.h"
#include "why/rules.h"

#define INSPECT_TEXT_SIZE 2560

/**
 * struct inspection - one look; zero at first
 * @w: what rules have in hand
 * @rules: what they saw
 * @coverage: what can be seen
 * @findings: what is wrong
 */
struct inspection {
	struct why w;
	struct rules rules;
	struct coverage coverage;
	struct findings findings;
};

int inspect_at(struct inspection *l, struct tcplc *ctx, const struct filter *filter, int argc, char **argv);
struct filter *inspect_filter(const struct inspection *l, const struct finding *one);
void inspect_dark(const struct inspection *l, void (*say)(void *data, const char *text), void *data);
void inspect_well(const struct inspection *l, char *text);
void inspect_free(struct inspection *l);

#endif /* TCPLC_INSPECT_H */
