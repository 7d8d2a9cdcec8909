// SPDX-License-Identifier: GPL-2.0
/*
 * causes.c: the handlers that only say why.
 *
 * Owns: the hints, which the transition that follows takes up.
 * Called by: probe.c, as the handlers in hooks.c, which has the table.
 * Must not: allocate, sleep, print, or decide what a hint leads to.
 */
#include <net/inet_connection_sock.h>
#include <net/tcp.h>

#include "compat.h"
#include "handler.h"

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

	ev.cause = cause;
	if (th) {
		ev.has_seq = true;
		ev.has_ack = th->ack;
		ev.seq = ntohl(th->seq);
		ev.ack = ntohl(th->ack_seq);
	}
	deliver_any(&ev, sk);
}

/*
 * tcp_check_req(sk, skb, req, fastopen, ...): which segment may end the request.
 * Each one for a request comes here, so mostly once, the third of the handshake.
 */
void tlc_causes_on_request_segment(struct pt_regs *regs)
{
	const struct tcphdr *th = tcp_hdr(ARG(regs, 1, struct sk_buff *));
	struct request_sock *req = ARG(regs, 2, struct request_sock *);

	if (!(th->rst || th->syn) || ARG_BOOL(regs, 3))
		return;
	if (th->rst)
		tlc_causes_hint(req_to_sk(req), C(RST_RECEIVED), th);
	else if (ntohl(th->seq) != tcp_rsk(req)->rcv_isn)
		tlc_causes_hint(req_to_sk(req), C(NEW_SYN), th);
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

	if (sk->sk_state != TCP_CLOSE)
		tlc_causes_hint(sk, !th || th->rst ? C(RST_RECEIVED) : C(LATE_DATA), th);
}

static void rst_out(struct sock *sk, u8 reason)
{
	struct tlc_event ev = EVENT(RST_OUT);

	ev.reason = reason;
	deliver_any(&ev, sk);
}

/* tcp_send_active_reset(sk, reason), or (sk, gfp, reason), in 6.1 (sk, gfp): of our own accord */
void tlc_causes_on_send_active_reset(struct pt_regs *regs)
{
	rst_out(ARG(regs, 0, struct sock *), tlc_compat_active_rst_reason(regs));
}

/*
 * tcp_v4_send_reset(sk, skb, reason), the last not in 6.1: in answer to a segment.
 * A segment that no connection wants comes with no socket, or with a listener.
 */
void tlc_causes_on_send_reset(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (!sk || (1 << sk->sk_state) & (TCPF_LISTEN | TCPF_NEW_SYN_RECV) ||
	    tcp_hdr(ARG(regs, 1, struct sk_buff *))->rst)
		return;
	rst_out(sk, tlc_compat_rst_reason(ARG(regs, 2, unsigned long)));
}

/* tcp_shutdown(sk, how): sends a FIN from these states only */
void tlc_causes_on_shutdown(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);

	if (ARG(regs, 1, int) & SEND_SHUTDOWN &&
	    (1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_CLOSE_WAIT))
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
	if (!sk->sk_socket)
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
