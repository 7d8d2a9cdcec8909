// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink_host.c: requests for what concerns all network namespaces.
 *
 * Owns: totals, hooks, configuration, clear.
 * Called by: the kernel's genetlink in process context, requests in parallel;
 * who may ask it has checked by the flags of the operation, but for totals that
 * a reader without the host's privilege does not get.
 * Must not: leave a change half made.
 */
#include <linux/capability.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "answer/netlink.h"
#include "answer/request.h"
#include "compat.h"
#include "feed/publish.h"
#include "life/fsm.h"
#include "netlink_gen.h"
#include "probe/attach.h"
#include "table/ageing.h"
#include "table/conn.h"
#include "totals/lives.h"
#include "totals/stats.h"

#define STATS(name) TCP_LIFECYCLE_A_STATS_##name
#define HOOK(name) TCP_LIFECYCLE_A_HOOK_##name

/* Room for all totals: each verdict takes 28 bytes, there are fewer than 64. */
#define STATS_SIZE	3072
#define CONFIG_SIZE	2048

/* Requests come in parallel; protects what config-set changes. */
static DEFINE_MUTEX(config_lock);

static bool administers_host(struct sk_buff *request)
{
	return netlink_capable(request, CAP_NET_ADMIN);
}

static int put_stat(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, STATS(PAD));
}

static int put_verdicts(struct sk_buff *skb, int attr, const u64 *count,
			unsigned int nr)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!count[i])
			continue;
		nest = nla_nest_start(skb, STATS(VERDICT));
		if (!nest || nla_put_u8(skb, attr, i) ||
		    nla_put_u64_64bit(skb, TCP_LIFECYCLE_A_VERDICT_COUNT, count[i],
				      TCP_LIFECYCLE_A_VERDICT_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_totals(struct sk_buff *skb, const struct tlc_stats *total)
{
	const struct tlc_usage usage = tlc_usage();
	static const struct {
		int attr;
		enum tlc_stat stat;
	} counts[] = {
		{ STATS(BORN), TLC_STAT_BORN },
		{ STATS(UNTRACKED), TLC_STAT_UNTRACKED },
		{ STATS(EVICTED), TLC_STAT_EVICTED },
		{ STATS(EXCLUDED), TLC_STAT_EXCLUDED },
		{ STATS(DROPPED), TLC_STAT_DROPPED },
		{ STATS(ILLEGAL), TLC_STAT_ILLEGAL },
		{ STATS(GAPS), TLC_STAT_GAPS },
	};
	unsigned int i;

	if (nla_put_u32(skb, STATS(LIVE), usage.live) ||
	    nla_put_u32(skb, STATS(DEAD), usage.dead) ||
	    nla_put_u32(skb, STATS(CAPACITY), usage.capacity) ||
	    put_stat(skb, STATS(MISSED), tlc_probe_missed()))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (put_stat(skb, counts[i].attr, total->count[counts[i].stat]))
			return -EMSGSIZE;
	return put_verdicts(skb, TCP_LIFECYCLE_A_VERDICT_OPEN, total->open,
			    ARRAY_SIZE(total->open)) ?:
	       put_verdicts(skb, TCP_LIFECYCLE_A_VERDICT_CLOSE, total->close,
			    ARRAY_SIZE(total->close)) ?:
	       put_verdicts(skb, TCP_LIFECYCLE_A_VERDICT_FIRST, total->first,
			    ARRAY_SIZE(total->first));
}

/* Where the feeds stand: of the reader's namespace, and on the host of all of them. */
static int put_feeds(struct sk_buff *skb, const struct net *net, bool host)
{
	static const struct {
		int seq, lost, all_seq, all_lost;
	} attrs[TLC_FEED_KINDS] = {
		[TLC_FEED_EVENTS] = { STATS(FEED_SEQ), STATS(FEED_LOST),
				      STATS(ALL_FEED_SEQ), STATS(ALL_FEED_LOST) },
		[TLC_FEED_ENDED] = { STATS(ENDED_SEQ), STATS(ENDED_LOST),
				     STATS(ALL_ENDED_SEQ), STATS(ALL_ENDED_LOST) },
	};
	struct tlc_publish_state own, all;
	unsigned int kind;
	int err = 0;

	for (kind = 0; !err && kind < TLC_FEED_KINDS; kind++) {
		tlc_publish_state(net, kind, &own, &all);
		err = put_stat(skb, attrs[kind].seq, own.seq) ?:
		      put_stat(skb, attrs[kind].lost, own.lost);
		if (!err && host)
			err = put_stat(skb, attrs[kind].all_seq, all.seq) ?:
			      put_stat(skb, attrs[kind].all_lost, all.lost);
	}
	return err;
}

int tcp_lifecycle_nl_stats_get_doit(struct sk_buff *request, struct genl_info *info)
{
	const bool host = administers_host(request);
	struct tlc_stats *total;
	struct sk_buff *skb;
	void *hdr;
	int err;

	total = kmalloc(sizeof(*total), GFP_KERNEL);
	skb = tlc_netlink_reply(info, STATS_SIZE, &hdr);
	if (!total || !skb) {
		nlmsg_free(skb);
		kfree(total);
		return -ENOMEM;
	}
	tlc_stats_total(total);
	err = put_feeds(skb, genl_info_net(info), host);
	if (!err && host)
		err = put_totals(skb, total);
	kfree(total);
	return tlc_netlink_send(skb, hdr, err, info);
}

static int put_flag(struct sk_buff *skb, int attr, bool set)
{
	return set ? nla_put_flag(skb, attr) : 0;
}

static int put_hook(struct sk_buff *skb, const struct tlc_hook_state *hook, bool host)
{
	int err;

	err = nla_put_string(skb, HOOK(SYMBOL), hook->symbol) ?:
	      nla_put_u8(skb, HOOK(GROUP), hook->group) ?:
	      put_flag(skb, HOOK(REQUIRED), !hook->lost) ?:
	      put_flag(skb, HOOK(ATTACHED), hook->attached) ?:
	      put_flag(skb, HOOK(ENABLED), hook->enabled);
	if (!err && hook->enabled)
		err = nla_put_u8(skb, HOOK(WAY), hook->way);
	if (!err && hook->lost)
		err = nla_put_string(skb, HOOK(LOST), hook->lost);
	if (!err && host)
		err = nla_put_u64_64bit(skb, HOOK(HITS), hook->hits, HOOK(PAD)) ?:
		      nla_put_u64_64bit(skb, HOOK(MISSED), hook->missed, HOOK(PAD));
	return err;
}

static int dump_hook(struct sk_buff *skb, struct netlink_callback *cb, unsigned int i)
{
	const struct tlc_hook_state hook = tlc_probe_state(i);
	void *hdr = tlc_netlink_dump_put(skb, cb, TCP_LIFECYCLE_CMD_HOOK_GET);

	if (!hdr)
		return -EMSGSIZE;
	return tlc_netlink_dump_end(skb, hdr,
				    put_hook(skb, &hook, administers_host(cb->skb)));
}

/* Items from cb->args[0] on, as many as there is room for. */
static int dump(struct sk_buff *skb, struct netlink_callback *cb, unsigned int nr,
		int (*item)(struct sk_buff *skb, struct netlink_callback *cb,
			    unsigned int i))
{
	int err = 0;

	for (; !err && cb->args[0] < nr; cb->args[0] += !err)
		err = item(skb, cb, cb->args[0]);
	return skb->len ?: err;
}

int tcp_lifecycle_nl_hook_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, tlc_nr_hooks, dump_hook);
}

