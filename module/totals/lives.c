// SPDX-License-Identifier: GPL-2.0-only
/*
 * lives.c: what the transitions of all records add up to.
 *
 * Owns: see lives.h.
 * Called by: conn.c, in handler context as a record ends, in process context as it walks.
 * Must not: find records; whoever calls has one, under its lock.
 *
 * A record that ends while somebody walks is to be in the sum once: as the walk met it, or
 * as it ended, not both and not neither.  So there are two sides.  What ends in a slot that
 * the walk has yet to come to is added to the side the walk will read at its end; what ends
 * behind it to the other one, which the walk has read at its beginning.  Where the walk is,
 * it says under the lock of each record.  At its end the two change places.
 */
#include "totals/lives.h"

#include <linux/bits.h>
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "life/history.h"

/* Too large for what the kernel sets aside for per-CPU data of modules. */
struct sides {
	struct tlc_lives side[2];
};

static struct sides __percpu *sides;

/* How many slots the walk is done with, and the side for those in front of it. */
#define WALK_SIDE	BIT(31)

static u32 walk;

/* Bucket 0 holds 0 us, bucket n those from 2^(n-1) us on. */
static unsigned int bucket_of(u64 us)
{
	return us ? min(ilog2(us) + 1, TLC_BUCKETS - 1) : 0;
}

/**
 * tlc_lives_bucket_least() - the least time in a bucket
 * @bucket: index below TLC_BUCKETS
 *
 * Return: microseconds.
 */
u64 tlc_lives_bucket_least(unsigned int bucket)
{
	return bucket ? 1ULL << (bucket - 1) : 0;
}

/* Readers on other CPUs take no lock. */
static __always_inline void bump(u64 *count, s64 n)
{
	WRITE_ONCE(*count, *count + n);
}

static __always_inline void add(struct tlc_lives *to, const struct tlc_record *rec, s64 n)
{
	const struct tlc_entry *e = rec->entry;
	const struct tlc_entry *end = e + rec->nr;
	const struct tlc_entry *entered = NULL;

	/* Its address is not known yet, and the filter may leave it out. */
	if (tlc_history_awaits_syn(rec))
		return;
	for (; e < end; e++) {
		if (!tlc_history_is_move(e))
			continue;
		bump(&to->edge[e->from][e->to], n);
		/* When an end that nobody saw was is not known. */
		if (entered && e->cause != TCP_LIFECYCLE_CAUSE_MISSED)
			bump(&to->stay[e->from][bucket_of(e->at_us - entered->at_us)], n);
		if (e->to == TCP_LIFECYCLE_STATE_ESTABLISHED && rec->flags & TLC_FLAG_RTT)
			bump(&to->rtt[bucket_of(rec->conn.rtt_us)], n);
		entered = e;
	}
}

/**
 * tlc_lives_add() - what a record's transitions add up to, so far
 * @to: added to
 * @rec: record
 * @n: 1, or -1 to take it back
 *
 * Context: any; the lock of the record's chain is held.
 */
void tlc_lives_add(struct tlc_lives *to, const struct tlc_record *rec, s64 n)
{
	add(to, rec, n);
}

/**
 * tlc_lives_fold() - add a record that has ended
 * @rec: record
 * @slot: where it is
 * @n: 1, or -1 to take it back before it changes once more
 *
 * Context: interrupts off; the lock of the record's chain is held.
 */
void tlc_lives_fold(const struct tlc_record *rec, unsigned int slot, s64 n)
{
	u32 at = READ_ONCE(walk);
	unsigned int side = !!(at & WALK_SIDE) ^ (slot < (at & ~WALK_SIDE));

	add(&this_cpu_ptr(sides)->side[side], rec, n);
}

static void add_side(struct tlc_lives *sum, unsigned int side)
{
	u64 *to = (u64 *)sum;
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const u64 *part = (const u64 *)&per_cpu_ptr(sides, cpu)->side[side];

		for (i = 0; i < sizeof(*sum) / sizeof(u64); i++)
			to[i] += READ_ONCE(part[i]);
	}
}

/**
 * tlc_lives_walk() - begin a walk over all slots
 * @sum: filled with what is added to by nobody until a slot is walked
 *
 * Context: process, one walk at a time.
 */
void tlc_lives_walk(struct tlc_lives *sum)
{
	memset(sum, 0, sizeof(*sum));
	add_side(sum, !(walk & WALK_SIDE));
}

/**
 * tlc_lives_walked() - the walk is done with a slot
 * @slot: its number; all before were walked
 *
 * Context: as tlc_lives_walk(); under the lock of the record's chain, if there is a
 * record in it.
 */
void tlc_lives_walked(unsigned int slot)
{
	WRITE_ONCE(walk, (walk & WALK_SIDE) | (slot + 1));
}

/**
 * tlc_lives_walk_end() - all slots were walked
 * @sum: what ended in front of the walk is added
 *
 * Context: as tlc_lives_walk(), may sleep.
 */
void tlc_lives_walk_end(struct tlc_lives *sum)
{
	const unsigned int side = !!(walk & WALK_SIDE);

	/* Means the same from here on, for the next walk to begin with. */
	WRITE_ONCE(walk, side ? 0 : WALK_SIDE);
	/* A handler may have looked before a slot was walked that was empty then. */
	synchronize_rcu();
	add_side(sum, side);
}

/**
 * tlc_lives_walk_stop() - the walk is given up, and the next one begins anew
 *
 * Context: as tlc_lives_walk(), may sleep.
 */
void tlc_lives_walk_stop(void)
{
	WRITE_ONCE(walk, walk & WALK_SIDE);
	/* No handler takes a slot for one that was walked any more. */
	synchronize_rcu();
}

/**
 * tlc_lives_init() - begin to add up, from 0
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_lives_init(void)
{
	walk = 0;
	sides = alloc_percpu(struct sides);
	return sides ? 0 : -ENOMEM;
}

/**
 * tlc_lives_exit() - free it
 *
 * Context: process; nobody adds or reads any more.
 */
void tlc_lives_exit(void)
{
	free_percpu(sides);
	sides = NULL;
}
