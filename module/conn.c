// SPDX-License-Identifier: GPL-2.0
/*
 * conn.c: the table of records.
 *
 * Owns: the pool, the hash, who lives and who is dead, ageing.
 * Called by: hooks.c in handler context (tlc_conn_deliver()), readers and the
 * ageing work in process context.
 * Must not: know what an event means (record.c), or what a socket is.
 *
 * The pool is one array, allocated at load.  A reader walks it by index, so a
 * record never moves under it: a connection that lives through the whole read
 * is seen once, neither twice nor never.
 */
#include "conn.h"

#include <linux/hash.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "stats.h"

#define AGE_INTERVAL	HZ	/* jiffies between two looks at the dead */
#define AGE_BATCH	4096	/* records freed in one look */
#define GENERATIONS_MAX	16	/* records of one socket */

struct bucket {
	raw_spinlock_t lock;	/* Protects head and the records in it */
	struct hlist_head head;
};

static struct {
	raw_spinlock_t lock;	/* Protects all that follows but record */
	struct list_head free;
	struct list_head dead;	/* longest dead first */
	unsigned int nr_used;	/* slots ever used, all at the front */
	unsigned int nr_free;
	unsigned int nr_dead;
	unsigned int capacity;
	struct tlc_record *record;
} pool;

static struct bucket *buckets;
static unsigned int bucket_bits;
static struct tlc_filter filter;
static u64 retention_ns;
static u64 (*missed_hits)(void);

static void age(struct work_struct *work);
static DECLARE_DELAYED_WORK(age_work, age);

static struct bucket *bucket_of(u64 cookie)
{
	return &buckets[hash_64(cookie, bucket_bits)];
}

/*
 * The newest generation of a socket stands in front of its elder ones.  What a
 * timewait socket says is of the one it stands for: the full socket may have
 * been connected again meanwhile.
 */
static struct tlc_record *find(struct bucket *b, const struct tlc_event *ev)
{
	struct tlc_record *rec, *newest = NULL;

	lockdep_assert_held(&b->lock);
	hlist_for_each_entry(rec, &b->head, node) {
		if (rec->cookie != ev->cookie)
			continue;
		if (!ev->timewait ||
		    (rec->flags & TLC_FLAG_TIMEWAIT && !rec->died))
			return rec;
		if (!newest)
			newest = rec;
	}
	return newest;
}

/* Take a record off its chain.  The caller has it off the list of the dead. */
static void unhash(struct tlc_record *rec)
{
	struct bucket *b = bucket_of(rec->cookie);
	unsigned long flags;

	raw_spin_lock_irqsave(&b->lock, flags);
	hlist_del_init(&rec->node);
	raw_spin_unlock_irqrestore(&b->lock, flags);
}

static struct tlc_record *take_longest_dead(void)
{
	struct tlc_record *rec;

	lockdep_assert_held(&pool.lock);
	rec = list_first_entry_or_null(&pool.dead, struct tlc_record, list);
	if (rec) {
		list_del_init(&rec->list);
		pool.nr_dead--;
	}
	return rec;
}

/* A record nobody knows; irqs off, no lock held.  NULL if all are alive. */
static struct tlc_record *get(void)
{
	struct tlc_record *rec;
	bool evicted = false;

	raw_spin_lock(&pool.lock);
	rec = list_first_entry_or_null(&pool.free, struct tlc_record, list);
	if (rec) {
		list_del_init(&rec->list);
		pool.nr_free--;
	} else if (pool.nr_used < pool.capacity) {
		rec = &pool.record[pool.nr_used];
		/* Pairs with the smp_load_acquire() in tlc_conn_slots() */
		smp_store_release(&pool.nr_used, pool.nr_used + 1);
	} else {
		rec = take_longest_dead();
		evicted = rec;
	}
	raw_spin_unlock(&pool.lock);

	if (evicted) {
		unhash(rec);
		tlc_stats_add(TLC_STAT_EVICTED, 1);
	}
	return rec;
}

static void put(struct tlc_record *rec)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pool.lock, flags);
	list_add_tail(&rec->list, &pool.free);
	pool.nr_free++;
	raw_spin_unlock_irqrestore(&pool.lock, flags);
}

static void bury(struct tlc_record *rec)
{
	lockdep_assert_irqs_disabled();
	raw_spin_lock(&pool.lock);
	list_add_tail(&rec->list, &pool.dead);
	pool.nr_dead++;
	raw_spin_unlock(&pool.lock);
}

/* Does an event of a socket nobody knows begin a record? */
static bool creates(const struct tlc_event *ev)
{
	switch (ev->kind) {
	case TLC_EVENT_STATE:
		/* A socket that never did anything is closed. */
		return ev->from != ev->to;
	case TLC_EVENT_REQUEST_DROP:
	case TLC_EVENT_CONNECT:
	case TLC_EVENT_SYN_ACK:
	case TLC_EVENT_RST_OUT:
	case TLC_EVENT_LISTENER_COUNT:
		/* Says little by itself, and what follows says more. */
		return false;
	}
	/* Accepted when it was over already; its record is gone, too. */
	return ev->from != TCP_LIFECYCLE_STATE_CLOSED ||
	       ev->kind == TLC_EVENT_LISTEN;
}

