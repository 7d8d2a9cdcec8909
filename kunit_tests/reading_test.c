// SPDX-License-Identifier: GPL-2.0-only
/*
 * reading_test.c: what a reader works out from a record.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/reading.h"

#define NOW	(BORN + 5000 * TICK)

static struct tlc_record rec;

/* In milliseconds; -1: not known. */
static s64 lived(void)
{
	u64 us;

	return tlc_reading_lived(&rec, NOW, &us) ? (s64)us / 1000 : -1;
}

static void a_life_goes_on_until_time_wait(struct kunit *test)
{
	connect_it(&rec);
	KUNIT_EXPECT_EQ(test, lived(), 5000LL);
	close_first(&rec, 5);
	KUNIT_EXPECT_EQ(test, lived(), 5000LL);
	enter_timewait(&rec, 6);
	KUNIT_EXPECT_EQ(test, lived(), 120LL);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60720, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, lived(), 120LL);
}

static void without_time_wait_it_goes_on_until_the_end(struct kunit *test)
{
	struct tlc_event ev;

	accept_it(&rec);
	apply(&rec, state(700, S(ESTABLISHED), S(CLOSED)));
	KUNIT_EXPECT_EQ(test, lived(), 700LL);

	ev = event(TLC_EVENT_LISTEN, 0);
	ev.to = S(LISTEN);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, lived(), 5000LL);
	apply(&rec, state(800, S(LISTEN), S(CLOSED)));
	KUNIT_EXPECT_EQ(test, lived(), 800LL);
}

static void an_end_nobody_saw_has_no_time(struct kunit *test)
{
	connect_it(&rec);
	rec.state = S(CLOSED);
	rec.died = NOW;
	KUNIT_EXPECT_EQ(test, lived(), -1LL);	/* no room for the last transition */

	connect_it(&rec);
	apply(&rec, state(700, S(ESTABLISHED), S(CLOSED)));
	rec.entry[rec.nr - 1].cause = C(MISSED);
	KUNIT_EXPECT_EQ(test, lived(), -1LL);
}

static void what_was_found_in_time_wait_is_not_known_to_have_lived(struct kunit *test)
{
	struct tlc_event ev = timewait(TLC_EVENT_FOUND, 0, S(TIME_WAIT), 0);

	ev.from = S(TIME_WAIT);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(TIME_WAIT));
	KUNIT_EXPECT_EQ(test, lived(), -1LL);
	KUNIT_EXPECT_TRUE(test, tlc_reading_is_older(&rec));
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 900, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, lived(), -1LL);
}

/* Two processors tell its begin and its end, each by its own clock. */
static void time_does_not_run_backwards(struct kunit *test)
{
	u64 us = 1;

	connect_it(&rec);
	KUNIT_EXPECT_TRUE(test, tlc_reading_lived(&rec, BORN - TICK, &us));
	KUNIT_EXPECT_EQ(test, us, 0ULL);
}

static void what_was_found_is_older_than_its_start(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_FOUND, 0);

	connect_it(&rec);
	KUNIT_EXPECT_FALSE(test, tlc_reading_is_older(&rec));
	ev.from = S(LISTEN);
	ev.to = S(LISTEN);
	begin(&rec, &ev);
	KUNIT_EXPECT_TRUE(test, tlc_reading_is_older(&rec));
}

static void only_link_local_addresses_have_a_scope(struct kunit *test)
{
	static const struct {
		u8 addr[2];
		u8 family;
		u32 ifindex;
		bool scope;
	} cases[] = {
		{ { 0xfe, 0x80 }, TCP_LIFECYCLE_FAMILY_IPV6, 2, true },
		{ { 0xfe, 0xbf }, TCP_LIFECYCLE_FAMILY_IPV6, 2, true },
		{ { 0xfe, 0xc0 }, TCP_LIFECYCLE_FAMILY_IPV6, 2, false },
		{ { 0xfd, 0x80 }, TCP_LIFECYCLE_FAMILY_IPV6, 2, false },
		{ { 0xfe, 0x80 }, TCP_LIFECYCLE_FAMILY_IPV6, 0, false },
		{ { 254, 128 }, TCP_LIFECYCLE_FAMILY_IPV4, 2, false },
	};
	struct tlc_ident id = { };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		id.family = cases[i].family;
		id.ifindex = cases[i].ifindex;
		memcpy(id.remote, cases[i].addr, sizeof(cases[i].addr));
		KUNIT_EXPECT_EQ(test, tlc_reading_has_scope(&id, id.remote), cases[i].scope);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_life_goes_on_until_time_wait),
	KUNIT_CASE(without_time_wait_it_goes_on_until_the_end),
	KUNIT_CASE(an_end_nobody_saw_has_no_time),
	KUNIT_CASE(what_was_found_in_time_wait_is_not_known_to_have_lived),
	KUNIT_CASE(time_does_not_run_backwards),
	KUNIT_CASE(what_was_found_is_older_than_its_start),
	KUNIT_CASE(only_link_local_addresses_have_a_scope),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_reading",
	.test_cases = cases,
};

kunit_test_suite(suite);
