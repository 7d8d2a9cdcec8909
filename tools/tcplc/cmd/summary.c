// SPDX-License-Identifier: GPL-2.0-only
/*
 * summary.c: tcplc summary: how connections went, by what they have in common.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/query.h"
#include "base/nearest.h"
#include "cmd/group.h"
#include "cmd/options.h"
#include "draw/table.h"
#include "filter/parse_value.h"
#include "filter/wordset.h"
#include "json/json.h"

/* What stands behind the keys; @leaves as in struct table_column. */
static const struct {
	const char *title;
	const char *name;
	const char *json;
	enum group_sum sum;
	unsigned int percent;
	unsigned int leaves;
	enum { AS_NUMBER, AS_BYTES, AS_DURATION } as;
	enum text_color color;
} columns[] = {
	{ "COUNT", "count", "count", GROUP_COUNT, 0, 0, AS_NUMBER, TEXT_PLAIN },
	{ "OPEN", "open", "open", GROUP_OPEN, 0, 6, AS_NUMBER, TEXT_PLAIN },
	{ "IN-ORDER", "in-order", "in_order", GROUP_IN_ORDER, 0, 4, AS_NUMBER, TEXT_PLAIN },
	{ "RESET", "reset", "reset", GROUP_RESET, 0, 1, AS_NUMBER, TEXT_BAD },
	{ "REFUSED", "refused", "refused", GROUP_REFUSED, 0, 2, AS_NUMBER, TEXT_BAD },
	{ "OTHER", "other", "other", GROUP_OTHER, 0, 3, AS_NUMBER, TEXT_PLAIN },
	{ "RTT-P50", "rtt-p50", "rtt_p50_us", GROUP_SUMS, 50, 7, AS_DURATION, TEXT_PLAIN },
	{ "RTT-P99", "rtt-p99", "rtt_p99_us", GROUP_SUMS, 99, 5, AS_DURATION, TEXT_PLAIN },
	{ "RETRANS", "retrans", "retrans", GROUP_RETRANS, 0, 8, AS_NUMBER, TEXT_PLAIN },
	{ "TX", "tx", "tx_bytes", GROUP_TX, 0, 9, AS_BYTES, TEXT_PLAIN },
	{ "RX", "rx", "rx_bytes", GROUP_RX, 0, 10, AS_BYTES, TEXT_PLAIN },
};

/**
 * struct summary - what was asked for
 * @ctx: the run
 * @key: what to group by
 * @nr_keys: how many
 * @sort: index of the column to sort by
 * @limit: print so many groups; 0: all
 * @groups: what has been counted
 * @column: as the table wants them, which keeps no copy
 */
struct summary {
	struct tcplc *ctx;
	const struct group_key *key[GROUP_MAX_KEYS];
	unsigned int nr_keys;
	unsigned int sort;
	uint64_t limit;
	struct groups *groups;
	struct table_column column[TABLE_MAX_COLUMNS];
};

static int bad_word(const char *what, const char *word, size_t len, const struct nearest *n,
		    const char *all)
{
	if (n->best)
		tcplc_fail("there is no %s '%.*s', did you mean '%s'?", what, (int)len, word,
			   n->best);
	else
		tcplc_fail("there is no %s '%.*s'; there are %s", what, (int)len, word, all);
	return EXIT_USAGE;
}

static int take_sort(struct summary *s, const char *word)
{
	struct nearest n = nearest_begin(word);
	char all[160] = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		if (!strcmp(columns[i].name, word)) {
			s->sort = i;
			return 0;
		}
		nearest_try(&n, columns[i].name);
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
			 columns[i].name);
	}
	return bad_word("column", word, strlen(word), &n, all);
}

static int take_option(void *data, int opt, const char *arg)
{
	struct summary *s = data;

	if (opt == OPTIONS_OWN)
		return take_sort(s, arg);
	if (value_number(arg, &s->limit) && s->limit)
		return 0;
	tcplc_fail("--number is how many groups to print, at least 1, not '%s'", arg);
	return EXIT_USAGE;
}

static int bad_key(const char *word, size_t len)
{
	const struct group_key *key;
	struct nearest n;
	char name[32], all[200] = "";
	size_t i;

	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	n = nearest_begin(name);
	for (i = 0; (key = group_key_at(i)); i++) {
		nearest_try(&n, key->name);
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
			 key->name);
	}
	return bad_word("key", word, len, &n, all);
}

static int take_keys(struct summary *s, const char *words)
{
	size_t len;

	for (;; words += len + 1) {
		len = strcspn(words, ",");
		if (s->nr_keys == GROUP_MAX_KEYS) {
			tcplc_fail("at most %d keys: '%s' is too many", GROUP_MAX_KEYS, words);
			return EXIT_USAGE;
		}
		s->key[s->nr_keys] = group_key_find(words, len);
		if (!s->key[s->nr_keys++])
			return bad_key(words, len);
		if (!words[len])
			return 0;
	}
}

static uint64_t value_of(const struct group *g, unsigned int column)
{
	return columns[column].percent ? group_percentile(g, columns[column].percent) :
	       g->sum[columns[column].sum];
}

