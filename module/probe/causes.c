// SPDX-License-Identifier: GPL-2.0-only
/*
 * causes.c: the handlers that only say why.
 *
 * Owns: the hints, which the transition that follows takes up.
 * Called by: attach.c, as the handlers in hooks.c, which has the table.
 * Must not: allocate, sleep, print, or decide what a hint leads to.
 */
#include <net/inet_connection_sock.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/handler.h"

/* A full, request or timewait socket; that one tells its state elsewhere. */
static void deliver_any(struct tlc_event *ev, struct sock *sk)
{
	ev->from = sk->sk_state;
	if (ev->from == S(TIME_WAIT)) {
		ev->from = READ_ONCE(inet_twsk(sk)->tw_substate);
		deliver_timewait(ev, inet_twsk(sk));
	} else if (ev->from == S(NEW_SYN_RECV)) {
		deliver_request(ev, inet_reqsk(sk));
	} else {
		deliver(ev, sk);
	}
}

static void hint(struct tlc_event *ev, struct sock *sk, u8 cause, const struct tcphdr *th)
{
	ev->cause = cause;
	if (th) {
		ev->has_seq = true;
		ev->has_ack = th->ack;
		ev->seq = ntohl(th->seq);
		ev->ack = ntohl(th->ack_seq);
	}
	deliver_any(ev, sk);
}

/**
 * tlc_causes_hint() - leave a cause for the transition to come
 * @sk: full, request or timewait socket
 * @cause: enum tcp_lifecycle_cause
 * @th: segment behind it, or NULL
 *
 * Context: handler.
 */
void tlc_causes_hint(struct sock *sk, u8 cause, const struct tcphdr *th)
{
	struct tlc_event ev = EVENT(HINT);

	hint(&ev, sk, cause, th);
}

/*
 * As tcp_check_req() does: older than what the SYN carried, or an echo of what we never
 * sent.  The kernel's own parser is asked: it alone knows which options count.
 */
static bool is_refused_by_timestamp(const struct request_sock *req, const struct sk_buff *skb,
				    bool fastopen)
{
	struct tcp_options_received opt;

	opt.saw_tstamp = 0;
	tcp_parse_options(read_pnet(&inet_rsk(req)->ireq_net), skb, &opt, 0, NULL);
	if (!opt.saw_tstamp)
		return false;
	opt.ts_recent = READ_ONCE(req->ts_recent);
	opt.ts_recent_stamp = ktime_get_seconds() -
			      ((TCP_TIMEOUT_INIT / HZ) << min_t(u8, req->num_timeout, 6));
	return tcp_paws_reject(&opt, tcp_hdr(skb)->rst) ||
	       (!fastopen && tlc_compat_foreign_echo(req, opt.rcv_tsecr));
}

/* Does tcp_check_req() go on to look at what the segment is? */
static bool is_taken(const struct request_sock *req, const struct sk_buff *skb, bool fastopen)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	u32 next = tcp_rsk(req)->rcv_nxt;
	u32 edge = next + tlc_compat_synack_window(req);

	return (seq == next || (after(end_seq, next) && before(seq, edge)) ||
		(seq == edge && end_seq == edge)) &&
	       !is_refused_by_timestamp(req, skb, fastopen);
}

/* Not each RST that is taken ends it: for one that does, tcp_reset() is called next. */
static void fast_open_segment(struct sock *child, const struct request_sock *req,
			      const struct sk_buff *skb)
{
	struct tlc_event ev = EVENT(HINT);

	/* A SYN is answered by an RST and counted, and the child lives on. */
	ev.booked = !tcp_hdr(skb)->rst;
	ev.half_open = true;
	if ((ev.booked && TCP_SKB_CB(skb)->seq == tcp_rsk(req)->rcv_isn) ||
	    !is_taken(req, skb, true))
		return;
	hint(&ev, child, ev.booked ? C(NEW_SYN) : C(RST_RECEIVED), tcp_hdr(skb));
}

