// SPDX-License-Identifier: GPL-2.0
/*
 * watch.c: tcplc watch: what happens, as it happens.
 *
 * Owns: the loop, and saying at once what was missed.
 * Must not: buffer a line longer than until the next wait, so that a pipe
 * shows what the terminal would.
 */
#define _GNU_SOURCE	/* ppoll() */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/counters.h"
#include "ask/feed.h"
#include "cmd/options.h"
#include "draw/event_text.h"
#include "filter/filter.h"
#include "filter/parse_value.h"
#include "json/conn_json.h"
#include "json/json.h"

#define BUFFER_DEFAULT (8 * 1024 * 1024)
#define OUTPUT_SIZE 65536
/* How long to wait before asking the kernel whether anything came to nothing. */
#define SETTLE_MS 500
#define IDLE_MS 5000

enum {
	OPT_TIMESTAMP = OPTIONS_OWN,
	OPT_BUFFER,
};

/**
 * struct watch - one run
 * @ctx: with the socket that listens
 * @ask: the socket for questions
 * @filter: or NULL
 * @feed: how far we are
 * @time: what a line begins with
 * @buffer: bytes of events the kernel keeps for us
 * @most: events to print; 0: no end
 * @shown: events printed
 * @overflowed: the socket was full, and it is not known yet of how much
 * @done: the output is closed, or enough was printed
 */
struct watch {
	struct tcplc *ctx;
	struct nl ask;
	struct filter *filter;
	struct feed feed;
	enum event_time time;
	int buffer;
	uint64_t most;
	uint64_t shown;
	bool overflowed;
	bool done;
};

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void say_lost(struct watch *w, uint64_t nr, const char *where,
		     const char *why)
{
	json_t *object;

	if (!nr)
		return;
	if (w->ctx->json) {
		object = json_object();
		json_object_set_new(object, "lost", json_u64(nr));
		json_object_set_new(object, "where", json_string(where));
		json_print(object);
	}
	fflush(stdout);
	fprintf(stderr, "tcplc: lost %" PRIu64 " event%s: %s\n", nr,
		nr == 1 ? "" : "s", why);
}

static void say_loss(struct watch *w, struct feed_loss loss)
{
	/* Advice once is enough, where losses may come by the hundred. */
	say_lost(w, loss.missed, "reader", w->feed.missed > loss.missed ?
		 "this reader was too slow" :
		 "this reader was too slow; a larger --buffer may help");
	say_lost(w, loss.overrun, "ring", "the feed's ring in the kernel was full");
}

static int take_event(const struct conn *event, uint64_t seq, void *data)
{
	struct watch *w = data;

	if (w->done || (w->filter && !filter_match(w->filter, event)))
		return 0;
	if (w->ctx->json)
		conn_json_print(stdout, event, &seq);
	else
		event_text_print(stdout, event, w->time, w->ctx->all_netns);
	w->shown++;
	w->done = w->shown == w->most || ferror(stdout);
	return 0;
}

static int take_batch(const struct nlmsghdr *nlh, void *data)
{
	struct watch *w = data;
	struct feed_loss loss;
	struct batch b;
	int err;

	if (nl_cmd(nlh) != TCP_LIFECYCLE_CMD_BATCH_NTF)
		return 0;
	err = conn_parse_batch(nlh, &b, NULL, NULL);
	if (err)
		return err;
	/*
	 * What is missing was before what is here.  The socket says that it was
	 * full before it gives out what it still had: those batches do not tell.
	 */
	loss = feed_batch(&w->feed, &b);
	say_loss(w, loss);
	if (loss.missed)
		w->overflowed = false;
	return conn_parse_batch(nlh, &b, take_event, w);
}

static uint64_t feed_seq(const struct watch *w, const struct counters *t)
{
	return w->ctx->all_netns ? t->all_feed_seq : t->feed_seq;
}

static uint64_t feed_lost(const struct watch *w, const struct counters *t)
{
	return w->ctx->all_netns ? t->all_feed_lost : t->feed_lost;
}

