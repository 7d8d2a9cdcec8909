// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool.c: where records come from and go to.
 *
 * Owns: the array of records, and which of them are free.
 * Called by: newcomer.c, conn.c and ageing.c, in handler context with interrupts off, and
 * in process context; the lock of a hash chain may be held.
 * Must not: look into a record.
 *
 * The pool is one array, allocated at load.  A reader walks it by index, so a
 * record never moves under it: a connection that lives through the whole read
 * is seen once, neither twice nor never.
 *
 * Each CPU has a few free records of its own, and takes the lock that all share once for
 * a batch of them.  A record goes back to the CPU that frees it.  Nobody goes without as
 * long as any CPU has one.
 *
 * A full pool stays full: each new connection then has the record of a dead one.  That must
 * not write what all share either, nor look at each CPU in vain.
 */
#include "table/pool.h"

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define BATCH	16	/* records, between a CPU and what all share */

/**
 * struct few - the free records of one CPU
 * @lock: protects the rest; other CPUs take it only when nothing else is left
 * @changes: times that the CPU asked for a record or gave one back
 * @nr: how many
 * @rec: those, of which the last one goes first
 */
struct few {
	raw_spinlock_t lock;
	u32 changes;
	unsigned int nr;
	struct tlc_record *rec[2 * BATCH];
};

static DEFINE_PER_CPU_ALIGNED(struct few, few);

static struct {
	raw_spinlock_t lock;	/* Protects all that follows but record */
	struct list_head free;
	unsigned int nr_free;
	unsigned int nr_used;	/* slots ever handed out, all at the front */
	unsigned int capacity;
	struct tlc_record *record;
} pool = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(pool.lock),
};

/*
 * May any CPU have a free record?  Written when that changes, which it does not while the pool
 * stays full.
 */
static bool spare ____cacheline_aligned_in_smp;

static void note_spare(bool is)
{
	if (READ_ONCE(spare) != is)
		WRITE_ONCE(spare, is);
}

/* Others ask for the number, and for the changes, without the lock. */
static __always_inline void have(struct few *own, unsigned int nr)
{
	lockdep_assert_held(&own->lock);
	WRITE_ONCE(own->nr, nr);
}

static __always_inline void note_change(struct few *own)
{
	lockdep_assert_held(&own->lock);
	WRITE_ONCE(own->changes, own->changes + 1);
}

/* Is there anything that all may have?  Asked without the lock. */
static bool has_more(void)
{
	return READ_ONCE(pool.nr_free) || READ_ONCE(pool.nr_used) < pool.capacity;
}

/* A batch of what is free for all, else of the slots nobody ever had. */
static noinline unsigned int refill(struct few *own)
{
	unsigned int i, n;

	lockdep_assert_held(&own->lock);
	raw_spin_lock(&pool.lock);
	n = min_t(unsigned int, BATCH, pool.nr_free);
	for (i = 0; i < n; i++) {
		own->rec[i] = list_first_entry(&pool.free, struct tlc_record, list);
		list_del_init(&own->rec[i]->list);
	}
	WRITE_ONCE(pool.nr_free, pool.nr_free - n);
	if (!n) {
		n = min_t(unsigned int, BATCH, pool.capacity - pool.nr_used);
		for (i = 0; i < n; i++)
			own->rec[n - 1 - i] = &pool.record[pool.nr_used + i];
		/* Pairs with the smp_load_acquire() in tlc_pool_slots() */
		smp_store_release(&pool.nr_used, pool.nr_used + n);
	}
	raw_spin_unlock(&pool.lock);
	if (n)
		note_spare(true);
	return n;
}

/**
 * tlc_pool_find() - a record nobody knows, wherever it may be
 *
 * For who would go without.  What all share was found empty before: what was there has gone to
 * a CPU, which had its lock meanwhile.
 *
 * Context: interrupts off, no lock held.
 * Return: NULL if none is free.
 */
noinline struct tlc_record *tlc_pool_find(void)
{
	struct tlc_record *rec = NULL;
	struct few *theirs;
	int cpu;

	lockdep_assert_irqs_disabled();
	/* Who gives one back where we have looked had that lock after us, and sees this. */
	note_spare(false);
	for_each_possible_cpu(cpu) {
		theirs = per_cpu_ptr(&few, cpu);
		raw_spin_lock(&theirs->lock);
		if (theirs->nr) {
			have(theirs, theirs->nr - 1);
			rec = theirs->rec[theirs->nr];
		}
		raw_spin_unlock(&theirs->lock);
		if (rec)
			break;
	}
	if (rec)
		note_spare(true);
	return rec;
}

/**
 * tlc_pool_get() - a record nobody knows
 *
 * Context: interrupts off, no lock held.
 * Return: NULL if none is free, or only one that another CPU gives back just now.
 */
