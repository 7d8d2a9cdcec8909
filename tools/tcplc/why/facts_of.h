/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts_of.h: questions about one record that several rules ask.
 *
 * Used by: key.c and each rule_*.c.
 * Must not: answer yes where the record does not know.
 */
#ifndef TCPLC_WHY_FACTS_OF_H
#define TCPLC_WHY_FACTS_OF_H

#include "base/conn.h"

bool facts_connected(const struct conn *c);
bool facts_came_in(const struct conn *c);
bool facts_is_listener(const struct conn *c);
bool facts_is_over(const struct conn *c);
bool facts_opened(const struct conn *c);
uint64_t facts_in_state(const struct conn *c);
const struct entry *facts_last_of(const struct conn *c, uint8_t cause);

#endif /* TCPLC_WHY_FACTS_OF_H */
