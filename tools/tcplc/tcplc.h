/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tcplc.h: one run of the tool, and what a subcommand is.
 *
 * Owns: struct tcplc, struct command, the exit codes.
 * Used by: main.c, options.c and the file of each subcommand.
 * Must not: know anything of one subcommand, or of filters and records.
 */
#ifndef TCPLC_H
#define TCPLC_H

#include <stdbool.h>
#include <stdlib.h>

#include "ask/nl.h"
#include "base/text.h"

#define TCPLC_VERSION "0.1"

/*
 * Exit codes beside EXIT_SUCCESS and EXIT_FAILURE: it could not be done, or
 * what was asked for is not there.
 */
#define EXIT_USAGE 2		/* wrong usage, or a filter that cannot be read */

struct tcplc;

/**
 * struct command - a subcommand
 * @name: the word
 * @operands: what stands behind it in the line of usage
 * @about: what it does, in one line without a full stop
 * @help: its own options and what else there is to say, each line ended
 * @run: does it; gets its own words, argv[0] is @name; returns an exit code
 */
struct command {
	const char *name;
	const char *operands;
	const char *about;
	const char *help;
	int (*run)(struct tcplc *ctx, int argc, char **argv);
};

/**
 * struct tcplc - what the options that every subcommand takes have said
 * @command: the one that runs
 * @json: one JSON object a line instead of text
 * @header: print a line of column headers
 * @wide: leave no column out, whatever the width of the terminal
 * @color: when to colour
 * @netns: namespace to enter, or NULL; see netns_enter()
 * @all_netns: look into all of them
 * @nl: open after tcplc_connect()
 */
struct tcplc {
	const struct command *command;
	bool json;
	bool header;
	bool wide;
	enum text_when color;
	const char *netns;
	bool all_netns;
	struct nl nl;
};

int tcplc_connect(struct tcplc *ctx);
int tcplc_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TCPLC_H */
