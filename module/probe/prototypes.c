// SPDX-License-Identifier: GPL-2.0-only
/*
 * prototypes.c: what the handlers take for granted of the functions they probe.
 *
 * Owns: one line for each hook of hooks.c: the prototypes with which its handler finds its
 * arguments where it looks.  Where positions differ, compat.h has found out by the
 * headers, and each of its ways has a line here.  A kernel whose prototype is another one
 * does not build, instead of being read wrongly.
 * Makes no code.
 *
 * Static functions have no prototype in a header.  Most are pinned by the pointer that
 * they are given to.  inet_twsk_kill(tw), inet_reqsk_clone(req, sk), reqsk_queue_unlink(req),
 * __inet_csk_reqsk_queue_drop(sk, req, from_timer), and what MPTCP's own header has,
 * mptcp_event(type, msk, ssk, gfp) and mptcp_token_new_connect(ssk), are not.
 */
#include <linux/build_bug.h>
#include <linux/netlink.h>
#include <linux/security.h>
#include <linux/timer.h>
#include <net/inet6_hashtables.h>
#include <net/inet_common.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp.h>

#include "compat.h"

/* Older kernels have none: a prototype with it is then not theirs. */
enum sk_rst_reason;
enum skb_drop_reason;

#define IS(fn, ...) __builtin_types_compatible_p(typeof(fn), __VA_ARGS__)
#define TAKES(fn, ...) static_assert(IS(fn, __VA_ARGS__))
/* A member that points to a static function. */
#define GIVEN(type, member) (*(typeof_member(struct type, member))0)

#define SYN_RECV_SOCK	const struct sock *, struct sk_buff *, struct request_sock *,	\
			struct dst_entry *, struct request_sock *, bool *
/* With what MPTCP does to a child. */
#define CHILD_INIT	void (*)(struct sock *, const struct sock *)
#define TW_SEGMENT	struct inet_timewait_sock *, struct sk_buff *, const struct tcphdr *
#define REQ_SEGMENT	struct sock *, struct sk_buff *, struct request_sock *, bool, bool *
#define COOKIE_SOCK	struct sock *, struct sk_buff *, struct request_sock *, struct dst_entry *

TAKES(tcp_set_state, void (struct sock *, int));
TAKES(tcp_connect, int (struct sock *));
TAKES(tcp_make_synack, struct sk_buff *(const struct sock *, struct dst_entry *,
					struct request_sock *, struct tcp_fastopen_cookie *,
					enum tcp_synack_type, struct sk_buff *));
static_assert(IS(tcp_v4_syn_recv_sock, struct sock *(SYN_RECV_SOCK)) ||
	      IS(tcp_v4_syn_recv_sock, struct sock *(SYN_RECV_SOCK, CHILD_INIT)));
/* tcp_v6_syn_recv_sock() */
static_assert(IS(GIVEN(inet_connection_sock_af_ops, syn_recv_sock),
		 typeof(tcp_v4_syn_recv_sock)));
#ifdef TLC_TW_HASHDANCE
TAKES(inet_twsk_hashdance_schedule, void (struct inet_timewait_sock *, struct sock *,
					  struct inet_hashinfo *, int));
#endif
TAKES(__inet_twsk_schedule, void (struct inet_timewait_sock *, int, bool));
TAKES(inet_sk_set_state, void (struct sock *, int));
TAKES(inet_hash, int (struct sock *));
#ifdef TLC_INET6_HASH
TAKES(inet6_hash, int (struct sock *));
#endif
TAKES(inet_listen, int (struct socket *, int));
#ifdef TLC_LISTEN_SK
TAKES(__inet_listen_sk, int (struct sock *, int));
#endif
/* mptcp_close(), mptcp_shutdown() */
TAKES(GIVEN(proto, close), void (struct sock *, long));
TAKES(GIVEN(proto, shutdown), void (struct sock *, int));
TAKES(tcp_finish_connect, void (struct sock *, struct sk_buff *));
TAKES(security_sock_graft, void (struct sock *, struct socket *));
TAKES(inet_csk_reqsk_queue_add, struct sock *(struct sock *, struct request_sock *,
					      struct sock *));
TAKES(tcp_send_window_probe, void (struct sock *));
TAKES(tcp_conn_request, int (struct request_sock_ops *, const struct tcp_request_sock_ops *,
			     struct sock *, struct sk_buff *));
static_assert(IS(tcp_get_cookie_sock, struct sock *(COOKIE_SOCK)) ||
	      IS(tcp_get_cookie_sock, struct sock *(COOKIE_SOCK, u32)));
static_assert(IS(tcp_timewait_state_process, enum tcp_tw_status (TW_SEGMENT)) ||
	      IS(tcp_timewait_state_process, enum tcp_tw_status (TW_SEGMENT, u32 *)) ||
	      IS(tcp_timewait_state_process, enum tcp_tw_status (TW_SEGMENT, u32 *,
								 enum skb_drop_reason *)));
static_assert(IS(tcp_check_req, struct sock *(REQ_SEGMENT)) ||
	      IS(tcp_check_req, struct sock *(REQ_SEGMENT, enum skb_drop_reason *)));
#ifdef TLC_RESET_SKB
TAKES(tcp_reset, void (struct sock *, struct sk_buff *));
#else
TAKES(tcp_reset, void (struct sock *));
#endif
#ifndef TLC_RST_REASONS
/* No reason is read. */
#elif defined(TLC_ACTIVE_RESET_GFP)
TAKES(tcp_send_active_reset, void (struct sock *, gfp_t, enum sk_rst_reason));
#else
TAKES(tcp_send_active_reset, void (struct sock *, enum sk_rst_reason));
#endif
/* tcp_v4_send_reset(), tcp_v6_send_reset() */
#ifdef TLC_RST_REASONS
TAKES(GIVEN(request_sock_ops, send_reset), void (const struct sock *, struct sk_buff *,
						 enum sk_rst_reason));
#else
static_assert(IS(GIVEN(request_sock_ops, send_reset), void (const struct sock *,
							    struct sk_buff *)) ||
	      IS(GIVEN(request_sock_ops, send_reset), void (const struct sock *,
							    struct sk_buff *, enum sk_rst_reason)));
#endif
TAKES(tcp_shutdown, void (struct sock *, int));
TAKES(tcp_disconnect, int (struct sock *, int));
TAKES(tcp_abort, int (struct sock *, int));
TAKES(tcp_req_err, void (struct sock *, u32, bool));
TAKES(tcp_simple_retransmit, void (struct sock *));
TAKES(tcp_enter_loss, void (struct sock *));
TAKES(tcp_retransmit_timer, void (struct sock *));
TAKES(tcp_delack_timer_handler, void (struct sock *));
TAKES(tcp_write_wakeup, int (struct sock *, int));
TAKES(tcp_send_loss_probe, void (struct sock *));
TAKES(tcp_rack_reo_timeout, void (struct sock *));
/* reqsk_timer_handler(), tcp_keepalive_timer() */
TAKES(GIVEN(timer_list, function), void (struct timer_list *));
/* genl_bind() */
TAKES(GIVEN(netlink_kernel_cfg, bind), int (struct net *, int));
