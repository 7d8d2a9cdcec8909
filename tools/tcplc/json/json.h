/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h: what all JSON has in common; see docs/json.md.
 *
 * Owns: strings, numbers, one object a line.
 * Used by: conn_json.c, and each subcommand that prints something else than records.
 * Must not: let bytes that are not UTF-8 into a string.
 */
#ifndef TCPLC_JSON_H
#define TCPLC_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_SCHEMA 2	/* of docs/json.schema.json; a name that changes its meaning raises it */
#define JSON_ESCAPED_SIZE 5	/* of a byte that is not UTF-8: \\\\x and two digits */

char *json_escape(char *out, const char *bytes, size_t len);
void json_unescape(char *out, size_t size, const char *text);
json_t *json_bytes(const char *bytes, size_t len);
json_t *json_u64(uint64_t value);
int json_print(json_t *object);

#endif /* TCPLC_JSON_H */
