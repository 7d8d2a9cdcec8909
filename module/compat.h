/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h: the only place where kernel versions differ.
 *
 * Owns: one short shim for each difference, with the change that made it.  TLC_*
 * says that the kernel has something: Kbuild looks into its headers.
 * Used by: everything; included from here only where a shim is needed.
 * Must not: hold logic.  A shim returns a fact, its caller decides.
 */
#ifndef TLC_COMPAT_H
#define TLC_COMPAT_H

#include <net/genetlink.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include <uapi/linux/tcp_lifecycle.h>

#include "totals/books_net.h"

/**
 * tlc_compat_net_cookie() - the number of a network namespace that is never reused
 * @net: namespace
 *
 * Before 5.12 (commit 3d368ab87cf6, "net: initialize net->net_cookie at netns
 * setup") it was handed out on demand, and not to modules; there the module has a
 * number of its own.  The inode number would not do: the next namespace may get it,
 * and would see the ended connections of the one before.
 */
static inline u64 tlc_compat_net_cookie(const struct net *net)
{
#ifdef TLC_NET_COOKIE
	return net->net_cookie;
#else
	return tlc_books_net_number(net);
#endif
}

/**
 * tlc_compat_delack_due() - jiffies at which the delayed ACK falls due
 * @icsk: connection
 *
 * In 6.12 a field of its own, in 7.3 the timer's.
 */
static inline unsigned long tlc_compat_delack_due(const struct inet_connection_sock *icsk)
{
#ifdef TLC_DELACK_TIMEOUT
	return icsk_delack_timeout(icsk);
#else
	return icsk->icsk_ack.timeout;
#endif
}

/**
 * tlc_compat_ecn() - both ends agreed on ECN
 * @tp: connection, established
 *
 * Accurate ECN made two kinds of it, and renamed the flag: it is in 7.3.
 */
static inline bool tlc_compat_ecn(const struct tcp_sock *tp)
{
#ifdef TCP_ECN_OK
	return tp->ecn_flags & TCP_ECN_OK;
#else
	return tcp_ecn_mode_any(tp);
#endif
}

/**
 * tlc_compat_tw_booked_late() - does a timewait socket count only when its time is over?
 * @tw: timewait socket
 * @ms: filled if so: the length it counts by
 *
 * In 5.10 tw_timer_handler() moves TW or TWKilled, by the length its timer was last
 * set to; in 6.1 __inet_twsk_schedule() does so, by the first.
 */
static inline bool tlc_compat_tw_booked_late(const struct inet_timewait_sock *tw,
					     u32 *ms)
{
#ifdef TLC_TW_KILL
	*ms = tw->tw_kill ? 4 * MSEC_PER_SEC : TCP_TIMEWAIT_LEN / HZ * MSEC_PER_SEC;
	return true;
#else
	return false;
#endif
}

/**
 * tlc_compat_synack_window() - the window within which a request takes segments
 * @req: request
 *
 * It was never scaled, and is bounded accordingly since 6.12.
 */
static inline u32 tlc_compat_synack_window(const struct request_sock *req)
{
#ifdef TLC_SYNACK_WINDOW
	return tcp_synack_window(req);
#else
	return req->rsk_rcv_wnd;
#endif
}

/**
 * tlc_compat_foreign_echo() - does the kernel refuse an ACK for the timestamp it echoes?
 * @req: request, not of Fast Open
 * @tsecr: echo; 0: none
 *
 * It looks since 6.15 (commit 3ba075278c11, "tcp: be less liberal in TSEcr received
 * while in SYN_RECV state").
 */
static inline bool tlc_compat_foreign_echo(const struct request_sock *req, u32 tsecr)
{
#ifdef TLC_SNT_TSVAL
	return tsecr && inet_rsk(req)->tstamp_ok &&
	       !between(tsecr, tcp_rsk(req)->snt_tsval_first,
			READ_ONCE(tcp_rsk(req)->snt_tsval_last));
#else
	return false;
#endif
}

