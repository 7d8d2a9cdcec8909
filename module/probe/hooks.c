// SPDX-License-Identifier: GPL-2.0-only
/*
 * hooks.c: from registers to events.
 *
 * Owns: the hook table, and one handler for each row.
 * Called by: attach.c at the entry of the probed function, in whatever context
 * that runs in, preemption disabled.
 * Must not: allocate, sleep, print, take a lock other than through conn.c, or
 * decide what an event means.
 *
 * A handler runs before the function does: the old state is still in the
 * socket, and what the function is about to do is in its arguments.
 */
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <net/inet_connection_sock.h>
#include <net/tcp.h>

#include "compat.h"
#include "feed/joining.h"
#include "probe/attach.h"
#include "probe/handler.h"

static void count(struct sock *listener, enum tlc_counter counter)
{
	struct tlc_event ev = EVENT(LISTENER_COUNT);

	ev.counter = counter;
	deliver(&ev, listener);
}

/* What a process did to end it, if it was the process. */
static u8 close_cause(const struct sock *sk)
{
	if (unlikely(sk_is_mptcp(sk)) && sk->sk_state != TCP_LISTEN)
		return tlc_mptcp_close_cause(sk);
	if (in_process() && current->flags & PF_EXITING)
		return current->exit_code & 0x7f ? C(KILLED) : C(EXIT);
	if ((sk->sk_shutdown & SHUTDOWN_MASK) == SHUTDOWN_MASK)
		return C(CLOSE);
	return C(SHUTDOWN);
}

/* While it is being repaired, what is written is taken for sent, its FIN as well. */
static bool sends_nothing(const struct sock *sk)
{
	return unlikely(tcp_sk(sk)->repair) && tcp_sk(sk)->repair_queue == TCP_SEND_QUEUE;
}

/* tcp_set_state(sk, state) */
static void on_set_state(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct tlc_event ev __uninitialized;
	u8 from = sk->sk_state;
	u8 to = ARG(regs, 1, int);

	if (from == to)
		return;
	/*
	 * Never met, and a timewait socket without our cookie carries on: that is
	 * the one to follow.
	 */
	if (to == S(CLOSED) && !atomic64_read(&sk->sk_cookie) &&
	    (from == S(FIN_WAIT_2) || from == S(CLOSING)))
		return;

	begin_event(&ev, TLC_EVENT_STATE);
	ev.from = from;
	ev.to = to;
	tlc_sock_read_tcp(sk, &ev.tcp);
	switch (to) {
	case S(SYN_SENT):
		tlc_sock_read_owner(&ev.owner);
		ev.foreign = unlikely(sk_is_mptcp(sk)) && tlc_mptcp_is_foreign(sk);
		break;
	case S(ESTABLISHED):
		if (unlikely(sk_is_mptcp(sk)) && from == S(SYN_RECV))
			tlc_mptcp_established(sk);
		tlc_sock_read_mss(sk, &ev.mss);
		tlc_sock_read_agreed(sk, &ev);
		ev.isn = ev.tcp.snd_una - 1;
		ev.peer_isn = ev.tcp.rcv_nxt - 1;
		break;
	case S(FIN_WAIT_1):
	case S(LAST_ACK):
		tlc_sock_read_mss(sk, &ev.mss);
		tlc_sock_read_agreed(sk, &ev);
		ev.cause = sends_nothing(sk) ? C(SILENT) : close_cause(sk);
		read_closer(&ev.owner);
		break;
	case S(CLOSED):
		ev.cause = close_cause(sk);
		read_closer(&ev.owner);
		tlc_sock_read_end(sk, &ev.tcp);
		break;
	}
	deliver(&ev, sk);
}

/* tcp_connect(sk): sends a SYN, but for a socket that is being repaired */
static void on_connect(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct tlc_event ev __uninitialized;

	begin_event(&ev, TLC_EVENT_CONNECT);
	if (unlikely(tcp_sk(sk)->repair)) {
		ev.cause = C(RESTORED);
	} else {
		tlc_sock_read_offered(sk, &ev);
		if (unlikely(sk_is_mptcp(sk)) && tlc_mptcp_is_offered(sk))
			ev.syn.opts |= TCP_LIFECYCLE_OPT_MPTCP;
		tlc_sock_read_mss_offer(sk, rcu_dereference_raw(sk->sk_dst_cache), &ev.mss);
	}
	deliver(&ev, sk);
	if (unlikely(sk_is_mptcp(sk)))
		tlc_mptcp_connects(sk);
}

