// SPDX-License-Identifier: GPL-2.0-only
/*
 * condition.c: the terms of a filter.
 *
 * Owns: which words begin a term, and what may follow them.
 * Called by: parse.c.
 */
#include "filter/ast.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "filter/number_field.h"
#include "filter/parse_value.h"
#include "filter/place_term.h"
#include "filter/wordset.h"

/**
 * struct keyword - a word that begins a term
 * @word: the word
 * @parse: reads what follows it; @term has kind, side, of and mask
 * @kind: likewise
 * @side: likewise
 * @of: likewise
 * @names: what the words behind it are
 * @expected: an example, for the message when nothing is there
 * @mask: the set, if nothing follows it
 */
struct keyword {
	const char *word;
	struct node *(*parse)(struct parser *p, const struct keyword *k,
			      struct term *term);
	enum term_kind kind;
	enum term_side side;
	enum term_mask of;
	enum names_kind names;
	const char *expected;
	uint64_t mask;
};

/* The next token as a value; says what is expected if there is none. */
static const struct token *operand(struct parser *p, const char *after,
				   const char *expected)
{
	const struct token *t = p->token;

	if (t->type == TOKEN_WORD) {
		p->token++;
		return t;
	}
	/* "open not..." is no word, but a file called "and" may be: quote it. */
	parser_bad(p, t, "'%s' needs %s", after, expected);
	return NULL;
}

static struct node *bad_word(struct parser *p, const struct keyword *k,
			     const struct token *t, const char *word)
{
	struct nearest n = nearest_begin(word);
	char best[32], *c;

	wordset_try(k->names, &n);
	if (n.best) {
		/* States are printed in capitals, but nobody types them so. */
		snprintf(best, sizeof(best), "%s", n.best);
		for (c = best; *c; c++)
			*c = *c == '_' ? '-' : tolower((unsigned char)*c);
		return parser_bad(p, t, "'%s' is not valid after '%s'; did you mean '%s'?",
				  word, k->word, best);
	}
	return parser_bad(p, t, "'%s' is not valid after '%s', which needs %s", word, k->word,
			  k->expected);
}

/* WORD{,WORD} */
static struct node *parse_words(struct parser *p, const struct keyword *k,
				struct term *term)
{
	const struct token *t = operand(p, k->word, k->expected);
	struct token part;
	uint64_t mask;
	char word[64];
	size_t len;

	if (!t)
		return NULL;
	part = *t;
	for (;;) {
		len = strcspn(part.word, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, part.word);
		if (t->len == strlen(t->word)) {	/* not in quotes */
			part.at = t->at + (part.word - t->word);
			part.len = len;
		}
		if (!wordset_find(k->names, word, &mask))
			return bad_word(p, k, &part, word);
		term->mask |= mask;
		if (!part.word[len])
			return node_term(term);
		part.word += len + 1;
	}
}

static struct node *parse_bare(struct parser *p, const struct keyword *k,
			       struct term *term)
{
	(void)p;
	term->mask = k->mask;
	return node_term(term);
}

/* A time is a bound: since which, or until which, something happened. */
static struct node *parse_time(struct parser *p, const struct keyword *k,
			       struct term *term)
{
	const struct token *t = operand(p, k->word, k->expected);
	uint64_t *bound = k->kind == TERM_SINCE ? &term->least : &term->most;

	if (!t)
		return NULL;
	if (!value_time(t->word, p->now, bound))
		return parser_bad(p, t, "'%s' is not a time; '%s' needs %s", t->word, k->word,
				  k->expected);
	return node_term(term);
}

static struct node *parse_today(struct parser *p, const struct keyword *k,
				struct term *term)
{
	return value_time(k->word, p->now, &term->least) ? node_term(term) :
	       parser_bad(p, p->token, "when today began is not known");
}

static struct node *parse_comm(struct parser *p, const struct keyword *k,
			       struct term *term)
{
	const struct token *t;

	if (p->token->type == TOKEN_EQ)
		p->token++;
	t = operand(p, k->word, k->expected);
	if (!t)
		return NULL;
	if (strlen(t->word) >= sizeof(term->comm))
		return parser_bad(p, t, "a process name has 15 bytes at most");
	strcpy(term->comm, t->word);
	return node_term(term);
}

static bool is_comparison(enum token_type type)
{
	return type >= TOKEN_EQ;
}

