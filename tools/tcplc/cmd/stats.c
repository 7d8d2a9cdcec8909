// SPDX-License-Identifier: GPL-2.0-only
/*
 * stats.c: tcplc stats, what the module counted.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/counters.h"
#include "base/names.h"
#include "cmd/conclusion.h"
#include "cmd/options.h"
#include "cmd/pager.h"
#include "draw/bars.h"
#include "draw/diagram.h"
#include "draw/table.h"
#include "json/json.h"
#include "saved/counters_json.h"

struct stats {
	struct tcplc *ctx;
	struct table *table;
	struct diagram diagram;
	struct histogram handshakes;
	unsigned int width;
};

static const char *number(char *out, size_t size, uint64_t value)
{
	snprintf(out, size, "%" PRIu64, value);
	return out;
}

static void title(const char *text)
{
	printf("\n%s%s%s\n", text_on(TEXT_BOLD), text, text_off());
}

/* Two columns of words on the left, numbers on the right, each in its place. */
static void print_words(const char *name, enum names_kind kind, const uint64_t *count)
{
	unsigned int i;

	title(name);
	for (i = 0; i < names_count(kind); i++)
		if (count[i])
			printf("  %-20s %12" PRIu64 "\n", names_word(kind, i), count[i]);
}

/* What was lost comes first: it says how far the rest can be trusted. */
static void print_counters(const struct counters *t, bool losses)
{
	const struct counters_field *f;
	uint64_t value;
	unsigned int i;

	for (i = 0; (f = counters_field(i)); i++) {
		if (f->loss != losses || !counters_has(t, f->attr))
			continue;
		value = counters_value(t, f->attr);
		printf("  %s%-14s %18" PRIu64 "%s  %s\n",
		       text_on(f->loss && value ? TEXT_BAD : TEXT_PLAIN), f->name, value,
		       text_off(), f->about);
	}
}

static void print_totals(const struct counters *t)
{
	title("lost");
	print_counters(t, true);
	title("counted");
	print_counters(t, false);
	if (!counters_has(t, TCP_LIFECYCLE_A_STATS_VERDICT))
		return;
	print_words("opened", NAMES_OPEN, t->open);
	print_words("ended", NAMES_CLOSE, t->close);
	print_words("closed first by", NAMES_FIRST, t->first);
}

static int show_edge(const struct edge *e, void *data)
{
	const char *from = names_word(NAMES_STATE, e->from);
	const char *to = names_word(NAMES_STATE, e->to);
	struct stats *s = data;
	struct table_cell cell[4] = { 0 };
	char count[24];

	diagram_add(&s->diagram, e->from, e->to, e->count);
	if (s->ctx->json)
		return json_print(edge_json(e)) ?
		       tcplc_fail("cannot write JSON") : 0;
	cell[0] = (struct table_cell){ from, text_state_color(e->from) };
	cell[1] = (struct table_cell){ to, text_state_color(e->to) };
	cell[2].text = number(count, sizeof(count), e->count);
	cell[3] = (struct table_cell){ e->legal ? "yes" : "NO",
				       e->legal ? TEXT_PLAIN : TEXT_BAD };
	table_row(s->table, cell);
	return 0;
}

static int show_histogram(const struct histogram *h, void *data)
{
	char half[TEXT_DURATION_SIZE], most[TEXT_DURATION_SIZE], text[128];
	struct stats *s = data;

	if (!h->nr)
		return 0;
	if (s->ctx->json)
		return json_print(histogram_json(h)) ? tcplc_fail("cannot write JSON") : 0;
	snprintf(text, sizeof(text), "%s%s: median below %s, 99th percentile below %s",
		 h->has_state ? "time in " : "handshake round trips",
		 h->has_state ? names_word(NAMES_STATE, h->state) : "",
		 text_duration(half, bars_percentile(h, 50)),
		 text_duration(most, bars_percentile(h, 99)));
	title(text);
	bars_print(stdout, h, s->width);
	return 0;
}

static int take_handshakes(const struct histogram *h, void *data)
{
	struct stats *s = data;

	if (!h->has_state)
		s->handshakes = *h;
	return 0;
}

/* The answer first; where it comes from is below. */
static int conclude(struct stats *s, const struct counters *t)
{
	int err = 0;

	if (counters_has(t, TCP_LIFECYCLE_A_STATS_LIVE))
		err = counters_histograms(&s->ctx->nl, take_handshakes, s);
	if (err)
		return err;
	pager_begin(s->ctx);
	conclusion_print(stdout, t, &s->handshakes, s->width);
	print_totals(t);
	return 0;
}

static int edges(struct stats *s)
{
	static const struct table_column columns[] = {
		{ "FROM", .leaves = 0 }, { "TO", .leaves = 0 },
		{ "COUNT", .right = true, .leaves = 0 }, { "LEGAL", .leaves = 1 },
	};
	struct tcplc *ctx = s->ctx;
	int err;

	s->table = table_new(stdout, columns, ARRAY_SIZE(columns), s->width, ctx->header);
	if (!s->table)
		return -ENOMEM;
	if (!ctx->json)
		title("transitions");
	err = counters_edges(&ctx->nl, show_edge, s);
	if (ctx->json)
		table_drop(s->table);
	else
		table_end(s->table);
	if (err)
		return err;
	if (!ctx->json)
		diagram_print(stdout, &s->diagram, s->width);
	else if (json_print(diagram_json(&s->diagram)))
		return tcplc_fail("cannot write JSON");
	return 0;
}

static int show(struct tcplc *ctx)
{
	struct stats s = { .ctx = ctx, .width = ctx->wide ? TEXT_WIDE : text_width() };
	struct counters t;
	int err;

	if (counters_get(&ctx->nl, &t))
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->json && json_print(counters_json(&t)))
		return tcplc_fail("cannot write JSON");
	if (!ctx->json && conclude(&s, &t))
		return tcplc_fail("%s", ctx->nl.why);
	if (!counters_has(&t, TCP_LIFECYCLE_A_STATS_LIVE)) {
		pager_end();
		tcplc_fail("the rest is about the whole host and needs CAP_NET_ADMIN on the host");
		return EXIT_SUCCESS;
	}
	err = edges(&s);
	if (!err)
		err = counters_histograms(&ctx->nl, show_histogram, &s);
	return err < 0 ? tcplc_fail("%s", ctx->nl.why) : err;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	code = options_none_left(ctx, argc, argv, first);
	if (!code)
		code = tcplc_connect(ctx);
	return code ? code : show(ctx);
}

const struct command command_stats = {
	.name = "stats",
	.about = "print what the totals come to, losses, verdicts, transitions and histograms",
	.help =
	"Totals are for all network namespaces since the module was loaded, and need\n"
	"CAP_NET_ADMIN on the host. A bucket covers its label up to twice its label.\n",
	.run = run,
};
