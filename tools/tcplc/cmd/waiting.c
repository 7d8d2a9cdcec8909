// SPDX-License-Identifier: GPL-2.0-only
/*
 * waiting.c: let time pass, and say how much is left.
 */
#include "cmd/waiting.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define US_PER_SECOND 1000000ULL

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * US_PER_SECOND + t.tv_nsec / 1000;
}

/* Until a second is full, so that the number goes down by one. */
static void sleep_some(uint64_t left)
{
	uint64_t us = left % US_PER_SECOND ? left % US_PER_SECOND : US_PER_SECOND;
	struct timespec t = {
		.tv_sec = us / US_PER_SECOND,
		.tv_nsec = us % US_PER_SECOND * 1000,
	};

	nanosleep(&t, NULL);
}

/**
 * waiting_for() - wait
 * @us: microseconds
 * @what: goes on meanwhile; printed on standard error if that is a terminal
 *
 * Ctrl-C ends it early.
 *
 * Return: false if it did.
 */
bool waiting_for(uint64_t us, const char *what)
{
	struct sigaction act = { .sa_handler = stop }, before;
	bool shown = isatty(STDERR_FILENO);
	uint64_t until = now() + us, at;

	stopped = 0;
	sigaction(SIGINT, &act, &before);
	while (!stopped && (at = now()) < until) {
		if (shown)
			fprintf(stderr, "\r%s: %llu s left \b", what,
				(unsigned long long)((until - at + US_PER_SECOND - 1) / US_PER_SECOND));
		sleep_some(until - at);
	}
	if (shown)
		fputs("\r\033[K", stderr);
	sigaction(SIGINT, &before, NULL);
	return !stopped;
}
