// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff.c: tcplc diff: what happened between two files of tcplc save.
 *
 * Owns: which files can be compared, and how a change is told.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/clock.h"
#include "base/ends.h"
#include "base/moment.h"
#include "base/names.h"
#include "cmd/options.h"
#include "draw/column.h"
#include "filter/filter.h"
#include "json/json.h"
#include "saved/change.h"
#include "saved/counters_json.h"

static const enum column_id shown[] = {
	COLUMN_ID, COLUMN_LOCAL, COLUMN_REMOTE, COLUMN_STATE, COLUMN_CLOSE, COLUMN_WHO,
};

#define FIRST_SHOWN 1	/* behind the kind of change */
#define NR_COLUMNS (ARRAY_SIZE(shown) + 2)

/**
 * struct diff - one run
 * @ctx: the run
 * @file: the two
 * @filter: which connections are of interest
 * @nr: how many of each kind of change
 * @table: NULL in JSON
 * @column: as it wants them
 */
struct diff {
	struct tcplc *ctx;
	struct saved *file[2];
	struct filter *filter;
	uint64_t nr[CHANGE_KINDS];
	struct table *table;
	struct table_column column[NR_COLUMNS];
};

/* As list has it: the records of the namespace of who saved it, but on request. */
static bool is_wanted(const struct saved *of, const struct conn *c, void *data)
{
	const struct header *h = saved_header(of);
	const struct diff *d = data;

	return (d->ctx->all_netns || !h->netns || c->netns == h->netns) &&
	       filter_match(d->filter, c);
}

static const char *comma(const char *text)
{
	return *text ? ", " : "";
}

/* What may have grown: its name in text, and whether it counts bytes. */
#define GROWING(X) \
	X("tx", tx_bytes, true) \
	X("rx", rx_bytes, true) \
	X("retrans", retrans, false) \
	X("accepted", accepted, false) \
	X("accept-full", accept_overflow, false) \
	X("syn-full", syn_overflow, false) \
	X("cookies", cookies_sent, false) \
	X("gaps", gaps, false) \
	X("dropped", dropped, false)

/* By how much a number grew, if it did. */
static void put_more(char *out, size_t size, const char *name, uint64_t was, uint64_t now,
		     bool bytes)
{
	char text[TEXT_DURATION_SIZE];

	if (now <= was)
		return;
	if (bytes)
		text_bytes(text, now - was);
	else
		text_number(text, now - was, 10);
	snprintf(out + strlen(out), size - strlen(out), "%s%s +%s", comma(out), name, text);
}

static void put_change(char *out, size_t size, const struct conn *was, const struct conn *now)
{
	out[0] = '\0';
	if (was->state != now->state)
		snprintf(out, size, "was %s", names_word(NAMES_STATE, was->state));
#define PUT(name, member, bytes) \
	put_more(out, size, name, was->member, now->member, bytes);
	GROWING(PUT)
#undef PUT
}

static void set_change(json_t *object, const struct conn *was, const struct conn *now)
{
	json_object_set_new(object, "state_was", json_string(names_word(NAMES_STATE, was->state)));
#define SET(name, member, bytes) \
	if (now->member > was->member) \
		json_object_set_new(object, #member "_more", \
				    json_u64(now->member - was->member));
	GROWING(SET)
#undef SET
}

static int print_json(const struct change *change)
{
	const struct conn *c = change->now ? change->now : change->was;
	char id[TEXT_ID_SIZE], local[ENDS_SIZE], remote[ENDS_SIZE];
	json_t *object;

	object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "type", "change", "what",
			   change_name(change->kind), "id", text_id(id, c),
			   "local", ends_local(local, c), "remote", ends_remote(remote, c),
			   "state", names_word(NAMES_STATE, c->state));
	if (c->close != TCP_LIFECYCLE_CLOSE_NONE)
		json_object_set_new(object, "close",
				    json_string(names_word(NAMES_CLOSE, c->close)));
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_COMM))
		json_object_set_new(object, "comm", json_bytes(c->comm, strlen(c->comm)));
	if (change->was && change->now)
		set_change(object, change->was, change->now);
	return json_print(object) ? tcplc_fail("cannot write JSON") : 0;
}

