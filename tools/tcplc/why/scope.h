/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scope.h: where one look of tcplc why looks, and what it compares with.
 *
 * Owns: struct why.
 * Used by: each rule_*.c, story.c; filled by cmd/inspect.c.
 */
#ifndef TCPLC_WHY_SCOPE_H
#define TCPLC_WHY_SCOPE_H

#include <stdbool.h>

#include "ask/sysctls.h"

/**
 * struct why - what rules have in hand, the same for all of them
 * @host: settings of the network namespace
 * @command: begins the command that lists connections
 * @filter: ends it: the filter of this run, or nothing
 * @all_netns: records are of every network namespace, @host of one
 */
struct why {
	struct host host;
	char command[640];
	char filter[512];
	bool all_netns;
};

#endif /* TCPLC_WHY_SCOPE_H */
