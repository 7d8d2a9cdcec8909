/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timeline.h: connections side by side, as bars over time.
 *
 * Owns: what is a bar's colour when, how bars are grouped and put in order.
 * Used by: timeline_command.c; drawn by timeline_svg.c, or as text.
 * Must not: show more than it was given.
 */
#ifndef TCPLC_TIMELINE_H
#define TCPLC_TIMELINE_H

#include <stdio.h>

#include "ask/kept.h"
#include "base/conn.h"
#include "base/ends.h"

/* enum timeline_by - what connections have in common that stand together */
enum timeline_by {
	TIMELINE_NONE,
	TIMELINE_PROCESS,
	TIMELINE_REMOTE,
};

#define TIMELINE_NAME_SIZE (4 * CONN_COMM_SIZE + ENDS_SIZE)

/**
 * struct timeline_row - one connection
 * @conn: it
 * @group: name of what it stands with; its first row shows it
 */
struct timeline_row {
	const struct conn *conn;
	char *group;
};

/**
 * struct timeline - all of them
 * @row: by group, the group with the oldest first; within one by start
 * @nr: how many
 * @left_out: connections there was no room for
 * @begin: nanoseconds since 1970: the earliest start
 * @until: the latest known moment
 */
struct timeline {
	struct timeline_row *row;
	size_t nr;
	size_t left_out;
	uint64_t begin;
	uint64_t until;
};

typedef void (*timeline_piece_fn)(uint8_t state, uint64_t from, uint64_t until, void *data);

int timeline_make(struct timeline *t, const struct kept *kept, enum timeline_by by, size_t most);
void timeline_free(struct timeline *t);
void timeline_pieces(const struct conn *c, timeline_piece_fn fn, void *data);
void timeline_print(FILE *out, const struct timeline *t, unsigned int width);
void timeline_svg(FILE *out, const struct timeline *t, enum timeline_by by);

#endif /* TCPLC_TIMELINE_H */