/* Is it the bare ACK that TCP_DEFER_ACCEPT sets aside? */
static bool is_deferred(const struct sock *listener, const struct request_sock *req,
			const struct sk_buff *skb)
{
	u8 rounds = READ_ONCE(inet_csk(listener)->icsk_accept_queue.rskq_defer_accept);

	return tcp_hdr(skb)->ack && req->num_timeout < rounds &&
	       TCP_SKB_CB(skb)->end_seq == tcp_rsk(req)->rcv_isn + 1 &&
	       TCP_SKB_CB(skb)->ack_seq == tcp_rsk(req)->snt_isn + 1 &&
	       is_taken(req, skb, false);
}

static void ack_deferred(struct request_sock *req)
{
	struct tlc_event ev = EVENT(ACK_DEFERRED);

	ev.from = S(NEW_SYN_RECV);
	deliver_request(&ev, req);
}

/*
 * tcp_check_req(sk, skb, req, fastopen, ...): which segment may end the request, or is
 * set aside.  Each one for a request comes here, so mostly once, the third of the
 * handshake.  With Fast Open @sk is the child, else the listener.
 */
void tlc_causes_on_request_segment(struct pt_regs *regs)
{
	struct request_sock *req = ARG(regs, 2, struct request_sock *);
	struct sk_buff *skb = ARG(regs, 1, struct sk_buff *);
	struct sock *sk = ARG(regs, 0, struct sock *);
	const struct tcphdr *th = tcp_hdr(skb);

	if (likely(!th->rst && !th->syn)) {
		if (unlikely(inet_csk(sk)->icsk_accept_queue.rskq_defer_accept) &&
		    !ARG_BOOL(regs, 3) && is_deferred(sk, req, skb))
			ack_deferred(req);
	} else if (ARG_BOOL(regs, 3)) {
		fast_open_segment(sk, req, skb);
	} else if (th->rst) {
		tlc_causes_hint(req_to_sk(req), C(RST_RECEIVED), th);
	} else if (ntohl(th->seq) != tcp_rsk(req)->rcv_isn) {
		tlc_causes_hint(req_to_sk(req), C(NEW_SYN), th);
	}
}

/* Within the window, an orphan's timewait socket resets all that is new but the next FIN. */
static bool is_late(const struct sock *tw, const struct sk_buff *skb,
		    const struct tcphdr *th)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 next = READ_ONCE(tcp_twsk(tw)->tw_rcv_nxt);

	return th->ack && cb->end_seq != cb->seq && after(cb->end_seq, next) &&
	       !(th->fin && cb->end_seq == next + 1);
}

/* tcp_timewait_state_process(tw, skb, th): which segment may end it */
void tlc_causes_on_tw_segment(struct pt_regs *regs)
{
	struct sock *tw = ARG(regs, 0, struct sock *);
	const struct sk_buff *skb = ARG(regs, 1, const struct sk_buff *);
	const struct tcphdr *th = ARG(regs, 2, const struct tcphdr *);
	bool half_closed = READ_ONCE(inet_twsk(tw)->tw_substate) == TCP_FIN_WAIT2;

	if (th->rst)
		tlc_causes_hint(tw, C(RST_RECEIVED), th);
	else if (th->syn && (half_closed || !th->ack))
		tlc_causes_hint(tw, C(NEW_SYN), th);
	else if (half_closed && is_late(tw, skb, th))
		tlc_causes_hint(tw, C(LATE_DATA), th);
}

/* tcp_reset(sk, skb): by an RST, or by data that came after close() */
void tlc_causes_on_reset(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	const struct sk_buff *skb = tlc_compat_reset_skb(regs);
	const struct tcphdr *th = skb ? tcp_hdr(skb) : NULL;

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (unlikely(sk_is_mptcp(sk)) && th && th->rst && tlc_mptcp_is_fastclose(skb)) {
		tlc_causes_hint(sk, C(FASTCLOSE_RECEIVED), th);
		tlc_mptcp_fastclosed(sk, C(FASTCLOSE_RECEIVED));
		return;
	}
	tlc_causes_hint(sk, !th || th->rst ? C(RST_RECEIVED) : C(LATE_DATA), th);
}

