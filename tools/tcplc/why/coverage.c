// SPDX-License-Identifier: GPL-2.0-only
/*
 * coverage.c: what the module can see now, and what it missed.
 */
#include "why/coverage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ask/settings.h"

static int take_hook(const struct hook *h, void *data)
{
	struct coverage *c = data;

	if (h->attached && !h->enabled)
		c->off |= 1U << h->group;
	if (!h->attached && c->nr_lacking < COVERAGE_LACKING)
		snprintf(c->lacking[c->nr_lacking++], sizeof(c->lacking[0]), "%s", h->symbol);
	return 0;
}

/**
 * coverage_get() - ask the module
 * @nl: open
 * @c: filled
 *
 * Return: 0, or a negative error, explained in &nl.why.
 */
int coverage_get(struct nl *nl, struct coverage *c)
{
	struct settings settings;
	int err;

	memset(c, 0, sizeof(*c));
	losses_get(nl, &c->losses);
	err = counters_hooks(nl, take_hook, c);
	if (!err)
		err = counters_get(nl, &c->counters);
	if (err)
		return err;
	err = settings_get(nl, &settings);
	/* A file that an older tcplc wrote does not have them. */
	c->unset = err == -ENOENT;
	c->retention = settings.retention;
	c->nr_ports = settings.nr_ports;
	c->no_loopback = settings.exclude_loopback;
	return c->unset ? 0 : err;
}

/**
 * coverage_lacks() - is this hook missing?
 * @c: what is seen
 * @symbol: of the hook
 */
bool coverage_lacks(const struct coverage *c, const char *symbol)
{
	unsigned int i;

	for (i = 0; i < c->nr_lacking; i++)
		if (!strcmp(c->lacking[i], symbol))
			return true;
	return false;
}

/**
 * coverage_knows_losses() - may this user see what was lost?
 * @c: what is seen
 */
bool coverage_knows_losses(const struct coverage *c)
{
	return counters_has(&c->counters, TCP_LIFECYCLE_A_STATS_LIVE);
}

/* The feed is not read here, and what a filter leaves out was meant to be. */
static bool counts(const struct counters_field *f)
{
	return f->loss && f->attr != TCP_LIFECYCLE_A_STATS_FEED_LOST &&
	       f->attr != TCP_LIFECYCLE_A_STATS_ALL_FEED_LOST;
}

/**
 * coverage_text() - what was missed, in words
 * @c: what is seen
 * @out: filled: "nothing missed", or what was
 * @size: its size
 *
 * Return: true if something was missed, or it is not known.
 */
bool coverage_text(const struct coverage *c, char *out, size_t size)
{
	const struct counters_field *f;
	size_t len = 0;
	unsigned int i;
	uint64_t value;

	if (!coverage_knows_losses(c)) {
		snprintf(out, size, "what was missed is not known to this user");
		return true;
	}
	for (i = 0; (f = counters_field(i)) && len < size; i++) {
		value = counters_value(&c->counters, f->attr);
		if (counts(f) && value)
			len += snprintf(out + len, size - len, "%s%" PRIu64 " %s",
					len ? ", " : "missed since the module was loaded: ",
					value, f->name);
	}
	if (len && len < size)
		snprintf(out + len, size - len, " (tcplc doctor)");
	if (!len)
		snprintf(out, size, "nothing missed");
	return len;
}
