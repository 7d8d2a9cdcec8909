/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parties.h: connections, counted by who has them.
 *
 * Owns: struct parties.
 * Used by: snapshot.c, which fills two of them; top.c sorts, top_text.c prints.
 * Must not: know whether a name is that of a peer or of a process.
 */
#ifndef TCPLC_PARTIES_H
#define TCPLC_PARTIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

/* enum parties_by - what counts most */
enum parties_by {
	PARTIES_BORN,
	PARTIES_OPEN,
	PARTIES_ENDED,
	PARTIES_RESET,
	PARTIES_BY_NR,
};

/**
 * struct party - one of them
 * @name: harmless to print
 * @open: connections that are there
 * @ended: that are over, and on record
 * @reset: of these, by an RST
 * @born: began within the window
 * @died: ended within the window
 */
struct party {
	char *name;
	uint64_t open;
	uint64_t ended;
	uint64_t reset;
	uint64_t born;
	uint64_t died;
};

/**
 * struct window - a time to count in
 * @from: nanoseconds since 1970
 * @until: likewise; not in it
 */
struct window {
	uint64_t from;
	uint64_t until;
};

/**
 * struct parties - all of them
 * @party: in the order of parties_sort()
 * @nr: how many
 * @slot: private: where a name is found, plus 1; 0: nothing there
 * @room: private: slots
 */
struct parties {
	struct party *party;
	size_t nr;
	uint32_t *slot;
	size_t room;
};

int parties_count(struct parties *p, const char *name, const struct conn *c,
		  const struct window *w);
void parties_sort(struct parties *p, enum parties_by by);
void parties_free(struct parties *p);

#endif /* TCPLC_PARTIES_H */
