/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command.h: what a subcommand is.
 *
 * Used by: the file of each subcommand, commands.c, options.c, main.c.
 * Must not: know anything of one subcommand.
 */
#ifndef TCPLC_COMMAND_H
#define TCPLC_COMMAND_H

#include "ask/session.h"

/**
 * struct command - a subcommand
 * @name: the word
 * @operands: what follows it in the line of usage
 * @about: what it does, in one line without a full stop
 * @help: its own options and what else there is to say, each line ended
 * @live: only the module can answer it, a file cannot
 * @failure: exit code where it could not be done, or 0 for that of all others
 * @run: does it; gets its own words, argv[0] is @name; returns an exit code
 */
struct command {
	const char *name;
	const char *operands;
	const char *about;
	const char *help;
	bool live;
	int failure;
	int (*run)(struct tcplc *ctx, int argc, char **argv);
};

#endif /* TCPLC_COMMAND_H */
