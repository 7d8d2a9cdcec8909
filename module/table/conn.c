// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn.c: the table of records.
 *
 * Owns: which record an event belongs to, what becomes of it there.
 * Called by: the handlers through handler.h (tlc_conn_deliver()); readers, in process
 * context.
 * Must not: know what an event means (apply.c), or what a socket is.
 */
#include "table/conn.h"

#include <linux/err.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "feed/feed.h"
#include "life/apply.h"
#include "life/history.h"
#include "table/ageing.h"
#include "table/chain.h"
#include "table/dead.h"
#include "table/newcomer.h"
#include "table/party.h"
#include "totals/lives.h"
#include "totals/stats.h"

/*
 * tcp_connect() knows the source port.  A retransmitted SYN may have left from
 * another address, the first one having gone (ip_dynaddr).  False: the record is to go.
 */
static bool complete_ident(struct tlc_record *rec, const struct tlc_event *ev,
			   tlc_ident_fn ident, const void *obj)
{
	if (ev->kind == TLC_EVENT_STATE) {
		if (ev->from == TCP_LIFECYCLE_STATE_SYN_SENT && ev->tcp.total_retrans &&
		    !rec->died)
			ident(obj, &rec->id);
		return true;
	}
	if (ev->kind != TLC_EVENT_CONNECT || rec->died)
		return true;
	ident(obj, &rec->id);
	return tlc_newcomer_kept(&rec->id);
}

/* To a record, under the lock of its chain. */
static __always_inline void happen(struct tlc_record *rec, const struct tlc_event *ev,
				   struct tlc_books __percpu *books)
{
	struct tlc_tally tally __uninitialized;
	const bool was_dead = rec->died;

	if (unlikely(was_dead))
		tlc_lives_fold(rec, tlc_pool_index(rec), -1);
	tlc_tally_init(&tally, tlc_feed_is_on());
	tlc_record_apply(rec, ev, &tally);
	tlc_stats_take(&tally);
	tlc_feed_tell(rec, &tally, ev->now);
	if (books && !was_dead)
		tlc_books_take(books, rec, ev);
	if (!rec->died)
		return;
	tlc_lives_fold(rec, tlc_pool_index(rec), 1);
	if (was_dead)
		return;
	tlc_stats_verdict(rec);
	tlc_dead_bury(rec);
	/* Nobody tells it anything more; a connection may have very many, in turn. */
	if (unlikely(rec->flags & TLC_FLAG_JOINED) && rec->flags & TLC_FLAG_PARTY)
		tlc_party_leave(rec);
}

/**
 * tlc_conn_deliver() - let an event happen to the record of its socket
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 * @books: of its network namespace; NULL: none, or the event concerns none
 *
 * Begins a record if there is none and the event is one to begin with.
 *
 * Context: any a kprobe handler may run in, interrupts off.
 * Return: cookie of the listener the connection came through, 0 if none or
 * not known.
 */
u64 tlc_conn_deliver(const struct tlc_event *ev, tlc_ident_fn ident,
		     const void *obj, struct tlc_books __percpu *books)
{
	struct tlc_chain *chain = tlc_chain_of(ev->cookie);
	struct tlc_record *rec;
	u64 listener = 0;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&chain->lock);
	rec = tlc_chain_find(chain, ev, ident, obj);
	if (!IS_ERR_OR_NULL(rec) && tlc_newcomer_supersedes(rec, ev)) {
		tlc_newcomer_supersede(rec, ev);
		rec = NULL;
	}
	if (!rec)
		rec = tlc_newcomer_join(chain, ev, ident, obj);
	if (IS_ERR_OR_NULL(rec))
		goto out;
	if (!complete_ident(rec, ev, ident, obj)) {
		tlc_chain_remove(chain, rec);
		tlc_pool_put(rec);
		tlc_stats_add(TLC_STAT_EXCLUDED, 1);
		goto out;
	}

	happen(rec, ev, books);
	listener = rec->listener;
out:
	raw_spin_unlock(&chain->lock);
	return listener;
}

/**
 * tlc_conn_tell() - let an event happen to the newest record of a cookie, if there is one
 * @ev: event; it begins no record, and is no timewait socket's
 * @key: TLC_EVENT_SUBFLOW: of the MPTCP connection, see party.h; else 0
 * @listener: filled: cookie of the listener it came through, 0 if none; or NULL
 *
 * Context: interrupts off.
 * Return: false if there is none.
 */
