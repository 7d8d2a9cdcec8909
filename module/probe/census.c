// SPDX-License-Identifier: GPL-2.0-only
/*
 * census.c: all TCP sockets there are.
 *
 * Owns: the walk through the kernel's hash tables.  At load each socket that is
 * older than the module begins a record.  Later, now and then, each record
 * whose socket is nowhere any more is ended: the hit that would have told of its
 * end never came.
 * Called by: main.c and a work of its own, in process context, with all hooks
 * live: what changes while the walk is under way a handler tells.
 * Must not: sleep with a socket in hand, or take a socket's lock: a process may
 * hold it for as long as it likes.
 *
 * A socket stays in its table, and thus in being, while the lock of its chain
 * is held.  Whatever a handler says of it meanwhile is delivered before or after
 * what is said here: if before, there is a record, and that knows better.
 */
#include "probe/census.h"

#include <linux/bitmap.h>
#include <linux/kcsan-checks.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/inet_hashtables.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include "compat.h"
#include "life/mss.h"
#include "probe/attach.h"
#include "probe/handler.h"
#include "table/newcomer.h"
#include "table/pool.h"

/*
 * Seconds for which nothing was told of a record before it is missed.  There are
 * sockets in no table that is looked at: for an instant between the first event and
 * the place in a table, or between two tables; and for as long as it takes to take
 * down a namespace with tables of its own (net.ipv4.tcp_child_ehash_entries), which
 * nobody can hold by then.
 */
#define QUIET		60
/* Seconds between two censuses, if no hit was missed that anybody counted. */
#define INTERVAL	600
/* Of all time at most one part in so many is spent on it, however many are missed. */
#define SHARE		200

/*
 * At load, as there may be more timewait sockets than records, and little happens
 * to them: they come last, and may have half of the pool.  The others are met as
 * they end.
 */
enum pass { ALL, SOCKETS, TIMEWAIT };

/* Called with interrupts off, as a handler is. */
typedef void (*visit_fn)(struct sock *sk);

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
	/* The listener is not locked; before 7.3 the kernel writes it unmarked */
	ev.mss.user = data_race(tcp_sk(req->rsk_listener)->rx_opt.user_mss);
	deliver_request(&ev, req);
}

static void take_timewait(struct inet_timewait_sock *tw)
{
	const struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	struct tlc_event ev = EVENT(FOUND);

	ev.from = READ_ONCE(tw->tw_substate);
	ev.peer_isn = READ_ONCE(tcptw->tw_rcv_nxt);
	ev.ack = tcptw->tw_snd_nxt;
	deliver_timewait(&ev, tw);
}

/* Did a child in this namespace ever come of a SYN cookie? */
static bool took_cookies(const struct net *net)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (READ_ONCE(per_cpu_ptr(net->mib.net_statistics,
					  cpu)->mibs[LINUX_MIB_SYNCOOKIESRECV]))
			return true;
	return false;
}

