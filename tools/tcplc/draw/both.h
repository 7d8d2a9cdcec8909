/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * both.h: the two ends of one connection, or the one there is a record of, as what
 * happened, in order of time.
 *
 * Owns: which record is that of the other end, which segment one end sent is which the
 * other received.
 * Used by: ladder_layout.c, show.c.
 * Must not: take two records for the ends of one connection unless both initial
 * sequence numbers say so.
 */
#ifndef TCPLC_BOTH_H
#define TCPLC_BOTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"
#include "draw/rung.h"

#define BOTH_NONE SIZE_MAX

/**
 * struct happening - one rung of one end
 * @rung: it
 * @peer: of the other end, which is drawn on the right
 * @at: microseconds since the older of the two records began
 * @mate: index of the same segment at the other end, or BOTH_NONE
 */
struct happening {
	const struct rung *rung;
	bool peer;
	uint64_t at;
	size_t mate;
};

/**
 * struct both - what happened at one end, or at both
 * @end: the records; the second is NULL if there is none
 * @what: in order of time
 * @nr: how many
 */
struct both {
	const struct conn *end[2];
	struct happening *what;
	size_t nr;
	struct rung *rungs[2];
};

bool both_match(const struct conn *one, const struct conn *other);
int both_make(struct both *b, const struct conn *one, const struct conn *other);
void both_free(struct both *b);

#endif /* TCPLC_BOTH_H */
