// SPDX-License-Identifier: GPL-2.0
/*
 * conn.c: the table of records.
 *
 * Owns: the hash, which record an event belongs to, ageing.
 * Called by: the handlers through handler.h (tlc_conn_deliver()), readers and
 * the ageing work in process context.
 * Must not: know what an event means (record.c), or what a socket is.
 */
#include "conn.h"

#include <linux/hash.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "feed.h"
#include "stats.h"

#define AGE_INTERVAL	HZ	/* jiffies between two looks at the dead */
#define AGE_BATCH	4096	/* records freed in one look */
#define GENERATIONS_MAX	16	/* records of one socket */

struct bucket {
	raw_spinlock_t lock;	/* Protects head and the records in it */
	struct hlist_head head;
};

static struct bucket *buckets;
static unsigned int bucket_bits;
/* Handlers read it with interrupts off, which is an RCU read side. */
static struct tlc_filter __rcu *filter;
static bool filter_changed;
static u64 retention_ns;
static bool (*missed_any)(void);

static void age(struct work_struct *work);
static DECLARE_DELAYED_WORK(age_work, age);

/* See tlc_conn_meet_older(). */
static bool meets_older = true;

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

/* A record nobody knows; irqs off, no lock held.  NULL if all are alive. */
static struct tlc_record *get(void)
{
	struct tlc_record *rec;
	bool evicted;

	rec = tlc_pool_get(&evicted);
	if (evicted) {
		unhash(rec);
		tlc_stats_add(TLC_STAT_EVICTED, 1);
	}
	return rec;
}

static bool kept(const struct tlc_ident *id)
{
	return tlc_filter_keeps(rcu_dereference_sched(filter), id);
}

