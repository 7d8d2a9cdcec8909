/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * palette.h: what each state looks like in a picture.
 *
 * Owns: the colour of a state, by its class, and the pattern over it: those of one
 * colour differ by their pattern, so that no two are told apart by colour alone.
 * The colours are those of Okabe and Ito, made for colour-blind people.
 * Used by: ladder_svg.c, diagram_svg.c, timeline_svg.c, report.c.
 */
#ifndef TCPLC_PALETTE_H
#define TCPLC_PALETTE_H

#include <stdint.h>
#include <stdio.h>

void palette_define(FILE *out);
void palette_rect(FILE *out, uint8_t state, double x, double y, double w, double h);
void palette_class(char *out, size_t size, uint8_t state);
const char *palette_pattern(uint8_t state);
double palette_legend(FILE *out, double x, double y, double width, uint32_t states);

#endif /* TCPLC_PALETTE_H */
