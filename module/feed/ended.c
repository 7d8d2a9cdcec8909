// SPDX-License-Identifier: GPL-2.0-only
/*
 * ended.c: who wants to be told that a connection ended, and what they were not told.
 *
 * Owns: whether anybody listens; see ended.h.
 * Called by: dead.c, interrupts off.
 * Must not: wait, or look into a record beyond whose it is.
 */
#include "feed/ended.h"

bool tlc_ended_on __read_mostly;

/* All namespaces together, for those who listen to every one. */
static struct tlc_feed_net *everyone;

/**
 * tlc_ended_heard() - does anybody listen for this one?
 * @rec: record of what ended
 *
 * A listener that ends is no connection.
 *
 * Context: interrupts off, which is an RCU read side.
 */
bool tlc_ended_heard(const struct tlc_record *rec)
{
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return false;
	return tlc_feed_listens(everyone) ||
	       tlc_feed_listens(tlc_feed_find_net(rec->id.net, TLC_FEED_ENDED));
}

/**
 * tlc_ended_lose() - its record goes, and was not sent yet
 * @rec: record
 *
 * Context: interrupts off, which is an RCU read side.
 */
void tlc_ended_lose(const struct tlc_record *rec)
{
	struct tlc_feed_net *own = tlc_feed_find_net(rec->id.net, TLC_FEED_ENDED);

	if (tlc_feed_listens(own))
		atomic64_inc(&own->lost);
	if (tlc_feed_listens(everyone))
		atomic64_inc(&everyone->lost);
}

/**
 * tlc_ended_init() - nobody listens yet
 * @all: stands for all namespaces together
 *
 * Context: process.
 */
void tlc_ended_init(struct tlc_feed_net *all)
{
	everyone = all;
	WRITE_ONCE(tlc_ended_on, false);
}
