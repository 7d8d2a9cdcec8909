/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parse_value.h: numbers, times, addresses and ports, as people write them.
 *
 * Used by: condition.c and config.c.
 * Must not: accept a value with something behind it.
 */
#ifndef TCPLC_VALUE_H
#define TCPLC_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conn.h"

#define VALUE_SCOPE_SIZE 64	/* name of an interface, as ends_scope() has it */

bool value_number(const char *text, uint64_t *value);
bool value_bytes(const char *text, uint64_t *value);
bool value_cookie(const char *text, uint64_t *value);
bool value_duration(const char *text, uint64_t *us);
bool value_time(const char *text, uint64_t now, uint64_t *ns);
bool value_user(const char *text, uint64_t *uid);
bool value_port(const char *text, uint16_t *port);
bool value_addr(const char *text, struct addr *addr, uint8_t *prefix,
		char scope[VALUE_SCOPE_SIZE]);

#endif /* TCPLC_VALUE_H */
