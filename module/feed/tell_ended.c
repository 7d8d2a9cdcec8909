// SPDX-License-Identifier: GPL-2.0-only
/*
 * tell_ended.c: from the records of ended connections to those who listen.
 *
 * Owns: the messages of the groups "ended" and "all-ended", one for each connection.
 * Called by: publish.c, in the worker.
 * Must not: hold a lock of the table while it writes to a message.
 */
#include "feed/tell_ended.h"

#include <linux/sched.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "feed/batch.h"

/*
 * What comes right behind an end is still waited for: the RST of a close() with data
 * unread leaves once the state is CLOSED.
 */
#define SETTLE_NS	(5 * NSEC_PER_MSEC)

#define AT_ONCE		16	/* before the worker gives way */

#define A(name) TCP_LIFECYCLE_A_CONN_##name

static const struct tlc_ended_source *source;

/* The worker's alone: too large for its stack. */
static struct tlc_record record;

static int put_header(struct audience *a, void **hdr)
{
	return tlc_batch_put_header(a, hdr, TCP_LIFECYCLE_CMD_ENDED_NTF, A(ENDED_SEQ),
				    A(ENDED_LOST), A(PAD));
}

static int put(struct audience *a, const struct tlc_record *rec)
{
	const struct tlc_view view = {
		.now = ktime_get_boottime_ns(),
		.real_offset = tlc_view_real_offset(),
		.user_ns = a->net->user_ns,
		.show_pid = !READ_ONCE(a->foreign),
	};
	void *hdr;
	int err;

	err = put_header(a, &hdr);
	if (err)
		return err;
	err = source->pack(a->skb, rec, &view, false);
	if (err) {
		genlmsg_cancel(a->skb, hdr);
		return err;
	}
	genlmsg_end(a->skb, hdr);
	a->pids_in |= view.show_pid;
	return 0;
}

static void add(struct audience *a, const struct tlc_record *rec)
{
	if (!a->skb || put(a, rec)) {
		tlc_batch_flush(a);
		if (!tlc_batch_begin(a) || put(a, rec)) {
			atomic64_inc(&a->feed.lost);
			return;
		}
	}
	WRITE_ONCE(a->seq, a->seq + 1);
}

static void tell(const struct tlc_record *rec)
{
	/* In the first namespace, with which nobody does away */
	struct audience *all = &tlc_audience_everyone[TLC_FEED_ENDED];
	struct audience *own = tlc_audience_find(rec->id.net, TLC_FEED_ENDED);

	if (own) {
		add(own, rec);
		tlc_audience_let_go(own);
	}
	if (tlc_feed_listens(&all->feed))
		add(all, rec);
}

/**
 * tlc_tell_ended() - send what ended
 * @live: goes false when there is to be an end of it
 *
 * Context: the worker; tlc_batch_send_begun() is to follow.
 */
void tlc_tell_ended(const bool *live)
{
	const u64 until = ktime_get_boottime_ns() - SETTLE_NS;
	unsigned int n = 0;

	while (READ_ONCE(*live) && source->next(until, &record)) {
		tell(&record);
		if (!(++n % AT_ONCE))
			cond_resched();
	}
}

/**
 * tlc_tell_ended_more() - is there more, which ended just now?
 *
 * Context: the worker.
 */
bool tlc_tell_ended_more(void)
{
	return source->any();
}

/**
 * tlc_tell_ended_lost() - say how many were lost, where nothing else is to be sent
 * @a: held
 *
 * Context: the worker; tlc_batch_send_begun() is to follow.
 */
void tlc_tell_ended_lost(struct audience *a)
{
	void *hdr;

	if (tlc_batch_begin(a) && !put_header(a, &hdr))
		genlmsg_end(a->skb, hdr);
}

/**
 * tlc_tell_ended_init() - know where records come from
 * @from: stays there
 *
 * Context: process.
 */
void tlc_tell_ended_init(const struct tlc_ended_source *from)
{
	source = from;
}