bool tlc_conn_tell(const struct tlc_event *ev, u64 key, u64 *listener)
{
	struct tlc_chain *chain = tlc_chain_of(ev->cookie);
	struct tlc_record *rec;
	bool found;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&chain->lock);
	rec = tlc_chain_find(chain, ev, NULL, NULL);
	found = rec && !tlc_chain_superseded(rec, ev);
	if (found) {
		happen(rec, ev, NULL);
		if (key)
			tlc_party_enter(rec, key);
		if (listener)
			*listener = rec->listener;
	}
	raw_spin_unlock(&chain->lock);
	return found;
}

/**
 * tlc_conn_inherit() - what a further subflow has from one that was there before
 * @cookie: that one's
 * @ev: TLC_EVENT_SUBFLOW; mptcp, owner and cause are filled
 *
 * Context: interrupts off.
 * Return: false if it has no record.
 */
bool tlc_conn_inherit(u64 cookie, struct tlc_event *ev)
{
	const struct tlc_event of = { .cookie = cookie };
	struct tlc_chain *chain = tlc_chain_of(cookie);
	const struct tlc_record *rec;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&chain->lock);
	rec = tlc_chain_find(chain, &of, NULL, NULL);
	if (rec) {
		ev->mptcp = rec->conn.mptcp;
		ev->owner = rec->owner;
		ev->cause = rec->owner_at;
	}
	raw_spin_unlock(&chain->lock);
	return rec;
}

/*
 * A record's contents change only under the lock of the chain it is in, and its
 * cookie tells the chain.  If the record is found in another one after the lock
 * was taken, it was given to a new connection meanwhile: again.
 *
 * Returns what @act does, called with that lock held; false if the slot holds no
 * record.
 */
static __always_inline bool under_lock(unsigned int slot,
				       bool (*act)(struct tlc_record *rec, const void *arg),
				       const void *arg)
{
	struct tlc_record *rec = tlc_pool_slot(slot);
	bool held, moved, done = false;
	struct tlc_chain *chain;
	unsigned long flags;

	do {
		u64 cookie = READ_ONCE(rec->cookie);

		chain = tlc_chain_of(cookie);
		raw_spin_lock_irqsave(&chain->lock, flags);
		held = !hlist_unhashed_lockless(&rec->node);
		/* Pairs with the smp_wmb() in newcomer.c */
		smp_rmb();
		moved = READ_ONCE(rec->cookie) != cookie;
		if (held && !moved)
			done = act(rec, arg);
		raw_spin_unlock_irqrestore(&chain->lock, flags);
	} while (moved);
	return done;
}

struct copying {
	tlc_want_fn want;
	const void *arg;
	struct tlc_record *out;
};

static bool copy(struct tlc_record *rec, const void *arg)
{
	const struct copying *c = arg;

	if (c->want && !c->want(rec, c->arg))
		return false;
	*c->out = *rec;
	return true;
}

/**
 * tlc_conn_read() - copy a record
 * @slot: index below tlc_pool_slots()
 * @want: asked before anything is copied; NULL: any
 * @arg: handed to it
 * @out: filled
 *
 * Context: process or softirq.
 * Return: false if the slot holds no record, or one that is not wanted.
 */
bool tlc_conn_read(unsigned int slot, tlc_want_fn want, const void *arg,
		   struct tlc_record *out)
{
	const struct copying c = { .want = want, .arg = arg, .out = out };

	return under_lock(slot, copy, &c);
}

static bool copy_untold(struct tlc_record *rec, const void *arg)
{
	const struct copying *c = arg;

	if (!tlc_dead_tell(rec))
		return false;
	*c->out = *rec;
	return true;
}

/**
 * tlc_conn_next_ended() - copy the next record who listens has yet to be told of
 * @died_by: boot time, ns; only if its connection ended by then
 * @out: filled
 *
 * They come in the order in which they ended.
 *
 * Context: process, one caller at a time.
 * Return: false if there is none.
 */
bool tlc_conn_next_ended(u64 died_by, struct tlc_record *out)
{
	const struct copying c = { .out = out };
	const struct tlc_record *rec;

	/* One that goes in between is off that list. */
	while ((rec = tlc_dead_untold(died_by)))
		if (under_lock(tlc_pool_index(rec), copy_untold, &c))
			return true;
	return false;
}

/**
 * tlc_conn_any_ended() - is there a record who listens has yet to be told of?
 *
 * Context: process.
 */
bool tlc_conn_any_ended(void)
{
	return tlc_dead_untold(U64_MAX);
}

struct ending {
	u64 quiet_since;
	const struct tlc_event *ev;
};

static bool end(struct tlc_record *rec, const void *arg)
{
	const struct ending *e = arg;

	if (rec->died || tlc_history_last(rec) >= e->quiet_since)
		return false;
	happen(rec, e->ev, NULL);
	return true;
}

