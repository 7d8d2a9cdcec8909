/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conn_read.h: a record out of the JSON that json/conn_json.c made of it.
 *
 * Owns: the way back from each kind of value.
 * Used by: saved.c.
 * Must not: believe anything: the file may be by anyone.
 */
#ifndef TCPLC_CONN_READ_H
#define TCPLC_CONN_READ_H

#include <stddef.h>

#include <jansson.h>

#include "base/conn.h"

int conn_read(const json_t *object, struct conn *c, char *why, size_t size);

#endif /* TCPLC_CONN_READ_H */
