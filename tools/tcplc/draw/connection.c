// SPDX-License-Identifier: GPL-2.0-only
/*
 * connection.c: everything there is to say of one connection.
 */
#include "draw/connection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/names.h"
#include "base/text.h"
#include "base/wrap.h"
#include "draw/facts.h"
#include "draw/sentence.h"

static void put_start(FILE *out, const struct conn *c)
{
	time_t seconds = c->start_ns / 1000000000;
	char date[32], zone[8];
	struct tm tm;

	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_START_NS) ||
	    !localtime_r(&seconds, &tm))
		return;
	strftime(date, sizeof(date), "%F %T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	fprintf(out, "from %s.%06" PRIu64 " %s", date,
		c->start_ns % 1000000000 / 1000, zone);
}

static void put_verdict(FILE *out, const struct conn *c)
{
	fprintf(out, "open %s", tlc_words_open(c->open));
	if (c->close)
		fprintf(out, ", close %s%s%s", text_on(text_close_color(c->close)),
			tlc_words_close(c->close), text_off());
	if (c->first)
		fprintf(out, ", first %s", tlc_words_first(c->first));
}

/* Two lines: when and where; which one, and its words. */
static void put_head(FILE *out, const struct conn *c)
{
	char buf[TEXT_DURATION_SIZE], id[TEXT_ID_SIZE];

	put_start(out, c);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_AGE_US))
		fprintf(out, ", %s%s", text_duration(buf, c->age_us),
			conn_dead(c) ? "" : " so far");
	fprintf(out, ", %s", tlc_words_family(c->family));
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_NETNS))
		fprintf(out, ", netns %u", c->netns);
	fprintf(out, "\n%s%s%s  %s%s%s  ", text_on(TEXT_BOLD), text_id(id, c),
		text_off(), text_on(text_state_color(c->state)),
		tlc_words_state(c->state), text_off());
	put_verdict(out, c);
	fputs("\n\n", out);
}

/**
 * life_print() - print it
 * @out: where to
 * @c: a connection with its entries
 * @style: what the output can take
 * @losses: what the module may have failed to see; NULL: not known
 *
 * Return: 0, or -1 when there is no memory.
 */
int life_print(FILE *out, const struct conn *c, const struct ladder_style *style,
	       const struct losses *losses)
{
	char *end = sentence_end(c, losses), *opening = sentence_opening(c);
	int err = -1;

	if (end && opening) {
		fputs(text_on(TEXT_BOLD), out);
		wrap_print(out, end, 0, style->width);
		fprintf(out, "%s\n", text_off());
		wrap_print(out, opening, 0, style->width);
		put_head(out, c);
		err = ladder_print(out, c, style);
	}
	if (!err)
		facts_print(out, c, style->width);
	free(end);
	free(opening);
	return err;
}
