/* SPDX-License-Identifier: GPL-2.0 */
/*
 * conn.h: the table of records.
 *
 * Locks of the module:
 *
 * lock         type          protects                   taken from        nests
 * bucket.lock  raw spinlock  a hash chain and every     handlers, irqs    pool.lock
 *                            record in it               off; readers;
 *                                                       ageing
 * pool.lock    raw spinlock  free list, list of dead    as above          -
 *
 * Both are raw because a handler may run where PREEMPT_RT must not sleep.  No
 * two bucket locks are ever held together.
 *
 * A record belongs to exactly one of: the free list; its creator, who took it
 * from there; a hash chain.  A dead one is in the list of the dead as well,
 * until someone takes it from there and then from its chain.
 */
#ifndef TLC_CONN_H
#define TLC_CONN_H

#include "params.h"
#include "record.h"

/**
 * typedef tlc_ident_fn - read who talks to whom
 * @obj: socket, request or timewait socket
 * @id: filled
 *
 * Called only where a record begins or its ports become known.
 */
typedef void (*tlc_ident_fn)(const void *obj, struct tlc_ident *id);

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

int tlc_conn_init(const struct tlc_params *params, u64 (*missed)(void));
void tlc_conn_exit(void);
u64 tlc_conn_deliver(const struct tlc_event *ev, tlc_ident_fn ident,
		     const void *obj);
bool tlc_conn_read(unsigned int slot, u64 net, struct tlc_record *out);
unsigned int tlc_conn_slots(void);
struct tlc_usage tlc_conn_usage(void);
unsigned int tlc_conn_age(u64 now);

#endif /* TLC_CONN_H */
