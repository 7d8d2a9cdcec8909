/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bars.h: a histogram, drawn.
 *
 * Used by: stats.c.
 * Must not: know where it comes from.
 */
#ifndef TCPLC_BARS_H
#define TCPLC_BARS_H

#include <stdio.h>

#include "ask/counters.h"

void bars_print(FILE *out, const struct histogram *h, unsigned int width);
uint64_t bars_percentile(const struct histogram *h, unsigned int percent);

#endif /* TCPLC_BARS_H */
