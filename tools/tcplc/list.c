// SPDX-License-Identifier: GPL-2.0
/*
 * list.c: tcplc list, one line a connection.
 */
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "conn_json.h"
#include "names.h"
#include "options.h"
#include "query.h"
#include "table.h"

enum {
	STATE, LOCAL, REMOTE, OPEN, CLOSE, FIRST, AGE, RTT, MSS, TX, RX, RETRANS,
	OWNER, NETNS, ID, NR_COLUMNS,
};

/* What tells two connections apart, and how they ended, stays longest. */
static const struct table_column columns[] = {
	[STATE] = { "STATE", .leaves = 0 },
	[LOCAL] = { "LOCAL", .leaves = 0 },
	[REMOTE] = { "REMOTE", .leaves = 0 },
	[OPEN] = { "OPEN", .leaves = 4 },
	[CLOSE] = { "CLOSE", .leaves = 1 },
	[FIRST] = { "FIRST", .leaves = 3 },
	[AGE] = { "AGE", .right = true, .leaves = 5 },
	[RTT] = { "RTT", .right = true, .leaves = 7 },
	[MSS] = { "MSS", .right = true, .leaves = 8 },
	[TX] = { "TX", .right = true, .leaves = 9 },
	[RX] = { "RX", .right = true, .leaves = 10 },
	[RETRANS] = { "RETRANS", .right = true, .leaves = 11 },
	[OWNER] = { "OWNER", .leaves = 6 },
	[NETNS] = { "NETNS", .right = true, .leaves = 12 },
	[ID] = { "ID", .leaves = 2 },
};

_Static_assert(ARRAY_SIZE(columns) == NR_COLUMNS, "a column without a title");

struct list {
	struct tcplc *ctx;
	struct table *table;
	unsigned int map[NR_COLUMNS];	/* which stands where */
	struct table_column column[NR_COLUMNS];
	unsigned int nr;
};

/* What the columns of one row are made of. */
struct row {
	char local[TEXT_ADDR_SIZE], remote[TEXT_ADDR_SIZE];
	char id[TEXT_ID_SIZE];
	char age[TEXT_DURATION_SIZE], rtt[TEXT_DURATION_SIZE];
	char tx[TEXT_DURATION_SIZE], rx[TEXT_DURATION_SIZE];
	char mss[24], retrans[24], netns[24];
	char owner[CONN_COMM_SIZE * 4 + 24];
};

static const char *owner(char *out, size_t size, const struct conn *c)
{
	size_t len;

	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_COMM))
		return NULL;
	len = text_escape(out, size, c->comm, strlen(c->comm));
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_PID))
		text_number(stpcpy(out + len, "/"), c->pid, 10);
	return out;
}

static const char *count(char *out, const struct conn *c, unsigned int attr,
			 unsigned int value)
{
	if (!conn_has(c, attr))
		return NULL;
	text_number(out, value, 10);
	return out;
}

static void fill(struct table_cell *cell, struct row *r, const struct conn *c)
{
	cell[STATE] = (struct table_cell){ names_word(NAMES_STATE, c->state),
					   text_state_color(c->state) };
	cell[LOCAL].text = text_endpoint(r->local, &c->local, c->local_port,
					 conn_has(c, TCP_LIFECYCLE_A_CONN_LOCAL_PORT));
	cell[REMOTE].text = text_endpoint(r->remote, &c->remote, c->remote_port,
					  c->remote_port);
	cell[OPEN].text = names_word(NAMES_OPEN, c->open);
	cell[CLOSE] = (struct table_cell){ names_word(NAMES_CLOSE, c->close),
					   text_close_color(c->close) };
	cell[FIRST].text = names_word(NAMES_FIRST, c->first);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_AGE))
		cell[AGE].text = text_duration(r->age, c->age);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_RTT))
		cell[RTT].text = text_duration(r->rtt, c->rtt);
	cell[MSS].text = count(r->mss, c, TCP_LIFECYCLE_A_CONN_MSS_EFF,
			       c->mss_eff);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_TX))
		cell[TX].text = text_bytes(r->tx, c->tx);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_RX))
		cell[RX].text = text_bytes(r->rx, c->rx);
	cell[RETRANS].text = count(r->retrans, c, TCP_LIFECYCLE_A_CONN_RETRANS, c->retrans);
	cell[OWNER].text = owner(r->owner, sizeof(r->owner) - 24, c);
	cell[NETNS].text = count(r->netns, c, TCP_LIFECYCLE_A_CONN_NETNS, c->netns);
	cell[ID].text = text_id(r->id, c);
}