/*
 * As the last one who asked for totals was told; what is left of a dump goes on with it. If
 * that is not what the dump began with, it says so (NLM_F_DUMP_INTR).
 */
static DEFINE_MUTEX(lives_lock);
static struct tlc_lives lives;
static u32 lives_nr;

static int dump_lives(struct sk_buff *skb, struct netlink_callback *cb, unsigned int nr,
		      int (*item)(struct sk_buff *skb, struct netlink_callback *cb,
				  unsigned int i))
{
	int err = 0;

	if (mutex_lock_killable(&lives_lock))
		return -EINTR;
	if (!cb->args[0]) {
		/* 0 would be no number. */
		lives_nr = lives_nr + 1 ?: 1;
		err = tlc_conn_sum(&lives);
	}
	/* The last call has nothing to say of them. */
	if (cb->args[0] < nr)
		cb->seq = lives_nr;
	err = err ?: dump(skb, cb, nr, item);
	mutex_unlock(&lives_lock);
	return err;
}

static int dump_edge(struct sk_buff *skb, struct netlink_callback *cb, unsigned int i)
{
	u8 from = i / TLC_STATES, to = i % TLC_STATES;
	s64 count = lives.edge[from][to];
	void *hdr;
	int err;

	if (count <= 0)
		return 0;
	hdr = tlc_netlink_dump_put(skb, cb, TCP_LIFECYCLE_CMD_EDGE_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	err = nla_put_u8(skb, TCP_LIFECYCLE_A_EDGE_FROM, from) ?:
	      nla_put_u8(skb, TCP_LIFECYCLE_A_EDGE_TO, to) ?:
	      nla_put_u64_64bit(skb, TCP_LIFECYCLE_A_EDGE_COUNT, count,
				TCP_LIFECYCLE_A_EDGE_PAD) ?:
	      put_flag(skb, TCP_LIFECYCLE_A_EDGE_LEGAL,
		       tlc_fsm_edge(from, to) != TLC_EDGE_ILLEGAL);
	return tlc_netlink_dump_end(skb, hdr, err);
}

int tcp_lifecycle_nl_edge_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_lives(skb, cb, TLC_STATES * TLC_STATES, dump_edge);
}

