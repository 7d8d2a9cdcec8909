// SPDX-License-Identifier: GPL-2.0
/*
 * listening.c: the handlers of listen().
 *
 * Owns: telling a listen() that succeeds from one that fails, or comes again.
 * Called by: probe.c, as the handlers in hooks.c, which has the table; in the
 * context of the process that calls listen().
 * Must not: allocate, sleep, print, or decide what an event means.
 */
#include <linux/net.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "compat.h"
#include "handler.h"

static void listens(struct sock *sk)
{
	struct tlc_event ev = EVENT(LISTEN);

	if (sk->sk_state != TCP_LISTEN || !is_tcp(sk))
		return;
	ev.from = S(CLOSED);
	ev.to = S(LISTEN);
	ev.backlog = READ_ONCE(sk->sk_max_ack_backlog);
	tlc_sock_read_owner(&ev.owner);
	deliver(&ev, sk);
}

/* inet_hash(sk), inet6_hash(sk): the last step of listen() that can fail */
void tlc_listening_on_hash(struct pt_regs *regs)
{
	listens(ARG(regs, 0, struct sock *));
}

/*
 * inet_sk_set_state(sk, state): listen() failed, at that step or before.  A child
 * comes here as well, a copy of its listener that is about to be something else.
 */
void tlc_listening_on_set_state(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct tlc_event ev __uninitialized;

	if (ARG(regs, 1, int) != TCP_CLOSE || sk->sk_state != TCP_LISTEN || !is_tcp(sk))
		return;
	/*
	 * It may not have come to that step.  If it has, this is ignored, but where
	 * there was no room for a record: there it is counted twice.
	 */
	listens(sk);
	begin_event(&ev, TLC_EVENT_LISTEN_FAILED);
	ev.from = S(LISTEN);
	ev.to = S(CLOSED);
	deliver(&ev, sk);
}

/* inet_listen(sock, backlog): of a socket that listens already */
void tlc_listening_on_listen(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct socket *)->sk;
	struct tlc_event ev = EVENT(BACKLOG);

	if (sk->sk_state != TCP_LISTEN || !is_tcp(sk))
		return;
	ev.backlog = ARG(regs, 1, int);
	deliver(&ev, sk);
}