/* tcp_send_window_probe(sk): the last step of its repair */
static void on_repaired(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct tlc_event ev = EVENT(REPAIRED);

	if (sk->sk_state != TCP_ESTABLISHED)
		return;
	tlc_sock_read_agreed(sk, &ev);
	tlc_sock_read_mss(sk, &ev.mss);
	deliver(&ev, sk);
}

/* tcp_finish_connect(sk, skb): no segment if the socket is being repaired */
static void on_finish_connect(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct sk_buff *skb = ARG(regs, 1, struct sk_buff *);
	struct tlc_event ev __uninitialized;

	if (!skb)
		return;
	/* Nothing of it is dated. */
	tlc_event_begin(&ev, TLC_EVENT_SYN_ACK, 0);
	tlc_sock_read_syn(skb, &ev.syn);
	ev.agreed = tlc_sock_sent_fast_open(sk);
	deliver(&ev, sk);
}

/*
 * tcp_make_synack(sk, dst, req, foc, type, syn_skb): the request is hashed, its
 * SYN is at hand the first time and not when the SYN-ACK is retransmitted.
 */
static void on_make_synack(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct request_sock *req = ARG(regs, 2, struct request_sock *);
	enum tcp_synack_type type = ARG(regs, 4, enum tcp_synack_type);
	struct sk_buff *syn = ARG(regs, 5, struct sk_buff *);
	struct tlc_event ev __uninitialized;

	if (type == TCP_SYNACK_COOKIE) {
		count(sk, TLC_COUNTER_COOKIES_SENT);
		return;
	}
	/* Another CPU has dropped it already: nothing would end its record. */
	if (syn && type == TCP_SYNACK_NORMAL && tlc_sock_is_unhashed(req_to_sk(req)))
		return;
	begin_event(&ev, TLC_EVENT_REQUEST);
	ev.first = syn;
	ev.from = S(LISTEN);
	ev.to = type == TCP_SYNACK_FASTOPEN ? S(SYN_RECV) : S(NEW_SYN_RECV);
	ev.isn = tcp_rsk(req)->snt_isn;
	ev.peer_isn = tcp_rsk(req)->rcv_isn;
	if (req->rsk_listener)
		ev.listener = tlc_sock_cookie(req->rsk_listener);
	if (syn) {
		tlc_sock_read_syn(syn, &ev.syn);
		tlc_sock_read_mss_offer(sk, ARG(regs, 1, struct dst_entry *),
					&ev.mss);
	} else {
		ev.syn = (struct tlc_synopts) { };
		ev.mss = (struct tlc_mss_facts) { };
	}
	deliver_request(&ev, req);
}

static void child(struct sock *listener, struct request_sock *req, bool first)
{
	struct tlc_event ev __uninitialized;

	begin_event(&ev, TLC_EVENT_CHILD);
	ev.first = first;
	ev.from = first ? S(LISTEN) : S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	ev.isn = tcp_rsk(req)->snt_isn;
	ev.peer_isn = tcp_rsk(req)->rcv_isn;
	ev.listener = tlc_sock_cookie(listener);
	deliver_request(&ev, req);
}

/* @hashed: the request, if it is in the hash: neither cookie nor Fast Open */
static void syn_recv(struct sock *listener, struct request_sock *req,
		     const struct request_sock *hashed)
{
	if (sk_acceptq_is_full(listener)) {
		count(listener, TLC_COUNTER_ACCEPT_OVERFLOW);
		if (hashed)
			tlc_causes_hint(req_to_sk(req), C(ACCEPT_QUEUE_FULL),
					NULL);
	} else if (hashed) {
		child(listener, req, false);
	} else {
		/* For the child to inherit: the request itself nobody will meet. */
		tlc_sock_cookie(req_to_sk(req));
	}
}

/*
 * tcp_v4_syn_recv_sock(sk, skb, req, dst, req_unhash, ...): the request is
 * about to become a socket, unless the accept queue is full.  The new socket
 * has no cookie of its own yet; it will have the request's.
 */
static void on_syn_recv_ipv4(struct pt_regs *regs)
{
	syn_recv(ARG(regs, 0, struct sock *), ARG(regs, 2, struct request_sock *),
		 ARG(regs, 4, struct request_sock *));
}

/* tcp_v6_syn_recv_sock(): calls the other one for IPv4 on an IPv6 listener */
static void on_syn_recv_ipv6(struct pt_regs *regs)
{
	const struct sk_buff *skb = ARG(regs, 1, const struct sk_buff *);

	if (skb->protocol != htons(ETH_P_IP))
		on_syn_recv_ipv4(regs);
}