static int put_buckets(struct sk_buff *skb, const u64 *buckets)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < TLC_BUCKETS; i++) {
		if ((s64)buckets[i] <= 0)
			continue;
		nest = nla_nest_start(skb, TCP_LIFECYCLE_A_HISTOGRAM_BUCKET);
		if (!nest ||
		    nla_put_u64_64bit(skb, TCP_LIFECYCLE_A_BUCKET_LEAST,
				      tlc_lives_bucket_least(i),
				      TCP_LIFECYCLE_A_BUCKET_PAD) ||
		    nla_put_u64_64bit(skb, TCP_LIFECYCLE_A_BUCKET_COUNT, buckets[i],
				      TCP_LIFECYCLE_A_BUCKET_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* One for each state, the last one is that of the handshake. */
static int dump_histogram(struct sk_buff *skb, struct netlink_callback *cb,
			  unsigned int i)
{
	void *hdr = tlc_netlink_dump_put(skb, cb, TCP_LIFECYCLE_CMD_HISTOGRAM_GET);
	int err = 0;

	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (i < TLC_STATES)
		err = nla_put_u8(skb, TCP_LIFECYCLE_A_HISTOGRAM_STATE, i);
	if (!err)
		err = put_buckets(skb, i < TLC_STATES ? lives.stay[i] : lives.rtt);
	return tlc_netlink_dump_end(skb, hdr, err);
}

int tcp_lifecycle_nl_histogram_get_dumpit(struct sk_buff *skb,
					  struct netlink_callback *cb)
{
	return dump_lives(skb, cb, TLC_STATES + 1, dump_histogram);
}

static int put_groups(struct sk_buff *skb)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i <= TCP_LIFECYCLE_GROUP_MAX; i++) {
		nest = nla_nest_start(skb, TCP_LIFECYCLE_A_CONFIG_GROUP);
		if (!nest ||
		    nla_put_u8(skb, TCP_LIFECYCLE_A_GROUP_STATE_GROUP, i) ||
		    nla_put_u8(skb, TCP_LIFECYCLE_A_GROUP_STATE_ENABLED,
			       tlc_probe_group_enabled(i)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

int tcp_lifecycle_nl_config_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct tlc_params params;
	struct sk_buff *skb;
	unsigned int i;
	void *hdr;
	int err;

	skb = tlc_netlink_reply(info, CONFIG_SIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	mutex_lock(&config_lock);
	tlc_conn_config(&params);
	err = nla_put_u32(skb, TCP_LIFECYCLE_A_CONFIG_RETENTION, params.retention) ?:
	      nla_put_u8(skb, TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK,
			 params.filter.exclude_loopback);
	for (i = 0; !err && i < params.filter.nr_ports; i++)
		err = nla_put_u16(skb, TCP_LIFECYCLE_A_CONFIG_PORT,
				  params.filter.port[i]);
	err = err ?: put_groups(skb);
	mutex_unlock(&config_lock);
	return tlc_netlink_send(skb, hdr, err, info);
}

int tcp_lifecycle_nl_config_set_doit(struct sk_buff *request, struct genl_info *info)
{
	struct tlc_filter *filter;
	struct tlc_params params;
	u32 groups, enabled;
	bool saw_joining;
	int err;

	mutex_lock(&config_lock);
	tlc_conn_config(&params);
	err = tlc_request_config(info, &params);
	if (!err)
		err = tlc_request_groups(info, &groups, &enabled);
	if (err)
		goto out;
	/* All that may fail comes before anything is changed. */
	filter = kmemdup(&params.filter, sizeof(*filter), GFP_KERNEL);
	if (!filter) {
		err = -ENOMEM;
		goto out;
	}
	saw_joining = tlc_probe_group_enabled(TCP_LIFECYCLE_GROUP_FEED);
	err = tlc_probe_enable(groups, enabled);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "the kernel refused to turn a probe on or off");
		kfree(filter);
		goto out;
	}
	tlc_conn_configure(filter, params.retention);
	/* The hook that sees who joins may be off now, or have been. */
	tlc_publish_look(saw_joining);
out:
	mutex_unlock(&config_lock);
	return err;
}

int tcp_lifecycle_nl_clear_doit(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	u32 cleared;
	void *hdr;
	int err;

	skb = tlc_netlink_reply(info, nla_total_size(sizeof(u32)), &hdr);
	if (!skb)
		return -ENOMEM;
	cleared = tlc_ageing_clear();
	err = nla_put_u32(skb, TCP_LIFECYCLE_A_CLEAR_CLEARED, cleared);
	return tlc_netlink_send(skb, hdr, err, info);
}
