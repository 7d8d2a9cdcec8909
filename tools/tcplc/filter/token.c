// SPDX-License-Identifier: GPL-2.0-only
/*
 * token.c: a filter, cut into words and operators.
 */
#include "filter/token.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/kernel.h>

static const struct {
	const char *text;
	enum token_type type;
} signs[] = {	/* the longer before those they begin with */
	{ "!=", TOKEN_NE }, { "!", TOKEN_NOT }, { "==", TOKEN_EQ }, { "=", TOKEN_EQ },
	{ "<=", TOKEN_LE }, { "<", TOKEN_LT }, { ">=", TOKEN_GE }, { ">", TOKEN_GT },
	{ "&&", TOKEN_AND }, { "&", TOKEN_AND }, { "||", TOKEN_OR }, { "|", TOKEN_OR },
	{ "(", TOKEN_OPEN }, { ")", TOKEN_CLOSE },
}, spelt[] = {
	{ "and", TOKEN_AND }, { "or", TOKEN_OR }, { "not", TOKEN_NOT },
	{ "eq", TOKEN_EQ }, { "ne", TOKEN_NE }, { "neq", TOKEN_NE },
	{ "lt", TOKEN_LT }, { "le", TOKEN_LE }, { "gt", TOKEN_GT }, { "ge", TOKEN_GE },
};

/* Return: length of the sign at @s, 0 if there is none. */
static size_t sign(const char *s, enum token_type *type)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(signs); i++) {
		len = strlen(signs[i].text);
		if (!strncmp(s, signs[i].text, len)) {
			*type = signs[i].type;
			return len;
		}
	}
	return 0;
}

static enum token_type word_type(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spelt); i++)
		if (!strcasecmp(word, spelt[i].text))
			return spelt[i].type;
	return TOKEN_WORD;
}

/* Cut one token off @s; its word goes to @out.  Return: its length. */
static size_t cut(const char *s, struct token *t, char *out)
{
	size_t len = sign(s, &t->type), skip = 0;

	if (len) {
		memcpy(out, s, len);
	} else if (*s == '"') {
		skip = 1;
		len = strcspn(s + 1, "\"");
		memcpy(out, s + 1, len);
		t->type = TOKEN_WORD;
		skip += s[1 + len] == '"';
	} else {
		len = strcspn(s, " \t\n\r\v\f\"()!=<>&|");
		memcpy(out, s, len);
	}
	out[len] = '\0';
	t->word = out;
	if (*s != '"' && isalpha((unsigned char)*s))
		t->type = word_type(out);
	else if (*s != '"' && !sign(s, &t->type))
		t->type = TOKEN_WORD;
	t->len = len + skip;
	return t->len;
}

/**
 * tokens_cut() - cut a filter
 * @t: filled; to be freed by tokens_free()
 * @text: the filter; not needed afterwards
 *
 * Return: false if there is no memory.
 */
bool tokens_cut(struct tokens *t, const char *text)
{
	size_t len = strlen(text), at = 0;
	char *out;

	/* Each token takes a byte at least, and its word one more for the NUL. */
	t->nr = 0;
	t->token = calloc(len + 1, sizeof(*t->token));
	t->words = malloc(2 * len + 2);
	if (!t->token || !t->words) {
		tokens_free(t);
		return false;
	}
	out = t->words;
	for (;;) {
		struct token *token = &t->token[t->nr++];

		at += strspn(text + at, " \t\n\r\v\f");
		token->at = at;
		if (!text[at]) {
			token->type = TOKEN_END;
			token->word = strcpy(out, "");
			return true;
		}
		at += cut(text + at, token, out);
		out += strlen(out) + 1;
	}
}

/**
 * tokens_free() - let go of them
 * @t: from tokens_cut()
 */
void tokens_free(struct tokens *t)
{
	free(t->token);
	free(t->words);
	t->token = NULL;
	t->words = NULL;
}
