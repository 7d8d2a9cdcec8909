// SPDX-License-Identifier: GPL-2.0-only
/*
 * diagram_command.c: tcplc diagram, the state diagram and how often each edge was taken.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/counters.h"
#include "ask/kept.h"
#include "ask/query.h"
#include "base/names.h"
#include "cmd/options.h"
#include "draw/diagram_svg.h"
#include "draw/table.h"
#include "json/json.h"

/**
 * struct run - one of them, under way
 * @ctx: connected
 * @svg: as a picture
 * @d: the edges
 * @nr: records they were counted from; none with the totals of the host
 * @dropped: entries that found no room in these
 * @gaps: transitions that were missed in these
 * @one: the first of these
 */
struct run {
	struct tcplc *ctx;
	bool svg;
	struct diagram d;
	size_t nr;
	uint64_t dropped;
	uint64_t gaps;
	struct kept one;
};

static int take_edge(const struct edge *e, void *data)
{
	struct run *r = data;

	diagram_add(&r->d, e->from, e->to, e->count);
	return 0;
}

static int take_record(const struct conn *c, void *data)
{
	struct run *r = data;

	diagram_add_life(&r->d, c, false);
	r->dropped += c->dropped;
	r->gaps += c->gaps;
	return r->nr++ ? 0 : kept_add(c, &r->one);
}

/* What the numbers are of, and what is not in them. */
static void describe(const struct run *r, char *title, size_t title_size, char *about,
		     size_t about_size)
{
	char id[TEXT_ID_SIZE];

	if (!r->nr) {
		snprintf(title, title_size, "All transitions since the module was loaded");
		snprintf(about, about_size, "Totals of the whole host, with those of records that are gone.");
		return;
	}
	if (r->nr == 1)
		snprintf(title, title_size, "The way of connection %s", text_id(id, r->one.conn));
	else
		snprintf(title, title_size, "The transitions of %zu records", r->nr);
	snprintf(about, about_size,
		 "%" PRIu64 " entries found no room in a record, %" PRIu64
		 " transitions were missed: these are not counted.",
		 r->dropped, r->gaps);
}

static const char *kind(uint8_t from, uint8_t to)
{
	switch (tlc_fsm_edge(from, to)) {
	case TLC_EDGE_ILLEGAL:
		return "NEITHER";
	case TLC_EDGE_LINUX:
		return "linux";
	default:
		return "rfc9293";
	}
}

static int put_row(const struct run *r, struct table *table, uint8_t from, uint8_t to)
{
	bool legal = tlc_fsm_edge(from, to) != TLC_EDGE_ILLEGAL;
	struct table_cell cell[5] = { 0 };
	char count[24], step[8];

	if (!r->d.count[from][to])
		return 0;
	if (r->ctx->json)
		return json_print(json_pack("{s:s,s:s,s:s,s:o,s:b}", "type", "edge", "from",
					    names_word(NAMES_STATE, from), "to",
					    names_word(NAMES_STATE, to), "count",
					    json_u64(r->d.count[from][to]), "legal", legal));
	snprintf(count, sizeof(count), "%" PRIu64, r->d.count[from][to]);
	snprintf(step, sizeof(step), "%u", r->d.step[from][to]);
	cell[0] = (struct table_cell){ names_word(NAMES_STATE, from), text_state_color(from) };
	cell[1] = (struct table_cell){ names_word(NAMES_STATE, to), text_state_color(to) };
	cell[2].text = count;
	cell[3] = (struct table_cell){ kind(from, to), legal ? TEXT_PLAIN : TEXT_BAD };
	cell[4].text = r->nr == 1 ? step : "-";
	table_row(table, cell);
	return 0;
}

static int put_edges(const struct run *r, struct table *table)
{
	unsigned int from, to;
	int err = 0;

	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES && !err; to++)
			err = put_row(r, table, from, to);
	return err;
}

