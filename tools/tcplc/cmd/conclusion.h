/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conclusion.h: what the totals come to, in a few sentences.
 *
 * Used by: stats.c.
 * Must not: ask the module.
 */
#ifndef TCPLC_CONCLUSION_H
#define TCPLC_CONCLUSION_H

#include <stdio.h>

#include "ask/counters.h"

void conclusion_print(FILE *out, const struct counters *t, const struct histogram *handshakes,
		      unsigned int width);

#endif /* TCPLC_CONCLUSION_H */
