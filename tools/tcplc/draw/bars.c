// SPDX-License-Identifier: GPL-2.0-only
/*
 * bars.c: a histogram, drawn.
 */
#include "draw/bars.h"

#include <inttypes.h>

#include "base/text.h"

#define LABEL 10	/* columns for where a bucket begins */
#define NUMBER 12	/* and for how many fell in it */

static uint64_t total(const struct histogram *h)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < h->nr; i++)
		sum += h->count[i];
	return sum;
}

/**
 * bars_percentile() - below which power of two do so many lie?
 * @h: the histogram
 * @percent: so many of a hundred, 1 to 100
 *
 * Return: microseconds; the end of the bucket in which that one lies.
 */
uint64_t bars_percentile(const struct histogram *h, unsigned int percent)
{
	uint64_t all = total(h), seen = 0;
	unsigned int i;

	for (i = 0; i < h->nr; i++) {
		seen += h->count[i];
		/* all * percent would wrap for a count no kernel reaches. */
		if (seen / 100.0 * 100 >= all / 100.0 * percent)
			return h->least[i] ? h->least[i] * 2 : 1;
	}
	return 0;
}

static void put_bucket(FILE *out, uint64_t least, uint64_t count, unsigned int marks)
{
	char label[TEXT_DURATION_SIZE];

	fprintf(out, "  %*s+ %*" PRIu64, LABEL, text_duration(label, least), NUMBER, count);
	if (marks)
		fprintf(out, " %s", text_on(TEXT_LISTEN));
	for (; marks; marks--)
		fputc('#', out);
	fprintf(out, "%s\n", count ? text_off() : "");
}

/**
 * bars_print() - draw a histogram, one line a bucket, those in between that are empty too
 * @out: where
 * @h: the histogram
 * @width: room on a line, or TEXT_WIDE
 */
void bars_print(FILE *out, const struct histogram *h, unsigned int width)
{
	unsigned int room = width > LABEL + NUMBER + 14 ? width - LABEL - NUMBER - 6 : 8;
	uint64_t most = 0, next = h->nr ? h->least[0] : 0;
	unsigned int i, n;

	if (!width || room > 50)
		room = 50;
	for (i = 0; i < h->nr; i++)
		if (h->count[i] > most)
			most = h->count[i];
	for (i = 0; i < h->nr; i++) {
		for (; next < h->least[i] && next <= UINT64_MAX / 2; next = next ? next * 2 : 1)
			put_bucket(out, next, 0, 0);
		/* What is there at all gets a mark. */
		n = most ? (double)h->count[i] / most * room + 0.5 : 0;
		put_bucket(out, h->least[i], h->count[i], n ? n : h->count[i] > 0);
		next = h->least[i] ? h->least[i] * 2 : 1;
	}
}
