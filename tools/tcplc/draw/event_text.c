// SPDX-License-Identifier: GPL-2.0-only
/*
 * event_text.c: one event in one line.
 *
 * What comes first has a fixed width, so that lines can be compared at a
 * glance; the words behind it can be found with grep.
 */
#include "draw/event_text.h"

#include <inttypes.h>
#include <time.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"
#include "draw/note_text.h"

#define NS_PER_SECOND 1000000000
#define US_PER_SECOND 1000000

/* When it happened: the last time, if it happened often. */
static uint64_t when(const struct entry *e)
{
	return entry_has(e, TCP_LIFECYCLE_A_ENTRY_LAST_US) ? e->last_us : e->at_us;
}

static void put_time_of_day(FILE *out, uint64_t ns)
{
	time_t seconds = ns / NS_PER_SECOND;
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		fprintf(out, "%02d:%02d:%02d.%06u ", tm.tm_hour, tm.tm_min,
			tm.tm_sec, (unsigned int)(ns % NS_PER_SECOND / 1000));
}

static void put_time(FILE *out, const struct conn *c, const struct entry *e,
		     enum event_time time)
{
	uint64_t us = when(e);

	if (time == EVENT_TIME_ABSOLUTE)
		put_time_of_day(out, c->start_ns + us * 1000);
	else if (time == EVENT_TIME_RELATIVE)
		fprintf(out, "+%" PRIu64 ".%06u ", us / US_PER_SECOND,
			(unsigned int)(us % US_PER_SECOND));
}

static void put_pad(FILE *out, int used, int width)
{
	fprintf(out, "%*s", used < width ? width - used : 0, "");
}

/* FROM > TO, or the state in which it happened; 27 columns at most. */
static void put_states(FILE *out, const struct entry *e)
{
	const char *from = tlc_words_state(e->from), *to = tlc_words_state(e->to);
	int used = 0;

	if (entry_moves(e))
		used = fprintf(out, "%s > ", from);
	fputs(text_on(text_state_color(e->to)), out);
	used += fprintf(out, "%s", to);
	fputs(text_off(), out);
	put_pad(out, used, 28);
}

static void put_what(FILE *out, const struct entry *e)
{
	char text[96];

	if (entry_moves(e))
		snprintf(text, sizeof(text), "%s", tlc_words_cause(e->cause));
	else
		within_text(text, sizeof(text), e, false);
	fprintf(out, "%-18s ", text);
}

static void put_ends(FILE *out, const struct conn *c)
{
	char text[ENDS_SIZE];

	fputs(ends_local(text, c), out);
	if (c->open != TCP_LIFECYCLE_OPEN_LISTENER)
		fprintf(out, " %s", ends_remote(text, c));
}

static void put_numbers(FILE *out, const struct entry *e)
{
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		fprintf(out, " seq %u", e->seq);
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_ACK))
		fprintf(out, " ack %u", e->ack);
	if (e->gap)
		fprintf(out, " %sgap%s", text_on(TEXT_BAD), text_off());
	if (e->illegal)
		fprintf(out, " %sillegal%s", text_on(TEXT_BAD), text_off());
	if (e->replaces)
		fprintf(out, " replaces %u", e->replaces);
}

/* Once, with what ended it; an RST may follow, and knows the verdict, too. */
static void put_verdict(FILE *out, const struct conn *c, const struct entry *e)
{
	if (!c->close || !entry_moves(e) || e->to != TCP_LIFECYCLE_STATE_CLOSED)
		return;
	fprintf(out, " open %s close %s%s%s", tlc_words_open(c->open),
		text_on(text_close_color(c->close)), tlc_words_close(c->close),
		text_off());
	if (c->first)
		fprintf(out, " first %s", tlc_words_first(c->first));
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
	char id[TEXT_ID_SIZE];

	if (!event->nr_entries)
		return;
	put_time(out, event, e, time);
	fprintf(out, "%-10s ", text_id(id, event));
	put_states(out, e);
	put_what(out, e);
	put_ends(out, event);
	if (netns)
		fprintf(out, " netns %u", event->netns);
	put_numbers(out, e);
	put_verdict(out, event, e);
	putc('\n', out);
}
