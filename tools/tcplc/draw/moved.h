/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moved.h: what led from one state to another without a segment, in words.
 *
 * Used by: rung.c.
 */
#ifndef TCPLC_MOVED_H
#define TCPLC_MOVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conn.h"

const char *moved_closed(uint8_t cause);
const char *moved_text(uint8_t cause);
bool moved_by_rst(const struct entry *rst, const struct entry *end);

#endif /* TCPLC_MOVED_H */
