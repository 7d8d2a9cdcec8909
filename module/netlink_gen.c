// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	include/tcp_lifecycle.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/tcp_lifecycle.h>

/* Common nested types */
const struct nla_policy tcp_lifecycle_filter_nl_policy[TCP_LIFECYCLE_A_FILTER_SINCE + 1] = {
	[TCP_LIFECYCLE_A_FILTER_STATES] = NLA_POLICY_MASK(NLA_U32, 0x1fff),
	[TCP_LIFECYCLE_A_FILTER_FAMILIES] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[TCP_LIFECYCLE_A_FILTER_OPENS] = NLA_POLICY_MASK(NLA_U32, 0x3ff),
	[TCP_LIFECYCLE_A_FILTER_CLOSES] = NLA_POLICY_MASK(NLA_U64, 0x3fffffffff),
	[TCP_LIFECYCLE_A_FILTER_FIRSTS] = NLA_POLICY_MASK(NLA_U32, 0x7f),
	[TCP_LIFECYCLE_A_FILTER_LOCAL4] = { .type = NLA_U32, },
	[TCP_LIFECYCLE_A_FILTER_LOCAL6] = NLA_POLICY_EXACT_LEN(16),
	[TCP_LIFECYCLE_A_FILTER_LOCAL_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[TCP_LIFECYCLE_A_FILTER_REMOTE4] = { .type = NLA_U32, },
	[TCP_LIFECYCLE_A_FILTER_REMOTE6] = NLA_POLICY_EXACT_LEN(16),
	[TCP_LIFECYCLE_A_FILTER_REMOTE_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[TCP_LIFECYCLE_A_FILTER_LOCAL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[TCP_LIFECYCLE_A_FILTER_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[TCP_LIFECYCLE_A_FILTER_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[TCP_LIFECYCLE_A_FILTER_SINCE] = { .type = NLA_U64, },
};

const struct nla_policy tcp_lifecycle_group_state_nl_policy[TCP_LIFECYCLE_A_GROUP_STATE_ENABLED + 1] = {
	[TCP_LIFECYCLE_A_GROUP_STATE_GROUP] = NLA_POLICY_MAX(NLA_U8, 6),
	[TCP_LIFECYCLE_A_GROUP_STATE_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* TCP_LIFECYCLE_CMD_CONN_GET - do */
static const struct nla_policy tcp_lifecycle_conn_get_do_nl_policy[TCP_LIFECYCLE_A_CONN_BRIEF + 1] = {
	[TCP_LIFECYCLE_A_CONN_COOKIE] = { .type = NLA_U64, },
	[TCP_LIFECYCLE_A_CONN_GENERATION] = { .type = NLA_U32, },
	[TCP_LIFECYCLE_A_CONN_FILTER] = NLA_POLICY_NESTED(tcp_lifecycle_filter_nl_policy),
	[TCP_LIFECYCLE_A_CONN_ALL_NETNS] = { .type = NLA_FLAG, },
	[TCP_LIFECYCLE_A_CONN_BRIEF] = { .type = NLA_FLAG, },
};

/* TCP_LIFECYCLE_CMD_CONN_GET - dump */
static const struct nla_policy tcp_lifecycle_conn_get_dump_nl_policy[TCP_LIFECYCLE_A_CONN_BRIEF + 1] = {
	[TCP_LIFECYCLE_A_CONN_COOKIE] = { .type = NLA_U64, },
	[TCP_LIFECYCLE_A_CONN_GENERATION] = { .type = NLA_U32, },
	[TCP_LIFECYCLE_A_CONN_FILTER] = NLA_POLICY_NESTED(tcp_lifecycle_filter_nl_policy),
	[TCP_LIFECYCLE_A_CONN_ALL_NETNS] = { .type = NLA_FLAG, },
	[TCP_LIFECYCLE_A_CONN_BRIEF] = { .type = NLA_FLAG, },
};

/* TCP_LIFECYCLE_CMD_LISTENER_GET - dump */
static const struct nla_policy tcp_lifecycle_listener_get_nl_policy[TCP_LIFECYCLE_A_CONN_BRIEF + 1] = {
	[TCP_LIFECYCLE_A_CONN_FILTER] = NLA_POLICY_NESTED(tcp_lifecycle_filter_nl_policy),
	[TCP_LIFECYCLE_A_CONN_ALL_NETNS] = { .type = NLA_FLAG, },
	[TCP_LIFECYCLE_A_CONN_BRIEF] = { .type = NLA_FLAG, },
};

/* TCP_LIFECYCLE_CMD_CONFIG_SET - do */
static const struct nla_policy tcp_lifecycle_config_set_nl_policy[TCP_LIFECYCLE_A_CONFIG_GROUP + 1] = {
	[TCP_LIFECYCLE_A_CONFIG_RETENTION] = { .type = NLA_U32, },
	[TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK] = NLA_POLICY_MAX(NLA_U8, 1),
	[TCP_LIFECYCLE_A_CONFIG_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[TCP_LIFECYCLE_A_CONFIG_ANY_PORT] = { .type = NLA_FLAG, },
	[TCP_LIFECYCLE_A_CONFIG_GROUP] = NLA_POLICY_NESTED(tcp_lifecycle_group_state_nl_policy),
};

/* Ops table for tcp_lifecycle */
const struct genl_split_ops tcp_lifecycle_nl_ops[11] = {
	{
		.cmd		= TCP_LIFECYCLE_CMD_CONN_GET,
		.doit		= tcp_lifecycle_nl_conn_get_doit,
		.policy		= tcp_lifecycle_conn_get_do_nl_policy,
		.maxattr	= TCP_LIFECYCLE_A_CONN_BRIEF,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= TCP_LIFECYCLE_CMD_CONN_GET,
		.dumpit		= tcp_lifecycle_nl_conn_get_dumpit,
		.policy		= tcp_lifecycle_conn_get_dump_nl_policy,
		.maxattr	= TCP_LIFECYCLE_A_CONN_BRIEF,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= TCP_LIFECYCLE_CMD_LISTENER_GET,
		.dumpit		= tcp_lifecycle_nl_listener_get_dumpit,
		.policy		= tcp_lifecycle_listener_get_nl_policy,
		.maxattr	= TCP_LIFECYCLE_A_CONN_BRIEF,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_STATS_GET,
		.doit	= tcp_lifecycle_nl_stats_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_HOOK_GET,
		.dumpit	= tcp_lifecycle_nl_hook_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_EDGE_GET,
		.dumpit	= tcp_lifecycle_nl_edge_get_dumpit,
		.flags	= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_HISTOGRAM_GET,
		.dumpit	= tcp_lifecycle_nl_histogram_get_dumpit,
		.flags	= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_CONFIG_GET,
		.doit	= tcp_lifecycle_nl_config_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= TCP_LIFECYCLE_CMD_CONFIG_SET,
		.doit		= tcp_lifecycle_nl_config_set_doit,
		.policy		= tcp_lifecycle_config_set_nl_policy,
		.maxattr	= TCP_LIFECYCLE_A_CONFIG_GROUP,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_CLEAR,
		.doit	= tcp_lifecycle_nl_clear_doit,
		.flags	= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= TCP_LIFECYCLE_CMD_BOOKS_GET,
		.doit	= tcp_lifecycle_nl_books_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group tcp_lifecycle_nl_mcgrps[] = {
	[TCP_LIFECYCLE_NLGRP_EVENTS] = { "events", },
	[TCP_LIFECYCLE_NLGRP_ALL_EVENTS] = { "all-events", },
	[TCP_LIFECYCLE_NLGRP_ENDED] = { "ended", },
	[TCP_LIFECYCLE_NLGRP_ALL_ENDED] = { "all-ended", },
};
