// SPDX-License-Identifier: GPL-2.0-only
/*
 * timers.c: the handlers of the timer paths.
 *
 * Owns: telling a fire that does something from one that finds nothing to do.
 * Called by: attach.c, as the handlers in hooks.c, which has the table.
 * Must not: allocate, sleep, print, or decide what a fire means.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/snmp.h>
#include <net/inet_connection_sock.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/handler.h"

/* The caller has the socket's lock: the counts are of one moment. */
static void read_volume(struct tlc_event *ev, const struct sock *sk)
{
	tlc_sock_read_volume(sk, &ev->tcp);
	ev->has_volume = true;
}

static void timer(struct sock *sk, u8 cause, u8 nth, u8 limit)
{
	struct tlc_event ev __uninitialized;

	begin_event(&ev, TLC_EVENT_TIMER);
	ev.from = sk->sk_state;
	ev.cause = cause;
	ev.nth = nth;
	ev.limit = limit;
	read_volume(&ev, sk);
	deliver(&ev, sk);
}

/* The peer has shut its window since: to send again is to probe it. */
static bool window_shut(const struct sock *sk)
{
	return !tcp_sk(sk)->snd_wnd && !sock_flag(sk, SOCK_DEAD) &&
	       !((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) &&
	       !rcu_access_pointer(tcp_sk(sk)->fastopen_rsk);
}

/* tcp_retransmit_timer(sk) */
void tlc_timers_on_retransmit(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct tlc_event ev = EVENT(TIMER);

	if (!tp->packets_out && !rcu_access_pointer(tp->fastopen_rsk))
		return;
	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		ev.cause = C(TIMER_RTO_SYN);
	else if ((1 << sk->sk_state) &
		 (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK) &&
		 tp->snd_una + 1 == tp->write_seq)
		ev.cause = C(TIMER_RTO_FIN);
	else
		ev.cause = C(TIMER_RTO_DATA);
	ev.from = sk->sk_state;
	ev.timeout = !window_shut(sk);
	read_volume(&ev, sk);
	deliver(&ev, sk);
}

/* reqsk_timer_handler(t) */
void tlc_timers_on_request_timer(struct pt_regs *regs)
{
	struct timer_list *t = ARG(regs, 0, struct timer_list *);
	struct request_sock *req = container_of(t, struct request_sock, rsk_timer);
	struct tlc_event ev = EVENT(TIMER);

	if (!is_tcp(req->rsk_listener))
		return;
	ev.from = S(NEW_SYN_RECV);
	ev.cause = C(TIMER_SYN_ACK);
	/* One whose listener has closed is ended without a look at it. */
	ev.timeout = req->rsk_listener->sk_state == TCP_LISTEN;
	deliver_request(&ev, req);
}

/* tcp_delack_timer_handler(sk): often called, with nothing to do */
void tlc_timers_on_delack(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (!(icsk->icsk_ack.pending & ICSK_ACK_TIMER) ||
	    !(icsk->icsk_ack.pending & ICSK_ACK_SCHED) ||
	    (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN) ||
	    tcp_sk(sk)->compressed_ack ||
	    time_after(tlc_compat_delack_due(icsk), jiffies))
		return;
	timer(sk, C(TIMER_DELAYED_ACK), 0, 0);
}

/*
 * Does the peer's window take in what is next to go?  Then it is not for the window
 * that it has not gone, with nothing in flight: this host could not send it, or held
 * it back (TCP_CORK).  As tcp_snd_wnd_test().
 */
static bool window_has_room(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *next = tcp_send_head(sk);

	return next && !tp->packets_out &&
	       !after(TCP_SKB_CB(next)->seq + min(next->len, tp->mss_cache), tcp_wnd_end(tp));
}

/* tcp_write_wakeup(sk, mib): the probe of two timers */
void tlc_timers_on_write_wakeup(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	u8 nth = min(inet_csk(sk)->icsk_probes_out + 1, 255);

	switch (ARG(regs, 1, int)) {
	case LINUX_MIB_TCPKEEPALIVE:
		timer(sk, C(TIMER_KEEPALIVE), nth,
		      min(keepalive_probes(tcp_sk(sk)), 255));
		break;
	case LINUX_MIB_TCPWINPROBE:
		timer(sk, window_has_room(sk) ? C(TIMER_UNSENT) : C(TIMER_PROBE), nth, 0);
		break;
	}
}

/* tcp_keepalive_timer(t): also the timer of an orphan in FIN_WAIT_2 */
void tlc_timers_on_keepalive(struct pt_regs *regs)
{
	struct sock *sk = tlc_compat_keepalive_sock(ARG(regs, 0, struct timer_list *));

	/* The lock is not taken yet: other flags in the word may be on their way. */
	const bool orphan = data_race(sock_flag(sk, SOCK_DEAD));

	/*
	 * Else it comes back later, or a probe is what it does.  Counts are left to what
	 * it does here, an RST or a timewait socket: they are told with the lock held.
	 */
	if (!tlc_sock_is_owned(sk) && sk->sk_state == TCP_FIN_WAIT2 && orphan) {
		struct tlc_event ev = EVENT(TIMER);

		ev.from = S(FIN_WAIT_2);
		ev.cause = C(TIMER_FIN_WAIT_2);
		deliver(&ev, sk);
	}
}

/* tcp_send_loss_probe(sk) */
void tlc_timers_on_loss_probe(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	const struct sk_buff *last;

	/* One probe is under way already: this fire only rearms. */
	if (tcp_sk(sk)->tlp_high_seq)
		return;
	last = skb_rb_last(&sk->tcp_rtx_queue);
	/*
	 * What was never sent goes first, else the last that was; unless the device
	 * has not sent that yet.  Over loopback it may be the peer's receive queue
	 * that has the clone, and writes there whose it is: the kernel, which asks
	 * the same of it in skb_still_in_host_queue(), takes it as it finds it, too.
	 */
	if (tcp_send_head(sk) || (last && !data_race(skb_fclone_busy(sk, last))))
		timer(sk, C(TIMER_LOSS_PROBE), 0, 0);
}

/* tcp_rack_reo_timeout(sk) */
void tlc_timers_on_reordering(struct pt_regs *regs)
{
	timer(ARG(regs, 0, struct sock *), C(TIMER_REORDERING), 0, 0);
}
