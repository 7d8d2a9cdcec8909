// SPDX-License-Identifier: GPL-2.0-only
/*
 * feed.c: did this reader miss anything?
 *
 * Pure.  The kernel numbers events as it sends them, so a number that was
 * skipped is an event this reader's socket had no room for.
 */
#include "ask/feed.h"

/**
 * feed_begin() - what stats-get said once we had joined
 * @f: filled
 * @seq: number of the next event
 * @lost: events that found the ring full so far
 *
 * What was sent between joining and asking waits in the socket and has lower
 * numbers, so the first batch may begin before @seq.
 */
void feed_begin(struct feed *f, uint64_t seq, uint64_t lost)
{
	*f = (struct feed){ .next = seq, .ring = lost };
}

static uint64_t overrun(struct feed *f, uint64_t lost)
{
	uint64_t n = lost > f->ring ? lost - f->ring : 0;

	f->ring += n;
	f->overrun += n;
	return n;
}

/**
 * feed_batch() - a batch came
 * @f: feed
 * @b: batch
 *
 * Return: what was lost between the one before and this one.
 */
struct feed_loss feed_batch(struct feed *f, const struct batch *b)
{
	struct feed_loss loss = { .overrun = overrun(f, b->lost) };

	f->seen += b->nr;
	if (!b->has_seq)
		return loss;
	if (b->seq > f->next) {
		loss.missed = b->seq - f->next;
	} else if (b->seq < f->next && f->known) {
		/* feed_settle() took for lost what was only late. */
		uint64_t late = f->next - b->seq;

		f->missed -= late < f->missed ? late : f->missed;
	}
	f->missed += loss.missed;
	f->next = b->seq + b->nr;
	f->known = true;
	return loss;
}

/**
 * feed_settle() - nothing more is waiting; what did stats-get say since?
 * @f: feed
 * @seq: number of the next event
 * @lost: events that found the ring full so far
 *
 * To be called when the socket has overflowed and no batch came since that
 * could tell of how much.
 *
 * Return: what was lost behind the last batch.
 */
struct feed_loss feed_settle(struct feed *f, uint64_t seq, uint64_t lost)
{
	struct feed_loss loss = { .overrun = overrun(f, lost) };

	if (seq > f->next) {
		loss.missed = seq - f->next;
		f->missed += loss.missed;
		f->next = seq;
		f->known = true;
	}
	return loss;
}
