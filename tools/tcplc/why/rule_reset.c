// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_reset.c: connections that ended by an RST, by whom and why.
 */
#include "why/rule.h"

#define LEAST_OURS 3
#define PERCENT_OURS 1
#define LEAST 10
#define PERCENT 10

/* Indexes of group.sum */
enum { NOT_OWNED };

/* Of ours: by the process that ended it. */
static void collect_ours(struct tally *t, const struct conn *c, uint8_t close, uint8_t other)
{
	struct key key, remote;
	struct group *g;

	if (!facts_is_over(c) || facts_is_listener(c))
		return;
	key_begin(&key, c);
	key_closer(&key, c);
	tally_see(t, &key);
	if (c->close != close && c->close != other)
		return;
	key_begin(&remote, c);
	key_remote_host(&remote, c);
	g = tally_count(t, &key, c);
	group_part(g, &remote);
	if (g)
		g->sum[NOT_OWNED] += conn_has(c, TCP_LIFECYCLE_A_CONN_CLOSER_COMM);
}

static enum severity judge_ours(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST_OURS && rule_share(g, PERCENT_OURS) ? SEVERITY_NOTABLE :
	       SEVERITY_NONE;
}

static enum severity judge_often(const struct why *w, const struct group *g)
{
	(void)w;
	return g->count >= LEAST && rule_share(g, PERCENT) ? SEVERITY_NOTABLE : SEVERITY_NONE;
}

static void print_ours(const struct why *w, const struct group *g, struct story *s,
		       const char *words, const char *what)
{
	story_say(s, "%s connections of %s reset by this side: %s", OUT_OF(g), KEY_WHO(&g->key), what);
	story_shares_of_ends(s, "By remote address:", g);
	story_when(s, g);
	/* A filter asks for the owner; who ended it may be another process. */
	story_list(s, w, g->sum[NOT_OWNED] ? NULL : "", &g->key, "close %s", words);
}

static void collect_unread(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect_ours(t, c, TCP_LIFECYCLE_CLOSE_RST_UNREAD, TCP_LIFECYCLE_CLOSE_RST_UNREAD);
}

static void print_unread(const struct why *w, const struct group *g, struct story *s)
{
	print_ours(w, g, s, "rst-unread", "closed with data unread");
}

const struct rule rule_reset_unread = {
	.name = "reset-unread",
	.looked = "resets",
	.threshold = "3 connections that one process closed with data unread, and 1 % of those it ended",
	.usual = "the process closes before it has read all: a limit, an error, or data it did not expect",
	.remedy = "read to the end of the stream before close(), or shutdown(SHUT_WR) and drain; the "
		  "peer may lose what this side sent last",
	.hooks = RULE_GROUP(CAUSES),
	.symbol = "tcp_send_active_reset",
	.collect = collect_unread,
	.judge = judge_ours,
	.print = print_unread,
};

static void collect_late(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect_ours(t, c, TCP_LIFECYCLE_CLOSE_RST_LATE_DATA, TCP_LIFECYCLE_CLOSE_RST_LATE_DATA);
}

static void print_late(const struct why *w, const struct group *g, struct story *s)
{
	print_ours(w, g, s, "rst-late-data", "data came after close()");
}

const struct rule rule_reset_late_data = {
	.name = "reset-late-data",
	.looked = "resets",
	.threshold = "3 connections of one process that got data after its close(), and 1 % of those "
		     "it ended",
	.usual = "this side closed while the peer was still sending: a timeout that is too short, or a "
		 "request that was refused before all of it had come",
	.remedy = "shutdown(SHUT_WR), read until the peer closes, then close(); compare the timeouts of "
		  "both sides",
	.hooks = RULE_GROUP(CAUSES),
	.collect = collect_late,
	.judge = judge_ours,
	.print = print_late,
};

static void collect_linger(const struct why *w, struct tally *t, const struct conn *c)
{
	(void)w;
	collect_ours(t, c, TCP_LIFECYCLE_CLOSE_RST_LINGER, TCP_LIFECYCLE_CLOSE_RST_LINGER2);
}

static void print_linger(const struct why *w, const struct group *g, struct story *s)
{
	print_ours(w, g, s, "rst-linger,rst-linger2", "SO_LINGER 0 or TCP_LINGER2");
}

const struct rule rule_reset_linger = {
	.name = "reset-linger",
	.looked = "resets",
	.threshold = "10 connections that one process reset by SO_LINGER 0 or TCP_LINGER2, and 10 % of "
		     "those it ended",
	.usual = "a setting that avoids TIME_WAIT; health checks of load balancers do so on purpose",
	.remedy = "if it is not meant, leave SO_LINGER alone: an RST may destroy data that the peer has "
		  "not read yet",
	.hooks = RULE_GROUP(CAUSES),
	.symbol = "tcp_disconnect",
	.collect = collect_linger,
	.judge = judge_often,
	.print = print_linger,
};

static void collect_received(const struct why *w, struct tally *t, const struct conn *c)
{
	struct key key, other;

	(void)w;
	if (!facts_is_over(c) || facts_is_listener(c) || !facts_opened(c))
		return;
	key_begin(&key, c);
	key_service(&key, c);
	tally_see(t, &key);
	if (c->close != TCP_LIFECYCLE_CLOSE_RST_RECEIVED)
		return;
	key_begin(&other, c);
	if (key.side == KEY_SERVER)
		key_remote_host(&other, c);
	else
		key_owner(&other, c);
	group_part(tally_count(t, &key, c), &other);
}

static void print_received(const struct why *w, const struct group *g, struct story *s)
{
	bool server = g->key.side == KEY_SERVER;

	story_say(s, "%s connections %s %s reset by the peer", OUT_OF(g),
		  g->key.side == KEY_UNKNOWN ? "with" : "to", KEY_END(&g->key));
	if (server)
		story_shares_of_ends(s, "By remote address:", g);
	else
		story_shares_of_processes(s, "By", g);
	story_when(s, g);
	story_list(s, w, server ? "src" : "dst", &g->key, "close rst-received");
}

const struct rule rule_reset_received = {
	.name = "reset-received",
	.looked = "resets",
	.threshold = "10 connections to one destination, or to one local address and port, that the "
		     "peer reset, and 10 % of those that ended",
	.usual = "the peer closed with data unread, crashed, or an idle timeout of a proxy or firewall "
		 "between the two ran out",
	.remedy = "tcplc why at the peer names its reason; if they were idle before, use keepalive "
		  "below the timeout of what is between",
	.hooks = RULE_GROUP(CAUSES),
	.symbol = "tcp_reset",
	.collect = collect_received,
	.judge = judge_often,
	.print = print_received,
};
