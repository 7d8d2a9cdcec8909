/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ladder_svg.h: the life of a connection as a picture.
 *
 * Owns: how rails, states, arrows and texts look.
 * Used by: show.c.
 * Must not: say more than ladder.c, facts.c and sentence.c do.
 */
#ifndef TCPLC_LADDER_SVG_H
#define TCPLC_LADDER_SVG_H

#include <stdio.h>

#include "ask/losses.h"
#include "base/conn.h"
#include "draw/ladder_layout.h"

int ladder_svg(FILE *out, const struct conn *c, const struct conn *other,
	       enum ladder_scale scale, const struct losses *losses);

#endif /* TCPLC_LADDER_SVG_H */