/*
 * A new timewait socket is armed by the function that hashes it (6.12, not 6.1).
 * That stands in one file with __inet_twsk_schedule(): a compiler may have the one
 * inlined in the other, as Debian's has in 7.2, and in 6.12 for arm64, and then only
 * restarts come by a probe on the latter.
 *
 * tlc_compat_tw_hashdance() - is it so here?
 *
 * The same kernels end a timewait socket early by inet_twsk_deschedule_put(), which
 * shuts its timer down: that takes the timer's function away.  In 6.1 and 5.10 the
 * timer is deleted without a trace, and tw_timer_handler() is probed, too.
 *
 * tlc_compat_tw_shut_down() - was it so when inet_twsk_kill() is entered?  -1: who knows
 */
#ifdef TLC_TW_HASHDANCE
#define TLC_COMPAT_TW_HASHDANCE(hook) hook,
#define TLC_COMPAT_TW_TIMER(hook)

static inline bool tlc_compat_tw_hashdance(void)
{
	return true;
}

static inline int tlc_compat_tw_shut_down(const struct inet_timewait_sock *tw)
{
	return !READ_ONCE(tw->tw_timer.function);
}
#else
#define TLC_COMPAT_TW_HASHDANCE(hook)
#define TLC_COMPAT_TW_TIMER(hook) hook,

static inline bool tlc_compat_tw_hashdance(void)
{
	return false;
}

static inline int tlc_compat_tw_shut_down(const struct inet_timewait_sock *tw)
{
	return -1;
}
#endif

/*
 * From 5.14 on (commit c905dee62232, "tcp: Migrate TCP_NEW_SYN_RECV requests at
 * retransmitting SYN+ACKs.") what waits at a listener that closes may go to another one.
 */
#ifdef TLC_REUSEPORT_MIGRATE
#define TLC_COMPAT_MIGRATE(hook) hook,
#else
#define TLC_COMPAT_MIGRATE(hook)
#endif

/**
 * tlc_compat_keepalive_sock() - the socket of tcp_keepalive_timer()
 * @t: its timer
 *
 * It moved in stable releases, too: 6.1 has it where 6.12 does.
 */
static inline struct sock *tlc_compat_keepalive_sock(struct timer_list *t)
{
#ifdef TLC_ICSK_KEEPALIVE_TIMER
	struct inet_connection_sock *icsk =
		container_of(t, struct inet_connection_sock, icsk_keepalive_timer);

	return &icsk->icsk_inet.sk;
#else
	return container_of(t, struct sock, sk_timer);
#endif
}

/**
 * tlc_compat_irqs_return() - does the probed function go on with its interrupts as before?
 *
 * After a handler that masks them and leaves it at that.  On amd64 the flags register is
 * restored whichever way a probe was entered, on arm64 each probe is an exception.  But a
 * paravirtualized guest of Xen (also dom0) has its mask in memory, which none of amd64's
 * ways writes but the return from a breakpoint; ftrace of other architectures (s390x,
 * ppc64, loongarch) restores registers without the mask.
 */
static inline bool tlc_compat_irqs_return(void)
{
#ifdef CONFIG_X86_64
	return !cpu_feature_enabled(X86_FEATURE_XENPV);
#else
	return IS_ENABLED(CONFIG_ARM64) && !IS_ENABLED(CONFIG_KPROBES_ON_FTRACE);
#endif
}

/*
 * A policy's mask has 32 bits, and the generator writes one of more for an enum that
 * has them.  Without a mask the policy takes any bit; request.c asks for those.
 */
#undef NLA_POLICY_MASK
#define NLA_POLICY_MASK(tp, _mask) {						\
	.type = tp,								\
	.validation_type = (_mask) > U32_MAX ? NLA_VALIDATE_NONE : NLA_VALIDATE_MASK, \
	.mask = (_mask) > U32_MAX ? 0 : (_mask) & U32_MAX,			\
}

#ifndef TLC_GENL_SPLIT_OPS
/* Before 6.2 (commit 20b0b53acab1, "genetlink: introduce split op
 * representation") one struct held both callbacks, with one policy.
 */
struct genl_split_ops {
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*start)(struct netlink_callback *cb);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	int (*done)(struct netlink_callback *cb);
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 internal_flags;
	u8 flags;
	u8 validate;
};

