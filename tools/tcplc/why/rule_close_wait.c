// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_close_wait.c: connections that the peer closed and this side did not.
 */
#include "why/rule.h"

#define LEAST 3
#define SEVERE 10
#define SECONDS 60

static void collect(const struct why *w, struct tally *t, const struct conn *c)
{
	struct key key, remote;
	struct group *g;
	uint64_t stayed;

	(void)w;
	if (c->state != TCP_LIFECYCLE_STATE_CLOSE_WAIT)
		return;
	stayed = facts_in_state(c);
	if (stayed < SECONDS * RULE_SECOND)
		return;
	key_begin(&key, c);
	key_owner(&key, c);
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	if (!g)
		return;
	group_part(g, &remote);
	if (stayed > g->longest)
		g->longest = stayed;
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	if (g->count < LEAST)
		return SEVERITY_NONE;
	return g->count >= SEVERE ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void print(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connections in CLOSE_WAIT for over %d s: %s", COUNT(g->count), SECONDS,
		  KEY_WHO(&g->key));
	story_fact(s, "The peer closed, this process did not. The longest: %s.", LASTED(g->longest));
	story_shares_of_ends(s, "By remote address:", g);
	story_list(s, w, "", &g->key, "state close-wait");
}

const struct rule rule_close_wait = {
	.name = "close-wait",
	.looked = "CLOSE_WAIT",
	.threshold = "3 connections of one process in CLOSE_WAIT for 60 s; severe from 10 on",
	.usual = "a response that is never read to its end, or an error path that forgets close()",
	.remedy = "find the missing close() in that process; its open files (ss -tp, lsof) name the "
		  "sockets; a restart only buys time",
	.collect = collect,
	.judge = judge,
	.print = print,
};
