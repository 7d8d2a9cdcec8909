/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrap.h: prose that fits.
 *
 * Used by: facts.c, show.c.
 * Must not: break a word; one that is longer than the line stands out.
 */
#ifndef TCPLC_WRAP_H
#define TCPLC_WRAP_H

#include <stdio.h>

unsigned int wrap_columns(const char *text);
void wrap_print(FILE *out, const char *text, unsigned int indent,
		unsigned int width);

#endif /* TCPLC_WRAP_H */
