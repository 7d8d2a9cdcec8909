/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h: which records are wanted.
 *
 * Owns: the grammar, in parse.c and condition.c; what it means, in
 * match.c; how much of it the kernel can do, in kernel.c.
 * Used by: query.c, and each subcommand that takes a filter.
 * Must not: print, or rely on the kernel having filtered.
 */
#ifndef TCPLC_FILTER_H
#define TCPLC_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/conn.h"

struct filter;

/**
 * struct filter_error - why a filter cannot be read, and where
 * @text: the whole filter
 * @at: offset of the offending word in it
 * @len: its length; 0 at the end of the filter
 * @what: what is wrong with it
 */
struct filter_error {
	char text[4096];
	size_t at;
	size_t len;
	char what[256];
};

/*
 * What a filter must know: FILTER_NEEDS_RECORD is what an event does not tell,
 * FILTER_NEEDS_ENTRIES what a record asked for without its entries does not.
 */
#define FILTER_NEEDS_RECORD	1U
#define FILTER_NEEDS_ENTRIES	2U

struct filter *filter_parse(const char *text, uint64_t now,
			    struct filter_error *error);
struct filter *filter_parse_words(int argc, char **argv,
				  struct filter_error *error);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct conn *c);
bool filter_needs(const struct filter *f, unsigned int what,
		  struct filter_error *error);
void filter_put(const struct filter *f, struct nlmsghdr *nlh);
void filter_error_print(const struct filter_error *error, FILE *out);

#endif /* TCPLC_FILTER_H */
