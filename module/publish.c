// SPDX-License-Identifier: GPL-2.0
/*
 * publish.c: from the rings to those who listen.
 *
 * Owns: the worker, who listens, the numbers of events, the batches.
 * Called by: feed.c from handlers (tlc_publish_kick()); probe.c when someone
 * joins a group (tlc_publish_on_bind()); the kernel where a network namespace
 * comes or goes.
 * Must not: hold a handler up; what it is too slow for is counted as lost.
 *
 * A subscription is noticed as it begins, by a hook on genl_bind(): from there
 * on handlers fill the rings, so the first event after it is delivered.  That
 * nobody listens any more the worker finds out by itself.
 */
#include "publish.h"

#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "compat.h"
#include "handler.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "pack_event.h"
#include "view.h"

#define BATCH_DELAY	msecs_to_jiffies(10)
#define BATCH_SIZE	SKB_WITH_OVERHEAD(8192)	/* the specification says so, too */
#define LOOK_INTERVAL	HZ	/* between two looks for listeners */

/*
 * What a CPU is about to write is younger than this: a handler takes the time
 * microseconds before.  Events are sent in the order of time therefore.
 */
#define HOLD_BACK_NS	NSEC_PER_MSEC

/**
 * struct audience - those who listen to one group in one namespace
 * @feed: what handlers know of it
 * @list: in the list of all
 * @net: namespace; it lives as long as this
 * @group: TCP_LIFECYCLE_NLGRP_*
 * @until: jiffies: taken for listening until then, since someone is joining
 * @seq: number of the next event
 * @lost_told: losses the listeners know of
 * @skb: batch being filled, or NULL
 * @hdr: its header
 * @rcu: to be freed after a grace period
 */
struct audience {
	struct tlc_feed_net feed;
	struct list_head list;
	struct net *net;
	unsigned int group;
	unsigned long until;
	u64 seq;
	u64 lost_told;
	struct sk_buff *skb;
	void *hdr;
	struct rcu_head rcu;
};

/* Protects all audiences but what handlers write to, and the reading of rings. */
static DEFINE_MUTEX(lock);
static struct audience everyone = {
	.net = &init_net,
	.group = TCP_LIFECYCLE_NLGRP_ALL_EVENTS,
};
static LIST_HEAD(audiences);
static unsigned int net_id;

static void publish(struct work_struct *work);
static DECLARE_DELAYED_WORK(work, publish);
static struct workqueue_struct *queue;

static void soon(struct irq_work *unused)
{
	mod_delayed_work(queue, &work, BATCH_DELAY);
}

