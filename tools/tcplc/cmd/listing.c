// SPDX-License-Identifier: GPL-2.0-only
/*
 * listing.c: records, one a line.
 *
 * As text they are sorted by their start, the newest at the end, where the eye is;
 * into a pipe as well, for "| less" and "| grep" are no other question.  For that
 * they are kept, twice as many as the module has by default, in some 40 MB.  Where
 * there are more, and in JSON, they come as the kernel has them, and none is kept.
 */
#define _GNU_SOURCE	/* qsort_r() */
#include "cmd/listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/query.h"
#include "cmd/pager.h"
#include "json/conn_json.h"

/**
 * struct run - one listing, under way
 * @ctx: connected
 * @listing: what is wanted
 * @table: NULL in JSON
 * @column: as the table wants them
 * @id: which these are
 * @nr: how many
 * @conn: records kept; in JSON with their entries
 * @nr_conns: how many
 * @room: for how many there is room
 * @given_up: there were too many: none is kept any more
 * @found: how many there were in all
 */
struct run {
	struct tcplc *ctx;
	const struct listing *listing;
	struct table *table;
	struct table_column column[TABLE_MAX_COLUMNS];
	enum column_id id[TABLE_MAX_COLUMNS];
	unsigned int nr;
	struct conn *conn;
	size_t nr_conns;
	size_t room;
	bool given_up;
	size_t found;
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

static int in_order(const void *a, const void *b, void *data)
{
	const struct conn *x = a, *y = b;
	const struct run *r = data;
	int order = 0;

	if (r->listing->sort)
		order = column_compare(r->listing->sort, x, y);
	if (order)
		return order;
	if (start(x) != start(y))
		return start(x) < start(y) ? -1 : 1;
	if (x->cookie != y->cookie)
		return x->cookie < y->cookie ? -1 : 1;
	return x->generation < y->generation ? -1 : x->generation > y->generation;
}

static int put(const struct run *r, const struct conn *c)
{
	if (!r->table)
		return conn_json_print(stdout, c, NULL) ? tcplc_fail("cannot write JSON") : 0;
	put_row(r, c);
	return 0;
}

static void drop_kept(struct run *r)
{
	size_t i;

	for (i = 0; i < r->nr_conns; i++)
		conn_free(&r->conn[i]);
	free(r->conn);
	r->conn = NULL;
	r->nr_conns = 0;
	r->room = 0;
}

static int put_kept(struct run *r)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < r->nr_conns; i++)
		err = put(r, &r->conn[r->listing->reverse ? r->nr_conns - 1 - i : i]);
	drop_kept(r);
	return err;
}

static void sort(struct run *r)
{
	if (r->nr_conns)
		qsort_r(r->conn, r->nr_conns, sizeof(*r->conn), in_order, r);
}

/* Keep the last so many of those that were kept. */
static void drop_first(struct run *r, size_t limit)
{
	size_t gone = r->nr_conns - limit, i;

	for (i = 0; i < gone; i++)
		conn_free(&r->conn[i]);
	memmove(r->conn, r->conn + gone, limit * sizeof(*r->conn));
	r->nr_conns = limit;
}

static bool make_room(struct run *r)
{
	struct conn *more;

	if (r->nr_conns == LISTING_SORTED && r->listing->limit) {
		sort(r);
		drop_first(r, r->listing->limit);
		return true;
	}
	if (r->nr_conns == LISTING_SORTED)
		return false;
	if (r->nr_conns < r->room)
		return true;
	more = reallocarray(r->conn, r->room ? r->room * 2 : 64, sizeof(*more));
	if (!more)
		return false;
	r->conn = more;
	r->room = r->room ? r->room * 2 : 64;
	return true;
}

static bool keep(struct run *r, const struct conn *c)
{
	struct entry *entries = NULL;

	if (!make_room(r))
		return false;
	if (!r->table && c->nr_entries) {
		entries = malloc(c->nr_entries * sizeof(*entries));
		if (!entries)
			return false;
		memcpy(entries, c->entry, c->nr_entries * sizeof(*entries));
	}
	r->conn[r->nr_conns] = *c;
	r->conn[r->nr_conns].nr_entries = entries ? c->nr_entries : 0;
	r->conn[r->nr_conns++].entry = entries;
	return true;
}

/* JSON streams, unless an order was asked for. */
static bool wants_order(const struct run *r)
{
	return r->table || r->listing->sort || r->listing->limit || r->listing->reverse;
}

static int take(const struct conn *c, void *data)
{
	struct run *r = data;
	int err;

	r->found++;
	if (!wants_order(r)) {
		if (r->found == 1)
			pager_begin(r->ctx);
		return put(r, c);
	}
	if (!r->given_up && keep(r, c))
		return 0;
	pager_begin(r->ctx);
	r->given_up = true;
	err = put_kept(r);
	return err ? err : put(r, c);
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
	if (text_to_person())
		printf("%s%u column%s hidden, -w shows %s%s\n", text_on(TEXT_DIM), hidden, s,
		       them, text_off());
	else
		tcplc_fail("COLUMNS is too small for %u column%s, -w shows %s", hidden, s,
			   them);
}

static int finish(struct run *r)
{
	uint64_t limit = r->listing->limit;
	int err;

	sort(r);
	if (limit && r->nr_conns > limit)
		drop_first(r, limit);
	if (r->nr_conns)
		pager_begin(r->ctx);
	err = put_kept(r);
	if (r->table)
		tell_hidden(table_end(r->table));
	if (pager_end())
		err = err ? err : EXIT_FAILURE;
	if (r->given_up)
		tcplc_fail("more than %u records are not sorted%s; a filter reduces them",
			   LISTING_SORTED, limit ? ", and all are printed" : "");
	if (!r->found && r->table)
		tcplc_fail("no %s %s", r->listing->cmd == TCP_LIFECYCLE_CMD_LISTENER_GET ?
			   "listener" : "connection",
			   r->listing->filtered ? "matches" : "is on record");
	return err;
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
	struct run r = { .ctx = ctx, .listing = l };
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
	if (!err)
		err = finish(&r);
	else if (r.table)
		table_drop(r.table);
	drop_kept(&r);
	if (err < 0)
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or printed twice");
	return err;
}
