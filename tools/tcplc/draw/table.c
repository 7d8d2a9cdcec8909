// SPDX-License-Identifier: GPL-2.0-only
/*
 * table.c: columns that fit.
 *
 * Rows are kept back only as long as it takes to learn the widths: a dump of
 * a million records must not be held in memory.  Later rows that need more
 * room than the first ones had push their line to the right.
 *
 * libsmartcols holds them all: 100,000 rows took it 86 MB and 20 times as long as here,
 * and it neither lets columns go nor shortens an address in its middle.
 */
#include "draw/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_ROWS 512
#define GAP 2	/* blanks between two columns */

struct kept {
	char *text[TABLE_MAX_COLUMNS];
	enum text_color color[TABLE_MAX_COLUMNS];
};

struct table {
	FILE *out;
	const struct table_column *column;
	unsigned int nr;
	unsigned int width;
	bool header;
	bool begun;			/* the widths are fixed */
	bool gone[TABLE_MAX_COLUMNS];
	size_t wide[TABLE_MAX_COLUMNS];
	size_t least[TABLE_MAX_COLUMNS];	/* everything in it shortened */
	struct kept *kept;
	unsigned int nr_kept;
};

/**
 * table_new() - begin a table
 * @out: where it is printed
 * @columns: they stay the caller's, and must outlive the table
 * @nr: how many, at most TABLE_MAX_COLUMNS
 * @width: room on a line, or TEXT_WIDE
 * @header: print the titles
 *
 * Return: NULL if there is no memory.
 */
struct table *table_new(FILE *out, const struct table_column *columns,
			unsigned int nr, unsigned int width, bool header)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->kept = calloc(KEPT_ROWS, sizeof(*t->kept));
	if (!t->kept) {
		free(t);
		return NULL;
	}
	t->out = out;
	t->column = columns;
	t->nr = nr;
	t->width = width;
	t->header = header;
	return t;
}

static void blanks(FILE *out, size_t nr)
{
	while (nr--)
		putc_unlocked(' ', out);
}

/* A dump has many cells: this is where its time goes, hence no printf(). */
static void print(const struct table *t, unsigned int i, bool last,
		  const char *text, enum text_color color)
{
	size_t len = strlen(text), wide = len, pad;
	char shortened[TABLE_SHORTENED_SIZE];

	if (t->column[i].shorten && len > t->wide[i]) {
		wide = t->column[i].shorten(shortened, text, t->wide[i]);
		text = shortened;
		len = strlen(text);
	}
	pad = t->wide[i] > wide ? t->wide[i] - wide : 0;
	if (t->column[i].right)
		blanks(t->out, pad);
	if (color != TEXT_PLAIN)
		fputs(text_on(color), t->out);
	fwrite(text, 1, len, t->out);
	if (color != TEXT_PLAIN)
		fputs(text_off(), t->out);
	if (last)
		putc_unlocked('\n', t->out);
	else
		blanks(t->out, (t->column[i].right ? 0 : pad) + GAP);
}

static unsigned int last_column(const struct table *t)
{
	unsigned int i = t->nr;

	while (i && t->gone[i - 1])
		i--;
	return i - 1;
}

static size_t needed(const struct table *t, const size_t *width)
{
	size_t sum = 0;
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (!t->gone[i])
			sum += (sum ? GAP : 0) + width[i];
	return sum;
}

/* Let columns go until the rest fits, or only those are left that must stay. */
static void let_go(struct table *t)
{
	unsigned int i, which, leaves;

	while (needed(t, t->least) > t->width) {
		leaves = 0;
		for (i = 0; i < t->nr; i++) {
			if (!t->gone[i] && t->column[i].leaves > leaves) {
				leaves = t->column[i].leaves;
				which = i;
			}
		}
		if (!leaves)
			break;
		t->gone[which] = true;
	}
}

