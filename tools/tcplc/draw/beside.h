/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * beside.h: two texts, one to the right of the other.
 *
 * Used by: top_text.c.
 */
#ifndef TCPLC_BESIDE_H
#define TCPLC_BESIDE_H

#include <stdio.h>

void beside_print(FILE *out, const char *left, const char *right, unsigned int width);

#endif /* TCPLC_BESIDE_H */
