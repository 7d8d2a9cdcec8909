/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seam.h: where what is on record meets what comes live.
 *
 * Owns: the records that ended before, copied, in the order of their ends; which
 * these are, so that none of them is taken twice.
 * Used by: log.c.
 * Must not: print.
 */
#ifndef TCPLC_SEAM_H
#define TCPLC_SEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conn.h"

/**
 * struct seam - what was there before
 * @conn: records kept
 * @nr: how many
 */
struct seam {
	struct conn *conn;
	size_t nr;
	/* private: */
	struct seam_id *known;	/* a hash table; size is a power of two */
	size_t size;
	size_t nr_known;
};

int seam_keep(struct seam *s, const struct conn *c);
bool seam_knows(const struct seam *s, const struct conn *c);
void seam_sort(struct seam *s);
void seam_drop_records(struct seam *s);
void seam_free(struct seam *s);

#endif /* TCPLC_SEAM_H */
