// SPDX-License-Identifier: GPL-2.0-only
/*
 * joining.c: who begins to listen, and who has left.
 *
 * Owns: the flags by which a process that joins a group and the worker agree.
 * Called by: hooks.c, in the context of a process that joins; publish.c's worker.
 * Must not: send anything.
 *
 * A subscription is noticed as it begins, by a hook on genl_bind(): from there
 * on handlers fill the rings, so the first event after it is delivered.  That
 * nobody listens any more the worker finds out by itself.
 */
#include "feed/joining.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "family.h"
#include "feed/ended.h"
#include "netlink_gen.h"

static bool *switch_of(const struct audience *a)
{
	return a->feed.kind == TLC_FEED_ENDED ? &tlc_ended_on : &tlc_feed_on;
}

static void joins(struct audience *a)
{
	const bool foreign = task_active_pid_ns(current) != &init_pid_ns;
	const u64 until = get_jiffies_64() + TLC_JOIN_WINDOW;

	WRITE_ONCE(a->until, until);
	if (foreign)
		WRITE_ONCE(a->foreign_until, until);
	/*
	 * Pairs with the smp_mb()s in forget(), settle() and look_for_listeners().  Both
	 * sides write the same flags: of two writes to one, a release orders nothing.
	 */
	smp_mb();
	/* It is no member yet: batch.c looks at this again as it sends. */
	if (foreign)
		WRITE_ONCE(a->foreign, true);
	WRITE_ONCE(a->joined, true);
	WRITE_ONCE(a->feed.listening, true);
	WRITE_ONCE(*switch_of(a), true);
	tlc_feed_wake(TLC_FEED_KICK_SOON);
}

/*
 * Has the caller CAP_NET_ADMIN there?  As cap_capable() decides it, which is not
 * exported; what security modules have to say, whom ns_capable() asks, too, may
 * allocate.  Without this anybody could have the rings filled, again and again, by
 * trying to join in vain.  A user namespace has at most 32 above it.
 */
static bool may_join(const struct user_namespace *ns)
{
	const struct cred *cred = current_cred();

	for (; ns != cred->user_ns; ns = ns->parent) {
		if (ns->level <= cred->user_ns->level)
			return false;
		if (ns->parent == cred->user_ns && uid_eq(ns->owner, cred->euid))
			return true;
	}
	return cap_raised(cred->cap_effective, CAP_NET_ADMIN);
}

static void joins_in(const struct net *net, enum tlc_feed_kind kind)
{
	struct tlc_feed_net *feed = tlc_feed_find_net(tlc_compat_net_cookie(net), kind);

	if (feed)
		joins(tlc_audience_of(feed));
}

/**
 * tlc_joining_seen() - the caller is joining a group; whether it may is decided later
 * @net: network namespace
 * @number: the group's, among those of all families
 *
 * Context: handler of genl_bind(), by the process that joins.
 */
void tlc_joining_seen(const struct net *net, int number)
{
	/* Registering writes it while others join what they like */
	const unsigned int first = data_race(tlc_netlink_family.mcgrp_offset);
	int group = number - first;

	/* Not registered yet, so it is not ours. */
	if (!first || !may_join(net->user_ns))
		return;
	switch (group) {
	case TCP_LIFECYCLE_NLGRP_EVENTS:
		joins_in(net, TLC_FEED_EVENTS);
		break;
	case TCP_LIFECYCLE_NLGRP_ENDED:
		joins_in(net, TLC_FEED_ENDED);
		break;
	case TCP_LIFECYCLE_NLGRP_ALL_EVENTS:
		if (net_eq(net, &init_net))
			joins(&tlc_audience_everyone[TLC_FEED_EVENTS]);
		break;
	case TCP_LIFECYCLE_NLGRP_ALL_ENDED:
		if (net_eq(net, &init_net))
			joins(&tlc_audience_everyone[TLC_FEED_ENDED]);
		break;
	}
}

static bool is_joining(const struct audience *a)
{
	return time_before64(get_jiffies_64(), READ_ONCE(a->until));
}

static void forget(struct audience *a)
{
	WRITE_ONCE(a->joined, false);
	WRITE_ONCE(a->foreign, false);
	/* Who joins right now writes until first; pairs with joins() */
	smp_mb();
	if (is_joining(a))
		WRITE_ONCE(a->joined, true);
	if (time_before64(get_jiffies_64(), READ_ONCE(a->foreign_until)))
		WRITE_ONCE(a->foreign, true);
}

/**
 * tlc_joining_anybody() - does anybody listen?
 * @a: audience
 * @sees_joining: the hook that sees who joins runs, and did for a while
 *
 * Where joining cannot be seen because its hook is not there, anybody may have, and
 * stays when it is there again.  That somebody left, while others listen elsewhere,
 * shows in that nobody was there for what was sent.
 *
 * Context: the worker.
 */
bool tlc_joining_anybody(struct audience *a, bool sees_joining)
{
	const bool unheard = a->sent && !a->heard;

	a->sent = false;
	a->heard = false;
	if (!genl_has_listeners(&tlc_netlink_family, a->net, a->group) ||
	    (unheard && sees_joining)) {
		forget(a);
		return false;
	}
	if (!sees_joining) {
		WRITE_ONCE(a->joined, true);
		WRITE_ONCE(a->foreign, true);
	}
	return READ_ONCE(a->joined);
}

/**
 * tlc_joining_settle() - let handlers tell an audience something, or not
 * @a: audience
 * @there: tlc_joining_anybody()
 *
 * Context: the worker.
 * Return: whether anybody is there, or will be in a moment.
 */
bool tlc_joining_settle(struct audience *a, bool there)
{
	if (!there && is_joining(a))
		return true;
	if (there == READ_ONCE(a->feed.listening))
		return there;
	WRITE_ONCE(a->feed.listening, there);
	/* Who joins right now writes until first; pairs with joins() */
	smp_mb();
	if (is_joining(a)) {
		WRITE_ONCE(a->feed.listening, true);
		return true;
	}
	return there;
}
