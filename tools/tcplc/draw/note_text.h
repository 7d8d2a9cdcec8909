/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * note_text.h: what happened within a state, in words.
 *
 * Owns: the text for each such cause, with its count and its last time.
 * Used by: rung.c, watch.c.
 * Must not: know where the text will be printed.
 */
#ifndef TCPLC_WITHIN_H
#define TCPLC_WITHIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conn.h"

bool within_repeats(const struct entry *e);
void within_text(char *out, size_t size, const struct entry *e, bool times);

#endif /* TCPLC_WITHIN_H */
