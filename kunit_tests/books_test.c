// SPDX-License-Identifier: GPL-2.0-only
/*
 * books_test.c: which of the kernel's SNMP counters an event moves.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include "life.h"
#include "totals/books.h"

static struct tlc_record rec;

/* Let @ev happen to rec, and count what it moves in @moved. */
static void happen(struct kunit *test, struct tlc_event ev, u8 moved[TLC_BOOK_MAX])
{
	u8 book[TLC_BOOKS_EACH];
	unsigned int nr;

	apply(&rec, ev);
	memset(moved, 0, TLC_BOOK_MAX);
	nr = tlc_books_of(&rec, &ev, book);
	/* Else no handler would have brought the books along. */
	KUNIT_EXPECT_TRUE(test, !nr || tlc_books_concern(&ev));
	while (nr--)
		moved[book[nr]]++;
}

/* @ev moves counter @which @times, and no other one. */
#define EXPECT_MOVES(test, ev, which, times) do {			\
	u8 moved_[TLC_BOOK_MAX];					\
	int i_;								\
									\
	happen(test, ev, moved_);					\
	for (i_ = 0; i_ < TLC_BOOK_MAX; i_++)				\
		KUNIT_EXPECT_EQ_MSG(test, (int)moved_[i_],		\
				    i_ == (which) ? (times) : 0,	\
				    "counter %d", i_);			\
} while (0)

#define EXPECT_MOVES_NONE(test, ev)	EXPECT_MOVES(test, ev, -1, 0)

static struct tlc_event child(u64 ticks, bool first)
{
	struct tlc_event ev = event(TLC_EVENT_CHILD, ticks);

	ev.first = first;
	ev.from = first ? S(LISTEN) : S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	return ev;
}

static struct tlc_event hinted(u8 from, u8 cause)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, 50);

	ev.from = from;
	ev.cause = cause;
	return ev;
}

static void begin_connect(void)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
}

static void an_active_open_is_counted_with_its_syn(struct kunit *test)
{
	begin_connect();
	EXPECT_MOVES(test, event(TLC_EVENT_CONNECT, 1), TLC_BOOK_ACTIVE_OPENS, 1);
	EXPECT_MOVES_NONE(test, state(2, S(SYN_SENT), S(ESTABLISHED)));
}

static void each_child_is_a_passive_open_also_one_in_vain(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	EXPECT_MOVES(test, child(10, false), TLC_BOOK_PASSIVE_OPENS, 1);
	EXPECT_MOVES(test, child(10, false), TLC_BOOK_PASSIVE_OPENS, 1);
}

static void a_child_in_the_accept_queue_is_not_counted_again(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	EXPECT_MOVES(test, child(10, false), TLC_BOOK_PASSIVE_OPENS, 1);
	EXPECT_MOVES_NONE(test, child(10, true));
}

static void children_without_a_request_are_passive_opens(struct kunit *test)
{
	struct tlc_event ev = child(0, true);
	u8 book[TLC_BOOKS_EACH];

	begin(&rec, &ev);		/* by SYN cookie */
	KUNIT_EXPECT_EQ(test, tlc_books_of(&rec, &ev, book), 1U);
	KUNIT_EXPECT_EQ(test, (int)book[0], (int)TLC_BOOK_PASSIVE_OPENS);

	ev = request(0, true);
	ev.to = S(SYN_RECV);
	begin(&rec, &ev);		/* by Fast Open */
	EXPECT_MOVES(test, child(0, true), TLC_BOOK_PASSIVE_OPENS, 1);
}

static void a_connect_that_fails_is_counted_by_its_error(struct kunit *test)
{
	struct tlc_event ev = state(60, S(SYN_SENT), S(CLOSED));

	begin_connect();
	apply(&rec, event(TLC_EVENT_CONNECT, 1));
	apply(&rec, hinted(S(SYN_SENT), C(RST_RECEIVED)));
	ev.tcp.error = ECONNREFUSED;
	EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, 1);
}

static void a_connect_that_is_cancelled_is_not_counted(struct kunit *test)
{
	struct tlc_event ev = state(60, S(SYN_SENT), S(CLOSED));

	begin_connect();
	apply(&rec, event(TLC_EVENT_CONNECT, 1));
	ev.tcp.both_shut = true;
	EXPECT_MOVES_NONE(test, ev);
}

static void a_stillborn_child_is_a_failed_attempt(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	apply(&rec, child(10, false));
	ev = state(10, S(SYN_RECV), S(CLOSED));
	ev.tcp.unhashed = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, 1);
	KUNIT_EXPECT_EQ(test, rec.died, 0ULL);
}

