// SPDX-License-Identifier: GPL-2.0-only
/*
 * ended_test.c: which ended connections who listens is told of, in which order, and what
 * is counted where a record goes before.
 */
#include "feed/ended.h"
#include "table.h"

#define NET	77	/* cookie of the namespace they are of */

static struct tlc_feed_net everyone, own;
static struct tlc_ident mine;

static noinline_for_stack void open_mine(u64 cookie, u64 ticks)
{
	deliver_from(cookie, &mine, state(ticks, S(CLOSED), S(SYN_SENT)));
}

static noinline_for_stack void end_mine(u64 cookie, u64 ticks)
{
	deliver_from(cookie, &mine, state(ticks, S(SYN_SENT), S(CLOSED)));
}

static void live_and_end(u64 cookie, u64 ticks)
{
	open_mine(cookie, ticks);
	end_mine(cookie, ticks + 1);
}

static bool next(void)
{
	return tlc_conn_next_ended(U64_MAX, &seen);
}

static u64 lost(const struct tlc_feed_net *net)
{
	return atomic64_read(&net->lost);
}

static void listen(struct tlc_feed_net *net)
{
	net->listening = true;
	tlc_ended_on = true;
}

static void nothing_is_kept_while_nobody_listens(struct kunit *test)
{
	live_and_end(1, 1);
	listen(&own);
	KUNIT_EXPECT_FALSE(test, tlc_conn_any_ended());
	KUNIT_EXPECT_FALSE(test, next());
}

static void each_is_told_once_in_the_order_of_their_ends(struct kunit *test)
{
	u64 cookie;

	listen(&own);
	for (cookie = 1; cookie <= 5; cookie++)
		open_mine(cookie, cookie);
	for (cookie = 5; cookie >= 1; cookie--)
		end_mine(cookie, 20 - cookie);

	for (cookie = 5; cookie >= 1; cookie--) {
		KUNIT_ASSERT_TRUE(test, next());
		KUNIT_EXPECT_EQ(test, seen.cookie, cookie);
		KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(CLOSED));
		KUNIT_EXPECT_EQ(test, (int)seen.nr, 2);
	}
	KUNIT_EXPECT_FALSE(test, next());
	KUNIT_EXPECT_EQ(test, lost(&own), 0ULL);
}

static void what_was_told_stays_on_record(struct kunit *test)
{
	listen(&own);
	live_and_end(1, 1);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
	KUNIT_EXPECT_TRUE(test, next());
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
	KUNIT_EXPECT_EQ(test, count(1), 1U);
	KUNIT_EXPECT_EQ(test, tlc_ageing_look(U64_MAX), 1U);
	KUNIT_EXPECT_EQ(test, lost(&own), 0ULL);
}

static void one_that_ended_just_now_is_waited_for(struct kunit *test)
{
	listen(&own);
	live_and_end(1, 1);
	live_and_end(2, 10);
	KUNIT_EXPECT_TRUE(test, tlc_conn_next_ended(BORN + 5 * TICK, &seen));
	KUNIT_EXPECT_EQ(test, seen.cookie, 1ULL);
	KUNIT_EXPECT_FALSE(test, tlc_conn_next_ended(BORN + 5 * TICK, &seen));
	KUNIT_EXPECT_TRUE(test, tlc_conn_any_ended());
	KUNIT_EXPECT_TRUE(test, next());
	KUNIT_EXPECT_FALSE(test, tlc_conn_any_ended());
}

/* The RST of a close() with data unread. */
static void what_comes_behind_the_end_is_told_with_it(struct kunit *test)
{
	struct tlc_event rst = event(TLC_EVENT_RST_OUT, 3);

	listen(&own);
	live_and_end(1, 1);
	rst.from = S(CLOSED);
	deliver_from(1, &mine, rst);
	KUNIT_ASSERT_TRUE(test, next());
	KUNIT_EXPECT_EQ(test, (int)seen.entry[seen.nr - 1].cause, (int)C(RST_OUT));
}

static void a_namespace_where_nobody_listens_is_left_out(struct kunit *test)
{
	struct tlc_ident other = mine;

	listen(&own);
	other.net = NET + 1;
	deliver_from(1, &other, state(1, S(CLOSED), S(SYN_SENT)));
	deliver_from(1, &other, state(2, S(SYN_SENT), S(CLOSED)));
	KUNIT_EXPECT_FALSE(test, next());
}

static void who_listens_to_all_gets_those_of_unknown_namespaces(struct kunit *test)
{
	struct tlc_ident other = mine;

	listen(&everyone);
	other.net = NET + 1;
	deliver_from(1, &other, state(1, S(CLOSED), S(SYN_SENT)));
	deliver_from(1, &other, state(2, S(SYN_SENT), S(CLOSED)));
	KUNIT_EXPECT_TRUE(test, next());
	KUNIT_EXPECT_FALSE(test, next());
}

