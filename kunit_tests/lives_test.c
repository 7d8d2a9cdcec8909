// SPDX-License-Identifier: GPL-2.0-only
/*
 * lives_test.c: what the transitions of all records add up to, those that end while
 * somebody walks over them once.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/history.h"
#include "totals/lives.h"

#define SLOTS 6

static struct tlc_record recs[SLOTS];
static struct tlc_lives *sum;

static void fold(unsigned int slot, s64 n)
{
	unsigned long flags;

	local_irq_save(flags);
	tlc_lives_fold(&recs[slot], slot, n);
	local_irq_restore(flags);
}

/* As a handler does that ends a record. */
static void end(unsigned int slot)
{
	struct tlc_event ev = state(200, S(ESTABLISHED), S(CLOSED));

	apply(&recs[slot], ev);
	fold(slot, 1);
}

static void walk_to(unsigned int from, unsigned int to)
{
	for (; from < to; from++) {
		if (recs[from].born && !recs[from].died)
			tlc_lives_add(sum, &recs[from], 1);
		tlc_lives_walked(from);
	}
}

static void walk(void)
{
	tlc_lives_walk(sum);
	walk_to(0, SLOTS);
	tlc_lives_walk_end(sum);
}

static u64 opened(void)
{
	return sum->edge[S(SYN_SENT)][S(ESTABLISHED)];
}

static void expect_ends(struct kunit *test, u64 begun, u64 ended)
{
	KUNIT_EXPECT_EQ(test, opened(), begun);
	KUNIT_EXPECT_EQ(test, sum->edge[S(ESTABLISHED)][S(CLOSED)], ended);
}

static void living_and_dead_are_counted(struct kunit *test)
{
	walk();
	expect_ends(test, SLOTS, 0);
	end(1);
	end(4);
	walk();
	expect_ends(test, SLOTS, 2);
	walk();
	expect_ends(test, SLOTS, 2);
}

/* Where the walk is as it ends, and whether it is counted as one that lives. */
static void who_ends_during_a_walk_is_counted_once(struct kunit *test)
{
	unsigned int at, slot;

	for (at = 0; at <= SLOTS; at++) {
		for (slot = 0; slot < SLOTS; slot++) {
			u64 before;

			memset(recs, 0, sizeof(recs));
			walk();
			before = opened();
			connect_it(&recs[slot]);
			tlc_lives_walk(sum);
			walk_to(0, at);
			end(slot);
			walk_to(at, SLOTS);
			tlc_lives_walk_end(sum);
			KUNIT_EXPECT_EQ_MSG(test, opened(), before + 1,
					    "slot %u, walk at %u", slot, at);
			walk();
			KUNIT_EXPECT_EQ_MSG(test, opened(), before + 1,
					    "slot %u, walk at %u, later", slot, at);
		}
	}
}

static void who_begins_behind_a_walk_is_counted_by_the_next(struct kunit *test)
{
	memset(&recs[2], 0, sizeof(recs[2]));
	tlc_lives_walk(sum);
	walk_to(0, 4);
	connect_it(&recs[2]);
	end(2);
	walk_to(4, SLOTS);
	tlc_lives_walk_end(sum);
	expect_ends(test, SLOTS - 1, 0);
	walk();
	expect_ends(test, SLOTS, 1);
}

/* Behind where it was given up, and in front; the next one has got nowhere as 2 ends. */
static void a_walk_that_is_given_up_loses_nothing(struct kunit *test)
{
	tlc_lives_walk(sum);
	walk_to(0, 3);
	end(1);
	end(4);
	tlc_lives_walk_stop();
	tlc_lives_walk(sum);
	end(2);
	walk_to(0, SLOTS);
	tlc_lives_walk_end(sum);
	expect_ends(test, SLOTS, 3);
	walk();
	expect_ends(test, SLOTS, 3);
}

