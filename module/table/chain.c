// SPDX-License-Identifier: GPL-2.0-only
/*
 * chain.c: the hash chains the records are found by.
 *
 * Owns: see chain.h, which has what each event goes through.
 * Called by: conn.c and newcomer.c.
 * Must not: allocate but at load.
 */
#include "table/chain.h"

#include <linux/cache.h>
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

struct tlc_chain *tlc_chains __read_mostly;
unsigned int tlc_chain_shift __read_mostly;
struct tlc_secret tlc_chain_secret __read_mostly;

/* Of a connection that nobody saw built the port may not be known. */
static bool same_ends(const struct tlc_ident *a, const struct tlc_ident *b)
{
	return (a->lport == b->lport || !a->lport) && a->rport == b->rport &&
	       !memcmp(a->local, b->local, sizeof(a->local)) &&
	       !memcmp(a->remote, b->remote, sizeof(a->remote));
}

/**
 * tlc_chain_find_timewait() - the record of what a timewait socket says
 * @chain: of its cookie, locked
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 *
 * It is of the connection it stands for: the full socket may have made others, before
 * and after, which are told apart by their ends, and need not all have records.
 *
 * Return: NULL if the socket has no record; -ENOENT if it has, but not of this one.
 */
struct tlc_record *tlc_chain_find_timewait(struct tlc_chain *chain,
					   const struct tlc_event *ev,
					   tlc_ident_fn ident, const void *obj)
{
	struct tlc_record *rec, *newest = NULL;
	bool none = true;
	struct tlc_ident id;

	lockdep_assert_held(&chain->lock);
	hlist_for_each_entry(rec, &chain->head, node) {
		if (rec->cookie != ev->cookie)
			continue;
		if (none) {
			none = false;
			memset(&id, 0, sizeof(id));
			ident(obj, &id);
		}
		if (!same_ends(&rec->id, &id))
			continue;
		if (rec->flags & TLC_FLAG_TIMEWAIT && !rec->died)
			return rec;
		newest = newest ?: rec;
	}
	return newest || none ? newest : ERR_PTR(-ENOENT);
}

/**
 * tlc_chain_unhash() - take a record off its chain
 * @rec: record; the caller has it off the list of the dead
 *
 * Context: any, no chain's lock held.
 */
void tlc_chain_unhash(struct tlc_record *rec)
{
	struct tlc_chain *chain = tlc_chain_of(rec->cookie);
	unsigned long flags;

	raw_spin_lock_irqsave(&chain->lock, flags);
	tlc_chain_remove(chain, rec);
	raw_spin_unlock_irqrestore(&chain->lock, flags);
}

/**
 * tlc_chain_init() - allocate the table
 * @records: the pool holds
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_chain_init(unsigned int records)
{
	const u32 nr = roundup_pow_of_two(records);
	u32 i;

	tlc_chains = kvcalloc(nr, sizeof(*tlc_chains), GFP_KERNEL | __GFP_NOWARN);
	if (!tlc_chains)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		raw_spin_lock_init(&tlc_chains[i].lock);
	tlc_chain_shift = 64 - ilog2(nr);
	tlc_secret_draw(&tlc_chain_secret);
	return 0;
}

/**
 * tlc_chain_exit() - free it
 *
 * Context: process; no handler and no reader is left.
 */
void tlc_chain_exit(void)
{
	kvfree(tlc_chains);
	tlc_chains = NULL;
}
