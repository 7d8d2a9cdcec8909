// SPDX-License-Identifier: GPL-2.0-only
/*
 * newcomer.c: how a record begins.
 *
 * Owns: which events begin one, for whom one is kept, what it begins with, and
 * the end of the one before it.
 * Called by: conn.c, in handler context with interrupts off, for an event that
 * no record takes.
 * Must not: be on the way of any other event.
 */
#include "table/newcomer.h"

#include <linux/err.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "feed/feed.h"
#include "life/apply.h"
#include "table/dead.h"
#include "table/pool.h"
#include "totals/lives.h"
#include "totals/stats.h"

#define S(name) TCP_LIFECYCLE_STATE_##name

#define GENERATIONS_MAX	16	/* records of one socket */

/* Handlers read it with interrupts off, which is an RCU read side. */
static struct tlc_filter __rcu *filter;
static bool filter_changed;
static bool (*missed_any)(void);

/* See tlc_newcomer_meet_older(). */
static bool meets_older = true;

/* May an event of a socket nobody knows begin a record? */
static bool may_begin(const struct tlc_event *ev)
{
	if (unlikely(!READ_ONCE(meets_older)))
		return tlc_newcomer_begins(ev);
	switch (ev->kind) {
	case TLC_EVENT_STATE:
		/* A socket that never did anything is closed. */
		return ev->from != ev->to;
	case TLC_EVENT_LISTEN_FAILED:
	case TLC_EVENT_REQUEST_DROP:
	case TLC_EVENT_CONNECT:
	case TLC_EVENT_SYN_ACK:
	case TLC_EVENT_RST_OUT:
	case TLC_EVENT_MSS:
	case TLC_EVENT_BACKLOG:
	case TLC_EVENT_LISTENER_COUNT:
	case TLC_EVENT_REPAIRED:
	case TLC_EVENT_MIGRATED:
		/* Says little by itself, and what follows says more. */
		return false;
	}
	/* Accepted when it was over already; its record is gone, too. */
	return ev->from != S(CLOSED) || ev->kind == TLC_EVENT_LISTEN;
}

/**
 * tlc_newcomer_kept() - is a connection to be recorded?
 * @id: who talks to whom
 *
 * Context: interrupts off.
 */
