/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ended.h: connections that ended, on their way to listeners.
 *
 * There is no ring.  While somebody listens, a record whose connection ended waits in a
 * list of its own until the worker has copied it (table/dead.h).  It is the pool's to
 * give away all the same, as that of any other ended connection is: nothing waits for a
 * listener.  What went before it was copied is counted here, for each namespace.
 *
 * Used by: dead.c, in handler context; tell_ended.c.
 * Must not: take anything from the table.
 */
#ifndef TLC_ENDED_H
#define TLC_ENDED_H

#include <linux/compiler.h>

#include "feed/feed.h"

extern bool tlc_ended_on;

bool tlc_ended_heard(const struct tlc_record *rec);
void tlc_ended_lose(const struct tlc_record *rec);
void tlc_ended_init(struct tlc_feed_net *all);

/**
 * tlc_ended_wanted() - does somebody want to be told that a connection ended?
 * @rec: its record
 *
 * While nobody listens this is one branch.
 *
 * Context: interrupts off, which is an RCU read side.
 */
static inline bool tlc_ended_wanted(const struct tlc_record *rec)
{
	return unlikely(READ_ONCE(tlc_ended_on)) && tlc_ended_heard(rec);
}

#endif /* TLC_ENDED_H */