/*
 * inet_csk_reqsk_queue_add(sk, req, child): the child of a SYN cookie, whose
 * request has no listener, or of Fast Open.  All others were told of while they
 * were requests; whether this is entered for them, too, is up to the compiler,
 * which may have it inlined where they come from: on amd64 mostly, on arm64 not.
 */
static void on_queue_add(struct pt_regs *regs)
{
	struct request_sock *req = ARG(regs, 1, struct request_sock *);
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (!is_tcp(sk))
		return;
	/* It has been in another queue. */
	if (req->sk)
		tlc_listening_migrated(req, sk);
	else if (!req->rsk_listener || tcp_rsk(req)->tfo_listener)
		child(sk, req, !req->rsk_listener);
	if (unlikely(sk_is_mptcp(ARG(regs, 2, struct sock *))))
		tlc_mptcp_queued(ARG(regs, 2, struct sock *));
}

/* tcp_get_cookie_sock(sk, ...): a SYN cookie was found valid */
static void on_cookie(struct pt_regs *regs)
{
	count(ARG(regs, 0, struct sock *), TLC_COUNTER_COOKIES_VALID);
}

static u8 drop_cause(const struct request_sock *req, bool from_timer)
{
	const struct sock *listener = req->rsk_listener;

	if (!check_net(sock_net(listener)))
		return C(NETNS_GONE);
	if (listener->sk_state != TCP_LISTEN)
		return C(LISTENER_CLOSED);
	if (from_timer)
		return C(TIMEOUT);
	/* tcp_check_req(): a segment, or with this also a child that could not be made. */
	if (!READ_ONCE(sock_net(listener)->ipv4.sysctl_tcp_abort_on_overflow))
		return C(RST_RECEIVED);
	return sk_acceptq_is_full(listener) ? C(ACCEPT_QUEUE_FULL) : C(CHILD_FAILED);
}

/* A request that was made into a socket, or dropped by someone else, is out of the hash by now. */
static void request_drop(struct request_sock *req, bool from_timer)
{
	struct tlc_event ev __uninitialized;

	if (tlc_sock_is_unhashed(req_to_sk(req)) || !is_tcp(req->rsk_listener))
		return;
	begin_event(&ev, TLC_EVENT_REQUEST_DROP);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(CLOSED);
	ev.cause = drop_cause(req, from_timer);
	ev.listener = tlc_sock_cookie(req->rsk_listener);
	read_closer(&ev.owner);
	deliver_request(&ev, req);
}

/* __inet_csk_reqsk_queue_drop(sk, req, from_timer) */
static void on_request_drop(struct pt_regs *regs)
{
	request_drop(ARG(regs, 1, struct request_sock *), ARG_BOOL(regs, 2));
}

/*
 * reqsk_queue_unlink(req), where kernels lack the other, such as 6.1.112 and 5.10.218.
 * Of these the functions that call it may be inlined in one another.  The timer has not
 * been set again if it is what calls, and it is bound to one CPU.  On that no segment is
 * processed meanwhile; on another one may be.
 */
static void on_request_unlink(struct pt_regs *regs)
{
	struct request_sock *req = ARG(regs, 0, struct request_sock *);

	request_drop(req, !timer_pending(&req->rsk_timer) &&
		     (req->rsk_timer.flags & TIMER_CPUMASK) == smp_processor_id());
}

/* tcp_conn_request(rsk_ops, af_ops, sk, skb): what it is about to refuse */
static void on_conn_request(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 2, struct sock *);
	const struct sk_buff *skb = ARG(regs, 3, struct sk_buff *);

	if (inet_csk_reqsk_queue_is_full(sk) && !tlc_compat_tw_isn(skb) &&
	    !READ_ONCE(sock_net(sk)->ipv4.sysctl_tcp_syncookies))
		count(sk, TLC_COUNTER_SYN_OVERFLOW);
	else if (sk_acceptq_is_full(sk))
		count(sk, TLC_COUNTER_ACCEPT_OVERFLOW);
}

static void mss(struct sock *sk)
{
	struct tlc_event ev = EVENT(MSS);

	tlc_sock_read_mss(sk, &ev.mss);
	tlc_sock_read_volume(sk, &ev.tcp);
	ev.has_volume = true;
	deliver(&ev, sk);
}

