// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_books.c: the books of the reader's network namespace.
 *
 * Owns: from enum tlc_book to attributes.
 * Called by: the kernel's genetlink in process context; who may ask it has
 * checked by the flags of the operation.
 * Must not: count.
 */
#include "books_net.h"
#include "compat.h"
#include "netlink.h"
#include "netlink_gen.h"

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
};

static_assert(ARRAY_SIZE(attrs) == TLC_BOOK_MAX);

/* Each takes 12 bytes, and 4 more where it has to be aligned. */
#define BOOKS_SIZE	(TLC_BOOK_MAX * 16)

int tcp_lifecycle_nl_books_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct tlc_books total;
	struct sk_buff *skb;
	unsigned int i;
	int err = 0;
	void *hdr;

	skb = tlc_netlink_reply(info, BOOKS_SIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	/* The reader's socket holds the namespace: the books are there. */
	tlc_books_total(tlc_books_net(genl_info_net(info)), &total);
	for (i = 0; !err && i < TLC_BOOK_MAX; i++)
		err = nla_put_u64_64bit(skb, attrs[i], total.count[i], BOOKS(PAD));
	return tlc_netlink_send(skb, hdr, err, info);
}
