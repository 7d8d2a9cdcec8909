// SPDX-License-Identifier: GPL-2.0-only
/*
 * gone_test.c: records whose sockets the census finds nowhere.
 */
#include "life/reading.h"
#include "table.h"

/* As by the census: every socket there is has been seen, but for this one. */
static unsigned int end_those_gone(u64 cookie, u64 quiet_since)
{
	struct tlc_event gone = event(TLC_EVENT_GONE, 1000);
	struct tlc_record rec;
	unsigned int n = 0, i;

	for (i = 0; i < tlc_pool_slots(); i++)
		if (tlc_conn_read(i, NULL, NULL, &rec) && rec.cookie == cookie)
			n += tlc_conn_end_unseen(i, BORN + quiet_since * TICK, &gone);
	return n;
}

static void a_record_whose_socket_is_gone_ends(struct kunit *test)
{
	u64 gaps = tlc_stats_sum(TLC_STAT_GAPS);

	open_one(5, 0);
	deliver(5, state(100, S(SYN_SENT), S(ESTABLISHED)));
	open_one(6, 0);

	/* Something was told of it since. */
	KUNIT_EXPECT_EQ(test, end_those_gone(5, 100), 0U);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 2U);

	KUNIT_EXPECT_EQ(test, end_those_gone(5, 101), 1U);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, seen.died, BORN + 1000 * TICK);
	KUNIT_EXPECT_EQ(test, (int)seen.close, (int)TCP_LIFECYCLE_CLOSE_UNKNOWN);
	KUNIT_EXPECT_EQ(test, (int)seen.entry[seen.nr - 1].cause, (int)C(MISSED));
	KUNIT_EXPECT_EQ(test, (int)seen.gaps, 1);
	KUNIT_EXPECT_EQ(test, (int)seen.entry[seen.nr - 1].from, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)seen.entry[seen.nr - 1].to, (int)S(CLOSED));
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_GAPS), gaps + 1);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);

	/* Once. */
	KUNIT_EXPECT_EQ(test, end_those_gone(5, 5000), 0U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
}

/* How it closed was known by then; how long it was in TIME_WAIT is not. */
static void a_timewait_socket_that_is_gone_ends(struct kunit *test)
{
	u64 us;

	open_one(5, 0);
	deliver(5, state(10, S(SYN_SENT), S(ESTABLISHED)));
	deliver(5, state(20, S(ESTABLISHED), S(FIN_WAIT_1)));
	deliver(5, state(30, S(FIN_WAIT_1), S(FIN_WAIT_2)));
	deliver(5, new_timewait(40, S(TIME_WAIT), 60000));
	KUNIT_EXPECT_EQ(test, end_those_gone(5, 900), 1U);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.close, (int)TCP_LIFECYCLE_CLOSE_FIN);
	KUNIT_EXPECT_EQ(test, (int)seen.first, (int)TCP_LIFECYCLE_FIRST_LOCAL);
	KUNIT_EXPECT_EQ(test, (int)seen.entry[seen.nr - 1].cause, (int)C(MISSED));
	KUNIT_EXPECT_FALSE(test, tlc_reading_tw_actual(&seen, &us));
}

static void a_slot_is_found_by_what_a_socket_says(struct kunit *test)
{
	struct tlc_event ev = { };
	struct tlc_ident id = who;
	struct tlc_record rec;
	unsigned long flags;
	int slot;
	u16 i;

	open_one(9, 0);
	for (i = 0; i < 3; i++)
		leave_timewait(5, 1000 + i, 10 * i);
	open_one(5, 100);

	local_irq_save(flags);
	ev.cookie = 77;
	KUNIT_EXPECT_EQ(test, tlc_conn_slot(&ev, ident, &who), -1);
	ev.cookie = 5;
	slot = tlc_conn_slot(&ev, ident, &who);
	KUNIT_EXPECT_TRUE(test, tlc_conn_read(slot, NULL, NULL, &rec));
	KUNIT_EXPECT_EQ(test, rec.generation, 3U);
	ev.timewait = true;
	for (i = 0; i < 3; i++) {
		id.lport = 1000 + i;
		slot = tlc_conn_slot(&ev, ident, &id);
		KUNIT_EXPECT_TRUE(test, tlc_conn_read(slot, NULL, NULL, &rec));
		KUNIT_EXPECT_EQ(test, rec.generation, (u32)i);
	}
	local_irq_restore(flags);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_record_whose_socket_is_gone_ends),
	KUNIT_CASE(a_timewait_socket_that_is_gone_ends),
	KUNIT_CASE(a_slot_is_found_by_what_a_socket_says),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_gone",
	.init = table_init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
