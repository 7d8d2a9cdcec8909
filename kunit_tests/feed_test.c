// SPDX-License-Identifier: GPL-2.0-only
/*
 * feed_test.c: the rings: order, wrapping, what finds no room, who is asked.
 */
#include <kunit/test.h>
#include <linux/preempt.h>

#include "feed/feed.h"
#include "life.h"

#define SIZE	8	/* events the ring holds */
#define NET	77	/* cookie of the namespace events are of */

static struct tlc_feed_net everyone, own;
static struct tlc_feed_event seen;
static unsigned int kicks[2];
static u64 clock_ns;

static u64 clock(void)
{
	return clock_ns;
}

static void kick(enum tlc_feed_kick how)
{
	kicks[how]++;
}

/* One event at @ticks, made of @nr entries. */
static void push(u64 ticks, unsigned int nr)
{
	struct tlc_record rec = { .cookie = COOKIE, .born = BORN, .id.net = NET };
	struct tlc_tally tally = { .telling = true, .nr = nr };
	unsigned int i;

	for (i = 0; i < nr; i++)
		tally.told[i].entry = (struct tlc_entry) {
			.at_us = ticks * 1000, .from = S(SYN_SENT),
			.to = S(ESTABLISHED), .cause = i,
		};
	clock_ns = BORN + ticks * TICK;
	preempt_disable();
	tlc_feed_push(&rec, &tally, clock_ns);
	preempt_enable();
}

static bool pop_until(u64 until)
{
	const struct tlc_feed_event *ev = tlc_feed_peek(until);

	if (!ev)
		return false;
	seen = *ev;
	tlc_feed_release();
	return true;
}

static bool pop(void)
{
	return pop_until(U64_MAX);
}

static u64 at(void)
{
	return (seen.order - BORN) / TICK;
}

static void nothing_is_kept_while_nobody_listens(struct kunit *test)
{
	push(1, 1);
	KUNIT_EXPECT_TRUE(test, tlc_feed_empty());
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_SOON], 0U);
}

static void a_listener_elsewhere_is_not_asked(struct kunit *test)
{
	tlc_feed_del_net(&own);
	own.net = NET + 1;
	tlc_feed_add_net(&own);
	own.listening = true;
	push(1, 1);
	KUNIT_EXPECT_TRUE(test, tlc_feed_empty());
}

static void who_listens_to_all_gets_those_of_unknown_namespaces(struct kunit *test)
{
	tlc_feed_del_net(&own);
	own.net = NET + 1;
	tlc_feed_add_net(&own);
	everyone.listening = true;
	push(1, 1);
	KUNIT_EXPECT_TRUE(test, pop());
}

static void an_event_arrives_as_it_was_told(struct kunit *test)
{
	struct tlc_record rec = {
		.cookie = COOKIE, .born = BORN, .generation = 3,
		.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
		.close = TCP_LIFECYCLE_CLOSE_FIN, .first = TCP_LIFECYCLE_FIRST_PEER,
		.id = { .net = NET, .netns = 5, .lport = 80, .rport = 1024 },
	};
	struct tlc_tally tally = {
		.telling = true,
		.nr = 1,
		.told[0] = {
			.entry = { .at_us = 12, .from = S(LAST_ACK), .to = S(CLOSED),
				   .cause = C(FIN_ACKED) },
			.stay_us = 7, .gap = true, .replaces = 2,
		},
	};

	own.listening = true;
	preempt_disable();
	tlc_feed_push(&rec, &tally, BORN + 12000);
	preempt_enable();

	KUNIT_ASSERT_TRUE(test, pop());
	KUNIT_EXPECT_EQ(test, seen.cookie, COOKIE);
	KUNIT_EXPECT_EQ(test, seen.generation, 3U);
	KUNIT_EXPECT_EQ(test, seen.born, BORN);
	KUNIT_EXPECT_EQ(test, seen.stay_us, 7ULL);
	KUNIT_EXPECT_EQ(test, (int)seen.id.lport, 80);
	KUNIT_EXPECT_EQ(test, seen.id.netns, 5U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(CLOSED));
	KUNIT_EXPECT_EQ(test, (int)seen.open, (int)TCP_LIFECYCLE_OPEN_PASSIVE);
	KUNIT_EXPECT_EQ(test, (int)seen.close, (int)TCP_LIFECYCLE_CLOSE_FIN);
	KUNIT_EXPECT_EQ(test, (int)seen.first, (int)TCP_LIFECYCLE_FIRST_PEER);
	KUNIT_EXPECT_EQ(test, (int)seen.entry.cause, (int)C(FIN_ACKED));
	KUNIT_EXPECT_TRUE(test, seen.gap);
	KUNIT_EXPECT_EQ(test, (int)seen.replaces, 2);
	KUNIT_EXPECT_FALSE(test, pop());
}

