// SPDX-License-Identifier: GPL-2.0-only
/*
 * event_text.c: one event in one line.
 *
 * When, between whom, which connection; then the entry as /proc has it, with the words of
 * docs/format.md.  What comes first has a fixed width, so that lines can be compared at
 * a glance; the words behind it can be found with grep.
 */
#include "draw/event_text.h"

#include <inttypes.h>

#include "base/ends.h"
#include "base/moment.h"
#include "base/names.h"
#include "base/text.h"

#define US_PER_SECOND 1000000
#define ENDS_WIDTH 21		/* 255.255.255.255:65535 */
#define ID_WIDTH 8
#define COUNT_MAX 65535		/* the kernel counts no further */
#define COUNT_SMALL_MAX 255	/* likewise, what has other numbers, too */

#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define HAS(name) entry_has(e, TCP_LIFECYCLE_A_ENTRY_##name)

/* When it happened: the last time, if it happened often. */
static uint64_t when(const struct entry *e)
{
	return HAS(LAST_US) ? e->last_us : e->at_us;
}

static void put_us(FILE *out, uint64_t us)
{
	fprintf(out, "%" PRIu64 ".%06u", us / US_PER_SECOND, (unsigned int)(us % US_PER_SECOND));
}

static void put_time(FILE *out, const struct conn *c, const struct entry *e,
		     enum event_time time)
{
	char text[TEXT_STAMP_SIZE];
	uint64_t us = when(e);

	if (time == EVENT_TIME_ABSOLUTE) {
		fprintf(out, "%s ", text_stamp(text, c->start_ns + us * 1000));
	} else if (time == EVENT_TIME_RELATIVE) {
		putc('+', out);
		put_us(out, us);
		putc(' ', out);
	}
}

static void put_who(FILE *out, const struct conn *c)
{
	char local[ENDS_SIZE], remote[ENDS_SIZE], id[TEXT_ID_SIZE];
	bool listener = c->open == TCP_LIFECYCLE_OPEN_LISTENER;

	fprintf(out, "%-*s %-*s %-*s ", ENDS_WIDTH, ends_local(local, c), ENDS_WIDTH,
		listener ? "-" : ends_remote(remote, c), ID_WIDTH, text_id(id, c));
}

/* FROM>TO, or the state in which it happened. */
static void put_states(FILE *out, const struct entry *e)
{
	if (entry_moves(e))
		fprintf(out, "%s>", tlc_words_state(e->from));
	fprintf(out, "%s%s%s cause=%s", text_on(text_state_color(e->to)),
		tlc_words_state(e->to), text_off(), tlc_words_cause(e->cause));
}

static void put_count(FILE *out, const struct entry *e)
{
	uint32_t most = e->cause == C(MSS_CHANGED) || e->cause == C(RST_OUT) ?
			COUNT_SMALL_MAX : COUNT_MAX;

	if (HAS(COUNT))
		fprintf(out, " count=%u%s", e->count, e->count == most ? "+" : "");
	if (HAS(LAST_US)) {
		fputs(" last=+", out);
		put_us(out, e->last_us);
	}
}

/* What happened within a state. */
static void put_within(FILE *out, const struct entry *e)
{
	if (HAS(LENGTH_MS)) {
		fputs(" for=", out);
		put_us(out, e->length_ms * 1000ULL);
	}
	put_count(out, e);
	if (HAS(MSS_OLD_BYTES))
		fprintf(out, " old=%u new=%u by=%s", e->mss_old_bytes, e->mss_new_bytes,
			names_word(NAMES_MSS_BY, e->mss_by));
	if (HAS(REASON))
		fprintf(out, " reason=%s", names_word(NAMES_RST_REASON, e->reason));
	if (e->nth)
		fprintf(out, " n=%u", e->nth);
	if (e->limit)
		fprintf(out, " max=%u", e->limit);
}

static void put_numbers(FILE *out, const struct entry *e)
{
	if (HAS(SEQ))
		fprintf(out, " seq=%u", e->seq);
	if (HAS(ACK))
		fprintf(out, " ack=%u", e->ack);
	if (HAS(IN_US) && entry_moves(e)) {
		fputs(" in=", out);
		put_us(out, e->in_us);
	}
	if (e->gap)
		fprintf(out, " %sgap%s", text_on(TEXT_BAD), text_off());
	if (e->illegal)
		fprintf(out, " %sillegal%s", text_on(TEXT_BAD), text_off());
	if (e->replaces)
		fprintf(out, " replaces=%u", e->replaces);
}

/* Once, with what ended it; an RST may follow, and knows the verdict, too. */
static void put_verdict(FILE *out, const struct conn *c, const struct entry *e)
{
	if (!c->close || !entry_moves(e) || e->to != TCP_LIFECYCLE_STATE_CLOSED)
		return;
	fprintf(out, " open=%s close=%s%s%s", tlc_words_open(c->open),
		text_on(text_close_color(c->close)), tlc_words_close(c->close),
		text_off());
	if (c->first)
		fprintf(out, " first=%s", tlc_words_first(c->first));
}

/**
 * event_text_print() - print it
 * @out: where to
 * @event: what an event tells; one without an entry is not printed
 * @time: what it begins with
 * @netns: name the network namespace
 */
void event_text_print(FILE *out, const struct conn *event, enum event_time time,
		      bool netns)
{
	const struct entry *e = event->entry;

	if (!event->nr_entries)
		return;
	put_time(out, event, e, time);
	put_who(out, event);
	put_states(out, e);
	if (!entry_moves(e))
		put_within(out, e);
	put_numbers(out, e);
	put_verdict(out, event, e);
	if (netns)
		fprintf(out, " netns=%u", event->netns);
	putc('\n', out);
}
