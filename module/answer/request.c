// SPDX-License-Identifier: GPL-2.0-only
/*
 * request.c: what a netlink message asks for.
 *
 * Owns: from attributes to struct tlc_query and struct tlc_params, and what is
 * said of those that make no sense.
 * Called by: netlink_conn.c and netlink_host.c in process context, with attributes that passed the
 * policy of the specification.
 * Must not: change anything; a request that fails leaves no trace.
 */
#include "answer/request.h"

#include <linux/socket.h>
#include <linux/string.h>

#include "compat.h"
#include "netlink_gen.h"

#define A(name) TCP_LIFECYCLE_A_FILTER_##name
#define CONFIG(name) TCP_LIFECYCLE_A_CONFIG_##name

static int parse_addr(struct nlattr **attrs, int v4, int v6, int prefix,
		      struct tlc_query_addr *out, struct netlink_ext_ack *extack)
{
	unsigned int most = attrs[v6] ? 128 : 32;

	if (attrs[v4] && attrs[v6]) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[v6],
				    "an IPv4 and an IPv6 address for the same end: give one");
		return -EINVAL;
	}
	if (!attrs[v4] && !attrs[v6]) {
		if (!attrs[prefix])
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attrs[prefix],
				    "a prefix length without an address");
		return -EINVAL;
	}
	out->family = attrs[v6] ? AF_INET6 : AF_INET;
	memcpy(out->addr, nla_data(attrs[attrs[v6] ? v6 : v4]), most / 8);
	out->bits = attrs[prefix] ? nla_get_u8(attrs[prefix]) : most;
	if (out->bits > most) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[prefix],
				    "prefix length of an IPv4 address: 0 to 32 is allowed");
		return -EINVAL;
	}
	return 0;
}

/* A mask of nothing would match everything. */
static int parse_mask(const struct nlattr *attr, u64 *mask,
		      struct netlink_ext_ack *extack)
{
	const u64 closes = GENMASK_ULL(TCP_LIFECYCLE_CLOSE_MAX, 0);

	if (!attr)
		return 0;
	*mask = nla_len(attr) == sizeof(u64) ? nla_get_u64(attr) : nla_get_u32(attr);
	/* The policy's own mask has 32 bits: see NLA_POLICY_MASK in compat.h. */
	if (nla_type(attr) == A(CLOSES) && *mask & ~closes) {
		/* By name: before 6.3 the end of a dump does not say which attribute. */
		NL_SET_ERR_MSG_ATTR(extack, attr, "closes: reserved bit set");
		return -EINVAL;
	}
	if (*mask)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "an empty mask matches nothing");
	return -EINVAL;
}

static u16 port(const struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

/**
 * tlc_request_filter() - read which records are wanted
 * @nest: attribute that passed the policy
 * @real_offset: wall clock minus boot time, ns
 * @query: what is given there is filled in
 * @extack: says what is wrong
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_request_filter(const struct nlattr *nest, s64 real_offset,
		       struct tlc_query *query, struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[TCP_LIFECYCLE_A_FILTER_MAX + 1];
	struct {
		int attr;
		u64 mask;
	} masks[] = {
		{ A(STATES) }, { A(FAMILIES) }, { A(OPENS) }, { A(FIRSTS) },
		{ A(CLOSES) },
	};
	unsigned int i;
	int err;

	err = nla_parse_nested(attrs, TCP_LIFECYCLE_A_FILTER_MAX, nest,
			       tcp_lifecycle_filter_nl_policy, extack);
	for (i = 0; !err && i < ARRAY_SIZE(masks); i++)
		err = parse_mask(attrs[masks[i].attr], &masks[i].mask, extack);
	if (!err)
		err = parse_addr(attrs, A(LOCAL4), A(LOCAL6), A(LOCAL_PREFIX),
				 &query->local, extack);
	if (!err)
		err = parse_addr(attrs, A(REMOTE4), A(REMOTE6), A(REMOTE_PREFIX),
				 &query->remote, extack);
	if (err)
		return err;

	query->states = masks[0].mask;
	query->families = masks[1].mask;
	query->opens = masks[2].mask;
	query->firsts = masks[3].mask;
	query->closes = masks[4].mask;
	query->lport = port(attrs[A(LOCAL_PORT)]);
	query->rport = port(attrs[A(REMOTE_PORT)]);
	query->port = port(attrs[A(PORT)]);
	if (attrs[A(SINCE)]) {
		u64 since = nla_get_u64(attrs[A(SINCE)]);

		/* Before the machine came up means from the beginning. */
		query->since = since > (u64)real_offset ? since - real_offset : 1;
	}
	return 0;
}

