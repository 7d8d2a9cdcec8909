// SPDX-License-Identifier: GPL-2.0
/*
 * midlife_test.c: what a record learns between opening and closing.
 */
#include <kunit/test.h>

#include "../module/history.h"
#include "life.h"

static struct tlc_record rec;

/* A full segment of @eff on a path of @pmtu. */
static struct tlc_event mss(u64 ticks, u16 eff, u32 pmtu)
{
	struct tlc_event ev = event(TLC_EVENT_MSS, ticks);

	ev.mss = (struct tlc_mss_facts) {
		.eff = eff, .clamp = 1460, .dev_mtu = 1500, .pmtu = pmtu,
		.header = 40, .options = 12, .pmtu_learned = pmtu < 1500,
	};
	return ev;
}

static void connect_with_mss(u16 eff, u32 pmtu)
{
	struct tlc_event ev = state(30, S(SYN_SENT), S(ESTABLISHED)), first;

	first = state(0, S(CLOSED), S(SYN_SENT));
	begin(&rec, &first);
	ev.mss = mss(30, eff, pmtu).mss;
	apply(&rec, ev);
}

static void a_changed_mss_is_told_and_followed(struct kunit *test)
{
	const struct tlc_entry *e;
	struct tlc_tally tally;

	connect_with_mss(1448, 1500);
	tally = apply(&rec, mss(100, 1148, 1200));
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	e = tlc_history_find(&rec, C(MSS_CHANGED));
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, (int)e->mss_old, 1448);
	KUNIT_EXPECT_EQ(test, (int)e->mss_new, 1148);
	KUNIT_EXPECT_EQ(test, (int)e->mss_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff, 1148);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
}

static void an_mss_that_did_not_change_is_no_news(struct kunit *test)
{
	connect_with_mss(1448, 1500);
	apply(&rec, mss(100, 1448, 1500));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void before_it_is_open_an_mss_does_not_change(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	apply(&rec, mss(10, 1148, 1200));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void a_window_that_grew_is_no_news_of_the_path(struct kunit *test)
{
	connect_with_mss(500, 1500);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_WINDOW);
	apply(&rec, mss(100, 1448, 1500));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff, 1448);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_MTU);
}

static void a_path_narrower_than_the_window_is_news(struct kunit *test)
{
	connect_with_mss(1300, 1500);
	apply(&rec, mss(100, 1148, 1200));
	KUNIT_EXPECT_NOT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void mtu_probing_counts_as_path_mtu_discovery(struct kunit *test)
{
	struct tlc_event ev = mss(100, 1024, 1500);

	connect_with_mss(1448, 1500);
	ev.mss.probed_mtu = 1024 + 40 + 12;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
}

static void a_change_no_hook_told_is_seen_at_our_fin(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	connect_with_mss(1448, 1500);
	ev.mss = mss(100, 1148, 1200).mss;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[2].cause, (int)C(MSS_CHANGED));
	EXPECT_MOVE(test, &rec, 3, ESTABLISHED, FIN_WAIT_1, UNKNOWN);
}

static void a_path_that_goes_on_changing_does_not_fill_the_record(struct kunit *test)
{
	const struct tlc_entry *e;
	u32 i;

	connect_with_mss(1448, 1500);
	for (i = 1; i <= 300; i++)
		apply(&rec, mss(1000 * i, 1448 - i, 1500 - i));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 2 + 4);
	KUNIT_EXPECT_EQ(test, (int)rec.dropped, 0);
	e = tlc_history_find(&rec, C(MSS_CHANGED));
	KUNIT_EXPECT_EQ(test, (int)e->mss_old, 1448 - 3);
	KUNIT_EXPECT_EQ(test, (int)e->mss_new, 1448 - 300);
	KUNIT_EXPECT_EQ(test, (int)e->mss_count, 255);
	KUNIT_EXPECT_EQ(test, (int)e->mss_last_s, 296);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_changed_mss_is_told_and_followed),
	KUNIT_CASE(an_mss_that_did_not_change_is_no_news),
	KUNIT_CASE(before_it_is_open_an_mss_does_not_change),
	KUNIT_CASE(a_window_that_grew_is_no_news_of_the_path),
	KUNIT_CASE(a_path_narrower_than_the_window_is_news),
	KUNIT_CASE(mtu_probing_counts_as_path_mtu_discovery),
	KUNIT_CASE(a_change_no_hook_told_is_seen_at_our_fin),
	KUNIT_CASE(a_path_that_goes_on_changing_does_not_fill_the_record),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_midlife",
	.test_cases = cases,
};
kunit_test_suite(suite);
