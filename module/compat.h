/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h: the only place where kernel versions differ.
 *
 * Owns: one short shim for each difference, with the change that made it.
 * Used by: everything; included from here only where a shim is needed.
 * Must not: hold logic.  A shim returns a fact, its caller decides.
 */
#ifndef TLC_COMPAT_H
#define TLC_COMPAT_H

#include <linux/version.h>

#include <net/inet_connection_sock.h>
#include <net/net_namespace.h>

/**
 * tlc_compat_net_cookie() - the number of a network namespace that is never reused
 * @net: namespace
 *
 * Before 5.12 (commit 3d368ab87cf6, "net: initialize net->net_cookie at netns
 * setup") it was handed out on demand.
 */
static inline u64 tlc_compat_net_cookie(const struct net *net)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
	return net->net_cookie;
#else
	return net_gen_cookie((struct net *)net);
#endif
}

/**
 * tlc_compat_delack_due() - jiffies at which the delayed ACK falls due
 * @icsk: connection
 */
static inline unsigned long tlc_compat_delack_due(const struct inet_connection_sock *icsk)
{
	return icsk->icsk_ack.timeout;
}

#endif /* TLC_COMPAT_H */
