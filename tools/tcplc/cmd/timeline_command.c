// SPDX-License-Identifier: GPL-2.0-only
/*
 * timeline_command.c: tcplc timeline, connections side by side as bars over time.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/query.h"
#include "cmd/options.h"
#include "draw/timeline.h"
#include "filter/parse_value.h"

#define NO_TERMINAL_WIDTH 100
#define ROWS 500		/* by default: more are no picture */
#define ROWS_MOST 10000

enum {
	OPT_SVG = OPTIONS_OWN,
	OPT_BY,
};

struct wanted {
	bool svg;
	enum timeline_by by;
	uint64_t rows;
};

static int take(void *data, int opt, const char *arg)
{
	static const char *const words[] = {
		[TIMELINE_NONE] = "none",
		[TIMELINE_PROCESS] = "process",
		[TIMELINE_REMOTE] = "remote",
	};
	struct wanted *w = data;
	size_t i;

	switch (opt) {
	case OPT_SVG:
		w->svg = true;
		return 0;
	case 'n':
		if (value_number(arg, &w->rows) && w->rows && w->rows <= ROWS_MOST)
			return 0;
		tcplc_fail("-n is a number from 1 to %u, not '%s'", ROWS_MOST, arg);
		return EXIT_USAGE;
	}
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(arg, words[i])) {
			w->by = i;
			return 0;
		}
	}
	tcplc_fail("--by is process, remote or none, not '%s'", arg);
	return EXIT_USAGE;
}

static int show(struct tcplc *ctx, const struct wanted *w, struct kept *kept)
{
	unsigned int width = text_width();
	struct timeline t;
	int err;

	kept_sort(kept);
	err = timeline_make(&t, kept, w->by, w->rows);
	if (!err && !t.nr)
		err = tcplc_fail("no connection matches; see tcplc list");
	else if (err)
		err = tcplc_fail("%s", strerror(ENOMEM));
	else if (w->svg)
		timeline_svg(stdout, &t, w->by);
	else
		timeline_print(stdout, &t, width == TEXT_WIDE ? NO_TERMINAL_WIDTH : width);
	if (!err && ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or drawn twice");
	timeline_free(&t);
	return err;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "svg", no_argument, NULL, OPT_SVG },
		{ "by", required_argument, NULL, OPT_BY },
		{ "number", required_argument, NULL, 'n' },
		{ 0 }
	};
	struct wanted w = { .by = TIMELINE_PROCESS, .rows = ROWS };
	const struct options own = { .shorts = "n:", .longs = longs, .take = take, .data = &w };
	struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .entries = true };
	struct kept kept = { 0 };
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	if (ctx->json) {
		tcplc_fail("timeline is a picture; tcplc list -e --json has what it is made of");
		return EXIT_USAGE;
	}
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	q.filter = filter;
	code = tcplc_connect(ctx);
	if (!code && query_dump(ctx, &q, kept_add, &kept))
		code = tcplc_fail("%s", *ctx->nl.why ? ctx->nl.why : strerror(ENOMEM));
	if (!code)
		code = show(ctx, &w, &kept);
	kept_free(&kept);
	filter_free(filter);
	return code;
}

const struct command command_timeline = {
	.name = "timeline",
	.operands = "[FILTER]",
	.about = "connections side by side, as bars over time, coloured by state",
	.help =
	"      --svg            as a picture\n"
	"      --by WHAT        group them by process (the default), remote address, or none\n"
	"  -n, --number N       show the newest N at most, by default 500\n"
	"\n"
	"FILTER is that of tcplc list. Listeners are not shown.\n",
	.run = run,
};
