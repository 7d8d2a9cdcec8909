// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool.c: where records come from and go to.
 *
 * Owns: the array of records, which of them are free, who died first.
 * Called by: conn.c, in handler context with interrupts off, and in process
 * context; the lock of a hash chain may be held.
 * Must not: look into a record but for the time of its death, and whether that is yet
 * to be told.
 *
 * The pool is one array, allocated at load.  A reader walks it by index, so a
 * record never moves under it: a connection that lives through the whole read
 * is seen once, neither twice nor never.
 */
#include "table/pool.h"

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "feed/ended.h"

static struct {
	raw_spinlock_t lock;	/* Protects all that follows but record */
	struct list_head free;
	struct list_head dead;	/* longest dead first */
	struct list_head untold;	/* likewise, those who listen have yet to be told of */
	unsigned int nr_used;	/* slots ever used, all at the front */
	unsigned int nr_free;
	unsigned int nr_dead;
	unsigned int capacity;
	u32 changes;
	struct tlc_record *record;
} pool = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(pool.lock),
};

static void leave_the_dead(struct tlc_record *rec)
{
	lockdep_assert_held(&pool.lock);
	list_del_init(&rec->list);
	pool.nr_dead--;
	if (unlikely(rec->untold)) {
		rec->untold = false;
		tlc_ended_lose(rec);
	}
}

/* The one that has been dead for longest; NULL if none is. */
static struct tlc_record *longest_dead(void)
{
	lockdep_assert_held(&pool.lock);
	return list_first_entry_or_null(&pool.dead, struct tlc_record, list) ?:
	       list_first_entry_or_null(&pool.untold, struct tlc_record, list);
}

/**
 * tlc_pool_get() - a record nobody knows
 * @evicted: set if it is that of a dead connection, still in its chain
 *
 * Context: interrupts off, no lock held.
 * Return: NULL if all are alive.
 */
struct tlc_record *tlc_pool_get(bool *evicted)
{
	struct tlc_record *rec;

	*evicted = false;
	raw_spin_lock(&pool.lock);
	rec = list_first_entry_or_null(&pool.free, struct tlc_record, list);
	if (rec) {
		list_del_init(&rec->list);
		pool.nr_free--;
	} else if (pool.nr_used < pool.capacity) {
		rec = &pool.record[pool.nr_used];
		/* Pairs with the smp_load_acquire() in tlc_pool_slots() */
		smp_store_release(&pool.nr_used, pool.nr_used + 1);
	} else {
		rec = longest_dead();
		if (rec) {
			leave_the_dead(rec);
			*evicted = true;
		}
	}
	WRITE_ONCE(pool.changes, pool.changes + 1);
	raw_spin_unlock(&pool.lock);
	return rec;
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

	raw_spin_lock_irqsave(&pool.lock, flags);
	list_add_tail(&rec->list, &pool.free);
	pool.nr_free++;
	WRITE_ONCE(pool.changes, pool.changes + 1);
	raw_spin_unlock_irqrestore(&pool.lock, flags);
}

static noinline void bury_untold(struct tlc_record *rec)
{
	raw_spin_lock(&pool.lock);
	rec->untold = true;
	list_add_tail(&rec->list, &pool.untold);
	pool.nr_dead++;
	raw_spin_unlock(&pool.lock);
	tlc_feed_wake_once();
}

/**
 * tlc_pool_bury() - the connection of a record has ended
 * @rec: record, in its chain
 *
 * Context: interrupts off; the chain's lock is held.
 */
void tlc_pool_bury(struct tlc_record *rec)
{
	lockdep_assert_irqs_disabled();
	if (tlc_ended_wanted(rec)) {
		bury_untold(rec);
		return;
	}
	raw_spin_lock(&pool.lock);
	list_add_tail(&rec->list, &pool.dead);
	pool.nr_dead++;
	raw_spin_unlock(&pool.lock);
}

/**
 * tlc_pool_untold() - the next one that who listens has yet to be told of
 * @died_by: boot time, ns; only if it died by then
 *
 * Context: process.
 * Return: its slot, which may have become another's by now; -1 if there is none.
 */
