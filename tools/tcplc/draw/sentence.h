/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sentence.h: a life in plain English.
 *
 * Owns: what is said of each opening, ending, and who closed first.
 * Used by: show.c.
 * Must not: say more than the record holds.
 */
#ifndef TCPLC_SENTENCE_H
#define TCPLC_SENTENCE_H

#include "ask/losses.h"
#include "base/conn.h"

char *sentence(const struct conn *c, const struct losses *losses);
char *sentence_opening(const struct conn *c);
char *sentence_end(const struct conn *c, const struct losses *losses);

#endif /* TCPLC_SENTENCE_H */
