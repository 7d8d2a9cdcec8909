// SPDX-License-Identifier: GPL-2.0-only
/*
 * timewait.c: the handlers of timewait sockets.
 *
 * Owns: telling a timewait socket that ran out from one that was ended.
 * Called by: attach.c, as the handlers in hooks.c, which has the table.
 * Must not: allocate, sleep, print, or decide what an end means.
 */
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/handler.h"

/* @timeo: jiffies; tw_substate is set already */
static void tw_arm(struct inet_timewait_sock *tw, int timeo, bool first)
{
	const struct tcp_timewait_sock *tcptw;
	struct tlc_event ev __uninitialized;

	if (!is_tcp_timewait(tw))
		return;
	begin_event(&ev, TLC_EVENT_TW_ARM);
	tcptw = tcp_twsk((struct sock *)tw);
	ev.first = first;
	ev.booked = first && !tlc_compat_tw_booked_late(tw, &ev.ms);
	ev.to = READ_ONCE(tw->tw_substate);
	ev.ms = jiffies_to_msecs(timeo);
	ev.peer_isn = READ_ONCE(tcptw->tw_rcv_nxt);
	ev.ack = tcptw->tw_snd_nxt;
	deliver_timewait(&ev, tw);
}

/* __inet_twsk_schedule(tw, timeo, rearm) */
void tlc_timewait_on_schedule(struct pt_regs *regs)
{
	bool first = !ARG_BOOL(regs, 2);

	if (first && tlc_compat_tw_hashdance())
		return;
	tw_arm(ARG(regs, 0, struct inet_timewait_sock *), ARG(regs, 1, int), first);
}

/*
 * inet_twsk_hashdance_schedule(tw, sk, hashinfo, timeo): nobody can find it yet,
 * so no restart and no end comes before this.
 */
void tlc_timewait_on_hashdance(struct pt_regs *regs)
{
	tw_arm(ARG(regs, 0, struct inet_timewait_sock *), ARG(regs, 3, int), true);
}

/* The timewait socket whose timer fired last on this CPU, by its cookie. */
static DEFINE_PER_CPU(u64, tw_fired);

/*
 * tw_timer_handler(t): calls inet_twsk_kill(), softirqs off from here to there, and
 * where they do not mask each other on PREEMPT_RT this is not probed.
 */
void tlc_timewait_on_timer(struct pt_regs *regs)
{
	struct timer_list *t = ARG(regs, 0, struct timer_list *);
	struct inet_timewait_sock *tw =
		container_of(t, struct inet_timewait_sock, tw_timer);

	__this_cpu_write(tw_fired, tlc_sock_cookie((struct sock *)tw));
}

/*
 * jiffies cannot tell: the timer wheel rounds up, by up to 2 s for a minute at 250
 * ticks a second, and all that time an RST may still come.
 */
static bool timer_fired(struct inet_timewait_sock *tw)
{
	int shut_down = tlc_compat_tw_shut_down(tw);

	if (shut_down >= 0)
		return !shut_down;
	return __this_cpu_read(tw_fired) == tlc_sock_cookie((struct sock *)tw);
}

/*
 * inet_twsk_kill(tw): the one end of every timewait socket, be it by its timer
 * or before.  Its callers cannot be probed instead: some have others inlined.
 */
void tlc_timewait_on_kill(struct pt_regs *regs)
{
	struct inet_timewait_sock *tw = ARG(regs, 0, struct inet_timewait_sock *);
	struct tlc_event ev __uninitialized;
	bool fired;

	if (!is_tcp_timewait(tw))
		return;
	begin_event(&ev, TLC_EVENT_TW_END);
	read_closer(&ev.owner);
	fired = timer_fired(tw);
	/*
	 * connect() has taken its place in the table already, and counted that: the
	 * timer may have been about to fire, or fires just now.
	 */
	if (tlc_sock_is_unhashed((struct sock *)tw))
		ev.cause = C(REUSED);
	else if (fired)
		ev.kind = TLC_EVENT_TW_EXPIRE;
	else if (!check_net(twsk_net(tw)))
		ev.cause = C(NETNS_GONE);
	if (fired)
		ev.booked = tlc_compat_tw_booked_late(tw, &ev.ms);
	ev.from = READ_ONCE(tw->tw_substate);
	ev.to = S(CLOSED);
	deliver_timewait(&ev, tw);
}
