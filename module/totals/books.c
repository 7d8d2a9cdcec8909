// SPDX-License-Identifier: GPL-2.0-only
/*
 * books.c: which event moves which of the kernel's SNMP counters.
 *
 * Owns: the mapping, in the order of the life of a connection; docs/balance.md
 * has it in words, with what the two sides define differently.
 * Called by: conn.c, see books.h.  Pure.
 * Must not: look at a socket; what the kernel decides by, the event brings.
 *
 * The functions named are those that count, in 6.1 and later.
 */
#include "totals/books.h"

#include <linux/cpumask.h>
#include <linux/string.h>

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define CLOSE(name) TCP_LIFECYCLE_CLOSE_##name
#define BOOK(name) TLC_BOOK_##name

/* __inet_twsk_schedule(): shorter ones are "killed" from the start. */
#define TW_KILLED_MS	4000

struct entries {
	unsigned int nr;
	u8 *book;
};

static void add(struct entries *e, enum tlc_book book)
{
	e->book[e->nr++] = book;
}

/*
 * tcp_create_openreq_child(), also where two ACKs race and one child is in vain.
 * An ordinary child is told as such; that one of them stands in the accept
 * queue says nothing new.
 */
static void child(struct entries *e, const struct tlc_record *rec,
		  const struct tlc_event *ev)
{
	if (!ev->first || rec->open != TCP_LIFECYCLE_OPEN_PASSIVE)
		add(e, BOOK(PASSIVE_OPENS));
}

/*
 * tcp_done() counts by the state it finds.  Others that set CLOSED do not:
 * connect() that fails, close(), tcp_disconnect().  They leave no error in the
 * socket, or not yet; what IP_RECVERR left in an accepted Fast Open child is none of
 * theirs.  A child without its place in the hash, which is ended by tcp_done() too,
 * has none either; nor has a subflow that MPTCP resets.
 */
static bool by_tcp_done(const struct tlc_record *rec, const struct tlc_event *ev)
{
	switch (rec->close) {
	case CLOSE(RST_UNREAD):
	case CLOSE(RST_LINGER):
	case CLOSE(DISCONNECTED):
		return false;
	case CLOSE(SUBFLOW_RESET):
		return true;
	}
	return ev->tcp.error || (ev->from == S(SYN_RECV) && ev->tcp.unhashed);
}

static void closed(struct entries *e, const struct tlc_record *rec,
		   const struct tlc_event *ev)
{
	/* tcp_check_req() has counted the RST already; in SYN_RECV tcp_done() will, too. */
	if (rec->close == CLOSE(REQUEST_RESET))
		add(e, BOOK(ATTEMPT_FAILS));
	switch (ev->from) {
	case S(SYN_SENT):
	case S(SYN_RECV):
		if (by_tcp_done(rec, ev))
			add(e, BOOK(ATTEMPT_FAILS));
		break;
	case S(ESTABLISHED):
	case S(CLOSE_WAIT):
		add(e, BOOK(ESTAB_RESETS));	/* tcp_set_state() */
		break;
	default:
		if (rec->close == CLOSE(TW_OVERFLOW))
			add(e, BOOK(TW_OVERFLOW));	/* tcp_time_wait() */
	}
}

static void listener(struct entries *e, const struct tlc_event *ev)
{
	switch (ev->counter) {
	case TLC_COUNTER_ACCEPT_OVERFLOW:
		/* tcp_conn_request(), tcp_v4_syn_recv_sock() and its like */
		add(e, BOOK(LISTEN_OVERFLOWS));
		break;
	case TLC_COUNTER_COOKIES_SENT:
		add(e, BOOK(COOKIES_SENT));	/* cookie_init_sequence() */
		break;
	case TLC_COUNTER_COOKIES_VALID:
		add(e, BOOK(COOKIES_VALID));	/* cookie_v4_check() and its like */
		break;
	}
}

/**
 * tlc_books_of() - which counters an event moves
 * @rec: record, with the event in it; it was alive before
 * @ev: event
 * @book: filled: enum tlc_book of each
 *
 * Context: any.
 * Return: how many.
 */
unsigned int tlc_books_of(const struct tlc_record *rec, const struct tlc_event *ev,
			  u8 book[TLC_BOOKS_EACH])
{
	struct entries e = { .book = book };

	switch (ev->kind) {
	case TLC_EVENT_CONNECT:
		if (ev->cause != C(RESTORED))
			add(&e, BOOK(ACTIVE_OPENS));	/* tcp_connect() */
		break;
	case TLC_EVENT_CHILD:
		child(&e, rec, ev);
		break;
	case TLC_EVENT_STATE:
		if (ev->to == S(CLOSED))
			closed(&e, rec, ev);
		break;
	case TLC_EVENT_REQUEST_DROP:
		if (rec->close == CLOSE(REQUEST_RESET))
			add(&e, BOOK(ATTEMPT_FAILS));	/* tcp_check_req() */
		break;
	case TLC_EVENT_HINT:
		if (ev->booked)		/* tcp_check_req(), for a Fast Open child */
			add(&e, BOOK(ATTEMPT_FAILS));
		break;
	case TLC_EVENT_ACK_DEFERRED:
		add(&e, BOOK(DEFER_ACCEPT_DROPS));	/* tcp_check_req() */
		break;
	case TLC_EVENT_TW_ARM:
	case TLC_EVENT_TW_EXPIRE:
	case TLC_EVENT_TW_END:
		if (ev->booked)		/* __inet_twsk_schedule(); tw_timer_handler() */
			add(&e, ev->ms > TW_KILLED_MS ? BOOK(TW) : BOOK(TW_KILLED));
		if (ev->cause == C(REUSED))
			add(&e, BOOK(TW_RECYCLED));	/* __inet_check_established() */
		break;
	case TLC_EVENT_TIMER:
		if (ev->timeout)	/* tcp_retransmit_timer(), tcp_syn_ack_timeout() */
			add(&e, BOOK(TIMEOUTS));
		if (ev->cause == C(TIMER_KEEPALIVE))
			add(&e, BOOK(KEEPALIVES));	/* tcp_xmit_probe_skb() */
		break;
	case TLC_EVENT_MIGRATED:
		if (ev->timeout)
			add(&e, BOOK(TIMEOUTS));	/* tcp_syn_ack_timeout() */
		break;
	case TLC_EVENT_LISTENER_COUNT:
		if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
			listener(&e, ev);
		break;
	}
	return e.nr;
}

/**
 * tlc_books_take() - count an event
 * @books: of the namespace it happened in
 * @rec: record, with the event in it; it was alive before
 * @ev: event
 *
 * Context: interrupts off.
 */
void tlc_books_take(struct tlc_books __percpu *books, const struct tlc_record *rec,
		    const struct tlc_event *ev)
{
	u8 book[TLC_BOOKS_EACH] __uninitialized;
	unsigned int nr = tlc_books_of(rec, ev, book);

	while (nr--)
		this_cpu_inc(books->count[book[nr]]);
}

/**
 * tlc_books_total() - the counts over all CPUs
 * @books: of a namespace
 * @total: filled
 *
 * Context: process.
 */
void tlc_books_total(const struct tlc_books __percpu *books, struct tlc_books *total)
{
	unsigned int i;
	int cpu;

	memset(total, 0, sizeof(*total));
	for_each_possible_cpu(cpu)
		for (i = 0; i < TLC_BOOK_MAX; i++)
			total->count[i] += READ_ONCE(per_cpu_ptr(books, cpu)->count[i]);
}