static void one_that_changes_after_its_end_is_taken_back(struct kunit *test)
{
	struct tlc_record *rec = &recs[3];
	struct tlc_tally tally;
	struct tlc_event ev;

	close_first(rec, 5);
	apply(rec, new_timewait(110, S(TIME_WAIT), 60000));
	ev = timewait(TLC_EVENT_TW_END, 120, S(CLOSED), 0);
	apply(rec, ev);
	KUNIT_ASSERT_NE(test, rec->died, 0ULL);
	fold(3, 1);
	walk();
	KUNIT_EXPECT_EQ(test, sum->edge[S(FIN_WAIT_1)][S(FIN_WAIT_2)], 1ULL);

	/* The full socket ends on another CPU, later. */
	fold(3, -1);
	ev = state(110, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.segs_in = 5;
	tally = apply(rec, ev);
	fold(3, 1);
	walk();
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, sum->edge[S(FIN_WAIT_1)][S(TIME_WAIT)], 1ULL);
	KUNIT_EXPECT_EQ(test, sum->edge[S(FIN_WAIT_1)][S(FIN_WAIT_2)], 0ULL);
	KUNIT_EXPECT_EQ(test, sum->edge[S(FIN_WAIT_2)][S(TIME_WAIT)], 0ULL);
}

static void a_connect_without_a_syn_counts_at_its_end(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	memset(recs, 0, sizeof(recs));
	begin(&recs[0], &ev);
	walk();
	KUNIT_EXPECT_EQ(test, sum->edge[S(CLOSED)][S(SYN_SENT)], 0ULL);
	apply(&recs[0], state(5, S(SYN_SENT), S(CLOSED)));
	fold(0, 1);
	walk();
	KUNIT_EXPECT_EQ(test, sum->edge[S(CLOSED)][S(SYN_SENT)], 1ULL);
	KUNIT_EXPECT_EQ(test, sum->edge[S(SYN_SENT)][S(CLOSED)], 1ULL);
}

/* Two transitions, one so long after the other. */
static void stay(u64 us)
{
	struct tlc_record *rec = &recs[0];

	memset(recs, 0, sizeof(recs));
	rec->nr = 2;
	rec->entry[0] = (struct tlc_entry) { .from = S(CLOSED), .to = S(LISTEN) };
	rec->entry[1] = (struct tlc_entry) { .from = S(LISTEN), .to = S(CLOSED), .at_us = us };
	rec->born = 1;
	walk();
}

static void times_are_counted_by_powers_of_two(struct kunit *test)
{
	static const struct {
		u64 us, least;
	} some[] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 2 }, { 1023, 512 },
		     { 1024, 1024 }, { 60000000, 33554432 },
		     { TLC_AT_MAX, 1ULL << (TLC_BUCKETS - 2) } };
	unsigned int i, b;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		stay(some[i].us);
		for (b = 0; b < TLC_BUCKETS && !sum->stay[S(LISTEN)][b]; b++)
			;
		KUNIT_ASSERT_LT(test, b, TLC_BUCKETS);
		KUNIT_EXPECT_EQ(test, tlc_lives_bucket_least(b), some[i].least);
	}
}

static void when_a_missed_end_was_is_not_known(struct kunit *test)
{
	unsigned int b;

	stay(1000);
	recs[0].entry[1].cause = C(MISSED);
	walk();
	KUNIT_EXPECT_EQ(test, sum->edge[S(LISTEN)][S(CLOSED)], 1ULL);
	for (b = 0; b < TLC_BUCKETS; b++)
		KUNIT_EXPECT_EQ(test, sum->stay[S(LISTEN)][b], 0ULL);
}

static int init(struct kunit *test)
{
	unsigned int i;

	sum = kunit_kzalloc(test, sizeof(*sum), GFP_KERNEL);
	if (!sum)
		return -ENOMEM;
	memset(recs, 0, sizeof(recs));
	for (i = 0; i < SLOTS; i++)
		connect_it(&recs[i]);
	return tlc_lives_init();
}

static void tear_down(struct kunit *test)
{
	tlc_lives_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(living_and_dead_are_counted),
	KUNIT_CASE(who_ends_during_a_walk_is_counted_once),
	KUNIT_CASE(who_begins_behind_a_walk_is_counted_by_the_next),
	KUNIT_CASE(a_walk_that_is_given_up_loses_nothing),
	KUNIT_CASE(one_that_changes_after_its_end_is_taken_back),
	KUNIT_CASE(a_connect_without_a_syn_counts_at_its_end),
	KUNIT_CASE(times_are_counted_by_powers_of_two),
	KUNIT_CASE(when_a_missed_end_was_is_not_known),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_lives",
	.init = init,
	.exit = tear_down,
	.test_cases = cases,
};

kunit_test_suite(suite);