static int take(const struct change *change, void *data)
{
	const struct conn *c = change->now ? change->now : change->was;
	char text[ARRAY_SIZE(shown)][COLUMN_TEXT_SIZE], more[256];
	struct table_cell cell[NR_COLUMNS] = { 0 };
	struct diff *d = data;
	size_t i;

	d->nr[change->kind]++;
	if (change->kind == CHANGE_SAME || change->kind == CHANGE_FORGOTTEN)
		return 0;
	if (!d->table)
		return print_json(change);
	cell[0].text = change_name(change->kind);
	for (i = 0; i < ARRAY_SIZE(shown); i++)
		column_of(shown[i])->get(&cell[FIRST_SHOWN + i], text[i], c);
	if (change->was && change->now) {
		put_change(more, sizeof(more), change->was, change->now);
		cell[NR_COLUMNS - 1].text = *more ? more : NULL;
	}
	table_row(d->table, cell);
	return 0;
}

/* What the second lacks, and the first had not missed yet. */
static int take_counters(const json_t *object, char *why, size_t size, void *data)
{
	if (counters_json_read(object, data))
		snprintf(why, size, "not all totals can be read");
	return 0;
}

static void tell_losses(const struct diff *d)
{
	struct counters was = { 0 }, now = { 0 };
	const struct counters_field *f;
	uint64_t more;
	unsigned int i;

	saved_lines(d->file[0], "totals", take_counters, &was);
	saved_lines(d->file[1], "totals", take_counters, &now);
	for (i = 0; (f = counters_field(i)); i++) {
		if (!f->loss || !counters_has(&was, f->attr) || !counters_has(&now, f->attr))
			continue;
		more = counters_value(&now, f->attr) - counters_value(&was, f->attr);
		if (counters_value(&now, f->attr) > counters_value(&was, f->attr))
			tcplc_fail("between the two, %s grew by %" PRIu64 ": %s", f->name, more,
				   f->about);
	}
}

static int print_totals(const struct diff *d)
{
	const struct header *a = saved_header(d->file[0]), *b = saved_header(d->file[1]);
	char from[TEXT_TIME_SIZE], to[TEXT_TIME_SIZE], took[TEXT_DURATION_SIZE];
	json_t *object;
	int i;

	if (d->ctx->json) {
		object = json_pack("{s:s,s:o,s:o}", "type", "changes", "from_ns",
				   json_u64(a->saved), "to_ns", json_u64(b->saved));
		for (i = 0; i < CHANGE_KINDS; i++)
			json_object_set_new(object, change_name(i), json_u64(d->nr[i]));
		return json_print(object) ? tcplc_fail("cannot write JSON") : 0;
	}
	text_time(from, a->saved, clock_now() / 1000000000);
	text_time(to, b->saved, clock_now() / 1000000000);
	text_duration(took, (b->saved - a->saved) / 1000);
	printf("%s, %s to %s, %s:", *b->host ? b->host : "unknown host", from, to, took);
	for (i = 0; i < CHANGE_KINDS; i++)
		if (d->nr[i] || i == CHANGE_BEGAN || i == CHANGE_ENDED || i == CHANGE_MOVED)
			printf("%s %" PRIu64 " %s", i ? "," : "", d->nr[i], change_name(i));
	putchar('\n');
	return 0;
}

static int begin_table(struct diff *d)
{
	size_t i;

	d->column[0].title = "WHAT";
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		const struct column *c = column_of(shown[i]);

		d->column[FIRST_SHOWN + i] = (struct table_column){
			.title = c->title, .right = c->right, .shorten = c->shorten,
			.leaves = c == column_of(COLUMN_WHO) ? 1 : 0,
		};
	}
	d->column[NR_COLUMNS - 1].title = "CHANGE";
	d->table = table_new(stdout, d->column, NR_COLUMNS,
			     d->ctx->wide ? TEXT_WIDE : text_width(), d->ctx->header);
	return d->table ? 0 : -ENOMEM;
}

