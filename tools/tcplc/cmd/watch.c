// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch.c: tcplc watch: what happens, as it happens.
 *
 * Owns: its options, and which events are printed how.
 */
#include <string.h>

#include <linux/kernel.h>

#include "cmd/follow.h"
#include "cmd/options.h"
#include "draw/event_text.h"
#include "filter/filter.h"
#include "json/conn_json.h"

enum {
	OPT_TIMESTAMP = OPTIONS_OWN,
	OPT_BUFFER,
};

/**
 * struct watch - one run
 * @follow: the loop
 * @filter: or NULL
 * @time: what stands in front of a line
 */
struct watch {
	struct follow follow;
	struct filter *filter;
	enum event_time time;
};

static const struct follow_kind events = {
	.group = NL_EVENTS,
	.cmd = TCP_LIFECYCLE_CMD_BATCH_NTF,
	.one = "event",
	.many = "events",
	.where = "ring",
	.why = "the feed's ring in the kernel was full",
};

static int take_event(const struct conn *event, uint64_t seq, void *data)
{
	struct watch *w = data;
	struct follow *f = &w->follow;

	if (f->done || (w->filter && !filter_match(w->filter, event)))
		return 0;
	if (f->ctx->json)
		conn_json_print(stdout, event, &seq);
	else
		event_text_print(stdout, event, w->time, f->ctx->all_netns);
	follow_shown(f);
	return 0;
}

static int take_batch(struct follow *f, const struct nlmsghdr *nlh)
{
	struct batch b;
	int err;

	err = conn_parse_batch(nlh, &b, NULL, NULL);
	if (err)
		return err;
	follow_batch(f, &b);
	return conn_parse_batch(nlh, &b, take_event, f->data);
}

static int take_timestamp(struct watch *w, const char *arg)
{
	static const char *const words[] = {
		[EVENT_TIME_ABSOLUTE] = "absolute",
		[EVENT_TIME_RELATIVE] = "relative",
		[EVENT_TIME_NONE] = "none",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(arg, words[i])) {
			w->time = i;
			return 0;
		}
	}
	tcplc_fail("--timestamp must be absolute, relative or none, not '%s'", arg);
	return EXIT_USAGE;
}

static int take_option(void *data, int opt, const char *arg)
{
	struct watch *w = data;

	switch (opt) {
	case OPT_TIMESTAMP:
		return take_timestamp(w, arg);
	case OPT_BUFFER:
		return follow_take_buffer(&w->follow, arg);
	default:	/* 'c' */
		return follow_take_count(&w->follow, arg);
	}
}

/* What an event does not tell cannot be asked of it. */
static int read_filter(struct watch *w, int argc, char **argv)
{
	struct filter_error error;

	if (!argc)
		return 0;
	w->filter = filter_parse_words(argc, argv, &error);
	if (w->filter && !filter_needs(w->filter, FILTER_NEEDS_RECORD, &error))
		return 0;
	filter_error_print(&error, stderr);
	return EXIT_USAGE;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "count",	required_argument, NULL, 'c' },
		{ "timestamp",	required_argument, NULL, OPT_TIMESTAMP },
		{ "buffer",	required_argument, NULL, OPT_BUFFER },
		{ 0 }
	};
	struct watch w = {
		.follow = {
			.ctx = ctx, .kind = &events, .buffer = FOLLOW_BUFFER, .take = take_batch,
		},
	};
	struct options own = {
		.shorts = "c:", .longs = longs, .take = take_option, .data = &w,
	};
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	w.follow.data = &w;
	code = read_filter(&w, argc - first, argv + first);
	if (!code)
		code = follow_begin(&w.follow);
	if (!code)
		code = follow_run(&w.follow);
	follow_end(&w.follow);
	filter_free(w.filter);
	return code;
}

const struct command command_watch = {
	.name = "watch",
	.operands = "[FILTER]",
	.about = "print events as they happen, and how many were lost",
	.live = true,
	.help =
	"  -c, --count N        stop after N lines\n"
	"      --timestamp HOW  absolute: date, time and zone; relative: since the connection\n"
	"                       began; none\n"
	FOLLOW_HELP_BUFFER
	"\n"
	"A line has the time, the local and the remote end, the id, and the entry as in\n"
	"/proc/tcp_lifecycle, in the words of docs/format.md.\n"
	"Lost events are reported at once on standard error, with their number, and again\n"
	"in total at the end. With --json each loss is also an object: {\"lost\":N,...}.\n",
	.run = run,
};
