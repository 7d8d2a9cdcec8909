/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log_line.h: an ended connection in one line.
 *
 * Owns: what stands in that line, and the header of such lines.
 * Used by: log.c.
 * Must not: wait for other lines, to see how wide a column is.
 */
#ifndef TCPLC_LOG_LINE_H
#define TCPLC_LOG_LINE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/conn.h"

void log_line_header(FILE *out, bool netns);
void log_line_print(FILE *out, const struct conn *c, bool netns);
uint64_t log_line_died(const struct conn *c);

#endif /* TCPLC_LOG_LINE_H */
