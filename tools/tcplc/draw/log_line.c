// SPDX-License-Identifier: GPL-2.0-only
/*
 * log_line.c: an ended connection in one line.
 *
 * Each column has the width that most of what stands in it needs, and there is no blank in
 * it: lines can be compared at a glance, and taken apart with awk(1).
 */
#include "draw/log_line.h"

#include <string.h>

#include <linux/kernel.h>

#include "base/moment.h"
#include "base/text.h"
#include "draw/column.h"

#define TIME_WIDTH 32

static const struct {
	enum column_id id;
	unsigned int width;
} columns[] = {
	{ COLUMN_WHO, 20 },
	{ COLUMN_WHERE, 16 },
	{ COLUMN_LOCAL, 21 },
	{ COLUMN_REMOTE, 21 },
	{ COLUMN_OPEN, 8 },
	{ COLUMN_TX, 6 },
	{ COLUMN_RX, 6 },
	{ COLUMN_LIVED, 7 },
	{ COLUMN_CLOSE, 12 },
	{ COLUMN_FIRST, 5 },
	{ COLUMN_NETNS, 10 },
};

static bool is_shown(size_t i, bool netns)
{
	return netns || columns[i].id != COLUMN_NETNS;
}

/* A name may have blanks in it; they become what text_escape() would make of them. */
static const char *without_blanks(char *out, size_t size, const char *text)
{
	size_t len = 0;

	for (; *text && len + sizeof("\\x20") <= size; text++) {
		if (*text == ' ')
			len += snprintf(out + len, size - len, "\\x20");
		else
			out[len++] = *text;
	}
	out[len] = '\0';
	return out;
}

/* The last of a line is not padded. */
static void put(FILE *out, const char *text, enum text_color color, unsigned int width,
		bool right, bool last)
{
	size_t len = strlen(text), pad = len < width ? width - len : 0;

	if (right)
		fprintf(out, "%*s", (int)pad, "");
	if (color != TEXT_PLAIN)
		fprintf(out, "%s%s%s", text_on(color), text, text_off());
	else
		fputs(text, out);
	if (!right && !last)
		fprintf(out, "%*s", (int)pad, "");
	putc(last ? '\n' : ' ', out);
}

static size_t last_of(bool netns)
{
	size_t last = 0, i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (is_shown(i, netns))
			last = i;
	return last;
}

/**
 * log_line_header() - what the columns are
 * @out: where
 * @netns: name the network namespace
 */
void log_line_header(FILE *out, bool netns)
{
	size_t i;

	put(out, "ENDED", TEXT_BOLD, TIME_WIDTH, false, false);
	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct column *column = column_of(columns[i].id);

		if (is_shown(i, netns))
			put(out, column->title, TEXT_BOLD, columns[i].width, column->right,
			    i == last_of(netns));
	}
}

/**
 * log_line_died() - when nothing could happen to a connection any more
 * @c: one that ended, with its entries
 *
 * Return: nanoseconds since 1970: when it began, if it is not known.
 */
uint64_t log_line_died(const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	return c->start_ns + (e ? e->at_us * 1000 : 0);
}

/* When it was of use for the last time: what it then spent in TIME_WAIT is not LIVED either. */
static uint64_t ended(const struct conn *c)
{
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_LIVED_US))
		return c->start_ns + c->lived_us * 1000;
	return log_line_died(c);
}

/**
 * log_line_print() - print it
 * @out: where
 * @c: one that ended, with its entries
 * @netns: name the network namespace
 */
void log_line_print(FILE *out, const struct conn *c, bool netns)
{
	char text[COLUMN_TEXT_SIZE], plain[COLUMN_TEXT_SIZE], stamp[TEXT_STAMP_SIZE];
	size_t i;

	put(out, text_stamp(stamp, ended(c)), TEXT_PLAIN, TIME_WIDTH, false, false);
	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct column *column = column_of(columns[i].id);
		struct table_cell cell = { 0 };

		if (!is_shown(i, netns))
			continue;
		column->get(&cell, text, c);
		put(out, cell.text ? without_blanks(plain, sizeof(plain), cell.text) : "-",
		    cell.color, columns[i].width, column->right, i == last_of(netns));
	}
}