/* Of one connection they come in the order in which it took them. */
static int put_steps(const struct run *r, struct table *table)
{
	const struct conn *c = r->one.conn;
	unsigned int i, step = 0;
	int err = 0;

	for (i = 0; i < c->nr_entries && !err; i++) {
		const struct entry *e = &c->entry[i];

		if (!entry_moves(e))
			continue;
		step++;
		if (e->from < TLC_STATES && e->to < TLC_STATES &&
		    r->d.step[e->from][e->to] == step)
			err = put_row(r, table, e->from, e->to);
	}
	return err;
}

static int print_text(const struct run *r)
{
	static const struct table_column columns[] = {
		{ "FROM", .leaves = 0 }, { "TO", .leaves = 0 },
		{ "COUNT", .right = true, .leaves = 0 }, { "PART-OF", .leaves = 1 },
		{ "STEP", .right = true, .leaves = 2 },
	};
	unsigned int width = r->ctx->wide ? TEXT_WIDE : text_width();
	char title[96], about[192];
	struct table *table;
	int err;

	table = table_new(stdout, columns, ARRAY_SIZE(columns) - (r->nr != 1), width,
			  r->ctx->header);
	if (!table)
		return -ENOMEM;
	describe(r, title, sizeof(title), about, sizeof(about));
	if (!r->ctx->json && r->ctx->header)
		printf("%s%s%s\n%s\n\n", text_on(TEXT_BOLD), title, text_off(), about);
	err = r->nr == 1 ? put_steps(r, table) : put_edges(r, table);
	if (r->ctx->json) {
		table_drop(table);
		return err || json_print(diagram_json(&r->d)) ? -EIO : 0;
	}
	table_end(table);
	if (r->nr == 1)
		return 0;
	diagram_print(stdout, &r->d, width ? width : 80);
	return 0;
}

static int print(struct run *r)
{
	char title[96], about[192];

	if (r->nr == 1) {
		r->d = (struct diagram){ 0 };
		diagram_add_life(&r->d, r->one.conn, true);
	}
	if (!r->svg)
		return print_text(r);
	describe(r, title, sizeof(title), about, sizeof(about));
	diagram_svg(stdout, &r->d, title, about, false);
	return 0;
}

static int count_records(struct run *r, const struct filter *filter)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter, .entries = true,
	};
	int err;

	err = query_dump(r->ctx, &q, take_record, r);
	if (err)
		return tcplc_fail("%s", r->ctx->nl.why);
	return r->nr ? 0 : tcplc_fail("no connection matches; see tcplc list");
}

static int count_all(struct run *r)
{
	int err;

	err = counters_edges(&r->ctx->nl, take_edge, r);
	if (err == -EPERM || err == -EACCES)
		return tcplc_fail("the totals of the host need CAP_NET_ADMIN there; 'tcplc diagram "
				  "state all' counts the records you may see");
	return err ? tcplc_fail("%s", r->ctx->nl.why) : 0;
}

static int take_svg(void *data, int opt, const char *arg)
{
	(void)opt;
	(void)arg;
	*(bool *)data = true;
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "svg", no_argument, NULL, OPTIONS_OWN },
		{ 0 }
	};
	struct run r = { .ctx = ctx };
	const struct options own = { .longs = longs, .take = take_svg, .data = &r.svg };
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	if (r.svg && ctx->json) {
		tcplc_fail("--svg and --json do not go together");
		return EXIT_USAGE;
	}
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	code = tcplc_connect(ctx);
	if (!code)
		code = first == argc ? count_all(&r) : count_records(&r, filter);
	if (!code && print(&r))
		code = tcplc_fail("no memory, or cannot write");
	kept_free(&r.one);
	filter_free(filter);
	return code;
}

const struct command command_diagram = {
	.name = "diagram",
	.operands = "[FILTER]",
	.about = "the state diagram of RFC 9293, and how often each edge was taken",
	.help =
	"      --svg            as a picture\n"
	"\n"
	"Without a FILTER, as that of tcplc list, all transitions since the module was loaded\n"
	"are counted, which takes CAP_NET_ADMIN on the host; with one, those in the records that\n"
	"match. If that is one record, its steps are numbered.\n",
	.run = run,
};
