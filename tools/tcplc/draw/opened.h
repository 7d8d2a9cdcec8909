/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * opened.h: how a connection was opened, in plain English.
 *
 * Used by: sentence.c.
 */
#ifndef TCPLC_OPENED_H
#define TCPLC_OPENED_H

#include <stdbool.h>
#include <stdio.h>

#include "base/conn.h"

bool opened_fully(const struct conn *c);
void opened_print(FILE *out, const struct conn *c);

#endif /* TCPLC_OPENED_H */
