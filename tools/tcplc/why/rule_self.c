// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_self.c: sockets connected to themselves.
 */
#include "why/rule.h"

static void collect(const struct why *w, struct tally *t, const struct conn *c)
{
	struct key key, who;

	(void)w;
	if (c->open != TCP_LIFECYCLE_OPEN_SELF)
		return;
	key_begin(&key, c);
	key_remote(&key, c);
	key_begin(&who, c);
	key_owner(&who, c);
	group_part(tally_count(t, &key, c), &who);
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static void print(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connection%s of a socket to itself: %s", COUNT(g->count), S(g->count),
		  KEY_END(&g->key));
	story_fact(s, "Its local and its remote end are the same; it reads what it sends.");
	story_shares_of_processes(s, "By", g);
	story_when(s, g);
	story_list(s, w, "dst", &g->key, "open self");
}

const struct rule rule_self_connect = {
	.name = "self-connect",
	.looked = "self-connections",
	.threshold = "1 connection of a socket to itself",
	.usual = "retries of connect() to a local port of the ephemeral range while nothing listens "
		 "there: one day connect() picks that port for itself",
	.remedy = "let the service listen below net.ipv4.ip_local_port_range, or reserve its port in "
		  "net.ipv4.ip_local_reserved_ports",
	.collect = collect,
	.judge = judge,
	.print = print,
};
