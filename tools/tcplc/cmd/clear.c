// SPDX-License-Identifier: GPL-2.0-only
/*
 * clear.c: tcplc clear, drop the records of connections that have ended.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "ask/counters.h"
#include "cmd/options.h"
#include "json/json.h"

static int take_cleared(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_CLEAR_CLEARED &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			*(uint32_t *)data = mnl_attr_get_u32(attr);
	return 0;
}

static bool answered_yes(void)
{
	int first = getchar(), c = first;

	while (c != '\n' && c != EOF)
		c = getchar();
	return tolower(first) == 'y';
}

/* Return: 0 if that is what is wanted, or an exit code. */
static int ask(struct tcplc *ctx)
{
	struct counters counters = { 0 };

	if (counters_get(&ctx->nl, &counters))
		return tcplc_fail("%s", ctx->nl.why);
	fflush(stdout);
	fputs("Drop the records of all ", stderr);
	if (counters_has(&counters, TCP_LIFECYCLE_A_STATS_DEAD))
		fprintf(stderr, "%" PRIu32 " ", counters.dead);
	fputs("ended connections, in every network namespace? [y/N] ", stderr);
	if (answered_yes())
		return 0;
	return tcplc_fail("nothing was dropped");
}

static int clear(struct tcplc *ctx)
{
	uint32_t cleared = 0;

	if (nl_do(&ctx->nl, nl_request(&ctx->nl, TCP_LIFECYCLE_CMD_CLEAR),
		  take_cleared, &cleared))
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->json)
		return json_print(json_pack("{s:I}", "cleared", (json_int_t)cleared)) ?
		       tcplc_fail("cannot write JSON") : 0;
	printf("dropped %" PRIu32 " record%s of ended connections\n", cleared,
	       cleared == 1 ? "" : "s");
	return 0;
}

static int take(void *data, int opt, const char *arg)
{
	(void)opt;
	(void)arg;
	*(bool *)data = true;
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "yes", no_argument, NULL, 'y' },
		{ 0 }
	};
	bool yes = false;
	const struct options own = {
		.shorts = "y", .longs = longs, .take = take, .data = &yes,
	};
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = options_none_left(ctx, argc, argv, first);
	if (code)
		return code;
	if (!yes && (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))) {
		tcplc_fail("this would drop records in every network namespace, and there "
			   "is no terminal to ask on: use --yes");
		return EXIT_USAGE;
	}
	code = tcplc_connect(ctx);
	if (!code && !yes)
		code = ask(ctx);
	return code ? code : clear(ctx);
}

const struct command command_clear = {
	.name = "clear",
	.about = "drop the records of ended connections, in every network namespace",
	.live = true,
	.help =
	"  -y, --yes            do not ask; needed without a terminal\n"
	"\n"
	"Open connections and listeners stay. Dropped records cannot be restored.\n",
	.run = run,
};
