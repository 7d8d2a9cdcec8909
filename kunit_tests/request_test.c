// SPDX-License-Identifier: GPL-2.0-only
/*
 * request_test.c: every way a half-open request ends, and the word for it.
 */
#include <kunit/test.h>

#include "life.h"

static struct tlc_record rec;

struct request_end {
	const char *name;
	u8 cause;
	u8 close;
	u8 first;
};

static const struct request_end request_ends[] = {
	{ "RST", C(RST_RECEIVED), END(REQUEST_RESET, PEER) },
	{ "retries used up", C(TIMEOUT), END(REQUEST_TIMED_OUT, KERNEL) },
	{ "accept queue full", C(ACCEPT_QUEUE_FULL), END(REQUEST_OVERFLOW, LOCAL) },
	{ "listener closed", C(LISTENER_CLOSED), END(LISTENER_CLOSED, LOCAL) },
	{ "ICMP", C(ICMP), END(REQUEST_UNREACHABLE, NETWORK) },
};

static void describe_request(const struct request_end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, request_ends, describe_request);

static void a_request_ends(struct kunit *test)
{
	const struct request_end *p = test->param_value;
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 10);
	ev.cause = p->cause;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].from, (int)S(NEW_SYN_RECV));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].cause, (int)p->cause);
	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)p->first);
}

/* The ACK came at @ticks: a child is tried. */
static void try_child(u64 ticks)
{
	struct tlc_event ev = event(TLC_EVENT_CHILD, ticks);

	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
}

/* It was made, and found no route. */
static void take_child_back(u64 ticks)
{
	struct tlc_event ev = state(ticks, S(SYN_RECV), S(CLOSED));

	ev.tcp.unhashed = true;
	apply(&rec, ev);
}

static void a_stillborn_child_leaves_the_request_alone(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	ev = state(20, S(SYN_RECV), S(CLOSED));
	ev.tcp.unhashed = true;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(NEW_SYN_RECV));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);

	ev = event(TLC_EVENT_CHILD, 30);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	apply(&rec, state(30, S(SYN_RECV), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 0);
}

static void hint_request(u64 ticks, u8 cause, u32 seq, u32 ack)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, ticks);

	ev.from = S(NEW_SYN_RECV);
	ev.cause = cause;
	ev.has_seq = true;
	ev.has_ack = true;
	ev.seq = seq;
	ev.ack = ack;
	apply(&rec, ev);
}

/* A request, and what may end it. */
static void half_open(u8 cause, u32 seq, u32 ack)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	hint_request(10, cause, seq, ack);
}

static void drop_it(u64 ticks, u8 cause)
{
	struct tlc_event ev = event(TLC_EVENT_REQUEST_DROP, ticks);

	ev.cause = cause;
	apply(&rec, ev);
}

static void a_full_accept_queue_is_the_cause_only_of_a_timeout(struct kunit *test)
{
	half_open(C(ACCEPT_QUEUE_FULL), 0, 0);
	drop_it(20, C(RST_RECEIVED));
	EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);

	half_open(C(ACCEPT_QUEUE_FULL), 0, 0);
	drop_it(63000, C(TIMEOUT));
	EXPECT_ENDED(test, &rec, REQUEST_OVERFLOW, LOCAL);
}

static void a_request_whose_child_failed_is_not_unanswered(struct kunit *test)
{
	struct tlc_event ev = request(0, true);
	int route;

	for (route = 0; route < 2; route++) {
		begin(&rec, &ev);
		try_child(20);
		if (route)
			take_child_back(20);
		drop_it(63000, C(TIMEOUT));
		EXPECT_ENDED(test, &rec, REQUEST_FAILED, LOCAL);
		KUNIT_EXPECT_EQ(test, (int)rec.nr, 2);
		EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, CHILD_FAILED);
	}
}

