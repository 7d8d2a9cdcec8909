/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rung_text.h: what stands on an arrow of a ladder.
 *
 * Used by: ladder.c, ladder_svg.c, report_life.c.
 */
#ifndef TCPLC_RUNG_TEXT_H
#define TCPLC_RUNG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "draw/rung.h"

#define RUNG_LABEL_SIZE 112

void rung_label(char *out, size_t size, const struct rung *r, bool relative);
void rung_label_short(char *out, size_t size, const struct rung *r);

#endif /* TCPLC_RUNG_TEXT_H */
