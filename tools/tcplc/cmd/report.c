// SPDX-License-Identifier: GPL-2.0-only
/*
 * report.c: tcplc report, connections as a page that needs nothing else.
 *
 * Owns: what the page is told besides its connections, and the order of its parts.
 * Must not: keep records; each is written as it comes, for there may be many.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/counters.h"
#include "ask/query.h"
#include "base/names.h"
#include "base/version.h"
#include "cmd/options.h"
#include "cmd/report_page.h"
#include "draw/column.h"
#include "draw/diagram_svg.h"
#include "draw/palette.h"
#include "draw/report_line.h"

struct report {
	struct tcplc *ctx;
	struct losses losses;
	struct counters counters;
	bool has_counters;
	size_t nr;
};

static const enum column_id listener_columns[] = {
	COLUMN_ID, COLUMN_STATE, COLUMN_LOCAL, COLUMN_ACCEPTED, COLUMN_ACCEPT_FULL,
	COLUMN_SYN_FULL, COLUMN_BACKLOG, COLUMN_COOKIES, COLUMN_VALID, COLUMN_START,
	COLUMN_LIVED, COLUMN_WHO,
};

static void put_name(const char *name)
{
	printf(",\"%s\":", name);
}

static void put_words(const char *name, enum names_kind kind)
{
	unsigned int i;

	put_name(name);
	for (i = 0; i < names_count(kind); i++) {
		putchar(i ? ',' : '[');
		report_string(stdout, names_word(kind, i));
	}
	putchar(']');
}

static void put_patterns(void)
{
	unsigned int i;

	put_name("patterns");
	for (i = 0; i < names_count(NAMES_STATE); i++) {
		putchar(i ? ',' : '[');
		if (palette_pattern(i))
			report_string(stdout, palette_pattern(i));
		else
			fputs("null", stdout);
	}
	putchar(']');
}

/* Absent where the module did not say. */
static void put_losses(const struct report *r)
{
	const struct counters_field *f;
	const char *comma = "";
	unsigned int i;

	if (!r->has_counters)
		return;
	put_name("losses");
	putchar('[');
	for (i = 0; (f = counters_field(i)); i++) {
		if (!f->loss || !counters_has(&r->counters, f->attr))
			continue;
		printf("%s{\"name\":", comma);
		report_string(stdout, f->name);
		printf(",\"value\":%llu,\"about\":",
		       (unsigned long long)counters_value(&r->counters, f->attr));
		report_string(stdout, f->about);
		putchar('}');
		comma = ",";
	}
	putchar(']');
}

static int put_listener(const struct conn *c, void *data)
{
	struct report *r = data;
	char text[COLUMN_TEXT_SIZE];
	unsigned int i;

	fputs(r->nr++ ? ",[" : "[", stdout);
	for (i = 0; i < ARRAY_SIZE(listener_columns); i++) {
		struct table_cell cell = { 0 };

		column_of(listener_columns[i])->get(&cell, text, c);
		if (i)
			putchar(',');
		report_string(stdout, cell.text ? cell.text : "-");
	}
	putchar(']');
	return 0;
}

static int put_listeners(struct report *r)
{
	const struct query q = { .cmd = TCP_LIFECYCLE_CMD_LISTENER_GET };
	unsigned int i;
	int err;

	put_name("listeners");
	fputs("{\"columns\":[", stdout);
	for (i = 0; i < ARRAY_SIZE(listener_columns); i++) {
		if (i)
			putchar(',');
		report_string(stdout, column_of(listener_columns[i])->title);
	}
	fputs("],\"rows\":[", stdout);
	r->nr = 0;
	err = query_dump(r->ctx, &q, put_listener, r);
	fputs("]}", stdout);
	return err;
}

static int put_meta(struct report *r, const char *filter)
{
	time_t now = time(NULL);
	char made[32];
	struct tm tm;
	int err;

	strftime(made, sizeof(made), "%F %T %z", localtime_r(&now, &tm));
	fputs("<script type=\"application/json\" id=\"meta\">{\"made\":", stdout);
	report_string(stdout, made);
	put_name("version");
	report_string(stdout, version_client);
	put_name("filter");
	report_string(stdout, filter);
	put_words("states", NAMES_STATE);
	put_words("opens", NAMES_OPEN);
	put_words("closes", NAMES_CLOSE);
	put_words("firsts", NAMES_FIRST);
	put_patterns();
	put_losses(r);
	/* Findings: objects with "text" and "ids", once something makes them. */
	put_name("findings");
	fputs("[]", stdout);
	err = put_listeners(r);
	fputs("}</script>\n", stdout);
	return err;
}

/* Listeners have a part of the page to themselves. */
static int put_record(const struct conn *c, void *data)
{
	struct report *r = data;

	if (c->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return 0;
	r->nr++;
	return report_line(stdout, c, &r->losses) ? -ENOMEM : 0;
}

static int put_records(struct report *r, const struct filter *filter)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter, .entries = true,
	};
	int err;

	r->nr = 0;
	fputs("<script type=\"text/plain\" id=\"records\">\n", stdout);
	err = query_dump(r->ctx, &q, put_record, r);
	fputs("</script>\n", stdout);
	if (!err)
		printf("<script type=\"application/json\" id=\"end\">{\"records\":%zu,"
		       "\"interrupted\":%s}</script>\n", r->nr,
		       r->ctx->nl.interrupted ? "true" : "false");
	return err;
}

static int write_page(struct report *r, const struct filter *filter, const char *words)
{
	const struct diagram none = { 0 };
	int err;

	losses_get(&r->ctx->nl, &r->losses);
	r->has_counters = !counters_get(&r->ctx->nl, &r->counters);
	fputs(report_page[0], stdout);
	diagram_svg(stdout, &none, "State diagram", NULL, true);
	fputs(report_page[1], stdout);
	err = put_meta(r, words);
	if (!err)
		err = put_records(r, filter);
	fputs(report_page[2], stdout);
	if (err)
		return tcplc_fail("%s", *r->ctx->nl.why ? r->ctx->nl.why : strerror(-err));
	return 0;
}

static void join(char *out, size_t size, int nr, char **words)
{
	size_t at = 0;
	int i;

	*out = '\0';
	for (i = 0; i < nr && at < size; i++)
		at += snprintf(out + at, size - at, "%s%s", i ? " " : "", words[i]);
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	struct report r = { .ctx = ctx };
	struct filter_error error;
	struct filter *filter;
	char words[512];
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	if (ctx->json) {
		tcplc_fail("report is a page; tcplc list -e --json has what it is made of");
		return EXIT_USAGE;
	}
	if (isatty(STDOUT_FILENO)) {
		tcplc_fail("a page is not for a terminal: tcplc report > report.html");
		return EXIT_USAGE;
	}
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	join(words, sizeof(words), argc - first, argv + first);
	code = tcplc_connect(ctx);
	if (!code)
		code = write_page(&r, filter, words);
	filter_free(filter);
	return code;
}

const struct command command_report = {
	.name = "report",
	.operands = "[FILTER]",
	.about = "connections as a page for a browser, which needs nothing else",
	.help =
	"Write it into a file: tcplc report > report.html. It has a table to search and sort,\n"
	"each connection's ladder, the state diagram, a timeline, histograms and listeners, and\n"
	"says what was missed. FILTER is that of tcplc list.\n",
	.run = run,
};
