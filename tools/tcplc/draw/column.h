/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * column.h: what can be shown of a connection in a column.
 *
 * Owns: the one table of them: title, how it is made, its name and unit in JSON.
 * Used by: listing.c, and by list.c and listeners.c to say which they want.
 * Must not: know which subcommand shows what, or how wide a line is.
 */
#ifndef TCPLC_COLUMN_H
#define TCPLC_COLUMN_H

#include "base/conn.h"
#include "draw/table.h"

enum column_id {
	COLUMN_ID,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_REMOTE,
	COLUMN_OPEN,
	COLUMN_CLOSE,
	COLUMN_FIRST,
	COLUMN_START,
	COLUMN_LIVED,
	COLUMN_RTT,
	COLUMN_MSS,
	COLUMN_TX,
	COLUMN_RX,
	COLUMN_RETRANS,
	COLUMN_WHO,
	COLUMN_NETNS,
	COLUMN_BACKLOG,
	COLUMN_ACCEPTED,
	COLUMN_SYN_FULL,
	COLUMN_ACCEPT_FULL,
	COLUMN_COOKIES,
	COLUMN_VALID,
	COLUMN_UNIT,
	COLUMN_SLICE,
	COLUMN_CONTAINER,
	COLUMN_POD,
	COLUMN_CGROUP,
	COLUMN_WHERE,
	COLUMN_COUNT,
};

#define COLUMN_TEXT_SIZE 1040	/* a unit, each byte of it escaped */

/**
 * struct column - one of them
 * @title: its header
 * @json: what --json calls it
 * @unit: of the number there; NULL for a word or a plain count
 * @right: align to the right
 * @shorten: see struct table_column
 * @get: fills the cell, if it is known, with the help of COLUMN_TEXT_SIZE bytes at
 *	@out
 * @key: the number it is sorted by, if it is known; NULL to sort by the text
 */
struct column {
	const char *title;
	const char *json;
	const char *unit;
	bool right;
	size_t (*shorten)(char *out, const char *text, size_t room);
	void (*get)(struct table_cell *cell, char *out, const struct conn *c);
	bool (*key)(uint64_t *to, const struct conn *c);
};

const struct column *column_of(enum column_id id);
const struct column *column_find(const char *word, size_t len);
enum column_id column_id(const struct column *c);
int column_compare(const struct column *column, const struct conn *a, const struct conn *b);

#endif /* TCPLC_COLUMN_H */
