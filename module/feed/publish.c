// SPDX-License-Identifier: GPL-2.0-only
/*
 * publish.c: from the rings to those who listen.
 *
 * Owns: the worker, the batches of events.
 * Called by: feed.c and joining.c from handlers (tlc_publish_kick()).
 * Must not: hold a handler up; what it is too slow for is counted as lost.
 */
#include "feed/publish.h"

#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "feed/audience.h"
#include "feed/batch.h"
#include "feed/ended.h"
#include "feed/joining.h"
#include "feed/pack_event.h"
#include "life/view.h"

#define BATCH_DELAY	msecs_to_jiffies(10)
#define LOOK_INTERVAL	HZ	/* between two looks for listeners */
#define EVENTS_AT_ONCE	64	/* before the worker gives way */

static void publish(struct work_struct *work);
static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(publish_work, publish);
static DECLARE_DELAYED_WORK(look_work, look);
static bool live;	/* works may be queued */
static DEFINE_MUTEX(lock);	/* protects @live */
static bool (*sees_who_joins)(void);
static u64 unseen;	/* jiffies: until then somebody may have joined unseen */
/* An ordered one, so that the rings have one reader. */
static struct workqueue_struct *queue;

static bool *const switches[TLC_FEED_KINDS] = {
	[TLC_FEED_EVENTS] = &tlc_feed_on,
	[TLC_FEED_ENDED] = &tlc_ended_on,
};

/* What is due already stays due: who asks often must not put it off. */
static void soon(struct irq_work *unused)
{
	queue_delayed_work(queue, &publish_work, BATCH_DELAY);
}

static void now(struct irq_work *unused)
{
	mod_delayed_work(queue, &publish_work, 0);
}

static DEFINE_IRQ_WORK(wake_soon, soon);
static DEFINE_IRQ_WORK(wake_now, now);

/**
 * tlc_publish_kick() - there is something in the rings
 * @how: enum tlc_feed_kick
 *
 * Context: any, also where waking a worker is not allowed.
 */
void tlc_publish_kick(enum tlc_feed_kick how)
{
	irq_work_queue(how == TLC_FEED_KICK_NOW ? &wake_now : &wake_soon);
}

static bool begin(struct audience *a)
{
	if (!tlc_batch_begin(a))
		return false;
	if (!tlc_batch_put_header(a, &a->hdr, TCP_LIFECYCLE_CMD_BATCH_NTF,
				  TCP_LIFECYCLE_A_BATCH_SEQ, TCP_LIFECYCLE_A_BATCH_LOST,
				  TCP_LIFECYCLE_A_BATCH_PAD))
		return true;
	nlmsg_free(a->skb);
	a->skb = NULL;
	return false;
}

static void say_lost(struct audience *a)
{
	if (a->feed.kind == TLC_FEED_ENDED)
		tlc_tell_ended_lost(a);
	else
		begin(a);
}

static void add(struct audience *a, const struct tlc_feed_event *ev, s64 real_offset)
{
	if (!a->skb || tlc_pack_event(a->skb, ev, real_offset)) {
		tlc_batch_flush(a);
		if (!begin(a) || tlc_pack_event(a->skb, ev, real_offset)) {
			atomic64_inc(&a->feed.lost);
			return;
		}
	}
	WRITE_ONCE(a->seq, a->seq + 1);
}

/* To what does anybody listen, or will in a moment?  Begins what is left to be told. */
static void settle_all(bool sees_joining, bool on[TLC_FEED_KINDS])
{
	struct audience *a;
	LIST_HEAD(place);
	bool there;

	memset(on, 0, TLC_FEED_KINDS * sizeof(*on));
	tlc_audience_walk(&place);
	while ((a = tlc_audience_next(&place))) {
		there = tlc_joining_anybody(a, sees_joining);
		if (there && tlc_audience_lost(a) != a->lost_told && !a->skb)
			say_lost(a);
		on[a->feed.kind] |= tlc_joining_settle(a, there);
		tlc_audience_let_go(a);
		cond_resched();
	}
}

/* Returns whether to look again after a while: at who leaves, or who joins unseen. */
static bool look_for_listeners(void)
{
	bool sees_joining = sees_who_joins() &&
			    !time_before64(get_jiffies_64(), READ_ONCE(unseen));
	bool on[TLC_FEED_KINDS];
	bool off = false;
	unsigned int kind;

	settle_all(sees_joining, on);
	for (kind = 0; kind < TLC_FEED_KINDS; kind++) {
		if (on[kind] || !READ_ONCE(*switches[kind]))
			continue;
		WRITE_ONCE(*switches[kind], false);
		off = true;
	}
	if (off) {
		/* Who joins right now is seen by the second look, or sees this */
		smp_mb();
		settle_all(sees_joining, on);
	}
	for (kind = 0; kind < TLC_FEED_KINDS; kind++)
		if (on[kind])
			WRITE_ONCE(*switches[kind], true);
	return on[TLC_FEED_EVENTS] || on[TLC_FEED_ENDED] || !sees_joining;
}

