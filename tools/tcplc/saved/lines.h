/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h: a file line by line, compressed or not.
 *
 * Owns: the open file, what unpacks it, the number of the line, the bound on its
 * length.
 * Used by: saved.c and the fuzzer of the reader.
 * Must not: know what a line says, or keep more than one of them.
 */
#ifndef TCPLC_LINES_H
#define TCPLC_LINES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a line at most; a record with 1024 entries of every field has 500 KB. */
#define LINES_MAX (1U << 20)

struct lines;

struct lines *lines_open(const char *path, char *why, size_t size);
struct lines *lines_open_memory(const void *bytes, size_t len, char *why, size_t size);
int lines_next(struct lines *l, char **text, size_t *len);
uint64_t lines_number(const struct lines *l);
const char *lines_why(const struct lines *l);
void lines_close(struct lines *l);

#endif /* TCPLC_LINES_H */
