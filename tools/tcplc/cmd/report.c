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
#include "cmd/inspect.h"
#include "cmd/options.h"
#include "cmd/report_page.h"
#include "draw/column.h"
#include "draw/diagram_svg.h"
#include "draw/palette.h"
#include "draw/report_line.h"
#include "filter/wordset.h"

#define FINDINGS_MAX (RULES_MAX * FINDINGS_SHOWN)

/**
 * struct report - one of them, on its way out
 * @ctx: connected
 * @losses: what the hooks may have failed to see
 * @counters: totals since the module was loaded
 * @has_counters: they are known
 * @look: what the rules of tcplc why found
 * @blind: why nothing was looked for; empty if it was
 * @finding: those of its findings that are shown
 * @filter: the connections of each, or NULL where none can say it
 * @nr_findings: how many
 * @nr: records written
 */
struct report {
	struct tcplc *ctx;
	struct losses losses;
	struct counters counters;
	bool has_counters;
	struct inspection look;
	char blind[sizeof(((struct nl *)0)->why)];
	const struct finding *finding[FINDINGS_MAX];
	struct filter *filter[FINDINGS_MAX];
	unsigned int nr_findings;
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

static void put_values(enum names_kind kind, uint64_t mask)
{
	const char *comma = "";
	unsigned int i;

	putchar('[');
	for (i = 0; i < names_count(kind); i++) {
		if (!(mask >> i & 1))
			continue;
		printf("%s%u", comma, i);
		comma = ",";
	}
	putchar(']');
}

/* Words of the filter language that name a set: the page's search knows them, too. */
static void put_sets(const char *name, enum names_kind wanted)
{
	const char *word, *comma = "";
	enum names_kind kind;
	uint64_t mask;
	unsigned int i;

	put_name(name);
	putchar('{');
	for (i = 0; (word = wordset_at(i, &kind, &mask)); i++) {
		if (kind != wanted)
			continue;
		fputs(comma, stdout);
		report_string(stdout, word);
		putchar(':');
		put_values(kind, mask);
		comma = ",";
	}
	putchar('}');
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

static void put_text(const char *name, const char *text)
{
	put_name(name);
	report_string(stdout, text);
}

static void put_finding(const struct report *r, unsigned int i)
{
	const struct finding *one = r->finding[i];

	printf("%s{\"severe\":%s", i ? "," : "", one->severity == SEVERITY_SEVERE ? "true" : "false");
	put_text("rule", one->rule->name);
	put_text("text", one->story.headline);
	put_text("facts", one->story.facts);
	put_text("cause", one->rule->usual);
	put_text("remedy", one->rule->remedy);
	put_text("command", one->story.command);
	printf(",\"more\":%zu}", findings_of(&r->look.findings, one->rule, r->look.findings.nr));
}

static void put_dark(void *data, const char *text)
{
	const char **comma = data;

	fputs(*comma, stdout);
	report_string(stdout, text);
	*comma = ",";
}

/* null where nobody looked. */
static void put_findings(const struct report *r)
{
	char well[INSPECT_TEXT_SIZE];
	const char *comma = "";
	unsigned int i;

	put_name("findings");
	if (r->blind[0]) {
		fputs("null", stdout);
		put_text("blind", r->blind);
		return;
	}
	putchar('[');
	for (i = 0; i < r->nr_findings; i++)
		put_finding(r, i);
	putchar(']');
	put_name("dark");
	putchar('[');
	inspect_dark(&r->look, put_dark, &comma);
	putchar(']');
	inspect_well(&r->look, well);
	put_text("well", well);
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
	put_sets("stateSets", NAMES_STATE);
	put_sets("closeSets", NAMES_CLOSE);
	put_sets("firstSets", NAMES_FIRST);
	put_findings(r);
	err = put_listeners(r);
	fputs("}</script>\n", stdout);
	return err;
}

/* Listeners have a part of the page to themselves. */
static int put_record(const struct conn *c, void *data)
{
	unsigned int of[FINDINGS_MAX], nr = 0, i;
	struct report *r = data;

	if (c->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return 0;
	for (i = 0; i < r->nr_findings; i++)
		if (r->filter[i] && filter_match(r->filter[i], c))
			of[nr++] = i;
	r->nr++;
	return report_line(stdout, c, &r->losses, of, nr) ? -ENOMEM : 0;
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

/* Who may not see what the rules need gets the rest of the page. */
static void look(struct report *r, const struct filter *filter, int argc, char **argv)
{
	const struct findings *f = &r->look.findings;
	size_t i;
	int err;

	err = inspect_at(&r->look, r->ctx, filter, argc, argv);
	if (err) {
		snprintf(r->blind, sizeof(r->blind), "%s",
			 *r->ctx->nl.why ? r->ctx->nl.why : strerror(-err));
		r->ctx->nl.why[0] = '\0';
		return;
	}
	for (i = 0; i < f->nr && r->nr_findings < FINDINGS_MAX; i++) {
		if (findings_of(f, f->one[i].rule, i) >= FINDINGS_SHOWN)
			continue;
		r->finding[r->nr_findings] = &f->one[i];
		r->filter[r->nr_findings++] = inspect_filter(&r->look, &f->one[i]);
	}
}

static void forget(struct report *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_findings; i++)
		filter_free(r->filter[i]);
	inspect_free(&r->look);
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
	static struct report r;
	struct filter_error error;
	struct filter *filter;
	char words[512];
	int code, first;

	memset(&r, 0, sizeof(r));
	r.ctx = ctx;
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
	if (!code) {
		look(&r, filter, argc - first, argv + first);
		code = write_page(&r, filter, words);
	}
	forget(&r);
	filter_free(filter);
	return code;
}

const struct command command_report = {
	.name = "report",
	.operands = "[FILTER]",
	.about = "connections as a page for a browser, which needs nothing else",
	.help =
	"Write it into a file: tcplc report > report.html. It begins with what tcplc why finds\n"
	"wrong, and has a table to search and sort, each connection's ladder, the state diagram, a\n"
	"timeline, histograms and listeners, and says what was missed. FILTER is that of tcplc\n"
	"list.\n",
	.run = run,
};
