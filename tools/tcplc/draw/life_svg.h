/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * life_svg.h: what stands around the ladder on its picture.
 *
 * Owns: heading, legend, facts and sentence.
 * Used by: ladder_svg.c.
 * Must not: know of rails and arrows.
 */
#ifndef TCPLC_LIFE_SVG_H
#define TCPLC_LIFE_SVG_H

#include <stdbool.h>
#include <stdio.h>

#include "ask/losses.h"
#include "base/conn.h"
#include "draw/ladder_layout.h"

/**
 * struct life_svg - one picture
 * @conn: the connection, and its other end or NULL
 * @losses: what the module may have failed to see; NULL: not known
 * @x: left margin
 * @y: below the ladder
 * @width: between the margins
 * @implied: an arrow is drawn that is not on record
 * @said: filled by life_svg_begin()
 */
struct life_svg {
	const struct conn *conn[2];
	const struct losses *losses;
	double x;
	double y;
	double width;
	bool implied;
	char *said;
};

int life_svg_begin(FILE *out, struct life_svg *life, enum ladder_scale scale);
void life_svg_rest(FILE *out, struct life_svg *life, uint32_t states);
void life_svg_end(char *text, size_t size, const struct conn *c, bool remote,
		  const struct conn *owner);

#endif /* TCPLC_LIFE_SVG_H */
