// SPDX-License-Identifier: GPL-2.0-only
/*
 * told_test.c: what an event tells the feed and the totals: each entry once, as
 * it ends up on record.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/history.h"
#include "totals/stats.h"

static struct tlc_record rec;

static u64 edge(u8 from, u8 to)
{
	struct tlc_stats *total = kzalloc(sizeof(*total), GFP_KERNEL);
	u64 n;

	tlc_stats_total(total);
	n = total->edge[from][to];
	kfree(total);
	return n;
}

/* As a handler does. */
static void take(const struct tlc_tally *tally)
{
	unsigned long flags;

	local_irq_save(flags);
	tlc_stats_take(&rec, tally);
	local_irq_restore(flags);
}

static void let(struct tlc_event ev)
{
	struct tlc_tally tally = apply(&rec, ev);

	take(&tally);
}

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

static void the_matrix_says_what_the_record_says(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	connect_it(&rec);
	let(ev);
	ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
	ev.tcp.segs_in = 5;
	let(ev);
	KUNIT_EXPECT_EQ(test, edge(S(FIN_WAIT_1), S(FIN_WAIT_2)), 1ULL);
	let(new_timewait(110, S(TIME_WAIT), 60000));
	ev = state(110, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.segs_in = 5;
	let(ev);

	KUNIT_EXPECT_EQ(test, edge(S(ESTABLISHED), S(FIN_WAIT_1)), 1ULL);
	KUNIT_EXPECT_EQ(test, edge(S(FIN_WAIT_1), S(TIME_WAIT)), 1ULL);
	KUNIT_EXPECT_EQ(test, edge(S(FIN_WAIT_1), S(FIN_WAIT_2)), 0ULL);
	KUNIT_EXPECT_EQ(test, edge(S(FIN_WAIT_2), S(TIME_WAIT)), 0ULL);
}

static void a_stillborn_child_is_taken_back(struct kunit *test)
{
	struct tlc_event ev = request(0, true);
	struct tlc_tally tally;

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	let(ev);
	ev = state(21, S(SYN_RECV), S(CLOSED));
	ev.tcp.unhashed = true;
	tally = apply(&rec, ev);
	take(&tally);

	KUNIT_ASSERT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.told[0].replaces, 1);
	KUNIT_EXPECT_FALSE(test, tlc_history_is_move(&tally.told[0].entry));
	KUNIT_EXPECT_EQ(test, edge(S(NEW_SYN_RECV), S(SYN_RECV)), 0ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(NEW_SYN_RECV));
}

static void times_are_counted_by_powers_of_two(struct kunit *test)
{
	static const struct {
		u64 us, least;
	} some[] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 2 }, { 1023, 512 },
		     { 1024, 1024 }, { 60000000, 33554432 } };
	struct tlc_tally tally = { .nr = 1, .told[0].entry = {
		.from = S(TIME_WAIT), .to = S(CLOSED) } };
	struct tlc_stats *total = kunit_kzalloc(test, sizeof(*total), GFP_KERNEL);
	unsigned int i, b;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		tally.told[0].stay_us = some[i].us;
		take(&tally);
		tlc_stats_total(total);
		for (b = 0; !total->stay[S(TIME_WAIT)][b]; b++)
			KUNIT_ASSERT_LT(test, b, TLC_BUCKETS - 1U);
		KUNIT_EXPECT_EQ(test, tlc_stats_bucket_least(b), some[i].least);
		/* Taken back, so that the next one is found. */
		tally.told[0].replaces = 1;
		tally.told[0].gone[0] = (struct tlc_gone) {
			.from = S(TIME_WAIT), .to = S(CLOSED), .stay_us = some[i].us };
		tally.told[0].entry.to = S(TIME_WAIT);
		take(&tally);
		tally.told[0].replaces = 0;
		tally.told[0].entry.to = S(CLOSED);
	}
}

static void the_longest_time_has_a_bucket(struct kunit *test)
{
	struct tlc_tally tally = { .nr = 1, .told[0] = {
		.entry = { .from = S(LISTEN), .to = S(CLOSED) },
		.stay_us = U64_MAX - 1 } };
	struct tlc_stats *total = kunit_kzalloc(test, sizeof(*total), GFP_KERNEL);

	take(&tally);
	tlc_stats_total(total);
	KUNIT_EXPECT_EQ(test, total->stay[S(LISTEN)][TLC_BUCKETS - 1], 1ULL);
}

static int init(struct kunit *test)
{
	memset(&rec, 0, sizeof(rec));
	return tlc_stats_init();
}

static void tear_down(struct kunit *test)
{
	tlc_stats_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(connect_is_told_with_its_syn),
	KUNIT_CASE(a_connect_without_a_syn_is_told_at_its_end),
	KUNIT_CASE(a_repeated_timer_is_told_each_time),
	KUNIT_CASE(what_found_no_room_is_told_all_the_same),
	KUNIT_CASE(one_segment_that_did_both_takes_two_steps_back),
	KUNIT_CASE(the_matrix_says_what_the_record_says),
	KUNIT_CASE(a_stillborn_child_is_taken_back),
	KUNIT_CASE(times_are_counted_by_powers_of_two),
	KUNIT_CASE(the_longest_time_has_a_bucket),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_told",
	.init = init,
	.exit = tear_down,
	.test_cases = cases,
};

kunit_test_suite(suite);