static void read_rings(u64 until)
{
	const s64 real_offset = tlc_view_real_offset();
	struct audience *all = &tlc_audience_everyone[TLC_FEED_EVENTS];
	const struct tlc_feed_event *ev;
	struct audience *own = NULL;
	unsigned int n = 0;

	while (READ_ONCE(live) && (ev = tlc_feed_peek(until))) {
		/* Most of the time it is the namespace of the one before. */
		if (!own || own->feed.net != ev->id.net) {
			if (own)
				tlc_audience_let_go(own);
			own = tlc_audience_find(ev->id.net, TLC_FEED_EVENTS);
		}
		if (own && READ_ONCE(own->feed.listening))
			add(own, ev, real_offset);
		/* In the first namespace, with which nobody does away */
		if (tlc_feed_listens(&all->feed))
			add(all, ev, real_offset);
		tlc_feed_release();
		if (!(++n % EVENTS_AT_ONCE))
			cond_resched();
	}
	if (own)
		tlc_audience_let_go(own);
}

static void send_what_is_there(void)
{
	tlc_feed_rearm();
	read_rings(tlc_feed_until());
	tlc_tell_ended(&live);
	tlc_batch_send_begun();
}

static void queue_again(bool again)
{
	mutex_lock(&lock);
	if (live && (!tlc_feed_empty() || tlc_tell_ended_more()))
		queue_delayed_work(queue, &publish_work, BATCH_DELAY);
	if (live && again)
		queue_delayed_work(queue, &look_work, LOOK_INTERVAL);
	mutex_unlock(&lock);
}

static void publish(struct work_struct *unused)
{
	send_what_is_there();
	queue_again(READ_ONCE(tlc_feed_on) || READ_ONCE(tlc_ended_on));
}

/* At each namespace, of which there may be thousands: not with each batch. */
static void look(struct work_struct *unused)
{
	bool again;

	send_what_is_there();
	again = look_for_listeners();
	tlc_batch_send_begun();
	queue_again(again);
}

/**
 * tlc_publish_state() - position of the feeds
 * @net: namespace of the reader
 * @kind: of feed
 * @own: filled: that of the namespace
 * @all: filled: that of all of them
 *
 * Context: any; the reader holds @net.
 */
void tlc_publish_state(const struct net *net, enum tlc_feed_kind kind,
		       struct tlc_publish_state *own, struct tlc_publish_state *all)
{
	const struct audience *a = tlc_audience_in(net, kind);

	own->seq = READ_ONCE(a->seq);
	own->lost = tlc_audience_lost(a);
	a = &tlc_audience_everyone[kind];
	all->seq = READ_ONCE(a->seq);
	all->lost = tlc_audience_lost(a);
}

/**
 * tlc_publish_init() - know the namespaces
 * @sees_joining: says whether the hook runs that sees who joins a group
 * @ended: where records of ended connections come from
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_publish_init(bool (*sees_joining)(void), const struct tlc_ended_source *ended)
{
	int err;

	tlc_ended_init(&tlc_audience_everyone[TLC_FEED_ENDED].feed);
	tlc_tell_ended_init(ended);
	sees_who_joins = sees_joining;
	queue = alloc_ordered_workqueue("tcp_lifecycle", 0);
	if (!queue)
		return -ENOMEM;
	err = tlc_audience_init();
	if (err)
		destroy_workqueue(queue);
	return err;
}

static void look_again(void)
{
	mutex_lock(&lock);
	if (live)
		queue_delayed_work(queue, &look_work, LOOK_INTERVAL);
	mutex_unlock(&lock);
}

/**
 * tlc_publish_start() - begin to send
 *
 * Context: process; the netlink family is registered.
 */
void tlc_publish_start(void)
{
	mutex_lock(&lock);
	WRITE_ONCE(live, true);
	mutex_unlock(&lock);
	look_again();
}

/**
 * tlc_publish_look() - somebody may join unseen from now on, or may have until now
 * @saw: joining was seen until now
 *
 * Nothing comes of it before tlc_publish_start() and behind tlc_publish_stop(): a
 * request that asks for it may be under way then.
 *
 * Context: process, may sleep.
 */
void tlc_publish_look(bool saw)
{
	if (!saw)
		WRITE_ONCE(unseen, get_jiffies_64() + TLC_JOIN_WINDOW);
	look_again();
}

/**
 * tlc_publish_stop() - send no more
 *
 * Context: process; no handler runs any more.
 */
void tlc_publish_stop(void)
{
	irq_work_sync(&wake_soon);
	irq_work_sync(&wake_now);
	mutex_lock(&lock);
	WRITE_ONCE(live, false);	/* the two works queue each other */
	mutex_unlock(&lock);
	cancel_delayed_work_sync(&look_work);
	cancel_delayed_work_sync(&publish_work);
	tlc_batch_send_begun();
}

/**
 * tlc_publish_everyone() - what feed.c is to know as the feed of all namespaces
 */
struct tlc_feed_net *tlc_publish_everyone(void)
{
	return &tlc_audience_everyone[TLC_FEED_EVENTS].feed;
}

/**
 * tlc_publish_exit() - forget the namespaces
 *
 * Context: process; no handler runs, and no request is under way.
 */
void tlc_publish_exit(void)
{
	tlc_publish_stop();
	tlc_audience_exit();
	destroy_workqueue(queue);
}
