// SPDX-License-Identifier: GPL-2.0-only
/*
 * follow.c: read a group of the module until somebody has had enough.
 *
 * Owns: the loop, and saying at once what was missed.
 * Must not: buffer a line longer than until the next wait, so that a pipe
 * shows what the terminal would.
 */
#define _GNU_SOURCE	/* ppoll() */
#include "cmd/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/cgroup.h"
#include "ask/cgroup_watch.h"
#include "ask/counters.h"
#include "filter/parse_value.h"
#include "json/json.h"

#define OUTPUT_SIZE 65536
/* How long to wait before asking the kernel whether anything came to nothing. */
#define SETTLE_MS 500
#define IDLE_MS 5000
#define LOOK_MS 1000

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static const char *counted(const struct follow *f, uint64_t nr)
{
	return nr == 1 ? f->kind->one : f->kind->many;
}

static void say_lost(struct follow *f, uint64_t nr, const char *where, const char *why)
{
	json_t *object;

	if (!nr)
		return;
	if (f->ctx->json) {
		object = json_object();
		json_object_set_new(object, "lost", json_u64(nr));
		json_object_set_new(object, "where", json_string(where));
		json_print(object);
	}
	fflush(stdout);
	fprintf(stderr, "tcplc: lost %" PRIu64 " %s: %s\n", nr, counted(f, nr), why);
}

static void say_loss(struct follow *f, struct feed_loss loss)
{
	/* Advice once is enough, where losses may come by the hundred. */
	say_lost(f, loss.missed, "reader", f->feed.missed > loss.missed ?
		 "this reader was too slow" :
		 "this reader was too slow; a larger --buffer may help");
	say_lost(f, loss.overrun, f->kind->where, f->kind->why);
}

/**
 * follow_batch() - a message came, before what is in it is looked at
 * @f: under way
 * @b: its numbers
 *
 * What is missing was before what is here.  The socket says that it was full before it
 * gives out what it still had: those messages do not tell.
 */
void follow_batch(struct follow *f, const struct batch *b)
{
	struct feed_loss loss = feed_batch(&f->feed, b);

	say_loss(f, loss);
	if (loss.missed)
		f->overflowed = false;
}

/**
 * follow_shown() - one was printed
 * @f: under way
 */
void follow_shown(struct follow *f)
{
	f->shown++;
	f->done = f->shown == f->most || ferror(stdout);
}

static int take(const struct nlmsghdr *nlh, void *data)
{
	struct follow *f = data;

	return nl_cmd(nlh) == f->kind->cmd ? f->take(f, nlh) : 0;
}

static bool is_ended(const struct follow *f)
{
	return f->kind->group == NL_ENDED;
}

static uint64_t feed_seq(const struct follow *f, const struct counters *t)
{
	if (is_ended(f))
		return f->ctx->all_netns ? t->all_ended_seq : t->ended_seq;
	return f->ctx->all_netns ? t->all_feed_seq : t->feed_seq;
}

static uint64_t feed_lost(const struct follow *f, const struct counters *t)
{
	if (is_ended(f))
		return f->ctx->all_netns ? t->all_ended_lost : t->ended_lost;
	return f->ctx->all_netns ? t->all_feed_lost : t->feed_lost;
}

