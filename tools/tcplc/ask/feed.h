/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * feed.h: did this reader miss anything?
 *
 * Owns: the arithmetic of the feed's numbers.
 * Used by: watch.c.
 * Must not: print, or talk to the kernel.
 */
#ifndef TCPLC_FEED_H
#define TCPLC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conn.h"

/**
 * struct feed - how far a reader has come
 * @next: number of the next event, if @known
 * @ring: events that found the ring full, as the kernel last told
 * @seen: events read
 * @missed: events that have a number, which was skipped
 * @overrun: events that found the ring full since this reader began
 * @known: @next is known
 */
struct feed {
	uint64_t next;
	uint64_t ring;
	uint64_t seen;
	uint64_t missed;
	uint64_t overrun;
	bool known;
};

/**
 * struct feed_loss - what was found lost
 * @missed: see struct feed
 * @overrun: likewise
 */
struct feed_loss {
	uint64_t missed;
	uint64_t overrun;
};

void feed_begin(struct feed *f, uint64_t seq, uint64_t lost);
struct feed_loss feed_batch(struct feed *f, const struct batch *b);
struct feed_loss feed_settle(struct feed *f, uint64_t seq, uint64_t lost);

#endif /* TCPLC_FEED_H */
