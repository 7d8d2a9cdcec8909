/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h: one run of the tool.
 *
 * Owns: struct tcplc, the exit codes, how a failure is told.
 * Used by: everything that asks the module.
 * Must not: know anything of one subcommand, or of filters and records.
 */
#ifndef TCPLC_SESSION_H
#define TCPLC_SESSION_H

#include <stdbool.h>
#include <stdlib.h>

#include "ask/nl.h"
#include "base/text.h"

/*
 * Exit codes in addition to EXIT_SUCCESS and EXIT_FAILURE: it could not be done, or
 * what was asked for is not there.
 */
#define EXIT_USAGE 2		/* wrong usage, or a filter that cannot be read */

struct command;

/**
 * struct tcplc - what the options that every subcommand takes have said
 * @command: the one that runs
 * @json: one JSON object a line instead of text
 * @header: print a line of column headers
 * @wide: leave no column out, whatever the width of the terminal
 * @no_pager: print a long answer as a whole, also on a terminal
 * @color: when to colour
 * @netns: namespace to enter, or NULL; see netns_enter()
 * @all_netns: look into all of them
 * @file: where records are read from instead of the module, or NULL
 * @nl: open after tcplc_connect()
 */
struct tcplc {
	const struct command *command;
	bool json;
	bool header;
	bool wide;
	bool no_pager;
	enum text_when color;
	const char *netns;
	bool all_netns;
	const char *file;
	struct nl nl;
};

int tcplc_connect(struct tcplc *ctx);
int tcplc_end(struct tcplc *ctx, int code);
int tcplc_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TCPLC_SESSION_H */
