/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool.h: where records come from and go to.
 *
 * A record belongs to exactly one of: the free ones; its creator, who took it from
 * there; a hash chain.  A dead one is in a list of the dead as well (dead.h), until
 * someone takes it from there and then from its chain.
 */
#ifndef TLC_POOL_H
#define TLC_POOL_H

#include "life/record.h"

int tlc_pool_init(unsigned int capacity);
void tlc_pool_exit(void);
struct tlc_record *tlc_pool_get(void);
struct tlc_record *tlc_pool_find(void);
void tlc_pool_put(struct tlc_record *rec);
struct tlc_record *tlc_pool_slot(unsigned int i);
unsigned int tlc_pool_index(const struct tlc_record *rec);
unsigned int tlc_pool_slots(void);
unsigned int tlc_pool_capacity(void);
unsigned int tlc_pool_taken(void);
u32 tlc_pool_changes(void);

#endif /* TLC_POOL_H */
