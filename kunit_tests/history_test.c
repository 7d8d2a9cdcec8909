// SPDX-License-Identifier: GPL-2.0-only
/*
 * history_test.c: entries: joining, order, and what goes when there is no room.
 */
#include <kunit/test.h>
#include <linux/limits.h>

#include "life.h"
#include "life/apply.h"
#include "life/history.h"

static struct tlc_record rec;

static void fire(u64 ticks, u8 cause)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, ticks);

	ev.from = rec.state;
	ev.cause = cause;
	apply(&rec, ev);
}

static void repeated_fires_join_into_one_entry(struct kunit *test)
{
	const struct tlc_entry *e;
	int before;

	connect_it(&rec);
	before = rec.nr;
	fire(200, C(TIMER_RTO_DATA));
	fire(400, C(TIMER_RTO_DATA));
	fire(800, C(TIMER_RTO_DATA));

	KUNIT_ASSERT_EQ(test, (int)rec.nr, before + 1);
	e = &rec.entry[before];
	KUNIT_EXPECT_EQ(test, (int)e->count, 3);
	KUNIT_EXPECT_EQ(test, (u64)e->at_us, 200000ULL);
	KUNIT_EXPECT_EQ(test, e->last_ms, 600U);
	KUNIT_EXPECT_FALSE(test, tlc_history_is_move(e));
}

/* After 49 days milliseconds have no room any more. */
static void the_time_of_the_last_fire_does_not_begin_anew(struct kunit *test)
{
	const u64 days = 86400000;
	int before;

	connect_it(&rec);
	before = rec.nr;
	fire(200, C(TIMER_KEEPALIVE));
	fire(40 * days, C(TIMER_KEEPALIVE));
	KUNIT_EXPECT_EQ(test, (u64)rec.entry[before].last_ms, 40 * days - 200);
	fire(50 * days, C(TIMER_KEEPALIVE));
	KUNIT_EXPECT_EQ(test, rec.entry[before].last_ms, U32_MAX);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[before].count, 3);
}

static void kinds_that_take_turns_join_each_its_own(struct kunit *test)
{
	int before, i;

	connect_it(&rec);
	before = rec.nr;
	for (i = 0; i < 100; i++)
		fire(100 + i, i % 2 ? C(TIMER_DELAYED_ACK) : C(TIMER_PROBE));

	KUNIT_EXPECT_EQ(test, (int)rec.nr, before + 2);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[before].count, 50);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[before + 1].count, 50);
}

static void a_new_state_begins_a_new_entry(struct kunit *test)
{
	int before;

	connect_it(&rec);
	before = rec.nr;
	fire(100, C(TIMER_DELAYED_ACK));
	apply(&rec, state(200, S(ESTABLISHED), S(CLOSE_WAIT)));
	fire(300, C(TIMER_DELAYED_ACK));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, before + 3);
}

static void a_count_stops_at_its_greatest_value(struct kunit *test)
{
	int before, i;

	connect_it(&rec);
	before = rec.nr;
	for (i = 0; i < U16_MAX + 10; i++)
		fire(100, C(TIMER_DELAYED_ACK));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[before].count, U16_MAX);
}

static void probes_keep_their_number_and_bound(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 100);
	const struct tlc_entry *e;

	connect_it(&rec);
	ev.cause = C(TIMER_KEEPALIVE);
	ev.nth = 1;
	ev.limit = 9;
	apply(&rec, ev);
	ev.nth = 2;
	apply(&rec, ev);
	e = tlc_history_find(&rec, C(TIMER_KEEPALIVE));
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, (int)e->nth, 2);
	KUNIT_EXPECT_EQ(test, (int)e->limit, 9);
}

/* Fill the record with notes of kinds that do not join. */
static void fill(void)
{
	struct tlc_tally tally = { .telling = true };
	struct tlc_event ev = event(TLC_EVENT_TIMER, 100);
	u8 cause = 100;

	while (rec.nr < TLC_ENTRIES)
		tlc_history_note(&rec, &ev, cause++, &tally);
}

