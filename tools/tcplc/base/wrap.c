// SPDX-License-Identifier: GPL-2.0-only
/*
 * wrap.c: prose that fits.
 */
#include "base/wrap.h"

#include <string.h>

/**
 * wrap_columns() - how wide a text is
 * @text: in UTF-8, and nothing in it is wider than one column
 */
unsigned int wrap_columns(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static unsigned int word_columns(const char *text, size_t len)
{
	unsigned int n = 0;

	while (len--)
		n += (*text++ & 0xc0) != 0x80;
	return n;
}

/**
 * wrap_print() - print words, and a line end behind the last
 * @out: where to; @indent columns of the line are there already
 * @text: words with single spaces between
 * @indent: of the lines that follow
 * @width: of a line; 0 for any
 */
void wrap_print(FILE *out, const char *text, unsigned int indent,
		unsigned int width)
{
	unsigned int at = indent;
	size_t len;

	for (; *text; text += len) {
		text += *text == ' ';
		len = strcspn(text, " ");
		if (at > indent && width &&
		    at + 1 + word_columns(text, len) > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			putc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += word_columns(text, len);
	}
	putc('\n', out);
}
