// SPDX-License-Identifier: GPL-2.0-only
/*
 * books.c: what the kernel and the module each counted, pair by pair.
 */
#include "ask/books.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/kernel.h>

/* On a busy host there may be no moment in which nothing moves. */
#define TRIES 20

static const struct {
	const char *name;	/* in /proc/net/snmp or /proc/net/netstat */
	uint16_t attr;
} pairs[] = {
	{ "ActiveOpens",	TCP_LIFECYCLE_A_BOOKS_ACTIVE_OPENS },
	{ "PassiveOpens",	TCP_LIFECYCLE_A_BOOKS_PASSIVE_OPENS },
	{ "AttemptFails",	TCP_LIFECYCLE_A_BOOKS_ATTEMPT_FAILS },
	{ "EstabResets",	TCP_LIFECYCLE_A_BOOKS_ESTAB_RESETS },
	{ "TW",			TCP_LIFECYCLE_A_BOOKS_TW },
	{ "TWKilled",		TCP_LIFECYCLE_A_BOOKS_TW_KILLED },
	{ "TWRecycled",		TCP_LIFECYCLE_A_BOOKS_TW_RECYCLED },
	{ "TCPTimeWaitOverflow", TCP_LIFECYCLE_A_BOOKS_TW_OVERFLOW },
	{ "ListenOverflows",	TCP_LIFECYCLE_A_BOOKS_LISTEN_OVERFLOWS },
	{ "SyncookiesSent",	TCP_LIFECYCLE_A_BOOKS_COOKIES_SENT },
	{ "SyncookiesRecv",	TCP_LIFECYCLE_A_BOOKS_COOKIES_VALID },
	{ "TCPTimeouts",	TCP_LIFECYCLE_A_BOOKS_TIMEOUTS },
	{ "TCPKeepAlive",	TCP_LIFECYCLE_A_BOOKS_KEEPALIVES },
	{ "TCPDeferAcceptDrop",	TCP_LIFECYCLE_A_BOOKS_DEFER_ACCEPT_DROPS },
};

_Static_assert(ARRAY_SIZE(pairs) <= BOOKS_MAX, "struct books");

/**
 * books_name() - the pairs one by one
 * @i: from 0
 *
 * Return: the kernel's name of the counter, NULL behind the last.
 */
const char *books_name(size_t i)
{
	return i < ARRAY_SIZE(pairs) ? pairs[i].name : NULL;
}

static void take_counter(const char *name, const char *value, uint64_t *kernel)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		if (!strcmp(pairs[i].name, name))
			kernel[i] = strtoull(value, NULL, 10);
}

/* "Tcp: A B", "Tcp: 1 2": names in one line, and in the next their values. */
static void take_lines(char *names, char *values, uint64_t *kernel)
{
	char *more_names, *more_values, *name, *value;

	name = strtok_r(names, " \n", &more_names);
	value = strtok_r(values, " \n", &more_values);
	if (!name || !value || strcmp(name, value) ||
	    (strcmp(name, "Tcp:") && strcmp(name, "TcpExt:")))
		return;
	while ((name = strtok_r(NULL, " \n", &more_names)) &&
	       (value = strtok_r(NULL, " \n", &more_values)))
		take_counter(name, value, kernel);
}

/**
 * books_parse() - take the counters that have a pair out of a file
 * @path: /proc/net/snmp or /proc/net/netstat
 * @kernel: those found are filled in
 *
 * Return: 0 or a negative error.
 */
int books_parse(const char *path, uint64_t kernel[BOOKS_MAX])
{
	char *names = NULL, *values = NULL;
	size_t names_size = 0, values_size = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	while (getline(&names, &names_size, file) > 0 &&
	       getline(&values, &values_size, file) > 0)
		take_lines(names, values, kernel);
	free(names);
	free(values);
	fclose(file);
	return 0;
}

static int read_kernel(struct nl *nl, uint64_t *kernel)
{
	static const char *const paths[] = { "/proc/net/snmp", "/proc/net/netstat" };
	size_t i;
	int err;

	memset(kernel, 0, BOOKS_MAX * sizeof(*kernel));
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		err = books_parse(paths[i], kernel);
		if (!err)
			continue;
		snprintf(nl->why, sizeof(nl->why), "%s cannot be read: %s", paths[i],
			 strerror(-err));
		return err;
	}
	return 0;
}

static void take_count(const struct nlattr *attr, uint64_t *count)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		if (mnl_attr_get_type(attr) == pairs[i].attr &&
		    mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
			count[i] = mnl_attr_get_u64(attr);
}

static int take_module(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *inner;
	struct books *b = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_BOOKS_SPAN:
			if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
				b->span = mnl_attr_get_u64(attr);
			break;
		case TCP_LIFECYCLE_A_BOOKS_BASE:
			b->older = true;
			mnl_attr_for_each_nested(inner, attr)
				take_count(inner, b->base);
			break;
		case TCP_LIFECYCLE_A_BOOKS_MOVED:
			b->moved = true;
			break;
		default:
			take_count(attr, b->module);
		}
	}
	return 0;
}

/**
 * books_read() - read both sides, in a moment in which the kernel's do not change
 * @nl: open, in the namespace that is meant
 * @b: filled
 *
 * Return: 0, or a negative error, explained in &nl.why.
 */
int books_read(struct nl *nl, struct books *b)
{
	static const struct timespec pause = { .tv_nsec = 5000000 };
	uint64_t after[BOOKS_MAX];
	int tries, err;

	memset(b, 0, sizeof(*b));
	for (tries = 0; tries < TRIES && !b->settled; tries++) {
		if (tries)
			nanosleep(&pause, NULL);
		err = read_kernel(nl, b->kernel);
		if (!err)
			err = nl_do(nl, nl_request(nl, TCP_LIFECYCLE_CMD_BOOKS_GET),
				    take_module, b);
		if (!err)
			err = read_kernel(nl, after);
		if (err)
			return err;
		b->settled = !memcmp(b->kernel, after, sizeof(after));
	}
	return 0;
}
