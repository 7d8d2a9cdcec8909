// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_dead_peer.c: data retransmitted for minutes to a peer that did not answer any more.
 */
#include "why/rule.h"

#define SECONDS 60
#define SEVERE 10
#define ONE_RUN 17	/* fires of the timer that can be one run, with tcp_retries2 at 15 */

static bool gave_up(const struct conn *c)
{
	const struct entry *end = conn_last_move(c);

	switch (c->close) {
	case TCP_LIFECYCLE_CLOSE_RETRANSMIT:
	case TCP_LIFECYCLE_CLOSE_USER_TIMEOUT:
		return true;
	case TCP_LIFECYCLE_CLOSE_ORPHAN:
		return end && end->cause == TCP_LIFECYCLE_CAUSE_TIMEOUT;
	default:
		return false;
	}
}

static const struct entry *last_timer(const struct conn *c)
{
	const struct entry *data = facts_last_of(c, TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA);
	const struct entry *fin = facts_last_of(c, TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN);

	return !data || (fin && fin->at_us > data->at_us) ? fin : data;
}

static void collect(const struct why *w, struct tally *t, const struct conn *c)
{
	const struct entry *end = conn_last_move(c), *timer;
	struct key key, who;
	struct group *g;

	(void)w;
	if (!conn_dead(c) || !end || !gave_up(c))
		return;
	timer = last_timer(c);
	/* Fires of an earlier time join those of the last one: then it is not known. */
	if (!timer || timer->count > ONE_RUN || end->at_us < timer->at_us + SECONDS * RULE_SECOND)
		return;
	key_begin(&key, c);
	key_service(&key, c);
	g = tally_count(t, &key, c);
	if (!g)
		return;
	if (end->at_us - timer->at_us > g->longest)
		g->longest = end->at_us - timer->at_us;
	key_begin(&who, c);
	if (key.side == KEY_SERVER)
		key_remote_host(&who, c);
	else
		key_owner(&who, c);
	group_part(g, &who);
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	if (!g->count)
		return SEVERITY_NONE;
	return g->count >= SEVERE ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void print(const struct why *w, const struct group *g, struct story *s)
{
	bool server = g->key.side == KEY_SERVER;

	story_say(s, "%s connection%s %s %s given up after retransmitting for over %d s", COUNT(g->count),
		  S(g->count), g->key.side == KEY_UNKNOWN ? "with" : "to", KEY_END(&g->key), SECONDS);
	story_fact(s, "Nothing was acknowledged any more. From the first of these timers to the end: "
		   "up to %s.", LASTED(g->longest));
	if (server)
		story_shares_of_ends(s, "By remote address:", g);
	else
		story_shares_of_processes(s, "By", g);
	story_when(s, g);
	story_list(s, w, server ? "src" : "dst", &g->key, "close retransmit,user-timeout,orphan");
}

const struct rule rule_dead_peer = {
	.name = "dead-peer",
	.looked = "dead peers",
	.threshold = "1 connection that was given up 60 s or more after its retransmissions began; "
		     "severe from 10 to one destination on",
	.usual = "the peer crashed or lost its network, or a firewall or NAT forgot the connection",
	.remedy = "set TCP_USER_TIMEOUT on such sockets (30 s, say), so that the process hears of it "
		  "sooner; net.ipv4.tcp_retries2 for all",
	.hooks = RULE_GROUP(TIMERS),
	.symbol = "tcp_retransmit_timer",
	.collect = collect,
	.judge = judge,
	.print = print,
};
