// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse_value.c: numbers, times, addresses and ports, as people write them.
 */
#define _GNU_SOURCE	/* strptime() */
#include "filter/parse_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <linux/kernel.h>

#define NS_PER_SEC 1000000000ULL
#define NS_PER_US 1000ULL

/* Return: what follows the number, NULL if there is none or it is too big. */
static const char *number(const char *text, int base, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	*value = strtoull(text, &end, base);
	return errno || end == text ? NULL : end;
}

/**
 * value_number() - a decimal number
 * @text: what was written
 * @value: set
 *
 * Return: false if it is none; likewise for the others.
 */
bool value_number(const char *text, uint64_t *value)
{
	const char *end = number(text, 10, value);

	return end && !*end;
}

/**
 * value_bytes() - a number with k, M, G or T for 1024 and its powers
 * @text: what was written
 * @value: set
 */
bool value_bytes(const char *text, uint64_t *value)
{
	static const char units[] = "kmgt";
	const char *end = number(text, 10, value);
	const char *unit;
	int shift;

	if (!end)
		return false;
	if (!*end)
		return true;
	unit = strchr(units, tolower((unsigned char)*end));
	if (!unit || end[1])
		return false;
	shift = 10 * (unit - units + 1);
	if (*value > UINT64_MAX >> shift)
		return false;
	*value <<= shift;
	return true;
}

/**
 * value_cookie() - a socket cookie
 * @text: what was written: hexadecimal, with or without 0x or the sk: of ss
 * @value: set
 */
bool value_cookie(const char *text, uint64_t *value)
{
	const char *end;

	if (!strncasecmp(text, "sk:", 3))
		text += 3;
	end = number(text, 16, value);
	return end && !*end;
}

/**
 * value_duration() - a length of time
 * @text: what was written: 10ms, 1h30m, 1.5s; a bare 0 will do as well
 * @us: set, in microseconds
 */
bool value_duration(const char *text, uint64_t *us)
{
	static const struct {
		const char *name;
		double us;
	} units[] = {	/* the longer before those they begin with */
		{ "us", 1 }, { "ms", 1e3 }, { "s", 1e6 }, { "m", 60e6 },
		{ "h", 3600e6 }, { "d", 86400e6 },
	};
	double sum = 0, value;
	size_t i, digits;
	char *end;

	*us = 0;
	if (!strcmp(text, "0"))
		return true;
	do {
		/* strtod() would take more: nan, 0x10, 1e9. */
		digits = strspn(text, "0123456789.");
		if (!digits || !isdigit((unsigned char)*text))
			return false;
		value = strtod(text, &end);
		if (end != text + digits)
			return false;
		for (i = 0; i < ARRAY_SIZE(units); i++)
			if (!strncmp(end, units[i].name, strlen(units[i].name)))
				break;
		if (i == ARRAY_SIZE(units))
			return false;
		sum += value * units[i].us;
		text = end + strlen(units[i].name);
	} while (*text);
	/* A thousand years: far from where adding to the time of day wraps. */
	if (sum > 3.2e16)
		return false;
	*us = sum + 0.5;
	return true;
}

/* Return: seconds since 1970 of a local time that may lack its date, or -1. */
static time_t local_time(const char *text, time_t now)
{
	static const struct {
		const char *format;
		bool date;
		bool time;
	} formats[] = {
		{ "%Y-%m-%dT%H:%M:%S", true, true },
		{ "%Y-%m-%dT%H:%M", true, true },
		{ "%Y-%m-%d %H:%M:%S", true, true },
		{ "%Y-%m-%d %H:%M", true, true },
		{ "%Y-%m-%d", true, false },
		{ "%H:%M:%S", false, true },
		{ "%H:%M", false, true },
	};
	struct tm today, tm;
	const char *end;
	time_t t;
	size_t i;

	if (!localtime_r(&now, &today))
		return -1;
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		tm = today;
		tm.tm_hour = 0;
		tm.tm_min = 0;
		tm.tm_sec = 0;
		end = strptime(text, formats[i].format, &tm);
		if (!end || *end)
			continue;
		tm.tm_isdst = -1;
		t = mktime(&tm);
		/* 23:50, asked at 00:10, was yesterday. */
		if (!formats[i].date && t > now) {
			tm.tm_mday--;
			tm.tm_isdst = -1;
			t = mktime(&tm);
		}
		return t;
	}
	return -1;
}

