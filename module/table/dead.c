// SPDX-License-Identifier: GPL-2.0-only
/*
 * dead.c: the records of connections that have ended.
 *
 * Owns: in which order they go.
 * Called by: conn.c, newcomer.c and ageing.c, in handler context with interrupts off, and
 * in process context; the lock of a hash chain may be held.
 * Must not: look into a record but for the time of its death, and whether that is yet
 * to be told.
 *
 * Each CPU has a list of its own, so that CPUs on which connections end do not wait for
 * each other.  Within it the longest dead is first, but for those that were told of late, which
 * are where that was done.  When the pool is full, the longest dead of all goes first, give
 * or take TOLERANCE_NS and how late that was: so far a CPU keeps to the list it has
 * chosen, which is its own one if it can be.
 */
#include "table/dead.h"

#include <linux/cache.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#include "feed/ended.h"

#define TOLERANCE_NS	NSEC_PER_SEC
#define CHOICES		8	/* times to choose anew where others were faster */

/* In &tlc_record.list_of: that of those who are yet to be told of. */
#define LIST_UNTOLD	U16_MAX

/**
 * struct dead - a list of them
 * @lock: protects the list, its number, and &tlc_record.untold of those in it
 * @head: the longest dead first
 * @nr: how many
 * @longest: when the first one died, boot time, ns; U64_MAX: there is none
 * @from: the list this CPU takes from while the pool is full
 * @until: those who died by then, boot time, ns; 0: it has chosen none
 */
struct dead {
	raw_spinlock_t lock;
	struct list_head head;
	unsigned int nr;
	u64 longest;
	struct dead *from;
	u64 until;
};

static DEFINE_PER_CPU_ALIGNED(struct dead, dead);
static struct dead untold;

static struct dead *list_of(const struct tlc_record *rec)
{
	return rec->list_of == LIST_UNTOLD ? &untold : per_cpu_ptr(&dead, rec->list_of);
}

static void note_longest(struct dead *of)
{
	const struct tlc_record *rec;

	lockdep_assert_held(&of->lock);
	rec = list_first_entry_or_null(&of->head, struct tlc_record, list);
	WRITE_ONCE(of->longest, rec ? READ_ONCE(rec->died) : U64_MAX);
}

static void enter(struct dead *to, struct tlc_record *rec, unsigned int list_of)
{
	lockdep_assert_held(&to->lock);
	rec->list_of = list_of;
	if (!to->nr)
		WRITE_ONCE(to->longest, rec->died);
	list_add_tail(&rec->list, &to->head);
	WRITE_ONCE(to->nr, to->nr + 1);
}

static void leave(struct dead *from, struct tlc_record *rec)
{
	const bool first = from->head.next == &rec->list;

	lockdep_assert_held(&from->lock);
	list_del_init(&rec->list);
	WRITE_ONCE(from->nr, from->nr - 1);
	if (first)
		note_longest(from);
}

/* Not as one that was told: whoever listens never hears of it. */
static void lose(struct dead *from, struct tlc_record *rec)
{
	leave(from, rec);
	if (unlikely(rec->untold)) {
		rec->untold = false;
		tlc_ended_lose(rec);
	}
}

static void enter_own(struct tlc_record *rec)
{
	struct dead *own = this_cpu_ptr(&dead);

	/* Nested where it comes from those who are to be told of. */
	raw_spin_lock_nested(&own->lock, SINGLE_DEPTH_NESTING);
	enter(own, rec, raw_smp_processor_id());
	raw_spin_unlock(&own->lock);
}

static noinline void bury_untold(struct tlc_record *rec)
{
	raw_spin_lock(&untold.lock);
	rec->untold = true;
	enter(&untold, rec, LIST_UNTOLD);
	raw_spin_unlock(&untold.lock);
	tlc_feed_wake_once();
}

/**
 * tlc_dead_bury() - the connection of a record has ended
 * @rec: record, in its chain
 *
 * Context: interrupts off; the chain's lock is held.
 */
void tlc_dead_bury(struct tlc_record *rec)
{
	lockdep_assert_irqs_disabled();
	if (tlc_ended_wanted(rec))
		bury_untold(rec);
	else
		enter_own(rec);
}

/**
 * tlc_dead_untold() - the next one that who listens has yet to be told of
 * @died_by: boot time, ns; only if it died by then
 *
 * Context: process.
 * Return: a record, which may have become another's by now; NULL if there is none.
 */
const struct tlc_record *tlc_dead_untold(u64 died_by)
{
	const struct tlc_record *rec;
	unsigned long flags;

	raw_spin_lock_irqsave(&untold.lock, flags);
	rec = list_first_entry_or_null(&untold.head, struct tlc_record, list);
	if (rec && READ_ONCE(rec->died) > died_by)
		rec = NULL;
	raw_spin_unlock_irqrestore(&untold.lock, flags);
	return rec;
}

/**
 * tlc_dead_tell() - a record is being told of
 * @rec: record, in its chain
 *
 * Context: interrupts off; the chain's lock is held.
 * Return: false if it is not to be: it lives, or was told of, or is about to go.
 */
