/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * token.h: a filter, cut into words and operators.
 *
 * Used by: parse.c and condition.c.
 * Must not: know which words there are.
 */
#ifndef TCPLC_TOKEN_H
#define TCPLC_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* enum token_type - what it is */
enum token_type {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_OPEN,	/* ( */
	TOKEN_CLOSE,	/* ) */
	TOKEN_NOT,	/* ! and the word */
	TOKEN_AND,	/* & && and the word */
	TOKEN_OR,	/* | || and the word */
	TOKEN_EQ,	/* = == eq */
	TOKEN_NE,	/* != ne neq */
	TOKEN_LT,	/* < lt */
	TOKEN_LE,	/* <= le */
	TOKEN_GT,	/* > gt */
	TOKEN_GE,	/* >= ge */
};

/**
 * struct token - one of them
 * @type: what it is
 * @at: where it is in the filter
 * @len: bytes it takes there, quotes included
 * @word: its text without quotes; "" at the end
 */
struct token {
	enum token_type type;
	size_t at;
	size_t len;
	const char *word;
};

/**
 * struct tokens - all of them
 * @token: the last one is TOKEN_END
 */
struct tokens {
	struct token *token;
	/* private: */
	size_t nr;
	char *words;
};

bool tokens_cut(struct tokens *t, const char *text);
void tokens_free(struct tokens *t);

#endif /* TCPLC_TOKEN_H */