static int print_json(const struct summary *s, const struct group *g)
{
	json_t *by = json_object(), *object = json_pack("{s:s,s:o}", "type", "group", "by", by);
	unsigned int i;

	for (i = 0; i < s->nr_keys; i++)
		json_object_set_new(by, s->key[i]->name,
				    json_bytes(g->value[i], strlen(g->value[i])));
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (!columns[i].percent || g->nr_rtt)
			json_object_set_new(object, columns[i].json, json_u64(value_of(g, i)));
	json_object_set_new(object, "rtt_known", json_u64(g->nr_rtt));
	return json_print(object) ? tcplc_fail("cannot write JSON") : 0;
}

static void print_row(const struct summary *s, struct table *table, const struct group *g)
{
	char text[ARRAY_SIZE(columns)][TEXT_DURATION_SIZE];
	struct table_cell cell[TABLE_MAX_COLUMNS] = { 0 };
	unsigned int i;

	for (i = 0; i < s->nr_keys; i++)
		cell[i].text = g->value[i];
	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		struct table_cell *to = &cell[s->nr_keys + i];
		uint64_t value = value_of(g, i);

		if (columns[i].percent && !g->nr_rtt)
			continue;
		if (columns[i].as == AS_DURATION)
			text_duration(text[i], value);
		else if (columns[i].as == AS_BYTES)
			text_bytes(text[i], value);
		else
			text_number(text[i], value, 10);
		to->text = text[i];
		to->color = value ? columns[i].color : TEXT_PLAIN;
	}
	table_row(table, cell);
}

static struct table *begin_table(struct summary *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_keys; i++)
		s->column[i].title = s->key[i]->title;
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		s->column[s->nr_keys + i] = (struct table_column){
			.title = columns[i].title, .right = true, .leaves = columns[i].leaves,
		};
	return table_new(stdout, s->column, s->nr_keys + ARRAY_SIZE(columns),
			 s->ctx->wide ? TEXT_WIDE : text_width(), s->ctx->header);
}

static int print(struct summary *s)
{
	const struct group *g;
	struct table *table;
	unsigned int hidden;
	size_t i, more;
	int err = 0;

	if (!groups_at(s->groups, 0)) {
		if (!s->ctx->json)
			fputs("tcplc: no connection matches\n", stderr);
		return EXIT_SUCCESS;
	}
	table = s->ctx->json ? NULL : begin_table(s);
	if (!table && !s->ctx->json)
		return tcplc_fail("no memory");
	for (i = 0; !err && (g = groups_at(s->groups, i)) && (!s->limit || i < s->limit); i++) {
		if (table)
			print_row(s, table, g);
		else
			err = print_json(s, g);
	}
	hidden = table ? table_end(table) : 0;
	if (hidden)
		tcplc_fail("%u column%s hidden, -w shows %s", hidden, hidden == 1 ? "" : "s",
			   hidden == 1 ? "it" : "them");
	for (more = 0; groups_at(s->groups, i + more); more++)
		;
	if (more && table)
		tcplc_fail("%zu more group%s", more, more == 1 ? "" : "s");
	return err;
}

static int add(const struct conn *c, void *data)
{
	return groups_add(data, c);
}

static int summarize(struct summary *s, const struct filter *filter)
{
	const struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter };
	struct tcplc *ctx = s->ctx;
	uint64_t in_order, reset;
	int err;

	wordset_find(NAMES_CLOSE, "normal", &in_order);
	wordset_find(NAMES_CLOSE, "reset", &reset);
	s->groups = groups_new(s->key, s->nr_keys, in_order, reset);
	if (!s->groups)
		return tcplc_fail("no memory");
	err = query_dump(ctx, &q, add, s->groups);
	if (err)
		return tcplc_fail("%s", *ctx->nl.why ? ctx->nl.why : strerror(-err));
	groups_finish(s->groups, columns[s->sort].sum, columns[s->sort].percent);
	err = print(s);
	if (ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or counted twice");
	return err;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "number", required_argument, NULL, 'n' },
		{ "sort", required_argument, NULL, OPTIONS_OWN },
		{ 0 }
	};
	struct summary s = { .ctx = ctx };
	const struct options own = {
		.shorts = "n:", .longs = longs, .take = take_option, .data = &s,
	};
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	if (argc - first < 2 || strcmp(argv[first], "by")) {
		tcplc_fail("summary needs what to group by, for example: tcplc summary by comm,close");
		return EXIT_USAGE;
	}
	code = take_keys(&s, argv[first + 1]);
	if (code)
		return code;
	filter = filter_parse_words(argc - first - 2, argv + first + 2, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	code = tcplc_connect(ctx);
	if (!code)
		code = summarize(&s, filter);
	groups_free(s.groups);
	filter_free(filter);
	return code;
}

const struct command command_summary = {
	.name = "summary",
	.operands = "by KEY[,KEY]... [FILTER]",
	.about = "count how connections went, by process, peer, port, ...",
	.help =
	"  -n, --number N       only the first N groups\n"
	"      --sort COLUMN    greatest first: count (default), open, in-order, reset, refused,\n"
	"                       other, rtt-p50, rtt-p99, retrans, tx, rx\n"
	"\n"
	"KEY is one of: comm remote rport local lport listener state open close (or verdict)\n"
	"first family netns pid uid cgroup unit slice container pod. '-' stands for what is not on record.\n"
	"FILTER is that of tcplc list; listeners are not counted.\n"
	"COUNT is the sum of OPEN, IN-ORDER (FINs both ways), RESET, REFUSED and OTHER.\n"
	"RTT-P50 and RTT-P99 are exact: the handshake round trips of the connections are sorted,\n"
	"and 50 or 99 of 100 do not exceed this one. RETRANS counts segments.\n",
	.run = run,
};
