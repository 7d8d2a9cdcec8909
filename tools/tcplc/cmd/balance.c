// SPDX-License-Identifier: GPL-2.0-only
/*
 * balance.c: tcplc balance, the module's counts against the kernel's own.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/baseline.h"
#include "ask/books.h"
#include "ask/counters.h"
#include "cmd/options.h"
#include "cmd/waiting.h"
#include "draw/table.h"
#include "filter/parse_value.h"
#include "json/json.h"

#define WAIT_MOST (7 * 86400 * 1000000ULL)

/* What both sides are counted from. */
enum since {
	SINCE_NAMESPACE,
	SINCE_LOAD,
	SINCE_MARK,
	SINCE_NOW,
};

/**
 * struct balance - one comparison
 * @ctx: connected
 * @set_mark: save the counts, and compare nothing
 * @wait: let so many microseconds pass and compare what was counted in them; or 0
 * @since: where both sides begin
 * @reasons: how many were found for a difference
 * @before: what they had then
 * @now: what they have
 */
struct balance {
	struct tcplc *ctx;
	bool set_mark;
	uint64_t wait;
	enum since since;
	unsigned int reasons;
	struct mark before;
	struct mark now;
};

static int read_now(struct balance *b)
{
	struct tcplc *ctx = b->ctx;
	struct counters t;

	mark_here(&b->now);
	if (books_read(&ctx->nl, &b->now.books) || counters_get(&ctx->nl, &t))
		return tcplc_fail("%s", ctx->nl.why);
	b->now.missed = t.missed;
	b->now.untracked = t.untracked;
	b->now.excluded = t.excluded;
	b->now.gaps = t.gaps;
	return 0;
}

/* For so long, microseconds. */
static uint64_t span(const struct balance *b)
{
	return b->now.books.span - b->before.books.span;
}

static int64_t difference(const struct balance *b, size_t i, uint64_t *kernel,
			  uint64_t *module)
{
	*kernel = b->now.books.kernel[i] - b->before.books.kernel[i];
	*module = b->now.books.module[i] - b->before.books.module[i];
	return (int64_t)(*module - *kernel);
}

/* Return: pairs that differ, or -1. */
static int print_json(const struct balance *b)
{
	static const char *const words[] = {
		[SINCE_NAMESPACE] = "namespace",
		[SINCE_LOAD] = "load",
		[SINCE_MARK] = "mark",
		[SINCE_NOW] = "now",
	};
	uint64_t kernel, module;
	const char *name;
	int differ = 0;
	int64_t diff;
	size_t i;

	for (i = 0; (name = books_name(i)); i++) {
		diff = difference(b, i, &kernel, &module);
		differ += diff != 0;
		if (json_print(json_pack("{s:s,s:s,s:o,s:o,s:I,s:s,s:o}", "type", "balance",
					 "counter", name, "kernel", json_u64(kernel),
					 "module", json_u64(module), "difference",
					 (json_int_t)diff, "since", words[b->since],
					 "span_us", json_u64(span(b)))))
			return -1;
	}
	return differ;
}

static size_t pairs(void)
{
	size_t i = 0;

	while (books_name(i))
		i++;
	return i;
}

static size_t differing(const struct balance *b)
{
	uint64_t kernel, module;
	size_t i, n = 0;

	for (i = 0; books_name(i); i++)
		n += difference(b, i, &kernel, &module) != 0;
	return n;
}

/* As people say it: 60 s; of less than a second more exactly. */
static const char *seconds(const struct balance *b, char *out)
{
	if (span(b) < 1000000)
		return text_duration(out, span(b));
	snprintf(out, TEXT_DURATION_SIZE, "%" PRIu64 " s", (span(b) + 500000) / 1000000);
	return out;
}

/* The answer; what does not agree follows. */
static void print_agreeing(const struct balance *b)
{
	char buf[TEXT_DURATION_SIZE];
	size_t n = differing(b);

	printf("%s%zu of %zu agree over %s%s\n", text_on(n ? TEXT_BAD : TEXT_GOOD), pairs() - n,
	       pairs(), seconds(b, buf), text_off());
}

/* Over how long the table speaks; beside it, where nothing but rows is wanted. */
static void print_since(const struct balance *b)
{
	static const char *const words[] = {
		[SINCE_NAMESPACE] = "this network namespace began",
		[SINCE_LOAD] = "the module was loaded",
		[SINCE_MARK] = "the mark was made",
	};
	char buf[TEXT_DURATION_SIZE];

	fprintf(b->ctx->header ? stdout : stderr, "since %s, %s ago:\n", words[b->since],
		text_duration(buf, span(b)));
}