struct tlc_record *tlc_pool_get(void)
{
	struct few *own = this_cpu_ptr(&few);
	struct tlc_record *rec = NULL;
	unsigned int nr;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&own->lock);
	/* If there is none here, that of a dead connection will be taken. */
	note_change(own);
	nr = own->nr;
	if (!nr && has_more())
		nr = refill(own);
	if (likely(nr)) {
		have(own, nr - 1);
		rec = own->rec[nr - 1];
	}
	raw_spin_unlock(&own->lock);
	if (likely(rec) || !READ_ONCE(spare))
		return rec;
	return tlc_pool_find();
}

/* To where all may have it; the first half, which was there for longest. */
static noinline void give_back_a_batch(struct few *own)
{
	unsigned int i;

	lockdep_assert_held(&own->lock);
	raw_spin_lock(&pool.lock);
	for (i = 0; i < BATCH; i++)
		list_add_tail(&own->rec[i]->list, &pool.free);
	WRITE_ONCE(pool.nr_free, pool.nr_free + BATCH);
	raw_spin_unlock(&pool.lock);
	memmove(own->rec, own->rec + BATCH, BATCH * sizeof(own->rec[0]));
	have(own, BATCH);
}

/**
 * tlc_pool_put() - nobody needs it any more
 * @rec: record, in no list and no chain
 *
 * Context: any.
 */
void tlc_pool_put(struct tlc_record *rec)
{
	unsigned long flags;
	struct few *own;

	local_irq_save(flags);
	own = this_cpu_ptr(&few);
	raw_spin_lock(&own->lock);
	if (own->nr == ARRAY_SIZE(own->rec))
		give_back_a_batch(own);
	own->rec[own->nr] = rec;
	have(own, own->nr + 1);
	note_change(own);
	note_spare(true);
	raw_spin_unlock(&own->lock);
	local_irq_restore(flags);
}

/**
 * tlc_pool_slot() - a record by its place
 * @i: index below tlc_pool_slots()
 */
struct tlc_record *tlc_pool_slot(unsigned int i)
{
	return &pool.record[i];
}

/**
 * tlc_pool_index() - the place of a record
 * @rec: record
 *
 * Return: what tlc_pool_slot() takes.
 */
unsigned int tlc_pool_index(const struct tlc_record *rec)
{
	return rec - pool.record;
}

/**
 * tlc_pool_slots() - how many slots a reader has to look at
 *
 * Some in front of that may never have held a record.
 *
 * Context: any.
 */
unsigned int tlc_pool_slots(void)
{
	/* Pairs with the smp_store_release() in refill() */
	return smp_load_acquire(&pool.nr_used);
}

/**
 * tlc_pool_capacity() - how many records there are in all
 *
 * Context: any.
 */
unsigned int tlc_pool_capacity(void)
{
	return pool.capacity;
}

/**
 * tlc_pool_taken() - how many records are not free
 *
 * While records come and go this is of no one moment, and may be off by what CPUs take and give
 * back meanwhile, a batch at a time.
 *
 * Context: any.
 */
unsigned int tlc_pool_taken(void)
{
	unsigned int free = READ_ONCE(pool.nr_free), used;
	int cpu;

	for_each_possible_cpu(cpu)
		free += READ_ONCE(per_cpu_ptr(&few, cpu)->nr);
	used = tlc_pool_slots();
	return used > free ? used - free : 0;
}

/**
 * tlc_pool_changes() - tells whether records came or went
 *
 * Context: any.
 * Return: another number than before if so; never 0 but for one in 2^32.
 */
u32 tlc_pool_changes(void)
{
	u32 changes = 1;
	int cpu;

	for_each_possible_cpu(cpu)
		changes += READ_ONCE(per_cpu_ptr(&few, cpu)->changes);
	return changes;
}

/**
 * tlc_pool_init() - allocate the pool
 * @capacity: records
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_pool_init(unsigned int capacity)
{
	int cpu;

	/* Who loads the module says what was asked for. */
	pool.record = __vmalloc(array_size(capacity, sizeof(*pool.record)),
				GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (!pool.record)
		return -ENOMEM;
	INIT_LIST_HEAD(&pool.free);
	pool.nr_free = 0;
	pool.nr_used = 0;
	pool.capacity = capacity;
	for_each_possible_cpu(cpu) {
		struct few *one = per_cpu_ptr(&few, cpu);

		raw_spin_lock_init(&one->lock);
		one->nr = 0;
		one->changes = 0;
	}
	return 0;
}

/**
 * tlc_pool_exit() - free it
 *
 * Context: process; no handler and no reader is left.
 */
void tlc_pool_exit(void)
{
	vfree(pool.record);
	pool.record = NULL;
}