/* Does an event of a socket nobody knows begin a record? */
static bool creates(const struct tlc_event *ev)
{
	if (unlikely(!READ_ONCE(meets_older)))
		return tlc_record_begins(ev);
	switch (ev->kind) {
	case TLC_EVENT_STATE:
		/* A socket that never did anything is closed. */
		return ev->from != ev->to;
	case TLC_EVENT_REQUEST_DROP:
	case TLC_EVENT_CONNECT:
	case TLC_EVENT_SYN_ACK:
	case TLC_EVENT_RST_OUT:
	case TLC_EVENT_MSS:
	case TLC_EVENT_BACKLOG:
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
	return !READ_ONCE(filter_changed) && !tlc_stats_sum(TLC_STAT_UNTRACKED) &&
	       !tlc_stats_sum(TLC_STAT_GAPS) && !(missed_any && missed_any());
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

	if (!tlc_pool_exhume(eldest))
		return NULL;
	hlist_del_init(&eldest->node);
	tlc_stats_add(TLC_STAT_EVICTED, 1);
	return eldest;
}

/* The socket begins anew, so this one is over: its end was missed. */
static void end_missed(struct tlc_record *rec, const struct tlc_event *ev)
{
	struct tlc_tally tally;

	if (rec->died || rec->flags & TLC_FLAG_TIMEWAIT)
		return;
	tlc_tally_init(&tally);
	tlc_record_end_missed(rec, ev, &tally);
	tlc_stats_take(rec, &tally);
	tlc_feed_tell(rec, &tally, ev->now);
	tlc_stats_verdict(rec);
	tlc_pool_bury(rec);
}

/* What a new record begins with; got ready with no lock held. */
struct newcomer {
	struct tlc_record *rec;
	struct tlc_ident id;
	bool whole;
};

/* False: it is not wanted, or there is no room for it. */
static bool prepare(struct newcomer *new, const struct tlc_event *ev,
		    tlc_ident_fn ident, const void *obj)
{
	memset(&new->id, 0, sizeof(new->id));
	ident(obj, &new->id);
	if (!kept(&new->id)) {
		if (tlc_record_begins(ev))
			tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		return false;
	}
	new->rec = get();
	if (!new->rec) {
		tlc_stats_add(TLC_STAT_UNTRACKED, 1);
		return false;
	}
	new->whole = tlc_record_begins(ev) || nothing_lost();
	return true;
}

/* The record of ev: the new one, or what another CPU has begun meanwhile. */
static struct tlc_record *join(struct bucket *b, const struct tlc_event *ev,
			       const struct newcomer *new)
{
	struct tlc_record *rec = new->rec, *other, *eldest;

	lockdep_assert_held(&b->lock);
	other = find(b, ev);
	if (other && !tlc_record_superseded(other, ev)) {
		tlc_pool_put(rec);
		return other;
	}
	if (other) {
		end_missed(other, ev);
		eldest = trim(b, ev->cookie);
		if (eldest)
			tlc_pool_put(eldest);
	}
	/* A reader looks for the chain by this; see tlc_conn_read(). */
	WRITE_ONCE(rec->cookie, ev->cookie);
	tlc_record_init(rec, ev, &new->id, other ? other->generation + 1 : 0,
			new->whole);
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
	return kept(&rec->id);
}

/**
 * tlc_conn_deliver() - let an event happen to the record of its socket
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 * @books: of its network namespace, or NULL
 *
 * Begins a record if there is none and the event is one to begin with.
 *
 * Context: any a kprobe handler may run in.
 * Return: cookie of the listener the connection came through, 0 if none or
 * not known.
 */
u64 tlc_conn_deliver(const struct tlc_event *ev, tlc_ident_fn ident,
		     const void *obj, struct tlc_books __percpu *books)
{
	struct bucket *b = bucket_of(ev->cookie);
	struct tlc_record *rec;
	struct newcomer new;
	struct tlc_tally tally;
	unsigned long flags;
	u64 listener = 0;
	bool was_dead;

	local_irq_save(flags);
	raw_spin_lock(&b->lock);
	rec = find(b, ev);
	if (!rec || tlc_record_superseded(rec, ev)) {
		raw_spin_unlock(&b->lock);
		if (!creates(ev) || !prepare(&new, ev, ident, obj))
			goto out;
		raw_spin_lock(&b->lock);
		rec = join(b, ev, &new);
	}
	if (!complete_ident(rec, ev, ident, obj)) {
		hlist_del_init(&rec->node);
		raw_spin_unlock(&b->lock);
		tlc_pool_put(rec);
		tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		goto out;
	}

	was_dead = rec->died;
	tlc_tally_init(&tally);
	tlc_record_apply(rec, ev, &tally);
	listener = rec->listener;
	tlc_stats_take(rec, &tally);
	tlc_feed_tell(rec, &tally, ev->now);
	if (books && !was_dead)
		tlc_books_take(books, rec, ev);
	if (rec->died && !was_dead) {
		tlc_stats_verdict(rec);
		tlc_pool_bury(rec);
	}
	raw_spin_unlock(&b->lock);
out:
	local_irq_restore(flags);
	return listener;
}

/**
 * tlc_conn_read() - copy a record
 * @slot: index below tlc_pool_slots()
 * @want: asked before anything is copied; NULL: any
 * @arg: handed to it
 * @out: filled
 *
 * A record's contents change only under the lock of the chain it is in, and
 * its cookie tells the chain.  If the record is found in another one after
 * the lock was taken, it was given to a new connection meanwhile: again.
 *
 * Context: process or softirq.
 * Return: false if the slot holds no record, or one that is not wanted.
 */
bool tlc_conn_read(unsigned int slot, tlc_want_fn want, const void *arg,
		   struct tlc_record *out)
{
	struct tlc_record *rec = tlc_pool_slot(slot);
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
		held = held && !moved && (!want || want(rec, arg));
		if (held)
			*out = *rec;
		raw_spin_unlock_irqrestore(&b->lock, flags);
	} while (moved);
	return held;
}

/**
 * tlc_conn_find() - copy the record of a socket
 * @cookie: socket cookie
 * @want: as in tlc_conn_read()
 * @arg: handed to it
 * @out: filled
 *
 * Context: process.
 * Return: false if there is none; the newest of those wanted is found.
 */
bool tlc_conn_find(u64 cookie, tlc_want_fn want, const void *arg,
		   struct tlc_record *out)
{
	struct bucket *b = bucket_of(cookie);
	struct tlc_record *rec;
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&b->lock, flags);
	hlist_for_each_entry(rec, &b->head, node) {
		if (rec->cookie != cookie || (want && !want(rec, arg)))
			continue;
		*out = *rec;
		found = true;
		break;
	}
	raw_spin_unlock_irqrestore(&b->lock, flags);
	return found;
}

