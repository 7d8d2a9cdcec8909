// SPDX-License-Identifier: GPL-2.0
/*
 * books_net.c: the books of each network namespace.
 *
 * Owns: their storage.  The kernel's SNMP counters are those of a namespace, so
 * what is held against them has to be.
 * Called by: main.c in process context; handlers and netlink to find them.
 * Must not: know what is counted.
 */
#include "books_net.h"

#include <net/net_namespace.h>
#include <net/netns/generic.h>

static unsigned int net_id __read_mostly;

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
	struct tlc_books __percpu **slot;

	if (!check_net(net))
		return NULL;
	slot = net_generic(net, net_id);
	return *slot;
}

static int __net_init net_init(struct net *net)
{
	struct tlc_books __percpu **slot = net_generic(net, net_id);

	*slot = alloc_percpu(struct tlc_books);
	return *slot ? 0 : -ENOMEM;
}

static void __net_exit net_exit(struct net *net)
{
	struct tlc_books __percpu **slot = net_generic(net, net_id);

	free_percpu(*slot);
	*slot = NULL;
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct tlc_books __percpu *),
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