static bool readable(const struct watch *w)
{
	struct pollfd fd = { .fd = nl_fd(&w->ctx->nl), .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/*
 * Nothing came for a while: was the end of it lost, and is the module there?
 * What has a number now and is not in the socket was lost, if anything was.
 */
static int settle(struct watch *w)
{
	struct counters t;
	int err = counters_get(&w->ask, &t);

	if (err == -ENOENT)	/* its family is gone */
		return tcplc_fail("the module was unloaded");
	if (err)
		return tcplc_fail("the module no longer answers: %s",
				  w->ask.why);
	if (w->overflowed && readable(w))
		return 0;
	say_loss(w, feed_settle(&w->feed, w->overflowed ? feed_seq(w, &t) : 0,
				feed_lost(w, &t)));
	w->overflowed = false;
	return 0;
}

/* Read what is left, only to learn what is not. */
static int finish(struct watch *w)
{
	int fd = nl_fd(&w->ctx->nl), err;

	w->done = true;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	while (w->overflowed) {
		err = nl_receive(&w->ctx->nl, take_batch, w);
		if (err && err != -ENOBUFS && err != -EINTR)
			break;
	}
	return settle(w);
}

static int receive(struct watch *w)
{
	int err = nl_receive(&w->ctx->nl, take_batch, w);

	if (err == -ENOBUFS) {
		w->overflowed = true;
		return 0;
	}
	if (err && err != -EINTR && err != -EAGAIN)
		return tcplc_fail("%s", w->ctx->nl.why);
	return 0;
}

/* Signals are let in only while we wait, so that none comes just before it. */
static int loop(struct watch *w, const sigset_t *waiting)
{
	struct pollfd fds[] = {
		{ .fd = nl_fd(&w->ctx->nl), .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* tells when its reader has gone */
	};
	struct timespec wait;
	int code = 0, n, ms;

	while (!code && !stopped && !w->done) {
		if (fflush(stdout))
			break;
		ms = w->overflowed ? SETTLE_MS : IDLE_MS;
		wait.tv_sec = ms / 1000;
		wait.tv_nsec = ms % 1000 * 1000000L;
		n = ppoll(fds, 2, &wait, waiting);
		if (n < 0 && errno != EINTR)
			return tcplc_fail("cannot wait: %s", strerror(errno));
		if (n > 0 && fds[1].revents & (POLLERR | POLLHUP))
			break;
		if (n > 0)
			code = receive(w);
		else if (!n)
			code = settle(w);
	}
	return code ? code : finish(w);
}

static void say_totals(const struct watch *w)
{
	const struct feed *f = &w->feed;
	uint64_t lost = f->missed + f->overrun;

	/* Who closed the pipe wants no more of us than this line. */
	clearerr(stdout);
	fprintf(stderr, "tcplc: %" PRIu64 " event%s, %" PRIu64 " shown, ",
		f->seen, f->seen == 1 ? "" : "s", w->shown);
	if (!lost) {
		fputs("none lost\n", stderr);
		return;
	}
	fprintf(stderr, "%" PRIu64 " lost (%" PRIu64 " by this reader, %" PRIu64
		" in the kernel)\n", lost, f->missed, f->overrun);
}

static void listen_to_signals(sigset_t *waiting)
{
	struct sigaction act = { .sa_handler = stop };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, waiting);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Join first, ask then: what is sent in between has lower numbers. */
static int begin(struct watch *w)
{
	struct counters t;
	int code = tcplc_connect(w->ctx);

	if (code)
		return code;
	if (nl_subscribe(&w->ctx->nl, w->ctx->all_netns, w->buffer))
		return tcplc_fail("%s", w->ctx->nl.why);
	if (nl_open(&w->ask) || counters_get(&w->ask, &t))
		return tcplc_fail("%s", w->ask.why);
	feed_begin(&w->feed, feed_seq(w, &t), feed_lost(w, &t));
	return 0;
}

static int watch(struct watch *w)
{
	sigset_t waiting;
	int code;

	setvbuf(stdout, NULL, _IOFBF, OUTPUT_SIZE);
	code = begin(w);
	if (code)
		return code;
	listen_to_signals(&waiting);
	code = loop(w, &waiting);
	say_totals(w);
	return code;
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

static int take_buffer(struct watch *w, const char *arg)
{
	uint64_t n;

	/* The kernel doubles it. */
	if (!value_bytes(arg, &n) || !n || n > INT_MAX / 2) {
		tcplc_fail("--buffer must be a number of bytes up to 1023M, not '%s'", arg);
		return EXIT_USAGE;
	}
	w->buffer = n;
	return 0;
}

static int take_count(struct watch *w, const char *arg)
{
	if (value_number(arg, &w->most) && w->most)
		return 0;
	tcplc_fail("--count must be a number above 0, not '%s'", arg);
	return EXIT_USAGE;
}

static int take_option(void *data, int opt, const char *arg)
{
	switch (opt) {
	case OPT_TIMESTAMP:
		return take_timestamp(data, arg);
	case OPT_BUFFER:
		return take_buffer(data, arg);
	default:	/* 'c' */
		return take_count(data, arg);
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
	struct watch w = { .ctx = ctx, .buffer = BUFFER_DEFAULT };
	struct options own = {
		.shorts = "c:", .longs = longs, .take = take_option, .data = &w,
	};
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = read_filter(&w, argc - first, argv + first);
	if (!code)
		code = watch(&w);
	nl_close(&w.ask);
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
	"      --timestamp HOW  absolute: time of day; relative: since the connection\n"
	"                       began; none\n"
	"      --buffer SIZE    socket buffer, for example 512K or 64M (default 8M)\n"
	"\n"
	"Lost events are reported at once on standard error, with their number, and again\n"
	"in total at the end. With --json each loss is also an object: {\"lost\":N,...}.\n",
	.run = run,
};
