/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * baseline.h: the state of the books, in a file.
 *
 * Owns: struct mark, what the file holds, where it is if nobody says.
 * Used by: balance.c.
 * Must not: read the books.
 */
#ifndef TCPLC_MARK_H
#define TCPLC_MARK_H

#include <stddef.h>

#include "ask/books.h"

/**
 * struct mark - the books at one time
 * @boot: which boot this was
 * @netns: inode number of the network namespace
 * @netns_cookie: number no other namespace of this boot has; 0: not known
 * @module: tells one load of the module from another; 0: not known
 * @books: the books; of @books.base nothing is kept
 * @missed: of the whole host: hits not delivered; this and the next three are 0
 *	    for who may not see them
 * @untracked: connections there was no room for
 * @excluded: connections left out as configured
 * @gaps: transitions from another state than the one on record
 */
struct mark {
	char boot[40];
	uint64_t netns;
	uint64_t netns_cookie;
	uint64_t module;
	struct books books;
	uint64_t missed;
	uint64_t untracked;
	uint64_t excluded;
	uint64_t gaps;
};

void mark_here(struct mark *m);
void mark_path(const struct mark *m, char *path, size_t size);
int mark_save(const struct mark *m, const char *path, char *why, size_t size);
int mark_load(struct mark *m, const char *path, char *why, size_t size);

#endif /* TCPLC_MARK_H */