static void take_socket(struct sock *sk)
{
	struct tlc_event ev = EVENT(FOUND);

	ev.from = READ_ONCE(sk->sk_state);
	/* A handler was told already. */
	if (ev.from == S(CLOSED))
		return;
	/* Its lock may be a process's for long: each number is one it had, if not all at once. */
	kcsan_disable_current();
	tlc_sock_read_tcp(sk, &ev.tcp);
	tlc_sock_read_mss(sk, &ev.mss);
	tlc_sock_read_agreed(sk, &ev);
	ev.first = tlc_sock_counts_syn(sk);
	ev.cookies = !ev.first && tlc_mss_fits_cookie(ev.mss.clamp) && took_cookies(sock_net(sk));
	kcsan_enable_current();
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

static bool is_of(const struct sock *sk, enum pass pass)
{
	return pass == ALL || (pass == TIMEWAIT) == (sk->sk_state == TCP_TIME_WAIT);
}

static unsigned int visit_chain(struct hlist_nulls_head *head, enum pass pass,
				visit_fn visit)
{
	struct hlist_nulls_node *node;
	unsigned long flags;
	unsigned int n = 0;
	struct sock *sk;

	rcu_read_lock();	/* for routes */
	sk_nulls_for_each(sk, node, head) {
		if (!is_of(sk, pass))
			continue;
		local_irq_save(flags);
		visit(sk);
		local_irq_restore(flags);
		n++;
	}
	rcu_read_unlock();
	return n;
}

static bool half_full(void)
{
	struct tlc_usage usage = tlc_usage();

	return usage.live >= usage.capacity / 2;
}

/* What is under way is not to be finished: the module leaves. */
static bool stopping;

static unsigned int visit_connections(struct inet_hashinfo *tables, enum pass pass,
				      visit_fn visit)
{
	struct hlist_nulls_head *head;
	unsigned int i, n = 0;
	spinlock_t *lock;	/* of the chain */

	for (i = 0; i <= tables->ehash_mask && !READ_ONCE(stopping); i++) {
		/*
		 * Of empty ones, too: there may be 16 million in each namespace.  And
		 * nobody's probe is optimized, or freed, while a task does not let go.
		 */
		cond_resched_tasks_rcu_qs();
		head = &tables->ehash[i].chain;
		if (hlist_nulls_empty(head))
			continue;
		if (pass == TIMEWAIT && half_full())
			break;
		lock = inet_ehash_lockp(tables, i);
		spin_lock_bh(lock);
		n += visit_chain(head, pass, visit);
		spin_unlock_bh(lock);
	}
	return n;
}

/*
 * All network namespaces have their listeners in one table.  Softirqs stay on, as
 * wherever the kernel takes this lock: see inet_unhash() about PREEMPT_RT.
 */
static unsigned int visit_listeners(visit_fn visit)
{
	struct inet_hashinfo *tables = tables_of(&init_net);
	struct inet_listen_hashbucket *bucket;
	unsigned int i, n = 0;

	for (i = 0; (bucket = tlc_compat_listeners(tables, i)); i++) {
		if (hlist_nulls_empty(&bucket->nulls_head))
			continue;
		spin_lock(&bucket->lock);
		n += visit_chain(&bucket->nulls_head, ALL, visit);
		spin_unlock(&bucket->lock);
		cond_resched();
	}
	return n;
}

/*
 * The next namespace in the list that has a table of its own, held in place of @last.
 * To hold net_rwsem while tables are walked would keep all others from making
 * namespaces; and who is held keeps his place, see cleanup_net().
 */
static struct net *next_with_own_tables(struct net *last)
{
	struct net *net = last, *next = NULL;

	down_read(&net_rwsem);
	list_for_each_entry_continue(net, &net_namespace_list, list) {
		if (tables_of(net) != tables_of(&init_net) && maybe_get_net(net)) {
			next = net;
			break;
		}
	}
	up_read(&net_rwsem);
	put_net(last);
	return next;
}

static u64 buckets_of(const struct net *net)
{
	return (u64)tables_of(net)->ehash_mask + 1;
}

static u64 own_buckets(void)
{
	struct net *net;
	u64 n = 0;

	down_read(&net_rwsem);
	for_each_net(net)
		if (tables_of(net) != tables_of(&init_net))
			n += buckets_of(net);
	up_read(&net_rwsem);
	return n;
}

/*
 * The first namespace's table, which most others share, then those of others' own.
 * Of these as many buckets as there are now: who went on making namespaces would keep
 * this busy for ever.  Theirs are the last in the list, and nothing is older there
 * than this walk, so that it would neither be missed nor taken for quiet.
 */
static unsigned int visit_all_connections(enum pass pass, visit_fn visit)
{
	struct net *net = get_net(&init_net);
	u64 left = own_buckets();
	unsigned int n;

	n = visit_connections(tables_of(net), pass, visit);
	while ((net = next_with_own_tables(net)) && buckets_of(net) <= left) {
		left -= buckets_of(net);
		n += visit_connections(tables_of(net), pass, visit);
	}
	if (net)
		put_net(net);
	return n;
}

/**
 * tlc_census_take() - begin records of all sockets there are
 *
 * Context: process, may sleep; all hooks are live.
 * Return: sockets met; not each need have got a record.
 */
unsigned int tlc_census_take(void)
{
	/*
	 * A change of state that passed its hook before that was live, and is
	 * not done yet, would be lost: wait until there is none.  Until then
	 * only what begins has a record.
	 */
	synchronize_rcu_tasks();
	tlc_newcomer_meet_older(true);

	return visit_listeners(take) + visit_all_connections(SOCKETS, take) +
	       visit_all_connections(TIMEWAIT, take);
}

/* Slots whose sockets the census that is under way has come across. */
static unsigned long *seen;
static unsigned int nr_seen;

static void see(struct sock *sk)
{
	struct tlc_event ev __uninitialized;
	int slot;

	tlc_event_begin(&ev, TLC_EVENT_FOUND, 0);
	ev.cookie = atomic64_read(&sk->sk_cookie);
	/* Without one no handler has met it. */
	if (!ev.cookie)
		return;
	ev.timewait = sk->sk_state == TCP_TIME_WAIT;
	/* Only timewait sockets are asked who they are. */
	slot = tlc_conn_slot(&ev, tlc_sock_ident_timewait, sk);
	/* A slot that came into use meanwhile has a record that is not quiet. */
	if (slot >= 0 && slot < nr_seen)
		__set_bit(slot, seen);
}

/* The time is taken as in a handler: the feed relies on it that the event follows at once. */
static void end_gone(unsigned int slot, u64 quiet_since)
{
	struct tlc_event ev __uninitialized;
	unsigned long flags;

	local_irq_save(flags);
	begin_event(&ev, TLC_EVENT_GONE);
	tlc_conn_end_unseen(slot, quiet_since, &ev);
	local_irq_restore(flags);
}

/* False: there is no memory for it now. */
static bool end_the_gone(void)
{
	const u64 quiet_since = ktime_get_boottime_ns() - QUIET * NSEC_PER_SEC;
	unsigned int slot;

	nr_seen = tlc_pool_slots();
	seen = kvcalloc(BITS_TO_LONGS(nr_seen), sizeof(*seen), GFP_KERNEL | __GFP_NOWARN);
	if (!seen)
		return false;
	visit_listeners(see);
	visit_all_connections(ALL, see);
	for_each_clear_bit(slot, seen, nr_seen) {
		if (READ_ONCE(stopping))	/* so not all that is there was seen */
			break;
		if (tlc_conn_lives(slot))
			end_gone(slot, quiet_since);
		cond_resched();
	}
	kvfree(seen);
	seen = NULL;
	return true;
}

static struct workqueue_struct *queue;

static void census(struct work_struct *work);
static DECLARE_DELAYED_WORK(census_work, census);

/* What is known of the last one; the work's alone once it runs. */
static struct {
	unsigned long at;	/* jiffies */
	u64 missed;		/* hits, of which it has found what they left behind */
	u64 missed_lately;	/* as of QUIET ago: what these left is quiet by now */
} last;

static bool is_due(void)
{
	return last.missed_lately != last.missed ||
	       time_after_eq(jiffies, last.at + INTERVAL * HZ);
}

static void census(struct work_struct *work)
{
	const unsigned long begun = jiffies;

	if (is_due() && end_the_gone()) {
		last.missed = last.missed_lately;
		last.at = begun;
	}
	last.missed_lately = tlc_probe_missed();
	queue_delayed_work(queue, &census_work,
			   max_t(unsigned long, QUIET * HZ, SHARE * (jiffies - begun)));
}

/**
 * tlc_census_start() - take one now and then
 *
 * A hit that the kernel could not deliver leaves a record behind whose socket is
 * gone, and the counts of such hits say when to look.  Where hits go missing and
 * nobody counts (see attach.c), it is found after INTERVAL.
 *
 * Context: process; all hooks are live.
 * Return: 0 or -ENOMEM.
 */
int tlc_census_start(void)
{
	/* Of its own: a table of a million sockets takes its time. */
	queue = alloc_workqueue("tcp_lifecycle_census", WQ_UNBOUND, 1);
	if (!queue)
		return -ENOMEM;
	last.at = jiffies;
	last.missed = 0;
	last.missed_lately = 0;
	queue_delayed_work(queue, &census_work, QUIET * HZ);
	return 0;
}

/**
 * tlc_census_stop() - never again
 *
 * Context: process, may sleep.
 */
void tlc_census_stop(void)
{
	WRITE_ONCE(stopping, true);
	cancel_delayed_work_sync(&census_work);
	destroy_workqueue(queue);
}
