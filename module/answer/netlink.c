// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink.c: the generic netlink family tcp_lifecycle.
 *
 * Owns: the family, and what all its answers begin and end with.
 * include/tcp_lifecycle.yaml is the contract, netlink_gen.c the policies and
 * operations made from it; netlink_conn.c and netlink_host.c answer.
 * Called by: main.c; the files that answer, in process context.
 * Must not: know what is asked.
 */
#include "answer/netlink.h"

#include <linux/module.h>

#include "compat.h"
#include "netlink_gen.h"

static const struct genl_multicast_group groups[] = {
	[TCP_LIFECYCLE_NLGRP_EVENTS] = {
		.name = TCP_LIFECYCLE_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[TCP_LIFECYCLE_NLGRP_ALL_EVENTS] = {
		.name = TCP_LIFECYCLE_MCGRP_ALL_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[TCP_LIFECYCLE_NLGRP_ENDED] = {
		.name = TCP_LIFECYCLE_MCGRP_ENDED,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[TCP_LIFECYCLE_NLGRP_ALL_ENDED] = {
		.name = TCP_LIFECYCLE_MCGRP_ALL_ENDED,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* Only kernels before struct genl_split_ops use it. */
static struct genl_ops merged_ops[ARRAY_SIZE(tcp_lifecycle_nl_ops)];

struct genl_family tlc_netlink_family = {
	.name = TCP_LIFECYCLE_FAMILY_NAME,
	.version = TCP_LIFECYCLE_FAMILY_VERSION,
	.netnsok = true,
	/* A walk of a large table must not hold up other families. */
	.parallel_ops = true,
	.module = THIS_MODULE,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * tlc_netlink_reply() - begin the answer to a request
 * @info: request
 * @size: bytes of attributes at most
 * @hdr: filled, for tlc_netlink_send()
 *
 * Context: process.
 * Return: a message, or NULL if there is no memory.
 */
struct sk_buff *tlc_netlink_reply(struct genl_info *info, size_t size, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &tlc_netlink_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/**
 * tlc_netlink_send() - send the answer, or give it up
 * @skb: message
 * @hdr: of tlc_netlink_reply()
 * @err: what came of filling it
 * @info: request
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_netlink_send(struct sk_buff *skb, void *hdr, int err, struct genl_info *info)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * tlc_netlink_dump_put() - begin one item of a dump
 * @skb: message
 * @cb: dump
 * @cmd: command that asked
 *
 * Context: process.
 * Return: NULL if there is no room.
 */
void *tlc_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &tlc_netlink_family, NLM_F_MULTI, cmd);
}

/**
 * tlc_netlink_dump_end() - end one item of a dump
 * @skb: message
 * @hdr: of tlc_netlink_dump_put()
 * @err: what came of filling it; then it is taken out again
 *
 * Context: process.
 * Return: @err.
 */
int tlc_netlink_dump_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

/**
 * tlc_netlink_init() - register the family
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int tlc_netlink_init(void)
{
	int err = tlc_compat_clear_groups(TCP_LIFECYCLE_FAMILY_NAME ".0", groups,
					  ARRAY_SIZE(groups));

	if (err)
		return err;
	tlc_compat_set_ops(&tlc_netlink_family, tcp_lifecycle_nl_ops,
			   ARRAY_SIZE(tcp_lifecycle_nl_ops), merged_ops);
	return genl_register_family(&tlc_netlink_family);
}

/**
 * tlc_netlink_exit() - unregister the family
 *
 * Context: process.  No request is under way any more when it returns.
 */
void tlc_netlink_exit(void)
{
	genl_unregister_family(&tlc_netlink_family);
}
