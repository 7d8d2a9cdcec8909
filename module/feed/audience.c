// SPDX-License-Identifier: GPL-2.0-only
/*
 * audience.c: who listens to the feed, of each namespace and of all.
 *
 * Owns: the list of them, and how long each is there.
 * Called by: publish.c; the kernel where a network namespace comes or goes.
 * Must not: let a namespace wait, as it comes or goes, for what others are told.
 */
#include "feed/audience.h"

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "compat.h"
#include "netlink_gen.h"

/*
 * Protects the list, and where feed.c finds them.  Whoever makes a namespace or does
 * away with one waits for it, so it is held for moments, and not while anything is sent.
 */
static DEFINE_MUTEX(lock);
static LIST_HEAD(audiences);
static unsigned int net_id;

#define EVERYONE(kind_, group_) \
	[kind_] = { \
		.feed.kind = (kind_), \
		.ref = KREF_INIT(1), \
		.telling = __MUTEX_INITIALIZER(tlc_audience_everyone[kind_].telling), \
		.begun = LIST_HEAD_INIT(tlc_audience_everyone[kind_].begun), \
		.net = &init_net, \
		.group = (group_), \
	}

struct audience tlc_audience_everyone[TLC_FEED_KINDS] = {
	EVERYONE(TLC_FEED_EVENTS, TCP_LIFECYCLE_NLGRP_ALL_EVENTS),
	EVERYONE(TLC_FEED_ENDED, TCP_LIFECYCLE_NLGRP_ALL_ENDED),
};

/* Those of one namespace. */
struct of_net {
	struct audience *audience[TLC_FEED_KINDS];
};

static void free_audience(struct kref *ref)
{
	struct audience *a = container_of(ref, struct audience, ref);

	kfree_rcu(a, rcu);
}

/**
 * tlc_audience_let_go() - it was told what there was
 * @a: from tlc_audience_find() or tlc_audience_next()
 *
 * Context: process.
 */
void tlc_audience_let_go(struct audience *a)
{
	mutex_unlock(&a->telling);
	kref_put(&a->ref, free_audience);
}

/**
 * tlc_audience_take() - it is to be told something
 * @a: held
 *
 * Context: process, may sleep.
 * Return: itself, until tlc_audience_let_go(); NULL if it is gone, and held no more.
 */
struct audience *tlc_audience_take(struct audience *a)
{
	mutex_lock(&a->telling);
	if (!a->gone)
		return a;
	tlc_audience_let_go(a);
	return NULL;
}

/**
 * tlc_audience_find() - those who listen in a namespace
 * @net: its cookie
 * @kind: to what
 *
 * Context: process, may sleep.
 * Return: to be told something, until tlc_audience_let_go(); NULL if nobody listens.
 */
struct audience *tlc_audience_find(u64 net, enum tlc_feed_kind kind)
{
	struct audience *a = NULL;
	struct tlc_feed_net *feed;

	rcu_read_lock();
	feed = tlc_feed_find_net(net, kind);
	if (tlc_feed_listens(feed) &&
	    kref_get_unless_zero(&tlc_audience_of(feed)->ref))
		a = tlc_audience_of(feed);
	rcu_read_unlock();
	return a ? tlc_audience_take(a) : NULL;
}

/**
 * tlc_audience_in() - the one of a namespace
 * @net: held by the caller
 * @kind: of listening
 *
 * Context: any.
 */
struct audience *tlc_audience_in(const struct net *net, enum tlc_feed_kind kind)
{
	const struct of_net *of = net_generic(net, net_id);

	return of->audience[kind];
}

/**
 * tlc_audience_walk() - begin to look at all there are now
 * @place: where the walk is, in the list; no one else walks
 *
 * Context: process, may sleep.
 */
void tlc_audience_walk(struct list_head *place)
{
	mutex_lock(&lock);
	list_add(place, &audiences);
	mutex_unlock(&lock);
}

/* The one behind @place, held, and @place moved behind it; NULL at the end. */
static struct audience *next(struct list_head *place)
{
	struct audience *a = NULL;

	mutex_lock(&lock);
	if (!list_is_last(place, &audiences)) {
		a = list_entry(place->next, struct audience, list);
		kref_get(&a->ref);
		list_move(place, &a->list);
	} else {
		list_del(place);
	}
	mutex_unlock(&lock);
	return a;
}

/**
 * tlc_audience_next() - the next of them
 * @place: from tlc_audience_walk(); to be walked to the end
 *
 * Context: process, may sleep.
 * Return: to be told something, until tlc_audience_let_go(); NULL at the end.
 */
struct audience *tlc_audience_next(struct list_head *place)
{
	struct audience *a;

	while ((a = next(place)))
		if (tlc_audience_take(a))
			break;
	return a;
}

static struct audience *new_audience(struct net *net, enum tlc_feed_kind kind)
{
	static const unsigned int groups[TLC_FEED_KINDS] = {
		[TLC_FEED_EVENTS] = TCP_LIFECYCLE_NLGRP_EVENTS,
		[TLC_FEED_ENDED] = TCP_LIFECYCLE_NLGRP_ENDED,
	};
	struct audience *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	a->feed.net = tlc_compat_net_cookie(net);
	a->feed.kind = kind;
	a->net = net;
	a->group = groups[kind];
	kref_init(&a->ref);
	mutex_init(&a->telling);
	INIT_LIST_HEAD(&a->begun);
	return a;
}

static int __net_init net_init(struct net *net)
{
	struct of_net *of = net_generic(net, net_id);
	unsigned int kind;

	for (kind = 0; kind < TLC_FEED_KINDS; kind++) {
		of->audience[kind] = new_audience(net, kind);
		if (!of->audience[kind]) {
			while (kind--)
				kfree(of->audience[kind]);
			return -ENOMEM;
		}
	}
	mutex_lock(&lock);
	for (kind = 0; kind < TLC_FEED_KINDS; kind++) {
		struct audience *a = of->audience[kind];

		tlc_feed_add_net(&a->feed);
		/* Where a walk has been, so that it has an end. */
		list_add(&a->list, &audiences);
	}
	mutex_unlock(&lock);
	return 0;
}

static void bid_farewell(struct audience *a)
{
	mutex_lock(&a->telling);
	a->gone = true;
	nlmsg_free(a->skb);	/* for nobody */
	a->skb = NULL;
	tlc_audience_let_go(a);
}

static void __net_exit net_exit(struct net *net)
{
	struct of_net of = *(struct of_net *)net_generic(net, net_id);
	unsigned int kind;

	mutex_lock(&lock);
	for (kind = 0; kind < TLC_FEED_KINDS; kind++) {
		tlc_feed_del_net(&of.audience[kind]->feed);
		list_del(&of.audience[kind]->list);
	}
	memset(net_generic(net, net_id), 0, sizeof(of));
	mutex_unlock(&lock);
	for (kind = 0; kind < TLC_FEED_KINDS; kind++)
		bid_farewell(of.audience[kind]);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct of_net),
};

/**
 * tlc_audience_init() - know the namespaces
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_audience_init(void)
{
	unsigned int kind;

	for (kind = 0; kind < TLC_FEED_KINDS; kind++)
		list_add(&tlc_audience_everyone[kind].list, &audiences);
	return register_pernet_subsys(&net_ops);
}

/**
 * tlc_audience_exit() - forget them
 *
 * Context: process; nobody is told anything any more.
 */
void tlc_audience_exit(void)
{
	unsigned int kind;

	unregister_pernet_subsys(&net_ops);
	for (kind = 0; kind < TLC_FEED_KINDS; kind++)
		list_del(&tlc_audience_everyone[kind].list);
}
