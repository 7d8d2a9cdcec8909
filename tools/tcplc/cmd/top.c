// SPDX-License-Identifier: GPL-2.0-only
/*
 * top.c: tcplc top: totals by state, verdict, peer, process and listener, again and again.
 *
 * Owns: when to look, and the keys.
 * Must not: leave a message on the alternate screen, where nobody would see it any more.
 */
#define _GNU_SOURCE	/* ppoll() */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/snapshot.h"
#include "cmd/options.h"
#include "cmd/screen.h"
#include "draw/top_text.h"
#include "filter/filter.h"
#include "json/json.h"

#define DELAY_DEFAULT 2.0
#define DELAY_LEAST 0.1
#define DELAY_MOST 86400.0

/**
 * struct top - one run
 * @ctx: connected
 * @filter: or NULL
 * @delay: seconds between two looks
 * @most: looks to take; 0: no end
 * @screen: each look overwrites the one before
 * @keys: they can be read
 * @paused: the last look stays
 * @by: what peers and processes are sorted by
 * @now: the last look
 * @before: the one before it
 * @looks: how many there were
 */
struct top {
	struct tcplc *ctx;
	struct filter *filter;
	double delay;
	unsigned long most;
	bool screen;
	bool keys;
	bool paused;
	enum parties_by by;
	struct look now;
	struct look before;
	unsigned long looks;
};

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void nothing(int sig)
{
	(void)sig;
}

static char *text_of(const struct top *t)
{
	const struct top_style style = {
		.width = t->ctx->wide ? TEXT_WIDE : text_width(),
		.by = t->by,
		.keys = t->keys,
		.paused = t->paused,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	top_text_print(out, &t->now, t->looks > 1 ? &t->before : NULL, &style);
	fclose(out);
	return text;
}

static int print(struct top *t)
{
	char *text;

	parties_sort(&t->now.peers, t->by);
	parties_sort(&t->now.processes, t->by);
	if (t->ctx->json)
		return json_print(top_text_json(&t->now, t->looks > 1 ? &t->before : NULL)) ?
		       EXIT_FAILURE : 0;
	text = text_of(t);
	if (!text)
		return tcplc_fail("%s", strerror(errno));
	if (t->screen)
		screen_put(text);
	else
		printf("%s%s", t->looks > 1 ? "\n" : "", text);
	free(text);
	return 0;
}

static int look(struct top *t)
{
	int err;

	look_free(&t->before);
	t->before = t->now;
	err = look_ask(t->ctx, t->filter, t->looks ? &t->before : NULL, &t->now);
	t->looks++;
	if (!err)
		return print(t);
	screen_leave();
	return tcplc_fail("%s", err == -ENOMEM ? strerror(ENOMEM) : t->ctx->nl.why);
}

/* enum next - what is to be done now */
enum next {
	NEXT_LOOK,
	NEXT_DRAW,	/* the same again: it is sorted anew, or paused */
	NEXT_WAIT,
	NEXT_END,
};

static enum next take_key(struct top *t, char key)
{
	switch (tolower((unsigned char)key)) {
	case 'q':
		return NEXT_END;
	case 's':
		t->by = (t->by + 1) % PARTIES_BY_NR;
		return NEXT_DRAW;
	case 'p':
	case ' ':
		t->paused = !t->paused;
		return t->paused ? NEXT_DRAW : NEXT_LOOK;
	}
	return NEXT_WAIT;
}

/* Signals are let in only here, so that none comes just before. */
static enum next wait_for(struct top *t, const struct timespec *left, const sigset_t *waiting)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO },	/* tells when its reader has gone */
		{ .fd = t->keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int n = ppoll(fds, 2, t->paused ? NULL : left, waiting);
	char key;

	if (stopped)
		return NEXT_END;
	/* Another signal, as for a new size of the terminal. */
	if (n < 0)
		return NEXT_DRAW;
	if (!n)
		return NEXT_LOOK;
	if (fds[0].revents & (POLLERR | POLLHUP))
		return NEXT_END;
	if (!fds[1].revents || read(STDIN_FILENO, &key, 1) != 1)
		return NEXT_END;
	return take_key(t, key);
}

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Return: whether it is time for another look; @code is set if it ends by a failure. */
static bool pause_for(struct top *t, const sigset_t *waiting, int *code)
{
	double until = clock_seconds() + t->delay, rest;
	enum next next = NEXT_WAIT;
	struct timespec left;

	if (fflush(stdout))
		return false;
	while (next == NEXT_WAIT || next == NEXT_DRAW) {
		rest = until - clock_seconds();
		rest = rest > 0 ? rest : 0;
		left.tv_sec = rest;
		left.tv_nsec = (rest - left.tv_sec) * 1e9;
		next = wait_for(t, &left, waiting);
		if (next == NEXT_DRAW && t->screen)
			*code = print(t);
		if (*code)
			return false;
	}
	return next == NEXT_LOOK;
}