/* What a column takes up if there is so much room for it. */
static size_t takes(const struct table *t, unsigned int i, size_t room)
{
	size_t widest = t->header ? strlen(t->column[i].title) : 1, len;
	char shortened[TABLE_SHORTENED_SIZE];
	unsigned int row;

	for (row = 0; row < t->nr_kept; row++) {
		const char *text = t->kept[row].text[i];

		len = text ? strlen(text) : 0;
		if (len > room && t->column[i].shorten)
			len = t->column[i].shorten(shortened, text, room);
		if (len > widest)
			widest = len;
	}
	return widest;
}

/*
 * Shorten no more than there is need to, the widest column first.  Texts shrink in
 * steps: what one column leaves over another may be able to use.
 */
static void shrink(struct table *t)
{
	unsigned int i, which;
	size_t sum;

	while (needed(t, t->wide) > t->width) {
		which = t->nr;
		for (i = 0; i < t->nr; i++)
			if (!t->gone[i] && t->wide[i] > t->least[i] &&
			    (which == t->nr || t->wide[i] > t->wide[which]))
				which = i;
		if (which == t->nr)
			return;
		t->wide[which]--;
	}
	for (i = 0; i < t->nr; i++)
		t->wide[i] = takes(t, i, t->wide[i]);
	for (i = 0; i < t->nr; i++) {
		sum = needed(t, t->wide);
		if (!t->gone[i] && sum < t->width)
			t->wide[i] = takes(t, i, t->wide[i] + t->width - sum);
	}
}

static void begin(struct table *t)
{
	unsigned int i, row, last;

	for (i = 0; i < t->nr; i++) {
		t->wide[i] = takes(t, i, SIZE_MAX);
		t->least[i] = t->width ? takes(t, i, 0) : t->wide[i];
	}
	if (t->width) {
		let_go(t);
		shrink(t);
	}
	t->begun = true;

	last = last_column(t);
	for (i = 0; t->header && i <= last; i++)
		if (!t->gone[i])
			print(t, i, i == last, t->column[i].title, TEXT_BOLD);
	for (row = 0; row < t->nr_kept; row++) {
		for (i = 0; i < t->nr; i++) {
			const char *text = t->kept[row].text[i];

			if (!t->gone[i])
				print(t, i, i == last, text ? text : "-",
				      t->kept[row].color[i]);
			free(t->kept[row].text[i]);
		}
	}
	t->nr_kept = 0;
}

/**
 * table_row() - add a row
 * @t: the table
 * @cells: as many as there are columns; copied
 */
void table_row(struct table *t, const struct table_cell *cells)
{
	unsigned int i, last;

	if (!t->begun) {
		struct kept *k = &t->kept[t->nr_kept++];

		for (i = 0; i < t->nr; i++) {
			k->text[i] = cells[i].text ? strdup(cells[i].text) : NULL;
			k->color[i] = cells[i].color;
		}
		if (t->nr_kept == KEPT_ROWS)
			begin(t);
		return;
	}
	last = last_column(t);
	for (i = 0; i <= last; i++)
		if (!t->gone[i])
			print(t, i, i == last, cells[i].text ? cells[i].text : "-",
			      cells[i].color);
}

/**
 * table_flush() - print what was kept back, and keep nothing back from now on
 * @t: the table
 *
 * For output that someone watches as it comes.
 */
void table_flush(struct table *t)
{
	if (!t->begun)
		begin(t);
	fflush(t->out);
}

/**
 * table_end() - print what is left, and let go of the table
 * @t: the table
 *
 * Return: how many columns there was no room for.
 */
unsigned int table_end(struct table *t)
{
	unsigned int i, hidden = 0;

	if (!t->begun)
		begin(t);
	for (i = 0; i < t->nr; i++)
		hidden += t->gone[i];
	free(t->kept);
	free(t);
	return hidden;
}

/**
 * table_drop() - let go of a table without printing what is left
 * @t: the table
 */
void table_drop(struct table *t)
{
	unsigned int i, row;

	for (row = 0; row < t->nr_kept; row++)
		for (i = 0; i < t->nr; i++)
			free(t->kept[row].text[i]);
	free(t->kept);
	free(t);
}