/* Was anything lost, so that a socket met in mid-life need not be older than
 * the module?
 */
static bool nothing_lost(void)
{
	return !tlc_stats_sum(TLC_STAT_UNTRACKED) &&
	       !tlc_stats_sum(TLC_STAT_GAPS) && !(missed_hits && missed_hits());
}

/*
 * A program that connects one socket again and again must not make a chain that
 * everybody in it has to walk: the eldest generation goes.  Returns it, off
 * its chain; NULL if there are few, or someone else is about to take it.
 */
static struct tlc_record *trim(struct bucket *b, u64 cookie)
{
	struct tlc_record *rec, *eldest = NULL;
	unsigned int nr = 0;

	lockdep_assert_held(&b->lock);
	hlist_for_each_entry(rec, &b->head, node) {
		if (rec->cookie != cookie)
			continue;
		nr++;
		if (rec->died)
			eldest = rec;
	}
	if (nr < GENERATIONS_MAX || !eldest)
		return NULL;

	raw_spin_lock(&pool.lock);
	if (list_empty(&eldest->list)) {
		eldest = NULL;
	} else {
		list_del_init(&eldest->list);
		pool.nr_dead--;
	}
	raw_spin_unlock(&pool.lock);
	if (eldest) {
		hlist_del_init(&eldest->node);
		tlc_stats_add(TLC_STAT_EVICTED, 1);
	}
	return eldest;
}

/* The socket begins anew, so this one is over: its end was missed. */
static void end_missed(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (rec->died || rec->flags & TLC_FLAG_TIMEWAIT)
		return;
	rec->died = ev->now;
	rec->close = TCP_LIFECYCLE_CLOSE_UNKNOWN;
	if (rec->gaps < U8_MAX)
		rec->gaps++;
	tlc_stats_add(TLC_STAT_GAPS, 1);
	bury(rec);
}

/* A new record for ev, in its chain, the chain locked; or NULL, unlocked. */
static struct tlc_record *create(struct bucket *b, const struct tlc_event *ev,
				 tlc_ident_fn ident, const void *obj)
{
	struct tlc_record *rec, *other, *eldest;
	struct tlc_ident id;
	bool whole = true;

	memset(&id, 0, sizeof(id));
	ident(obj, &id);
	if (!tlc_filter_keeps(&filter, &id)) {
		if (tlc_record_begins(ev))
			tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		return NULL;
	}
	rec = get();
	if (!rec) {
		tlc_stats_add(TLC_STAT_UNTRACKED, 1);
		return NULL;
	}
	if (!tlc_record_begins(ev))
		whole = nothing_lost();

	raw_spin_lock(&b->lock);
	other = find(b, ev);
	if (other && !tlc_record_superseded(other, ev)) {
		put(rec);
		return other;
	}
	if (other) {
		end_missed(other, ev);
		eldest = trim(b, ev->cookie);
		if (eldest)
			put(eldest);
	}
	/* A reader looks for the chain by this; see tlc_conn_read(). */
	WRITE_ONCE(rec->cookie, ev->cookie);
	tlc_record_init(rec, ev, &id, other ? other->generation + 1 : 0, whole);
	/* Cookie before chain; pairs with the smp_rmb() in tlc_conn_read() */
	smp_wmb();
	hlist_add_head(&rec->node, &b->head);
	tlc_stats_add(TLC_STAT_BORN, 1);
	return rec;
}

/* tcp_connect() knows the source port.  False: the record is to go. */
static bool complete_ident(struct tlc_record *rec, const struct tlc_event *ev,
			   tlc_ident_fn ident, const void *obj)
{
	if (ev->kind != TLC_EVENT_CONNECT || rec->died)
		return true;
	ident(obj, &rec->id);
	return tlc_filter_keeps(&filter, &rec->id);
}

/**
 * tlc_conn_deliver() - let an event happen to the record of its socket
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 *
 * Begins a record if there is none and the event is one to begin with.
 *
 * Context: any a kprobe handler may run in.
 * Return: cookie of the listener the connection came through, 0 if none or
 * not known.
 */
u64 tlc_conn_deliver(const struct tlc_event *ev, tlc_ident_fn ident,
		     const void *obj)
{
	struct bucket *b = bucket_of(ev->cookie);
	struct tlc_tally tally = {};
	struct tlc_record *rec;
	unsigned long flags;
	u64 listener = 0;
	bool was_dead;

	local_irq_save(flags);
	raw_spin_lock(&b->lock);
	rec = find(b, ev);
	if (!rec || tlc_record_superseded(rec, ev)) {
		raw_spin_unlock(&b->lock);
		rec = creates(ev) ? create(b, ev, ident, obj) : NULL;
		if (!rec)
			goto out;
	}
	if (!complete_ident(rec, ev, ident, obj)) {
		hlist_del_init(&rec->node);
		raw_spin_unlock(&b->lock);
		put(rec);
		tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		goto out;
	}

	was_dead = rec->died;
	tlc_record_apply(rec, ev, &tally);
	listener = rec->listener;
	if (rec->died && !was_dead)
		bury(rec);
	raw_spin_unlock(&b->lock);

	if (unlikely(tally.illegal))
		tlc_stats_add(TLC_STAT_ILLEGAL, tally.illegal);
	if (unlikely(tally.gaps))
		tlc_stats_add(TLC_STAT_GAPS, tally.gaps);
	if (unlikely(tally.dropped))
		tlc_stats_add(TLC_STAT_DROPPED, tally.dropped);
out:
	local_irq_restore(flags);
	return listener;
}

