/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool.h: where records come from and go to.
 *
 * A record belongs to exactly one of: the free list; its creator, who took it
 * from there; a hash chain.  A dead one is in the list of the dead as well, or in that
 * of those who are yet to be told of, until someone takes it from there and then from its
 * chain.
 */
#ifndef TLC_POOL_H
#define TLC_POOL_H

#include "life/record.h"

/**
 * struct tlc_usage - how full the pool is
 * @capacity: records in all
 * @live: held by living connections
 * @dead: held by ended ones
 */
struct tlc_usage {
	unsigned int capacity;
	unsigned int live;
	unsigned int dead;
};

int tlc_pool_init(unsigned int capacity);
void tlc_pool_exit(void);
struct tlc_record *tlc_pool_get(bool *evicted);
void tlc_pool_put(struct tlc_record *rec);
void tlc_pool_bury(struct tlc_record *rec);
bool tlc_pool_exhume(struct tlc_record *rec);
int tlc_pool_untold(u64 died_by);
bool tlc_pool_tell(struct tlc_record *rec);
struct tlc_record *tlc_pool_take_dead(u64 before);
u64 tlc_pool_longest_dead(void);
struct tlc_record *tlc_pool_slot(unsigned int i);
unsigned int tlc_pool_index(const struct tlc_record *rec);
unsigned int tlc_pool_slots(void);
u32 tlc_pool_changes(void);
struct tlc_usage tlc_pool_usage(void);

#endif /* TLC_POOL_H */
