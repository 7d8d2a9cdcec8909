/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * audience.h: who listens to the feed, of each namespace and of all.
 *
 * Used by: publish.c, whose worker alone tells them something.
 */
#ifndef TLC_AUDIENCE_H
#define TLC_AUDIENCE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "feed/feed.h"

struct net;
struct sk_buff;

/**
 * struct audience - those who listen to one group in one namespace
 * @feed: what handlers know of it
 * @list: in the list of all
 * @ref: the list holds it, and the worker while at it, or while it is in @begun
 * @begun: in the worker's list of those with a batch begun
 * @telling: held to tell it something, or that it is gone; protects @gone, @sent,
 *	     @heard, @seq, @lost_told, @skb, @hdr and @pids_in
 * @gone: its namespace is
 * @net: namespace, to be used if not @gone
 * @group: TCP_LIFECYCLE_NLGRP_*
 * @joined: someone joined, or tried to, since last nobody was there; the kernel
 *	    tells only whether anybody listens in any namespace
 * @sent: something was sent since the last look at it
 * @heard: to somebody who may have it
 * @foreign: someone who joined is not in the initial pid namespace, or was not seen
 * @until: jiffies: taken for listening until then, since someone is joining
 * @foreign_until: likewise, if he is not in the initial pid namespace
 * @seq: number of the next event, or ended connection
 * @lost_told: losses the listeners know of
 * @skb: batch being filled, or NULL
 * @hdr: its header; NULL if it has several messages, each of them ended
 * @pids_in: it has process numbers of the initial pid namespace
 * @rcu: to be freed after a grace period
 */
struct audience {
	struct tlc_feed_net feed;
	struct list_head list;
	struct kref ref;
	struct list_head begun;
	struct mutex telling;	/* see above */
	bool gone;
	struct net *net;
	unsigned int group;
	bool joined;
	bool foreign;
	bool sent;
	bool heard;
	u64 until;
	u64 foreign_until;
	u64 seq;
	u64 lost_told;
	struct sk_buff *skb;
	void *hdr;
	bool pids_in;
	struct rcu_head rcu;
};

extern struct audience tlc_audience_everyone[TLC_FEED_KINDS];

static inline struct audience *tlc_audience_of(struct tlc_feed_net *feed)
{
	return container_of(feed, struct audience, feed);
}

static inline u64 tlc_audience_lost(const struct audience *a)
{
	return atomic64_read(&a->feed.lost);
}

int tlc_audience_init(void);
void tlc_audience_exit(void);
struct audience *tlc_audience_in(const struct net *net, enum tlc_feed_kind kind);
struct audience *tlc_audience_find(u64 net, enum tlc_feed_kind kind);
struct audience *tlc_audience_take(struct audience *a);
void tlc_audience_walk(struct list_head *place);
struct audience *tlc_audience_next(struct list_head *place);
void tlc_audience_let_go(struct audience *a);

#endif /* TLC_AUDIENCE_H */