static void a_note_without_room_is_counted(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 200);
	struct tlc_tally tally;

	connect_it(&rec);
	fill();
	ev.cause = C(TIMER_PROBE);
	tally = apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, TLC_ENTRIES);
	KUNIT_EXPECT_EQ(test, (int)rec.dropped, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.dropped, 1);
}

static void a_transition_takes_the_place_of_the_youngest_note(struct kunit *test)
{
	const struct tlc_entry *e;
	u8 first_note;

	connect_it(&rec);
	fill();
	first_note = rec.entry[2].cause;
	apply(&rec, state(200, S(ESTABLISHED), S(CLOSE_WAIT)));

	e = &rec.entry[TLC_ENTRIES - 1];
	KUNIT_EXPECT_EQ(test, (int)e->to, (int)S(CLOSE_WAIT));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[2].cause, (int)first_note);
	KUNIT_EXPECT_EQ(test, (int)rec.dropped, 1);
}

static void no_transition_is_ever_given_up_for_a_note(struct kunit *test)
{
	unsigned int moves = 0, i;

	connect_it(&rec);
	fill();
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60200, S(CLOSED), 0));

	for (i = 0; i < rec.nr; i++)
		moves += tlc_history_is_move(&rec.entry[i]);
	KUNIT_EXPECT_EQ(test, moves, 6U);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(CLOSED));
}

static void time_never_runs_backwards(struct kunit *test)
{
	unsigned int i;

	connect_it(&rec);
	fire(50, C(TIMER_DELAYED_ACK));
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	for (i = 1; i < rec.nr; i++)
		KUNIT_EXPECT_GE(test, (u64)rec.entry[i].at_us,
				(u64)rec.entry[i - 1].at_us);
}

static void what_lay_in_the_slot_before_does_not_show(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));
	struct tlc_ident id = {};
	struct tlc_tally tally = { .telling = true };

	memset(&rec, 0xff, sizeof(rec));
	tlc_newcomer_init(&rec, &ev, &id, 0, true);
	tlc_record_apply(&rec, &ev, &tally);
	apply(&rec, state(5, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 2);
	KUNIT_EXPECT_EQ(test, (u64)rec.entry[0].at_us, 0ULL);
	KUNIT_EXPECT_EQ(test, (u64)rec.entry[1].at_us, 5000ULL);
	KUNIT_EXPECT_EQ(test, tally.gaps + tally.illegal + tally.dropped, 0);
}

static void an_event_that_lost_the_race_is_not_older(struct kunit *test)
{
	connect_it(&rec);
	apply(&rec, state(29, S(ESTABLISHED), S(CLOSE_WAIT)));
	KUNIT_EXPECT_EQ(test, (u64)rec.entry[2].at_us, (u64)rec.entry[1].at_us);
}

static void the_drop_count_does_not_wrap(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 200);
	int i;

	connect_it(&rec);
	fill();
	ev.cause = C(TIMER_PROBE);
	for (i = 0; i < 300; i++)
		apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.dropped, U8_MAX);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(repeated_fires_join_into_one_entry),
	KUNIT_CASE(the_time_of_the_last_fire_does_not_begin_anew),
	KUNIT_CASE(kinds_that_take_turns_join_each_its_own),
	KUNIT_CASE(a_new_state_begins_a_new_entry),
	KUNIT_CASE(a_count_stops_at_its_greatest_value),
	KUNIT_CASE(probes_keep_their_number_and_bound),
	KUNIT_CASE(a_note_without_room_is_counted),
	KUNIT_CASE(a_transition_takes_the_place_of_the_youngest_note),
	KUNIT_CASE(no_transition_is_ever_given_up_for_a_note),
	KUNIT_CASE(time_never_runs_backwards),
	KUNIT_CASE(what_lay_in_the_slot_before_does_not_show),
	KUNIT_CASE(an_event_that_lost_the_race_is_not_older),
	KUNIT_CASE(the_drop_count_does_not_wrap),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_history",
	.test_cases = cases,
};

kunit_test_suite(suite);
