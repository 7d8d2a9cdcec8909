/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts.h: what a record has in addition to its entries, one line per fact.
 *
 * Owns: which facts belong together, and what is left out if it is not known.
 * Used by: connection.c, ladder_svg.c, report_life.c.
 * Must not: say what the ladder says.
 */
#ifndef TCPLC_FACTS_H
#define TCPLC_FACTS_H

#include <stdio.h>

#include "base/conn.h"
#include "base/text.h"

typedef void (*facts_fn)(const char *name, const char *text, enum text_color color, void *data);

void facts_each(const struct conn *c, facts_fn fn, void *data);
void facts_print(FILE *out, const struct conn *c, unsigned int width);

#endif /* TCPLC_FACTS_H */
