/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ladder.h: the life of a connection as a ladder diagram.
 *
 * Owns: how its lines look.
 * Used by: show.c.
 * Must not: look at the terminal or the locale itself, but for text_on().
 */
#ifndef TCPLC_LADDER_H
#define TCPLC_LADDER_H

#include <stdbool.h>
#include <stdio.h>

#include "base/conn.h"

#define LADDER_LEAST 61		/* columns; less would leave no room for numbers */
#define LADDER_MOST 100		/* arrows get no better from being longer */

/**
 * struct ladder_style - what the output can take
 * @width: columns
 * @utf8: lines and arrows, ASCII otherwise
 * @absolute: numbers are those on the wire, not counted from the first
 */
struct ladder_style {
	unsigned int width;
	bool utf8;
	bool absolute;
};

int ladder_print(FILE *out, const struct conn *c, const struct ladder_style *style);

#endif /* TCPLC_LADDER_H */
