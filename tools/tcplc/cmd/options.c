// SPDX-License-Identifier: GPL-2.0-only
/*
 * options.c: the options of the command line.
 */
#include "cmd/options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/nearest.h"
#include "base/version.h"
#include "cmd/commands.h"
#include "saved/answer.h"

#define MAX_OPTIONS 40

enum {
	OPT_COLOR = 256,
	OPT_VERSION,
	OPT_NETNS,
	OPT_NO_PAGER,
};

static const char common_shorts[] = "jHwhr:";

static const struct option common_longs[] = {
	{ "json",	no_argument,	   NULL, 'j' },
	{ "no-header",	no_argument,	   NULL, 'H' },
	{ "wide",	no_argument,	   NULL, 'w' },
	{ "no-pager",	no_argument,	   NULL, OPT_NO_PAGER },
	{ "color",	optional_argument, NULL, OPT_COLOR },
	{ "netns",	required_argument, NULL, OPT_NETNS },
	{ "read",	required_argument, NULL, 'r' },
	{ "help",	no_argument,	   NULL, 'h' },
	{ "version",	no_argument,	   NULL, OPT_VERSION },
};

static const char common_help[] =
	"  -j, --json           one JSON object per line, see tcplc(8)\n"
	"  -H, --no-header      no column headers\n"
	"  -w, --wide           every column, at any terminal width\n"
	"      --no-pager       do not pipe a long answer into $PAGER (default less -FRX)\n"
	"      --color[=WHEN]   always, never, or auto: on a terminal, unless NO_COLOR is set\n"
	"      --netns NAME     use another network namespace: a name from ip-netns(8),\n"
	"                       a path, pid:N, or all (needs CAP_NET_ADMIN on the host)\n"
	"  -r, --read FILE      ask a file that tcplc save wrote, instead of the module\n"
	"  -h, --help           this text\n"
	"      --version        the version\n";

/**
 * options_usage() - print help
 * @out: where
 * @c: a subcommand, or NULL for all of them
 */
void options_usage(FILE *out, const struct command *c)
{
	size_t i;

	if (c) {
		fprintf(out, "Usage: tcplc %s [OPTION]...%s%s\n\n%c%s.\n", c->name,
			c->operands ? " " : "", c->operands ? c->operands : "",
			toupper((unsigned char)c->about[0]), c->about + 1);
		if (c->help)
			fprintf(out, "\n%s", c->help);
		fprintf(out, "\nCommon options:\n%s", common_help);
		return;
	}
	fputs("Usage: tcplc [OPTION]... COMMAND [ARGUMENT]...\n\n"
	      "Shows the life of TCP connections, as recorded by the kernel module tcp_lifecycle.\n\n"
	      "Commands:\n", out);
	for (i = 0; (c = commands_at(i)); i++)
		fprintf(out, "  %-11s %s\n", c->name, c->about);
	fprintf(out, "  %-11s %s\n", "help", "print the help of a command, or of filters: tcplc help list");
	fprintf(out, "\nOptions, before or after the command:\n%s", common_help);
	fputs("\nExit status: 0 success; 1 failure, or no such connection; 2 wrong usage, or a\n"
	      "filter with an error.\n", out);
}

static int take_color(struct tcplc *ctx, const char *when)
{
	static const char *const words[] = {
		[TEXT_AUTO] = "auto",
		[TEXT_ALWAYS] = "always",
		[TEXT_NEVER] = "never",
	};
	size_t i;

	if (!when)
		when = "always";
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(when, words[i])) {
			ctx->color = i;
			return 0;
		}
	}
	tcplc_fail("--color must be auto, always or never, not '%s'", when);
	return EXIT_USAGE;
}

static void take_netns(struct tcplc *ctx, const char *name)
{
	ctx->all_netns = !strcmp(name, "all");
	ctx->netns = ctx->all_netns ? NULL : name;
}

/* The first line is what scripts read; the module's is there while it is loaded. */
static void print_version(void)
{
	char module[VERSION_SIZE];

	printf("tcplc %s\n", version_client);
	if (version_module(module))
		printf("tcp_lifecycle %s, loaded\n", module);
}

/* Return: 0 taken, -1 there is nothing more to do, or an exit code. */
static int take_common(struct tcplc *ctx, int opt, const char *arg)
{
	switch (opt) {
	case 'j':
		ctx->json = true;
		return 0;
	case 'H':
		ctx->header = false;
		return 0;
	case 'w':
		ctx->wide = true;
		return 0;
	case OPT_NO_PAGER:
		ctx->no_pager = true;
		return 0;
	case OPT_COLOR:
		return take_color(ctx, arg);
	case OPT_NETNS:
		take_netns(ctx, arg);
		return 0;
	case 'r':
		ctx->file = arg;
		return 0;
	case OPT_VERSION:
		print_version();
		return -1;
	default:	/* 'h' */
		options_usage(stdout, ctx->command);
		return -1;
	}
}

static bool is_common(int opt)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(common_longs); i++)
		if (common_longs[i].val == opt)
			return true;
	return false;
}

