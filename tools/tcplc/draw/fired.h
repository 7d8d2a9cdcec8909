/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fired.h: which timers fired in a life.
 *
 * Used by: sentence.c.
 */
#ifndef TCPLC_FIRED_H
#define TCPLC_FIRED_H

#include <stdio.h>

#include "base/conn.h"

unsigned int fired_count(const struct conn *c, uint8_t cause);
void fired_in_vain(FILE *out, const struct conn *c);

#endif /* TCPLC_FIRED_H */
