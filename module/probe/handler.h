/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * handler.h: what every handler is made of.
 *
 * Owns: getting at the arguments, beginning an event, handing it on.
 * Included by the files that hold handlers and by census.c, which does at load
 * what they do; and by nothing else.
 * Must not: allocate, sleep, print; these run in handlers.
 */
#ifndef TLC_HANDLER_H
#define TLC_HANDLER_H

#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/tcp.h>
#include <linux/timekeeping.h>
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/sock.h>

#include "probe/sock.h"
#include "table/conn.h"
#include "totals/books_net.h"

#define ARG(regs, n, type) ((type)regs_get_kernel_argument(regs, n))

/* As an argument, only the low byte of a bool is defined. */
#define ARG_BOOL(regs, n) ((bool)(u8)regs_get_kernel_argument(regs, n))

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/* For what is rare. */
#define EVENT(k) { .now = ktime_get_boottime_ns(), .kind = TLC_EVENT_##k }

/* For what each connection meets; @ev is __uninitialized. */
static inline void begin_event(struct tlc_event *ev, enum tlc_event_kind kind)
{
	tlc_event_begin(ev, kind, ktime_get_boottime_ns());
}

static inline struct tlc_books __percpu *books_for(const struct tlc_event *ev,
						   const struct net *net)
{
	return tlc_books_concern(ev) ? tlc_books_net(net) : NULL;
}

static inline void identify(struct tlc_event *ev, struct sock *sk)
{
	ev->cookie = atomic64_read(&sk->sk_cookie);
	if (likely(ev->cookie))
		return;
	ev->cookie = tlc_sock_assign_cookie(sk);
	ev->fresh = true;
}

static inline u64 deliver(struct tlc_event *ev, struct sock *sk)
{
	identify(ev, sk);
	return tlc_conn_deliver(ev, tlc_sock_ident, sk, books_for(ev, sock_net(sk)));
}

static inline u64 deliver_request(struct tlc_event *ev, struct request_sock *req)
{
	identify(ev, req_to_sk(req));
	return tlc_conn_deliver(ev, tlc_sock_ident_request, req,
				books_for(ev, sock_net(req_to_sk(req))));
}

static inline u64 deliver_timewait(struct tlc_event *ev, struct inet_timewait_sock *tw)
{
	identify(ev, (struct sock *)tw);
	ev->timewait = true;
	return tlc_conn_deliver(ev, tlc_sock_ident_timewait, tw,
				books_for(ev, twsk_net(tw)));
}

/*
 * Does a process run what was probed?  in_task() says of the handler itself: never,
 * where that is entered by a breakpoint which counts as an NMI (x86 off ftrace, by
 * exc_int3()).  Nothing that is probed runs in an NMI, so that level is the
 * probe's own, and what it adds is left out (__nmi_enter()).
 */
static inline bool in_process(void)
{
	unsigned int count = preempt_count();

	if (count & NMI_MASK)
		count -= NMI_OFFSET + HARDIRQ_OFFSET;
	return !(count & (NMI_MASK | HARDIRQ_MASK)) && !in_serving_softirq();
}

/*
 * The process that may be ending a connection; pid 0: there is none to be seen.  The last
 * close of a file is put off until its process leaves the kernel, and happens in its
 * context; what a kernel thread closes is somebody else's.
 */
static inline void read_closer(struct tlc_owner *out)
{
	if (in_process() && !(current->flags & PF_KTHREAD))
		tlc_sock_read_process(out);
	else
		out->pid = 0;
}

static inline bool is_tcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP;
}

/* The timewait code is shared with other protocols. */
static inline bool is_tcp_timewait(const struct inet_timewait_sock *tw)
{
	return tw->tw_dr == &twsk_net(tw)->ipv4.tcp_death_row;
}

void tlc_causes_hint(struct sock *sk, u8 cause, const struct tcphdr *th);
void tlc_causes_on_request_segment(struct pt_regs *regs);
void tlc_causes_on_tw_segment(struct pt_regs *regs);
void tlc_causes_on_reset(struct pt_regs *regs);
void tlc_causes_on_send_active_reset(struct pt_regs *regs);
void tlc_causes_on_send_reset(struct pt_regs *regs);
void tlc_causes_on_shutdown(struct pt_regs *regs);
void tlc_causes_on_disconnect(struct pt_regs *regs);
void tlc_causes_on_abort(struct pt_regs *regs);
void tlc_causes_on_request_error(struct pt_regs *regs);
void tlc_listening_on_hash(struct pt_regs *regs);
void tlc_listening_on_listen_sk(struct pt_regs *regs);
void tlc_listening_on_set_state(struct pt_regs *regs);
void tlc_listening_on_listen(struct pt_regs *regs);
void tlc_listening_on_accept(struct pt_regs *regs);
void tlc_listening_on_migrate(struct pt_regs *regs);
void tlc_listening_migrated(struct request_sock *req, struct sock *listener);
void tlc_timers_on_retransmit(struct pt_regs *regs);
void tlc_timers_on_request_timer(struct pt_regs *regs);
void tlc_timers_on_delack(struct pt_regs *regs);
void tlc_timers_on_write_wakeup(struct pt_regs *regs);
void tlc_timers_on_keepalive(struct pt_regs *regs);
void tlc_timers_on_loss_probe(struct pt_regs *regs);
void tlc_timers_on_reordering(struct pt_regs *regs);
bool tlc_mptcp_is_foreign(const struct sock *sk);
u8 tlc_mptcp_close_cause(const struct sock *sk);
u8 tlc_mptcp_reset_cause(const struct sock *sk, const struct pt_regs *regs, u8 reason);
bool tlc_mptcp_is_fastclose(const struct sk_buff *skb);
bool tlc_mptcp_is_offered(const struct sock *ssk);
void tlc_mptcp_connects(struct sock *ssk);
void tlc_mptcp_queued(struct sock *ssk);
void tlc_mptcp_established(struct sock *ssk);
void tlc_mptcp_on_token(struct pt_regs *regs);
void tlc_mptcp_accepted(struct sock *msk);
void tlc_mptcp_fastclosed(struct sock *sk, u8 cause);
void tlc_mptcp_on_event(struct pt_regs *regs);
void tlc_mptcp_on_close(struct pt_regs *regs);
void tlc_mptcp_on_shutdown(struct pt_regs *regs);
void tlc_timewait_on_schedule(struct pt_regs *regs);
void tlc_timewait_on_hashdance(struct pt_regs *regs);
void tlc_timewait_on_timer(struct pt_regs *regs);
void tlc_timewait_on_kill(struct pt_regs *regs);

#endif /* TLC_HANDLER_H */