static void a_fast_open_child_reset_at_once_counts_twice(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	ev.to = S(SYN_RECV);
	begin(&rec, &ev);
	apply(&rec, child(0, true));
	ev = hinted(S(SYN_RECV), C(RST_RECEIVED));
	ev.half_open = true;
	EXPECT_MOVES_NONE(test, ev);
	EXPECT_MOVES_NONE(test, hinted(S(SYN_RECV), C(RST_RECEIVED)));
	ev = state(60, S(SYN_RECV), S(CLOSED));
	ev.tcp.error = ECONNRESET;
	EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, 2);
	EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);
}

/* SYN_RECV to FIN_WAIT_1, and what the request of the child took there: an RST of @seq. */
static void close_fast_open(u32 seq)
{
	struct tlc_event ev = request(0, true);

	ev.to = S(SYN_RECV);
	begin(&rec, &ev);
	apply(&rec, child(0, true));
	ev = state(50, S(SYN_RECV), S(FIN_WAIT_1));
	ev.cause = C(CLOSE);
	apply(&rec, ev);
	ev = hinted(S(FIN_WAIT_1), C(RST_RECEIVED));
	ev.half_open = true;
	ev.has_seq = true;
	ev.seq = seq;
	apply(&rec, ev);
}

static void a_fast_open_child_reset_after_close_counts_once(struct kunit *test)
{
	struct tlc_event ev = hinted(S(FIN_WAIT_1), C(RST_RECEIVED));

	close_fast_open(Y + 1);
	ev.has_seq = true;
	ev.seq = Y + 1;
	apply(&rec, ev);
	ev = state(60, S(FIN_WAIT_1), S(CLOSED));
	ev.tcp.error = ECONNRESET;
	EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, 1);
	EXPECT_ENDED(test, &rec, REQUEST_RESET, LOCAL);
	KUNIT_EXPECT_EQ(test, rec.entry[rec.nr - 1].seq, Y + 1);
}

/* 5.10 does not say by which segment: it is the one the request took just now. */
static void a_reset_without_its_segment_is_what_the_request_took(struct kunit *test)
{
	close_fast_open(Y + 1);
	apply(&rec, hinted(S(FIN_WAIT_1), C(RST_RECEIVED)));
	EXPECT_MOVES(test, state(60, S(FIN_WAIT_1), S(CLOSED)), TLC_BOOK_ATTEMPT_FAILS, 1);
	KUNIT_EXPECT_EQ(test, rec.entry[rec.nr - 1].seq, Y + 1);
}

static void an_rst_that_the_request_refused_is_not_taken_for_a_later_one(struct kunit *test)
{
	struct tlc_event ev = hinted(S(FIN_WAIT_1), C(RST_RECEIVED));

	close_fast_open(Y + 7);
	ev.has_seq = true;
	ev.seq = Y + 1;
	apply(&rec, ev);
	EXPECT_MOVES_NONE(test, state(60, S(FIN_WAIT_1), S(CLOSED)));
	EXPECT_ENDED(test, &rec, RST_RECEIVED, LOCAL);
}

static void a_syn_for_a_fast_open_child_counts_and_ends_nothing(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	ev.to = S(SYN_RECV);
	begin(&rec, &ev);
	apply(&rec, child(0, true));
	ev = hinted(S(SYN_RECV), C(NEW_SYN));
	ev.half_open = true;
	ev.booked = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, 1);
	EXPECT_MOVES_NONE(test, state(60, S(SYN_RECV), S(ESTABLISHED)));
}

static void an_error_left_by_ip_recverr_is_no_failed_attempt(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	ev.to = S(SYN_RECV);
	begin(&rec, &ev);
	ev = state(60, S(SYN_RECV), S(CLOSED));
	ev.tcp.error = EHOSTUNREACH;
	ev.tcp.both_shut = true;
	EXPECT_MOVES_NONE(test, ev);
	EXPECT_ENDED(test, &rec, RST_UNREAD, LOCAL);
}

static void each_deferred_ack_is_counted(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_ACK_DEFERRED, 10);
	ev.from = S(NEW_SYN_RECV);
	EXPECT_MOVES(test, ev, TLC_BOOK_DEFER_ACCEPT_DROPS, 1);
	EXPECT_MOVES(test, ev, TLC_BOOK_DEFER_ACCEPT_DROPS, 1);
}

