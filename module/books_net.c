// SPDX-License-Identifier: GPL-2.0
/*
 * books_net.c: the books of each network namespace.
 *
 * Owns: their storage, and a number for each.  The kernel's SNMP counters are those
 * of a namespace, so what is held against them has to be.
 * Called by: main.c in process context; handlers and netlink to find them.
 * Must not: know what is counted.
 */
#include "books_net.h"

#include <net/net_namespace.h>
#include <net/netns/generic.h>

struct books_net {
	struct tlc_books __percpu *books;
	u64 number;
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
	mine->books = alloc_percpu(struct tlc_books);
	return mine->books ? 0 : -ENOMEM;
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
