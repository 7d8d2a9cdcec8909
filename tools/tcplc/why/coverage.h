/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * coverage.h: what the module can see now, and what it missed.
 *
 * Owns: struct coverage, asking for it, and the line that says so.
 * Used by: rules.c and cmd/inspect.c.
 * Must not: take something for seen that it could not ask for.
 */
#ifndef TCPLC_WHY_COVERAGE_H
#define TCPLC_WHY_COVERAGE_H

#include "ask/counters.h"
#include "ask/losses.h"

#define COVERAGE_LACKING 64

/**
 * struct coverage - what is seen
 * @losses: of the hooks
 * @counters: totals since the module was loaded
 * @off: RULE_GROUP() of each group of hooks of which one is off
 * @lacking: hooks that are not attached
 * @nr_lacking: how many
 * @retention: seconds an ended connection is kept; 0: not known
 * @nr_ports: only connections with one of so many ports are recorded; 0: with any
 * @no_loopback: connections over loopback are not recorded
 * @unset: what is recorded, and how long, is not known: the records are of an older file
 */
struct coverage {
	struct losses losses;
	struct counters counters;
	uint32_t off;
	char lacking[COVERAGE_LACKING][64];
	unsigned int nr_lacking;
	uint32_t retention;
	unsigned int nr_ports;
	bool no_loopback;
	bool unset;
};

int coverage_get(struct nl *nl, struct coverage *c);
bool coverage_lacks(const struct coverage *c, const char *symbol);
bool coverage_knows_losses(const struct coverage *c);
bool coverage_text(const struct coverage *c, char *out, size_t size);

#endif /* TCPLC_WHY_COVERAGE_H */