/*
 * tcp_simple_retransmit(sk): an ICMP, or an MTU probe that was lost, may just
 * have changed the MSS.  tcp_sync_mss(), which changes it, cannot be the hook:
 * it is also called whenever the peer's window is larger than ever before, that
 * is for segment after segment where much is sent.
 */
static void on_simple_retransmit(struct pt_regs *regs)
{
	mss(ARG(regs, 0, struct sock *));
}

/* tcp_enter_loss(sk): the timer fired so often that it took to MTU probing */
static void on_enter_loss(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (inet_csk(sk)->icsk_mtup.enabled)
		mss(sk);
}

/* genl_bind(net, group) */
static void on_bind(struct pt_regs *regs)
{
	tlc_joining_seen(ARG(regs, 0, const struct net *), ARG(regs, 1, int));
}

/*
 * Only softirqs call it, or whoever has them off: of segments that no process holds up, of
 * timers, and of tables under their locks.  What a process has held up it does itself as it lets
 * the socket go, with softirqs on (__release_sock()).  So what may become of any segment, such
 * as tcp_finish_connect() and tcp_reset(), is not of these; nor is inet_sk_set_state(), which
 * other protocols call as well.  Two are of these though a process may come by, which is rare:
 * the first segment to a Fast Open child, the end of a repair (tcp_check_req(),
 * tcp_write_wakeup()).
 */
#define IN_SOFTIRQ	.in_softirq = true