static void a_request_fails_by_a_segment_only(struct kunit *test)
{
	static const struct {
		u8 cause;
		int times;
	} ends[] = {
		{ C(RST_RECEIVED), 1 }, { C(NEW_SYN), 1 }, { C(TIMEOUT), 0 },
		{ C(LISTENER_CLOSED), 0 }, { C(ACCEPT_QUEUE_FULL), 0 },
		{ C(ICMP), 0 }, { C(ABORT), 0 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		struct tlc_event ev = request(0, true);

		begin(&rec, &ev);
		ev = event(TLC_EVENT_REQUEST_DROP, 100);
		ev.from = S(NEW_SYN_RECV);
		ev.to = S(CLOSED);
		ev.cause = ends[i].cause;
		EXPECT_MOVES(test, ev, TLC_BOOK_ATTEMPT_FAILS, ends[i].times);
	}
}

static void a_reset_connection_is_counted_from_two_states(struct kunit *test)
{
	connect_it(&rec);
	EXPECT_MOVES(test, state(100, S(ESTABLISHED), S(CLOSED)),
		     TLC_BOOK_ESTAB_RESETS, 1);
	connect_it(&rec);
	apply(&rec, state(90, S(ESTABLISHED), S(CLOSE_WAIT)));
	EXPECT_MOVES(test, state(100, S(CLOSE_WAIT), S(CLOSED)),
		     TLC_BOOK_ESTAB_RESETS, 1);
	connect_it(&rec);
	close_first(&rec, 1);
	EXPECT_MOVES_NONE(test, state(200, S(FIN_WAIT_2), S(CLOSED)));
}

static void a_timewait_socket_counts_by_the_length_of_its_first_timer(struct kunit *test)
{
	struct tlc_event ev = new_timewait(120, S(FIN_WAIT_2), 4000);

	connect_it(&rec);
	close_first(&rec, 1);
	ev.booked = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TW_KILLED, 1);
	ev = timewait(TLC_EVENT_TW_ARM, 130, S(TIME_WAIT), 60000);
	EXPECT_MOVES_NONE(test, ev);

	connect_it(&rec);
	close_first(&rec, 1);
	ev = new_timewait(130, S(TIME_WAIT), 60000);
	ev.booked = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TW, 1);
	EXPECT_MOVES_NONE(test, state(130, S(FIN_WAIT_2), S(CLOSED)));
}

/* As in 5.10. */
static void a_timewait_socket_counts_when_its_time_is_over(struct kunit *test)
{
	struct tlc_event ev = new_timewait(120, S(FIN_WAIT_2), 60000);

	connect_it(&rec);
	close_first(&rec, 1);
	EXPECT_MOVES_NONE(test, ev);
	ev = timewait(TLC_EVENT_TW_EXPIRE, 60000, S(CLOSED), 60000);
	ev.booked = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TW, 1);
}

static void a_recycled_timewait_socket_is_counted(struct kunit *test)
{
	struct tlc_event end = timewait(TLC_EVENT_TW_END, 500, S(CLOSED), 0);

	connect_it(&rec);
	close_first(&rec, 1);
	enter_timewait(&rec, 2);
	end.cause = C(REUSED);
	EXPECT_MOVES(test, end, TLC_BOOK_TW_RECYCLED, 1);
}

/* The kernel that counts a timewait socket late counts it when its timer fires, if only then. */
static void a_timewait_socket_reused_as_it_expires_counts_twice(struct kunit *test)
{
	struct tlc_event end = timewait(TLC_EVENT_TW_END, 60000, S(CLOSED), 60000);
	u8 moved[TLC_BOOK_MAX];

	connect_it(&rec);
	close_first(&rec, 1);
	enter_timewait(&rec, 2);
	end.cause = C(REUSED);
	end.booked = true;
	happen(test, end, moved);
	KUNIT_EXPECT_EQ(test, (int)moved[TLC_BOOK_TW], 1);
	KUNIT_EXPECT_EQ(test, (int)moved[TLC_BOOK_TW_RECYCLED], 1);
}

static void a_timewait_socket_that_expires_is_not_recycled(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 1);
	enter_timewait(&rec, 2);
	EXPECT_MOVES_NONE(test, timewait(TLC_EVENT_TW_EXPIRE, 60000, S(CLOSED), 0));
}

static void no_room_for_a_timewait_socket_is_counted(struct kunit *test)
{
	struct tlc_event ev = state(200, S(FIN_WAIT_2), S(CLOSED));

	connect_it(&rec);
	close_first(&rec, 1);
	ev.tcp.orphan = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TW_OVERFLOW, 1);
}

static void timers_count_as_the_event_says(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 300);

	connect_it(&rec);
	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_RTO_DATA);
	EXPECT_MOVES_NONE(test, ev);
	ev.timeout = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TIMEOUTS, 1);
	ev.timeout = false;
	ev.cause = C(TIMER_KEEPALIVE);
	EXPECT_MOVES(test, ev, TLC_BOOK_KEEPALIVES, 1);
	ev.cause = C(TIMER_PROBE);
	EXPECT_MOVES_NONE(test, ev);
}

