/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * saved.h: a file that tcplc save wrote.
 *
 * Owns: which line is what, and what was wrong with the file.
 * Used by: answer.c, diff.c.
 * Must not: keep records, of which there may be millions: each question reads the
 * file once more.
 */
#ifndef TCPLC_SAVED_H
#define TCPLC_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/conn.h"
#include "saved/header.h"
#include "saved/lines.h"

struct saved;

/**
 * typedef saved_conn_fn - takes a record
 * @c: it; gone when this returns, but what is taken out of it
 * @data: as given
 *
 * Return: 0 to go on, anything else ends it and is what it returns.
 */
typedef int (*saved_conn_fn)(struct conn *c, void *data);

/**
 * typedef saved_line_fn - takes a line
 * @object: it, parsed
 * @why: to be filled with what is wrong with it, if anything is
 * @size: its size
 * @data: as given
 *
 * Return: likewise.
 */
typedef int (*saved_line_fn)(const json_t *object, char *why, size_t size, void *data);

struct saved *saved_open(const char *path, char *why, size_t size);
struct saved *saved_open_memory(const void *bytes, size_t len, char *why, size_t size);
const struct header *saved_header(const struct saved *s);
int saved_records(struct saved *s, bool brief, saved_conn_fn fn, void *data);
int saved_lines(struct saved *s, const char *type, saved_line_fn fn, void *data);
bool saved_interrupted(const struct saved *s);
bool saved_fault(const struct saved *s, char *why, size_t size);
void saved_close(struct saved *s);

#endif /* TCPLC_SAVED_H */
