/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * books.h: what the kernel and the module each counted, pair by pair.
 *
 * Owns: the pairs, and reading both sides of a network namespace.
 * Used by: baseline.c and balance.c.
 * Must not: judge a difference.
 */
#ifndef TCPLC_BOOKS_H
#define TCPLC_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask/nl.h"

#define BOOKS_MAX (TCP_LIFECYCLE_A_BOOKS_MAX + 1)

/**
 * struct books - both sides
 * @kernel: SNMP counters, by the index of books_name()
 * @module: the module's counts, likewise
 * @base: value of @kernel when @module began
 * @span: so long ago, microseconds
 * @older: that was when the module was loaded; else when the namespace began
 * @moved: the kernel's counters moved while @base was taken
 * @settled: the kernel's did not move while the module's were read
 */
struct books {
	uint64_t kernel[BOOKS_MAX];
	uint64_t module[BOOKS_MAX];
	uint64_t base[BOOKS_MAX];
	uint64_t span;
	bool older;
	bool moved;
	bool settled;
};

const char *books_name(size_t i);
int books_parse(const char *path, uint64_t kernel[BOOKS_MAX]);
int books_read(struct nl *nl, struct books *b);

#endif /* TCPLC_BOOKS_H */
