/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conn_json.h: records and events as JSON, one object a line; see docs/json.md.
 *
 * Owns: their form. It is written as it goes: a tree of objects for each, built,
 * printed and taken down, cost fifty times as much, and a listener that is behind
 * loses events.
 * Used by: list, listeners, show and watch under --json.
 * Must not: let bytes that are not UTF-8 into a string.
 */
#ifndef TCPLC_CONN_JSON_H
#define TCPLC_CONN_JSON_H

#include <stdint.h>
#include <stdio.h>

#include "base/conn.h"

int conn_json_print(FILE *out, const struct conn *c, const uint64_t *event);

#endif /* TCPLC_CONN_JSON_H */