static void now(struct irq_work *unused)
{
	mod_delayed_work(queue, &work, 0);
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

static struct audience *audience_of(struct tlc_feed_net *feed)
{
	return container_of(feed, struct audience, feed);
}

static void joins(struct audience *a)
{
	WRITE_ONCE(a->until, jiffies + LOOK_INTERVAL);
	WRITE_ONCE(a->feed.listening, true);
	WRITE_ONCE(tlc_feed_on, true);
	tlc_publish_kick(TLC_FEED_KICK_SOON);
}

/* genl_bind(net, group): someone is joining; if it may is decided behind this */
void tlc_publish_on_bind(struct pt_regs *regs)
{
	const struct net *net = ARG(regs, 0, const struct net *);
	int group = ARG(regs, 1, int) - tlc_netlink_family.mcgrp_offset;
	struct tlc_feed_net *feed;

	if (group == TCP_LIFECYCLE_NLGRP_ALL_EVENTS && net_eq(net, &init_net)) {
		joins(&everyone);
	} else if (group == TCP_LIFECYCLE_NLGRP_EVENTS) {
		feed = tlc_feed_find_net(tlc_compat_net_cookie(net));
		if (feed)
			joins(audience_of(feed));
	}
}

static u64 lost(const struct audience *a)
{
	return atomic64_read(&a->feed.lost);
}

static bool begin(struct audience *a)
{
	u64 n = lost(a);

	a->skb = alloc_skb(BATCH_SIZE, GFP_KERNEL);
	if (!a->skb)
		return false;
	a->hdr = genlmsg_put(a->skb, 0, 0, &tlc_netlink_family, 0,
			     TCP_LIFECYCLE_CMD_BATCH_NTF);
	if (!a->hdr ||
	    nla_put_u64_64bit(a->skb, TCP_LIFECYCLE_A_BATCH_SEQ, a->seq,
			      TCP_LIFECYCLE_A_BATCH_PAD) ||
	    nla_put_u64_64bit(a->skb, TCP_LIFECYCLE_A_BATCH_LOST, n,
			      TCP_LIFECYCLE_A_BATCH_PAD)) {
		nlmsg_free(a->skb);
		a->skb = NULL;
		return false;
	}
	a->lost_told = n;
	return true;
}

/*
 * Whom it does not reach the kernel tells by ENOBUFS, and the numbers of the
 * next batch tell how many it were.
 */
static void flush(struct audience *a)
{
	if (!a->skb)
		return;
	genlmsg_end(a->skb, a->hdr);
	genlmsg_multicast_netns(&tlc_netlink_family, a->net, a->skb, 0, a->group,
				GFP_KERNEL);
	a->skb = NULL;
	cond_resched();
}

static void add(struct audience *a, const struct tlc_feed_event *ev, s64 real_offset)
{
	if (a->skb && !tlc_pack_event(a->skb, ev, real_offset)) {
		a->seq++;
		return;
	}
	flush(a);
	if (begin(a) && !tlc_pack_event(a->skb, ev, real_offset))
		a->seq++;
	else
		atomic64_inc(&a->feed.lost);
}

/* Is anybody there, or will be in a moment?  Sends what is left to be told. */
static bool settle(struct audience *a)
{
	bool there = genl_has_listeners(&tlc_netlink_family, a->net, a->group);

	if (there && lost(a) != a->lost_told && !a->skb)
		begin(a);
	flush(a);
	if (there == READ_ONCE(a->feed.listening))
		return there;
	WRITE_ONCE(a->feed.listening, there);
	/* Someone who joins right now says so in the other order: joins() */
	smp_mb();
	if (time_before(jiffies, READ_ONCE(a->until)))
		WRITE_ONCE(a->feed.listening, true);
	return READ_ONCE(a->feed.listening);
}

static bool settle_all(void)
{
	struct audience *a;
	bool on = false;

	list_for_each_entry(a, &audiences, list)
		on |= settle(a);
	return on;
}

static void read_rings(u64 until)
{
	const s64 real_offset = tlc_view_real_offset();
	const struct tlc_feed_event *ev;
	struct tlc_feed_net *own = NULL;

	while ((ev = tlc_feed_peek(until))) {
		/* Most of the time it is the namespace of the one before. */
		if (!own || own->net != ev->id.net)
			own = tlc_feed_find_net(ev->id.net);
		if (own && READ_ONCE(own->listening))
			add(audience_of(own), ev, real_offset);
		if (READ_ONCE(everyone.feed.listening))
			add(&everyone, ev, real_offset);
		tlc_feed_release();
	}
}

static void publish(struct work_struct *unused)
{
	bool more;

	mutex_lock(&lock);
	tlc_feed_rearm();
	read_rings(ktime_get_boottime_ns() - HOLD_BACK_NS);
	if (!settle_all()) {
		WRITE_ONCE(tlc_feed_on, false);
		/* As in settle() */
		smp_mb();
		WRITE_ONCE(tlc_feed_on, settle_all());
	}
	more = !tlc_feed_empty();
	mutex_unlock(&lock);
	queue_delayed_work(queue, &work, more ? BATCH_DELAY : LOOK_INTERVAL);
}

static struct audience *audience_in(const struct net *net)
{
	struct audience **slot = net_generic(net, net_id);

	return *slot;
}

/**
 * tlc_publish_state() - where the feeds stand
 * @net: namespace of the reader
 * @own: filled: the group "events" there
 * @all: filled: the group "all-events"
 *
 * Context: process.
 */
void tlc_publish_state(const struct net *net, struct tlc_publish_state *own,
		       struct tlc_publish_state *all)
{
	struct audience *a;

	mutex_lock(&lock);
	a = audience_in(net);
	own->seq = a->seq;
	own->lost = lost(a);
	all->seq = everyone.seq;
	all->lost = lost(&everyone);
	mutex_unlock(&lock);
}

static int __net_init net_init(struct net *net)
{
	struct audience **slot = net_generic(net, net_id);
	struct audience *a;

	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	a->feed.net = tlc_compat_net_cookie(net);
	a->net = net;
	a->group = TCP_LIFECYCLE_NLGRP_EVENTS;
	mutex_lock(&lock);
	*slot = a;
	tlc_feed_add_net(&a->feed);
	list_add_tail(&a->list, &audiences);
	mutex_unlock(&lock);
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	struct audience **slot = net_generic(net, net_id);
	struct audience *a = *slot;

	mutex_lock(&lock);
	tlc_feed_del_net(&a->feed);
	list_del(&a->list);
	*slot = NULL;
	nlmsg_free(a->skb);
	mutex_unlock(&lock);
	kfree_rcu(a, rcu);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct audience *),
};

/**
 * tlc_publish_init() - be ready for listeners
 *
 * Context: process; the netlink family is registered, no handler runs yet.
 * Return: 0 or a negative error.
 */
int tlc_publish_init(void)
{
	int err;

	queue = alloc_workqueue("tcp_lifecycle", WQ_UNBOUND, 1);
	if (!queue)
		return -ENOMEM;
	err = register_pernet_subsys(&net_ops);
	if (err) {
		destroy_workqueue(queue);
		return err;
	}
	list_add(&everyone.list, &audiences);
	queue_delayed_work(queue, &work, LOOK_INTERVAL);
	return 0;
}

/**
 * tlc_publish_everyone() - what feed.c is to know as the feed of all namespaces
 */
struct tlc_feed_net *tlc_publish_everyone(void)
{
	return &everyone.feed;
}

/**
 * tlc_publish_exit() - send no more
 *
 * Context: process; no handler runs any more.
 */
void tlc_publish_exit(void)
{
	irq_work_sync(&wake_soon);
	irq_work_sync(&wake_now);
	cancel_delayed_work_sync(&work);
	destroy_workqueue(queue);
	unregister_pernet_subsys(&net_ops);
	list_del(&everyone.list);
	nlmsg_free(everyone.skb);
	everyone.skb = NULL;
}
