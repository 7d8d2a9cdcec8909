// SPDX-License-Identifier: GPL-2.0-only
/*
 * picture.c: the life of one connection as a picture.
 */
#include "cmd/picture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/kept.h"
#include "ask/query.h"
#include "draw/ladder_svg.h"
#include "filter/filter.h"

/**
 * picture_take() - take an option
 * @data: struct picture_options
 * @opt: which
 * @arg: its argument
 *
 * Return: 0, or an exit code after having said why.
 */
int picture_take(void *data, int opt, const char *arg)
{
	static const char *const words[] = {
		[LADDER_EVEN] = "even",
		[LADDER_TIME] = "time",
		[LADDER_LOG] = "log",
	};
	struct picture_options *o = data;
	size_t i;

	if (opt == PICTURE_SVG) {
		o->svg = true;
		return 0;
	}
	o->scaled = true;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(arg, words[i])) {
			o->scale = i;
			return 0;
		}
	}
	tcplc_fail("--scale is even, time or log, not '%s'", arg);
	return EXIT_USAGE;
}

struct search {
	const struct conn *of;
	struct kept found;
};

static int try(const struct conn *c, void *data)
{
	struct search *s = data;

	return both_match(s->of, c) && !s->found.nr ? kept_add(c, &s->found) : 0;
}

/* That of the other end has the same ports, exchanged: the kernel looks for these. */
static int find_other(struct tcplc *ctx, struct search *s)
{
	char local[8], remote[8];
	char *words[] = { "sport", remote, "dport", local };
	struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .entries = true };
	struct filter_error error;
	struct filter *filter;
	int err;

	snprintf(local, sizeof(local), "%u", s->of->local_port);
	snprintf(remote, sizeof(remote), "%u", s->of->remote_port);
	filter = filter_parse_words(ARRAY_SIZE(words), words, &error);
	if (!filter)
		return -ENOMEM;
	q.filter = filter;
	err = query_dump(ctx, &q, try, s);
	filter_free(filter);
	return err;
}

/**
 * picture_print() - draw it, with the other end if this host has its record
 * @ctx: connected
 * @c: a connection with its entries
 * @scale: what a distance down the picture means
 * @losses: what the module may have failed to see
 *
 * Return: 0, or a negative error.
 */
int picture_print(struct tcplc *ctx, const struct conn *c, enum ladder_scale scale,
		  const struct losses *losses)
{
	struct search s = { .of = c };
	int err;

	err = find_other(ctx, &s);
	if (!err && ladder_svg(stdout, c, s.found.nr ? s.found.conn : NULL, scale, losses))
		err = -ENOMEM;
	kept_free(&s.found);
	return err;
}
