/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_NETLINK_H
#define TLC_NETLINK_H

#include <net/genetlink.h>

#include "family.h"

int tlc_netlink_init(void);
void tlc_netlink_exit(void);
struct sk_buff *tlc_netlink_reply(struct genl_info *info, size_t size, void **hdr);
int tlc_netlink_send(struct sk_buff *skb, void *hdr, int err, struct genl_info *info);
void *tlc_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int tlc_netlink_dump_end(struct sk_buff *skb, void *hdr, int err);

#endif /* TLC_NETLINK_H */