static void rst_out(struct sock *sk, u32 seq, u8 reason, u8 cause)
{
	struct tlc_event ev = EVENT(RST_OUT);

	ev.reason = reason;
	ev.cause = cause;
	ev.has_seq = true;
	ev.seq = seq;
	if (sk_fullsock(sk)) {
		tlc_sock_read_volume(sk, &ev.tcp);
		ev.has_volume = true;
	}
	deliver_any(&ev, sk);
}

/* tcp_send_active_reset(sk, reason), or (sk, gfp, reason), in 6.1 (sk, gfp): of our own accord */
void tlc_causes_on_send_active_reset(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	u8 reason = tlc_compat_active_rst_reason(regs);
	u8 cause = unlikely(sk_is_mptcp(sk)) ? tlc_mptcp_reset_cause(sk, regs, reason) : C(UNKNOWN);

	rst_out(sk, tlc_sock_rst_seq(sk), reason, cause);
	if (cause == C(FASTCLOSE_SENT))
		tlc_mptcp_fastclosed(sk, cause);
}

/*
 * tcp_v4_send_reset(sk, skb, reason), the last not in 6.1: in answer to a segment.
 * A segment that no connection wants comes with no socket, or with a listener.  What
 * the segment acknowledges is where the RST begins; without that it begins at 0.
 */
void tlc_causes_on_send_reset(struct pt_regs *regs)
{
	const struct tcphdr *th = tcp_hdr(ARG(regs, 1, struct sk_buff *));
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (!sk || (1 << sk->sk_state) & (TCPF_LISTEN | TCPF_NEW_SYN_RECV) || th->rst)
		return;
	rst_out(sk, th->ack ? ntohl(th->ack_seq) : 0,
		tlc_compat_rst_reason(ARG(regs, 2, unsigned long)), C(UNKNOWN));
}

/*
 * tcp_shutdown(sk, how): sends a FIN from these states only.  On a subflow it is the
 * kernel that calls it, after shutdown() and close() alike.
 */
void tlc_causes_on_shutdown(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (ARG(regs, 1, int) & SEND_SHUTDOWN &&
	    (1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_CLOSE_WAIT) &&
	    !sk_is_mptcp(sk))
		tlc_causes_hint(sk, C(SHUTDOWN), NULL);
}

/* tcp_disconnect() does not reset what has sent its FIN, and has all of it sent. */
static bool is_reset(const struct sock *sk)
{
	const u32 always = TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_FIN_WAIT1 |
			   TCPF_FIN_WAIT2 | TCPF_CLOSE_WAIT;
	const u32 unsent = TCPF_CLOSING | TCPF_LAST_ACK;

	return (1 << sk->sk_state) & always ||
	       ((1 << sk->sk_state) & unsent && tcp_sk(sk)->snd_nxt != tcp_sk(sk)->write_seq);
}

/*
 * tcp_disconnect(sk, flags): SO_LINGER 0, AF_UNSPEC, a listener's child, or close() of
 * a socket that is being repaired
 */
void tlc_causes_on_disconnect(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN)
		return;
	/* A closed subflow has lost its struct socket; a listener's child is not shut. */
	if (!sk->sk_socket && (sk->sk_shutdown & SHUTDOWN_MASK) != SHUTDOWN_MASK)
		tlc_causes_hint(sk, C(LISTENER_CLOSED), NULL);
	else if (tcp_sk(sk)->repair)
		tlc_causes_hint(sk, C(SILENT), NULL);
	else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime &&
		 (sk->sk_shutdown & SHUTDOWN_MASK) == SHUTDOWN_MASK)
		tlc_causes_hint(sk, is_reset(sk) ? C(RST_SENT) : C(CLOSE), NULL);
	else
		tlc_causes_hint(sk, C(DISCONNECT), NULL);
}

/* tcp_abort(sk, err): ss -K, BPF */
void tlc_causes_on_abort(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (sk->sk_state != TCP_CLOSE)
		tlc_causes_hint(sk, C(ABORT), NULL);
}

/* tcp_req_err(sk, seq, abort): ICMP for a request socket */
void tlc_causes_on_request_error(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (ARG_BOOL(regs, 2) &&
	    ARG(regs, 1, u32) == tcp_rsk(inet_reqsk(sk))->snt_isn)
		tlc_causes_hint(sk, C(ICMP), NULL);
}