/* Turn "op value" into a range.  Above the greatest number there is nothing. */
static void set_range(struct term *term, enum token_type op, uint64_t value)
{
	term->least = 0;
	term->most = UINT64_MAX;
	switch (op) {
	case TOKEN_LT:
		term->most = value - 1;
		break;
	case TOKEN_LE:
		term->most = value;
		break;
	case TOKEN_GT:
		term->least = value + 1;
		break;
	case TOKEN_GE:
		term->least = value;
		break;
	default:	/* =, !=, or none */
		term->least = value;
		term->most = value;
		term->outside = op == TOKEN_NE;
	}
	if ((op == TOKEN_LT && !value) || (op == TOKEN_GT && value == UINT64_MAX)) {
		term->least = 1;
		term->most = 0;
	}
}

/* One of the ports behind the keyword, or a range.  @word is cut up. */
static struct node *parse_port(struct parser *p, const struct token *t, char *word,
			       enum token_type op, const struct term *from)
{
	struct term term = *from;
	uint16_t least, most;
	char *dash = NULL;

	if (*word == ':')	/* as ss has it */
		word++;
	if (isdigit((unsigned char)*word))
		dash = strchr(word, '-');
	if (!dash) {
		if (!value_port(word, &least))
			return parser_bad(p, t, isdigit((unsigned char)*word) ?
					  "'%s' is not a port: ports are 0 to 65535" :
					  "there is no service '%s'; give a number, a range "
					  "like 1000-2000, or a name from /etc/services",
					  word);
		set_range(&term, op, least);
		return node_term(&term);
	}
	*dash = '\0';
	if (!value_port(word, &least) || !value_port(dash + 1, &most) || least > most)
		return parser_bad(p, t, "'%s-%s' is not a range of ports like 1000-2000",
				  word, dash + 1);
	if (is_comparison(op) && op != TOKEN_EQ && op != TOKEN_NE)
		return parser_bad(p, t, "a range can only be compared with = and !=");
	term.least = least;
	term.most = most;
	term.outside = op == TOKEN_NE;
	return node_term(&term);
}

/* [op] PORT{,PORT} */
static struct node *parse_ports(struct parser *p, const struct keyword *k,
				struct term *term)
{
	enum token_type op = TOKEN_WORD;
	struct node *n = NULL, *more;
	const struct token *t;
	char *words, *word, *next;

	if (is_comparison(p->token->type))
		op = (p->token++)->type;
	t = operand(p, k->word, k->expected);
	words = t ? strdup(t->word) : NULL;
	for (next = words; next; ) {
		word = strsep(&next, ",");
		more = parse_port(p, t, word, op, term);
		/* != 80,443 is neither. */
		n = !n || !more ? (node_free(n), more) :
		    node_new(op == TOKEN_NE ? NODE_AND : NODE_OR, n, more);
		if (!n)
			break;
	}
	free(words);
	return n;
}

/* Find the colon before the port, and the address without its brackets. */
static bool split_endpoint(char *word, char **host, char **port)
{
	char *bracket = strchr(word, ']'), *colon;

	*host = word;
	*port = NULL;
	if (*word == '[') {
		if (!bracket)
			return false;
		*host = word + 1;
		*bracket = '\0';
		colon = bracket + 1;
		if (*colon == '/') {	/* [fe80::]/10:80: put the prefix back */
			memmove(bracket, colon, strlen(colon) + 1);
			colon = strchr(bracket, ':');
		} else if (*colon && *colon != ':') {
			return false;
		}
	} else {
		colon = strchr(word, ':');
		/* Two colons without brackets: the whole is IPv6. */
		if (colon && strchr(colon + 1, ':') && colon != word)
			colon = NULL;
		else if (colon && colon == word && colon[1] == ':')
			colon = NULL;
	}
	if (colon && *colon) {
		*colon = '\0';
		*port = colon + 1;
	}
	return true;
}

static struct node *parse_endpoint(struct parser *p, const struct token *t,
				   char *word, struct term *term)
{
	struct term addr = *term, port = *term;
	struct node *a = NULL, *b;
	char *host, *number;

	if (!split_endpoint(word, &host, &number))
		return parser_bad(p, t, "a '[' without its ']', or something other than "
				  ":PORT after it");
	if (*host && strcmp(host, "*")) {
		if (!value_addr(host, &addr.addr, &addr.prefix, addr.scope))
			return parser_bad(p, t, "'%s' is not an address like 10.0.0.0/8, ::1 or "
					  "[fe80::1]:80; names are not looked up", host);
		a = node_term(&addr);
	}
	port.kind = TERM_PORT;
	if (!number || !strcmp(number, "*"))
		return a ? a : parser_bad(p, t, "neither an address nor a port");
	b = parse_port(p, t, number, TOKEN_WORD, &port);
	return a ? node_new(NODE_AND, a, b) : b;
}