static void hold_signals(sigset_t *waiting)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction end = { .sa_handler = stop };
	struct sigaction look = { .sa_handler = nothing };
	sigset_t block;
	size_t i;

	stopped = 0;
	sigemptyset(&block);
	sigaddset(&block, SIGTSTP);
	sigaddset(&block, SIGWINCH);
	sigaction(SIGWINCH, &look, NULL);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		sigaddset(&block, ends[i]);
		sigaction(ends[i], &end, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, waiting);
}

static void let_go(struct top *t, const sigset_t *waiting)
{
	screen_leave();
	sigprocmask(SIG_SETMASK, waiting, NULL);
	look_free(&t->before);
	look_free(&t->now);
}

static int top(struct top *t)
{
	int code = tcplc_connect(t->ctx);
	bool full = false;
	sigset_t waiting;

	if (code)
		return code;
	hold_signals(&waiting);
	if (t->screen)
		t->keys = screen_enter();
	while (!code) {
		code = look(t);
		full = t->looks == t->most;
		if (code || full || !pause_for(t, &waiting, &code))
			break;
	}
	/* Who asked for so many wants to see the last. */
	screen_leave();
	if (t->screen && full && !code) {
		t->screen = false;
		t->keys = false;
		code = print(t);
	}
	let_go(t, &waiting);
	return code;
}

static int take_delay(struct top *t, const char *arg)
{
	char *end;

	t->delay = strtod(arg, &end);
	if (isdigit((unsigned char)*arg) && !*end && t->delay >= DELAY_LEAST &&
	    t->delay <= DELAY_MOST)
		return 0;
	tcplc_fail("--delay must be a number of seconds from 0.1 to 86400, not '%s'", arg);
	return EXIT_USAGE;
}

static int take_number(struct top *t, const char *arg)
{
	char *end;

	errno = 0;
	t->most = strtoul(arg, &end, 10);
	if (isdigit((unsigned char)*arg) && !errno && !*end && t->most)
		return 0;
	tcplc_fail("--number must be a number above 0, not '%s'", arg);
	return EXIT_USAGE;
}

static int take_option(void *data, int opt, const char *arg)
{
	return opt == 'd' ? take_delay(data, arg) : take_number(data, arg);
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "delay",	required_argument, NULL, 'd' },
		{ "number",	required_argument, NULL, 'n' },
		{ 0 }
	};
	struct top t = { .ctx = ctx, .delay = DELAY_DEFAULT };
	struct options own = {
		.shorts = "d:n:", .longs = longs, .take = take_option, .data = &t,
	};
	struct filter_error error;
	int code, first;

	/* Who reads a file wants to see the end of it. */
	t.most = isatty(STDOUT_FILENO) ? 0 : 1;
	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	t.screen = isatty(STDOUT_FILENO) && !ctx->json && t.most != 1;
	if (first < argc) {
		t.filter = filter_parse_words(argc - first, argv + first, &error);
		if (!t.filter) {
			filter_error_print(&error, stderr);
			return EXIT_USAGE;
		}
	}
	code = top(&t);
	filter_free(t.filter);
	return code;
}

const struct command command_top = {
	.name = "top",
	.operands = "[FILTER]",
	.about = "watch totals by state, verdict, peer, process and listener",
	.live = true,
	.help =
	"  -d, --delay SECONDS  time between two updates (default 2)\n"
	"  -n, --number N       stop after N updates; by default it runs until q on a\n"
	"                       terminal, and prints once elsewhere\n"
	"\n"
	"A FILTER selects the states, peers, processes and listeners counted; verdicts and losses\n"
	"are always those of the whole host. Keys: s sorts peers and processes by another column,\n"
	"p pauses, q quits.\n",
	.run = run,
};
