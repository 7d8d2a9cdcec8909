/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * story.h: what a finding says.
 *
 * Owns: struct story, and putting numbers, shares and commands into words.
 * Used by: the print() of each rule; finding.c.
 * Must not: let bytes from elsewhere through unescaped, or a word that a shell would read.
 */
#ifndef TCPLC_WHY_STORY_H
#define TCPLC_WHY_STORY_H

#include <stdio.h>

#include "base/text.h"
#include "why/scope.h"
#include "why/tally.h"

/**
 * struct story - what is said of one group
 * @headline: what is wrong, in one line
 * @facts: sentences of evidence
 * @command: lists the connections
 */
struct story {
	char headline[768];
	char facts[2048];
	char command[1600];
};

#define STORY_COUNT_SIZE 28

const char *story_count(char *out, uint64_t n);
const char *story_out_of(char *out, const struct group *g);
void story_say(struct story *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void story_fact(struct story *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void story_shares_of_ends(struct story *s, const char *before, const struct group *g);
void story_shares_of_processes(struct story *s, const char *before, const struct group *g);
void story_when(struct story *s, const struct group *g);
void story_list(struct story *s, const struct why *w, const char *of, const struct key *k,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
void story_listeners(struct story *s, const struct why *w, uint64_t cookie);
void story_quote(char *out, size_t size, const char *word);

/* For one statement; the text lives as long as the block around it. */
#define COUNT(n) story_count((char [STORY_COUNT_SIZE]){ 0 }, n)
#define OUT_OF(g) story_out_of((char [2 * STORY_COUNT_SIZE + 8]){ 0 }, g)
#define LASTED(us) text_duration((char [TEXT_DURATION_SIZE]){ 0 }, us)
#define S(n) ((n) == 1 ? "" : "s")
#define S3(n) ((n) == 1 ? "s" : "")	/* it waits, they wait */

#endif /* TCPLC_WHY_STORY_H */