int tlc_pool_untold(u64 died_by)
{
	const struct tlc_record *rec;
	unsigned long flags;
	int slot = -1;

	raw_spin_lock_irqsave(&pool.lock, flags);
	rec = list_first_entry_or_null(&pool.untold, struct tlc_record, list);
	if (rec && READ_ONCE(rec->died) <= died_by)
		slot = tlc_pool_index(rec);
	raw_spin_unlock_irqrestore(&pool.lock, flags);
	return slot;
}

/**
 * tlc_pool_tell() - a record is being told of
 * @rec: record, in its chain
 *
 * Context: interrupts off; the chain's lock is held.
 * Return: false if it is not to be: it lives, or was told of, or is about to go.
 */
bool tlc_pool_tell(struct tlc_record *rec)
{
	bool untold;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&pool.lock);
	untold = rec->untold;
	if (untold) {
		rec->untold = false;
		list_move_tail(&rec->list, &pool.dead);
	}
	raw_spin_unlock(&pool.lock);
	return untold;
}

/**
 * tlc_pool_exhume() - take a certain record from the dead
 * @rec: dead record, in its chain
 *
 * Context: interrupts off; the chain's lock is held.
 * Return: false if someone else has taken it, who is about to unhash it.
 */
bool tlc_pool_exhume(struct tlc_record *rec)
{
	bool there;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&pool.lock);
	there = !list_empty(&rec->list);
	if (there)
		leave_the_dead(rec);
	raw_spin_unlock(&pool.lock);
	return there;
}

/**
 * tlc_pool_take_dead() - take the record that has been dead for longest
 * @before: boot time, ns; only if it died by then
 *
 * Context: any.
 * Return: a record, still in its chain; NULL if there is none.
 */
struct tlc_record *tlc_pool_take_dead(u64 before)
{
	struct tlc_record *rec;
	unsigned long flags;

	raw_spin_lock_irqsave(&pool.lock, flags);
	rec = longest_dead();
	if (rec && READ_ONCE(rec->died) <= before)
		leave_the_dead(rec);
	else
		rec = NULL;
	raw_spin_unlock_irqrestore(&pool.lock, flags);
	return rec;
}

/**
 * tlc_pool_longest_dead() - when the record died that has been dead for longest
 *
 * Context: process.
 * Return: boot time, ns; 0 if none is dead.
 */
u64 tlc_pool_longest_dead(void)
{
	const struct tlc_record *rec;
	unsigned long flags;
	u64 died;

	raw_spin_lock_irqsave(&pool.lock, flags);
	rec = longest_dead();
	died = rec ? READ_ONCE(rec->died) : 0;
	raw_spin_unlock_irqrestore(&pool.lock, flags);
	return died;
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
 * Context: any.
 */
unsigned int tlc_pool_slots(void)
{
	/* Pairs with the smp_store_release() in tlc_pool_get() */
	return smp_load_acquire(&pool.nr_used);
}

/**
 * tlc_pool_changes() - tells whether records came or went
 *
 * Context: any.
 * Return: another number than before if so; never 0 but for one in 2^32.
 */
u32 tlc_pool_changes(void)
{
	return READ_ONCE(pool.changes);
}

/**
 * tlc_pool_usage() - how full the pool is
 *
 * Context: process.
 */
struct tlc_usage tlc_pool_usage(void)
{
	struct tlc_usage u;
	unsigned long flags;

	raw_spin_lock_irqsave(&pool.lock, flags);
	u.capacity = pool.capacity;
	u.dead = pool.nr_dead;
	u.live = pool.nr_used - pool.nr_free - pool.nr_dead;
	raw_spin_unlock_irqrestore(&pool.lock, flags);
	return u;
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
	/* Who loads the module says what was asked for. */
	pool.record = __vmalloc(array_size(capacity, sizeof(*pool.record)),
				GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (!pool.record)
		return -ENOMEM;
	INIT_LIST_HEAD(&pool.free);
	INIT_LIST_HEAD(&pool.dead);
	INIT_LIST_HEAD(&pool.untold);
	pool.nr_used = 0;
	pool.nr_free = 0;
	pool.nr_dead = 0;
	pool.capacity = capacity;
	pool.changes = 1;
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
