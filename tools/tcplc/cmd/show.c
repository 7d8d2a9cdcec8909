// SPDX-License-Identifier: GPL-2.0-only
/*
 * show.c: tcplc show: the life of one connection.
 *
 * Owns: finding the one that is meant.
 * Must not: choose for the user where several are.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask/kept.h"
#include "ask/query.h"
#include "base/ends.h"
#include "base/names.h"
#include "cmd/options.h"
#include "cmd/pager.h"
#include "cmd/picture.h"
#include "draw/connection.h"
#include "filter/filter.h"
#include "filter/parse_value.h"
#include "json/conn_json.h"

#define NO_TERMINAL_WIDTH 80
#define LISTED 20		/* of several, to pick from */

/**
 * struct id - what was typed
 * @cookie: of the socket
 * @generation: if @has_generation, the newest one otherwise
 */
struct id {
	uint64_t cookie;
	uint32_t generation;
	bool has_generation;
};

/*
 * A cookie in hexadecimal, and perhaps a dot and a generation.  The one word of
 * a filter that could be a cookie as well is a word: write 0xdead, or dead.0.
 */
static bool parse_id(const char *word, struct id *id)
{
	const char *dot = strchr(word, '.');
	char cookie[32];
	uint64_t number = 0;

	*id = (struct id){ .has_generation = dot };
	if (!strcasecmp(word, "dead"))
		return false;
	snprintf(cookie, sizeof(cookie), "%.*s",
		 dot ? (int)(dot - word) : (int)strlen(word), word);
	if (!value_cookie(cookie, &id->cookie) ||
	    (dot && !value_number(dot + 1, &number)))
		return false;
	id->generation = number;
	return number <= UINT32_MAX;
}

/**
 * struct wanted - what was asked for
 * @picture: as a picture
 * @absolute: with the sequence numbers on the wire
 */
struct wanted {
	struct picture_options picture;
	bool absolute;
};

/**
 * struct shown - what is to be shown
 * @ctx: the run
 * @wanted: how
 * @losses: what the module may have failed to see
 * @kept: the record, for a picture: it takes more questions to the kernel
 */
struct shown {
	const struct tcplc *ctx;
	const struct wanted *wanted;
	struct losses losses;
	struct kept kept;
};

static int print(const struct conn *c, void *data)
{
	struct shown *s = data;
	const struct tcplc *ctx = s->ctx;
	struct ladder_style style = {
		.width = text_width(),
		.utf8 = text_utf8(),
		.absolute = s->wanted->absolute,
	};

	if (ctx->json)
		return conn_json_print(stdout, c, NULL) ? -ENOMEM : 0;
	if (s->wanted->picture.svg)
		return kept_add(c, &s->kept);
	if (style.width == TEXT_WIDE)
		style.width = NO_TERMINAL_WIDTH;
	pager_begin(ctx);
	return life_print(stdout, c, &style, &s->losses) ? -ENOMEM : 0;
}

static int show_id(struct tcplc *ctx, const struct id *id, const struct wanted *wanted)
{
	struct shown shown = { .ctx = ctx, .wanted = wanted };
	int err;

	if (!ctx->json)
		losses_get(&ctx->nl, &shown.losses);
	err = query_one(ctx, id->cookie, id->has_generation ? &id->generation : NULL,
			print, &shown);
	if (!err && shown.kept.nr)
		err = picture_print(ctx, shown.kept.conn, wanted->picture.scale, &shown.losses);
	kept_free(&shown.kept);
	if (!err)
		return EXIT_SUCCESS;
	if (err == -ENOENT && !id->has_generation)
		return tcplc_fail("there is no record of socket %" PRIx64
				  "; see tcplc list", id->cookie);
	if (err == -ENOENT)
		return tcplc_fail("there is no record %" PRIx64 ".%" PRIu32
				  "; see tcplc list", id->cookie, id->generation);
	return tcplc_fail("%s", err == -ENOMEM && !*ctx->nl.why ?
			  strerror(ENOMEM) : ctx->nl.why);
}

/**
 * struct found - what passed the filter
 * @nr: how many
 * @first: the first, of which only the identity counts
 */
