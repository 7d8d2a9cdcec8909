// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_ports.c: local ports used up towards one destination.
 *
 * Each connection from one local address to one destination takes a port of the range, in
 * TIME_WAIT as well.  The range is that of this process's network namespace.
 */
#include <string.h>

#include "why/rule.h"

#define PERCENT 50
#define SEVERE 90

/* Indexes of group.sum */
enum { WAITING, CLOSED_FIRST, FAILED, TAKEN, REUSABLE, RANGE };

/* connect() takes such a port again: see tcp_twsk_unique() in the kernel. */
static bool is_reusable(const struct why *w, const struct conn *c)
{
	bool loopback = c->remote.len == 4 ? c->remote.byte[0] == 127 :
			c->remote.len == 16 && !memcmp(c->remote.byte, (uint8_t [16]){ [15] = 1 }, 16);

	if (c->state != TCP_LIFECYCLE_STATE_TIME_WAIT ||
	    !(c->agreed & TCP_LIFECYCLE_OPT_TIMESTAMPS) ||
	    facts_in_state(c) < RULE_SECOND)
		return false;
	return w->host.tw_reuse == 1 || (w->host.tw_reuse == 2 && loopback);
}

static void collect(const struct why *w, struct tally *t, const struct conn *c)
{
	bool failed = c->close == TCP_LIFECYCLE_CLOSE_NOT_SENT;
	struct key key, who;
	struct group *g;

	if (!facts_connected(c) || w->host.port_least < 0 || c->netns != w->host.netns ||
	    (conn_dead(c) && !failed) ||
	    (!failed && (c->local_port < w->host.port_least ||
			 c->local_port > w->host.port_most)))
		return;
	key_begin(&key, c);
	key_remote(&key, c);
	key_local_host(&key, c);
	g = tally_count(t, &key, c);
	if (!g)
		return;
	g->sum[RANGE] = w->host.port_most - w->host.port_least + 1;
	if (failed)
		g->sum[FAILED]++;
	else if (is_reusable(w, c))
		g->sum[REUSABLE]++;
	else
		g->sum[TAKEN]++;
	if (c->state == TCP_LIFECYCLE_STATE_TIME_WAIT) {
		g->sum[WAITING]++;
		g->sum[CLOSED_FIRST] += c->first == TCP_LIFECYCLE_FIRST_LOCAL;
	}
	key_begin(&who, c);
	key_owner(&who, c);
	group_part(g, &who);
}

static enum severity judge(const struct why *w, const struct group *g)
{
	uint64_t range = g->sum[RANGE];

	(void)w;
	/* Without TIME_WAIT they are just many connections. */
	if (g->sum[TAKEN] * 100 < range * PERCENT || !g->sum[WAITING])
		return SEVERITY_NONE;
	return g->sum[TAKEN] * 100 >= range * SEVERE ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void print(const struct why *w, const struct group *g, struct story *s)
{
	char local[TEXT_ADDR_SIZE];

	text_addr(local, &g->key.local);
	story_say(s, "%s of %s local ports of %s taken towards %s, %s connection%s in TIME_WAIT",
		  COUNT(g->sum[TAKEN]), COUNT(g->sum[RANGE]), local, KEY_END(&g->key),
		  COUNT(g->sum[WAITING]), S(g->sum[WAITING]));
	story_fact(s, "This side closed first in %s of those.", COUNT(g->sum[CLOSED_FIRST]));
	if (g->sum[FAILED])
		story_fact(s, "%s connect() failed before a SYN was sent.", COUNT(g->sum[FAILED]));
	story_shares_of_processes(s, "By", g);
	story_list(s, w, "dst", &g->key, "state time-wait src %s", local);
}

const struct rule rule_ports = {
	.name = "ports",
	.looked = "local ports",
	.threshold = "connections from one address to one destination, some of them in TIME_WAIT, that take 50 % of "
		     "net.ipv4.ip_local_port_range; severe from 90 % on",
	.usual = "a new connection for each request, closed by this side first",
	.remedy = "keep connections open (a pool, HTTP keep-alive); or let the peer close first; "
		  "widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse=1",
	.collect = collect,
	.judge = judge,
	.print = print,
};
