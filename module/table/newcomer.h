/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_NEWCOMER_H
#define TLC_NEWCOMER_H

#include "life/record.h"
#include "params.h"
#include "table/chain.h"

/**
 * tlc_newcomer_begins() - does a connection, or a listener, begin here?
 * @ev: event
 */
static inline bool tlc_newcomer_begins(const struct tlc_event *ev)
{
	switch (ev->kind) {
	case TLC_EVENT_STATE:
		return ev->from == TCP_LIFECYCLE_STATE_CLOSED &&
		       ev->to == TCP_LIFECYCLE_STATE_SYN_SENT;
	case TLC_EVENT_LISTEN:
		return true;
	case TLC_EVENT_REQUEST:
	case TLC_EVENT_CHILD:
		return ev->first;
	}
	return false;
}

/**
 * tlc_newcomer_outlives() - does it live, although its record is over?
 * @rec: newest record of the socket
 * @ev: event
 *
 * Whoever drops a request tells so before he looks for it: a child may have taken its
 * place meanwhile, on another CPU.
 */
static inline bool tlc_newcomer_outlives(const struct tlc_record *rec,
					 const struct tlc_event *ev)
{
	return ev->from == TCP_LIFECYCLE_STATE_SYN_RECV &&
	       ev->to == TCP_LIFECYCLE_STATE_ESTABLISHED && rec->died;
}

/**
 * tlc_newcomer_supersedes() - does the event belong to a new record?
 * @rec: newest record of the socket
 * @ev: event
 *
 * A socket that connects or listens again keeps its cookie; no two requests have the same.
 */
static inline bool tlc_newcomer_supersedes(const struct tlc_record *rec,
					   const struct tlc_event *ev)
{
	/* Most of them; the rest takes longer, and says the same of these. */
	if (likely(ev->from != TCP_LIFECYCLE_STATE_CLOSED && !rec->died && !rec->superseded &&
		   !(rec->flags & TLC_FLAG_TIMEWAIT)))
		return false;
	if (tlc_chain_superseded(rec, ev))
		return true;
	if (!tlc_newcomer_begins(ev))
		return tlc_newcomer_outlives(rec, ev);
	/* From CLOSED, whatever the record says: its end was missed, or its
	 * timewait socket lives on without the full one.
	 */
	return ev->from == TCP_LIFECYCLE_STATE_CLOSED &&
	       (rec->state != TCP_LIFECYCLE_STATE_LISTEN || ev->kind != TLC_EVENT_LISTEN);
}

void tlc_newcomer_supersede(struct tlc_record *rec, const struct tlc_event *ev);
void tlc_newcomer_init(struct tlc_record *rec, const struct tlc_event *ev,
		       const struct tlc_ident *id, u32 generation, bool complete);
struct tlc_record *tlc_newcomer_join(struct tlc_chain *chain, const struct tlc_event *ev,
				     tlc_ident_fn ident, const void *obj);
bool tlc_newcomer_kept(const struct tlc_ident *id);
void tlc_newcomer_meet_older(bool yes);
void tlc_newcomer_configure(struct tlc_filter *fresh);
void tlc_newcomer_config(struct tlc_filter *now);
void tlc_newcomer_start(bool (*missed)(void));
void tlc_newcomer_stop(void);

#endif /* TLC_NEWCOMER_H */
