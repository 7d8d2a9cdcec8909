// SPDX-License-Identifier: GPL-2.0-only
/*
 * feed.c: the rings between handlers and listeners.
 *
 * Owns: one ring a CPU, the table of namespaces that listen, what found no room.
 * Called by: conn.c in handler context, interrupts off (tlc_feed_push());
 * publish.c in process context, one reader at a time (all else).
 * Must not: wait, or be what a record depends on: the table is the truth.
 */
#include "feed/feed.h"

#include <linux/cache.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/time64.h>

#include "secret.h"

#define NET_BITS	10
#define LAST_BITS	10

/* So far a processor may have the look at its clock wait behind what comes after it. */
#define OUT_OF_ORDER_NS	NSEC_PER_USEC

/**
 * struct ring - one CPU's events
 * @slot: storage, a power of two of them
 * @head: events ever written; by the CPU itself, interrupts off
 * @since: the CPU is within a handler, and what that tells is no older than this, boot
 *	   time, ns; 0: it is in none
 * @last: order of the last event written
 * @tail: events ever read
 */
struct ring {
	struct tlc_feed_event *slot;
	u32 head;
	u64 since;
	u64 last;
	u32 tail ____cacheline_aligned_in_smp;
};

static struct ring __percpu *rings;
static u32 ring_size;
static void (*kick_reader)(enum tlc_feed_kick how);

/* The reader was told that there is something, and has not looked yet. */
static bool kicked;

/**
 * tlc_feed_wake() - have the reader of the rings look
 * @how: when
 *
 * Context: any, also where waking a worker is not allowed.
 */
void tlc_feed_wake(enum tlc_feed_kick how)
{
	if (kick_reader)
		kick_reader(how);
}

/**
 * tlc_feed_wake_once() - have it look soon, unless it was told already
 *
 * Context: as tlc_feed_wake().
 */
void tlc_feed_wake_once(void)
{
	if (READ_ONCE(kicked))
		return;
	WRITE_ONCE(kicked, true);
	tlc_feed_wake(TLC_FEED_KICK_SOON);
}

/* Namespaces by cookie; read under RCU, changed by audience.c under its mutex. */
static struct hlist_head nets[1 << NET_BITS];
static struct tlc_secret secret __read_mostly;

/* All namespaces together, for those who listen to every one. */
static struct tlc_feed_net *everyone;

bool tlc_feed_on __read_mostly;

static u64 (*boot_time)(void);

/*
 * Order of the last event of a connection, that is of all whose cookies have the same
 * hash.  Two CPUs may get to a record the other way round than they took the time, and a
 * clock may show the same to both.
 */
static atomic64_t lasts[1 << LAST_BITS];

/* Where tlc_feed_peek() goes on, up to which time no other ring has to be asked. */
static struct ring *read_from;
static u64 read_until;

static struct hlist_head *nets_of(u64 net)
{
	return &nets[tlc_secret_hash(&secret, net) >> (64 - NET_BITS)];
}

/**
 * tlc_feed_find_net() - a namespace by its cookie
 * @net: cookie
 * @kind: what is listened to
 *
 * Context: RCU read side, or audience.c under its mutex.
 * Return: NULL if it is gone, or not known yet.
 */
struct tlc_feed_net *tlc_feed_find_net(u64 net, enum tlc_feed_kind kind)
{
	struct tlc_feed_net *fn;

	hlist_for_each_entry_rcu(fn, nets_of(net), node, true)
		if (fn->net == net && fn->kind == kind)
			return fn;
	return NULL;
}

/**
 * tlc_feed_add_net() - let a namespace be found
 * @net: its cookie is set
 *
 * Context: process, under the mutex of audience.c, as tlc_feed_del_net().
 */
void tlc_feed_add_net(struct tlc_feed_net *net)
{
	hlist_add_head_rcu(&net->node, nets_of(net->net));
}

/**
 * tlc_feed_del_net() - let it be found no more
 * @net: to be freed after a grace period
 */
void tlc_feed_del_net(struct tlc_feed_net *net)
{
	hlist_del_rcu(&net->node);
}

/**
 * tlc_feed_mark() - this CPU is about to take the time of an event
 *
 * Context: handler, interrupts off until tlc_feed_unmark().
 */
