/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lives.h: what the transitions of all records add up to.
 *
 * Owns: struct tlc_lives, and what ended records have added to it.
 * A record adds to it when it ends, in handler context, by conn.c.  What those add that
 * live still, conn.c adds when it is asked: it walks over them (tlc_conn_sum()).
 * Must not: be written at each transition.
 */
#ifndef TLC_LIVES_H
#define TLC_LIVES_H

#include <linux/types.h>

#include "life/fsm.h"
#include "life/record.h"

#define TLC_BUCKETS	40	/* the last one begins at 2^38 us, three days */

/**
 * struct tlc_lives - transitions and times
 * @edge: transitions, by old and new state; a power of two in each row, and no
 *	  number an entry can hold is outside
 * @stay: transitions, by the state left and the time spent in it
 * @rtt: handshakes, by their round trip
 */
struct tlc_lives {
	u64 edge[TLC_STATES_ROOM][TLC_STATES_ROOM];
	u64 stay[TLC_STATES_ROOM][TLC_BUCKETS];
	u64 rtt[TLC_BUCKETS];
};

int tlc_lives_init(void);
void tlc_lives_exit(void);
void tlc_lives_add(struct tlc_lives *to, const struct tlc_record *rec, s64 n);
void tlc_lives_fold(const struct tlc_record *rec, unsigned int slot, s64 n);
void tlc_lives_walk(struct tlc_lives *sum);
void tlc_lives_walked(unsigned int slot);
void tlc_lives_walk_stop(void);
void tlc_lives_walk_end(struct tlc_lives *sum);
u64 tlc_lives_bucket_least(unsigned int bucket);

#endif /* TLC_LIVES_H */