#define REQUIRED(fn, h, ...) { .symbol = #fn, .handler = h, __VA_ARGS__ }
#define OPTIONAL(fn, h, g, l, ...) \
	{ .symbol = #fn, .handler = h, .group = TCP_LIFECYCLE_GROUP_##g, .lost = l, __VA_ARGS__ }

struct tlc_hook tlc_hooks[] = {
	REQUIRED(tcp_set_state, on_set_state),
	REQUIRED(tcp_connect, on_connect),
	REQUIRED(tcp_make_synack, on_make_synack, IN_SOFTIRQ),
	REQUIRED(tcp_v4_syn_recv_sock, on_syn_recv_ipv4, IN_SOFTIRQ),
	{ .symbol = "__inet_csk_reqsk_queue_drop", .handler = on_request_drop,
	  .older = "reqsk_queue_unlink", .older_handler = on_request_unlink, IN_SOFTIRQ },
	TLC_COMPAT_TW_HASHDANCE(REQUIRED(inet_twsk_hashdance_schedule, tlc_timewait_on_hashdance))
	REQUIRED(__inet_twsk_schedule, tlc_timewait_on_schedule, IN_SOFTIRQ),
	TLC_COMPAT_TW_TIMER(REQUIRED(tw_timer_handler, tlc_timewait_on_timer, IN_SOFTIRQ))
	REQUIRED(inet_twsk_kill, tlc_timewait_on_kill, IN_SOFTIRQ),
	OPTIONAL(tcp_v6_syn_recv_sock, on_syn_recv_ipv6, OPENINGS,
		 "IPv6 children in SYN_RECV", IN_SOFTIRQ),
	OPTIONAL(inet_sk_set_state, tlc_listening_on_set_state, LISTENERS,
		 "failed listen() calls"),
	OPTIONAL(inet_hash, tlc_listening_on_hash, LISTENERS, "IPv4 listeners"),
	TLC_COMPAT_INET6_HASH(OPTIONAL(inet6_hash, tlc_listening_on_hash, LISTENERS,
				       "IPv6 listeners"))
	OPTIONAL(inet_listen, tlc_listening_on_listen, LISTENERS,
		 "backlog changes by another listen()"),
	TLC_COMPAT_LISTEN_SK(OPTIONAL(__inet_listen_sk, tlc_listening_on_listen_sk, LISTENERS,
				      "backlog changes by another listen() on MPTCP"))
	OPTIONAL(tcp_finish_connect, on_finish_connect, OPENINGS,
		 "the peer's MSS option on active opens"),
	OPTIONAL(security_sock_graft, tlc_listening_on_accept, ACCEPT,
		 "the process that accepted"),
	TLC_COMPAT_MPTCP(OPTIONAL(mptcp_event, tlc_mptcp_on_event, OPENINGS,
				  "which connections are subflows of one MPTCP connection"))
	TLC_COMPAT_MPTCP(OPTIONAL(mptcp_token_new_connect, tlc_mptcp_on_token, OPENINGS,
				  "whether the SYN of an MPTCP socket offers MPTCP"))
	TLC_COMPAT_MPTCP(OPTIONAL(mptcp_close, tlc_mptcp_on_close, CAUSES,
				  "close() of MPTCP connections as a cause"))
	TLC_COMPAT_MPTCP(OPTIONAL(mptcp_shutdown, tlc_mptcp_on_shutdown, CAUSES,
				  "shutdown() of MPTCP connections as a cause"))
	OPTIONAL(inet_csk_reqsk_queue_add, on_queue_add, OPENINGS,
		 "connections opened by SYN cookie", IN_SOFTIRQ),
	TLC_COMPAT_MIGRATE(OPTIONAL(inet_reqsk_clone, tlc_listening_on_migrate, ACCEPT,
				    "which listener a connection moved to", IN_SOFTIRQ))
	OPTIONAL(tcp_send_window_probe, on_repaired, OPENINGS,
		 "the options of a restored connection, until it closes"),
	OPTIONAL(tcp_conn_request, on_conn_request, LISTENERS,
		 "queue overflows of listeners", IN_SOFTIRQ),
	OPTIONAL(tcp_get_cookie_sock, on_cookie, LISTENERS,
		 "the count of valid SYN cookies", IN_SOFTIRQ),
	OPTIONAL(tcp_timewait_state_process, tlc_causes_on_tw_segment, CAUSES,
		 "which segment ended TIME_WAIT early", IN_SOFTIRQ),
	OPTIONAL(tcp_check_req, tlc_causes_on_request_segment, CAUSES,
		 "which segment reset a half-open request, ACKs that were deferred", IN_SOFTIRQ),
	OPTIONAL(tcp_reset, tlc_causes_on_reset, CAUSES, "RSTs received"),
	OPTIONAL(tcp_send_active_reset, tlc_causes_on_send_active_reset, CAUSES,
		 "RSTs sent on our own initiative"),
	OPTIONAL(tcp_v4_send_reset, tlc_causes_on_send_reset, CAUSES,
		 "RSTs sent in reply to IPv4 segments"),
	OPTIONAL(tcp_v6_send_reset, tlc_causes_on_send_reset, CAUSES,
		 "RSTs sent in reply to IPv6 segments"),
	OPTIONAL(tcp_shutdown, tlc_causes_on_shutdown, CAUSES,
		 "whether shutdown() or close() ended our side"),
	OPTIONAL(tcp_disconnect, tlc_causes_on_disconnect, CAUSES,
		 "SO_LINGER 0, AF_UNSPEC and closed listeners as causes"),
	OPTIONAL(tcp_abort, tlc_causes_on_abort, CAUSES, "ss -K as a cause"),
	OPTIONAL(tcp_req_err, tlc_causes_on_request_error, CAUSES,
		 "ICMP as a cause of half-open ends", IN_SOFTIRQ),
	OPTIONAL(tcp_simple_retransmit, on_simple_retransmit, CAUSES,
		 "MSS changes by ICMP, until the connection closes"),
	OPTIONAL(tcp_enter_loss, on_enter_loss, CAUSES,
		 "MSS changes by MTU probing, until the connection closes"),
	OPTIONAL(tcp_retransmit_timer, tlc_timers_on_retransmit, TIMERS,
		 "the retransmission timer", IN_SOFTIRQ),
	OPTIONAL(reqsk_timer_handler, tlc_timers_on_request_timer, TIMERS,
		 "the SYN-ACK timer", IN_SOFTIRQ),
	OPTIONAL(tcp_delack_timer_handler, tlc_timers_on_delack, TIMERS,
		 "the delayed ACK timer", IN_SOFTIRQ),
	OPTIONAL(tcp_write_wakeup, tlc_timers_on_write_wakeup, TIMERS,
		 "keepalive and zero-window probes", IN_SOFTIRQ),
	OPTIONAL(tcp_keepalive_timer, tlc_timers_on_keepalive, TIMERS,
		 "the FIN_WAIT_2 timer", IN_SOFTIRQ),
	OPTIONAL(tcp_send_loss_probe, tlc_timers_on_loss_probe, TIMERS,
		 "tail loss probes", IN_SOFTIRQ),
	OPTIONAL(tcp_rack_reo_timeout, tlc_timers_on_reordering, TIMERS,
		 "RACK's reordering timer", IN_SOFTIRQ),
	OPTIONAL(genl_bind, on_bind, FEED,
		 "the first second of events for a new feed reader"),
};

const unsigned int tlc_nr_hooks = ARRAY_SIZE(tlc_hooks);

static_assert(ARRAY_SIZE(tlc_hooks) <= TLC_HOOKS_MAX);
