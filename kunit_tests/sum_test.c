// SPDX-License-Identifier: GPL-2.0-only
/*
 * sum_test.c: what the transitions in the table add up to, whatever became of the records.
 */
#include <kunit/test.h>

#include "table.h"

#define GENERATIONS 20	/* of which 16 have room */

static struct tlc_lives *sum;

static void expect(struct kunit *test, u64 opened, u64 closing)
{
	KUNIT_ASSERT_EQ(test, tlc_conn_sum(sum), 0);
	KUNIT_EXPECT_EQ(test, sum->edge[S(SYN_SENT)][S(ESTABLISHED)], opened);
	KUNIT_EXPECT_EQ(test, sum->edge[S(ESTABLISHED)][S(FIN_WAIT_1)], closing);
}

static void those_without_room_stay_in_the_sum(struct kunit *test)
{
	unsigned int i;

	for (i = 1; i <= GENERATIONS; i++) {
		leave_timewait(5, 1000 + i, 10 * i);
		expect(test, i, i);
	}
	KUNIT_EXPECT_LT(test, count(5), (unsigned int)GENERATIONS);
}

static void who_lives_is_in_the_sum_once(struct kunit *test)
{
	deliver(7, state(0, S(CLOSED), S(SYN_SENT)));
	deliver(7, event(TLC_EVENT_CONNECT, 0));
	deliver(7, state(1, S(SYN_SENT), S(ESTABLISHED)));
	expect(test, 1, 0);
	deliver(7, state(2, S(ESTABLISHED), S(FIN_WAIT_1)));
	expect(test, 1, 1);
	deliver(7, state(3, S(FIN_WAIT_1), S(CLOSED)));
	expect(test, 1, 1);
	expect(test, 1, 1);
}

static int init(struct kunit *test)
{
	sum = kunit_kzalloc(test, sizeof(*sum), GFP_KERNEL);
	return sum ? table_init(test) : -ENOMEM;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(those_without_room_stay_in_the_sum),
	KUNIT_CASE(who_lives_is_in_the_sum_once),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_sum",
	.init = init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