static inline void tlc_compat_merge_op(struct genl_ops *op,
				       const struct genl_split_ops *split)
{
	op->cmd = split->cmd;
	op->flags |= split->flags;
	op->doit = op->doit ?: split->doit;
	op->dumpit = op->dumpit ?: split->dumpit;
	op->policy = op->policy ?: split->policy;
	op->maxattr = op->maxattr ?: split->maxattr;
}
#endif

/* Back-ported to 5.10 under the name of what it asks for. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

/**
 * tlc_compat_reset_skb() - the segment for which tcp_reset() is called
 * @regs: registers at its entry
 *
 * In 5.10 it has none, in 6.1 it has.
 *
 * Return: NULL before; nothing tells then an RST from data after close().
 */
static inline const struct sk_buff *tlc_compat_reset_skb(struct pt_regs *regs)
{
#ifdef TLC_RESET_SKB
	return (const struct sk_buff *)regs_get_kernel_argument(regs, 1);
#else
	return NULL;
#endif
}

/**
 * tlc_compat_tw_isn() - the initial sequence number for a SYN that ended a TIME_WAIT
 * @skb: SYN, at the entry of tcp_conn_request()
 *
 * In 6.12, up to 6.12.113, it is in a variable of each processor, elsewhere with the
 * segment.
 *
 * Return: 0 for any other SYN
 */
static inline u32 tlc_compat_tw_isn(const struct sk_buff *skb)
{
#ifdef TLC_TW_ISN_PER_CPU
	return __this_cpu_read(tcp_tw_isn);
#else
	return TCP_SKB_CB(skb)->tcp_tw_isn;
#endif
}

/* Where IPv6 listeners are hashed; by 7.3 inet_hash() does it for both. */
#ifdef TLC_INET6_HASH
#define TLC_COMPAT_INET6_HASH(hook) hook,
#else
#define TLC_COMPAT_INET6_HASH(hook)
#endif

/* What listen() of TCP and of MPTCP have in common: a function of its own in 6.12. */
#ifdef TLC_LISTEN_SK
#define TLC_COMPAT_LISTEN_SK(hook) hook,
#else
#define TLC_COMPAT_LISTEN_SK(hook)
#endif

/* 5.10 has MPTCP, and says nothing of its subflows as they come. */
#if defined(TLC_MPTCP_EVENTS) && defined(CONFIG_MPTCP)
#define TLC_COMPAT_MPTCP(hook) hook,
#else
#define TLC_COMPAT_MPTCP(hook)
#endif
#ifndef TLC_MPTCP_EVENTS
/* For the handler, which is not attached there. */
enum { MPTCP_EVENT_CREATED = 1, MPTCP_EVENT_SUB_ESTABLISHED = 10 };
#endif

/**
 * tlc_compat_subflow_shares() - has the first subflow of connect() the struct socket of MPTCP's?
 *
 * In 5.10 it keeps the one it was made with.
 */
static inline bool tlc_compat_subflow_shares(void)
{
#ifdef TLC_MPTCP_EVENTS
	return true;
#else
	return false;
#endif
}

/**
 * tlc_compat_is_fastclose() - of the RSTs that MPTCP sends, is this the fastclose?
 * @regs: registers at the entry of tcp_send_active_reset()
 * @reason: enum tcp_lifecycle_rst_reason
 *
 * Where there is a reason it is told by that.  Before, the second argument says how to
 * allocate the segment: mptcp_do_fastclose(), which may sleep, hands on the socket's own
 * way, all others GFP_ATOMIC.
 */
static inline bool tlc_compat_is_fastclose(const struct pt_regs *regs, u8 reason)
{
#ifdef TLC_RST_REASONS
	return reason == TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE;
#else
	return gfpflags_allow_blocking((__force gfp_t)
		regs_get_kernel_argument((struct pt_regs *)regs, 1));
#endif
}

/**
 * tlc_compat_listeners() - a chain of the table of all listeners
 * @tables: hash tables
 * @i: index of the chain
 *
 * In 5.10 one table holds each listener in a list with nulls, another one has
 * plain lists; 6.1 has only the other, with nulls.
 *
 * Return: NULL behind the last.
 */
