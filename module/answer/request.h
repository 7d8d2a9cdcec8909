/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_REQUEST_H
#define TLC_REQUEST_H

#include <net/genetlink.h>

#include "answer/query.h"
#include "params.h"

int tlc_request_filter(const struct nlattr *nest, s64 real_offset,
		       struct tlc_query *query, struct netlink_ext_ack *extack);
int tlc_request_config(struct genl_info *info, struct tlc_params *params);
int tlc_request_groups(struct genl_info *info, u32 *groups, u32 *enabled);

#endif /* TLC_REQUEST_H */