/* getopt_long() found fault with a word; say which, and what may be meant. */
static int bad_option(const struct tcplc *ctx, const struct option *longs,
		      const char *word, int how)
{
	struct nearest nearest;
	char name[64];

	if (how == ':') {
		tcplc_fail("option '%s' needs an argument", word);
		return EXIT_USAGE;
	}
	if (!strncmp(word, "--", 2)) {
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(word + 2, "="), word + 2);
		nearest = nearest_begin(name);
		for (; longs->name; longs++)
			nearest_try(&nearest, longs->name);
		if (nearest.best && !strcmp(nearest.best, name)) {
			tcplc_fail("option '--%s' takes no argument", name);
			return EXIT_USAGE;
		}
		if (nearest.best) {
			tcplc_fail("there is no option '--%s', did you mean '--%s'?",
				   name, nearest.best);
			return EXIT_USAGE;
		}
		word = name;
		tcplc_fail("there is no option '--%s'; see tcplc %s%s--help", word,
			   ctx->command ? ctx->command->name : "",
			   ctx->command ? " " : "");
		return EXIT_USAGE;
	}
	tcplc_fail("there is no option '-%c'; see tcplc %s%s--help", optopt,
		   ctx->command ? ctx->command->name : "",
		   ctx->command ? " " : "");
	return EXIT_USAGE;
}

static int parse(struct tcplc *ctx, int argc, char **argv, const char *mode,
		 const struct options *own, int *code)
{
	struct option longs[MAX_OPTIONS] = { 0 };
	const struct option *o;
	size_t nr = ARRAY_SIZE(common_longs);
	char shorts[64];
	int opt, word;

	memcpy(longs, common_longs, sizeof(common_longs));
	for (o = own ? own->longs : NULL; o && o->name && nr < MAX_OPTIONS - 1; o++)
		longs[nr++] = *o;
	snprintf(shorts, sizeof(shorts), "%s:%s%s", mode, common_shorts,
		 own && own->shorts ? own->shorts : "");

	opterr = 0;
	optind = 0;	/* getopt() begins anew, with another argv */
	*code = EXIT_SUCCESS;
	for (;;) {
		word = optind ? optind : 1;
		opt = getopt_long(argc, argv, shorts, longs, NULL);
		if (opt == -1)
			break;
		if (opt == '?' || opt == ':') {
			/* Options may follow operands: it has moved on. */
			word = optind > word ? optind - 1 : word;
			*code = bad_option(ctx, longs, argv[word], opt);
			return -1;
		}
		if (is_common(opt))
			*code = take_common(ctx, opt, optarg);
		else
			*code = own->take(own->data, opt, optarg);
		if (*code) {
			if (*code < 0)
				*code = EXIT_SUCCESS;
			return -1;
		}
	}
	return optind;
}

/**
 * options_globals() - read what precedes the subcommand
 * @ctx: filled
 * @argc: as main() got it
 * @argv: likewise
 * @code: the exit code, if it ends here
 *
 * Return: index of the subcommand, or -1 if it ends here.
 */
int options_globals(struct tcplc *ctx, int argc, char **argv, int *code)
{
	return parse(ctx, argc, argv, "+", NULL, code);
}

/*
 * Here, and not when it is first asked: a filter means times of the file's clock.
 * Return: an exit code; if it is not 0 it has been said why.
 */
static int open_file(struct tcplc *ctx)
{
	struct saved *saved;
	char why[300];

	if (ctx->command->live) {
		tcplc_fail("%s needs the module, and cannot use --read", ctx->command->name);
		return EXIT_USAGE;
	}
	if (ctx->netns) {
		tcplc_fail("with --read, --netns can only be all: '%s' is of this machine",
			   ctx->netns);
		return EXIT_USAGE;
	}
	saved = saved_open(ctx->file, why, sizeof(why));
	if (!saved)
		return tcplc_fail("cannot read %s: %s", ctx->file, why);
	if (ctx->all_netns && !saved_header(saved)->all_netns)
		tcplc_fail("%s has the records of one network namespace only", ctx->file);
	if (!answer_from(saved, &ctx->nl))
		return EXIT_SUCCESS;
	saved_close(saved);
	return tcplc_fail("%s", ctx->nl.why);
}

/**
 * options_parse() - read a subcommand's options, and the common ones
 * @ctx: filled
 * @argc: as the subcommand got it
 * @argv: likewise; operands are moved to its end
 * @own: the subcommand's own ones, or NULL
 * @code: the exit code, if it ends here; it has been said why
 *
 * Return: index of the first operand, or -1 if it ends here.
 */
int options_parse(struct tcplc *ctx, int argc, char **argv,
		  const struct options *own, int *code)
{
	int first = parse(ctx, argc, argv, "", own, code);

	if (first < 0)
		return first;
	text_init(ctx->color);
	*code = ctx->file ? open_file(ctx) : EXIT_SUCCESS;
	return *code ? -1 : first;
}

/**
 * options_none_left() - complain about operands where none are taken
 * @ctx: the run
 * @argc: as the subcommand got it
 * @argv: likewise
 * @first: what options_parse() returned
 *
 * Return: 0 if there are none, or an exit code.
 */
int options_none_left(const struct tcplc *ctx, int argc, char **argv, int first)
{
	if (first == argc)
		return 0;
	tcplc_fail("%s does not take '%s'; see tcplc %s --help", ctx->command->name,
		   argv[first], ctx->command->name);
	return EXIT_USAGE;
}
