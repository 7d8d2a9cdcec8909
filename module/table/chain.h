/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chain.h: the hash chains the records are found by.
 *
 * Owns: the table, its locks, the order within a chain.
 * Used by: conn.c and newcomer.c, in handler context; readers and ageing.
 * Must not: know what an event does to a record.
 */
#ifndef TLC_CHAIN_H
#define TLC_CHAIN_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>

#include "life/record.h"
#include "secret.h"
#include "table/party.h"

/**
 * struct tlc_chain - records whose cookies have the same hash
 * @lock: protects @head, the records in it, and @spent
 * @spent: no generation from here on was given to a socket of which no record is left
 * @head: the newest generation of a socket is in front of its older ones
 */
struct tlc_chain {
	raw_spinlock_t lock;
	u32 spent;
	struct hlist_head head;
};

extern struct tlc_chain *tlc_chains;
extern unsigned int tlc_chain_shift;
extern struct tlc_secret tlc_chain_secret;

/**
 * tlc_chain_of() - the chain a socket's records are in
 * @cookie: socket cookie
 */
static inline struct tlc_chain *tlc_chain_of(u64 cookie)
{
	return &tlc_chains[tlc_secret_hash(&tlc_chain_secret, cookie) >> tlc_chain_shift];
}

struct tlc_record *tlc_chain_find_timewait(struct tlc_chain *chain,
					   const struct tlc_event *ev,
					   tlc_ident_fn ident, const void *obj);

/**
 * tlc_chain_find() - the record an event is of
 * @chain: of its cookie, locked
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 *
 * Return: NULL if there is none; -ENOENT if there was one, and nothing is to
 * become of the event.
 */
static inline struct tlc_record *tlc_chain_find(struct tlc_chain *chain,
						const struct tlc_event *ev,
						tlc_ident_fn ident, const void *obj)
{
	struct tlc_record *rec;

	lockdep_assert_held(&chain->lock);
	/* The full socket is still there when its timewait socket begins. */
	if (ev->timewait && !ev->first)
		return tlc_chain_find_timewait(chain, ev, ident, obj);
	hlist_for_each_entry(rec, &chain->head, node)
		if (rec->cookie == ev->cookie)
			return rec;
	return NULL;
}

/**
 * tlc_chain_remove() - take a record off its chain
 * @chain: its chain, locked
 * @rec: record
 *
 * Its socket may live on, and connect again when nothing is left of this: that must get
 * another generation.  One number for all sockets of the chain will do for it.
 */
static inline void tlc_chain_remove(struct tlc_chain *chain, struct tlc_record *rec)
{
	lockdep_assert_held(&chain->lock);
	hlist_del_init(&rec->node);
	if (unlikely(rec->flags & TLC_FLAG_PARTY))
		tlc_party_leave(rec);
	if (chain->spent <= rec->generation)
		chain->spent = rec->generation + 1;
}

/**
 * tlc_chain_superseded() - is an event of a later connection, made with the same socket?
 * @rec: record it was found by
 * @ev: event
 *
 * Of one that has no record yet, or it would have been found.  Once a timewait socket
 * stands for a connection, its full socket is in the state it was in, and ends; on another
 * CPU a timer may tell of it meanwhile, which has not got the socket's lock yet.
 */
static inline bool tlc_chain_superseded(const struct tlc_record *rec,
					const struct tlc_event *ev)
{
	if (ev->timewait && !ev->first)
		return false;
	return rec->superseded ||
	       (rec->flags & TLC_FLAG_TIMEWAIT &&
		ev->from != TCP_LIFECYCLE_STATE_FIN_WAIT_2 &&
		ev->from != TCP_LIFECYCLE_STATE_CLOSING);
}

int tlc_chain_init(unsigned int records);
void tlc_chain_exit(void);
void tlc_chain_unhash(struct tlc_record *rec);

#endif /* TLC_CHAIN_H */
