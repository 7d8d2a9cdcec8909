// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_teardown.c: connections that did not close as they should: FIN_WAIT_2, orphans, TIME_WAIT.
 */
#include "why/rule.h"

#define LEAST 10
#define PERCENT 5
#define SECONDS 60

/* Indexes of group.sum */
enum { STILL, EXPIRED, NOT_OWNED };

static void collect_fin_wait_2(const struct why *w, struct tally *t, const struct conn *c)
{
	bool expired = c->close == TCP_LIFECYCLE_CLOSE_FIN_WAIT_2;
	bool still = c->state == TCP_LIFECYCLE_STATE_FIN_WAIT_2 &&
		     facts_in_state(c) >= SECONDS * RULE_SECOND;
	struct key key, remote;
	struct group *g;

	(void)w;
	if (facts_is_listener(c) || (!facts_is_over(c) && !still))
		return;
	key_begin(&key, c);
	key_closer(&key, c);
	tally_see(t, &key);
	if (!expired && !still)
		return;
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	group_part(g, &remote);
	if (!g)
		return;
	g->sum[STILL] += still;
	g->sum[EXPIRED] += expired;
	g->sum[NOT_OWNED] += conn_has(c, TCP_LIFECYCLE_A_CONN_CLOSER_COMM);
	if (still && facts_in_state(c) > g->longest)
		g->longest = facts_in_state(c);
}

static enum severity judge_fin_wait_2(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST && rule_share(g, PERCENT) ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static void print_fin_wait_2(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connections of %s stuck in FIN_WAIT_2: the peer does not close",
		  COUNT(g->count), KEY_WHO(&g->key));
	if (g->sum[EXPIRED])
		story_fact(s, "%s ended by tcp_fin_timeout.", COUNT(g->sum[EXPIRED]));
	if (g->sum[STILL])
		story_fact(s, "%s in it for over %d s now, the longest %s.", COUNT(g->sum[STILL]),
			   SECONDS, LASTED(g->longest));
	story_shares_of_ends(s, "By remote address:", g);
	story_list(s, w, g->sum[NOT_OWNED] ? NULL : "", &g->key, "'(' close fin-wait-2 or state fin-wait-2 ')'");
}

const struct rule rule_fin_wait_2 = {
	.name = "fin-wait-2",
	.looked = "teardown",
	.threshold = "10 connections, and 5 % of those one process ended, that the peer did not close: "
		     "ended by tcp_fin_timeout, or 60 s in FIN_WAIT_2",
	.usual = "the peer forgets close(), see close-wait there; or a firewall drops its FIN",
	.remedy = "tcplc why at the peer; this side loses nothing but memory, and "
		  "net.ipv4.tcp_fin_timeout bounds that",
	.collect = collect_fin_wait_2,
	.judge = judge_fin_wait_2,
	.print = print_fin_wait_2,
};

static enum severity judge_any(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count ? SEVERITY_SEVERE : SEVERITY_NONE;
}

static void count_of_process(struct tally *t, const struct conn *c)
{
	struct key key, who;

	key_begin(&key, c);
	key_begin(&who, c);
	key_closer(&who, c);
	group_part(tally_count(t, &key, c), &who);
}

static void collect_orphans(const struct why *w, struct tally *t, const struct conn *c)
{
	const struct entry *end = conn_last_move(c);

	(void)w;
	if (c->close == TCP_LIFECYCLE_CLOSE_ORPHAN && end &&
	    end->cause == TCP_LIFECYCLE_CAUSE_ORPHAN_LIMIT)
		count_of_process(t, c);
}

static void print_orphans(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s closed connection%s given up by the kernel: too many orphans, or too much "
		  "memory", COUNT(g->count), S(g->count));
	if (w->host.max_orphans >= 0)
		story_fact(s, "net.ipv4.tcp_max_orphans is %ld.", w->host.max_orphans);
	story_shares_of_processes(s, "Closed by", g);
	story_when(s, g);
	story_list(s, w, NULL, &g->key, "cause orphan-limit");
}

const struct rule rule_orphans = {
	.name = "orphans",
	.looked = "teardown",
	.threshold = "1 connection that was closed and whose data the kernel gave up: tcp_max_orphans, "
		     "or tcp_mem",
	.usual = "many connections closed with data unsent to peers that do not read, or an attack "
		 "that does so",
	.remedy = "raise net.ipv4.tcp_max_orphans and net.ipv4.tcp_mem if there is memory; lower "
		  "net.ipv4.tcp_orphan_retries",
	.collect = collect_orphans,
	.judge = judge_any,
	.print = print_orphans,
};

static void collect_tw_overflow(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	if (c->close == TCP_LIFECYCLE_CLOSE_TW_OVERFLOW)
		count_of_process(t, c);
}

static enum severity judge_tw_overflow(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static void print_tw_overflow(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connection%s skipped TIME_WAIT: there was no room for it", COUNT(g->count),
		  S(g->count));
	if (w->host.max_tw_buckets >= 0 && g->key.netns == w->host.netns)
		story_fact(s, "net.ipv4.tcp_max_tw_buckets is %ld.", w->host.max_tw_buckets);
	story_shares_of_processes(s, "Closed by", g);
	story_when(s, g);
	story_list(s, w, NULL, &g->key, "close tw-overflow");
}

const struct rule rule_tw_overflow = {
	.name = "tw-overflow",
	.looked = "teardown",
	.threshold = "1 connection that found no room in TIME_WAIT",
	.usual = "more connections closed by this side first in a minute than tcp_max_tw_buckets",
	.remedy = "keep connections open longer, or raise net.ipv4.tcp_max_tw_buckets: each takes "
		  "less than 300 bytes",
	.collect = collect_tw_overflow,
	.judge = judge_tw_overflow,
	.print = print_tw_overflow,
};