static int print_table(const struct balance *b)
{
	static const struct table_column columns[] = {
		{ "COUNTER", .leaves = 0 }, { "KERNEL", .right = true, .leaves = 0 },
		{ "MODULE", .right = true, .leaves = 0 },
		{ "DIFFERENCE", .right = true, .leaves = 0 },
	};
	struct tcplc *ctx = b->ctx;
	struct table *table;
	int differ = 0;
	size_t i;

	if (b->since == SINCE_NOW)
		print_agreeing(b);
	if (b->since == SINCE_NOW && !differing(b))
		return 0;
	table = table_new(stdout, columns, ARRAY_SIZE(columns), text_width(),
			  ctx->header);
	if (!table)
		return -1;
	if (b->since != SINCE_NOW)
		print_since(b);
	for (i = 0; books_name(i); i++) {
		uint64_t kernel, module;
		int64_t diff = difference(b, i, &kernel, &module);
		char text[3][24];
		struct table_cell cells[] = {
			{ books_name(i), TEXT_PLAIN }, { text[0], TEXT_PLAIN },
			{ text[1], TEXT_PLAIN }, { text[2], diff ? TEXT_BAD : TEXT_PLAIN },
		};

		if (!diff && b->since == SINCE_NOW)
			continue;
		snprintf(text[0], sizeof(text[0]), "%" PRIu64, kernel);
		snprintf(text[1], sizeof(text[1]), "%" PRIu64, module);
		snprintf(text[2], sizeof(text[2]), "%+" PRId64, diff);
		if (!diff)
			cells[3].text = "0";
		table_row(table, cells);
		differ += diff != 0;
	}
	table_end(table);
	return differ;
}

static void reason(struct balance *b, uint64_t n, const char *about)
{
	if (!n)
		return;
	b->reasons++;
	/* They are the module's: of those of a namespace alone nobody knows. */
	tcplc_fail("%s: %" PRIu64 " %s", b->since == SINCE_MARK ? "since the mark" :
		   b->since == SINCE_NOW ? "meanwhile" : "since the load", n, about);
}

static int hook_lost(const struct hook *h, void *data)
{
	struct balance *b = data;

	if (h->attached && h->enabled)
		return 0;
	b->reasons++;
	tcplc_fail("no probe on %s; missing from records: %s", h->symbol,
		   h->lost[0] ? h->lost : "-");
	return 0;
}

/* What is known to make a difference; each thing that was seen, on stderr. */
static void explain(struct balance *b)
{
	if (!b->now.books.settled || (b->since == SINCE_NOW && !b->before.books.settled)) {
		b->reasons++;
		tcplc_fail("the kernel's counters changed while they were read: a few "
			   "counts may be on one side only");
	}
	if (b->since == SINCE_LOAD && b->now.books.moved) {
		b->reasons++;
		tcplc_fail("the kernel's counters changed while the module was loaded: a "
			   "few counts may be on one side only");
	}
	reason(b, b->now.missed - b->before.missed,
	       "hits whose hook could not run (these counts are for the whole host)");
	reason(b, b->now.untracked - b->before.untracked,
	       "connections without a record: the pool was full");
	reason(b, b->now.excluded - b->before.excluded,
	       "connections excluded by the configuration");
	reason(b, b->now.gaps - b->before.gaps,
	       "transitions that did not begin in the recorded state");
	if (counters_hooks(&b->ctx->nl, hook_lost, b))
		tcplc_fail("%s", b->ctx->nl.why);
	tcplc_fail("%s: see 'What differs' in docs/balance.md", b->reasons ?
		   "there may be other reasons" : "no loss is known");
}

/* May it be taken for the beginning?  Else @why is filled in. */
static bool mark_fits(struct balance *b, const char *path, char *why, size_t size)
{
	if (mark_load(&b->before, path, why, size))
		return false;
	if (strcmp(b->before.boot, b->now.boot))
		snprintf(why, size, "the mark in %s is from another boot", path);
	else if (b->before.netns != b->now.netns)
		snprintf(why, size, "the mark in %s is from network namespace %" PRIu64
			 ", this one is %" PRIu64, path, b->before.netns, b->now.netns);
	else if (b->before.netns_cookie != b->now.netns_cookie)
		snprintf(why, size, "the mark in %s is from a network namespace that is gone",
			 path);
	else if (b->before.module != b->now.module)
		snprintf(why, size, "the module was loaded again since the mark in %s", path);
	else
		return true;
	return false;
}

