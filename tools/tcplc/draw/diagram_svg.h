/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diagram_svg.h: the state diagram as the books have it, and how often each edge was taken.
 *
 * Owns: where each state and each edge stands on the picture.
 * Used by: diagram_command.c, report.c.
 * Must not: know which edges are legal; that is module/life/fsm.c's.
 */
#ifndef TCPLC_DIAGRAM_SVG_H
#define TCPLC_DIAGRAM_SVG_H

#include <stdio.h>

#include "draw/diagram.h"

void diagram_svg(FILE *out, const struct diagram *d, const char *title, const char *about,
		 bool inlined);
bool diagram_svg_has(uint8_t from, uint8_t to);

#endif /* TCPLC_DIAGRAM_SVG_H */
