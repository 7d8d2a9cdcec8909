// SPDX-License-Identifier: GPL-2.0-only
/*
 * note_text.c: what happened within a state, in words.
 *
 * Pure.
 */
#include "draw/note_text.h"

#include <stdio.h>

#include "base/names.h"
#include "base/text.h"

#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define COUNT_MAX 65535		/* the kernel counts no further */
#define COUNT_SMALL_MAX 255	/* likewise, what has other numbers, too */

static const char *what(uint8_t cause)
{
	switch (cause) {
	case C(TIMER_RTO_SYN):
		return "SYN retransmission timer";
	case C(TIMER_RTO_DATA):
		return "retransmission timer (data)";
	case C(TIMER_RTO_FIN):
		return "FIN retransmission timer";
	case C(TIMER_SYN_ACK):
		return "SYN-ACK timer";
	case C(TIMER_DELAYED_ACK):
		return "delayed ACK timer";
	case C(TIMER_KEEPALIVE):
		return "keepalive timer";
	case C(TIMER_PROBE):
		return "zero-window probe timer";
	case C(TIMER_UNSENT):
		return "probe timer, window open: not sent yet";
	case C(TIMER_LOSS_PROBE):
		return "tail loss probe timer";
	case C(TIMER_REORDERING):
		return "reordering timer";
	case C(TIMER_FIN_WAIT_2):
		return "FIN_WAIT_2 timer";
	case C(SYN_ACK_AGAIN):
		return "SYN-ACK retransmitted";
	case C(ACK_DEFERRED):
		return "bare ACK deferred (TCP_DEFER_ACCEPT)";
	case C(2MSL_ARMED):
		return "2MSL timer set";
	case C(2MSL_RESTARTED):
		return "2MSL timer restarted";
	case C(FIN_WAIT_2_ARMED):
		return "FIN_WAIT_2 in a timewait socket";
	case C(MSS_CHANGED):
		return "MSS changed";
	case C(RST_OUT):
		return "RST sent";
	case C(ACCEPTED):
		return "accept()";
	case C(MIGRATED):
		return "its listener closed; moved to another one";
	case C(FOUND):
		return "already there when the module was loaded";
	}
	return tlc_words_cause(cause);
}

/**
 * within_repeats() - is it a timer that fires, or a retransmission?
 * @e: an entry that is no transition
 */
bool within_repeats(const struct entry *e)
{
	switch (e->cause) {
	case C(ACCEPTED):
	case C(MIGRATED):
	case C(ACK_DEFERRED):
	case C(2MSL_ARMED):
	case C(FIN_WAIT_2_ARMED):
	case C(RST_OUT):
	case C(FOUND):
		return e->count > 1;
	}
	return true;
}

static uint32_t most(const struct entry *e)
{
	return e->cause == C(MSS_CHANGED) || e->cause == C(RST_OUT) ? COUNT_SMALL_MAX :
								      COUNT_MAX;
}

/**
 * within_text() - say it
 * @out: text
 * @size: room in it
 * @e: an entry that is no transition
 * @times: with the multiplication sign, where the terminal has one
 */
void within_text(char *out, size_t size, const struct entry *e, bool times)
{
	char buf[TEXT_DURATION_SIZE];
	FILE *f = fmemopen(out, size - 1, "w");

	if (!f) {
		snprintf(out, size, "%s", what(e->cause));
		return;
	}
	fputs(what(e->cause), f);
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_LENGTH_MS))
		fprintf(f, " for %s", text_duration(buf, e->length_ms * 1000ULL));
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_MSS_OLD_BYTES))
		fprintf(f, " from %u to %u", e->mss_old_bytes, e->mss_new_bytes);
	if (e->reason > TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED)
		fprintf(f, " (%s)", names_word(NAMES_RST_REASON, e->reason));
	if (e->nth && e->limit)
		fprintf(f, ", probe %u of %u", e->nth, e->limit);
	else if (e->nth)
		fprintf(f, ", probe %u", e->nth);
	if (e->count > 1)
		fprintf(f, " %s%u%s", times ? "×" : "x", e->count,
			e->count == most(e) ? "+" : "");
	if (e->count > 1 && entry_has(e, TCP_LIFECYCLE_A_ENTRY_LAST_US))
		fprintf(f, ", last at %s", text_duration(buf, e->last_us));
	fclose(f);
	out[size - 1] = '\0';	/* which a stream that is full leaves out */
}