/* ADDR[/PREFIX][:PORT] */
static struct node *parse_addr(struct parser *p, const struct keyword *k,
			       struct term *term)
{
	const struct token *t;
	struct node *n, *other;
	char *word, *again;

	if (p->token->type == TOKEN_EQ)
		p->token++;
	t = operand(p, k->word, k->expected);
	if (!t)
		return NULL;
	word = strdup(t->word);
	again = strdup(t->word);
	if (!word || !again) {
		n = NULL;
	} else if (term->side != SIDE_ANY) {
		n = parse_endpoint(p, t, word, term);
	} else {
		/* Address and port of one and the same end. */
		term->side = SIDE_LOCAL;
		n = parse_endpoint(p, t, word, term);
		term->side = SIDE_REMOTE;
		other = n ? parse_endpoint(p, t, again, term) : NULL;
		n = node_new(NODE_OR, n, other);
	}
	free(word);
	free(again);
	return n;
}

static const char a_port[] = "a port, for example 443, 1000-2000 or https";
static const char an_addr[] = "an address, for example 10.0.0.0/8, [::1]:80 or :80";
static const char a_time[] = "how long ago, for example 5m, or HH:MM[:SS], or "
			     "YYYY-MM-DD[THH:MM[:SS]], today or yesterday";
static const char a_close[] = "how it ended, for example fin, rst-received, or "
			      "reset, timeout, normal";
static const char an_open[] = "how it was opened, for example active or passive";
static const char a_first[] = "local, peer, both, kernel, network or unknown";

#define FAMILY(name) (1ULL << TCP_LIFECYCLE_FAMILY_##name)
#define DEAD (1ULL << TCP_LIFECYCLE_STATE_CLOSED)

static const struct keyword keywords[] = {
	{ "state", parse_words, TERM_MASK, .of = MASK_STATE, .names = NAMES_STATE,
	  .expected = "a state, for example established, time-wait or connected" },
	{ "open", parse_words, TERM_MASK, .of = MASK_OPEN, .names = NAMES_OPEN,
	  .expected = an_open },
	{ "opened", parse_words, TERM_MASK, .of = MASK_OPEN, .names = NAMES_OPEN,
	  .expected = an_open },
	{ "close", parse_words, TERM_MASK, .of = MASK_CLOSE, .names = NAMES_CLOSE,
	  .expected = a_close },
	{ "verdict", parse_words, TERM_MASK, .of = MASK_CLOSE, .names = NAMES_CLOSE,
	  .expected = a_close },
	{ "closed-by", parse_words, TERM_MASK, .of = MASK_FIRST, .names = NAMES_FIRST,
	  .expected = a_first },
	{ "first", parse_words, TERM_MASK, .of = MASK_FIRST, .names = NAMES_FIRST,
	  .expected = a_first },
	{ "family", parse_words, TERM_MASK, .of = MASK_FAMILY, .names = NAMES_FAMILY,
	  .expected = "ipv4, ipv6 or ipv4-mapped" },
	{ "ipv4", parse_bare, TERM_MASK, .of = MASK_FAMILY, .mask = FAMILY(IPV4) },
	{ "ipv6", parse_bare, TERM_MASK, .of = MASK_FAMILY, .mask = FAMILY(IPV6) },
	{ "mapped", parse_bare, TERM_MASK, .of = MASK_FAMILY,
	  .mask = FAMILY(IPV4_MAPPED) },
	{ "live", parse_bare, TERM_MASK, .of = MASK_STATE, .mask = ~DEAD },
	{ "dead", parse_bare, TERM_MASK, .of = MASK_STATE, .mask = DEAD },
	{ "src", parse_addr, TERM_ADDR, .side = SIDE_LOCAL, .expected = an_addr },
	{ "dst", parse_addr, TERM_ADDR, .side = SIDE_REMOTE, .expected = an_addr },
	{ "host", parse_addr, TERM_ADDR, .side = SIDE_ANY, .expected = an_addr },
	{ "sport", parse_ports, TERM_PORT, .side = SIDE_LOCAL, .expected = a_port },
	{ "dport", parse_ports, TERM_PORT, .side = SIDE_REMOTE, .expected = a_port },
	{ "port", parse_ports, TERM_PORT, .side = SIDE_ANY, .expected = a_port },
	{ "since", parse_time, TERM_SINCE, .expected = a_time },
	{ "until", parse_time, TERM_UNTIL, .expected = a_time },
	{ "today", parse_today, TERM_SINCE, .expected = NULL },
	{ "comm", parse_comm, TERM_COMM, .expected = "the name of a process, for example nginx" },
	{ "cause", parse_words, TERM_CAUSE, .names = NAMES_CAUSE,
	  .expected = "what happened, for example timer-rto-data, or timer, rto, rst" },
	{ "illegal", parse_bare, TERM_ILLEGAL, .mask = 0 },
};

