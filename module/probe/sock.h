/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_SOCK_H
#define TLC_SOCK_H

#include <linux/skbuff.h>
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/sock.h>

#include "life/event.h"

u64 tlc_sock_assign_cookie(struct sock *sk);

/**
 * tlc_sock_cookie() - the socket's number, assigned if it has none yet
 * @sk: full, request or timewait socket
 *
 * Context: any.
 */
static inline u64 tlc_sock_cookie(struct sock *sk)
{
	u64 cookie = atomic64_read(&sk->sk_cookie);

	return likely(cookie) ? cookie : tlc_sock_assign_cookie(sk);
}

/**
 * tlc_sock_is_owned() - does a process hold the socket's lock?
 * @sk: full socket
 *
 * As sock_owned_by_user_nocheck(), but for this: since 7.3 lock_sock() compares lock
 * and owner in one, and so touches both where another CPU has the lock.
 *
 * Context: any; it may change at once unless the caller has the lock.
 */
static inline bool tlc_sock_is_owned(const struct sock *sk)
{
	return READ_ONCE(sk->sk_lock.owned);
}

/**
 * tlc_sock_is_unhashed() - is it in none of the kernel's tables?
 * @sk: socket of any kind
 *
 * As sk_unhashed(), for those without the bucket's lock: a neighbour that comes or
 * goes writes to it, too.
 *
 * Context: any.
 */
static inline bool tlc_sock_is_unhashed(const struct sock *sk)
{
	return hlist_unhashed_lockless(&sk->sk_node);
}

void tlc_sock_ident(const void *obj, struct tlc_ident *id);
void tlc_sock_ident_request(const void *obj, struct tlc_ident *id);
void tlc_sock_ident_timewait(const void *obj, struct tlc_ident *id);
void tlc_sock_read_volume(const struct sock *sk, struct tlc_tcp *out);
u32 tlc_sock_rst_seq(const struct sock *sk);
void tlc_sock_read_tcp(const struct sock *sk, struct tlc_tcp *out);
void tlc_sock_read_end(const struct sock *sk, struct tlc_tcp *out);
bool tlc_sock_counts_syn(const struct sock *sk);
void tlc_sock_read_agreed(const struct sock *sk, struct tlc_event *ev);
void tlc_sock_read_offered(const struct sock *sk, struct tlc_event *ev);
u16 tlc_sock_sent_fast_open(const struct sock *sk);
void tlc_sock_read_mss(const struct sock *sk, struct tlc_mss_facts *out);
void tlc_sock_read_mss_offer(const struct sock *sk, const struct dst_entry *dst,
			     struct tlc_mss_facts *out);
void tlc_sock_read_syn(const struct sk_buff *skb, struct tlc_synopts *out);
void tlc_sock_read_owner(struct tlc_owner *out);
void tlc_sock_read_process(struct tlc_owner *out);

#endif /* TLC_SOCK_H */