/* With tcp_abort_on_overflow the kernel answers that with an RST of its own. */
static void a_request_whose_child_failed_was_not_reset_by_the_peer(struct kunit *test)
{
	struct tlc_event ev = request(0, true);
	int route;

	for (route = 0; route < 2; route++) {
		begin(&rec, &ev);
		/* An RST beyond the window was refused before. */
		hint_request(10, C(RST_RECEIVED), Y + 1000000, 7);
		try_child(20);
		if (route)
			take_child_back(20);
		drop_it(20, C(CHILD_FAILED));
		EXPECT_ENDED(test, &rec, REQUEST_FAILED, LOCAL);
		EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, CHILD_FAILED);
		KUNIT_EXPECT_FALSE(test, rec.entry[1].has_seq);
	}
}

static void a_segment_ends_a_request_whose_child_failed_before(struct kunit *test)
{
	static const u8 drops[] = { C(RST_RECEIVED), C(CHILD_FAILED), C(ACCEPT_QUEUE_FULL) };
	struct tlc_event ev = request(0, true);
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(drops); i++) {
		begin(&rec, &ev);
		try_child(20);
		if (i % 2)
			take_child_back(20);
		hint_request(30, C(RST_RECEIVED), Y + 1, 7);
		drop_it(30, drops[i / 2]);
		EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);
		EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, RST_RECEIVED);
		KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y + 1);
	}
}

/* Neither a segment nor a child was told of: a hook is off, or was missed. */
static void a_request_dropped_for_who_knows_what_is_unknown(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	drop_it(20, C(CHILD_FAILED));
	EXPECT_ENDED(test, &rec, UNKNOWN, UNKNOWN);
}

static void a_child_that_lives_is_no_failed_one(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	try_child(20);
	apply(&rec, state(20, S(SYN_RECV), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, (int)rec.hint, 0);
}

/* With tcp_abort_on_overflow the drop finds the queue full, whatever came. */
static void a_segment_ends_a_request_though_the_queue_is_full(struct kunit *test)
{
	struct tlc_event ev;

	half_open(C(RST_RECEIVED), Y + 1, 7);
	drop_it(20, C(ACCEPT_QUEUE_FULL));
	EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y + 1);

	half_open(C(NEW_SYN), Y + 1000, 0);
	drop_it(20, C(ACCEPT_QUEUE_FULL));
	EXPECT_ENDED(test, &rec, REQUEST_RESET, LOCAL);
	EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, NEW_SYN);

	/* Refused, for the ACK behind it found the request. */
	half_open(C(RST_RECEIVED), Y + 1000000, 7);
	hint_request(20, C(ACCEPT_QUEUE_FULL), 0, 0);
	drop_it(20, C(ACCEPT_QUEUE_FULL));
	EXPECT_ENDED(test, &rec, REQUEST_OVERFLOW, LOCAL);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, 0U);

	/* The queue filled between the hook and the function behind it. */
	half_open(C(RST_RECEIVED), Y + 1000000, 7);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	drop_it(20, C(ACCEPT_QUEUE_FULL));
	EXPECT_ENDED(test, &rec, REQUEST_OVERFLOW, LOCAL);
}

static void a_hint_outweighs_the_reason_for_the_drop(struct kunit *test)
{
	half_open(C(ICMP), 0, 0);
	drop_it(10, C(RST_RECEIVED));
	EXPECT_ENDED(test, &rec, REQUEST_UNREACHABLE, NETWORK);
}

static void the_rst_that_ends_a_request_is_shown(struct kunit *test)
{
	half_open(C(RST_RECEIVED), Y + 1, 7);
	drop_it(10, C(RST_RECEIVED));
	EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);
	EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, RST_RECEIVED);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y + 1);
	KUNIT_EXPECT_EQ(test, rec.entry[1].ack, 7U);
}

