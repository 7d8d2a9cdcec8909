/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_line.h: one connection, as the page of tcplc report reads it.
 *
 * Owns: the line: what the table needs, a tab, what is needed when it is opened. The
 * other side of it is report/records.js.
 * Used by: report.c.
 * Must not: let a '<' through, with which a script could end.
 */
#ifndef TCPLC_REPORT_LINE_H
#define TCPLC_REPORT_LINE_H

#include <stdio.h>

#include "ask/losses.h"
#include "base/conn.h"

int report_line(FILE *out, const struct conn *c, const struct losses *losses,
		const unsigned int *findings, size_t nr);
void report_string(FILE *out, const char *text);

#endif /* TCPLC_REPORT_LINE_H */
