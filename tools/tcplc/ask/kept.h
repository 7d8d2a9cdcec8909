/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kept.h: records that outlive the answer they came in.
 *
 * Owns: their copies, with their entries.
 * Used by: show, diagram, timeline, report.
 * Must not: grow without a limit that its user knows.
 */
#ifndef TCPLC_KEPT_H
#define TCPLC_KEPT_H

#include <stddef.h>

#include "base/conn.h"

/**
 * struct kept - records
 * @conn: them
 * @nr: how many
 */
struct kept {
	struct conn *conn;
	size_t nr;
};

int kept_add(const struct conn *c, void *data);
void kept_sort(struct kept *k);
void kept_free(struct kept *k);

#endif /* TCPLC_KEPT_H */