static void a_syn_that_ends_a_request_is_no_rst(struct kunit *test)
{
	half_open(C(NEW_SYN), Y + 1000, 0);
	drop_it(10, C(RST_RECEIVED));
	EXPECT_ENDED(test, &rec, REQUEST_RESET, LOCAL);
	EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, CLOSED, NEW_SYN);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y + 1000);
}

static void a_segment_that_was_refused_explains_nothing(struct kunit *test)
{
	half_open(C(RST_RECEIVED), Y + 1000000, 0);
	drop_it(63000, C(TIMEOUT));
	EXPECT_ENDED(test, &rec, REQUEST_TIMED_OUT, KERNEL);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, 0U);

	half_open(C(ACCEPT_QUEUE_FULL), 0, 0);
	hint_request(20, C(NEW_SYN), Y + 1000000, 0);
	drop_it(63000, C(TIMEOUT));
	EXPECT_ENDED(test, &rec, REQUEST_OVERFLOW, LOCAL);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, 0U);
}

static struct tlc_event moved(u64 ticks, u64 listener)
{
	struct tlc_event ev = event(TLC_EVENT_MIGRATED, ticks);

	ev.listener = listener;
	return ev;
}

static void a_request_that_moves_has_another_listener(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	apply(&rec, moved(1000, 8));
	KUNIT_EXPECT_EQ(test, rec.listener, 8ULL);
	KUNIT_ASSERT_EQ(test, (int)rec.nr, 2);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].cause, (int)C(MIGRATED));

	/* Two hooks tell of one move; the next one joins the entry. */
	apply(&rec, moved(1000, 8));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].count, 1);
	apply(&rec, moved(2000, 9));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].count, 2);
	KUNIT_EXPECT_EQ(test, rec.listener, 9ULL);
}

static void the_ack_may_come_to_another_listener(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	ev.listener = 8;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.listener, 8ULL);
	EXPECT_MOVE(test, &rec, 2, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].cause, (int)C(MIGRATED));
}

static void a_request_that_moved_when_its_time_was_over_timed_out(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	apply(&rec, moved(1000, 8));
	ev = event(TLC_EVENT_REQUEST_DROP, 1000);
	ev.cause = C(LISTENER_CLOSED);
	ev.listener = 7;
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, REQUEST_TIMED_OUT, KERNEL);

	/* The second one has closed as well. */
	ev = request(0, true);
	begin(&rec, &ev);
	apply(&rec, moved(1000, 8));
	ev = event(TLC_EVENT_REQUEST_DROP, 3000);
	ev.cause = C(LISTENER_CLOSED);
	ev.listener = 8;
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, LISTENER_CLOSED, LOCAL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_request_ends, request_gen_params),
	KUNIT_CASE(a_request_whose_child_failed_is_not_unanswered),
	KUNIT_CASE(a_request_whose_child_failed_was_not_reset_by_the_peer),
	KUNIT_CASE(a_segment_ends_a_request_whose_child_failed_before),
	KUNIT_CASE(a_request_dropped_for_who_knows_what_is_unknown),
	KUNIT_CASE(a_child_that_lives_is_no_failed_one),
	KUNIT_CASE(a_request_that_moves_has_another_listener),
	KUNIT_CASE(the_ack_may_come_to_another_listener),
	KUNIT_CASE(a_request_that_moved_when_its_time_was_over_timed_out),
	KUNIT_CASE(a_stillborn_child_leaves_the_request_alone),
	KUNIT_CASE(a_full_accept_queue_is_the_cause_only_of_a_timeout),
	KUNIT_CASE(a_segment_ends_a_request_though_the_queue_is_full),
	KUNIT_CASE(a_hint_outweighs_the_reason_for_the_drop),
	KUNIT_CASE(the_rst_that_ends_a_request_is_shown),
	KUNIT_CASE(a_syn_that_ends_a_request_is_no_rst),
	KUNIT_CASE(a_segment_that_was_refused_explains_nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_request",
	.test_cases = cases,
};

kunit_test_suite(suite);
