// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_half_open.c: handshakes that are begun and never completed.
 */
#include "why/rule.h"

#define LEAST 100
#define PERCENT 50
#define SECONDS 1

/* Indexes of group.sum */
enum { NOW, TIMED_OUT };

static void collect(const struct why *w, struct tally *t, const struct conn *c)
{
	bool now = c->state == TCP_LIFECYCLE_STATE_NEW_SYN_RECV &&
		   facts_in_state(c) >= SECONDS * RULE_SECOND;
	bool timed_out = c->close == TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT;
	struct key key, remote;
	struct group *g;

	(void)w;
	if (!facts_came_in(c))
		return;
	key_begin(&key, c);
	key_local(&key, c);
	tally_see(t, &key);
	/* Where the ACK came, it is no half-open handshake: the data is what did not come. */
	if ((!now && !timed_out) || facts_last_of(c, TCP_LIFECYCLE_CAUSE_ACK_DEFERRED))
		return;
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	group_part(g, &remote);
	if (!g)
		return;
	g->sum[NOW] += now;
	g->sum[TIMED_OUT] += timed_out;
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST && rule_share(g, PERCENT) ? SEVERITY_SEVERE : SEVERITY_NONE;
}

static void print(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "half-open: %s handshakes to %s were not completed", OUT_OF(g),
		  KEY_END(&g->key));
	story_fact(s, "%s wait now, %s timed out.", COUNT(g->sum[NOW]), COUNT(g->sum[TIMED_OUT]));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	story_list(s, w, "src", &g->key, "'(' state new-syn-recv or close request-timed-out ')'");
}

const struct rule rule_half_open = {
	.name = "half-open",
	.looked = "half-open",
	.threshold = "100 handshakes to one local address and port that wait for the ACK for 1 s or "
		     "timed out without it, and 50 % of those begun",
	.usual = "a SYN flood with forged addresses, a scan, or SYN-ACKs that do not reach the clients",
	.remedy = "net.ipv4.tcp_syncookies=1 keeps the service up; limit SYNs by source in the "
		  "firewall; if the addresses are your own clients, look at the way back",
	.collect = collect,
	.judge = judge,
	.print = print,
};
