// SPDX-License-Identifier: GPL-2.0-only
/*
 * repair_test.c: what is restored, shut and closed in repair mode.
 */
#include <kunit/test.h>

#include "life.h"

static struct tlc_record rec;

static struct tlc_tally restore_it(void)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CONNECT, 0);
	ev.cause = C(RESTORED);
	apply(&rec, ev);
	return apply(&rec, state(0, S(SYN_SENT), S(ESTABLISHED)));
}

static void a_restored_one_had_no_handshake(struct kunit *test)
{
	struct tlc_tally tally = restore_it();
	int i;

	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_RESTORED);
	KUNIT_EXPECT_EQ(test, rec.flags & (TLC_FLAG_ISN | TLC_FLAG_PEER_ISN | TLC_FLAG_RTT |
					   TLC_FLAG_OFFERED | TLC_FLAG_AGREED), 0U);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_adv, 0);
	KUNIT_ASSERT_EQ(test, (int)rec.nr, 2);
	KUNIT_ASSERT_EQ(test, (int)tally.nr, 2);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, (int)rec.entry[i].cause, (int)C(RESTORED));
		KUNIT_EXPECT_FALSE(test, rec.entry[i].has_seq);
		KUNIT_EXPECT_EQ(test, (int)tally.told[i].entry.cause, (int)C(RESTORED));
	}
}

static void its_options_are_known_when_the_repair_is_over(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_REPAIRED, 10);

	ev.agreed = TCP_LIFECYCLE_OPT_SACK;
	ev.wscale[0] = 7;
	ev.mss.eff = 524;
	restore_it();
	apply(&rec, ev);
	KUNIT_EXPECT_NE(test, rec.flags & TLC_FLAG_AGREED, 0U);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.agreed, (int)TCP_LIFECYCLE_OPT_SACK);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.wscale[0], 7);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff, 524);

	/* Of another one it says nothing new. */
	connect_it(&rec);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.wscale[0], 0);
}

static void or_when_it_closes(struct kunit *test)
{
	struct tlc_event ev = state(20, S(ESTABLISHED), S(FIN_WAIT_1));

	ev.agreed = TCP_LIFECYCLE_OPT_SACK;
	restore_it();
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.agreed, (int)TCP_LIFECYCLE_OPT_SACK);
}

/* The kernel counts a SYN among what was acknowledged; here was none. */
static void all_that_was_acknowledged_is_data(struct kunit *test)
{
	struct tlc_event ev = state(20, S(ESTABLISHED), S(CLOSE_WAIT));

	ev.tcp.bytes_acked = 100;
	restore_it();
	apply(&rec, event(TLC_EVENT_REPAIRED, 10));
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.conn.tx, 100ULL);
}

static void a_fin_that_does_not_leave_is_silent(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, 20);

	connect_it(&rec);
	ev.from = S(ESTABLISHED);
	ev.cause = C(SHUTDOWN);
	apply(&rec, ev);
	ev = state(20, S(ESTABLISHED), S(FIN_WAIT_1));
	ev.cause = C(SILENT);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(SILENT));
}

static void in_repair_mode_the_end_is_silent(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, 20);

	connect_it(&rec);
	ev.from = S(ESTABLISHED);
	ev.cause = C(SILENT);
	apply(&rec, ev);
	ev = state(20, S(ESTABLISHED), S(CLOSED));
	ev.tcp.both_shut = true;
	ev.cause = C(EXIT);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, SILENT, LOCAL);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(SILENT));
	KUNIT_EXPECT_FALSE(test, rec.entry[rec.nr - 1].has_seq);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_restored_one_had_no_handshake),
	KUNIT_CASE(its_options_are_known_when_the_repair_is_over),
	KUNIT_CASE(or_when_it_closes),
	KUNIT_CASE(all_that_was_acknowledged_is_data),
	KUNIT_CASE(a_fin_that_does_not_leave_is_silent),
	KUNIT_CASE(in_repair_mode_the_end_is_silent),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_repair",
	.test_cases = cases,
};

kunit_test_suite(suite);
