/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ladder_layout.h: where on a picture what happened has its place.
 *
 * Owns: the scale of time, and how far apart lines must be to be read.
 * Used by: ladder_svg.c.
 * Must not: draw.
 */
#ifndef TCPLC_LADDER_LAYOUT_H
#define TCPLC_LADDER_LAYOUT_H

#include "draw/both.h"

/* enum ladder_scale - what a distance down the picture means */
enum ladder_scale {
	LADDER_EVEN,	/* the order only: lines are as far apart as they can be read */
	LADDER_TIME,	/* time, to scale */
	LADDER_LOG,	/* the logarithm of the time since the beginning */
};

/**
 * struct place - of one happening
 * @y: where it happened
 * @text: base line of what is said of it
 * @lines: of text it takes, 0 for none
 */
struct place {
	double y;
	double text;
	unsigned int lines;
};

/**
 * struct layout - of all of them
 * @place: one for each happening
 * @top: of the rails
 * @bottom: likewise
 * @until: microseconds at @bottom, for the scales of time
 */
struct layout {
	struct place *place;
	double top;
	double bottom;
	uint64_t until;
};

#define LAYOUT_LINE 16		/* from one line of text to the next */
#define LAYOUT_NOTE_WIDTH 430	/* room for a note between the rails */
#define LAYOUT_ASIDE_WIDTH 400	/* and beside them */

int layout_make(struct layout *l, const struct both *b, enum ladder_scale scale, double top);
double layout_y(const struct layout *l, enum ladder_scale scale, uint64_t at);

#endif /* TCPLC_LADDER_LAYOUT_H */
