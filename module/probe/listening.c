// SPDX-License-Identifier: GPL-2.0-only
/*
 * listening.c: the handlers of listen(), accept(), and of what another listener takes over.
 *
 * Owns: telling a listen() that succeeds from one that fails, or comes again; who
 * accepts, and where.
 * Called by: attach.c, as the handlers in hooks.c, which has the table; listen()
 * and accept() in the context of the process that calls them.
 * Must not: allocate, sleep, print, or decide what an event means.
 */
#include <linux/net.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "compat.h"
#include "probe/handler.h"

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

static void listens_again(struct sock *sk, u32 backlog)
{
	struct tlc_event ev = EVENT(BACKLOG);

	if (sk->sk_state != TCP_LISTEN || !is_tcp(sk))
		return;
	ev.backlog = backlog;
	deliver(&ev, sk);
}

/* inet_listen(sock, backlog): of a socket that listens already */
void tlc_listening_on_listen(struct pt_regs *regs)
{
	listens_again(ARG(regs, 0, struct socket *)->sk, ARG(regs, 1, int));
}

/*
 * __inet_listen_sk(sk, backlog): where MPTCP comes by, for its subflow.  inet_listen()
 * does, too, unless the compiler has it inlined there: to be told twice is no harm.
 */
void __maybe_unused tlc_listening_on_listen_sk(struct pt_regs *regs)
{
	listens_again(ARG(regs, 0, struct sock *), ARG(regs, 1, int));
}

/* security_sock_graft(sk, parent): accept() gives the child a file */
void tlc_listening_on_accept(struct pt_regs *regs)
{
	struct sock *sk = ARG(regs, 0, struct sock *);
	struct tlc_event ev __uninitialized;

	if ((sk->sk_family != AF_INET && sk->sk_family != AF_INET6) ||
	    sk->sk_type != SOCK_STREAM)
		return;
	if (!is_tcp(sk)) {
		if (sk->sk_protocol == IPPROTO_MPTCP)
			tlc_mptcp_accepted(sk);
		return;
	}
	begin_event(&ev, TLC_EVENT_ACCEPT);
	ev.from = sk->sk_state;
	tlc_sock_read_volume(sk, &ev.tcp);
	ev.has_volume = true;
	tlc_sock_read_owner(&ev.owner);
	ev.listener = deliver(&ev, sk);
	if (!ev.listener)
		return;
	ev.kind = TLC_EVENT_LISTENER_COUNT;
	ev.has_volume = false;
	ev.counter = TLC_COUNTER_ACCEPTED;
	ev.cookie = ev.listener;
	tlc_conn_deliver(&ev, tlc_sock_ident, sk, NULL);
}

/**
 * tlc_listening_migrated() - a closed listener's connection goes to another listener
 * @req: a request; or a child that waits for accept() is behind it
 * @listener: who has it now
 *
 * A request that is in the hash still is moved by its timer, which goes on with it there.
 *
 * Context: handler.
 */
void tlc_listening_migrated(struct request_sock *req, struct sock *listener)
{
	struct sock *sk = req->sk ?: req_to_sk(req);
	struct tlc_event ev = EVENT(MIGRATED);

	ev.timeout = !req->sk && !tlc_sock_is_unhashed(sk);
	ev.listener = tlc_sock_cookie(listener);
	if (req->sk)
		deliver(&ev, sk);
	else
		deliver_request(&ev, req);
}

/* inet_reqsk_clone(req, sk): for the other listener, and in the place of the first */
void __maybe_unused tlc_listening_on_migrate(struct pt_regs *regs)
{
	struct sock *listener = ARG(regs, 1, struct sock *);

	if (is_tcp(listener))
		tlc_listening_migrated(ARG(regs, 0, struct request_sock *), listener);
}
