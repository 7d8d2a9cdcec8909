// SPDX-License-Identifier: GPL-2.0-only
/*
 * rung.c: the life of a connection as a list of what a ladder diagram shows.
 *
 * Owns: which segment each entry comes from.
 * Called by: ladder.c.  Pure.
 * Must not: make up a segment.  One that the record only lets conclude is
 * marked: what Linux sends by rule, mostly an ACK, and of which no entry tells.
 */
#include "draw/rung.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "draw/moved.h"
#include "draw/note_text.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/* An entry makes at most two segments, two odd ones, a note and a state. */
#define PER_ENTRY 6
#define PER_LIFE 4
#define ODDS_MAX 255	/* the kernel counts no further */

struct list {
	const struct conn *conn;
	bool utf8;
	struct rung *rung;
	size_t nr;
};

static struct rung *add(struct list *l, enum rung_kind kind)
{
	struct rung *r = &l->rung[l->nr++];

	*r = (struct rung){ .kind = kind };
	return r;
}

static void add_state(struct list *l, uint8_t state)
{
	add(l, RUNG_STATE)->state = state;
}

static struct rung *add_note(struct list *l, enum rung_kind kind,
			     const struct entry *e, const char *text)
{
	struct rung *r = add(l, kind);

	r->at = e->at_us;
	r->timed = true;
	snprintf(r->text, sizeof(r->text), "%s", text);
	return r;
}

static void set_seq(struct list *l, struct rung *r, uint32_t seq)
{
	const struct conn *c = l->conn;

	r->has_seq = true;
	r->seq = seq;
	r->rel_seq = conn_has(c, r->out ? TCP_LIFECYCLE_A_CONN_ISN :
				 TCP_LIFECYCLE_A_CONN_PEER_ISN);
	r->seq_from = r->out ? c->isn : c->peer_isn;
}

static void set_ack(struct list *l, struct rung *r, uint32_t ack)
{
	const struct conn *c = l->conn;

	r->has_ack = true;
	r->ack = ack;
	r->rel_ack = conn_has(c, r->out ? TCP_LIFECYCLE_A_CONN_PEER_ISN :
				 TCP_LIFECYCLE_A_CONN_ISN);
	r->ack_from = r->out ? c->peer_isn : c->isn;
}

static struct rung *add_segment(struct list *l, const char *label, bool out)
{
	struct rung *r = add(l, RUNG_SEGMENT);

	r->out = out;
	snprintf(r->label, sizeof(r->label), "%s", label);
	return r;
}

/* The segment behind an entry, with the entry's own numbers. */
static struct rung *add_entry(struct list *l, const struct entry *e, const char *label, bool out)
{
	struct rung *r = add_segment(l, label, out);

	r->timed = true;
	r->at = e->at_us;
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		set_seq(l, r, e->seq);
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_ACK))
		set_ack(l, r, e->ack);
	return r;
}

static void add_syn(struct list *l, const struct entry *e, bool out)
{
	add_entry(l, e, "SYN", out)->no_ack = true;
}

/* Our ACK of what came with @e: Linux sends it by rule, no entry tells of it. */
static void add_implied(struct list *l, const struct entry *e, const char *label)
{
	struct rung *r = add_segment(l, label, true);

	r->implied = true;
	/* Behind our FIN, unless data may be in front of it that did not leave yet. */
	if (e->to == S(CLOSING)) {
		if (conn_has(l->conn, TCP_LIFECYCLE_A_CONN_FIN) && e->ack == l->conn->fin)
			set_seq(l, r, l->conn->fin + 1);
	} else if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_ACK)) {
		set_seq(l, r, e->ack);
	} else if (conn_has(l->conn, TCP_LIFECYCLE_A_CONN_ISN)) {
		set_seq(l, r, l->conn->isn);
	}
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		set_ack(l, r, e->seq + 1);
}

/*
 * In TIME_WAIT it begins another connection, whose numbers have nothing to do
 * with ours; to a half-open request it is a SYN too many, and answered by RST.
 */
