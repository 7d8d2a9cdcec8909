/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h: columns that fit.
 *
 * Owns: the rows kept back until the widths are known, what is shortened and
 * which columns go when the terminal is narrow.
 * Used by: listing.c, stats.c, balance.c and top_text.c.
 * Must not: know what a column means.
 */
#ifndef TCPLC_TABLE_H
#define TCPLC_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

#define TABLE_MAX_COLUMNS 24
#define TABLE_SHORTENED_SIZE 320	/* room for what @shorten makes */

/**
 * struct table_column - one of them
 * @title: its header
 * @right: align to the right
 * @leaves: the column with the greatest number leaves first when there is not
 *	enough room; 0 never leaves
 * @shorten: makes a text fit into so many columns and returns how many it takes
 *	then, more if it cannot be so short; or NULL.  Done before any column leaves.
 */
struct table_column {
	const char *title;
	bool right;
	unsigned int leaves;
	size_t (*shorten)(char *out, const char *text, size_t room);
};

/**
 * struct table_cell - the text of a column in one row
 * @text: what; harmless, see text_escape(); NULL is "-"
 * @color: how
 */
struct table_cell {
	const char *text;
	enum text_color color;
};

struct table;

struct table *table_new(FILE *out, const struct table_column *columns,
			unsigned int nr, unsigned int width, bool header);
void table_row(struct table *t, const struct table_cell *cells);
void table_flush(struct table *t);
unsigned int table_end(struct table *t);
void table_drop(struct table *t);

#endif /* TCPLC_TABLE_H */
