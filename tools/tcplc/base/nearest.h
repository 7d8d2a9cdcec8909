/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nearest.h: the known word that was probably meant by a mistyped one.
 *
 * Used by: commands.c, options.c and the filter parser.
 * Must not: suggest a word that has little in common with what was typed.
 */
#ifndef TCPLC_NEAREST_H
#define TCPLC_NEAREST_H

/**
 * struct nearest - a search
 * @best: the nearest so far, or NULL
 */
struct nearest {
	const char *best;
	/* private: */
	const char *word;
	unsigned int distance;
};

struct nearest nearest_begin(const char *word);
void nearest_try(struct nearest *n, const char *candidate);

#endif /* TCPLC_NEAREST_H */
