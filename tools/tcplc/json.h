/* SPDX-License-Identifier: GPL-2.0 */
/*
 * json.h: records as JSON, see docs/json.md.
 *
 * Owns: the names and units of the schema, one object a line.
 * Used by: each subcommand under --json.
 * Must not: let bytes that are not UTF-8 into a string.
 */
#ifndef TCPLC_JSON_H
#define TCPLC_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "conn.h"

json_t *json_conn(const struct conn *c);
json_t *json_entry(const struct entry *e);
json_t *json_bytes(const char *bytes, size_t len);
json_t *json_u64(uint64_t value);
int json_print(json_t *object);

#endif /* TCPLC_JSON_H */
