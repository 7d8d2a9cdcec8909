// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse.c: how terms are joined.
 *
 *	filter = [ any ]
 *	any    = all { "or" all }
 *	all    = one { [ "and" ] one }
 *	one    = "not" one | "(" any ")" | term
 *
 * condition.c reads the terms.
 */
#include "filter/ast.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define MAX_DEPTH 100	/* the parser calls itself as deep as this */

/**
 * node_new() - join
 * @type: how
 * @left: taken over, also if this fails
 * @right: likewise
 *
 * Return: NULL if a side is NULL that must be there, or without memory.
 */
struct node *node_new(enum node_type type, struct node *left, struct node *right)
{
	struct node *n = NULL;

	if (left && (right || type == NODE_NOT))
		n = calloc(1, sizeof(*n));
	if (!n) {
		node_free(left);
		node_free(right);
		return NULL;
	}
	n->type = type;
	n->left = left;
	n->right = right;
	return n;
}

/**
 * node_term() - a term to be joined
 * @term: copied
 */
struct node *node_term(const struct term *term)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n)
		n->term = *term;
	return n;
}

/**
 * node_free() - let go of a node and all below it
 * @n: or NULL
 */
void node_free(struct node *n)
{
	if (!n)
		return;
	node_free(n->left);
	node_free(n->right);
	free(n);
}

/**
 * parser_bad() - something is wrong
 * @p: the parser; the first thing that is wrong is kept
 * @t: the offending word
 * @format: what is wrong with it
 *
 * Return: NULL, for the caller to return.
 */
void *parser_bad(struct parser *p, const struct token *t, const char *format, ...)
{
	va_list args;

	if (p->error->what[0])
		return NULL;
	p->error->at = t->at;
	p->error->len = t->len;
	va_start(args, format);
	vsnprintf(p->error->what, sizeof(p->error->what), format, args);
	va_end(args);
	return NULL;
}

static struct node *parse_any(struct parser *p);

static struct node *parse_one(struct parser *p)
{
	const struct token *t = p->token;
	struct node *n;

	if (p->depth == MAX_DEPTH)
		return parser_bad(p, t, "too many parentheses and negations");
	p->depth++;
	switch (t->type) {
	case TOKEN_NOT:
		p->token++;
		n = node_new(NODE_NOT, parse_one(p), NULL);
		break;
	case TOKEN_OPEN:
		p->token++;
		n = parse_any(p);
		if (!n)
			break;
		if (p->token->type == TOKEN_CLOSE) {
			p->token++;
			break;
		}
		node_free(n);
		n = parser_bad(p, p->token->type == TOKEN_END ? t : p->token,
			       p->token->type == TOKEN_END ?
			       "this '(' has no ')'" : "expected 'and', 'or' or ')'");
		break;
	default:
		n = term_parse(p);
	}
	p->depth--;
	return n;
}

static struct node *parse_all(struct parser *p)
{
	struct node *n = parse_one(p);

	while (n) {
		switch (p->token->type) {
		case TOKEN_AND:
			p->token++;
			break;
		case TOKEN_END:
		case TOKEN_OR:
		case TOKEN_CLOSE:
			return n;
		default:	/* side by side means and */
			break;
		}
		n = node_new(NODE_AND, n, parse_one(p));
	}
	return NULL;
}

static struct node *parse_any(struct parser *p)
{
	struct node *n = parse_all(p);

	while (n && p->token->type == TOKEN_OR) {
		p->token++;
		n = node_new(NODE_OR, n, parse_all(p));
	}
	return n;
}

static struct node *parse(struct parser *p)
{
	struct node *n = parse_any(p);

	if (n && p->token->type == TOKEN_CLOSE) {
		node_free(n);
		return parser_bad(p, p->token, "this ')' has no '('");
	}
	return n;
}

static bool parse_into(struct filter *f, struct parser *p)
{
	struct tokens tokens;
	bool good = true;

	if (!tokens_cut(&tokens, f->text)) {
		strcpy(p->error->what, "no memory");
		return false;
	}
	p->token = tokens.token;
	if (p->token->type != TOKEN_END) {
		f->root = parse(p);
		good = f->root;
	}
	if (!good && !p->error->what[0])
		strcpy(p->error->what, "no memory");
	tokens_free(&tokens);
	return good;
}

/**
 * filter_parse() - read a filter
 * @text: the filter; an empty one lets everything pass
 * @now: the time, in nanoseconds since 1970
 * @error: filled if there is something wrong
 *
 * Return: the filter, to be freed by filter_free(), or NULL.
 */
struct filter *filter_parse(const char *text, uint64_t now,
			    struct filter_error *error)
{
	struct parser p = { .error = error, .now = now };
	struct filter *f;

	memset(error, 0, sizeof(*error));
	if (strlen(text) >= sizeof(error->text)) {
		snprintf(error->what, sizeof(error->what),
			 "longer than %zu bytes", sizeof(error->text) - 1);
		return NULL;
	}
	strcpy(error->text, text);
	f = calloc(1, sizeof(*f));
	if (f)
		f->text = strdup(text);
	if (!f || !f->text) {
		strcpy(error->what, "no memory");
		filter_free(f);
		return NULL;
	}
	if (!parse_into(f, &p)) {
		filter_free(f);
		return NULL;
	}
	return f;
}

/**
 * filter_parse_words() - read a filter from the command line
 * @argc: number of words; 0 lets everything pass
 * @argv: the words, joined by blanks
 * @error: filled if there is something wrong
 *
 * Return: as filter_parse().
 */
struct filter *filter_parse_words(int argc, char **argv,
				  struct filter_error *error)
{
	char text[sizeof(error->text) + 1] = "";
	size_t len = 0;
	int i;

	for (i = 0; i < argc && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				i ? " " : "", argv[i]);
	return filter_parse(text, clock_now(), error);
}

/**
 * filter_free() - let go of a filter
 * @f: or NULL
 */
void filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->root);
	free(f->text);
	free(f);
}

/**
 * filter_error_print() - say what is wrong with a filter, and point at it
 * @error: filled by filter_parse() or filter_needs()
 * @out: where
 */
void filter_error_print(const struct filter_error *error, FILE *out)
{
	const char *s;
	size_t i;

	fprintf(out, "tcplc: filter: %s\n", error->what);
	if (!error->text[0])
		return;
	/* One column for each byte, so that the caret is where it should be. */
	fputs("    ", out);
	for (s = error->text; *s; s++)
		fputc(*s >= ' ' && *s < 0x7f ? *s : '?', out);
	fprintf(out, "\n    %*s^", (int)error->at, "");
	for (i = 1; i < error->len; i++)
		fputc('~', out);
	fputc('\n', out);
}