static inline struct inet_listen_hashbucket *
tlc_compat_listeners(struct inet_hashinfo *tables, unsigned int i)
{
#ifdef TLC_LISTENING_HASH
	return i < INET_LHTABLE_SIZE ? &tables->listening_hash[i] : NULL;
#else
	return i <= tables->lhash2_mask ? &tables->lhash2[i] : NULL;
#endif
}

/**
 * tlc_compat_set_ops() - give a family its operations
 * @family: not registered yet
 * @split: operations as the generator writes them, do and dump of one command
 *	   next to each other and with the same attributes
 * @n: how many
 * @ops: storage for as many
 */
static inline void tlc_compat_set_ops(struct genl_family *family,
				      const struct genl_split_ops *split,
				      unsigned int n, struct genl_ops *ops)
{
#ifndef TLC_GENL_SPLIT_OPS
	/* Without a policy 5.10 would take any attribute. */
	static const struct nla_policy reject[] = { [1] = { .type = NLA_REJECT } };
	unsigned int i;

	family->ops = ops;
	family->n_ops = 0;
	for (i = 0; i < n; i++) {
		if (!i || split[i].cmd != split[i - 1].cmd)
			family->n_ops++;
		tlc_compat_merge_op(&ops[family->n_ops - 1], &split[i]);
	}
	for (i = 0; i < family->n_ops; i++) {
		if (ops[i].policy)
			continue;
		ops[i].policy = reject;
		ops[i].maxattr = 1;
	}
#else
	family->split_ops = split;
	family->n_split_ops = n;
#endif
}

/**
 * tlc_compat_dump_attrs() - attributes of the request behind a dump
 * @cb: dump
 *
 * They moved in 6.6 (commit 7288dd2fd488, "genetlink: use attrs from struct
 * genl_info").
 */
