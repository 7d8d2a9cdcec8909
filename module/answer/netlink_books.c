// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink_books.c: the books of the reader's network namespace.
 *
 * Owns: from enum tlc_book to attributes.
 * Called by: the kernel's genetlink in process context; who may ask it has
 * checked by the flags of the operation.
 * Must not: count.
 */
#include <linux/ktime.h>
#include <linux/math64.h>

#include "answer/netlink.h"
#include "compat.h"
#include "netlink_gen.h"
#include "totals/books_net.h"

#define BOOKS(name) TCP_LIFECYCLE_A_BOOKS_##name

static const int attrs[] = {
	[TLC_BOOK_ACTIVE_OPENS] = BOOKS(ACTIVE_OPENS),
	[TLC_BOOK_PASSIVE_OPENS] = BOOKS(PASSIVE_OPENS),
	[TLC_BOOK_ATTEMPT_FAILS] = BOOKS(ATTEMPT_FAILS),
	[TLC_BOOK_ESTAB_RESETS] = BOOKS(ESTAB_RESETS),
	[TLC_BOOK_TW] = BOOKS(TW),
	[TLC_BOOK_TW_KILLED] = BOOKS(TW_KILLED),
	[TLC_BOOK_TW_RECYCLED] = BOOKS(TW_RECYCLED),
	[TLC_BOOK_TW_OVERFLOW] = BOOKS(TW_OVERFLOW),
	[TLC_BOOK_LISTEN_OVERFLOWS] = BOOKS(LISTEN_OVERFLOWS),
	[TLC_BOOK_COOKIES_SENT] = BOOKS(COOKIES_SENT),
	[TLC_BOOK_COOKIES_VALID] = BOOKS(COOKIES_VALID),
	[TLC_BOOK_TIMEOUTS] = BOOKS(TIMEOUTS),
	[TLC_BOOK_KEEPALIVES] = BOOKS(KEEPALIVES),
	[TLC_BOOK_DEFER_ACCEPT_DROPS] = BOOKS(DEFER_ACCEPT_DROPS),
};

static_assert(ARRAY_SIZE(attrs) == TLC_BOOK_MAX);

/* Each takes 12 bytes, and 4 more where it has to be aligned; twice, and what else there is. */
#define BOOKS_SIZE	(2 * TLC_BOOK_MAX * 16 + 32)

static int put(struct sk_buff *skb, const struct tlc_books *books)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < TLC_BOOK_MAX; i++)
		err = nla_put_u64_64bit(skb, attrs[i], books->count[i], BOOKS(PAD));
	return err;
}

static int put_base(struct sk_buff *skb, const struct tlc_books_state *state)
{
	struct nlattr *nest;
	int err;

	if (!state->older)
		return 0;
	nest = nla_nest_start(skb, BOOKS(BASE));
	if (!nest)
		return -EMSGSIZE;
	err = put(skb, &state->kernel);
	nla_nest_end(skb, nest);
	return err ?: (state->moved ? nla_put_flag(skb, BOOKS(MOVED)) : 0);
}

int tcp_lifecycle_nl_books_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct tlc_books_state state;
	struct sk_buff *skb;
	u64 span;
	void *hdr;
	int err;

	skb = tlc_netlink_reply(info, BOOKS_SIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	/* The reader's socket holds the namespace: the books are there. */
	tlc_books_net_state(genl_info_net(info), &state);
	span = div_u64(ktime_get_boottime_ns() - state.since, NSEC_PER_USEC);
	err = put(skb, &state.total);
	err = err ?: nla_put_u64_64bit(skb, BOOKS(SPAN), span, BOOKS(PAD));
	err = err ?: put_base(skb, &state);
	return tlc_netlink_send(skb, hdr, err, info);
}
