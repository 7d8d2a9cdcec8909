// SPDX-License-Identifier: GPL-2.0-only
/*
 * conclusion.c: what the totals come to, in a few sentences.
 */
#include "cmd/conclusion.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/wrap.h"
#include "draw/bars.h"
#include "filter/wordset.h"

/* Listeners end, too; they are no connections. */
#define OF_LISTENERS (1ULL << TCP_LIFECYCLE_CLOSE_LISTENER | \
		      1ULL << TCP_LIFECYCLE_CLOSE_LISTEN_FAILED)

static uint64_t sum(const struct counters *t, uint64_t mask)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = TCP_LIFECYCLE_CLOSE_NONE + 1; i <= TCP_LIFECYCLE_CLOSE_MAX; i++)
		if (mask & 1ULL << i)
			all += t->close[i];
	return all;
}

static void put_part(FILE *out, uint64_t n, const char *how)
{
	if (n)
		fprintf(out, ", %" PRIu64 " %s", n, how);
}

static void put_ends(FILE *out, const struct counters *t)
{
	uint64_t normal, reset, timeout, all = sum(t, ~OF_LISTENERS), rest;

	wordset_find(NAMES_CLOSE, "normal", &normal);
	wordset_find(NAMES_CLOSE, "reset", &reset);
	wordset_find(NAMES_CLOSE, "timeout", &timeout);
	rest = all - sum(t, normal) - sum(t, reset) - sum(t, timeout);
	fprintf(out, "%u record%s of open connections and listeners; ", t->live,
		t->live == 1 ? "" : "s");
	if (!all) {
		fputs("no connection has ended.", out);
		return;
	}
	fprintf(out, "%" PRIu64 " connection%s ended: %" PRIu64 " in order", all,
		all == 1 ? "" : "s", sum(t, normal));
	put_part(out, sum(t, reset), "by an RST");
	put_part(out, sum(t, timeout), "by a timer");
	put_part(out, rest, "otherwise");
	putc('.', out);
}

static void put_handshakes(FILE *out, const struct histogram *h)
{
	char half[TEXT_DURATION_SIZE], most[TEXT_DURATION_SIZE];

	if (h->nr)
		fprintf(out, " Half of the handshakes took less than %s, 99 of 100 less than %s.",
			text_duration(half, bars_percentile(h, 50)),
			text_duration(most, bars_percentile(h, 99)));
}

static bool put_losses(FILE *out, const struct counters *t)
{
	const struct counters_field *f;
	bool any = false;
	uint64_t value;
	unsigned int i;

	for (i = 0; (f = counters_field(i)); i++) {
		value = counters_value(t, f->attr);
		if (!f->loss || !counters_has(t, f->attr) || !value)
			continue;
		fprintf(out, "%s%" PRIu64 " %s", any ? "; " : "Not all is recorded: ", value,
			f->about);
		any = true;
	}
	fputs(any ? "." : "Nothing was lost.", out);
	return any;
}

static void print(FILE *out, const char *text, enum text_color color, unsigned int width)
{
	fputs(text_on(color), out);
	wrap_print(out, text, 0, width);
	fputs(text_off(), out);
}

/**
 * conclusion_print() - print it
 * @out: where
 * @t: the totals; of who may not see the host only what was lost
 * @handshakes: how long they took; without a bucket if that is not known
 * @width: of a line, or TEXT_WIDE
 */
void conclusion_print(FILE *out, const struct counters *t, const struct histogram *handshakes,
		      unsigned int width)
{
	char *text = NULL;
	bool any;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	if (counters_has(t, TCP_LIFECYCLE_A_STATS_VERDICT)) {
		put_ends(f, t);
		put_handshakes(f, handshakes);
	}
	fclose(f);
	if (*text)
		print(out, text, TEXT_BOLD, width);
	free(text);
	text = NULL;
	f = open_memstream(&text, &size);
	if (!f)
		return;
	any = put_losses(f, t);
	fclose(f);
	print(out, text, any ? TEXT_BAD : TEXT_BOLD, width);
	free(text);
}
