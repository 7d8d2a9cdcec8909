/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * change.h: what became of each connection between two files.
 *
 * Owns: finding a record again, and what is called a change.
 * Used by: diff.c.
 * Must not: print.
 */
#ifndef TCPLC_CHANGE_H
#define TCPLC_CHANGE_H

#include "saved/saved.h"

/* enum change_kind - what became of it */
enum change_kind {
	CHANGE_BEGAN,		/* after the first file was written */
	CHANGE_APPEARED,	/* began before that, and yet is not in it */
	CHANGE_ENDED,
	CHANGE_MOVED,		/* other state, bytes, retransmissions or totals */
	CHANGE_GONE,		/* was open; there is no record of it any more */
	CHANGE_FORGOTTEN,	/* had ended; likewise */
	CHANGE_SAME,
	CHANGE_KINDS,
};

/**
 * struct change - of one connection
 * @kind: what became of it
 * @was: in the first file, without its entries; NULL if it is not there
 * @now: in the second, likewise
 */
struct change {
	enum change_kind kind;
	const struct conn *was;
	const struct conn *now;
};

/**
 * struct change_query - what to compare
 * @from: the first file
 * @to: the second
 * @brief: @wanted does not look at entries
 * @wanted: is it of interest?
 * @take: gets each change; returns 0 to go on
 * @data: for both
 */
struct change_query {
	struct saved *from;
	struct saved *to;
	bool brief;
	bool (*wanted)(const struct saved *of, const struct conn *c, void *data);
	int (*take)(const struct change *change, void *data);
	void *data;
};

const char *change_name(enum change_kind kind);
int change_all(const struct change_query *q);

#endif /* TCPLC_CHANGE_H */
