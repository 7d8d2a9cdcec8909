// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_mss.c: segments smaller than the path may have room for.
 *
 * A PMTU black hole is not told from other loss: no record has the sizes of what was lost.
 */
#include "why/rule.h"

#define LEAST 3
#define SMALL 1000	/* bytes; 1220 is what any IPv6 path has room for */

/* Indexes of group.sum */
enum { SMALLEST, CHANGED };

static void smallest(struct group *g, const struct conn *c)
{
	if (!g->sum[SMALLEST] || c->mss_eff_bytes < g->sum[SMALLEST])
		g->sum[SMALLEST] = c->mss_eff_bytes;
}

static enum severity judge(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static struct group *by_host(struct tally *t, const struct conn *c, const struct key *key)
{
	struct key remote;
	struct group *g;

	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, key, c);
	group_part(g, &remote);
	if (g)
		smallest(g, c);
	return g;
}

static void collect_cookie(const struct why *w, struct tally *t, const struct conn *c)
{
	struct key key;

	(void)w;
	if (!c->mss_eff_bytes || c->mss_eff_by != TCP_LIFECYCLE_MSS_BY_COOKIE)
		return;
	key_begin(&key, c);
	key_local(&key, c);
	by_host(t, c, &key);
}

static void print_cookie(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "MSS rounded down by a SYN cookie in %s connections to %s", COUNT(g->count),
		  KEY_END(&g->key));
	story_fact(s, "The smallest: %s bytes.", COUNT(g->sum[SMALLEST]));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	story_list(s, w, "src", &g->key, "open syncookie");
}

const struct rule rule_mss_cookie = {
	.name = "mss-cookie",
	.looked = "MSS",
	.threshold = "3 connections to one local address and port whose MSS a SYN cookie rounded down",
	.usual = "the SYN queue was full as they came, see syn-queue",
	.remedy = "as for syn-queue: a longer backlog; those that are open keep the small MSS",
	.collect = collect_cookie,
	.judge = judge,
	.print = print_cookie,
};

static bool was_lowered(const struct conn *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++)
		if (c->entry[i].cause == TCP_LIFECYCLE_CAUSE_MSS_CHANGED &&
		    c->entry[i].mss_by == TCP_LIFECYCLE_MSS_BY_PMTU &&
		    c->entry[i].mss_new_bytes < c->entry[i].mss_old_bytes)
			return true;
	return false;
}

static void collect_pmtu(const struct why *w, struct tally *t, const struct conn *c)
{
	bool lowered = was_lowered(c);
	struct group *g;
	struct key key;

	(void)w;
	if (!c->mss_eff_bytes || (!lowered && c->mss_eff_by != TCP_LIFECYCLE_MSS_BY_PMTU))
		return;
	key_begin(&key, c);
	g = by_host(t, c, &key);
	if (g)
		g->sum[CHANGED] += lowered;
}

static void print_pmtu(const struct why *w, const struct group *g, struct story *s)
{
	story_say(s, "MSS held down by path MTU discovery in %s connections", COUNT(g->count));
	story_fact(s, "The smallest: %s bytes. In %s of them it was lowered while the connection was "
		   "open: full segments had been lost until then.", COUNT(g->sum[SMALLEST]),
		   COUNT(g->sum[CHANGED]));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	if (g->sum[CHANGED] == g->count)
		story_list(s, w, NULL, &g->key, "cause mss-changed");
	else
		story_list(s, w, NULL, &g->key, "'mss < %llu'",
			   (unsigned long long)g->sum[SMALLEST] + 1);
}

const struct rule rule_mss_pmtu = {
	.name = "mss-pmtu",
	.looked = "MSS",
	.threshold = "3 connections whose MSS path MTU discovery holds below that of the interface",
	.usual = "a tunnel (VPN, overlay network) on the path, whose MTU this host learns by ICMP",
	.remedy = "set the MTU of the route or the interface to that of the path, or clamp the MSS "
		  "at the tunnel",
	.collect = collect_pmtu,
	.judge = judge,
	.print = print_pmtu,
};

static void collect_small(const struct why *w, struct tally *t, const struct conn *c)
{
	struct key key;

	(void)w;
	if (!c->mss_eff_bytes || c->mss_eff_bytes >= SMALL)
		return;
	switch (c->mss_eff_by) {
	case TCP_LIFECYCLE_MSS_BY_PEER:
	case TCP_LIFECYCLE_MSS_BY_DEFAULT:
	case TCP_LIFECYCLE_MSS_BY_MAXSEG:
	case TCP_LIFECYCLE_MSS_BY_ROUTE:
	case TCP_LIFECYCLE_MSS_BY_MTU:
		break;
	default:
		return;
	}
	key_begin(&key, c);
	key.kind = c->mss_eff_by;
	by_host(t, c, &key);
}

static void print_small(const struct why *w, const struct group *g, struct story *s)
{
	static const char *const held[] = {
		[TCP_LIFECYCLE_MSS_BY_PEER] = "the MSS option that came in the peer's SYN",
		[TCP_LIFECYCLE_MSS_BY_DEFAULT] = "the peer's SYN, which came without an MSS option",
		[TCP_LIFECYCLE_MSS_BY_MAXSEG] = "TCP_MAXSEG, set by the process",
		[TCP_LIFECYCLE_MSS_BY_ROUTE] = "the route (mtu or advmss)",
		[TCP_LIFECYCLE_MSS_BY_MTU] = "the MTU of the interface",
	};

	story_say(s, "MSS below %d bytes in %s connections, held there by %s", SMALL,
		  COUNT(g->count), held[g->key.kind]);
	story_fact(s, "The smallest: %s bytes.", COUNT(g->sum[SMALLEST]));
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	story_list(s, w, NULL, &g->key, "'mss < %d'", SMALL);
}

const struct rule rule_mss_small = {
	.name = "mss-small",
	.looked = "MSS",
	.threshold = "3 connections with an MSS below 1000 bytes, held there by the peer's SYN, "
		     "TCP_MAXSEG, the route or the interface",
	.usual = "a middlebox that clamps the MSS too low or removes the option, or a setting of the "
		 "peer; the SYN does not tell which",
	.remedy = "compare mss_adv at the peer with mss_rcv here (tcplc show at both ends): if they "
		  "differ, something between the two rewrites it",
	.collect = collect_small,
	.judge = judge,
	.print = print_small,
};
