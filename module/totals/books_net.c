// SPDX-License-Identifier: GPL-2.0-only
/*
 * books_net.c: the books of each network namespace.
 *
 * Owns: their storage, and a number for each; since when they run, and where the
 * kernel's counters were then.  Those are of a namespace, so what is compared with them
 * has to be.
 * Called by: main.c in process context; handlers and netlink to find them.
 * Must not: know what is counted.
 */
#include "totals/books_net.h"

#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "totals/snmp.h"

/* On a busy host there may be no moment in which nothing moves. */
#define TRIES	100

/**
 * struct books_net - the module's part of a namespace
 * @books: counts
 * @number: of the namespace, see tlc_books_net_number()
 * @begin: what is to be taken off; @begin.total is what @books had then
 */
struct books_net {
	struct tlc_books __percpu *books;
	u64 number;
	struct tlc_books_state begin;
};

static unsigned int net_id __read_mostly;
static atomic64_t last_number;

/**
 * tlc_books_net() - the books of a namespace
 * @net: namespace
 *
 * A timewait socket may outlive the module's part of its namespace; nobody is
 * left there who could read.  While check_net() says that someone is, a handler
 * is safe: cleanup_net() waits for RCU readers after the last one left, and
 * before net_exit().
 *
 * Context: process, or a handler, with preemption disabled.
 * Return: NULL if the namespace is going away.
 */
struct tlc_books __percpu *tlc_books_net(const struct net *net)
{
	const struct books_net *mine;

	if (!check_net(net))
		return NULL;
	mine = net_generic(net, net_id);
	return mine->books;
}

/**
 * tlc_books_net_number() - a number no other namespace has had since the load
 * @net: namespace
 *
 * For kernels whose own one is out of reach, see tlc_compat_net_cookie(); there
 * since the books are, and as safe to ask for.
 *
 * Context: process, or a handler.
 * Return: 0 if the namespace is going away.
 */
u64 tlc_books_net_number(const struct net *net)
{
	const struct books_net *mine;
	u64 number = 0;

	rcu_read_lock();
	if (check_net(net)) {
		mine = net_generic(net, net_id);
		number = mine->number;
	}
	rcu_read_unlock();
	return number;
}

static int __net_init net_init(struct net *net)
{
	struct books_net *mine = net_generic(net, net_id);

	mine->number = atomic64_inc_return(&last_number);
	mine->begin.since = ktime_get_boottime_ns();
	mine->books = alloc_percpu(struct tlc_books);
	return mine->books ? 0 : -ENOMEM;
}

/* @begin: filled with both sides, if it can be of a moment in which the kernel's do not change. */
static void begin(const struct net *net, const struct tlc_books __percpu *books,
		  struct tlc_books_state *begin)
{
	struct tlc_books after;
	int tries;

	begin->older = true;
	for (tries = 0; tries < TRIES; tries++) {
		tlc_snmp_read(net, &begin->kernel);
		tlc_books_total(books, &begin->total);
		begin->since = ktime_get_boottime_ns();
		tlc_snmp_read(net, &after);
		begin->moved = memcmp(&after, &begin->kernel, sizeof(after));
		if (!begin->moved)
			return;
		cond_resched();
	}
}

/**
 * tlc_books_net_start() - let the books of namespaces that are there already begin now
 *
 * Those that come later begin with the namespace, where the kernel's counters do.
 *
 * Context: process, may sleep; all that was there before has its records, and nobody
 * reads yet.
 */
void tlc_books_net_start(void)
{
	struct books_net *mine;
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net) {
		mine = net_generic(net, net_id);
		begin(net, mine->books, &mine->begin);
	}
	up_read(&net_rwsem);
}

/**
 * tlc_books_net_state() - what was counted in a namespace
 * @net: namespace, held by the reader
 * @state: filled
 *
 * Context: process.
 */
void tlc_books_net_state(const struct net *net, struct tlc_books_state *state)
{
	const struct books_net *mine = net_generic(net, net_id);
	unsigned int i;

	*state = mine->begin;
	tlc_books_total(mine->books, &state->total);
	for (i = 0; i < TLC_BOOK_MAX; i++)
		state->total.count[i] -= mine->begin.total.count[i];
}

static void __net_exit net_exit(struct net *net)
{
	struct books_net *mine = net_generic(net, net_id);

	free_percpu(mine->books);
	mine->books = NULL;
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct books_net),
};

/**
 * tlc_books_net_init() - open the books of every namespace, from 0
 *
 * Context: process; no handler runs yet.
 * Return: 0 or -ENOMEM.
 */
int tlc_books_net_init(void)
{
	return register_pernet_subsys(&net_ops);
}

/**
 * tlc_books_net_exit() - close them
 *
 * Context: process; nobody counts or reads any more.
 */
void tlc_books_net_exit(void)
{
	unregister_pernet_subsys(&net_ops);
}