static void a_socket_that_is_restored_is_no_active_open(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_CONNECT, 1);

	begin_connect();
	ev.cause = C(RESTORED);
	EXPECT_MOVES_NONE(test, ev);
}

static void a_request_moved_by_its_timer_is_a_timeout(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_MIGRATED, 1000);
	ev.listener = 8;
	EXPECT_MOVES_NONE(test, ev);
	ev.timeout = true;
	EXPECT_MOVES(test, ev, TLC_BOOK_TIMEOUTS, 1);
}

static void a_listener_counts_what_has_a_counter(struct kunit *test)
{
	static const struct {
		enum tlc_counter counter;
		int book;
	} pairs[] = {
		{ TLC_COUNTER_ACCEPTED, -1 },
		{ TLC_COUNTER_SYN_OVERFLOW, -1 },
		{ TLC_COUNTER_ACCEPT_OVERFLOW, TLC_BOOK_LISTEN_OVERFLOWS },
		{ TLC_COUNTER_COOKIES_SENT, TLC_BOOK_COOKIES_SENT },
		{ TLC_COUNTER_COOKIES_VALID, TLC_BOOK_COOKIES_VALID },
	};
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);
	int i;

	begin(&rec, &ev);
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		ev = event(TLC_EVENT_LISTENER_COUNT, i);
		ev.counter = pairs[i].counter;
		EXPECT_MOVES(test, ev, pairs[i].book, pairs[i].book < 0 ? 0 : 1);
	}
}

static void counts_add_up_over_processors(struct kunit *test)
{
	struct tlc_books __percpu *books = alloc_percpu(struct tlc_books);
	struct tlc_event ev = event(TLC_EVENT_CONNECT, 1);
	struct tlc_books total;

	KUNIT_ASSERT_NOT_NULL(test, (void __force *)books);
	begin_connect();
	tlc_books_take(books, &rec, &ev);
	tlc_books_take(books, &rec, &ev);
	tlc_books_total(books, &total);
	KUNIT_EXPECT_EQ(test, total.count[TLC_BOOK_ACTIVE_OPENS], 2ULL);
	KUNIT_EXPECT_EQ(test, total.count[TLC_BOOK_PASSIVE_OPENS], 0ULL);
	free_percpu(books);
}

static struct kunit_case books_cases[] = {
	KUNIT_CASE(an_active_open_is_counted_with_its_syn),
	KUNIT_CASE(each_child_is_a_passive_open_also_one_in_vain),
	KUNIT_CASE(a_child_in_the_accept_queue_is_not_counted_again),
	KUNIT_CASE(children_without_a_request_are_passive_opens),
	KUNIT_CASE(a_connect_that_fails_is_counted_by_its_error),
	KUNIT_CASE(a_connect_that_is_cancelled_is_not_counted),
	KUNIT_CASE(a_stillborn_child_is_a_failed_attempt),
	KUNIT_CASE(a_fast_open_child_reset_at_once_counts_twice),
	KUNIT_CASE(a_fast_open_child_reset_after_close_counts_once),
	KUNIT_CASE(a_reset_without_its_segment_is_what_the_request_took),
	KUNIT_CASE(an_rst_that_the_request_refused_is_not_taken_for_a_later_one),
	KUNIT_CASE(a_syn_for_a_fast_open_child_counts_and_ends_nothing),
	KUNIT_CASE(an_error_left_by_ip_recverr_is_no_failed_attempt),
	KUNIT_CASE(each_deferred_ack_is_counted),
	KUNIT_CASE(a_request_fails_by_a_segment_only),
	KUNIT_CASE(a_reset_connection_is_counted_from_two_states),
	KUNIT_CASE(a_timewait_socket_counts_by_the_length_of_its_first_timer),
	KUNIT_CASE(a_timewait_socket_counts_when_its_time_is_over),
	KUNIT_CASE(a_recycled_timewait_socket_is_counted),
	KUNIT_CASE(a_timewait_socket_reused_as_it_expires_counts_twice),
	KUNIT_CASE(a_timewait_socket_that_expires_is_not_recycled),
	KUNIT_CASE(no_room_for_a_timewait_socket_is_counted),
	KUNIT_CASE(timers_count_as_the_event_says),
	KUNIT_CASE(a_socket_that_is_restored_is_no_active_open),
	KUNIT_CASE(a_request_moved_by_its_timer_is_a_timeout),
	KUNIT_CASE(a_listener_counts_what_has_a_counter),
	KUNIT_CASE(counts_add_up_over_processors),
	{}
};

static struct kunit_suite books_suite = {
	.name = "tcp_lifecycle_books",
	.test_cases = books_cases,
};

kunit_test_suite(books_suite);