/* Return: seconds since 1970 at which a day began, by its word, or -1. */
static time_t day(const char *text, time_t now)
{
	bool yesterday = !strcasecmp(text, "yesterday");
	struct tm tm;

	if ((!yesterday && strcasecmp(text, "today")) || !localtime_r(&now, &tm))
		return -1;
	tm.tm_mday -= yesterday;
	tm.tm_hour = 0;
	tm.tm_min = 0;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return mktime(&tm);
}

/**
 * value_time() - a time in the past
 * @text: what was written: how long ago, HH:MM[:SS] or YYYY-MM-DD[THH:MM[:SS]]
 *	in local time, a blank for the T, today or yesterday
 * @now: the time, in nanoseconds since 1970
 * @ns: set, likewise
 */
bool value_time(const char *text, uint64_t now, uint64_t *ns)
{
	uint64_t us;
	time_t t;

	if (value_duration(text, &us)) {
		*ns = us > now / NS_PER_US ? 0 : now - us * NS_PER_US;
		return true;
	}
	t = day(text, now / NS_PER_SEC);
	if (t < 0)
		t = local_time(text, now / NS_PER_SEC);
	if (t < 0)
		return false;
	*ns = t * NS_PER_SEC;
	return true;
}

/**
 * value_user() - a user
 * @text: what was written: a number or a name
 * @uid: set
 */
bool value_user(const char *text, uint64_t *uid)
{
	const struct passwd *user;

	if (value_number(text, uid))
		return *uid <= UINT32_MAX;
	user = getpwnam(text);
	if (!user)
		return false;
	*uid = user->pw_uid;
	return true;
}

/**
 * value_port() - a port
 * @text: what was written: a number or the name of a service
 * @port: set
 */
bool value_port(const char *text, uint16_t *port)
{
	const struct servent *service;
	uint64_t n;

	if (isdigit((unsigned char)*text)) {
		if (!value_number(text, &n) || n > UINT16_MAX)
			return false;
		*port = n;
		return true;
	}
	service = *text ? getservbyname(text, "tcp") : NULL;
	if (!service)
		return false;
	*port = ntohs(service->s_port);
	return true;
}

static void mask_off(struct addr *addr, unsigned int prefix)
{
	unsigned int i;

	for (i = 0; i < addr->len; i++, prefix = prefix > 8 ? prefix - 8 : 0)
		if (prefix < 8)
			addr->byte[i] &= 0xff00 >> prefix;
}

/**
 * value_addr() - an address, or a prefix
 * @text: what was written: 10.0.0.0/8, fe80::1%eth0, ::ffff:10.0.0.1
 * @addr: set, without the bits behind the prefix; IPv4-mapped as IPv4
 * @prefix: set
 * @scope: set to what follows the % of a link-local address, or to nothing
 */
bool value_addr(const char *text, struct addr *addr, uint8_t *prefix,
		char scope[VALUE_SCOPE_SIZE])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char host[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "%/");
	uint64_t bits;

	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, host, addr->byte) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, host, addr->byte) == 1)
		addr->len = 16;
	else
		return false;
	scope[0] = '\0';
	if (text[len] == '%') {
		text += len + 1;
		len = strcspn(text, "/");
		if (!len || len >= VALUE_SCOPE_SIZE || addr->len != 16 ||
		    addr->byte[0] != 0xfe || (addr->byte[1] & 0xc0) != 0x80)
			return false;
		memcpy(scope, text, len);
		scope[len] = '\0';
	}
	bits = addr->len * 8;
	if (text[len] && (!value_number(text + len + 1, &bits) || bits > addr->len * 8U))
		return false;
	if (addr->len == 16 && bits >= 96 && !memcmp(addr->byte, mapped, sizeof(mapped))) {
		memmove(addr->byte, addr->byte + 12, 4);
		memset(addr->byte + 4, 0, 12);
		addr->len = 4;
		bits -= 96;
	}
	mask_off(addr, bits);
	*prefix = bits;
	return true;
}