static bool readable(const struct follow *f)
{
	struct pollfd fd = { .fd = nl_fd(&f->nl), .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/*
 * Nothing came for a while: was the end of it lost, and is the module there?
 * What has a number now and is not in the socket was lost, if anything was.
 */
static int settle(struct follow *f)
{
	struct counters t;
	int err = counters_get(&f->ctx->nl, &t);

	if (err == -ENOENT)	/* its family is gone */
		return tcplc_fail("the module was unloaded");
	if (err)
		return tcplc_fail("the module no longer answers: %s",
				  f->ctx->nl.why);
	if (f->overflowed && readable(f))
		return 0;
	say_loss(f, feed_settle(&f->feed, f->overflowed ? feed_seq(f, &t) : 0,
				feed_lost(f, &t)));
	f->overflowed = false;
	return 0;
}

/* Read what is left, only to learn what is not. */
static int finish(struct follow *f)
{
	int fd = nl_fd(&f->nl), err;

	f->done = true;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	while (f->overflowed) {
		err = nl_receive(&f->nl, take, f);
		if (err && err != -ENOBUFS && err != -EINTR)
			break;
	}
	return settle(f);
}

static int receive(struct follow *f)
{
	int err = nl_receive(&f->nl, take, f);

	if (err == -ENOBUFS) {
		f->overflowed = true;
		return 0;
	}
	if (err == -ENOMEM)
		return tcplc_fail("no memory");
	if (err && err != -EINTR && err != -EAGAIN)
		return tcplc_fail("%s", f->nl.why);
	return 0;
}

/**
 * follow_drain() - read what has come by now, without waiting
 * @f: begun
 *
 * Return: 0, or an exit code after having said why.
 */
int follow_drain(struct follow *f)
{
	int code = 0;

	while (!code && readable(f))
		code = receive(f);
	return code;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Cgroups that come do not count: the module may be gone, or have lost some, all the same. */
static int until_settled(const struct follow *f, int64_t quiet_since)
{
	int64_t ms = (f->overflowed ? SETTLE_MS : IDLE_MS) - (now_ms() - quiet_since);

	return ms > 0 ? ms : 0;
}

/* Signals are let in only while we wait, so that none comes just before it. */
static int loop(struct follow *f, const sigset_t *waiting)
{
	struct pollfd fds[] = {
		{ .fd = nl_fd(&f->nl), .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* tells when its reader has gone */
		{ .fd = f->cgroups, .events = POLLIN },
	};
	int64_t quiet_since = now_ms();
	int code = 0, n, ms;
	struct timespec wait;

	while (!code && !stopped && !f->done) {
		if (fflush(stdout))
			break;
		ms = until_settled(f, quiet_since);
		if (f->places && fds[2].fd < 0) {
			cgroup_learn_all();
			ms = ms < LOOK_MS ? ms : LOOK_MS;
		}
		wait.tv_sec = ms / 1000;
		wait.tv_nsec = ms % 1000 * 1000000L;
		n = ppoll(fds, ARRAY_SIZE(fds), &wait, waiting);
		if (n < 0 && errno != EINTR)
			return tcplc_fail("cannot wait: %s", strerror(errno));
		if (n < 0)
			continue;
		if (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))
			break;
		/* Before what comes of one that is new. */
		if (fds[2].revents)
			fds[2].fd = cgroup_watch_read();
		if (fds[0].revents) {
			code = receive(f);
			quiet_since = now_ms();
		} else if (!until_settled(f, quiet_since)) {
			code = settle(f);
			quiet_since = now_ms();
		}
	}
	return code ? code : finish(f);
}

static void say_totals(const struct follow *f)
{
	const struct feed *feed = &f->feed;
	uint64_t lost = feed->missed + feed->overrun;

	/* Who closed the pipe wants no more of us than this line. */
	clearerr(stdout);
	fprintf(stderr, "tcplc: %" PRIu64 " %s, %" PRIu64 " shown, ", feed->seen,
		counted(f, feed->seen), f->shown);
	if (!lost) {
		fputs("none lost\n", stderr);
		return;
	}
	fprintf(stderr, "%" PRIu64 " lost (%" PRIu64 " by this reader, %" PRIu64
		" in the kernel)\n", lost, feed->missed, feed->overrun);
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

/**
 * follow_begin() - join, then ask where the numbers stand
 * @f: ctx, kind and buffer are filled; not connected yet
 *
 * In that order: what is sent in between has lower numbers.
 *
 * Return: 0, or an exit code after having said why.
 */
int follow_begin(struct follow *f)
{
	struct counters t;
	int code;

	setvbuf(stdout, NULL, _IOFBF, OUTPUT_SIZE);
	f->cgroups = f->places ? cgroup_watch_begin() : -1;
	code = tcplc_connect(f->ctx);
	if (code)
		return code;
	if (nl_open(&f->nl) ||
	    nl_subscribe(&f->nl, f->kind->group, f->ctx->all_netns, f->buffer))
		return tcplc_fail("%s", f->nl.why);
	if (counters_get(&f->ctx->nl, &t))
		return tcplc_fail("%s", f->ctx->nl.why);
	feed_begin(&f->feed, feed_seq(f, &t), feed_lost(f, &t));
	return 0;
}

/**
 * follow_run() - read until a signal, the end of the output, or enough
 * @f: begun
 *
 * Return: an exit code.
 */
int follow_run(struct follow *f)
{
	sigset_t waiting;
	int code;

	listen_to_signals(&waiting);
	code = loop(f, &waiting);
	say_totals(f);
	return code;
}

/**
 * follow_end() - let go of it
 * @f: begun, or not
 */
void follow_end(struct follow *f)
{
	cgroup_watch_end();
	nl_close(&f->nl);
}

/**
 * follow_take_buffer() - the option --buffer
 * @f: filled
 * @arg: what was written
 *
 * Return: 0, or an exit code after having said why.
 */
int follow_take_buffer(struct follow *f, const char *arg)
{
	uint64_t n;

	/* The kernel doubles it. */
	if (!value_bytes(arg, &n) || !n || n > INT_MAX / 2) {
		tcplc_fail("--buffer must be a number of bytes up to 1023M, not '%s'", arg);
		return EXIT_USAGE;
	}
	f->buffer = n;
	return 0;
}

/**
 * follow_take_count() - the option --count
 * @f: filled
 * @arg: what was written
 *
 * Return: as follow_take_buffer().
 */
int follow_take_count(struct follow *f, const char *arg)
{
	if (value_number(arg, &f->most) && f->most)
		return 0;
	tcplc_fail("--count must be a number above 0, not '%s'", arg);
	return EXIT_USAGE;
}
