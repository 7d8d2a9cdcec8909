// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock.c: what time it is for the records on show.
 */
#include "base/clock.h"

#include <time.h>

static uint64_t pinned;

/**
 * clock_now() - now, by the wall clock
 *
 * Return: nanoseconds since 1970.
 */
uint64_t clock_now(void)
{
	struct timespec now;

	if (pinned)
		return pinned;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/**
 * clock_pin() - let it be another time
 * @ns: nanoseconds since 1970; 0 lets the clock run again
 */
void clock_pin(uint64_t ns)
{
	pinned = ns;
}
