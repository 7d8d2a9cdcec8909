// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink_conn.c: requests for connections.
 *
 * Owns: conn-get and listener-get; which namespace a reader looks into.
 * Called by: the kernel's genetlink in process context, requests in parallel;
 * who may ask it has checked by the flags of the operation.
 * Must not: hold a lock of the table while it writes to a message.
 */
#include "answer/netlink.h"

#include <linux/capability.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "answer/pack.h"
#include "answer/request.h"
#include "compat.h"
#include "netlink_gen.h"
#include "table/conn.h"

#define CONN(name) TCP_LIFECYCLE_A_CONN_##name

/**
 * struct walk - position of a dump
 * @next: slot to show next
 * @begun: the request was looked at
 * @show_pid: the reader is in the initial pid namespace
 */
struct walk {
	unsigned int next;
	bool begun;
	bool show_pid;
};

static struct tlc_view view_of(const struct sk_buff *request, bool show_pid)
{
	return (struct tlc_view) {
		.now = ktime_get_boottime_ns(),
		.real_offset = tlc_view_real_offset(),
		.user_ns = sk_user_ns(NETLINK_CB(request).sk),
		.show_pid = show_pid,
	};
}

static bool sees_pids(void)
{
	return task_active_pid_ns(current) == &init_pid_ns;
}

static int query_of(const struct sk_buff *request, struct nlattr **attrs,
		    s64 real_offset, struct tlc_query *query,
		    struct netlink_ext_ack *extack)
{
	*query = (struct tlc_query) {
		.net = tlc_compat_net_cookie(sock_net(request->sk)),
		.any_generation = true,
	};
	if (attrs[CONN(ALL_NETNS)])
		query->net = 0;
	if (attrs[CONN(COOKIE)])
		query->cookie = nla_get_u64(attrs[CONN(COOKIE)]);
	if (attrs[CONN(GENERATION)]) {
		query->generation = nla_get_u32(attrs[CONN(GENERATION)]);
		query->any_generation = false;
	}
	if (!attrs[CONN(FILTER)])
		return 0;
	return tlc_request_filter(attrs[CONN(FILTER)], real_offset, query, extack);
}

static int may_see_all(struct sk_buff *request, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	if (!attrs[CONN(ALL_NETNS)] || netlink_capable(request, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attrs[CONN(ALL_NETNS)],
			    "all network namespaces: CAP_NET_ADMIN in the initial user namespace is needed");
	return -EPERM;
}

int tcp_lifecycle_nl_conn_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct tlc_view view = view_of(request, sees_pids());
	struct nlattr **attrs = info->attrs;
	struct tlc_record *rec;
	struct tlc_query query;
	struct sk_buff *skb;
	void *hdr;
	int err;

	if (!attrs[CONN(COOKIE)]) {
		NL_SET_ERR_MSG(info->extack, "give the cookie of a connection, or request a dump");
		return -EINVAL;
	}
	if (attrs[CONN(FILTER)]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[CONN(FILTER)],
				    "a filter is for dumps: give a cookie only");
		return -EINVAL;
	}
	err = may_see_all(request, attrs, info->extack);
	if (!err)
		err = query_of(request, attrs, view.real_offset, &query, info->extack);
	if (err)
		return err;

	rec = kmalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return -ENOMEM;
	if (!tlc_conn_find(query.cookie, tlc_query_matches, &query, rec)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[CONN(COOKIE)],
				    "no such connection on record in this network namespace");
		err = -ENOENT;
		goto out;
	}
	view.now = ktime_get_boottime_ns();
	skb = tlc_netlink_reply(info, TLC_PACK_RECORD_MAX, &hdr);
	if (!skb) {
		err = -ENOMEM;
		goto out;
	}
	err = tlc_pack_record(skb, rec, &view, attrs[CONN(BRIEF)]);
	err = tlc_netlink_send(skb, hdr, err, info);
out:
	kfree(rec);
	return err;
}

static int dump_record(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		       const struct tlc_record *rec, const struct tlc_view *view,
		       bool brief)
{
	void *hdr = tlc_netlink_dump_put(skb, cb, cmd);

	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	return tlc_netlink_dump_end(skb, hdr, tlc_pack_record(skb, rec, view, brief));
}

static int dump_slots(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		      const struct tlc_query *query, struct tlc_view *view,
		      bool brief)
{
	struct walk *walk = (void *)cb->ctx;
	struct tlc_record *rec;
	int err = 0;

	rec = kmalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return -ENOMEM;
	cb->seq = tlc_pool_changes();
	for (; walk->next < tlc_pool_slots(); walk->next++) {
		if (tlc_conn_read(walk->next, tlc_query_matches, query, rec)) {
			/* Now, or it might have begun later than that. */
			view->now = ktime_get_boottime_ns();
			err = dump_record(skb, cb, cmd, rec, view, brief);
		}
		if (err)
			break;
		cond_resched();
	}
	kfree(rec);
	/* A message without a record would end the dump. */
	return err == -EMSGSIZE && skb->len ? 0 : err;
}

static int dump_connections(struct sk_buff *skb, struct netlink_callback *cb,
			    u8 cmd, u32 opens)
{
	struct nlattr **attrs = tlc_compat_dump_attrs(cb);
	struct walk *walk = (void *)cb->ctx;
	struct tlc_query query;
	struct tlc_view view;
	int err;

	BUILD_BUG_ON(sizeof(*walk) > sizeof(cb->ctx));
	if (!walk->begun) {
		err = may_see_all(cb->skb, attrs, cb->extack);
		if (err)
			return err;
		walk->show_pid = sees_pids();
		walk->begun = true;
	}
	view = view_of(cb->skb, walk->show_pid);
	err = query_of(cb->skb, attrs, view.real_offset, &query, cb->extack);
	if (err)
		return err;
	if (opens)
		query.opens = query.opens ? query.opens & opens : opens;
	if (opens && !query.opens)
		return 0;
	err = dump_slots(skb, cb, cmd, &query, &view, attrs[CONN(BRIEF)]);
	return err ?: skb->len;
}

int tcp_lifecycle_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_connections(skb, cb, TCP_LIFECYCLE_CMD_CONN_GET, 0);
}

int tcp_lifecycle_nl_listener_get_dumpit(struct sk_buff *skb,
					 struct netlink_callback *cb)
{
	return dump_connections(skb, cb, TCP_LIFECYCLE_CMD_LISTENER_GET,
				BIT(TCP_LIFECYCLE_OPEN_LISTENER));
}
