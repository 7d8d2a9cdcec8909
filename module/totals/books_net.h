/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_BOOKS_NET_H
#define TLC_BOOKS_NET_H

#include "totals/books.h"

struct net;

/**
 * struct tlc_books_state - the books of a namespace
 * @total: what was counted since @since
 * @kernel: if @older: the kernel's counters then; else they were 0
 * @since: boot time, ns
 * @older: the namespace is older than the module
 * @moved: the kernel's counters kept changing then: a few may be on one side only
 */
struct tlc_books_state {
	struct tlc_books total;
	struct tlc_books kernel;
	u64 since;
	bool older;
	bool moved;
};

struct tlc_books __percpu *tlc_books_net(const struct net *net);
u64 tlc_books_net_number(const struct net *net);
void tlc_books_net_state(const struct net *net, struct tlc_books_state *state);
int tlc_books_net_init(void);
void tlc_books_net_start(void);
void tlc_books_net_exit(void);

#endif /* TLC_BOOKS_NET_H */
