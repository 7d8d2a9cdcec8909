// SPDX-License-Identifier: GPL-2.0-only
/*
 * story.c: what a finding says.
 */
#include "why/story.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/moment.h"

#define SHARES 3	/* named, of those that are known */

/**
 * story_count() - a number with a comma after each thousand
 * @out: at least STORY_COUNT_SIZE bytes
 * @n: the number
 *
 * Return: @out.
 */
const char *story_count(char *out, uint64_t n)
{
	char digits[21];
	size_t len, i, at = 0;

	len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

/**
 * story_out_of() - how many of how many
 * @out: at least 2 * STORY_COUNT_SIZE + 8 bytes
 * @g: a group
 *
 * Return: @out: 12 of 1,024, or 12 where it is not known of how many.
 */
const char *story_out_of(char *out, const struct group *g)
{
	story_count(out, g->count);
	if (!g->partial) {
		strcat(out, " of ");
		story_count(out + strlen(out), g->of);
	}
	return out;
}

static void add(char *to, size_t size, const char *format, va_list args)
{
	size_t len = strlen(to);

	vsnprintf(to + len, size - len, format, args);
}

/**
 * story_say() - add to the headline
 * @s: the story
 * @format: without a line break
 */
void story_say(struct story *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(s->headline, sizeof(s->headline), format, args);
	va_end(args);
}

static void add_fact(struct story *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_fact(struct story *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(s->facts, sizeof(s->facts), format, args);
	va_end(args);
}

/**
 * story_fact() - add a sentence of evidence
 * @s: the story
 * @format: a sentence, ended by its full stop
 */
void story_fact(struct story *s, const char *format, ...)
{
	va_list args;

	if (s->facts[0])
		add_fact(s, " ");
	va_start(args, format);
	add(s->facts, sizeof(s->facts), format, args);
	va_end(args);
}

static void add_shares(struct story *s, const char *before, const struct group *g, bool ends)
{
	uint64_t others = g->others;
	unsigned int i;

	if (!g->nr_parts)
		return;
	story_fact(s, "%s ", before);
	for (i = 0; i < g->nr_parts; i++) {
		if (i >= SHARES) {
			others += g->part[i].count;
			continue;
		}
		add_fact(s, "%s%s (%s)", i ? ", " : "",
			 ends ? KEY_END(&g->part[i].key) : KEY_WHO(&g->part[i].key),
			 COUNT(g->part[i].count));
	}
	if (others)
		add_fact(s, " and others (%s)", COUNT(others));
	add_fact(s, ".");
}

/**
 * story_shares_of_ends() - add the shares of a group, which are addresses
 * @s: the story
 * @before: words in front: "By remote address:"
 * @g: sorted by group_sort()
 */
void story_shares_of_ends(struct story *s, const char *before, const struct group *g)
{
	add_shares(s, before, g, true);
}

/**
 * story_shares_of_processes() - likewise, which are processes
 * @s: the story
 * @before: words in front: "By"
 * @g: sorted by group_sort()
 */
void story_shares_of_processes(struct story *s, const char *before, const struct group *g)
{
	add_shares(s, before, g, false);
}

/* ls pads its columns; a sentence has none. */
static void squeeze(char *text)
{
	char *from = text, *to = text;

	for (; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*to++ = *from;
	*to = '\0';
}

/**
 * story_when() - add when the connections began
 * @s: the story
 * @g: a group that has some
 */
void story_when(struct story *s, const struct group *g)
{
	char first[TEXT_TIME_SIZE], last[TEXT_TIME_SIZE];
	time_t now = time(NULL);

	if (!g->first)
		return;
	text_time(first, g->first, now);
	text_time(last, g->last, now);
	squeeze(first);
	squeeze(last);
	if (g->count == 1 || !strcmp(first, last))
		story_fact(s, "Begun at %s.", first);
	else
		story_fact(s, "Begun from %s to %s.", first, last);
}

static void add_command(struct story *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_command(struct story *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(s->command, sizeof(s->command), format, args);
	va_end(args);
}

/* A word of the filter language that is a name, and that no shell reads otherwise. */
static bool is_plain(const char *comm)
{
	const char *c;

	for (c = comm; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_-.+", *c))
			return false;
	return *comm && strcmp(comm, "and") && strcmp(comm, "or") && strcmp(comm, "not");
}

static void add_whose(struct story *s, const char *of, const struct key *k)
{
	char word[2 * ENDS_SIZE];

	if (!of)
		return;
	if (*of && k->addr.len) {
		story_quote(word, sizeof(word), KEY_END(k));
		add_command(s, " %s %s", of, word);
	} else if (!*of && k->pid) {
		add_command(s, " pid %u", k->pid);
	} else if (!*of && is_plain(k->comm)) {
		add_command(s, " comm %s", k->comm);
	}
}

/**
 * story_list() - the command that lists the connections
 * @s: the story
 * @w: has what stands around it
 * @of: "src" or "dst": those of the address of @k; "": those of its process; NULL: anybody's
 * @k: whose; where no filter can say it, the command lists more
 * @format: more of the filter, each word as a shell takes it
 */
void story_list(struct story *s, const struct why *w, const char *of, const struct key *k,
		const char *format, ...)
{
	va_list args;

	add_command(s, "tcplc list %s", w->command);
	va_start(args, format);
	add(s->command, sizeof(s->command), format, args);
	va_end(args);
	add_whose(s, of, k);
	if (w->all_netns)
		add_command(s, " netns %u", k->netns);
	add_command(s, "%s", w->filter);
}

/**
 * story_listeners() - the command that shows one listener
 * @s: the story
 * @w: has what stands around it
 * @cookie: its identity
 */
void story_listeners(struct story *s, const struct why *w, uint64_t cookie)
{
	add_command(s, "tcplc listeners %sid %" PRIx64, w->command, cookie);
}

/**
 * story_quote() - a word as a shell takes it
 * @out: where
 * @size: its size
 * @word: anything
 *
 * In single quotes if it has anything else than letters, digits and what no shell reads.
 */
void story_quote(char *out, size_t size, const char *word)
{
	size_t at = 0;
	const char *c;

	if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_-.,:/%+=@")]) {
		snprintf(out, size, "%s", word);
		return;
	}
	if (size < 8)
		return;
	out[at++] = '\'';
	for (c = word; *c && at + 6 < size; c++) {
		if (*c == '\'') {
			memcpy(out + at, "'\\''", 4);
			at += 4;
		} else {
			out[at++] = *c;
		}
	}
	out[at++] = '\'';
	out[at] = '\0';
}