static int parse_ports(const struct nlmsghdr *nlh, struct tlc_filter *filter,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rest;

	filter->nr_ports = 0;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		if (nla_type(attr) != CONFIG(PORT))
			continue;
		if (filter->nr_ports == TLC_PORTS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "too many ports: at most 64 are allowed");
			return -EINVAL;
		}
		filter->port[filter->nr_ports++] = nla_get_u16(attr);
	}
	return 0;
}

/**
 * tlc_request_config() - read changes of the configuration
 * @info: message
 * @params: as they are; what is given there is changed
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_request_config(struct genl_info *info, struct tlc_params *params)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[CONFIG(RETENTION)]) {
		u32 retention = nla_get_u32(attrs[CONFIG(RETENTION)]);

		if (retention < TLC_RETENTION_MIN || retention > TLC_RETENTION_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, attrs[CONFIG(RETENTION)],
					    "retention is out of range: 1 to 86400 seconds are allowed");
			return -ERANGE;
		}
		params->retention = retention;
	}
	if (attrs[CONFIG(EXCLUDE_LOOPBACK)])
		params->filter.exclude_loopback =
			nla_get_u8(attrs[CONFIG(EXCLUDE_LOOPBACK)]);
	if (attrs[CONFIG(ANY_PORT)] && !attrs[CONFIG(PORT)])
		params->filter.nr_ports = 0;
	if (attrs[CONFIG(PORT)])
		return parse_ports(info->nlhdr, &params->filter, info->extack);
	return 0;
}

/**
 * tlc_request_groups() - read which hooks are to be turned on or off
 * @info: message
 * @groups: on success, groups that are named
 * @enabled: on success, those of them that are to be on
 *
 * Both are bits 1 << enum tcp_lifecycle_group.
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_request_groups(struct genl_info *info, u32 *groups, u32 *enabled)
{
	struct nlattr *attrs[TCP_LIFECYCLE_A_GROUP_STATE_MAX + 1];
	const struct nlattr *attr;
	int rest, err;

	*groups = 0;
	*enabled = 0;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		struct nlattr *group, *on;

		if (nla_type(attr) != CONFIG(GROUP))
			continue;
		err = nla_parse_nested(attrs, TCP_LIFECYCLE_A_GROUP_STATE_MAX, attr,
				       tcp_lifecycle_group_state_nl_policy,
				       info->extack);
		if (err)
			return err;
		group = attrs[TCP_LIFECYCLE_A_GROUP_STATE_GROUP];
		on = attrs[TCP_LIFECYCLE_A_GROUP_STATE_ENABLED];
		if (!group || !on) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "a hook group needs its name and whether it is enabled");
			return -EINVAL;
		}
		if (nla_get_u8(group) == TCP_LIFECYCLE_GROUP_CORE && !nla_get_u8(on)) {
			NL_SET_ERR_MSG_ATTR(info->extack, group,
					    "the core hooks cannot be turned off: the module needs them");
			return -EINVAL;
		}
		*groups |= BIT(nla_get_u8(group));
		if (nla_get_u8(on))
			*enabled |= BIT(nla_get_u8(group));
		else
			*enabled &= ~BIT(nla_get_u8(group));
	}
	return 0;
}