bool tlc_newcomer_kept(const struct tlc_ident *id)
{
	return tlc_filter_keeps(rcu_dereference_sched(filter), id);
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
 * A record nobody knows; irqs off, no lock held.  NULL if all are alive.  For who is @counted
 * as going without it is looked for under each lock; all that follows of him is not.
 */
static struct tlc_record *get(bool counted)
{
	struct tlc_record *rec = tlc_pool_get();

	if (likely(rec))
		return rec;
	rec = tlc_dead_evict();
	if (!rec && counted)
		rec = tlc_dead_find();
	/* One that was dead may have become free since that was asked. */
	if (!rec)
		return tlc_pool_get() ?: (counted ? tlc_pool_find() : NULL);
	tlc_chain_unhash(rec);
	tlc_stats_add(TLC_STAT_EVICTED, 1);
	return rec;
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
	/* Once each: as it begins, or is met at load, not at all that follows. */
	const bool counted = tlc_newcomer_begins(ev) || ev->kind == TLC_EVENT_FOUND;

	memset(&new->id, 0, sizeof(new->id));
	ident(obj, &new->id);
	if (!tlc_newcomer_kept(&new->id)) {
		if (tlc_newcomer_begins(ev))
			tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		return false;
	}
	new->rec = get(counted);
	if (!new->rec) {
		if (counted)
			tlc_stats_add(TLC_STAT_UNTRACKED, 1);
		return false;
	}
	new->whole = tlc_newcomer_begins(ev) || nothing_lost();
	return true;
}

/*
 * A program that connects one socket again and again must not make a chain that
 * everybody in it has to walk: the oldest generation goes; of those in TIME_WAIT
 * only if there are no others.  Returns it, off its chain; NULL if there are few,
 * or someone else is about to take it.  One in TIME_WAIT may stay for longer than
 * @generation, which nobody is to be given again.
 */
static struct tlc_record *trim(struct tlc_chain *chain, u64 cookie, u32 generation)
{
	struct tlc_record *rec, *oldest = NULL;
	unsigned int nr = 0;

	lockdep_assert_held(&chain->lock);
	hlist_for_each_entry(rec, &chain->head, node) {
		if (rec->cookie != cookie)
			continue;
		nr++;
		if (rec->flags & TLC_FLAG_TIMEWAIT)
			rec->conn.later = generation;
		if (rec->died || !oldest || !oldest->died)
			oldest = rec;
	}
	if (nr < GENERATIONS_MAX)
		return NULL;

	if (oldest->died && !tlc_dead_exhume(oldest))
		return NULL;
	/* It will not end any more, which is when it would be added. */
	if (!oldest->died)
		tlc_lives_fold(oldest, tlc_pool_index(oldest), 1);
	tlc_chain_remove(chain, oldest);
	tlc_stats_add(TLC_STAT_EVICTED, 1);
	return oldest;
}

/*
 * The number that tells the connection from all others of its socket, of which records
 * may be gone.  @other: the newest record of the socket, or NULL.
 */
static u32 generation_of(const struct tlc_chain *chain, const struct tlc_event *ev,
			 const struct tlc_record *other)
{
	lockdep_assert_held(&chain->lock);
	if (other)
		return max(other->generation, other->conn.later) + 1;
	/* A request has its cookie from its own handlers, shortly before. */
	if (tlc_newcomer_begins(ev) && (ev->fresh || ev->kind == TLC_EVENT_REQUEST ||
					ev->kind == TLC_EVENT_CHILD))
		return 0;
	return chain->spent;
}

/**
 * tlc_newcomer_supersede() - its socket begins anew
 * @rec: newest record of the socket; if it is not over, its end was missed, and if the
 *	 event outlives it, its end was none
 * @ev: event that says so, whether or not it begins a record
 *
 * Context: interrupts off, the chain locked.
 */
void tlc_newcomer_supersede(struct tlc_record *rec, const struct tlc_event *ev)
{
	struct tlc_tally tally __uninitialized;

	if (!rec->superseded && tlc_newcomer_outlives(rec, ev)) {
		if (rec->gaps < U8_MAX)
			rec->gaps++;
		tlc_stats_add(TLC_STAT_GAPS, 1);
	}
	rec->superseded = true;
	if (rec->died || rec->flags & TLC_FLAG_TIMEWAIT)
		return;
	tlc_tally_init(&tally, tlc_feed_is_on());
	tlc_record_end_missed(rec, ev, &tally);
	tlc_stats_take(&tally);
	tlc_feed_tell(rec, &tally, ev->now);
	tlc_lives_fold(rec, tlc_pool_index(rec), 1);
	tlc_stats_verdict(rec);
	tlc_dead_bury(rec);
}

/**
 * tlc_newcomer_init() - what a record begins with
 * @rec: storage; its list heads stay as they are
 * @ev: first event
 * @id: who talks to whom
 * @generation: connections made with this socket before
 * @complete: nothing was lost so far, so a socket first met in mid-life is
 *	      older than the module
 */
void tlc_newcomer_init(struct tlc_record *rec, const struct tlc_event *ev,
		       const struct tlc_ident *id, u32 generation, bool complete)
{
	memset((void *)rec + offsetof(struct tlc_record, born), 0,
	       offsetof(struct tlc_record, entry) -
	       offsetof(struct tlc_record, born));
	rec->born = ev->now;
	rec->id = *id;
	rec->generation = generation;
	rec->owner.uid = INVALID_UID;

	if (!tlc_newcomer_begins(ev))
		rec->open = complete ? TCP_LIFECYCLE_OPEN_PREEXISTING :
				       TCP_LIFECYCLE_OPEN_UNKNOWN;
	/*
	 * Whatever it is met by: the full socket will not end it any more, and if the
	 * timewait socket is not new it has nothing to say of it.
	 */
	if (ev->timewait) {
		rec->flags |= TLC_FLAG_TIMEWAIT;
		rec->superseded = !ev->first;
	}
}

/* The record of ev: the new one, or what another CPU has begun meanwhile. */
static struct tlc_record *hash(struct tlc_chain *chain, const struct tlc_event *ev,
			       const struct newcomer *new, tlc_ident_fn ident,
			       const void *obj)
{
	struct tlc_record *rec = new->rec, *other, *oldest;
	u64 listener = 0;
	u32 generation;

	lockdep_assert_held(&chain->lock);
	other = tlc_chain_find(chain, ev, ident, obj);
	if (IS_ERR(other) || (other && !tlc_newcomer_supersedes(other, ev))) {
		tlc_pool_put(rec);
		return other;
	}
	generation = generation_of(chain, ev, other);
	/* The numbers are used up. */
	if (generation == U32_MAX) {
		tlc_pool_put(rec);
		tlc_stats_add(TLC_STAT_UNTRACKED, 1);
		return NULL;
	}
	if (other) {
		if (tlc_newcomer_outlives(other, ev))
			listener = other->listener;
		/* It may be the one that goes, and another's as soon as it has. */
		oldest = trim(chain, ev->cookie, generation);
		if (oldest)
			tlc_pool_put(oldest);
	}
	/* A reader looks for the chain by this; see tlc_conn_read(). */
	WRITE_ONCE(rec->cookie, ev->cookie);
	tlc_newcomer_init(rec, ev, &new->id, generation, new->whole);
	rec->listener = listener;
	/* Cookie before chain; pairs with the smp_rmb() in tlc_conn_read() */
	smp_wmb();
	hlist_add_head(&rec->node, &chain->head);
	tlc_stats_add(TLC_STAT_BORN, 1);
	return rec;
}

/**
 * tlc_newcomer_join() - begin a record, if the event is one to begin with
 * @chain: of its cookie, locked; let go of meanwhile, for the pool may have to
 *	   take a record off another one
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 *
 * Return: the record, in its chain; NULL or an error if there is to be none.
 */
struct tlc_record *tlc_newcomer_join(struct tlc_chain *chain, const struct tlc_event *ev,
				     tlc_ident_fn ident, const void *obj)
{
	struct newcomer new __uninitialized;
	bool ready;

	lockdep_assert_held(&chain->lock);
	if (!may_begin(ev))
		return NULL;
	raw_spin_unlock(&chain->lock);
	ready = prepare(&new, ev, ident, obj);
	raw_spin_lock(&chain->lock);
	return ready ? hash(chain, ev, &new, ident, obj) : NULL;
}

/**
 * tlc_newcomer_meet_older() - may a record begin in mid-life?
 * @yes: it may, as it is at first
 *
 * While the hooks come to life, a change of state may be under way that none of
 * them saw: what another one then tells of the socket is out of date at once.
 *
 * Context: process.
 */
void tlc_newcomer_meet_older(bool yes)
{
	WRITE_ONCE(meets_older, yes);
}

/**
 * tlc_newcomer_configure() - change for whom a record is kept
 * @fresh: filter, allocated by kmalloc(); it is taken over
 *
 * Context: process, may sleep; one caller at a time.
 */
void tlc_newcomer_configure(struct tlc_filter *fresh)
{
	struct tlc_filter *old = rcu_dereference_protected(filter, true);

	/* One that was left out may come back in mid-life. */
	if (old && memcmp(old, fresh, sizeof(*old)))
		WRITE_ONCE(filter_changed, true);
	rcu_assign_pointer(filter, fresh);
	if (old) {
		synchronize_rcu();
		kfree(old);
	}
}

/**
 * tlc_newcomer_config() - what tlc_newcomer_configure() last set
 * @now: filled
 *
 * Context: process; excludes tlc_newcomer_configure().
 */
void tlc_newcomer_config(struct tlc_filter *now)
{
	*now = *rcu_dereference_protected(filter, true);
}

/**
 * tlc_newcomer_start() - nothing was lost yet
 * @missed: were events lost before they came here? or NULL
 *
 * Context: process; no handler runs yet.
 */
void tlc_newcomer_start(bool (*missed)(void))
{
	missed_any = missed;
	filter_changed = false;
}

/**
 * tlc_newcomer_stop() - free the filter
 *
 * Context: process; no handler is left.
 */
void tlc_newcomer_stop(void)
{
	kfree(rcu_replace_pointer(filter, NULL, true));
}
