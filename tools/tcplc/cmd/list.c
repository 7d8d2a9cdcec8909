// SPDX-License-Identifier: GPL-2.0
/*
 * list.c: tcplc list, one line a connection.
 */
#include <linux/kernel.h>

#include "cmd/listing.h"
#include "cmd/options.h"

/*
 * What tells two connections apart stays; then how it ended, and when, and whose
 * it was, leave last.
 */
static const struct listing_column columns[] = {
	{ .id = COLUMN_ID },
	{ .id = COLUMN_STATE },
	{ .id = COLUMN_LOCAL },
	{ .id = COLUMN_REMOTE },
	{ .id = COLUMN_OPEN, .leaves = 6 },
	{ .id = COLUMN_CLOSE, .leaves = 1 },
	{ .id = COLUMN_FIRST, .leaves = 5 },
	{ .id = COLUMN_START, .leaves = 2 },
	{ .id = COLUMN_LIVED, .leaves = 3 },
	{ .id = COLUMN_RTT, .leaves = 7 },
	{ .id = COLUMN_MSS, .leaves = 8 },
	{ .id = COLUMN_TX, .leaves = 9 },
	{ .id = COLUMN_RX, .leaves = 10 },
	{ .id = COLUMN_RETRANS, .leaves = 11 },
	{ .id = COLUMN_WHO, .leaves = 4 },
	{ .id = COLUMN_NETNS, .several = true },
};

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
		{ "entries", no_argument, NULL, 'e' },
		{ 0 }
	};
	struct listing l = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
		.column = columns,
		.nr_columns = ARRAY_SIZE(columns),
	};
	const struct options own = {
		.shorts = "e", .longs = longs, .take = take, .data = &l.entries,
	};
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	l.filter = filter;
	code = listing_print(ctx, &l);
	filter_free(filter);
	return code;
}

const struct command command_list = {
	.name = "list",
	.operands = "[FILTER]",
	.about = "list connections and listeners, one per line, oldest first",
	.help =
	"  -e, --entries        with --json: include the entries of each record\n"
	"\n"
	"LIVED does not include TIME_WAIT. WHO is the process that opened or accepted it.\n"
	"< and > mark connections older than the module: START and LIVED are only bounds.\n"
	"\n"
	"FILTER is made of terms joined by and, or, not and parentheses; terms without a word\n"
	"between them must all match. Some terms; tcplc(8) has them all:\n"
	"  state established    or time-wait, connected, listening, ...\n"
	"  live, dead           still open, or closed\n"
	"  open passive         or active, syncookie, fastopen, ...\n"
	"  close fin            or reset, timeout, normal, rst-received, refused, ...\n"
	"  closed-by peer       or local, both, kernel, network\n"
	"  src, dst, host ADDR[/PREFIX][:PORT]\n"
	"  sport, dport, port   [=|!=|<|<=|>|>=] a number, a range 1000-2000, or a service\n"
	"  ipv4, ipv6, mapped   the address family\n"
	"  since 5m             something happened since then; also 12:30, 2026-11-21T12:30\n"
	"  comm NAME, pid N, uid USER, listener ID, id ID\n"
	"  rtt > 10ms, lived < 1s, mss < 1400, retrans > 0, tx > 1M, gaps, dropped\n"
	"  cause timer          its record has such an event; also rto, rst, keepalive, ...\n",
	.run = run,
};
