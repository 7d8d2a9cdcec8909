/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * who.h: what a process here did, and which.
 *
 * Owns: what is said of a process that opened or ended a connection.
 * Used by: sentence.c.
 * Must not: say more than the record holds.
 */
#ifndef TCPLC_WHO_H
#define TCPLC_WHO_H

#include <stdio.h>

#include "base/conn.h"

void who_owner(FILE *out, const struct conn *c, uint8_t call);
void who_reset(FILE *out, const struct conn *c, const char *why);
void who_silent(FILE *out, const struct conn *c);
void who_aborted(FILE *out, const struct conn *c);
void who_disconnected(FILE *out, const struct conn *c);
void who_left_it(FILE *out, const struct conn *c);
void who_cancelled(FILE *out, const struct conn *c);
void who_closed_listener(FILE *out, const struct conn *c);
void who_closed(FILE *out, const struct conn *c);

#endif /* TCPLC_WHO_H */
