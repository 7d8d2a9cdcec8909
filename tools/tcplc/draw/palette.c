// SPDX-License-Identifier: GPL-2.0-only
/*
 * palette.c: what each state looks like in a picture.
 */
#include "draw/palette.h"

#include <ctype.h>
#include <stddef.h>

#include <linux/tcp_lifecycle.h>

#include "base/names.h"
#include "draw/svg.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define SAMPLE 16	/* of a colour, in the legend */

static const char *const patterns[TCP_LIFECYCLE_STATE_MAX + 1] = {
	[S(NEW_SYN_RECV)] = "dots",
	[S(SYN_RECV)] = "stripes",
	[S(FIN_WAIT_2)] = "stripes",
	[S(CLOSING)] = "dots",
	[S(LAST_ACK)] = "stripes",
	[S(TIME_WAIT)] = "bars",
};

/**
 * palette_pattern() - what lies over the colour of a state
 * @state: enum tcp_lifecycle_state
 *
 * Return: the name of a pattern, or NULL for none.
 */
const char *palette_pattern(uint8_t state)
{
	return state <= TCP_LIFECYCLE_STATE_MAX ? patterns[state] : NULL;
}

/**
 * palette_define() - the patterns, once in each picture
 * @out: where
 */
void palette_define(FILE *out)
{
	fputs("<defs>\n"
	      "<pattern id=\"p-stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	      "<path class=\"ink\" d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/></pattern>\n"
	      "<pattern id=\"p-dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
	      "<circle class=\"ink-dot\" cx=\"2.5\" cy=\"2.5\" r=\"1.1\"/></pattern>\n"
	      "<pattern id=\"p-bars\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
	      "<path class=\"ink\" d=\"M0 2.5H5\"/></pattern>\n"
	      "</defs>\n", out);
}

/**
 * palette_class() - the class of a state
 * @out: set to "s s-time-wait" and the like
 * @size: its size
 * @state: enum tcp_lifecycle_state
 */
void palette_class(char *out, size_t size, uint8_t state)
{
	const char *word = state ? names_word(NAMES_STATE, state) : "none";
	char *p = out + snprintf(out, size, "s s-");

	for (; *word && p < out + size - 1; word++)
		*p++ = *word == '_' ? '-' : tolower((unsigned char)*word);
	*p = '\0';
}

/**
 * palette_rect() - a bar that is a state
 * @out: where
 * @state: enum tcp_lifecycle_state
 * @x: left
 * @y: top
 * @w: width
 * @h: height
 */
void palette_rect(FILE *out, uint8_t state, double x, double y, double w, double h)
{
	const char *pattern = palette_pattern(state);
	char class[32];

	palette_class(class, sizeof(class), state);
	svg_rect(out, class, x, y, w, h);
	if (!pattern)
		return;
	fprintf(out, "<rect class=\"over\" fill=\"url(#p-%s)\"", pattern);
	svg_number(out, " x=\"", x);
	svg_number(out, "\" y=\"", y);
	svg_number(out, "\" width=\"", w);
	svg_number(out, "\" height=\"", h);
	fputs("\"/>\n", out);
}

/**
 * palette_legend() - which look is which state
 * @out: where; NULL to measure
 * @x: left
 * @y: top
 * @width: room
 * @states: bit 1 << state for each that is used
 *
 * Return: the top of what may follow.
 */
double palette_legend(FILE *out, double x, double y, double width, uint32_t states)
{
	double at = x, need;
	unsigned int i;

	for (i = 1; i <= TCP_LIFECYCLE_STATE_MAX; i++) {
		const char *word = names_word(NAMES_STATE, i);

		if (!(states & 1U << i))
			continue;
		need = SAMPLE + 6 + svg_width(word) + 14;
		if (at > x && at + need > x + width) {
			at = x;
			y += 22;
		}
		if (out) {
			palette_rect(out, i, at, y, SAMPLE, 12);
			svg_text(out, "small", at + SAMPLE + 6, y + 10, word);
		}
		at += need;
	}
	return y + 26;
}