void tlc_feed_mark(void)
{
	struct ring *ring = this_cpu_ptr(rings);

	/* As old as can be, until the time is known. */
	WRITE_ONCE(ring->since, 1);
	/*
	 * Pairs with the smp_mb() in tlc_feed_until(): either that sees the mark, or it has
	 * looked at the clock before this does.
	 */
	smp_mb();
	WRITE_ONCE(ring->since, boot_time());
}

/**
 * tlc_feed_unmark() - what it had to tell is in its ring
 */
void tlc_feed_unmark(void)
{
	/* Pairs with the smp_load_acquire() in tlc_feed_until(): so that is seen */
	smp_store_release(&this_cpu_ptr(rings)->since, 0);
}

/**
 * tlc_feed_order() - position of an event of a connection among all
 * @cookie: its cookie
 * @least: boot time, ns; not before that
 *
 * Context: handler; the lock of the record's chain is held.
 * Return: boot time, ns, behind all of this connection so far.
 */
u64 tlc_feed_order(u64 cookie, u64 least)
{
	atomic64_t *last = &lasts[tlc_secret_hash(&secret, cookie) >> (64 - LAST_BITS)];
	s64 before = atomic64_read(last), order;

	do {
		order = max_t(s64, least, before + 1);
	} while (!atomic64_try_cmpxchg_relaxed(last, &before, order));
	return order;
}

static bool push(struct ring *ring, const struct tlc_record *rec,
		 const struct tlc_told *told, u64 now)
{
	/* Pairs with the smp_store_release() in tlc_feed_release(): the slot was read */
	u32 used = ring->head - smp_load_acquire(&ring->tail);
	struct tlc_feed_event *ev = &ring->slot[ring->head & (ring_size - 1)];

	if (used == ring_size)
		return false;
	ring->last = tlc_feed_order(rec->cookie, max(now, ring->last));
	ev->order = ring->last;
	ev->cookie = rec->cookie;
	ev->born = rec->born;
	ev->stay_us = told->stay_us;
	ev->id = rec->id;
	ev->generation = rec->generation;
	ev->entry = told->entry;
	ev->state = rec->state;
	ev->open = rec->open;
	ev->close = rec->close;
	ev->first = rec->first;
	ev->gap = told->gap;
	ev->illegal = told->illegal;
	ev->replaces = told->replaces;
	/* Pairs with the smp_load_acquire() in first(): the slot is whole */
	smp_store_release(&ring->head, ring->head + 1);
	if (unlikely(used + 1 == ring_size / 2))
		tlc_feed_wake(TLC_FEED_KICK_NOW);
	return true;
}

/**
 * tlc_feed_push() - hand on what an event did, if someone wants it
 * @rec: record
 * @tally: what tlc_record_apply() said
 * @now: boot time of the event, ns
 *
 * Context: handler, interrupts off, which is an RCU read side.
 */
void tlc_feed_push(const struct tlc_record *rec, const struct tlc_tally *tally,
		   u64 now)
{
	struct tlc_feed_net *own = tlc_feed_find_net(rec->id.net, TLC_FEED_EVENTS);
	struct ring *ring = this_cpu_ptr(rings);
	const bool marked = ring->since;
	unsigned int i;

	if (!tlc_feed_listens(own) && !tlc_feed_listens(everyone))
		return;
	/* No handler, or one that began before somebody listened: its time is too old. */
	if (!marked)
		tlc_feed_mark();
	now = max(now, ring->since);
	for (i = 0; i < tally->nr; i++) {
		if (push(ring, rec, &tally->told[i], now))
			continue;
		if (tlc_feed_listens(own))
			atomic64_inc(&own->lost);
		if (tlc_feed_listens(everyone))
			atomic64_inc(&everyone->lost);
	}
	if (!marked)
		tlc_feed_unmark();
	if (tally->nr)
		tlc_feed_wake_once();
}

/**
 * tlc_feed_rearm() - be told of what comes from now on
 *
 * Called before the rings are read, so that nothing written behind the reader's
 * back stays there unnoticed.
 *
 * Context: the reader.
 */
void tlc_feed_rearm(void)
{
	WRITE_ONCE(kicked, false);
	/*
	 * The rings are read after that.  A handler pays for no barrier between
	 * its event and its look at kicked: should it see the old value, and this
	 * pass not the event, then tlc_feed_empty() at its end does, or the next
	 * pass, which comes by itself.
	 */
	smp_mb();
	read_from = NULL;
}

