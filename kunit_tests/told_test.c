// SPDX-License-Identifier: GPL-2.0-only
/*
 * told_test.c: what an event tells the feed: each entry once, as it ends up on
 * record; and nothing, while nobody listens.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/history.h"

static struct tlc_record rec;

static void connect_is_told_with_its_syn(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));
	struct tlc_tally tally = begin(&rec, &ev);

	KUNIT_EXPECT_EQ(test, (int)tally.nr, 0);
	ev = event(TLC_EVENT_CONNECT, 1);
	ev.isn = X;
	tally = apply(&rec, ev);
	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].entry.to, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, tally.told[0].entry.seq, X);

	tally = apply(&rec, state(30, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, tally.told[0].stay_us, 30000ULL);
}

static void a_connect_without_a_syn_is_told_at_its_end(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));
	struct tlc_tally tally;

	begin(&rec, &ev);
	tally = apply(&rec, state(5, S(SYN_SENT), S(CLOSED)));
	KUNIT_ASSERT_EQ(test, (int)tally.nr, 2);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].entry.to, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, (int)tally.told[1].entry.to, (int)S(CLOSED));
}

static void a_repeated_timer_is_told_each_time(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 100);
	struct tlc_tally tally;

	connect_it(&rec);
	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_RTO_DATA);
	apply(&rec, ev);
	ev.now += 100 * TICK;
	tally = apply(&rec, ev);
	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].entry.count, 2);
	KUNIT_EXPECT_EQ(test, tally.told[0].entry.last_ms, 100U);
}

static void what_found_no_room_is_told_all_the_same(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 100);
	struct tlc_tally tally;

	connect_it(&rec);
	rec.nr = TLC_ENTRIES;
	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_RTO_DATA);
	tally = apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)tally.dropped, 1);
	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].entry.cause, (int)C(TIMER_RTO_DATA));
}

static void one_segment_that_did_both_takes_two_steps_back(struct kunit *test)
{
	struct tlc_event ev = new_timewait(110, S(TIME_WAIT), 60000);
	const struct tlc_told *told;
	struct tlc_tally tally;

	connect_it(&rec);
	close_first(&rec, 5);
	tally = apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 2);
	ev = state(110, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.segs_in = 5;
	tally = apply(&rec, ev);

	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	told = &tally.told[0];
	KUNIT_EXPECT_EQ(test, (int)told->replaces, 2);
	KUNIT_EXPECT_EQ(test, (int)told->entry.from, (int)S(FIN_WAIT_1));
	KUNIT_EXPECT_EQ(test, (int)told->entry.to, (int)S(TIME_WAIT));
	KUNIT_EXPECT_EQ(test, told->stay_us, 10000ULL);
}

static void a_stillborn_child_is_taken_back(struct kunit *test)
{
	struct tlc_event ev = request(0, true);
	struct tlc_tally tally;

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	ev = state(21, S(SYN_RECV), S(CLOSED));
	ev.tcp.unhashed = true;
	tally = apply(&rec, ev);

	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].replaces, 1);
	KUNIT_EXPECT_FALSE(test, tlc_history_is_move(&tally.told[0].entry));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(NEW_SYN_RECV));
}

static void nothing_is_told_to_nobody(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	struct tlc_tally tally;

	connect_it(&rec);
	tlc_tally_init(&tally, false);
	tlc_record_apply(&rec, &ev, &tally);
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 0);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(FIN_WAIT_1));
	tlc_record_end_missed(&rec, &ev, &tally);
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 0);
	KUNIT_EXPECT_EQ(test, (int)tally.gaps, 1);
}

static int init(struct kunit *test)
{
	memset(&rec, 0, sizeof(rec));
	return 0;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(connect_is_told_with_its_syn),
	KUNIT_CASE(a_connect_without_a_syn_is_told_at_its_end),
	KUNIT_CASE(a_repeated_timer_is_told_each_time),
	KUNIT_CASE(what_found_no_room_is_told_all_the_same),
	KUNIT_CASE(one_segment_that_did_both_takes_two_steps_back),
	KUNIT_CASE(a_stillborn_child_is_taken_back),
	KUNIT_CASE(nothing_is_told_to_nobody),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_told",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