/* COOKIE.GENERATION; the term has no word of its own for the latter. */
static struct node *parse_id(struct parser *p, const struct token *t, const char *dot,
			     struct term *term)
{
	struct term generation = *term;
	struct node *n;
	char cookie[32];
	uint64_t value;

	snprintf(cookie, sizeof(cookie), "%.*s", (int)(dot - t->word), t->word);
	if (!value_cookie(cookie, &term->least) || !value_number(dot + 1, &value))
		return parser_bad(p, t, "'%s' is not an id as tcplc list prints it", t->word);
	term->most = term->least;
	generation.number = &number_generation;
	generation.least = value;
	generation.most = value;
	n = node_term(term);
	return node_new(NODE_AND, n, node_term(&generation));
}

static struct node *parse_number(struct parser *p, const struct number *number,
				 struct term *term)
{
	enum token_type op = TOKEN_WORD;
	const struct token *t;
	const char *dot;
	uint64_t value;

	term->kind = TERM_NUMBER;
	term->number = number;
	if (is_comparison(p->token->type)) {
		op = (p->token++)->type;
	} else if (number->bare && !isdigit((unsigned char)*p->token->word)) {
		term->least = 1;
		term->most = UINT64_MAX;
		return node_term(term);
	}
	t = operand(p, number->word, number_expected(number));
	if (!t)
		return NULL;
	dot = strchr(t->word, '.');
	if (dot && number->attr == TCP_LIFECYCLE_A_CONN_COOKIE && op == TOKEN_WORD)
		return parse_id(p, t, dot, term);
	if (!number_value(number, t->word, &value))
		return parser_bad(p, t, "'%s' is not %s", t->word, number_expected(number));
	set_range(term, op, value);
	return node_term(term);
}

static struct node *unknown(struct parser *p, const struct token *t)
{
	struct nearest n = nearest_begin(t->word);
	uint64_t mask;
	size_t i;

	/* The commonest slip: "established" for "state established". */
	if (wordset_find(NAMES_STATE, t->word, &mask))
		return parser_bad(p, t, "'%s' is a state: say 'state %s'", t->word, t->word);
	if (wordset_find(NAMES_CLOSE, t->word, &mask))
		return parser_bad(p, t, "'%s' is how a connection ends: say 'close %s'", t->word,
				  t->word);
	if (wordset_find(NAMES_OPEN, t->word, &mask))
		return parser_bad(p, t, "'%s' is how a connection opens: say 'open %s'", t->word,
				  t->word);
	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		nearest_try(&n, keywords[i].word);
	number_try(&n);
	place_term_try(&n);
	if (n.best)
		return parser_bad(p, t, "unknown word '%s', did you mean '%s'?", t->word,
				  n.best);
	return parser_bad(p, t, "unknown word '%s'; a term begins with state, open, close, "
			  "closed-by, src, dst, sport, dport, since, comm, ...; "
			  "see tcplc(8)", t->word);
}

/**
 * term_parse() - read a term
 * @p: at its first word, and behind it afterwards
 *
 * Return: the term, or several joined; NULL if something is wrong.
 */
struct node *term_parse(struct parser *p)
{
	const struct token *t = p->token;
	struct term term = { .at = t->at, .len = t->len };
	const struct number *number;
	size_t i;

	if (t->type == TOKEN_END)
		return parser_bad(p, t, "it ends where a term is expected, for example "
				  "'state established'");
	if (t->type != TOKEN_WORD)
		return parser_bad(p, t, "expected a term, for example 'state established', not '%s'",
				  t->word);
	p->token++;
	for (i = 0; i < ARRAY_SIZE(keywords); i++) {
		const struct keyword *k = &keywords[i];

		if (names_equal(t->word, k->word)) {
			term.kind = k->kind;
			term.side = k->side;
			term.of = k->of;
			return k->parse(p, k, &term);
		}
	}
	if (place_term_begins(p, &term))
		return place_term_parse(p, &term);
	number = number_find(t->word);
	return number ? parse_number(p, number, &term) : unknown(p, t);
}