static inline struct nlattr **tlc_compat_dump_attrs(struct netlink_callback *cb)
{
#ifdef TLC_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/**
 * tlc_compat_rst_reason() - why the kernel says it sends an RST
 * @reason: the argument of tcp_send_active_reset() and tcp_v4_send_reset()
 *
 * 6.1 has none, 6.12 all of these; a kernel in between that lacks one tells none.
 *
 * Return: enum tcp_lifecycle_rst_reason
 */
static inline u8 tlc_compat_rst_reason(unsigned long reason)
{
#ifdef TLC_RST_REASONS
	switch ((enum sk_rst_reason)reason) {
	case SK_RST_REASON_NOT_SPECIFIED:
		return TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED;
	case SK_RST_REASON_NO_SOCKET:
		return TCP_LIFECYCLE_RST_REASON_NO_SOCKET;
	case SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE:
		return TCP_LIFECYCLE_RST_REASON_INVALID_ACK_SEQUENCE;
	case SK_RST_REASON_TCP_RFC7323_PAWS:
		return TCP_LIFECYCLE_RST_REASON_PAWS;
	case SK_RST_REASON_TCP_TOO_OLD_ACK:
		return TCP_LIFECYCLE_RST_REASON_TOO_OLD_ACK;
	case SK_RST_REASON_TCP_ACK_UNSENT_DATA:
		return TCP_LIFECYCLE_RST_REASON_ACK_UNSENT_DATA;
	case SK_RST_REASON_TCP_FLAGS:
		return TCP_LIFECYCLE_RST_REASON_FLAGS;
	case SK_RST_REASON_TCP_OLD_ACK:
		return TCP_LIFECYCLE_RST_REASON_OLD_ACK;
	case SK_RST_REASON_TCP_ABORT_ON_DATA:
		return TCP_LIFECYCLE_RST_REASON_ABORT_ON_DATA;
	case SK_RST_REASON_TCP_TIMEWAIT_SOCKET:
		return TCP_LIFECYCLE_RST_REASON_TIMEWAIT_SOCKET;
	case SK_RST_REASON_INVALID_SYN:
		return TCP_LIFECYCLE_RST_REASON_INVALID_SYN;
	case SK_RST_REASON_TCP_ABORT_ON_CLOSE:
		return TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE;
	case SK_RST_REASON_TCP_ABORT_ON_LINGER:
		return TCP_LIFECYCLE_RST_REASON_ABORT_ON_LINGER;
	case SK_RST_REASON_TCP_ABORT_ON_MEMORY:
		return TCP_LIFECYCLE_RST_REASON_ABORT_ON_MEMORY;
	case SK_RST_REASON_TCP_STATE:
		return TCP_LIFECYCLE_RST_REASON_TCP_STATE;
	case SK_RST_REASON_TCP_KEEPALIVE_TIMEOUT:
		return TCP_LIFECYCLE_RST_REASON_KEEPALIVE_TIMEOUT;
	case SK_RST_REASON_TCP_DISCONNECT_WITH_DATA:
		return TCP_LIFECYCLE_RST_REASON_DISCONNECT_WITH_DATA;
	case SK_RST_REASON_ERROR:
		return TCP_LIFECYCLE_RST_REASON_ERROR;
	case SK_RST_REASON_MPTCP_RST_EUNSPEC ... SK_RST_REASON_MPTCP_RST_EMIDDLEBOX:
		return TCP_LIFECYCLE_RST_REASON_MPTCP;
	default:
		return TCP_LIFECYCLE_RST_REASON_OTHER;
	}
#else
	return TCP_LIFECYCLE_RST_REASON_NONE;
#endif
}

/**
 * tlc_compat_active_rst_reason() - the same of tcp_send_active_reset()
 * @regs: registers at its entry
 *
 * Up to 6.12.107, and in 7.2.6, what memory to use stands before it.
 */
static inline u8 tlc_compat_active_rst_reason(struct pt_regs *regs)
{
#ifdef TLC_ACTIVE_RESET_GFP
	return tlc_compat_rst_reason(regs_get_kernel_argument(regs, 2));
#else
	return tlc_compat_rst_reason(regs_get_kernel_argument(regs, 1));
#endif
}

/**
 * tlc_compat_clear_groups() - throw out whoever joined groups before they were any
 * @family: name of no other family
 * @groups: as many as there will be
 * @nr: of them
 *
 * Who joined their numbers was not asked for the right to.  Where
 * tlc_compat_multicast() leaves nobody out, a family that has these groups for a
 * moment takes such members with it, and the next one has the same numbers.  Who
 * joins in between is one again.
 *
 * Return: 0 or a negative error.
 */
static inline int tlc_compat_clear_groups(const char *family,
					  const struct genl_multicast_group *groups,
					  unsigned int nr)
{
	int err = 0;
#ifndef TLC_BROADCAST_FILTERED
	struct genl_family scratch = {
		.netnsok = true,
		.module = THIS_MODULE,
		.mcgrps = groups,
		.n_mcgrps = nr,
	};

	strscpy(scratch.name, family, sizeof(scratch.name));
	err = genl_register_family(&scratch);
	if (!err)
		genl_unregister_family(&scratch);
#endif
	return err;
}

/**
 * tlc_compat_multicast() - send to a group, but for those whom a filter leaves out
 * @family: ours
 * @net: namespace
 * @skb: message, taken over
 * @group: of the family's
 * @leave_out: asked about each socket, in process context; returns 1 to leave it out
 * @data: handed to it
 *
 * Of Debian's kernels 6.1 lacks netlink_broadcast_filtered(), and exports nothing else
 * to do it with.
 *
 * Return: false if nobody was asked about.
 */
static inline bool tlc_compat_multicast(const struct genl_family *family, struct net *net,
					struct sk_buff *skb, unsigned int group,
					int (*leave_out)(struct sock *sk,
							 struct sk_buff *skb, void *data),
					void *data)
{
#ifdef TLC_BROADCAST_FILTERED
	group += family->mcgrp_offset;
	NETLINK_CB(skb).dst_group = group;
	netlink_broadcast_filtered(net->genl_sock, skb, 0, group, GFP_KERNEL, leave_out, data);
	return true;
#else
	genlmsg_multicast_netns(family, net, skb, 0, group, GFP_KERNEL);
	return false;
#endif
}

#endif /* TLC_COMPAT_H */
