// SPDX-License-Identifier: GPL-2.0-only
/*
 * log.c: tcplc log: connections, as they end.
 *
 * Owns: its options, and what is printed of those that ended before.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ask/cgroup.h"
#include "ask/query.h"
#include "base/clock.h"
#include "base/place.h"
#include "cmd/follow.h"
#include "cmd/options.h"
#include "cmd/seam.h"
#include "draw/log_line.h"
#include "filter/filter.h"
#include "filter/parse_value.h"
#include "json/conn_json.h"

/* While those on record come, what ends meanwhile is read each so many of them. */
#define DRAIN_EACH 64

enum {
	OPT_BUFFER = OPTIONS_OWN,
	OPT_SINCE,
};

/**
 * struct logging - one run
 * @follow: the loop
 * @filter: or NULL
 * @since_text: --since, as it was written, or NULL
 * @since: nanoseconds since 1970; 0: only what ends from now on
 * @before: what is asked for of those on record
 * @seam: those
 * @gathering: they come just now
 * @asked: so many have come
 * @code: why gathering was given up, or 0
 */
struct logging {
	struct follow follow;
	struct filter *filter;
	const char *since_text;
	uint64_t since;
	struct filter *before;
	struct seam seam;
	bool gathering;
	unsigned int asked;
	int code;
};

static const struct follow_kind ended = {
	.group = NL_ENDED,
	.cmd = TCP_LIFECYCLE_CMD_ENDED_NTF,
	.one = "ended connection",
	.many = "ended connections",
	.where = "records",
	.why = "the module dropped their records before it could send them; "
	       "load it with more records=",
};

static void print(struct logging *l, const struct conn *c)
{
	if (l->follow.done)
		return;
	if (l->follow.ctx->json)
		conn_json_print(stdout, c, NULL);
	else
		log_line_print(stdout, c, l->follow.ctx->all_netns);
	follow_shown(&l->follow);
}

static int take(struct logging *l, const struct conn *c)
{
	if (l->filter && !filter_match(l->filter, c))
		return 0;
	if (seam_knows(&l->seam, c))
		l->follow.feed.seen--;	/* it was counted as one on record */
	else if (l->gathering)
		return seam_keep(&l->seam, c);
	else
		print(l, c);
	return 0;
}

static int take_ended(struct follow *f, const struct nlmsghdr *nlh)
{
	struct batch b;
	struct conn c;
	int err;

	/* It may run for weeks. */
	if (place_trim())
		cgroup_learn_all();
	err = conn_parse_ended(nlh, &b, &c);
	if (err)
		return err;
	follow_batch(f, &b);
	if (b.nr)
		err = take(f->data, &c);
	conn_free(&c);
	return err;
}

static bool is_of_file(const struct logging *l)
{
	return l->follow.ctx->nl.source;
}

static int take_record(const struct conn *c, void *data)
{
	struct logging *l = data;

	if (c->open != TCP_LIFECYCLE_OPEN_LISTENER && conn_dead(c) &&
	    log_line_died(c) >= l->since && !seam_knows(&l->seam, c)) {
		if (seam_keep(&l->seam, c))
			return -ENOMEM;
		l->follow.feed.seen++;
	}
	/* The socket has room for what the kernel sends meanwhile, but not for ever. */
	if (!(++l->asked % DRAIN_EACH) && !is_of_file(l))
		l->code = follow_drain(&l->follow);
	return l->code;
}

/* Those on record, and those which end while they come, in the order of their ends. */
static int print_those_before(struct logging *l)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
		.filter = l->before,
		.entries = true,
	};
	struct tcplc *ctx = l->follow.ctx;
	int err;
	size_t i;

	l->gathering = true;
	err = query_dump(ctx, &q, take_record, l);
	if (!err && !is_of_file(l))
		err = l->code = follow_drain(&l->follow);
	l->gathering = false;
	if (l->code)
		return l->code;
	if (err)
		return tcplc_fail("%s", err == -ENOMEM ? "no memory" : ctx->nl.why);
	seam_sort(&l->seam);
	for (i = 0; i < l->seam.nr; i++)
		print(l, &l->seam.conn[i]);
	seam_drop_records(&l->seam);
	return 0;
}