static void add_new_syn(struct list *l, const struct entry *e)
{
	struct rung *r = add_entry(l, e, "SYN", false);

	r->no_ack = true;
	if (e->from == S(TIME_WAIT))
		r->rel_seq = false;
	else
		add_segment(l, "RST", true)->implied = true;
}

/* A request's record begins with its SYN-ACK, which has our ISN. */
static void add_syn_ack(struct list *l, const struct entry *e)
{
	struct rung *r = add_segment(l, "SYN-ACK", true);

	if (conn_has(l->conn, TCP_LIFECYCLE_A_CONN_ISN))
		set_seq(l, r, l->conn->isn);
	/* Fast Open: it acknowledges data, too, and nobody said how much. */
	if (e->to == S(NEW_SYN_RECV) && entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		set_ack(l, r, e->seq + 1);
}

static void add_connect(struct list *l, const struct entry *e)
{
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		add_syn(l, e, true);
	else
		add_note(l, RUNG_NOTE, e, "connect(), no SYN on record");
}

static void add_syn_received(struct list *l, const struct entry *e)
{
	add_syn(l, e, false);
	if (e->from == S(SYN_SENT))
		add_implied(l, e, "SYN-ACK");
	else
		add_syn_ack(l, e);
}

/*
 * The ACK that makes the child out of the request also establishes it: two
 * transitions, one segment.
 */
static void add_ack_received(struct list *l, const struct entry *e, const struct entry *last)
{
	if (last && last->cause == C(ACK_RECEIVED) && last->to == S(SYN_RECV) &&
	    e->from == S(SYN_RECV))
		return;
	add_entry(l, e, "ACK", false);
}

static bool reset_sent(uint8_t close)
{
	return close == TCP_LIFECYCLE_CLOSE_RST_UNREAD ||
	       close == TCP_LIFECYCLE_CLOSE_RST_LINGER ||
	       close == TCP_LIFECYCLE_CLOSE_RST_LINGER2 ||
	       close == TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT;
}

/* Our side ended, or shut its half. */
static void add_closed(struct list *l, const struct entry *e)
{
	bool fin = e->to == S(FIN_WAIT_1) || e->to == S(LAST_ACK);

	if (e->cause != C(RST_SENT))
		add_note(l, RUNG_NOTE, e, moved_closed(e->cause));
	if (fin && e->cause != C(SILENT))
		add_entry(l, e, "FIN", true);
	else if (e->cause == C(RST_SENT) ||
		 (e->to == S(CLOSED) && reset_sent(l->conn->close)))
		add_entry(l, e, "RST", true);
}

static void add_fin_received(struct list *l, const struct entry *e)
{
	add_entry(l, e, e->cause == C(FIN_WITH_ACK) ? "FIN+ACK" : "FIN", false);
	/* In CLOSE_WAIT it may wait, and leave with our own FIN. */
	if (e->to == S(TIME_WAIT) || e->to == S(CLOSING))
		add_implied(l, e, "ACK");
}

static void add_mptcp_reset(struct list *l, const struct entry *e)
{
	add_note(l, RUNG_NOTE, e, e->cause == C(FASTCLOSE_SENT) ? "MPTCP fastclose" :
								  "MPTCP reset the subflow");
	add_entry(l, e, "RST", true);
}

/* Its RST may have come to another subflow. */
static void add_fastclose_received(struct list *l, const struct entry *e)
{
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		add_entry(l, e, "RST", false);
	add_note(l, RUNG_NOTE, e, "MPTCP fastclose of the peer");
}

static void add_reset_received(struct list *l, const struct entry *e)
{
	/* Without the hook on it the two that end a request cannot be told apart. */
	bool or_syn = e->from == S(NEW_SYN_RECV) &&
		      !entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ);

	add_entry(l, e, or_syn ? "RST or SYN" : "RST", false);
}

