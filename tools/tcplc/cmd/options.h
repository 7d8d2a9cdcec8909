/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h: the options of the command line.
 *
 * Owns: those that every subcommand takes, help and usage.
 * Used by: main.c for what precedes the subcommand, each subcommand for
 * what follows it.
 * Must not: know a subcommand's own options.
 */
#ifndef TCPLC_OPTIONS_H
#define TCPLC_OPTIONS_H

#include <getopt.h>
#include <stdio.h>

#include "cmd/command.h"

/**
 * struct options - a subcommand's own options
 * @shorts: letters, in getopt()'s way, or NULL
 * @longs: long ones, ended by an empty one, or NULL; has_arg, flag and val as
 *	in getopt_long(), val < 256 or OPTIONS_OWN and up
 * @take: gets each; returns 0, or an exit code after having said why
 * @data: for @take
 */
struct options {
	const char *shorts;
	const struct option *longs;
	int (*take)(void *data, int opt, const char *arg);
	void *data;
};

#define OPTIONS_OWN 512	/* first value of a long option without a letter */

int options_parse(struct tcplc *ctx, int argc, char **argv,
		  const struct options *own, int *code);
int options_globals(struct tcplc *ctx, int argc, char **argv, int *code);
int options_none_left(const struct tcplc *ctx, int argc, char **argv, int first);
void options_usage(FILE *out, const struct command *c);

#endif /* TCPLC_OPTIONS_H */