static void order_survives_the_end_of_the_ring(struct kunit *test)
{
	u64 in = 0, out = 0;
	int round, i;

	own.listening = true;
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 5; i++)
			push(in++, 1);
		for (i = 0; i < 5; i++) {
			KUNIT_ASSERT_TRUE(test, pop());
			KUNIT_EXPECT_EQ(test, at(), out++);
		}
	}
	KUNIT_EXPECT_TRUE(test, tlc_feed_empty());
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&own.lost), 0ULL);
}

static void what_finds_no_room_is_counted_one_by_one(struct kunit *test)
{
	u64 i;

	own.listening = true;
	for (i = 0; i < SIZE - 1; i++)
		push(i, 1);
	/* Three entries, room for one. */
	push(i, 3);
	push(i + 1, 1);

	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&own.lost), 3ULL);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&everyone.lost), 0ULL);
	for (i = 0; i < SIZE; i++) {
		KUNIT_ASSERT_TRUE(test, pop());
		KUNIT_EXPECT_EQ(test, at(), i);
	}
	KUNIT_EXPECT_FALSE(test, pop());

	/* There is room again. */
	push(100, 1);
	KUNIT_EXPECT_TRUE(test, pop());
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&own.lost), 3ULL);
}

static void each_who_listens_has_its_own_count_of_losses(struct kunit *test)
{
	u64 i;

	everyone.listening = true;
	for (i = 0; i < SIZE + 2; i++)
		push(i, 1);
	own.listening = true;
	push(i, 1);

	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&everyone.lost), 3ULL);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&own.lost), 1ULL);
}

static void what_is_younger_stays(struct kunit *test)
{
	own.listening = true;
	push(1, 1);
	push(5, 1);
	KUNIT_EXPECT_TRUE(test, pop_until(BORN + 4 * TICK));
	KUNIT_EXPECT_EQ(test, at(), 1ULL);
	KUNIT_EXPECT_FALSE(test, pop_until(BORN + 4 * TICK));
	KUNIT_EXPECT_FALSE(test, tlc_feed_empty());

	tlc_feed_rearm();
	KUNIT_EXPECT_TRUE(test, pop());
	KUNIT_EXPECT_EQ(test, at(), 5ULL);
}

/* A virtual CPU that was taken off its processor within a handler, for as long as it likes. */
static void what_a_handler_has_yet_to_tell_is_waited_for(struct kunit *test)
{
	bool entered;

	own.listening = true;
	tlc_feed_on = true;
	push(1, 1);
	clock_ns = BORN + 2 * TICK;
	preempt_disable();
	entered = tlc_feed_enter();
	KUNIT_EXPECT_TRUE(test, entered);
	/* As from another CPU; this one has only one ring. */
	clock_ns = BORN + 5000 * TICK;
	KUNIT_EXPECT_LT(test, tlc_feed_until(), BORN + 2 * TICK);
	KUNIT_EXPECT_TRUE(test, pop_until(tlc_feed_until()));
	KUNIT_EXPECT_EQ(test, at(), 1ULL);
	KUNIT_EXPECT_FALSE(test, pop_until(tlc_feed_until()));

	push(2, 1);
	clock_ns = BORN + 5000 * TICK;
	KUNIT_EXPECT_FALSE(test, pop_until(tlc_feed_until()));
	tlc_feed_leave(entered);
	preempt_enable();
	tlc_feed_rearm();
	KUNIT_EXPECT_GT(test, tlc_feed_until(), BORN + 4999 * TICK);
	KUNIT_EXPECT_TRUE(test, pop_until(tlc_feed_until()));
	KUNIT_EXPECT_EQ(test, at(), 2ULL);
}