/* What ended it may be a segment that would have led to TIME_WAIT. */
static void add_overflow(struct list *l, const struct entry *e)
{
	const struct conn *c = l->conn;

	if (e->from == S(CLOSING))
		add_entry(l, e, "ACK", false);
	else if (conn_has(c, TCP_LIFECYCLE_A_CONN_PEER_FIN) &&
		 entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ) && e->seq == c->peer_fin)
		add_entry(l, e, "FIN", false);
	add_note(l, RUNG_NOTE, e, "no room for a timewait socket");
}

static void add_listen(struct list *l, const struct entry *e)
{
	struct rung *r = add_note(l, RUNG_NOTE, e, "listen()");

	if (conn_has(l->conn, TCP_LIFECYCLE_A_CONN_BACKLOG))
		snprintf(r->text, sizeof(r->text), "listen(), backlog %u", l->conn->backlog);
}

static void add_move(struct list *l, const struct entry *e, const struct entry *last)
{
	switch (e->cause) {
	case C(CONNECT):
		add_connect(l, e);
		break;
	case C(LISTEN):
		add_listen(l, e);
		break;
	case C(SYN_RECEIVED):
		add_syn_received(l, e);
		break;
	case C(SYN_ACK_RECEIVED):
		add_entry(l, e, "SYN-ACK", false);
		add_implied(l, e, "ACK");
		break;
	case C(ACK_RECEIVED):
		add_ack_received(l, e, last);
		break;
	case C(CLOSE):
	case C(SHUTDOWN):
	case C(EXIT):
	case C(KILLED):
	case C(SILENT):
	case C(RST_SENT):
	case C(SUBFLOW_CLOSED):
		add_closed(l, e);
		break;
	case C(FIN_RECEIVED):
	case C(FIN_WITH_ACK):
		add_fin_received(l, e);
		break;
	case C(FIN_ACKED):
		add_entry(l, e, "ACK", false);
		break;
	case C(RST_RECEIVED):
		add_reset_received(l, e);
		break;
	case C(FASTCLOSE_SENT):
	case C(SUBFLOW_RESET):
		add_mptcp_reset(l, e);
		break;
	case C(FASTCLOSE_RECEIVED):
		add_fastclose_received(l, e);
		break;
	case C(LATE_DATA):
		add_entry(l, e, "data", false);
		break;
	case C(ICMP):
		add_entry(l, e, "ICMP error", false)->no_seq = true;
		break;
	case C(NEW_SYN):
		add_new_syn(l, e);
		break;
	case C(TW_OVERFLOW):
		add_overflow(l, e);
		break;
	default:
		add_note(l, RUNG_NOTE, e, moved_text(e->cause));
	}
}

/*
 * One in answer to a segment that acknowledged nothing begins at 0, wherever the
 * connection is.
 */
static void add_rst(struct list *l, const struct entry *e)
{
	struct rung *r = add_entry(l, e, "RST", true);

	r->rel_seq &= r->seq != 0;
}

/* An RST, unless the transition before told of it, with its acknowledgement. */
static void add_rst_out(struct list *l, const struct entry *e)
{
	const struct rung *r;
	size_t i;

	for (i = l->nr; i; i--) {
		r = &l->rung[i - 1];
		if (r->kind == RUNG_STATE)
			continue;
		if (r->kind == RUNG_SEGMENT && r->out && !strcmp(r->label, "RST"))
			return;
		break;
	}
	add_rst(l, e);
}

/* What comes from one entry has one time, and it is printed once. */
static void time_once(struct list *l, size_t from)
{
	bool told = false;

	for (; from < l->nr; from++) {
		l->rung[from].timed &= !told;
		told |= l->rung[from].timed;
	}
}

static void add_text(struct list *l, const struct entry *e)
{
	struct rung *r = add_note(l, within_repeats(e) ? RUNG_TIMER : RUNG_NOTE, e, "");

	within_text(r->text, sizeof(r->text), e, l->utf8);
}

/* The reason of an RST has no room next to the arrow. */
static void add_reason(struct list *l, const struct entry *e)
{
	if (e->reason > TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED)
		add_text(l, e);
}