bool tlc_dead_tell(struct tlc_record *rec)
{
	bool was;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&untold.lock);
	was = rec->untold;
	if (was) {
		rec->untold = false;
		leave(&untold, rec);
		enter_own(rec);
	}
	raw_spin_unlock(&untold.lock);
	return was;
}

/**
 * tlc_dead_exhume() - take a certain record from the dead
 * @rec: dead record, in its chain
 *
 * Context: interrupts off; the chain's lock is held, so it enters no other list.
 * Return: false if someone else has taken it, who is about to unhash it.
 */
bool tlc_dead_exhume(struct tlc_record *rec)
{
	struct dead *from = list_of(rec);
	bool there;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&from->lock);
	there = !list_empty(&rec->list);
	if (there)
		lose(from, rec);
	raw_spin_unlock(&from->lock);
	return there;
}

/* The first one, if it died by then; interrupts off. */
static struct tlc_record *take_first(struct dead *from, u64 died_by)
{
	struct tlc_record *rec = NULL;

	if (READ_ONCE(from->longest) > died_by)
		return NULL;
	raw_spin_lock(&from->lock);
	if (from->nr && from->longest <= died_by) {
		rec = list_first_entry(&from->head, struct tlc_record, list);
		lose(from, rec);
	}
	raw_spin_unlock(&from->lock);
	return rec;
}

/**
 * tlc_dead_take() - take a record that has been dead since a certain time
 * @died_by: boot time, ns
 *
 * Context: any.
 * Return: a record, still in its chain; NULL if there is none.
 */
struct tlc_record *tlc_dead_take(u64 died_by)
{
	struct tlc_record *rec = NULL;
	unsigned long flags;
	int cpu;

	/* U64_MAX says that a list is empty. */
	died_by = min(died_by, U64_MAX - 1);
	local_irq_save(flags);
	for_each_possible_cpu(cpu) {
		rec = take_first(per_cpu_ptr(&dead, cpu), died_by);
		if (rec)
			break;
	}
	rec = rec ?: take_first(&untold, died_by);
	local_irq_restore(flags);
	return rec;
}

static u64 with_tolerance(u64 ns)
{
	return ns + min_t(u64, TOLERANCE_NS, U64_MAX - 1 - ns);
}

/* Not from those that are yet to be told of: they go when no others are left. */
static void choose(struct dead *own)
{
	u64 longest, least = U64_MAX;
	int cpu;

	own->until = 0;
	for_each_possible_cpu(cpu) {
		longest = READ_ONCE(per_cpu_ptr(&dead, cpu)->longest);
		if (longest >= least)
			continue;
		least = longest;
		own->from = per_cpu_ptr(&dead, cpu);
		own->until = with_tolerance(longest);
	}
	if (READ_ONCE(own->longest) <= own->until)
		own->from = own;
}

/**
 * tlc_dead_evict() - take one that has been dead for longest, for no record is free
 *
 * Context: interrupts off, no lock held.
 * Return: a record, still in its chain; NULL if none is dead.
 */
struct tlc_record *tlc_dead_evict(void)
{
	struct dead *own = this_cpu_ptr(&dead);
	struct tlc_record *rec = NULL;
	unsigned int i;

	lockdep_assert_irqs_disabled();
	if (own->until)
		rec = take_first(own->from, own->until);
	for (i = 0; !rec && i < CHOICES; i++) {
		choose(own);
		if (!own->until)
			break;
		rec = take_first(own->from, own->until);
	}
	return rec ?: tlc_dead_take(U64_MAX);
}

/**
 * tlc_dead_find() - take any, though tlc_dead_evict() found none
 *
 * One that was being told of meanwhile may have gone where that had looked before.
 *
 * Context: interrupts off, no lock held.
 * Return: as tlc_dead_evict().
 */
struct tlc_record *tlc_dead_find(void)
{
	raw_spin_lock(&untold.lock);
	raw_spin_unlock(&untold.lock);
	return tlc_dead_take(U64_MAX);
}

/**
 * tlc_dead_longest() - when the record died that has been dead for longest
 *
 * Context: any.
 * Return: boot time, ns; 0 if none is dead.
 */
u64 tlc_dead_longest(void)
{
	u64 longest = READ_ONCE(untold.longest);
	int cpu;

	for_each_possible_cpu(cpu)
		longest = min(longest, READ_ONCE(per_cpu_ptr(&dead, cpu)->longest));
	return longest == U64_MAX ? 0 : longest;
}

/**
 * tlc_dead_number() - how many are dead
 *
 * While connections end, this is of no one moment, as tlc_pool_taken().
 *
 * Context: any.
 */
unsigned int tlc_dead_number(void)
{
	unsigned int nr = READ_ONCE(untold.nr);
	int cpu;

	for_each_possible_cpu(cpu)
		nr += READ_ONCE(per_cpu_ptr(&dead, cpu)->nr);
	return nr;
}

static void init(struct dead *one)
{
	raw_spin_lock_init(&one->lock);
	INIT_LIST_HEAD(&one->head);
	one->nr = 0;
	one->longest = U64_MAX;
	one->until = 0;
}

/**
 * tlc_dead_init() - none is dead yet
 *
 * Context: process; no handler runs yet.
 */
void tlc_dead_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		init(per_cpu_ptr(&dead, cpu));
	init(&untold);
}
