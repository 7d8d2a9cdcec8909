// SPDX-License-Identifier: GPL-2.0-only
/*
 * top.c: tcplc top: totals by state, verdict and listener, again and again.
 *
 * Owns: the screen and the keys.
 * Must not: leave the terminal other than it was.
 */
#define _GNU_SOURCE	/* ppoll() */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/snapshot.h"
#include "cmd/options.h"
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
 * @keys: q ends it
 */
struct top {
	struct tcplc *ctx;
	struct filter *filter;
	double delay;
	unsigned long most;
	bool screen;
	bool keys;
};

static volatile sig_atomic_t stopped;
static struct termios normal;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void nothing(int sig)
{
	(void)sig;
}

static void restore_keys(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &normal);
}

static void take_keys(struct top *t)
{
	struct termios raw;

	t->keys = t->screen && isatty(STDIN_FILENO) &&
		  !tcgetattr(STDIN_FILENO, &normal);
	if (!t->keys)
		return;
	raw = normal;
	raw.c_lflag &= ~(ICANON | ECHO);
	atexit(restore_keys);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* As many lines as the terminal has: one more would scroll the head away. */
static unsigned int height(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 2)
		return 0;
	return size.ws_row - 1;
}

static void put_screen(const char *text)
{
	fputs("\033[H", stdout);
	top_text_fit(stdout, text, height());
	fputs("\033[J", stdout);
}

static int print(const struct top *t, const struct look *now,
		 const struct look *before)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (t->ctx->json)
		return json_print(top_text_json(now, before)) ? EXIT_FAILURE : 0;
	out = open_memstream(&text, &size);
	if (!out)
		return tcplc_fail("%s", strerror(errno));
	top_text_print(out, now, before,
		       t->ctx->wide ? TEXT_WIDE : text_width());
	fclose(out);
	if (t->screen)
		put_screen(text);
	else
		printf("%s%s", before ? "\n" : "", text);
	free(text);
	return 0;
}

/* Return: whether it is time for another look. */
static bool pause_for(const struct top *t, const sigset_t *waiting)
{
	struct timespec left = {
		.tv_sec = t->delay,
		.tv_nsec = (t->delay - (long)t->delay) * 1e9,
	};
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO },	/* tells when its reader has gone */
		{ .fd = t->keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	char key;

	if (fflush(stdout))
		return false;
	/* Another signal, as for a new size of the terminal: look again. */
	if (ppoll(fds, 2, &left, waiting) <= 0)
		return !stopped;
	if (fds[0].revents & (POLLERR | POLLHUP))
		return false;
	return fds[1].revents && read(STDIN_FILENO, &key, 1) == 1 && key != 'q' &&
	       key != 'Q';
}

static void listen_to_signals(sigset_t *waiting)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction end = { .sa_handler = stop };
	struct sigaction look = { .sa_handler = nothing };
	sigset_t block;
	size_t i;

	sigemptyset(&block);
	sigaddset(&block, SIGWINCH);
	sigaction(SIGWINCH, &look, NULL);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		sigaddset(&block, ends[i]);
		sigaction(ends[i], &end, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, waiting);
}

static int look_on(struct top *t, const sigset_t *waiting)
{
	struct look now = { 0 }, before = { 0 };
	unsigned long looks = 0;
	int code = 0;

	while (!code) {
		look_free(&before);
		before = now;
		if (look_ask(t->ctx, t->filter, &now)) {
			code = tcplc_fail("%s", t->ctx->nl.why);
			break;
		}
		code = print(t, &now, looks ? &before : NULL);
		if (++looks == t->most || code || !pause_for(t, waiting))
			break;
	}
	look_free(&before);
	look_free(&now);
	return code;
}

static int top(struct top *t)
{
	sigset_t waiting;
	int code = tcplc_connect(t->ctx);

	if (code)
		return code;
	listen_to_signals(&waiting);
	take_keys(t);
	if (t->screen)
		fputs("\033[2J", stdout);
	code = look_on(t, &waiting);
	if (t->screen)
		putchar('\n');
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
	.about = "watch totals by state, verdict and listener",
	.live = true,
	.help =
	"  -d, --delay SECONDS  time between two updates (default 2)\n"
	"  -n, --number N       stop after N updates; by default it runs until q on a\n"
	"                       terminal, and prints once elsewhere\n"
	"\n"
	"A FILTER selects the states and listeners counted; verdicts and losses are always\n"
	"those of the whole host. Press q to quit.\n",
	.run = run,
};
