/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stay.h: what a connection did between its handshake and its end.
 *
 * Owns: the line of ESTABLISHED in a ladder.
 * Used by: ladder.c.
 */
#ifndef TCPLC_STAY_H
#define TCPLC_STAY_H

#include <stddef.h>

#include "base/conn.h"

void stay_text(char *out, size_t size, const struct conn *c);

#endif /* TCPLC_STAY_H */