static void add_within(struct list *l, const struct entry *e)
{
	if (e->cause != C(RST_OUT) || e->count > 1) {
		add_text(l, e);
		return;
	}
	add_rst_out(l, e);
	add_reason(l, e);
}

static void add_oddities(struct list *l, const struct entry *e,
			 const struct entry *last)
{
	struct rung *r;

	if (e->gap) {
		r = add_note(l, RUNG_ODD, e, "");
		snprintf(r->text, sizeof(r->text),
			 "gap: something between %s and %s was missed",
			 last ? tlc_words_state(last->to) : "the beginning",
			 tlc_words_state(e->from));
		add_state(l, e->from);
	}
	if (e->illegal) {
		r = add_note(l, RUNG_ODD, e, "");
		snprintf(r->text, sizeof(r->text),
			 "%s to %s is not in the diagram of RFC 9293",
			 tlc_words_state(e->from), tlc_words_state(e->to));
	}
}

static struct rung *add_remark(struct list *l, const char *text)
{
	struct rung *r = add(l, RUNG_ODD);

	snprintf(r->text, sizeof(r->text), "%s", text);
	return r;
}

/* What ended it, the RST that came of it, and the state it led to: in this order. */
static void add_end_by_rst(struct list *l, const struct entry *rst, const struct entry *end,
			   const struct entry *last)
{
	struct entry why = *end;

	why.at_us = rst->at_us;
	add_oddities(l, end, last);
	add_move(l, &why, last);
	if (l->rung[l->nr - 1].implied)
		l->nr--;	/* here it is, on record */
	add_rst(l, rst);
	add_reason(l, rst);
}

/* What was before the first entry, as far as it is not a state to start from. */
static void add_beginning(struct list *l)
{
	switch (l->conn->open) {
	case TCP_LIFECYCLE_OPEN_SYNCOOKIE:
		add_remark(l, "no record of SYN and SYN-ACK: a SYN cookie was used");
		break;
	case TCP_LIFECYCLE_OPEN_PREEXISTING:
		add_remark(l, "older than the module: its earlier life is not known");
		break;
	case TCP_LIFECYCLE_OPEN_UNKNOWN:
		add_remark(l, "its beginning was not recorded");
		break;
	}
	if (l->conn->nr_entries && l->conn->entry[0].from != S(NONE))
		add_state(l, l->conn->entry[0].from);
}

static void add_end(struct list *l)
{
	struct rung *r;

	if (!l->conn->dropped)
		return;
	r = add_remark(l, "");
	snprintf(r->text, sizeof(r->text),
		 "%u%s more entries did not fit in the record",
		 l->conn->dropped, l->conn->dropped == ODDS_MAX ? " or" : "");
}

/**
 * rung_list() - what there is to draw
 * @conn: a connection with its entries
 * @utf8: the text may hold more than ASCII
 * @nr: set to how many lines there are
 *
 * Return: an array to be freed, or NULL when there is no memory.
 */
struct rung *rung_list(const struct conn *conn, bool utf8, size_t *nr)
{
	struct list l = { .conn = conn, .utf8 = utf8 };
	const struct entry *last = NULL;
	unsigned int i;
	size_t from;

	l.rung = calloc((size_t)conn->nr_entries * PER_ENTRY + PER_LIFE,
			sizeof(*l.rung));
	if (!l.rung)
		return NULL;

	add_beginning(&l);
	for (i = 0; i < conn->nr_entries; i++) {
		const struct entry *e = &conn->entry[i];

		from = l.nr;
		if (i + 1 < conn->nr_entries && moved_by_rst(e, e + 1)) {
			add_end_by_rst(&l, e, e + 1, last);
			e = &conn->entry[++i];
		} else if (!entry_moves(e)) {
			add_within(&l, e);
			continue;
		} else {
			add_oddities(&l, e, last);
			add_move(&l, e, last);
		}
		add_state(&l, e->to);
		time_once(&l, from);
		last = e;
	}
	add_end(&l);
	*nr = l.nr;
	return l.rung;
}
