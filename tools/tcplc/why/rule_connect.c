// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_connect.c: connect() that failed: refused, unreachable, timed out; by destination.
 */
#include "why/rule.h"

#define LEAST 3
#define PERCENT 1

static void collect(struct tally *t, const struct conn *c, uint8_t close)
{
	struct key key, who;

	/* While it is on its way nothing is known of it. */
	if (!facts_connected(c) || c->state == TCP_LIFECYCLE_STATE_SYN_SENT)
		return;
	key_begin(&key, c);
	key_remote(&key, c);
	tally_see(t, &key);
	if (c->close != close)
		return;
	key_begin(&who, c);
	key_owner(&who, c);
	group_part(tally_count(t, &key, c), &who);
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	if (g->count < LEAST || !rule_share(g, PERCENT))
		return SEVERITY_NONE;
	return !g->partial && g->count == g->of ? SEVERITY_SEVERE : SEVERITY_NOTABLE;
}

static void print(const struct why *w, const struct group *g, struct story *s, const char *word,
		  const char *how)
{
	story_say(s, "%s connect() to %s %s", OUT_OF(g), KEY_END(&g->key), how);
	story_shares_of_processes(s, "By", g);
	story_when(s, g);
	story_list(s, w, "dst", &g->key, "close %s", word);
}

#define THRESHOLD(what) \
	"3 connect() to one destination that " what ", and 1 % of them; severe if it was all of them"

static void collect_refused(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect(t, c, TCP_LIFECYCLE_CLOSE_REFUSED);
}

static void print_refused(const struct why *w, const struct group *g, struct story *s)
{
	print(w, g, s, "refused", "refused");
}

const struct rule rule_connect_refused = {
	.name = "connect-refused",
	.looked = "connect()",
	.threshold = THRESHOLD("were refused"),
	.usual = "nothing listens there: the service is down, or the port or address is wrong",
	.remedy = "at the destination: is the service up, and does it listen on that address (ss -ltn)? "
		  "A firewall that rejects with an RST looks the same",
	.collect = collect_refused,
	.judge = judge,
	.print = print_refused,
};

static void collect_unreachable(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect(t, c, TCP_LIFECYCLE_CLOSE_UNREACHABLE);
}

static void print_unreachable(const struct why *w, const struct group *g, struct story *s)
{
	print(w, g, s, "unreachable", "answered by ICMP: unreachable");
}

const struct rule rule_connect_unreachable = {
	.name = "connect-unreachable",
	.looked = "connect()",
	.threshold = THRESHOLD("were answered by an ICMP error"),
	.usual = "a firewall that rejects, a missing route, or a host that is down on its last link",
	.remedy = "see who sends the ICMP error (tcpdump icmp or icmp6), and ask there for the rule "
		  "or the route",
	.collect = collect_unreachable,
	.judge = judge,
	.print = print_unreachable,
};

static void collect_timed_out(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect(t, c, TCP_LIFECYCLE_CLOSE_TIMED_OUT);
}

static void print_timed_out(const struct why *w, const struct group *g, struct story *s)
{
	print(w, g, s, "timed-out", "timed out: no SYN was answered");
}

const struct rule rule_connect_timed_out = {
	.name = "connect-timed-out",
	.looked = "connect()",
	.threshold = THRESHOLD("were never answered"),
	.usual = "a firewall that drops, a host that is down, a path that loses, or queues that are "
		 "full at the destination",
	.remedy = "ping the host; tcpdump at both ends shows whether SYNs arrive and SYN-ACKs leave; "
		  "at the destination: tcplc why",
	.collect = collect_timed_out,
	.judge = judge,
	.print = print_timed_out,
};