/**
 * tlc_conn_slots() - how many slots a reader has to look at
 *
 * Context: any.
 */
unsigned int tlc_conn_slots(void)
{
	/* Pairs with the smp_store_release() in get() */
	return smp_load_acquire(&pool.nr_used);
}

/**
 * tlc_conn_read() - copy a record
 * @slot: index below tlc_conn_slots()
 * @net: cookie of the only network namespace that is wanted
 * @out: filled
 *
 * A record's contents change only under the lock of the chain it is in, and
 * its cookie tells the chain.  If the record is found in another one after
 * the lock was taken, it was given to a new connection meanwhile: again.
 *
 * Context: process or softirq.
 * Return: false if the slot holds no record, or one of another namespace.
 */
bool tlc_conn_read(unsigned int slot, u64 net, struct tlc_record *out)
{
	struct tlc_record *rec = &pool.record[slot];
	unsigned long flags;
	struct bucket *b;
	bool held, moved;

	do {
		u64 cookie = READ_ONCE(rec->cookie);

		b = bucket_of(cookie);
		raw_spin_lock_irqsave(&b->lock, flags);
		held = !hlist_unhashed_lockless(&rec->node);
		/* Pairs with the smp_wmb() in create() */
		smp_rmb();
		moved = READ_ONCE(rec->cookie) != cookie;
		held = held && rec->id.net == net;
		if (held && !moved)
			*out = *rec;
		raw_spin_unlock_irqrestore(&b->lock, flags);
	} while (moved);
	return held;
}

/**
 * tlc_conn_usage() - how full the pool is
 *
 * Context: process.
 */
struct tlc_usage tlc_conn_usage(void)
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
 * tlc_conn_age() - free the records that have been dead for long enough
 * @now: boot time, ns
 *
 * Context: process.
 * Return: records freed, a bounded number at a time.
 */
unsigned int tlc_conn_age(u64 now)
{
	struct tlc_record *rec;
	unsigned int freed;
	unsigned long flags;

	for (freed = 0; freed < AGE_BATCH; freed++) {
		raw_spin_lock_irqsave(&pool.lock, flags);
		rec = list_first_entry_or_null(&pool.dead, struct tlc_record,
					       list);
		if (rec && READ_ONCE(rec->died) + retention_ns <= now)
			take_longest_dead();
		else
			rec = NULL;
		raw_spin_unlock_irqrestore(&pool.lock, flags);
		if (!rec)
			break;
		unhash(rec);
		put(rec);
	}
	return freed;
}

static void age(struct work_struct *work)
{
	bool more = tlc_conn_age(ktime_get_boottime_ns()) == AGE_BATCH;

	schedule_delayed_work(&age_work, more ? 1 : AGE_INTERVAL);
}

/**
 * tlc_conn_init() - allocate the pool and the hash
 * @params: checked parameters
 * @missed: number of events known to be lost before they came here, or NULL
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_conn_init(const struct tlc_params *params, u64 (*missed)(void))
{
	unsigned int i;

	bucket_bits = ilog2(roundup_pow_of_two(params->records));
	buckets = kvcalloc(1U << bucket_bits, sizeof(*buckets), GFP_KERNEL);
	pool.record = vzalloc(array_size(params->records, sizeof(*pool.record)));
	if (!buckets || !pool.record) {
		tlc_conn_exit();
		return -ENOMEM;
	}
	for (i = 0; i < 1U << bucket_bits; i++)
		raw_spin_lock_init(&buckets[i].lock);

	raw_spin_lock_init(&pool.lock);
	INIT_LIST_HEAD(&pool.free);
	INIT_LIST_HEAD(&pool.dead);
	pool.nr_used = 0;
	pool.nr_free = 0;
	pool.nr_dead = 0;
	pool.capacity = params->records;
	filter = params->filter;
	missed_hits = missed;
	retention_ns = (u64)params->retention * NSEC_PER_SEC;
	schedule_delayed_work(&age_work, AGE_INTERVAL);
	return 0;
}

/**
 * tlc_conn_exit() - free everything
 *
 * Context: process; no handler and no reader is left.
 */
void tlc_conn_exit(void)
{
	cancel_delayed_work_sync(&age_work);
	vfree(pool.record);
	kvfree(buckets);
	pool.record = NULL;
	buckets = NULL;
}
