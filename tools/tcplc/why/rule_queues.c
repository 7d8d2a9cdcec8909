// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_queues.c: listeners whose accept queue or SYN queue was full.
 *
 * What was dropped has no record: the counters of the listener tell of it, since it began.
 */
#include "why/rule.h"

/* Indexes of group.sum */
enum { DROPPED, ACCEPTED, BACKLOG, WAITED, WAITED_US, VALID };

#define SENT ACCEPTED	/* of the SYN queue */

static struct group *listener(struct tally *t, const struct conn *c)
{
	struct group *g;
	struct key key;

	key_begin(&key, c);
	key.cookie = c->cookie;
	g = tally_count(t, &key, c);
	if (!g)
		return NULL;
	key_begin(&g->about, c);
	key_local(&g->about, c);
	key_owner(&g->about, c);
	g->about.kind = conn_older(c);
	g->partial = true;	/* of how many SYNs is not counted */
	return g;
}

/* How long it waited in the queue: only of interest where the listener has dropped some. */
static void collect_wait(struct tally *t, const struct conn *c)
{
	struct group *g;
	struct key key;

	if (!c->listener || !conn_has(c, TCP_LIFECYCLE_A_CONN_ACCEPT_US))
		return;
	key_begin(&key, c);
	key.cookie = c->listener;
	g = tally_see(t, &key);
	if (!g)
		return;
	g->sum[WAITED]++;
	g->sum[WAITED_US] += c->accept_us;
	if (c->accept_us > g->longest)
		g->longest = c->accept_us;
}

static void collect_accept(const struct why *w, struct tally *t, const struct conn *c)
{
	struct group *g;

	(void)w;
	if (!facts_is_listener(c)) {
		collect_wait(t, c);
		return;
	}
	if (conn_dead(c) || !c->accept_overflow)
		return;
	g = listener(t, c);
	if (!g)
		return;
	g->sum[DROPPED] = c->accept_overflow;
	g->sum[ACCEPTED] = c->accepted;
	g->sum[BACKLOG] = c->backlog;
	g->count = g->sum[DROPPED];
}

static enum severity judge_accept(const struct why *w, const struct group *g)
{
	(void)w;
	if (!g->sum[DROPPED])
		return SEVERITY_NONE;
	return g->sum[DROPPED] * 100 >= g->sum[ACCEPTED] ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static const char *since(const struct group *g)
{
	return g->about.kind ? "since the module was loaded" : "since listen()";
}

static void print_accept(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "accept queue of %s full: %s SYN%s or handshake%s dropped, %s accepted %s: %s",
		  KEY_END(&g->about), COUNT(g->sum[DROPPED]), S(g->sum[DROPPED]),
		  S(g->sum[DROPPED]), COUNT(g->sum[ACCEPTED]), since(g), KEY_WHO(&g->about));
	story_fact(s, "Backlog %s.", COUNT(g->sum[BACKLOG]));
	if (g->sum[WAITED])
		story_fact(s, "Time in the queue: %s on average, %s at most, of %s connection%s on "
			   "record.", LASTED(g->sum[WAITED_US] / g->sum[WAITED]),
			   LASTED(g->longest), COUNT(g->sum[WAITED]), S(g->sum[WAITED]));
	story_listeners(s, w, g->key.cookie);
}

const struct rule rule_accept_queue = {
	.name = "accept-queue",
	.looked = "accept()",
	.threshold = "1 SYN or handshake that a listener dropped because its accept queue was full; "
		     "severe from 1 for 100 connections accepted on",
	.usual = "the process calls accept() too seldom, or the backlog is too short for a burst",
	.remedy = "if the time in the queue is long, accept faster (more workers); if it is short, "
		  "raise the backlog of listen() and net.core.somaxconn",
	.hooks = RULE_GROUP(LISTENERS),
	.symbol = "tcp_conn_request",
	.collect = collect_accept,
	.judge = judge_accept,
	.print = print_accept,
};

static void collect_syn(const struct why *w, struct tally *t, const struct conn *c)
{
	struct group *g;

	/* Then each SYN is answered by a cookie, whether the queue is full or not. */
	if (w->host.syncookies == 2 && c->netns == w->host.netns)
		return;
	if (!facts_is_listener(c) || conn_dead(c) || (!c->syn_overflow && !c->cookies_sent))
		return;
	g = listener(t, c);
	if (!g)
		return;
	g->sum[DROPPED] = c->syn_overflow;
	g->sum[SENT] = c->cookies_sent;
	g->sum[VALID] = c->cookies_valid;
	g->sum[BACKLOG] = c->backlog;
	g->count = g->sum[DROPPED] + g->sum[SENT];
}

static enum severity judge_syn(const struct why *w, const struct group *g)
{
	(void)w;
	if (!g->count)
		return SEVERITY_NONE;
	return g->sum[DROPPED] ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void print_syn(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "SYN queue of %s full: ", KEY_END(&g->about));
	if (g->sum[DROPPED])
		story_say(s, "%s SYN%s dropped", COUNT(g->sum[DROPPED]), S(g->sum[DROPPED]));
	if (g->sum[SENT])
		story_say(s, "%s%s SYN cookie%s sent, %s came back", g->sum[DROPPED] ? ", " : "",
			  COUNT(g->sum[SENT]), S(g->sum[SENT]), COUNT(g->sum[VALID]));
	story_say(s, " %s: %s", since(g), KEY_WHO(&g->about));
	story_fact(s, "Backlog %s.", COUNT(g->sum[BACKLOG]));
	if (g->sum[SENT])
		story_fact(s, "A cookie rounds the MSS down, and without timestamps there is "
			   "neither SACK nor window scaling.");
	if (g->sum[SENT] && g->key.netns != w->host.netns)
		story_fact(s, "The queue need not be full if net.ipv4.tcp_syncookies is 2 there.");
	story_listeners(s, w, g->key.cookie);
}

const struct rule rule_syn_queue = {
	.name = "syn-queue",
	.looked = "SYN queue",
	.threshold = "1 SYN dropped or 1 SYN cookie sent because the SYN queue of a listener was full; "
		     "severe if dropped; not where net.ipv4.tcp_syncookies is 2",
	.usual = "a burst of clients and a short backlog; or a SYN flood, if few cookies come back",
	.remedy = "raise the backlog of listen(), net.core.somaxconn and "
		  "net.ipv4.tcp_max_syn_backlog; leave net.ipv4.tcp_syncookies at 1",
	.hooks = RULE_GROUP(LISTENERS),
	.symbol = "tcp_conn_request",
	.collect = collect_syn,
	.judge = judge_syn,
	.print = print_syn,
};
