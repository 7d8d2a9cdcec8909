/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * books.h: the module's counts of what the kernel counts in its SNMP counters.
 *
 * Owns: struct tlc_books, and which event moves which counter.
 * Called by: conn.c in handler context, under the lock of the record's chain.
 * Pure.
 * Must not: count what did not get onto a record: a difference from the kernel's
 * own counters is how a loss shows.
 */
#ifndef TLC_BOOKS_H
#define TLC_BOOKS_H

#include <linux/bits.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include "life/record.h"

/**
 * enum tlc_book - counters, each as docs/balance.md defines it
 * @TLC_BOOK_ACTIVE_OPENS: ActiveOpens
 * @TLC_BOOK_PASSIVE_OPENS: PassiveOpens
 * @TLC_BOOK_ATTEMPT_FAILS: AttemptFails
 * @TLC_BOOK_ESTAB_RESETS: EstabResets
 * @TLC_BOOK_TW: TW
 * @TLC_BOOK_TW_KILLED: TWKilled
 * @TLC_BOOK_TW_RECYCLED: TWRecycled
 * @TLC_BOOK_TW_OVERFLOW: TCPTimeWaitOverflow
 * @TLC_BOOK_LISTEN_OVERFLOWS: ListenOverflows
 * @TLC_BOOK_COOKIES_SENT: SyncookiesSent
 * @TLC_BOOK_COOKIES_VALID: SyncookiesRecv
 * @TLC_BOOK_TIMEOUTS: TCPTimeouts
 * @TLC_BOOK_KEEPALIVES: TCPKeepAlive
 * @TLC_BOOK_DEFER_ACCEPT_DROPS: TCPDeferAcceptDrop
 * @TLC_BOOK_MAX: how many
 */
enum tlc_book {
	TLC_BOOK_ACTIVE_OPENS,
	TLC_BOOK_PASSIVE_OPENS,
	TLC_BOOK_ATTEMPT_FAILS,
	TLC_BOOK_ESTAB_RESETS,
	TLC_BOOK_TW,
	TLC_BOOK_TW_KILLED,
	TLC_BOOK_TW_RECYCLED,
	TLC_BOOK_TW_OVERFLOW,
	TLC_BOOK_LISTEN_OVERFLOWS,
	TLC_BOOK_COOKIES_SENT,
	TLC_BOOK_COOKIES_VALID,
	TLC_BOOK_TIMEOUTS,
	TLC_BOOK_KEEPALIVES,
	TLC_BOOK_DEFER_ACCEPT_DROPS,
	TLC_BOOK_MAX
};

/*
 * Kinds of events that may move a counter; of STATE only those to CLOSED do, of HINT
 * those that are booked.
 */
#define TLC_BOOKS_KINDS	(BIT(TLC_EVENT_STATE) | BIT(TLC_EVENT_CONNECT) |	\
			 BIT(TLC_EVENT_CHILD) | BIT(TLC_EVENT_REQUEST_DROP) |	\
			 BIT(TLC_EVENT_TW_ARM) | BIT(TLC_EVENT_TW_EXPIRE) |	\
			 BIT(TLC_EVENT_TW_END) | BIT(TLC_EVENT_ACK_DEFERRED) |	\
			 BIT(TLC_EVENT_TIMER) | BIT(TLC_EVENT_LISTENER_COUNT) |	\
			 BIT(TLC_EVENT_MIGRATED))

#define TLC_BOOKS_EACH	2	/* entries one event can make */

/**
 * struct tlc_books - one CPU's counts for one network namespace
 * @count: by enum tlc_book
 */
struct tlc_books {
	u64 count[TLC_BOOK_MAX];
};

/**
 * tlc_books_concern() - may an event move a counter?
 * @ev: event
 *
 * Most do not, and are spared the way to the books of their namespace.
 *
 * Context: any.
 */
static inline bool tlc_books_concern(const struct tlc_event *ev)
{
	if (ev->kind == TLC_EVENT_STATE)
		return ev->to == TCP_LIFECYCLE_STATE_CLOSED;
	if (ev->kind == TLC_EVENT_HINT)
		return ev->booked;
	return BIT(ev->kind) & TLC_BOOKS_KINDS;
}

unsigned int tlc_books_of(const struct tlc_record *rec, const struct tlc_event *ev,
			  u8 book[TLC_BOOKS_EACH]);
void tlc_books_take(struct tlc_books __percpu *books, const struct tlc_record *rec,
		    const struct tlc_event *ev);
void tlc_books_total(const struct tlc_books __percpu *books, struct tlc_books *total);

#endif /* TLC_BOOKS_H */