static void a_listener_that_ends_is_no_connection(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 1);

	listen(&own);
	deliver_from(1, &mine, ev);
	deliver_from(1, &mine, state(2, S(LISTEN), S(CLOSED)));
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
	KUNIT_EXPECT_FALSE(test, next());
}

static void a_new_connection_takes_the_record_of_one_untold_and_that_is_counted(struct kunit *test)
{
	u64 cookie;

	listen(&own);
	for (cookie = 1; cookie <= params.records; cookie++)
		live_and_end(cookie, cookie);
	for (; cookie <= params.records + 3; cookie++)
		open_mine(cookie, cookie);

	KUNIT_EXPECT_EQ(test, tlc_usage().live, 3U);
	KUNIT_EXPECT_EQ(test, lost(&own), 3ULL);
	KUNIT_EXPECT_EQ(test, lost(&everyone), 0ULL);
	for (cookie = 4; cookie <= params.records; cookie++) {
		KUNIT_ASSERT_TRUE(test, next());
		KUNIT_EXPECT_EQ(test, seen.cookie, cookie);
	}
	KUNIT_EXPECT_FALSE(test, next());
}

static void one_that_was_told_goes_before_any_that_was_not(struct kunit *test)
{
	u64 cookie;

	listen(&own);
	for (cookie = 1; cookie <= params.records; cookie++)
		live_and_end(cookie, cookie);
	KUNIT_ASSERT_TRUE(test, next());
	open_mine(cookie, cookie);
	KUNIT_EXPECT_EQ(test, lost(&own), 0ULL);
	KUNIT_EXPECT_EQ(test, count(1), 0U);
}

static void what_is_cleared_untold_is_counted(struct kunit *test)
{
	listen(&own);
	listen(&everyone);
	live_and_end(1, 1);
	KUNIT_EXPECT_EQ(test, tlc_ageing_look(U64_MAX), 1U);
	KUNIT_EXPECT_EQ(test, lost(&own), 1ULL);
	KUNIT_EXPECT_EQ(test, lost(&everyone), 1ULL);
	KUNIT_EXPECT_FALSE(test, next());
}

/* One socket, connected again and again: the eldest of its records go. */
static void generations_that_go_untold_are_counted(struct kunit *test)
{
	unsigned int i;
	u32 generation;

	listen(&own);
	for (i = 0; i < 20; i++)
		live_and_end(1, 1 + 2 * i);
	KUNIT_EXPECT_EQ(test, lost(&own), 20ULL - count(1));
	for (generation = 20 - count(1); generation < 20; generation++) {
		KUNIT_ASSERT_TRUE(test, next());
		KUNIT_EXPECT_EQ(test, seen.generation, generation);
	}
	KUNIT_EXPECT_FALSE(test, next());
}

/* Its end was missed, and is told as its socket begins anew. */
static void an_end_that_was_missed_is_told(struct kunit *test)
{
	listen(&own);
	open_mine(1, 1);
	open_mine(1, 5);
	KUNIT_ASSERT_TRUE(test, next());
	KUNIT_EXPECT_EQ(test, (int)seen.close, (int)TCP_LIFECYCLE_CLOSE_UNKNOWN);
	KUNIT_EXPECT_FALSE(test, next());
}

static int ended_test_init(struct kunit *test)
{
	int err = table_init(test);

	everyone = (struct tlc_feed_net){ .kind = TLC_FEED_ENDED };
	own = (struct tlc_feed_net){ .net = NET, .kind = TLC_FEED_ENDED };
	mine = who;
	mine.net = NET;
	tlc_ended_init(&everyone);
	tlc_feed_add_net(&own);
	return err;
}

static void ended_test_exit(struct kunit *test)
{
	tlc_ended_on = false;
	tlc_feed_del_net(&own);
	table_exit(test);
}

static struct kunit_case ended_cases[] = {
	KUNIT_CASE(nothing_is_kept_while_nobody_listens),
	KUNIT_CASE(each_is_told_once_in_the_order_of_their_ends),
	KUNIT_CASE(what_was_told_stays_on_record),
	KUNIT_CASE(one_that_ended_just_now_is_waited_for),
	KUNIT_CASE(what_comes_behind_the_end_is_told_with_it),
	KUNIT_CASE(a_namespace_where_nobody_listens_is_left_out),
	KUNIT_CASE(who_listens_to_all_gets_those_of_unknown_namespaces),
	KUNIT_CASE(a_listener_that_ends_is_no_connection),
	KUNIT_CASE(a_new_connection_takes_the_record_of_one_untold_and_that_is_counted),
	KUNIT_CASE(one_that_was_told_goes_before_any_that_was_not),
	KUNIT_CASE(what_is_cleared_untold_is_counted),
	KUNIT_CASE(generations_that_go_untold_are_counted),
	KUNIT_CASE(an_end_that_was_missed_is_told),
	{}
};

static struct kunit_suite ended_suite = {
	.name = "tcp_lifecycle_ended",
	.init = ended_test_init,
	.exit = ended_test_exit,
	.test_cases = ended_cases,
};

kunit_test_suite(ended_suite);
