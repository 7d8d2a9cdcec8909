// SPDX-License-Identifier: GPL-2.0
/*
 * listing.c: records, one a line.
 *
 * As text they are sorted by their start, the newest at the end, where the eye is;
 * into a pipe as well, for "| less" and "| grep" are no other question.  For that
 * they are kept, twice as many as the module has by default, in some 40 MB.  Where
 * there are more, and in JSON, they come as the kernel has them, and none is kept.
 */
#include "cmd/listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask/query.h"
#include "json/conn_json.h"

/**
 * struct run - one listing, under way
 * @ctx: connected
 * @table: NULL in JSON
 * @column: as the table wants them
 * @id: which these are
 * @nr: how many
 * @conn: records kept, without their entries
 * @nr_conns: how many
 * @given_up: there were too many: none is kept any more
 */
struct run {
	struct tcplc *ctx;
	struct table *table;
	struct table_column column[TABLE_MAX_COLUMNS];
	enum column_id id[TABLE_MAX_COLUMNS];
	unsigned int nr;
	struct conn *conn;
	size_t nr_conns;
	bool given_up;
};

static void put_row(const struct run *r, const struct conn *c)
{
	struct table_cell cell[TABLE_MAX_COLUMNS] = { 0 };
	char text[TABLE_MAX_COLUMNS][COLUMN_TEXT_SIZE];
	unsigned int i;

	for (i = 0; i < r->nr; i++)
		column_of(r->id[i])->get(&cell[i], text[i], c);
	table_row(r->table, cell);
}

/* Boot time, where it is known: the clock may be set while they come. */
static uint64_t start(const struct conn *c)
{
	return conn_has(c, TCP_LIFECYCLE_A_CONN_BOOT_START_NS) ? c->boot_start_ns : c->start_ns;
}

static int older_first(const void *a, const void *b)
{
	const struct conn *x = a, *y = b;

	if (start(x) != start(y))
		return start(x) < start(y) ? -1 : 1;
	return x->cookie < y->cookie ? -1 : x->cookie > y->cookie;
}

static void put_kept(struct run *r)
{
	size_t i;

	for (i = 0; i < r->nr_conns; i++)
		put_row(r, &r->conn[i]);
	free(r->conn);
	r->conn = NULL;
	r->nr_conns = 0;
}

static bool keep(struct run *r, const struct conn *c)
{
	struct conn *more;

	if (r->nr_conns == LISTING_SORTED)
		return false;
	if (!(r->nr_conns & (r->nr_conns - 1))) {
		more = reallocarray(r->conn, r->nr_conns ? r->nr_conns * 2 : 1,
				    sizeof(*more));
		if (!more)
			return false;
		r->conn = more;
	}
	r->conn[r->nr_conns] = *c;
	r->conn[r->nr_conns++].entry = NULL;
	return true;
}

static int take(const struct conn *c, void *data)
{
	struct run *r = data;

	if (r->ctx->json)
		return conn_json_print(stdout, c, NULL) ?
		       tcplc_fail("cannot write JSON") : 0;
	if (!r->given_up && keep(r, c))
		return 0;
	r->given_up = true;
	put_kept(r);
	put_row(r, c);
	return 0;
}

/* The namespace is of interest only when there are several. */
static void choose_columns(struct run *r, const struct listing *l)
{
	unsigned int i;

	for (i = 0; i < l->nr_columns; i++) {
		const struct column *c = column_of(l->column[i].id);

		if (l->column[i].several && !r->ctx->all_netns)
			continue;
		r->id[r->nr] = l->column[i].id;
		r->column[r->nr++] = (struct table_column){
			.title = c->title,
			.right = c->right,
			.leaves = l->column[i].leaves,
			.shorten = c->shorten,
		};
	}
}

/* What reads a pipe wants rows and nothing else. */
static void tell_hidden(unsigned int hidden)
{
	const char *s = hidden == 1 ? "" : "s", *them = hidden == 1 ? "it" : "them";

	if (!hidden)
		return;
	if (isatty(STDOUT_FILENO))
		printf("%s%u column%s hidden, -w shows %s%s\n", text_on(TEXT_DIM), hidden, s,
		       them, text_off());
	else
		tcplc_fail("COLUMNS is too small for %u column%s, -w shows %s", hidden, s,
			   them);
}

static void finish(struct run *r)
{
	if (r->conn)
		qsort(r->conn, r->nr_conns, sizeof(*r->conn), older_first);
	put_kept(r);
	tell_hidden(table_end(r->table));
	if (r->given_up)
		tcplc_fail("more than %u records are not sorted; a filter reduces them",
			   LISTING_SORTED);
}

/**
 * listing_print() - ask for records and print them
 * @ctx: not connected yet
 * @l: what is wanted
 *
 * Return: an exit code; it has been said why.
 */
int listing_print(struct tcplc *ctx, const struct listing *l)
{
	const struct query q = {
		.cmd = l->cmd,
		.filter = l->filter,
		.entries = l->entries,
	};
	struct run r = { .ctx = ctx };
	int err;

	err = tcplc_connect(ctx);
	if (err)
		return err;
	choose_columns(&r, l);
	if (!ctx->json) {
		r.table = table_new(stdout, r.column, r.nr,
				    ctx->wide ? TEXT_WIDE : text_width(), ctx->header);
		if (!r.table)
			return tcplc_fail("no memory");
	}
	err = query_dump(ctx, &q, take, &r);
	if (err < 0 && r.table)
		table_drop(r.table);
	else if (r.table)
		finish(&r);
	free(r.conn);
	if (err < 0)
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or printed twice");
	return err;
}
