// SPDX-License-Identifier: GPL-2.0-only
/*
 * nearest.c: the known word that was probably meant by a mistyped one.
 */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

#define MAX_WORD 40	/* longer words are not compared */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static char fold(char c)
{
	return c == '_' ? '-' : tolower((unsigned char)c);
}

/*
 * Letters to insert, leave out, replace or swap with their neighbour to get
 * from one word to the other.
 */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[MAX_WORD + 1][MAX_WORD + 1];
	size_t la = strlen(a), lb = strlen(b);
	size_t i, j;

	for (i = 0; i <= la; i++)
		d[i][0] = i;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		for (j = 1; j <= lb; j++) {
			char ca = fold(a[i - 1]), cb = fold(b[j - 1]);

			d[i][j] = least(d[i - 1][j - 1] + (ca != cb),
					least(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 && ca == fold(b[j - 2]) &&
			    cb == fold(a[i - 2]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[la][lb];
}

/**
 * nearest_begin() - begin a search
 * @word: what was typed; must live as long as the search
 */
struct nearest nearest_begin(const char *word)
{
	/* One slip in a short word, two or three in a longer one. */
	return (struct nearest){
		.word = word,
		.distance = strlen(word) / 3 + 2,
	};
}

/**
 * nearest_try() - compare one known word with what was typed
 * @n: the search
 * @candidate: the known word
 */
void nearest_try(struct nearest *n, const char *candidate)
{
	size_t len = strlen(n->word);
	unsigned int d;

	if (len > MAX_WORD || strlen(candidate) > MAX_WORD)
		return;
	d = distance(n->word, candidate);
	/* The beginning of a word is as good as one slip. */
	if (len >= 2 && !strncasecmp(n->word, candidate, len))
		d = least(d, 1);
	if (d < n->distance && d < strlen(candidate)) {
		n->distance = d;
		n->best = candidate;
	}
}
