/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ast.h: a filter, understood.
 *
 * Owns: struct node, struct term, struct filter.
 * Used by: the filter_*.c files and condition.c, nobody else.
 * Must not: hold what only one of them needs.
 */
#ifndef TCPLC_AST_H
#define TCPLC_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/filter.h"
#include "filter/parse_value.h"
#include "filter/token.h"

/* enum term_kind - what is asked */
enum term_kind {
	TERM_MASK,	/* is a word one of a set? */
	TERM_ADDR,	/* is an address in a prefix? */
	TERM_PORT,	/* is a port in a range? */
	TERM_NUMBER,	/* is another number in a range? */
	TERM_SINCE,	/* did something happen at or after a time? */
	TERM_UNTIL,	/* did something happen at or before a time? */
	TERM_COMM,	/* is the owner called so? */
	TERM_CAUSE,	/* did one of a set of things happen? */
	TERM_ILLEGAL,	/* was a transition outside the diagram? */
	TERM_PLACE,	/* did the owner run there? */
};

/* enum term_place - which name of a cgroup; index of a table in place_term.c as well */
enum term_place {
	PLACE_UNIT,
	PLACE_SLICE,
	PLACE_CONTAINER,
	PLACE_POD,
	PLACE_CGROUP,
};

#define TERM_NAME_SIZE 256	/* of a unit, and 0 */

/* enum term_side - whose address or port */
enum term_side {
	SIDE_LOCAL,
	SIDE_REMOTE,
	SIDE_ANY,
};

/* enum term_mask - whose word; an index as well */
enum term_mask {
	MASK_STATE,
	MASK_FAMILY,
	MASK_OPEN,
	MASK_CLOSE,
	MASK_FIRST,
	MASK_COUNT,
};

/**
 * struct number - a number that can be compared
 * @word: how it is called in a filter
 * @attr: its attribute, TCP_LIFECYCLE_A_CONN_x
 * @unit: how its value is written
 * @bare: the word alone asks whether it is above 0
 * @event: an event tells it
 * @read: gets it from a record
 */
struct number {
	const char *word;
	uint16_t attr;
	enum {
		UNIT_NONE,
		UNIT_DURATION,	/* in microseconds */
		UNIT_BYTES,
		UNIT_COOKIE,	/* in hexadecimal */
		UNIT_USER,	/* a name will do */
	} unit;
	bool bare;
	bool event;
	uint64_t (*read)(const struct conn *c);
};

/**
 * struct term - one question
 * @kind: what is asked
 * @side: TERM_ADDR, TERM_PORT: of which end
 * @of: TERM_MASK: of what
 * @mask: TERM_MASK, TERM_CAUSE: bit 1 << value for each word of the set
 * @number: TERM_NUMBER: which
 * @least: TERM_PORT, TERM_NUMBER: least number of the range; TERM_SINCE: the
 *	time, in nanoseconds since 1970
 * @most: TERM_PORT, TERM_NUMBER: greatest number of the range
 * @outside: TERM_PORT, TERM_NUMBER: it is to be outside the range
 * @addr: TERM_ADDR: the address, without the bits behind the prefix
 * @prefix: TERM_ADDR: bits of it that count
 * @scope: TERM_ADDR: its interface, by name or number; empty: any
 * @comm: TERM_COMM: the name, or a pattern
 * @place: TERM_PLACE: which name of it
 * @name: TERM_PLACE: the name, or a pattern
 * @at: where its first word is in the filter
 * @len: length of that word
 */
struct term {
	enum term_kind kind;
	enum term_side side;
	enum term_mask of;
	uint64_t mask;
	const struct number *number;
	uint64_t least;
	uint64_t most;
	bool outside;
	struct addr addr;
	uint8_t prefix;
	char scope[VALUE_SCOPE_SIZE];
	char comm[CONN_COMM_SIZE];
	enum term_place place;
	char name[TERM_NAME_SIZE];
	size_t at;
	size_t len;
};

/**
 * struct node - a term, or what joins two of them
 * @type: which
 * @left: both sides, or what is negated
 * @right: the other side
 * @term: if it is one
 */
struct node {
	enum node_type {
		NODE_TERM,
		NODE_AND,
		NODE_OR,
		NODE_NOT,
	} type;
	struct node *left;
	struct node *right;
	struct term term;
};

/**
 * struct filter - all of it
 * @root: NULL lets everything pass
 * @text: as it was written
 */
struct filter {
	struct node *root;
	char *text;
};

/**
 * struct parser - position of the parser
 * @token: the next one
 * @error: filled when something is wrong
 * @now: nanoseconds since 1970
 * @depth: parentheses and negations around it
 */
struct parser {
	const struct token *token;
	struct filter_error *error;
	uint64_t now;
	unsigned int depth;
};

struct node *node_new(enum node_type type, struct node *left, struct node *right);
struct node *node_term(const struct term *term);
void node_free(struct node *n);

void *parser_bad(struct parser *p, const struct token *t, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct node *term_parse(struct parser *p);

#endif /* TCPLC_AST_H */
