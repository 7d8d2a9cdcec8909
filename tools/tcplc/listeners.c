// SPDX-License-Identifier: GPL-2.0
/*
 * listeners.c: tcplc listeners, the totals of each listener.
 */
#include <stdio.h>
#include <string.h>

#include "conn_json.h"
#include "names.h"
#include "options.h"
#include "query.h"
#include "table.h"

enum {
	STATE, LOCAL, BACKLOG, ACCEPTED, SYN_OVERFLOW, ACCEPT_OVERFLOW, COOKIES_SENT,
	COOKIES_VALID, AGE, OWNER, NETNS, ID, NR_COLUMNS,
};

static const struct table_column columns[] = {
	[STATE] = { "STATE", .leaves = 0 },
	[LOCAL] = { "LOCAL", .leaves = 0 },
	[BACKLOG] = { "BACKLOG", .right = true, .leaves = 3 },
	[ACCEPTED] = { "ACCEPTED", .right = true, .leaves = 0 },
	[SYN_OVERFLOW] = { "SYN-FULL", .right = true, .leaves = 1 },
	[ACCEPT_OVERFLOW] = { "ACCEPT-FULL", .right = true, .leaves = 0 },
	[COOKIES_SENT] = { "COOKIES", .right = true, .leaves = 5 },
	[COOKIES_VALID] = { "VALID", .right = true, .leaves = 6 },
	[AGE] = { "AGE", .right = true, .leaves = 4 },
	[OWNER] = { "OWNER", .leaves = 2 },
	[NETNS] = { "NETNS", .right = true, .leaves = 8 },
	[ID] = { "ID", .leaves = 7 },
};

struct listeners {
	struct tcplc *ctx;
	struct table *table;
};

struct counter {
	char text[12];
};

static void put(struct table_cell *cell, struct counter *to, const struct conn *c,
		unsigned int attr, uint32_t value, bool bad)
{
	if (!conn_has(c, attr))
		return;
	snprintf(to->text, sizeof(to->text), "%u", value);
	cell->text = to->text;
	cell->color = bad && value ? TEXT_BAD : TEXT_PLAIN;
}

static int show(const struct conn *c, void *data)
{
	char local[TEXT_ADDR_SIZE], id[TEXT_ID_SIZE], age[TEXT_DURATION_SIZE];
	struct table_cell cell[NR_COLUMNS] = { 0 };
	char owner[CONN_COMM_SIZE * 4];
	const struct listeners *l = data;
	struct counter n[NR_COLUMNS];

	if (l->ctx->json)
		return conn_json_print(stdout, c, NULL) ? tcplc_fail("cannot write JSON") : 0;

	cell[STATE] = (struct table_cell){ names_word(NAMES_STATE, c->state),
					   text_state_color(c->state) };
	cell[LOCAL].text = text_endpoint(local, &c->local, c->local_port,
					 conn_has(c, TCP_LIFECYCLE_A_CONN_LOCAL_PORT));
#define PUT(column, member, bad) \
	put(&cell[column], &n[column], c, TCP_LIFECYCLE_A_CONN_##column, c->member, bad)
	PUT(BACKLOG, backlog, false);
	PUT(ACCEPTED, accepted, false);
	PUT(SYN_OVERFLOW, syn_overflow, true);
	PUT(ACCEPT_OVERFLOW, accept_overflow, true);
	PUT(COOKIES_SENT, cookies_sent, false);
	PUT(COOKIES_VALID, cookies_valid, false);
	PUT(NETNS, netns, false);
#undef PUT
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_AGE))
		cell[AGE].text = text_duration(age, c->age);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_COMM)) {
		text_escape(owner, sizeof(owner), c->comm, strlen(c->comm));
		cell[OWNER].text = owner;
	}
	cell[ID].text = text_id(id, c);
	table_row(l->table, cell);
	return 0;
}

static int list(struct tcplc *ctx, const struct filter *filter)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_LISTENER_GET,
		.filter = filter,
	};
	struct listeners l = { .ctx = ctx };
	int err;

	err = tcplc_connect(ctx);
	if (err)
		return err;
	l.table = table_new(stdout, columns, NR_COLUMNS,
			    ctx->wide ? TEXT_WIDE : text_width(), ctx->header);
	if (!l.table)
		return tcplc_fail("no memory");
	err = query_dump(ctx, &q, show, &l);
	if (ctx->json || err < 0)
		table_drop(l.table);
	else
		table_end(l.table);
	return err < 0 ? tcplc_fail("%s", ctx->nl.why) : err;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	code = list(ctx, filter);
	filter_free(filter);
	return code;
}

const struct command command_listeners = {
	.name = "listeners",
	.operands = "[FILTER]",
	.about = "list listeners, and what came through each",
	.help =
	"SYN-FULL and ACCEPT-FULL count what was dropped because the SYN queue and the accept\n"
	"queue were full; COOKIES the SYN cookies sent, VALID those that came back.\n"
	"FILTER is that of tcplc list.\n",
	.run = run,
};
