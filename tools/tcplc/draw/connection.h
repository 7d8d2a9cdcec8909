/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connection.h: everything there is to say of one connection.
 *
 * Owns: the order: how it ended, who opened it and when, the ladder, the facts.
 * Used by: show.c.
 */
#ifndef TCPLC_LIFE_H
#define TCPLC_LIFE_H

#include <stdio.h>

#include "ask/losses.h"
#include "base/conn.h"
#include "draw/ladder.h"

int life_print(FILE *out, const struct conn *c, const struct ladder_style *style,
	       const struct losses *losses);

#endif /* TCPLC_LIFE_H */