static int compare(struct diff *d)
{
	const struct change_query q = {
		.from = d->file[0], .to = d->file[1], .wanted = is_wanted, .take = take,
		.brief = !filter_needs(d->filter, FILTER_NEEDS_ENTRIES, NULL), .data = d,
	};
	int err = 0;

	if (!d->ctx->json)
		err = begin_table(d);
	if (!err)
		err = change_all(&q);
	if (d->table)
		table_end(d->table);
	if (err)
		return err < 0 ? tcplc_fail("%s", strerror(-err)) : err;
	err = print_totals(d);
	tell_losses(d);
	return err;
}

/* An id names the same connection only while one module is loaded. */
static int check_pair(const struct diff *d, char **names)
{
	const struct header *a = saved_header(d->file[0]), *b = saved_header(d->file[1]);

	if (strcmp(a->boot, b->boot))
		return tcplc_fail("%s and %s are not of the same boot of one machine: no "
				  "connection can be in both", names[0], names[1]);
	if (a->instance && b->instance && a->instance != b->instance)
		return tcplc_fail("the module was loaded again between %s and %s: a record cannot "
				  "be found again", names[0], names[1]);
	if (a->saved > b->saved) {
		tcplc_fail("%s is older than %s; the older one goes first", names[1], names[0]);
		return EXIT_USAGE;
	}
	if (a->all_netns != b->all_netns)
		tcplc_fail("one of both has the records of one network namespace only");
	return 0;
}

static int tell_faults(const struct diff *d, int code)
{
	char why[600];
	int i;

	for (i = 0; i < 2; i++) {
		if (!saved_fault(d->file[i], why, sizeof(why)))
			continue;
		tcplc_fail("%s", why);
		code = EXIT_FAILURE;
	}
	return code;
}

static int open_both(struct diff *d, char **names)
{
	char why[300];
	int i;

	for (i = 0; i < 2; i++) {
		d->file[i] = saved_open(names[i], why, sizeof(why));
		if (!d->file[i])
			return tcplc_fail("cannot read %s: %s", names[i], why);
	}
	clock_pin(saved_header(d->file[1])->saved);
	return check_pair(d, names);
}

static int run_with(struct diff *d, int argc, char **argv)
{
	struct filter_error error;
	int code;

	code = open_both(d, argv);
	if (code)
		return code;
	d->filter = filter_parse_words(argc - 2, argv + 2, &error);
	if (!d->filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	return tell_faults(d, compare(d));
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	struct diff d = { .ctx = ctx };
	int code, first;

	if (ctx->file) {
		tcplc_fail("diff takes its files as operands, without --read");
		return EXIT_USAGE;
	}
	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	if (argc - first < 2) {
		tcplc_fail("diff needs two files of tcplc save, the older one first");
		return EXIT_USAGE;
	}
	code = run_with(&d, argc - first, argv + first);
	clock_pin(0);
	filter_free(d.filter);
	saved_close(d.file[0]);
	saved_close(d.file[1]);
	return code;
}

const struct command command_diff = {
	.name = "diff",
	.operands = "FILE FILE [FILTER]",
	.about = "say what began, ended and changed between two files of tcplc save",
	.help =
	"Both must be of one boot and one load of the module, the older one first.\n"
	"  began      after the first file was written; it may have ended, too: see CLOSE\n"
	"  appeared   began before that, but is not in the first file\n"
	"  ended      was open in the first file\n"
	"  changed    another state, or more bytes, retransmissions, ...\n"
	"  gone       was open, and has no record any more: how it ended is not known\n"
	"  forgotten  had ended, and its record was dropped since; counted, not listed\n"
	"FILTER is that of tcplc list; it may hold for either of the two records.\n",
	.run = run,
};
