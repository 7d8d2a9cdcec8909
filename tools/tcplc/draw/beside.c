// SPDX-License-Identifier: GPL-2.0-only
/*
 * beside.c: two texts, one to the right of the other.
 *
 * Pure.  Colours take no room on the screen.
 */
#include "draw/beside.h"

#include <string.h>

#include "base/text.h"

#define GAP 4

/* Columns of what stands before the end of the line. */
static unsigned int columns(const char *line)
{
	unsigned int n = 0;

	for (; *line && *line != '\n'; line++) {
		if (*line == '\033') {
			line += strcspn(line, "m\n");
			if (*line != 'm')
				break;
		} else {
			n += (*line & 0xc0) != 0x80;
		}
	}
	return n;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

static unsigned int widest(const char *text)
{
	unsigned int most = 0;

	for (; *text; text = next_line(text))
		most = columns(text) > most ? columns(text) : most;
	return most;
}

static void put_line(FILE *out, const char *line)
{
	fwrite(line, 1, strcspn(line, "\n"), out);
}

/**
 * beside_print() - print both, or one below the other where there is no room
 * @out: where to
 * @left: lines, each ended
 * @right: likewise
 * @width: of a line, or TEXT_WIDE
 */
void beside_print(FILE *out, const char *left, const char *right, unsigned int width)
{
	unsigned int from = widest(left) + GAP;

	if (width != TEXT_WIDE && from + widest(right) > width) {
		fprintf(out, "%s%s%s", left, *left && *right ? "\n" : "", right);
		return;
	}
	for (; *left || *right; left = next_line(left), right = next_line(right)) {
		put_line(out, left);
		if (*right && *right != '\n')
			fprintf(out, "%*s", (int)(from - columns(left)), "");
		put_line(out, right);
		putc('\n', out);
	}
}
