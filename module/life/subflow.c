// SPDX-License-Identifier: GPL-2.0-only
/*
 * subflow.c: what a subflow learns from its MPTCP connection.
 *
 * Owns: that part of (record, event) -> record.  TCP sees a subflow opened, closed and
 * reset by the kernel; the process did so to the MPTCP socket, often on another CPU and
 * earlier.
 * Called by: apply.c, midlife.c and verdict.c, under the lock of the record's chain.  Pure.
 * Must not: name a process or a call that no hook on the MPTCP socket has told of.
 */
#include "life/subflow.h"

#include "life/closer.h"

#define C(name) TCP_LIFECYCLE_CAUSE_##name

/* The MPTCP connection of a further subflow has an owner. */
static void adopted(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (!ev->cause || rec->owner_at)
		return;
	rec->owner = ev->owner;
	rec->owner_at = ev->cause;
}

/*
 * Who makes a further subflow is a worker of the kernel, or whoever manages its paths:
 * its owner is the connection's.
 */
static void named(struct tlc_record *rec, const struct tlc_event *ev)
{
	rec->conn.mptcp = ev->mptcp;
	rec->conn.agreed |= ev->agreed;
	if (ev->first)
		return;
	rec->flags |= TLC_FLAG_JOINED;
	adopted(rec, ev);
}

/*
 * What comes later says more; but close() behind the peer's fastclose ends nothing, and of
 * ours it says who.
 */
static void parted(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (rec->died)
		return;
	if (ev->cause == C(FASTCLOSE_SENT))
		rec->flags |= TLC_FLAG_FASTCLOSE;
	else if (rec->parted != C(FASTCLOSE_RECEIVED))
		rec->parted = ev->cause;
	tlc_closer_note(rec, ev, ev->cause);
}

/**
 * tlc_subflow_apply() - apply what a hook on the MPTCP connection saw
 * @rec: record
 * @ev: TLC_EVENT_SUBFLOW or TLC_EVENT_ADOPTED: cause is when the owner was taken, 0 if
 *	there is none; TLC_EVENT_PARTED: cause is what was done
 */
void tlc_subflow_apply(struct tlc_record *rec, const struct tlc_event *ev)
{
	/* Its facts have the place of a connection's. */
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return;
	switch (ev->kind) {
	case TLC_EVENT_SUBFLOW:
		named(rec, ev);
		break;
	case TLC_EVENT_ADOPTED:
		adopted(rec, ev);
		break;
	case TLC_EVENT_PARTED:
		parted(rec, ev);
		break;
	}
}

/**
 * tlc_subflow_reset() - MPTCP resets a subflow; the transition follows at once
 * @rec: record
 * @cause: FASTCLOSE_SENT or SUBFLOW_RESET
 */
void tlc_subflow_reset(struct tlc_record *rec, u8 cause)
{
	switch (rec->hint) {
	case C(ABORT):
	case C(DISCONNECT):
	case C(LISTENER_CLOSED):
	case C(RST_SENT):
		return;
	}
	if (cause == C(SUBFLOW_RESET) && rec->parted == C(FASTCLOSE_RECEIVED))
		cause = C(FASTCLOSE_RECEIVED);
	rec->hint = cause;
	rec->conn.hint_seg = TLC_SEGMENT_NONE;
}

/**
 * tlc_subflow_end() - why a FIN leaves, or the socket is closed
 * @rec: record
 * @ev: event; its cause is right for what is no subflow
 *
 * Return: enum tcp_lifecycle_cause
 */
u8 tlc_subflow_end(const struct tlc_record *rec, const struct tlc_event *ev)
{
	return rec->parted ?: ev->cause;
}
