// SPDX-License-Identifier: GPL-2.0-only
/*
 * place_term.c: the terms of a filter about where the owner ran.
 *
 * As with any comparison, one with what is not known does not hold.
 */
#include "filter/place_term.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include <linux/kernel.h>

#include "base/names.h"
#include "base/place.h"

/**
 * struct place_word - a word that begins such a term
 * @word: the word
 * @kind: what is compared
 * @expected: what it needs, for the message when nothing is there
 */
static const struct place_word {
	const char *word;
	enum term_place kind;
	const char *expected;
} words[] = {
	{ "unit", PLACE_UNIT, "a unit of systemd, for example nginx.service or docker-*" },
	{ "slice", PLACE_SLICE, "a slice of systemd, for example system.slice" },
	{ "container", PLACE_CONTAINER, "how the id of a container begins, for example 3f2a, or "
					"the name LXC has for it" },
	{ "pod", PLACE_POD, "how the uid of a pod begins, as kubectl get pod -o yaml has it" },
	{ "cgroup", PLACE_CGROUP, "a number, or a path like /system.slice/nginx.service" },
};

/**
 * place_term_begins() - does the word in front begin such a term?
 * @p: behind the word
 * @term: filled in; @at and @len are those of the word
 */
bool place_term_begins(const struct parser *p, struct term *term)
{
	const struct token *t = p->token;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (names_equal(t[-1].word, words[i].word))
			break;
	if (i == ARRAY_SIZE(words))
		return false;
	if (t->type == TOKEN_EQ)
		t++;
	/* With a number it is another term. */
	if (words[i].kind == PLACE_CGROUP && *t->word != '/')
		return false;
	term->kind = TERM_PLACE;
	term->place = words[i].kind;
	return true;
}

/**
 * place_term_parse() - read what follows
 * @p: behind the word
 * @term: from place_term_begins()
 *
 * Return: the term; NULL if something is wrong.
 */
struct node *place_term_parse(struct parser *p, struct term *term)
{
	const struct place_word *word = &words[term->place];
	const struct token *t;

	if (p->token->type == TOKEN_EQ)
		p->token++;
	t = p->token;
	if (t->type != TOKEN_WORD || !*t->word)
		return parser_bad(p, t, "'%s' needs %s", word->word, word->expected);
	if (strlen(t->word) >= sizeof(term->name))
		return parser_bad(p, t, "such a name has %zu bytes at most",
				  sizeof(term->name) - 1);
	p->token++;
	strcpy(term->name, t->word);
	return node_term(term);
}

/**
 * place_term_try() - which of the words may have been meant?
 * @n: the search
 */
void place_term_try(struct nearest *n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		nearest_try(n, words[i].word);
}

static bool is_like(const char *name, const char *pattern)
{
	return name && (!strcmp(name, pattern) || !fnmatch(pattern, name, 0));
}

/* As systemctl: without a kind it is a service. */
static bool is_unit(const char *unit, const char *pattern)
{
	static const char service[] = ".service";
	size_t len = strlen(pattern);

	return is_like(unit, pattern) ||
	       (unit && !strncmp(unit, pattern, len) && !strcmp(unit + len, service));
}

static bool begins(const char *id, const char *with)
{
	return id && !strncasecmp(id, with, strlen(with));
}

/* A container of LXC has a name instead: one that begins so is another. */
static bool is_container(const char *id, const char *pattern)
{
	static const char hex[] = "0123456789abcdef";

	if (is_like(id, pattern))
		return true;
	return id && strlen(id) == 64 && strspn(id, hex) == 64 && begins(id, pattern);
}

/* _ as in the path, or - as everywhere else. */
static bool is_pod(const char *uid, const char *pattern)
{
	char plain[sizeof(((struct term *)0)->name)];
	char *c;

	strcpy(plain, pattern);
	for (c = plain; *c; c++)
		if (*c == '_')
			*c = '-';
	return begins(uid, plain);
}

/**
 * place_term_match() - did it run there?
 * @t: the term
 * @c: a record
 */
bool place_term_match(const struct term *t, const struct conn *c)
{
	const struct place *p = place_of(c);

	if (!p)
		return false;
	switch (t->place) {
	case PLACE_UNIT:
		return is_unit(p->unit, t->name);
	case PLACE_SLICE:
		return is_like(p->slice, t->name);
	case PLACE_CONTAINER:
		return is_container(p->container, t->name);
	case PLACE_POD:
		return is_pod(p->pod, t->name);
	case PLACE_CGROUP:
		return is_like(p->path, t->name);
	}
	return false;
}