static unsigned int free_dead(u64 died_by)
{
	struct tlc_record *rec;
	unsigned int freed;

	for (freed = 0; freed < AGE_BATCH; freed++) {
		rec = tlc_pool_take_dead(died_by);
		if (!rec)
			break;
		unhash(rec);
		tlc_pool_put(rec);
	}
	return freed;
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
	u64 retention = READ_ONCE(retention_ns);

	return now > retention ? free_dead(now - retention) : 0;
}

/**
 * tlc_conn_clear() - free the records of all connections that have ended by now
 *
 * Context: process, may sleep.
 * Return: records freed.
 */
unsigned int tlc_conn_clear(void)
{
	const u64 now = ktime_get_boottime_ns();
	unsigned int freed = 0, n;

	do {
		n = free_dead(now);
		freed += n;
		cond_resched();
	} while (n == AGE_BATCH);
	return freed;
}

static void age(struct work_struct *work)
{
	bool more = tlc_conn_age(ktime_get_boottime_ns()) == AGE_BATCH;

	schedule_delayed_work(&age_work, more ? 1 : AGE_INTERVAL);
}

/**
 * tlc_conn_configure() - change what is recorded and how long it is kept
 * @fresh: filter, allocated by kmalloc(); it is taken over
 * @retention: seconds an ended connection is kept
 *
 * Context: process, may sleep; one caller at a time.
 */
void tlc_conn_configure(struct tlc_filter *fresh, unsigned int retention)
{
	struct tlc_filter *old = rcu_dereference_protected(filter, true);

	/* One that was left out may come back in mid-life. */
	if (old && memcmp(old, fresh, sizeof(*old)))
		WRITE_ONCE(filter_changed, true);
	rcu_assign_pointer(filter, fresh);
	WRITE_ONCE(retention_ns, (u64)retention * NSEC_PER_SEC);
	if (old) {
		synchronize_rcu();
		kfree(old);
	}
}

/**
 * tlc_conn_config() - what tlc_conn_configure() was last told
 * @params: filled
 *
 * Context: process; excludes tlc_conn_configure().
 */
void tlc_conn_config(struct tlc_params *params)
{
	params->records = tlc_pool_usage().capacity;
	params->retention = div_u64(retention_ns, NSEC_PER_SEC);
	params->filter = *rcu_dereference_protected(filter, true);
}

/**
 * tlc_conn_meet_older() - may a record begin in mid-life?
 * @yes: it may, as it is at first
 *
 * While the hooks come to life, a change of state may be under way that none of
 * them saw: what another one then tells of the socket is out of date at once.
 *
 * Context: process.
 */
void tlc_conn_meet_older(bool yes)
{
	WRITE_ONCE(meets_older, yes);
}

/**
 * tlc_conn_init() - allocate the pool and the hash
 * @params: checked parameters
 * @missed: were events lost before they came here? or NULL
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_conn_init(const struct tlc_params *params, bool (*missed)(void))
{
	struct tlc_filter *fresh;
	unsigned int i;
	int err;

	bucket_bits = ilog2(roundup_pow_of_two(params->records));
	buckets = kvcalloc(1U << bucket_bits, sizeof(*buckets), GFP_KERNEL);
	if (!buckets)
		return -ENOMEM;
	for (i = 0; i < 1U << bucket_bits; i++)
		raw_spin_lock_init(&buckets[i].lock);
	missed_any = missed;
	filter_changed = false;
	fresh = kmemdup(&params->filter, sizeof(*fresh), GFP_KERNEL);
	err = fresh ? tlc_pool_init(params->records) : -ENOMEM;
	if (err) {
		kfree(fresh);
		tlc_conn_exit();
		return err;
	}
	tlc_conn_configure(fresh, params->retention);
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
	tlc_pool_exit();
	kvfree(buckets);
	buckets = NULL;
	kfree(rcu_replace_pointer(filter, NULL, true));
}
