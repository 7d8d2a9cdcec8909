/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rung.h: the life of a connection as a list of what a ladder diagram shows.
 *
 * Owns: struct rung.
 * Made from a struct conn by rung.c, drawn by ladder.c.
 */
#ifndef TCPLC_RUNG_H
#define TCPLC_RUNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

/**
 * enum rung_kind - what is on one line
 * @RUNG_STATE: the local end is in a state from here on
 * @RUNG_SEGMENT: a segment crossed
 * @RUNG_NOTE: something happened at the local end
 * @RUNG_TIMER: a timer fired, or something was retransmitted, perhaps often
 * @RUNG_ODD: a gap, or a transition outside the diagram
 */
enum rung_kind {
	RUNG_STATE,
	RUNG_SEGMENT,
	RUNG_NOTE,
	RUNG_TIMER,
	RUNG_ODD,
};

/**
 * struct rung - one line of a ladder
 * @kind: which of the rest counts
 * @state: STATE: enum tcp_lifecycle_state
 * @timed: @at is known
 * @out: SEGMENT: we sent it
 * @implied: SEGMENT: it is not on record; the protocol calls for it
 * @has_seq: SEGMENT: @seq is known, as @has_ack tells of @ack
 * @no_ack: SEGMENT: it acknowledges nothing, or that is no question
 * @no_seq: SEGMENT: it is no TCP segment, so there is nothing to know
 * @rel_seq: @seq_from is known, so the number can be told from there
 * @rel_ack: likewise
 * @at: microseconds since the start of the record
 * @seq: sequence number
 * @ack: acknowledgement number
 * @seq_from: initial sequence number of its sender
 * @ack_from: that of its receiver
 * @label: SEGMENT: what it is
 * @text: NOTE, TIMER, ODD: what happened
 */
struct rung {
	enum rung_kind kind;
	uint8_t state;
	bool timed;
	bool out;
	bool implied;
	bool has_seq;
	bool has_ack;
	bool no_ack;
	bool no_seq;
	bool rel_seq;
	bool rel_ack;
	uint64_t at;
	uint32_t seq;
	uint32_t ack;
	uint32_t seq_from;
	uint32_t ack_from;
	char label[24];
	char text[96];
};

struct rung *rung_list(const struct conn *conn, bool utf8, size_t *nr);

#endif /* TCPLC_RUNG_H */
