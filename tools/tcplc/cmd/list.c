// SPDX-License-Identifier: GPL-2.0-only
/*
 * list.c: tcplc list, one line a connection.
 */
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/nearest.h"
#include "cmd/listing.h"
#include "cmd/options.h"
#include "filter/parse_value.h"

/*
 * What tells two connections apart stays; then how it ended, and when, and whose
 * it was, leave last.
 */
static const struct listing_column columns[] = {
	{ .id = COLUMN_ID },
	{ .id = COLUMN_STATE },
	{ .id = COLUMN_LOCAL },
	{ .id = COLUMN_REMOTE },
	{ .id = COLUMN_OPEN, .leaves = 7 },
	{ .id = COLUMN_CLOSE, .leaves = 1 },
	{ .id = COLUMN_FIRST, .leaves = 6 },
	{ .id = COLUMN_START, .leaves = 2 },
	{ .id = COLUMN_LIVED, .leaves = 3 },
	{ .id = COLUMN_RTT, .leaves = 8 },
	{ .id = COLUMN_MSS, .leaves = 9 },
	{ .id = COLUMN_TX, .leaves = 10 },
	{ .id = COLUMN_RX, .leaves = 11 },
	{ .id = COLUMN_RETRANS, .leaves = 12 },
	{ .id = COLUMN_WHO, .leaves = 4 },
	{ .id = COLUMN_NETNS, .leaves = 5, .several = true },
};

enum {
	OPT_SORT = OPTIONS_OWN,
	OPT_REVERSE,
};

/**
 * struct list - what was asked for
 * @listing: it
 * @turned: --reverse was given, which turns any order
 * @chosen: the columns of -o
 */
struct list {
	struct listing listing;
	bool turned;
	struct listing_column chosen[TABLE_MAX_COLUMNS];
};

static int bad_column(const char *word, size_t len)
{
	struct nearest n;
	char name[32];
	int i;

	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	n = nearest_begin(name);
	for (i = 0; i < COLUMN_COUNT; i++) {
		nearest_try(&n, column_of(i)->title);
		nearest_try(&n, column_of(i)->json);
	}
	if (n.best)
		tcplc_fail("there is no column '%s', did you mean '%s'?", name, n.best);
	else
		tcplc_fail("there is no column '%s'; tcplc list --help has them all", name);
	return EXIT_USAGE;
}

static int take_columns(struct list *l, const char *words)
{
	const struct column *c;
	size_t len;

	l->listing.column = l->chosen;
	for (l->listing.nr_columns = 0;; words += len + 1) {
		len = strcspn(words, ",");
		c = column_find(words, len);
		if (!c)
			return bad_column(words, len);
		if (l->listing.nr_columns == TABLE_MAX_COLUMNS) {
			tcplc_fail("at most %d columns: '%s' is too many", TABLE_MAX_COLUMNS, words);
			return EXIT_USAGE;
		}
		l->chosen[l->listing.nr_columns++] = (struct listing_column){ .id = column_id(c) };
		if (!words[len])
			return 0;
	}
}

/* As people know it from ps(1) and git(1): a minus turns the order. */
static int take_sort(struct list *l, const char *arg)
{
	l->listing.reverse = *arg == '-';
	arg += l->listing.reverse || *arg == '+';
	l->listing.sort = column_find(arg, strlen(arg));
	return l->listing.sort ? 0 : bad_column(arg, strlen(arg));
}

static int take(void *data, int opt, const char *arg)
{
	struct list *l = data;

	switch (opt) {
	case 'e':
		l->listing.entries = true;
		return 0;
	case 'o':
		return take_columns(l, arg);
	case OPT_SORT:
		return take_sort(l, arg);
	case OPT_REVERSE:
		l->turned = true;
		return 0;
	}
	if (value_number(arg, &l->listing.limit) && l->listing.limit &&
	    l->listing.limit <= LISTING_SORTED / 2)
		return 0;
	tcplc_fail("--number is how many to print, 1 to %u, not '%s'", LISTING_SORTED / 2, arg);
	return EXIT_USAGE;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "entries", no_argument, NULL, 'e' },
		{ "number", required_argument, NULL, 'n' },
		{ "output", required_argument, NULL, 'o' },
		{ "reverse", no_argument, NULL, OPT_REVERSE },
		{ "sort", required_argument, NULL, OPT_SORT },
		{ 0 }
	};
	struct list l = {
		.listing = {
			.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
			.column = columns,
			.nr_columns = ARRAY_SIZE(columns),
		},
	};
	const struct options own = {
		.shorts = "en:o:", .longs = longs, .take = take, .data = &l,
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
	l.listing.filter = filter;
	l.listing.reverse ^= l.turned;
	l.listing.filtered = first < argc;
	code = listing_print(ctx, &l.listing);
	filter_free(filter);
	return code;
}

const struct command command_list = {
	.name = "list",
	.operands = "[FILTER]",
	.about = "list connections and listeners, one per line, oldest first",
	.help =
	"  -e, --entries        with --json: include the entries of each record\n"
	"  -n, --number N       only the last N: the newest, or the greatest of --sort\n"
	"  -o, --output COLUMNS these columns, in this order: local,remote,close\n"
	"      --sort COLUMN    by this one, the greatest at the end; what is not known comes first;\n"
	"                       --sort -COLUMN: the greatest comes first, what is not known at the end\n"
	"      --reverse        the order the other way round: the newest first\n"
	"\n"
	"COLUMNS are id state local remote open close first start lived rtt mss tx rx retrans who\n"
	"netns backlog accepted syn-full accept-full cookies valid unit slice container pod cgroup\n"
	"where, or as --json calls them. WHERE is the unit, or the container where there is none.\n"
	"\n"
	"LIVED does not include TIME_WAIT. WHO is the process that opened or accepted it.\n"
	"< and > mark connections older than the module: START and LIVED are only bounds.\n"
	"\n"
	"FILTER is made of terms joined by and, or, not and parentheses; terms without a word\n"
	"between them must all match. Some terms; tcplc help filter has them all:\n"
	"  state established    or time-wait, connected, listening, ...\n"
	"  live, dead           still open, or closed\n"
	"  open passive         or active, syncookie, fastopen, ...\n"
	"  close fin            or reset, timeout, normal, rst-received, refused, ...\n"
	"  closed-by peer       or local, both, kernel, network\n"
	"  src, dst, host ADDR[/PREFIX][:PORT]\n"
	"  sport, dport, port   [=|!=|<|<=|>|>=] a number, a range 1000-2000, or a service\n"
	"  ipv4, ipv6, mapped   the address family\n"
	"  since 5m             something happened since then; also 12:30, 2026-11-21T12:30, yesterday\n"
	"  until 12:30, today   it began by then; something happened since 00:00\n"
	"  comm NAME, pid N, uid USER, listener ID, id ID\n"
	"  unit nginx.service, container 3f2a, pod UID\n"
	"  rtt > 10ms, lived < 1s, mss < 1400, retrans > 0, tx > 1M, gaps, dropped\n"
	"  cause timer          its record has such an event; also rto, rst, keepalive, ...\n",
	.run = run,
};
