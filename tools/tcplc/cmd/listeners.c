// SPDX-License-Identifier: GPL-2.0-only
/*
 * listeners.c: tcplc listeners, the totals of each listener.
 */
#include <linux/kernel.h>

#include "cmd/listing.h"
#include "cmd/options.h"

static const struct listing_column columns[] = {
	{ .id = COLUMN_ID },
	{ .id = COLUMN_STATE },
	{ .id = COLUMN_LOCAL },
	{ .id = COLUMN_ACCEPTED },
	{ .id = COLUMN_ACCEPT_FULL },
	{ .id = COLUMN_SYN_FULL, .leaves = 1 },
	{ .id = COLUMN_BACKLOG, .leaves = 5 },
	{ .id = COLUMN_COOKIES, .leaves = 7 },
	{ .id = COLUMN_VALID, .leaves = 8 },
	{ .id = COLUMN_START, .leaves = 4 },
	{ .id = COLUMN_LIVED, .leaves = 6 },
	{ .id = COLUMN_WHO, .leaves = 2 },
	{ .id = COLUMN_NETNS, .leaves = 3, .several = true },
};

static int run(struct tcplc *ctx, int argc, char **argv)
{
	struct listing l = {
		.cmd = TCP_LIFECYCLE_CMD_LISTENER_GET,
		.column = columns,
		.nr_columns = ARRAY_SIZE(columns),
	};
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	l.filter = filter;
	l.filtered = first < argc;
	code = listing_print(ctx, &l);
	filter_free(filter);
	return code;
}

const struct command command_listeners = {
	.name = "listeners",
	.operands = "[FILTER]",
	.about = "list listeners, oldest first, with what each accepted and dropped",
	.help =
	"ACCEPT-FULL and SYN-FULL count what was dropped because the accept queue or the SYN\n"
	"queue was full. COOKIES counts SYN cookies sent, VALID those returned.\n"
	"< and > mark listeners older than the module: START and LIVED are only bounds.\n"
	"FILTER is that of tcplc list.\n",
	.run = run,
};
