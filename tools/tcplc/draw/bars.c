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

/**
 * bars_print() - draw a histogram, one line a bucket
 * @out: where
 * @h: the histogram
 * @width: room on a line, or TEXT_WIDE
 */
void bars_print(FILE *out, const struct histogram *h, unsigned int width)
{
	unsigned int room = width > LABEL + NUMBER + 14 ? width - LABEL - NUMBER - 6 : 8;
	char least[TEXT_DURATION_SIZE];
	uint64_t most = 0;
	unsigned int i, n;

	if (!width || room > 50)
		room = 50;
	for (i = 0; i < h->nr; i++)
		if (h->count[i] > most)
			most = h->count[i];
	for (i = 0; i < h->nr; i++) {
		/* What is there at all gets a mark. */
		n = most ? (double)h->count[i] / most * room + 0.5 : 0;
		if (!n && h->count[i])
			n = 1;
		fprintf(out, "  %*s+ %*" PRIu64 " %s", LABEL,
			text_duration(least, h->least[i]), NUMBER, h->count[i],
			text_on(TEXT_LISTEN));
		while (n--)
			fputc('#', out);
		fprintf(out, "%s\n", text_off());
	}
}
