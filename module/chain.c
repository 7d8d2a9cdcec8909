// SPDX-License-Identifier: GPL-2.0
/*
 * chain.c: the hash chains the records are found by.
 *
 * Owns: see chain.h, which has what each event goes through.
 * Called by: conn.c and newcomer.c.
 * Must not: allocate but at load.
 */
#include "chain.h"

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

struct tlc_chain *tlc_chains;
unsigned int tlc_chain_bits;

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
	hlist_del_init(&rec->node);
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
	unsigned int i;

	tlc_chain_bits = ilog2(roundup_pow_of_two(records));
	tlc_chains = kvcalloc(1U << tlc_chain_bits, sizeof(*tlc_chains), GFP_KERNEL);
	if (!tlc_chains)
		return -ENOMEM;
	for (i = 0; i < 1U << tlc_chain_bits; i++)
		raw_spin_lock_init(&tlc_chains[i].lock);
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