static int run_it(struct logging *l)
{
	struct tcplc *ctx = l->follow.ctx;
	int code = is_of_file(l) ? 0 : follow_begin(&l->follow);

	if (code)
		return code;
	if (!ctx->json && ctx->header)
		log_line_header(stdout, ctx->all_netns);
	if (l->since)
		code = print_those_before(l);
	return code || is_of_file(l) ? code : follow_run(&l->follow);
}

/* By the clock of the file, if there is one: so not before it is open. */
static int read_since(struct logging *l)
{
	const char *arg = l->since_text;

	/* A file has only what was before. */
	l->since = is_of_file(l);
	if (!arg)
		return 0;
	if (value_time(arg, clock_now(), &l->since)) {
		/* The first nanosecond of 1970 is as good as the second. */
		l->since = l->since ? l->since : 1;
		return 0;
	}
	tcplc_fail("--since is a time like 5m, 12:30, 2026-11-21 or 2026-11-21T12:30, not '%s'",
		   arg);
	return EXIT_USAGE;
}

static int take_option(void *data, int opt, const char *arg)
{
	struct logging *l = data;

	switch (opt) {
	case OPT_SINCE:
		l->since_text = arg;
		return 0;
	case OPT_BUFFER:
		return follow_take_buffer(&l->follow, arg);
	default:	/* 'n' */
		return follow_take_count(&l->follow, arg);
	}
}

/* The kernel is to leave out what lives, and what nothing happened to since then. */
static struct filter *filter_of_those_before(const struct logging *l, const char *text,
					     struct filter_error *error)
{
	const uint64_t now = clock_now();
	/* Too many by a second or two: each is looked at again. */
	uint64_t ago = now > l->since ? (now - l->since) / 1000000000 + 2 : 2;
	char all[sizeof(error->text) + 64];
	int len;

	len = snprintf(all, sizeof(all), "dead");
	if (l->since_text)
		len += snprintf(all + len, sizeof(all) - len, " since %" PRIu64 "s", ago);
	if (*text)
		snprintf(all + len, sizeof(all) - len, " (%s)", text);
	return filter_parse(all, now, error);
}

static int read_filter(struct logging *l, int argc, char **argv)
{
	struct filter_error error;
	char text[sizeof(error.text)];

	l->filter = filter_parse_words(argc, argv, &error);
	if (l->filter && l->since) {
		strcpy(text, error.text);
		l->before = filter_of_those_before(l, text, &error);
	}
	if (l->filter && (l->before || !l->since))
		return 0;
	filter_error_print(&error, stderr);
	return EXIT_USAGE;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "count",	required_argument, NULL, 'n' },
		{ "since",	required_argument, NULL, OPT_SINCE },
		{ "buffer",	required_argument, NULL, OPT_BUFFER },
		{ 0 }
	};
	struct logging l = {
		.follow = {
			.ctx = ctx, .kind = &ended, .buffer = FOLLOW_BUFFER, .take = take_ended,
			.places = true,
		},
	};
	struct options own = {
		.shorts = "n:", .longs = longs, .take = take_option, .data = &l,
	};
	int code, first;

	l.follow.data = &l;
	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = read_since(&l);
	if (!code)
		code = read_filter(&l, argc - first, argv + first);
	if (!code)
		code = run_it(&l);
	follow_end(&l.follow);
	seam_free(&l.seam);
	filter_free(l.before);
	filter_free(l.filter);
	return code;
}

const struct command command_log = {
	.name = "log",
	.operands = "[FILTER]",
	.about = "print each connection when it has ended, one per line",
	.help =
	"  -n, --count N        end after N lines\n"
	"      --since TIME     first print those on record that ended since then: 5m, 12:30,\n"
	"                       2026-11-21T12:30\n"
	FOLLOW_HELP_BUFFER
	"\n"
	"ENDED is when the connection was closed, LIVED how long it was open. A connection in\n"
	"TIME_WAIT is printed when that is over, a minute later. WHO is the process that opened\n"
	"or accepted it, WHERE its systemd unit, or the container where there is no unit. With\n"
	"-r FILE, prints those in the file in the order in which they ended. With --json each line is the whole record with all that happened.\n"
	"How many were lost is printed at once on standard error, and in all at the end.\n",
	.run = run,
};