static int show(const struct conn *c, void *data)
{
	struct table_cell cell[NR_COLUMNS] = { 0 }, shown[NR_COLUMNS];
	struct list *l = data;
	struct row row;
	unsigned int i;

	if (l->ctx->json) {
		if (conn_json_print(stdout, c, NULL))
			return tcplc_fail("cannot write JSON");
		return 0;
	}
	fill(cell, &row, c);
	for (i = 0; i < l->nr; i++)
		shown[i] = cell[l->map[i]];
	table_row(l->table, shown);
	return 0;
}

/* The namespace is of interest only when there are several. */
static void choose_columns(struct list *l)
{
	unsigned int i;

	for (i = 0; i < NR_COLUMNS; i++) {
		if (i == NETNS && !l->ctx->all_netns)
			continue;
		l->column[l->nr] = columns[i];
		if (i == NETNS)
			l->column[l->nr].leaves = 0;
		l->map[l->nr++] = i;
	}
}

static int list(struct tcplc *ctx, const struct filter *filter, bool entries)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
		.filter = filter,
		.entries = entries,
	};
	struct list l = { .ctx = ctx };
	int err;

	err = tcplc_connect(ctx);
	if (err)
		return err;
	choose_columns(&l);
	l.table = table_new(stdout, l.column, l.nr, ctx->wide ? TEXT_WIDE : text_width(),
			    ctx->header && !ctx->json);
	if (!l.table)
		return tcplc_fail("no memory");
	err = query_dump(ctx, &q, show, &l);
	if (ctx->json || err < 0)
		table_drop(l.table);
	else
		table_end(l.table);
	if (err < 0)
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->nl.interrupted)
		tcplc_fail("connections came and went during the dump: one of them may be "
			   "there twice, or not at all");
	return err;
}

static int take(void *data, int opt, const char *arg)
{
	(void)opt;
	(void)arg;
	*(bool *)data = true;
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "entries", no_argument, NULL, 'e' },
		{ 0 }
	};
	bool entries = false;
	const struct options own = {
		.shorts = "e", .longs = longs, .take = take, .data = &entries,
	};
	struct filter_error error;
	struct filter *filter;
	int code, first;

	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	code = list(ctx, filter, entries);
	filter_free(filter);
	return code;
}

const struct command command_list = {
	.name = "list",
	.operands = "[FILTER]",
	.about = "list connections and listeners, one a line",
	.help =
	"  -e, --entries        with --json: each with all that happened to it\n"
	"\n"
	"FILTER is made of terms joined by and, or, not and parentheses; side by side means\n"
	"and. Some terms; tcplc(8) has them all:\n"
	"  state established    or time-wait, connected, listening, ...\n"
	"  live, dead           goes on, or is closed\n"
	"  open passive         or active, syncookie, fastopen, ...\n"
	"  close fin            or reset, timeout, normal, rst-received, refused, ...\n"
	"  closed-by peer       or local, both, kernel, network\n"
	"  src, dst, host ADDR[/PREFIX][:PORT]\n"
	"  sport, dport, port   [=|!=|<|<=|>|>=] a number, a range 1000-2000, or a service\n"
	"  ipv4, ipv6, mapped   the address family\n"
	"  since 5m             or 12:30, 2026-11-21, 2026-11-21T12:30: something happened\n"
	"  comm NAME, pid N, uid USER, listener ID, id ID\n"
	"  rtt > 10ms, age < 1h, mss < 1400, retrans > 0, tx > 1M, gaps, dropped\n"
	"  cause timer          or rto, rst, keepalive, ...: such a thing happened to it\n",
	.run = run,
};
