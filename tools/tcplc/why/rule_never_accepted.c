// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_never_accepted.c: connections that wait for accept(), and those that waited in vain.
 */
#include <string.h>

#include "why/rule.h"

#define SECONDS 10
#define LEAST_CLOSED 3

/* A further subflow of MPTCP is accepted by nobody. */
static bool may_be_accepted(const struct conn *c)
{
	return facts_came_in(c) && !(c->agreed & TCP_LIFECYCLE_OPT_MPTCP);
}

enum {
	ONE_ADDRESS,
	SEVERAL,	/* connections of one listener came to more than one address */
};

/* A listener on [::] has connections to each address there is: then only the port is said. */
static void take_end(struct key *about, const struct conn *c)
{
	struct key here;

	key_begin(&here, c);
	key_local(&here, c);
	if (!about->addr.len && about->kind == ONE_ADDRESS) {
		*about = here;
	} else if (about->addr.len != here.addr.len ||
		   memcmp(about->addr.byte, here.addr.byte, here.addr.len)) {
		about->kind = SEVERAL;
		memset(&about->addr, 0, sizeof(about->addr));
		about->ifindex = 0;
	}
}

static struct group *count(struct tally *t, const struct conn *c)
{
	struct key key, remote;
	struct group *g;

	key_begin(&key, c);
	key.cookie = c->listener;
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	if (g)
		take_end(&g->about, c);
	group_part(g, &remote);
	return g;
}

static void collect_waiting(const struct why *w, struct tally *t, const struct conn *c)
{
	const struct entry *opened = conn_entered(c, TCP_LIFECYCLE_STATE_ESTABLISHED);
	struct group *g;

	(void)w;
	if (conn_dead(c) || !opened || !may_be_accepted(c) || opened->at_us > c->age_us ||
	    c->age_us - opened->at_us < SECONDS * RULE_SECOND ||
	    conn_has(c, TCP_LIFECYCLE_A_CONN_ACCEPT_US) ||
	    conn_has(c, TCP_LIFECYCLE_A_CONN_OWNER) ||
	    facts_last_of(c, TCP_LIFECYCLE_CAUSE_ACCEPTED))
		return;
	g = count(t, c);
	if (g && c->age_us - opened->at_us > g->longest)
		g->longest = c->age_us - opened->at_us;
}

static enum severity judge_waiting(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count ? SEVERITY_SEVERE : SEVERITY_NONE;
}

static void print_waiting(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connection%s to %s wait%s for accept() for over %d s", COUNT(g->count),
		  S(g->count), KEY_END(&g->about), S3(g->count), SECONDS);
	story_fact(s, "Open for the peer, unknown to the process. The longest: %s.",
		   LASTED(g->longest));
	story_shares_of_ends(s, "By remote address:", g);
	if (g->key.cookie)
		story_list(s, w, NULL, &g->key, "live not cause accepted listener %llx",
			   (unsigned long long)g->key.cookie);
	else
		story_list(s, w, "src", &g->about, "live not cause accepted");
}

const struct rule rule_never_accepted = {
	.name = "never-accepted",
	.looked = "accept()",
	.threshold = "1 connection that was opened 10 s ago and was not accepted",
	.usual = "the process is blocked, stopped, or has no worker or file descriptor left",
	.remedy = "see what the process does (its stack, ulimit -n, its pool of workers); "
		  "a longer backlog only hides it",
	.hooks = RULE_GROUP(ACCEPT),
	.symbol = "security_sock_graft",
	.collect = collect_waiting,
	.judge = judge_waiting,
	.print = print_waiting,
};

static void collect_closed(const struct why *w, struct tally *t, const struct conn *c)
{
	struct group *g;
	struct key who;

	(void)w;
	if (c->close != TCP_LIFECYCLE_CLOSE_LISTENER_CLOSED || !facts_opened(c))
		return;
	g = count(t, c);
	if (!g)
		return;
	key_begin(&who, c);
	key_closer(&who, c);
	memcpy(g->about.comm, who.comm, sizeof(who.comm));
	g->about.pid = who.pid;
}

static enum severity judge_closed(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST_CLOSED ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static void print_closed(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "%s connections to %s were reset: the listener closed before it accepted them",
		  COUNT(g->count), KEY_END(&g->about));
	story_fact(s, "Closed by %s.", KEY_WHO(&g->about));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	if (g->key.cookie)
		story_list(s, w, NULL, &g->key, "close listener-closed listener %llx",
			   (unsigned long long)g->key.cookie);
	else
		story_list(s, w, "src", &g->about, "close listener-closed");
}

const struct rule rule_closed_unaccepted = {
	.name = "closed-unaccepted",
	.looked = "accept()",
	.threshold = "3 connections of one listener that were open when it closed, and not accepted",
	.usual = "a restart of the service while clients connected",
	.remedy = "accept what is in the queue before closing the listener, hand the socket over "
		  "(systemd socket activation), or set net.ipv4.tcp_migrate_req with SO_REUSEPORT",
	.hooks = RULE_GROUP(CAUSES),
	.symbol = "tcp_disconnect",
	.collect = collect_closed,
	.judge = judge_closed,
	.print = print_closed,
};
