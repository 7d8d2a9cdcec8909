/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/tcp_lifecycle.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_TCP_LIFECYCLE_GEN_H
#define _LINUX_TCP_LIFECYCLE_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/tcp_lifecycle.h>

/* Common nested types */
extern const struct nla_policy tcp_lifecycle_filter_nl_policy[TCP_LIFECYCLE_A_FILTER_SINCE + 1];
extern const struct nla_policy tcp_lifecycle_group_state_nl_policy[TCP_LIFECYCLE_A_GROUP_STATE_ENABLED + 1];

/* Ops table for tcp_lifecycle */
extern const struct genl_split_ops tcp_lifecycle_nl_ops[11];

int tcp_lifecycle_nl_conn_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcp_lifecycle_nl_conn_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int tcp_lifecycle_nl_listener_get_dumpit(struct sk_buff *skb,
					 struct netlink_callback *cb);
int tcp_lifecycle_nl_stats_get_doit(struct sk_buff *skb,
				    struct genl_info *info);
int tcp_lifecycle_nl_hook_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int tcp_lifecycle_nl_edge_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int tcp_lifecycle_nl_histogram_get_dumpit(struct sk_buff *skb,
					  struct netlink_callback *cb);
int tcp_lifecycle_nl_config_get_doit(struct sk_buff *skb,
				     struct genl_info *info);
int tcp_lifecycle_nl_config_set_doit(struct sk_buff *skb,
				     struct genl_info *info);
int tcp_lifecycle_nl_clear_doit(struct sk_buff *skb, struct genl_info *info);
int tcp_lifecycle_nl_books_get_doit(struct sk_buff *skb,
				    struct genl_info *info);

enum {
	TCP_LIFECYCLE_NLGRP_EVENTS,
	TCP_LIFECYCLE_NLGRP_ALL_EVENTS,
	TCP_LIFECYCLE_NLGRP_ENDED,
	TCP_LIFECYCLE_NLGRP_ALL_ENDED,
};

#endif /* _LINUX_TCP_LIFECYCLE_GEN_H */
