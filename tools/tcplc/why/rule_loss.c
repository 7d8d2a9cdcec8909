// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_loss.c: SYNs and SYN-ACKs that were retransmitted, of connections that opened then.
 *
 * Those that never opened are the business of rule_connect.c and rule_half_open.c.
 */
#include "why/rule.h"

#define LEAST 3
#define PERCENT 1
#define SEVERE 10

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	if (g->count < LEAST || !rule_share(g, PERCENT))
		return SEVERITY_NONE;
	return !g->partial && rule_share(g, SEVERE) ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void collect_syn(const struct why *w, struct tally *t, const struct conn *c)
{
	const struct entry *timer;
	struct key key, who;
	struct group *g;

	(void)w;
	if (!facts_connected(c) || !facts_opened(c))
		return;
	key_begin(&key, c);
	key_remote(&key, c);
	tally_see(t, &key);
	timer = facts_last_of(c, TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN);
	if (!timer)
		return;
	key_begin(&who, c);
	key_owner(&who, c);
	g = tally_count(t, &key, c);
	group_part(g, &who);
	if (g)
		g->sum[0] += timer->count;
}

static void print_syn(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "SYN retransmitted for %s connections to %s", OUT_OF(g), KEY_END(&g->key));
	story_fact(s, "%s retransmission%s; the first one adds a second to connect().",
		   COUNT(g->sum[0]), S(g->sum[0]));
	story_shares_of_processes(s, "By", g);
	story_when(s, g);
	story_list(s, w, "dst", &g->key, "cause timer-rto-syn cause syn-ack-received");
}

const struct rule rule_syn_loss = {
	.name = "syn-loss",
	.looked = "handshakes",
	.threshold = "3 connections to one destination that opened after the SYN was retransmitted, "
		     "and 1 % of them; severe from 10 % on",
	.usual = "loss on the path, or a destination whose SYN queue or accept queue is full",
	.remedy = "at the destination: tcplc why (accept-queue, syn-queue); if its queues are well, "
		  "look for loss on the path (mtr, counters of interfaces)",
	.hooks = RULE_GROUP(TIMERS),
	.symbol = "tcp_retransmit_timer",
	.collect = collect_syn,
	.judge = judge,
	.print = print_syn,
};

static void collect_syn_ack(const struct why *w, struct tally *t, const struct conn *c)
{
	const struct entry *timer;
	struct key key, remote;
	struct group *g;

	(void)w;
	if (!facts_came_in(c) || !facts_opened(c))
		return;
	key_begin(&key, c);
	key_local(&key, c);
	tally_see(t, &key);
	timer = facts_last_of(c, TCP_LIFECYCLE_CAUSE_TIMER_SYN_ACK);
	/* The ACK did come where it was set aside, or found the accept queue full. */
	if (!timer || facts_last_of(c, TCP_LIFECYCLE_CAUSE_ACK_DEFERRED) ||
	    facts_last_of(c, TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL))
		return;
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	group_part(g, &remote);
	if (g)
		g->sum[0] += timer->count;
}

static void print_syn_ack(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "SYN-ACK timer fired for %s connections to %s", OUT_OF(g), KEY_END(&g->key));
	story_fact(s, "It fired %s time%s; the SYN-ACK, or the ACK for it, came late or was lost.",
		   COUNT(g->sum[0]), S(g->sum[0]));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	story_list(s, w, "src", &g->key, "cause timer-syn-ack cause ack-received not cause ack-deferred");
}

const struct rule rule_syn_ack_loss = {
	.name = "syn-ack-loss",
	.looked = "handshakes",
	.threshold = "3 connections to one local address and port that opened after the SYN-ACK timer "
		     "had fired, and 1 % of them; severe from 10 % on",
	.usual = "loss on the path to the clients named, or clients that are slow to answer",
	.remedy = "if one network of clients is concerned, look at the path there (mtr); "
		  "if all are, at this host's interfaces and firewall",
	.hooks = RULE_GROUP(TIMERS),
	.symbol = "reqsk_timer_handler",
	.collect = collect_syn_ack,
	.judge = judge,
	.print = print_syn_ack,
};