/**
 * tlc_feed_until() - up to when all is in the rings
 *
 * Whatever any CPU is yet to write is younger, however long it takes for it.
 *
 * Context: the reader, after tlc_feed_rearm().
 * Return: boot time, ns, for tlc_feed_peek().
 */
u64 tlc_feed_until(void)
{
	u64 until = boot_time() - OUT_OF_ORDER_NS;
	u64 since;
	int cpu;

	/* Pairs with the smp_mb() in tlc_feed_mark() */
	smp_mb();
	for_each_possible_cpu(cpu) {
		/* Pairs with the smp_store_release() in tlc_feed_unmark() */
		since = smp_load_acquire(&per_cpu_ptr(rings, cpu)->since);
		if (since)
			until = min(until, since - 1);
	}
	return until;
}

/* The oldest event of a ring, or NULL. */
static const struct tlc_feed_event *first(const struct ring *ring)
{
	/* Pairs with the smp_store_release() in push() */
	if (smp_load_acquire(&ring->head) == ring->tail)
		return NULL;
	return &ring->slot[ring->tail & (ring_size - 1)];
}

/* The ring with the oldest event goes on until another one has an older. */
static void choose(u64 until)
{
	const struct tlc_feed_event *ev;
	u64 oldest = U64_MAX;
	int cpu;

	read_from = NULL;
	read_until = until;
	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings, cpu);

		ev = first(ring);
		if (!ev || ev->order > until)
			continue;
		if (ev->order < oldest) {
			read_until = min(read_until, oldest);
			oldest = ev->order;
			read_from = ring;
		} else {
			read_until = min(read_until, ev->order);
		}
	}
}

/**
 * tlc_feed_peek() - the oldest event of all rings
 * @until: boot time, ns; younger ones stay.  The same from one tlc_feed_rearm()
 *	   to the next, see tlc_feed_until()
 *
 * Context: the reader.
 * Return: NULL if there is none; valid until tlc_feed_release().
 */
const struct tlc_feed_event *tlc_feed_peek(u64 until)
{
	const struct tlc_feed_event *next = read_from ? first(read_from) : NULL;

	if (next && next->order <= read_until)
		return next;
	choose(until);
	return read_from ? first(read_from) : NULL;
}

/**
 * tlc_feed_release() - done with what tlc_feed_peek() gave
 *
 * Context: the reader.
 */
void tlc_feed_release(void)
{
	/* Pairs with the smp_load_acquire() in push() */
	smp_store_release(&read_from->tail, read_from->tail + 1);
}

/**
 * tlc_feed_empty() - is there nothing in any ring?
 *
 * Context: the reader.
 */
bool tlc_feed_empty(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (first(per_cpu_ptr(rings, cpu)))
			return false;
	return true;
}

static u64 kernel_clock(void)
{
	return ktime_get_boottime_ns();
}

/**
 * tlc_feed_init() - allocate the rings; namespaces come after it
 * @size: events in each, a power of two
 * @all: the audience of all namespaces
 * @kick: wakes the reader, from any context; or NULL
 * @clock: boot time, ns; NULL: the kernel's
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_feed_init(unsigned int size, struct tlc_feed_net *all,
		  void (*kick)(enum tlc_feed_kick how), u64 (*clock)(void))
{
	unsigned int i;
	int cpu;

	rings = alloc_percpu(struct ring);
	if (!rings)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings, cpu);

		ring->slot = kvmalloc_node(array_size(size, sizeof(*ring->slot)),
					   GFP_KERNEL | __GFP_NOWARN, cpu_to_node(cpu));
		if (!ring->slot) {
			tlc_feed_exit();
			return -ENOMEM;
		}
	}
	tlc_secret_draw(&secret);
	for (i = 0; i < ARRAY_SIZE(lasts); i++)
		atomic64_set(&lasts[i], 0);
	boot_time = clock ?: kernel_clock;
	ring_size = size;
	kick_reader = kick;
	kicked = false;
	read_from = NULL;
	everyone = all;
	return 0;
}

/**
 * tlc_feed_exit() - free the rings
 *
 * Context: process; no handler and no reader is left.
 */
void tlc_feed_exit(void)
{
	int cpu;

	WRITE_ONCE(tlc_feed_on, false);
	if (!rings)
		return;
	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(rings, cpu)->slot);
	free_percpu(rings);
	rings = NULL;
}
