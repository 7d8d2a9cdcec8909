/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * family.h: the generic netlink family.
 *
 * Used by: answer/netlink.c, which defines it; feed/, which sends to its groups.
 */
#ifndef TLC_FAMILY_H
#define TLC_FAMILY_H

#include <net/genetlink.h>

extern struct genl_family tlc_netlink_family;

#endif /* TLC_FAMILY_H */
