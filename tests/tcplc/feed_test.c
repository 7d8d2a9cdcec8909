// SPDX-License-Identifier: GPL-2.0-only
/*
 * feed_test.c: what a reader of the feed missed, to the last event.
 */
#include "ask/feed.h"
#include "check.h"

static struct feed_loss batch(struct feed *f, uint64_t seq, unsigned int nr,
			      uint64_t lost)
{
	struct batch b = { .seq = seq, .nr = nr, .lost = lost, .has_seq = true };

	return feed_batch(f, &b);
}

static void nothing_is_lost_between_neighbours(void)
{
	struct feed f;

	feed_begin(&f, 100, 5);
	CHECK(batch(&f, 100, 10, 5).missed == 0);
	CHECK(batch(&f, 110, 1, 5).missed == 0);
	CHECK(f.seen == 11 && f.missed == 0 && f.overrun == 0);
}

/* It was sent after we joined and before we asked. */
static void a_first_batch_may_be_older_than_the_answer(void)
{
	struct feed f;

	feed_begin(&f, 100, 0);
	CHECK(batch(&f, 90, 10, 0).missed == 0);
	CHECK(batch(&f, 100, 10, 0).missed == 0);
	CHECK(f.missed == 0);
}

static void a_loss_before_the_first_batch_is_told(void)
{
	struct feed f;

	feed_begin(&f, 100, 0);
	CHECK(batch(&f, 107, 3, 0).missed == 7);
	CHECK(f.missed == 7);
}

static void a_skipped_number_is_a_missed_event(void)
{
	struct feed f;

	feed_begin(&f, 0, 0);
	batch(&f, 0, 10, 0);
	CHECK(batch(&f, 35, 5, 0).missed == 25);
	CHECK(batch(&f, 40, 5, 0).missed == 0);
	CHECK(f.missed == 25 && f.seen == 20);
}

static void what_the_ring_lost_is_told_once(void)
{
	struct feed f;

	feed_begin(&f, 0, 1000);
	CHECK(batch(&f, 0, 1, 1000).overrun == 0);
	CHECK(batch(&f, 1, 1, 1003).overrun == 3);
	CHECK(batch(&f, 2, 1, 1003).overrun == 0);
	CHECK(f.overrun == 3 && f.missed == 0);
}

static void losses_of_before_do_not_count(void)
{
	struct feed f;

	feed_begin(&f, 50, 1000);
	CHECK(batch(&f, 48, 1, 990).overrun == 0);
	CHECK(f.overrun == 0);
}

static void a_loss_at_the_end_is_found_by_asking(void)
{
	struct feed f;

	feed_begin(&f, 0, 0);
	batch(&f, 0, 10, 0);
	CHECK(feed_settle(&f, 30, 2).missed == 20);
	CHECK(f.missed == 20 && f.overrun == 2);
	CHECK(batch(&f, 30, 1, 2).missed == 0);
	CHECK(feed_settle(&f, 31, 2).missed == 0);
}

static void what_was_only_late_is_not_lost(void)
{
	struct feed f;

	feed_begin(&f, 0, 0);
	batch(&f, 0, 10, 0);
	feed_settle(&f, 15, 0);
	batch(&f, 10, 5, 0);
	CHECK(f.missed == 0 && f.seen == 15 && f.next == 15);
}

int main(void)
{
	CHECK_RUN(nothing_is_lost_between_neighbours);
	CHECK_RUN(a_first_batch_may_be_older_than_the_answer);
	CHECK_RUN(a_loss_before_the_first_batch_is_told);
	CHECK_RUN(a_skipped_number_is_a_missed_event);
	CHECK_RUN(what_the_ring_lost_is_told_once);
	CHECK_RUN(losses_of_before_do_not_count);
	CHECK_RUN(a_loss_at_the_end_is_found_by_asking);
	CHECK_RUN(what_was_only_late_is_not_lost);
	return check_end();
}
