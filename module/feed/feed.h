/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * feed.h: the events of the records, on their way to listeners.
 *
 * One ring a CPU.  A handler writes at its head with interrupts off, so there
 * is one writer; publish.c alone reads at its tail.  Neither takes a lock.
 *
 * Events are sent in order of time, and those of one connection in the order in which
 * they got onto its record, whatever holds a CPU up in the middle of a handler: a CPU
 * says since when it has been within one, and nothing younger is sent meanwhile.
 */
#ifndef TLC_FEED_H
#define TLC_FEED_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/list.h>

#include "life/record.h"

/**
 * struct tlc_feed_event - one entry, and whose it is
 * @order: boot time, ns: when its handler began; later if the record or the ring has
 *	   an event that is not older
 * @cookie: socket cookie
 * @born: boot time of the record's first entry, ns
 * @stay_us: as in struct tlc_told
 * @id: addresses and namespace
 * @generation: with @cookie the identity
 * @entry: what happened
 * @state: of the record once the event was done with, as are those that follow
 * @open: enum tcp_lifecycle_open
 * @close: enum tcp_lifecycle_close
 * @first: enum tcp_lifecycle_first
 * @gap: as in struct tlc_told
 * @illegal: as in struct tlc_told
 * @replaces: as in struct tlc_told
 */
struct tlc_feed_event {
	u64 order;
	u64 cookie;
	u64 born;
	u64 stay_us;
	struct tlc_ident id;
	u32 generation;
	struct tlc_entry entry;
	u8 state;
	u8 open;
	u8 close;
	u8 first;
	bool gap;
	bool illegal;
	u8 replaces;
};

/**
 * enum tlc_feed_kind - what somebody may listen to
 * @TLC_FEED_EVENTS: each entry of a record, as it is made
 * @TLC_FEED_ENDED: whole records, as their connections end; see ended.h
 * @TLC_FEED_KINDS: how many kinds there are
 */
enum tlc_feed_kind {
	TLC_FEED_EVENTS,
	TLC_FEED_ENDED,
	TLC_FEED_KINDS,
};

/**
 * struct tlc_feed_net - what the feed knows of a network namespace
 * @node: in the table of feed.c
 * @net: cookie of the namespace
 * @kind: what is listened to
 * @listening: someone there listens, or is about to
 * @lost: what was lost while someone listened: its events that found a ring full, its
 *	  ended connections whose record went too early
 */
struct tlc_feed_net {
	struct hlist_node node;
	u64 net;
	enum tlc_feed_kind kind;
	bool listening;
	atomic64_t lost;
};

static inline bool tlc_feed_listens(const struct tlc_feed_net *net)
{
	return net && READ_ONCE(net->listening);
}

/**
 * enum tlc_feed_kick - why the reader of the rings is woken
 * @TLC_FEED_KICK_SOON: there is something to read
 * @TLC_FEED_KICK_NOW: a ring is half full
 */
enum tlc_feed_kick {
	TLC_FEED_KICK_SOON,
	TLC_FEED_KICK_NOW,
};

extern bool tlc_feed_on;

void tlc_feed_wake(enum tlc_feed_kick how);
void tlc_feed_wake_once(void);
int tlc_feed_init(unsigned int size, struct tlc_feed_net *all,
		  void (*kick)(enum tlc_feed_kick how), u64 (*clock)(void));
void tlc_feed_exit(void);
void tlc_feed_add_net(struct tlc_feed_net *net);
void tlc_feed_del_net(struct tlc_feed_net *net);
struct tlc_feed_net *tlc_feed_find_net(u64 net, enum tlc_feed_kind kind);
void tlc_feed_push(const struct tlc_record *rec, const struct tlc_tally *tally,
		   u64 now);
void tlc_feed_mark(void);
void tlc_feed_unmark(void);
u64 tlc_feed_order(u64 cookie, u64 least);
void tlc_feed_rearm(void);
u64 tlc_feed_until(void);
const struct tlc_feed_event *tlc_feed_peek(u64 until);
void tlc_feed_release(void);
bool tlc_feed_empty(void);

/**
 * tlc_feed_enter() - a handler begins, and has not looked at the clock yet
 *
 * While nobody listens this is one branch.
 *
 * Context: handler, interrupts off until tlc_feed_leave().
 * Return: for tlc_feed_leave().
 */
static inline bool tlc_feed_enter(void)
{
	if (likely(!READ_ONCE(tlc_feed_on)))
		return false;
	tlc_feed_mark();
	return true;
}

/**
 * tlc_feed_leave() - it has told all it had to tell
 * @entered: what tlc_feed_enter() returned
 */
static inline void tlc_feed_leave(bool entered)
{
	if (unlikely(entered))
		tlc_feed_unmark();
}

/**
 * tlc_feed_is_on() - does anybody listen?
 *
 * Asked once for each event, see &tlc_tally.telling.
 */
static inline bool tlc_feed_is_on(void)
{
	return unlikely(READ_ONCE(tlc_feed_on));
}

/**
 * tlc_feed_tell() - hand on what an event did
 * @rec: record
 * @tally: what tlc_record_apply() said
 * @now: boot time of the event, ns
 *
 * While nobody listens this is one branch.
 *
 * Context: handler, interrupts off; the lock of the record's chain is held.
 */
static inline void tlc_feed_tell(const struct tlc_record *rec,
				 const struct tlc_tally *tally, u64 now)
{
	if (unlikely(tally->telling))
		tlc_feed_push(rec, tally, now);
}

#endif /* TLC_FEED_H */
