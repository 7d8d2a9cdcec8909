/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_BOOKS_NET_H
#define TLC_BOOKS_NET_H

#include "books.h"

struct net;

struct tlc_books __percpu *tlc_books_net(const struct net *net);
u64 tlc_books_net_number(const struct net *net);
int tlc_books_net_init(void);
void tlc_books_net_exit(void);

#endif /* TLC_BOOKS_NET_H */
