// SPDX-License-Identifier: GPL-2.0
/*
 * existing.c: sockets that were there before the module.
 *
 * Owns: the walk through the kernel's hash tables, at load.
 * Called by: main.c in process context, with all hooks live: what changes while
 * the walk is under way a handler tells.
 * Must not: sleep with a socket in hand, or take a socket's lock: a process may
 * hold it for as long as it likes.
 *
 * A socket stays in its table, and thus in being, while the lock of its chain
 * is held.  Whatever a handler says of it meanwhile is delivered before or after
 * what is said here: if before, there is a record, and that knows better.
 */
#include "existing.h"

#include <linux/nsproxy.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <net/inet_hashtables.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include "compat.h"
#include "handler.h"
#include "newcomer.h"
#include "pool.h"

/*
 * There may be more timewait sockets than records, and little happens to them:
 * they come last, and may have half of the pool.  The others are met as they end.
 */
enum pass { SOCKETS, TIMEWAIT };

static struct inet_hashinfo *tables_of(const struct net *net)
{
	return net->ipv4.tcp_death_row.hashinfo;
}

static void take_listener(struct sock *sk)
{
	struct tlc_event ev = EVENT(FOUND);

	ev.from = S(LISTEN);
	ev.backlog = READ_ONCE(sk->sk_max_ack_backlog);
	deliver(&ev, sk);
}

static void take_request(struct request_sock *req)
{
	struct tlc_event ev = EVENT(FOUND);

	ev.from = S(NEW_SYN_RECV);
	ev.isn = tcp_rsk(req)->snt_isn;
	ev.peer_isn = tcp_rsk(req)->rcv_isn;
	ev.mss.clamp = req->mss;
	ev.listener = tlc_sock_cookie(req->rsk_listener);
	ev.mss.user = READ_ONCE(tcp_sk(req->rsk_listener)->rx_opt.user_mss);
	deliver_request(&ev, req);
}

static void take_timewait(struct inet_timewait_sock *tw)
{
	const struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	struct tlc_event ev = EVENT(FOUND);

	ev.from = READ_ONCE(tw->tw_substate);
	ev.peer_isn = tcptw->tw_rcv_nxt;
	ev.ack = tcptw->tw_snd_nxt;
	deliver_timewait(&ev, tw);
}

static void take_socket(struct sock *sk)
{
	struct tlc_event ev = EVENT(FOUND);

	ev.from = READ_ONCE(sk->sk_state);
	/* A handler was told already. */
	if (ev.from == S(CLOSED))
		return;
	tlc_sock_read_tcp(sk, &ev.tcp);
	tlc_sock_read_mss(sk, &ev.mss);
	tlc_sock_read_agreed(sk, &ev);
	ev.first = tlc_sock_counts_syn(sk);
	deliver(&ev, sk);
}

static void take(struct sock *sk)
{
	/* What goes with its namespace, or its listener, may have told it before. */
	if (!check_net(sock_net(sk)))
		return;
	switch (sk->sk_state) {
	case TCP_TIME_WAIT:
		take_timewait(inet_twsk(sk));
		break;
	case TCP_NEW_SYN_RECV:
		if (READ_ONCE(inet_reqsk(sk)->rsk_listener->sk_state) == TCP_LISTEN)
			take_request(inet_reqsk(sk));
		break;
	case TCP_LISTEN:
		take_listener(sk);
		break;
	default:
		take_socket(sk);
	}
}

static unsigned int take_chain(struct hlist_nulls_head *head, enum pass pass)
{
	struct hlist_nulls_node *node;
	unsigned long flags;
	unsigned int n = 0;
	struct sock *sk;

	rcu_read_lock();	/* for routes */
	sk_nulls_for_each(sk, node, head) {
		if (pass != (sk->sk_state == TCP_TIME_WAIT ? TIMEWAIT : SOCKETS))
			continue;
		/* As in a handler. */
		local_irq_save(flags);
		take(sk);
		local_irq_restore(flags);
		n++;
	}
	rcu_read_unlock();
	return n;
}

static bool half_full(void)
{
	struct tlc_usage usage = tlc_pool_usage();

	return usage.live >= usage.capacity / 2;
}

static unsigned int take_connections(struct inet_hashinfo *tables, enum pass pass)
{
	struct hlist_nulls_head *head;
	unsigned int i, n = 0;
	spinlock_t *lock;	/* of the chain */

	for (i = 0; i <= tables->ehash_mask; i++) {
		head = &tables->ehash[i].chain;
		if (hlist_nulls_empty(head))
			continue;
		if (pass == TIMEWAIT && half_full())
			break;
		lock = inet_ehash_lockp(tables, i);
		spin_lock_bh(lock);
		n += take_chain(head, pass);
		spin_unlock_bh(lock);
		cond_resched();
	}
	return n;
}

/*
 * All network namespaces have their listeners in one table.  Softirqs stay on, as
 * wherever the kernel takes this lock: see inet_unhash() about PREEMPT_RT.
 */
static unsigned int take_listeners(struct inet_hashinfo *tables)
{
	struct inet_listen_hashbucket *bucket;
	unsigned int i, n = 0;

	for (i = 0; (bucket = tlc_compat_listeners(tables, i)); i++) {
		if (hlist_nulls_empty(&bucket->nulls_head))
			continue;
		spin_lock(&bucket->lock);
		n += take_chain(&bucket->nulls_head, SOCKETS);
		spin_unlock(&bucket->lock);
		cond_resched();
	}
	return n;
}

static unsigned int take_all(enum pass pass)
{
	struct inet_hashinfo *shared = tables_of(&init_net);
	struct net *net;
	unsigned int n;

	n = take_connections(shared, pass);
	down_read(&net_rwsem);
	for_each_net(net)
		if (tables_of(net) != shared)
			n += take_connections(tables_of(net), pass);
	up_read(&net_rwsem);
	return n;
}

/**
 * tlc_existing_take() - begin records of all sockets there are
 *
 * Context: process, may sleep; all hooks are live.
 * Return: sockets met; not each need have got a record.
 */
unsigned int tlc_existing_take(void)
{
	/*
	 * A change of state that passed its hook before that was live, and is
	 * not done yet, would be lost: wait until there is none.  Until then
	 * only what begins has a record.
	 */
	synchronize_rcu_tasks();
	tlc_newcomer_meet_older(true);

	return take_listeners(tables_of(&init_net)) + take_all(SOCKETS) +
	       take_all(TIMEWAIT);
}