static void who_has_not_entered_is_dated_when_it_tells(struct kunit *test)
{
	struct tlc_record rec = { .cookie = COOKIE, .born = BORN, .id.net = NET };
	struct tlc_tally tally = { .telling = true, .nr = 1 };

	own.listening = true;
	clock_ns = BORN + 7 * TICK;
	preempt_disable();
	tlc_feed_push(&rec, &tally, BORN + TICK);
	preempt_enable();
	KUNIT_ASSERT_TRUE(test, pop());
	KUNIT_EXPECT_EQ(test, at(), 7ULL);
}

/* They took the time in one order, and got to the record in the other. */
static void events_of_a_connection_keep_the_order_of_its_record(struct kunit *test)
{
	u64 first = tlc_feed_order(COOKIE, 11);
	u64 second = tlc_feed_order(COOKIE, 10);

	KUNIT_EXPECT_EQ(test, first, 11ULL);
	KUNIT_EXPECT_GT(test, second, first);
	KUNIT_EXPECT_GT(test, tlc_feed_order(COOKIE, 11), second);
	KUNIT_EXPECT_EQ(test, tlc_feed_order(COOKIE, 1000), 1000ULL);
}

static void the_reader_is_woken_once_until_it_looks(struct kunit *test)
{
	own.listening = true;
	push(1, 1);
	push(2, 1);
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_SOON], 1U);
	tlc_feed_rearm();
	push(3, 1);
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_SOON], 2U);
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_NOW], 0U);
	push(4, 1);
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_NOW], 1U);
	push(5, 1);
	KUNIT_EXPECT_EQ(test, kicks[TLC_FEED_KICK_NOW], 1U);
}

static int init(struct kunit *test)
{
	int err = tlc_feed_init(SIZE, &everyone, kick, clock);

	if (err)
		return err;
	memset(&everyone, 0, sizeof(everyone));
	memset(&own, 0, sizeof(own));
	memset(kicks, 0, sizeof(kicks));
	own.net = NET;
	tlc_feed_add_net(&own);
	return 0;
}

static void tear_down(struct kunit *test)
{
	tlc_feed_del_net(&own);
	tlc_feed_exit();
	tlc_feed_on = false;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(nothing_is_kept_while_nobody_listens),
	KUNIT_CASE(a_listener_elsewhere_is_not_asked),
	KUNIT_CASE(who_listens_to_all_gets_those_of_unknown_namespaces),
	KUNIT_CASE(an_event_arrives_as_it_was_told),
	KUNIT_CASE(order_survives_the_end_of_the_ring),
	KUNIT_CASE(what_finds_no_room_is_counted_one_by_one),
	KUNIT_CASE(each_who_listens_has_its_own_count_of_losses),
	KUNIT_CASE(what_is_younger_stays),
	KUNIT_CASE(what_a_handler_has_yet_to_tell_is_waited_for),
	KUNIT_CASE(who_has_not_entered_is_dated_when_it_tells),
	KUNIT_CASE(events_of_a_connection_keep_the_order_of_its_record),
	KUNIT_CASE(the_reader_is_woken_once_until_it_looks),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_feed",
	.init = init,
	.exit = tear_down,
	.test_cases = cases,
};

kunit_test_suite(suite);