/**
 * tlc_conn_end_unseen() - end a record whose socket is nowhere any more
 * @slot: index below tlc_pool_slots()
 * @quiet_since: boot time, ns; a record is left alone if anything was told of it later
 * @ev: TLC_EVENT_GONE
 *
 * Context: process or softirq.
 * Return: whether there was a living record, and it was ended.
 */
bool tlc_conn_end_unseen(unsigned int slot, u64 quiet_since, const struct tlc_event *ev)
{
	const struct ending e = { .quiet_since = quiet_since, .ev = ev };

	return under_lock(slot, end, &e);
}

/**
 * tlc_conn_lives() - may a slot hold a living record?
 * @slot: index below tlc_pool_slots()
 *
 * Asked without its lock, to leave out most of those that do not.
 *
 * Context: any.
 */
bool tlc_conn_lives(unsigned int slot)
{
	const struct tlc_record *rec = tlc_pool_slot(slot);

	/* data_race: whoever acts on it asks again, under the lock. */
	return !hlist_unhashed_lockless(&rec->node) && !data_race(rec->died);
}

struct summing {
	struct tlc_lives *sum;
	unsigned int slot;
};

static bool add_living(struct tlc_record *rec, const void *arg)
{
	const struct summing *s = arg;

	if (!rec->died)
		tlc_lives_add(s->sum, rec, 1);
	tlc_lives_walked(s->slot);
	return true;
}

/**
 * tlc_conn_sum() - what the transitions of all records add up to, those dropped too
 * @sum: filled
 *
 * Looks at each slot of the pool.
 *
 * Context: process, may sleep; one caller at a time.
 * Return: 0, or -EINTR if the process is being killed.
 */
int tlc_conn_sum(struct tlc_lives *sum)
{
	struct summing s = { .sum = sum };

	tlc_lives_walk(sum);
	for (s.slot = 0; s.slot < tlc_pool_slots(); s.slot++) {
		if (!under_lock(s.slot, add_living, &s))
			tlc_lives_walked(s.slot);
		cond_resched();
		if (fatal_signal_pending(current)) {
			tlc_lives_walk_stop();
			return -EINTR;
		}
	}
	tlc_lives_walk_end(sum);
	return 0;
}

/**
 * tlc_conn_slot() - where the record is that an event would happen to
 * @ev: event
 * @ident: reads who talks to whom
 * @obj: what @ident reads from
 *
 * Context: interrupts off.
 * Return: its slot, which may have become another's by now; -1: it has none.
 */
int tlc_conn_slot(const struct tlc_event *ev, tlc_ident_fn ident, const void *obj)
{
	struct tlc_chain *chain = tlc_chain_of(ev->cookie);
	const struct tlc_record *rec;

	lockdep_assert_irqs_disabled();
	raw_spin_lock(&chain->lock);
	rec = tlc_chain_find(chain, ev, ident, obj);
	raw_spin_unlock(&chain->lock);
	if (IS_ERR_OR_NULL(rec) || tlc_chain_superseded(rec, ev))
		return -1;
	return tlc_pool_index(rec);
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
	struct tlc_chain *chain = tlc_chain_of(cookie);
	struct tlc_record *rec;
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&chain->lock, flags);
	hlist_for_each_entry(rec, &chain->head, node) {
		if (rec->cookie != cookie || (want && !want(rec, arg)))
			continue;
		*out = *rec;
		found = true;
		break;
	}
	raw_spin_unlock_irqrestore(&chain->lock, flags);
	return found;
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
	tlc_newcomer_configure(fresh);
	tlc_ageing_configure(retention);
}

/**
 * tlc_conn_config() - what tlc_conn_configure() last set
 * @params: filled
 *
 * Context: process; excludes tlc_conn_configure().
 */
void tlc_conn_config(struct tlc_params *params)
{
	params->records = tlc_pool_capacity();
	params->retention = tlc_ageing_retention();
	tlc_newcomer_config(&params->filter);
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
	int err;

	err = tlc_chain_init(params->records);
	if (err)
		return err;
	tlc_newcomer_start(missed);
	tlc_dead_init();
	fresh = kmemdup(&params->filter, sizeof(*fresh), GFP_KERNEL);
	err = fresh ? tlc_pool_init(params->records) : -ENOMEM;
	if (!err)
		err = tlc_party_init(params->records);
	if (err) {
		kfree(fresh);
		tlc_conn_exit();
		return err;
	}
	tlc_conn_configure(fresh, params->retention);
	return 0;
}

/**
 * tlc_conn_exit() - free everything
 *
 * Context: process; no handler and no reader is left.
 */
void tlc_conn_exit(void)
{
	tlc_ageing_stop();
	tlc_party_exit();
	tlc_pool_exit();
	tlc_chain_exit();
	tlc_newcomer_stop();
}
