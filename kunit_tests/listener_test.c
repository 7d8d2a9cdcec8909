// SPDX-License-Identifier: GPL-2.0-only
/*
 * listener_test.c: the life of a listener, and what it adds up.
 */
#include <kunit/test.h>

#include "life.h"

static struct tlc_record rec;

static void a_listener_may_change_its_backlog(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	ev.backlog = 5;
	begin(&rec, &ev);
	ev = event(TLC_EVENT_BACKLOG, 10);
	ev.backlog = 50;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.lsn.backlog, 50U);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);
}

static void a_listener_that_was_aborted_says_so(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_HINT, 10);
	ev.from = S(LISTEN);
	ev.cause = C(ABORT);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED], 0U);
	apply(&rec, state(10, S(LISTEN), S(CLOSED)));
	EXPECT_ENDED(test, &rec, ABORTED, LOCAL);
}

static void listen_may_fail_once_it_has_been_told_of(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);
	struct tlc_tally tally;

	begin(&rec, &ev);
	ev = event(TLC_EVENT_LISTEN_FAILED, 10);
	tally = apply(&rec, ev);
	EXPECT_ENDED(test, &rec, LISTEN_FAILED, LOCAL);
	EXPECT_MOVE(test, &rec, 1, LISTEN, CLOSED, LISTEN_FAILED);
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, tally.gaps + tally.illegal, 0);
	/* Once. */
	tally = apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 0);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 2);
}

/* What listens already does not come there: its end was missed. */
static void a_listener_with_a_past_has_not_failed(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);
	struct tlc_tally tally;

	begin(&rec, &ev);
	ev = event(TLC_EVENT_LISTENER_COUNT, 10);
	ev.counter = TLC_COUNTER_ACCEPTED;
	apply(&rec, ev);
	tally = apply(&rec, event(TLC_EVENT_LISTEN_FAILED, 20));
	EXPECT_ENDED(test, &rec, UNKNOWN, UNKNOWN);
	KUNIT_EXPECT_EQ(test, (int)tally.gaps, 1);
}

static void the_totals_of_a_listener_do_not_begin_anew(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	begin(&rec, &ev);
	rec.lsn.counter[TLC_COUNTER_ACCEPTED] = U32_MAX - 1;
	ev = event(TLC_EVENT_LISTENER_COUNT, 10);
	ev.counter = TLC_COUNTER_ACCEPTED;
	apply(&rec, ev);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED], U32_MAX);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED + 1], 0U);
}

static void a_listener_adds_up_what_comes_through_it(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	ev.from = S(CLOSED);
	ev.to = S(LISTEN);
	ev.backlog = 128;
	begin(&rec, &ev);
	ev = event(TLC_EVENT_LISTENER_COUNT, 10);
	ev.counter = TLC_COUNTER_ACCEPTED;
	apply(&rec, ev);
	apply(&rec, ev);
	ev.counter = TLC_COUNTER_COOKIES_VALID;
	apply(&rec, ev);
	/* A hint has no place in a listener's record. */
	ev = event(TLC_EVENT_HINT, 20);
	ev.cause = C(ABORT);
	ev.seq = ~0U;
	ev.ack = ~0U;
	apply(&rec, ev);
	apply(&rec, state(30, S(LISTEN), S(CLOSED)));

	EXPECT_MOVE(test, &rec, 0, CLOSED, LISTEN, LISTEN);
	EXPECT_ENDED(test, &rec, LISTENER, LOCAL);
	KUNIT_EXPECT_EQ(test, rec.lsn.backlog, 128U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED], 2U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_COOKIES_VALID], 1U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_COOKIES_SENT], 0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_listener_may_change_its_backlog),
	KUNIT_CASE(a_listener_that_was_aborted_says_so),
	KUNIT_CASE(listen_may_fail_once_it_has_been_told_of),
	KUNIT_CASE(a_listener_with_a_past_has_not_failed),
	KUNIT_CASE(the_totals_of_a_listener_do_not_begin_anew),
	KUNIT_CASE(a_listener_adds_up_what_comes_through_it),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_listener",
	.test_cases = cases,
};

kunit_test_suite(suite);