/* Without a mark: from where the module's counts began. */
static void begin_with_the_module(struct balance *b)
{
	memset(&b->before, 0, sizeof(b->before));
	memcpy(b->before.books.kernel, b->now.books.base, sizeof(b->now.books.base));
	b->since = b->now.books.older ? SINCE_LOAD : SINCE_NAMESPACE;
}

static int conclude(struct balance *b)
{
	int differ = b->ctx->json ? print_json(b) : print_table(b);

	if (differ < 0)
		return tcplc_fail("cannot write");
	if (differ)
		explain(b);
	return differ ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* From now on, for as long as was asked for, or until the user has had enough. */
static int wait_and_compare(struct balance *b)
{
	int code;

	b->since = SINCE_NOW;
	b->before = b->now;
	fflush(stdout);
	waiting_for(b->wait, "comparing");
	memset(&b->now, 0, sizeof(b->now));
	code = read_now(b);
	if (code)
		return code;
	if (b->now.module != b->before.module)
		return tcplc_fail("the module was loaded again meanwhile: there is nothing to compare");
	return conclude(b);
}

/* @named: the user named the file, and wants no other beginning. */
static int compare(struct balance *b, const char *path, bool named)
{
	char why[512];

	b->since = SINCE_MARK;
	if (!named && access(path, F_OK)) {
		begin_with_the_module(b);
	} else if (!mark_fits(b, path, why, sizeof(why))) {
		if (named)
			return tcplc_fail("%s; make one with 'tcplc balance --mark'", why);
		tcplc_fail("%s: not used", why);
		begin_with_the_module(b);
	}
	return conclude(b);
}

static int take_option(void *data, int opt, const char *arg)
{
	struct balance *b = data;

	(void)opt;
	(void)arg;
	b->set_mark = true;
	return 0;
}

/*
 * The one operand: a time to wait, or a file.  Of a file that is called as a time is
 * written the folder has to be said: ./60s.
 * Return: 0, or an exit code after having said why.
 */
static int take_operand(struct balance *b, const char *word)
{
	uint64_t number;

	if (value_number(word, &number)) {
		tcplc_fail("'%s' needs a unit: %ss, or %sm; a file: ./%s", word, word, word, word);
		return EXIT_USAGE;
	}
	if (!value_duration(word, &b->wait))
		return 0;
	if (b->set_mark) {
		tcplc_fail("--mark takes a file, and no time to wait: '%s'; a file: ./%s", word, word);
		return EXIT_USAGE;
	}
	if (b->wait && b->wait <= WAIT_MOST)
		return 0;
	tcplc_fail("it can wait for 1us to 7d, not for '%s'", word);
	return EXIT_USAGE;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "mark", no_argument, NULL, 'm' },
		{ 0 },
	};
	struct balance b = { .ctx = ctx };
	const struct options own = {
		.shorts = "m", .longs = longs, .take = take_option, .data = &b,
	};
	char path[PATH_MAX], why[512];
	int code, first;
	bool named;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = first < argc ? take_operand(&b, argv[first]) : 0;
	if (code)
		return code;
	named = first < argc;
	if (named)
		snprintf(path, sizeof(path), "%s", argv[first++]);
	else
		path[0] = '\0';
	code = options_none_left(ctx, argc, argv, first);
	if (code)
		return code;
	if (ctx->all_netns) {
		tcplc_fail("the kernel counts per network namespace: give --netns NAME");
		return EXIT_USAGE;
	}
	code = tcplc_connect(ctx);
	if (!code)
		code = read_now(&b);
	if (code)
		return code;
	if (b.wait)
		return wait_and_compare(&b);
	if (!path[0])
		mark_path(&b.now, path, sizeof(path));
	if (!b.set_mark)
		return compare(&b, path, named);
	return mark_save(&b.now, path, why, sizeof(why)) ? tcplc_fail("%s", why) : 0;
}

const struct command command_balance = {
	.name = "balance",
	.operands = "[TIME | FILE]",
	.about = "compare the module's counts with the kernel's own counters",
	.live = true,
	.help =
	"  -m, --mark           save the current counts in FILE\n"
	"\n"
	"With a TIME, for example 60s: wait for so long, or until Ctrl-C, and compare what was\n"
	"counted meanwhile: how many pairs agree, and which do not.\n"
	"\n"
	"Without --mark: print both counts of each pair since the mark in FILE. If there is no\n"
	"mark, they count since the module was loaded, or since this network namespace began\n"
	"if that was later. If they differ, stderr has possible reasons, and the exit status\n"
	"is 1. The default FILE is /run/tcplc-balance.NETNS.\n",
	.run = run,
};
