// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c: tcplc, the client of tcp_lifecycle.
 *
 * Owns: the way from the command line to a subcommand, and its exit code.
 * Must not: know what a subcommand does.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask/session.h"
#include "cmd/commands.h"
#include "cmd/filter_help.h"
#include "cmd/options.h"
#include "cmd/pager.h"

/* Who reads our output has gone; that is no failure, and nobody to tell. */
static void reader_gone(int sig)
{
	(void)sig;
	_exit(EXIT_SUCCESS);
}

static int run(struct tcplc *ctx, const struct command *c, int argc, char **argv)
{
	ctx->command = c;
	return c->run(ctx, argc, argv);
}

static int unknown_command(const char *word)
{
	const char *nearest = commands_nearest(word);

	tcplc_fail("there is no command '%s'%s%s%s; see tcplc --help", word,
		   nearest ? ", did you mean '" : "", nearest ? nearest : "",
		   nearest ? "'?" : "");
	return EXIT_USAGE;
}

static int help(const char *word)
{
	const struct command *c;

	if (!word) {
		options_usage(stdout, NULL);
		return EXIT_SUCCESS;
	}
	if (!strcmp(word, "filter")) {
		fputs(filter_help, stdout);
		return EXIT_SUCCESS;
	}
	c = commands_find(word);
	if (!c)
		return unknown_command(word);
	options_usage(stdout, c);
	return EXIT_SUCCESS;
}

static int dispatch(struct tcplc *ctx, int argc, char **argv)
{
	const struct command *c;
	int code, first;

	first = options_globals(ctx, argc, argv, &code);
	if (first < 0)
		return code;
	if (first == argc) {
		options_usage(stderr, NULL);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[first], "help"))
		return help(argv[first + 1]);
	c = commands_find(argv[first]);
	if (!c)
		return unknown_command(argv[first]);
	return run(ctx, c, argc - first, argv + first);
}

int main(int argc, char **argv)
{
	struct tcplc ctx = { .header = true };
	int code;

	static char buffer[1 << 16];

	setlocale(LC_ALL, "");
	/* A dump into a pipe goes in big pieces; a terminal gets each line. */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	signal(SIGPIPE, reader_gone);
	code = dispatch(&ctx, argc, argv);
	if (pager_end() && !code)
		code = EXIT_FAILURE;
	code = tcplc_end(&ctx, code);
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE) {
		code = tcplc_fail("cannot write: %s", strerror(errno));
		if (ctx.command && ctx.command->failure)
			code = ctx.command->failure;
	}
	return code;
}
