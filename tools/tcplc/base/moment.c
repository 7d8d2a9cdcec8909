// SPDX-License-Identifier: GPL-2.0-only
/*
 * moment.c: when something was, for people.
 */
#include "base/moment.h"

#include <stdio.h>
#include <string.h>

/* A dump is full of neighbours: most begin in the second of the one before. */
static const struct tm *local_time(time_t t, struct tm *tm, time_t *of)
{
	if (t != *of || !tm->tm_mday)
		localtime_r(&t, tm);
	*of = t;
	return tm;
}

/**
 * text_time() - when something was
 * @out: at least TEXT_TIME_SIZE bytes
 * @ns: nanoseconds since 1970
 * @now: seconds since 1970
 *
 * In local time, as ls(1) has it: 14:02:31 today, Nov 21 14:02 within half a year,
 * Nov 21  2025 else.
 *
 * Return: @out.
 */
const char *text_time(char *out, uint64_t ns, time_t now)
{
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
		"Nov", "Dec",
	};
	static const time_t half_a_year = 182 * 86400;
	static struct tm tm_then, tm_now;
	static time_t of_then, of_now;
	time_t then = ns / 1000000000;
	const struct tm *t = local_time(then, &tm_then, &of_then);
	const struct tm *today = local_time(now, &tm_now, &of_now);

	if (t->tm_year == today->tm_year && t->tm_yday == today->tm_yday)
		snprintf(out, TEXT_TIME_SIZE, "%02d:%02d:%02d", t->tm_hour, t->tm_min,
			 t->tm_sec);
	else if (then < now + 86400 && then > now - half_a_year)
		snprintf(out, TEXT_TIME_SIZE, "%s %2d %02d:%02d", months[t->tm_mon % 12],
			 t->tm_mday, t->tm_hour, t->tm_min);
	else
		snprintf(out, TEXT_TIME_SIZE, "%s %2d  %d", months[t->tm_mon % 12],
			 t->tm_mday, t->tm_year + 1900);
	return out;
}

/**
 * text_stamp() - when something was, to the microsecond
 * @out: at least TEXT_STAMP_SIZE bytes
 * @ns: nanoseconds since 1970
 *
 * 2026-11-30T14:03:22.123456+01:00: sorts as text, and says of which zone it is.
 *
 * Return: @out; "-" if that is no time.
 */
const char *text_stamp(char *out, uint64_t ns)
{
	time_t seconds = ns / 1000000000;
	char zone[8] = "";
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return strcpy(out, "-");
	/* +0100: the colon is what ISO 8601 wants where the rest has colons. */
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(out, TEXT_STAMP_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%06u%.3s:%s",
		 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (unsigned int)(ns % 1000000000 / 1000), zone,
		 strlen(zone) > 3 ? zone + 3 : "");
	return out;
}