struct found {
	unsigned int nr;
	struct id first;
};

static void name(const struct conn *c)
{
	char id[TEXT_ID_SIZE], local[ENDS_SIZE], remote[ENDS_SIZE];

	fprintf(stderr, "  %-10s %-12s %s %s %s %s\n", text_id(id, c),
		tlc_words_state(c->state), ends_local(local, c), ends_remote(remote, c),
		tlc_words_open(c->open), tlc_words_close(c->close));
}

static int count(const struct conn *c, void *data)
{
	struct found *f = data;

	if (!f->nr++)
		f->first = (struct id){
			.cookie = c->cookie,
			.generation = c->generation,
			.has_generation = true,
		};
	return 0;
}

static int list(const struct conn *c, void *data)
{
	unsigned int *nr = data;

	if ((*nr)++ < LISTED)
		name(c);
	return 0;
}

static int several(struct tcplc *ctx, const struct query *q, unsigned int nr)
{
	unsigned int listed = 0;

	tcplc_fail("%u connections match; pick one of them: tcplc show ID", nr);
	query_dump(ctx, q, list, &listed);
	if (listed > LISTED)
		fprintf(stderr, "  and %u more; narrow it down, or see tcplc list\n",
			listed - LISTED);
	return EXIT_FAILURE;
}

static int show_filter(struct tcplc *ctx, const struct filter *filter,
		       const struct wanted *wanted)
{
	struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .filter = filter };
	struct found f = { 0 };

	if (query_dump(ctx, &q, count, &f))
		return tcplc_fail("%s", ctx->nl.why);
	if (!f.nr)
		return tcplc_fail("no connection matches; see tcplc list");
	if (f.nr > 1)
		return several(ctx, &q, f.nr);
	return show_id(ctx, &f.first, wanted);
}

static int take(void *data, int opt, const char *arg)
{
	struct wanted *w = data;

	if (opt != 'a')
		return picture_take(&w->picture, opt, arg);
	w->absolute = true;
	return 0;
}

/* Options that mean nothing together. */
static int check(const struct tcplc *ctx, const struct wanted *w)
{
	const struct picture_options *p = &w->picture;

	if (p->scaled && !p->svg)
		tcplc_fail("--scale is for a picture: it needs --svg");
	else if (p->svg && ctx->json)
		tcplc_fail("--svg and --json do not go together");
	else
		return 0;
	return EXIT_USAGE;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "absolute", no_argument, NULL, 'a' },
		PICTURE_LONGS,
		{ 0 }
	};
	struct wanted wanted = { 0 };
	const struct options own = {
		.shorts = "a", .longs = longs, .take = take, .data = &wanted,
	};
	struct filter_error error;
	struct filter *filter = NULL;
	struct id id;
	int code, first;
	bool by_id;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = check(ctx, &wanted);
	if (code)
		return code;
	if (first == argc) {
		tcplc_fail("show needs an ID that tcplc list prints, or a filter that matches one connection");
		return EXIT_USAGE;
	}
	by_id = argc - first == 1 && parse_id(argv[first], &id);
	if (!by_id) {
		filter = filter_parse_words(argc - first, argv + first, &error);
		if (!filter) {
			filter_error_print(&error, stderr);
			return EXIT_USAGE;
		}
	}
	code = tcplc_connect(ctx);
	if (!code)
		code = by_id ? show_id(ctx, &id, &wanted) : show_filter(ctx, filter, &wanted);
	filter_free(filter);
	return code;
}

const struct command command_show = {
	.name = "show",
	.operands = "ID | FILTER",
	.about = "explain how one connection ended, and draw its life as a ladder",
	.help =
	"  -a, --absolute       sequence numbers as on the wire, too; else from the sender's first one\n"
	"      --svg            as a picture, with the other end if this host has its record\n"
	"      --scale HOW      of the picture: even (the default: not to scale), time, or log\n"
	"\n"
	"ID is what list prints, for example 89c.0; without the dot and the number after it,\n"
	"it is the newest connection of that socket. A FILTER must match one connection.\n",
	.run = run,
};
