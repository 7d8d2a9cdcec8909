// SPDX-License-Identifier: GPL-2.0-only
/*
 * diagram.c: the state diagram, and which of its edges were seen.
 */
#include "draw/diagram.h"

#include <string.h>

#include "base/names.h"

#define EDGE_SIZE 40	/* two names of states, and what joins them */

/* Calls each for every edge of the diagram, in the order of its states. */
static void walk(const struct diagram *d, void *data,
		 void (*each)(void *data, const char *edge, bool seen))
{
	char edge[EDGE_SIZE];
	unsigned int from, to;

	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES; to++) {
			if (tlc_fsm_edge(from, to) == TLC_EDGE_ILLEGAL)
				continue;
			snprintf(edge, sizeof(edge), "%s>%s",
				 names_word(NAMES_STATE, from), names_word(NAMES_STATE, to));
			each(data, edge, d->count[from][to]);
		}
}

struct sum {
	unsigned int edges;
	unsigned int seen;
};

static void add(void *data, const char *edge, bool seen)
{
	struct sum *sum = data;

	(void)edge;
	sum->edges++;
	sum->seen += seen;
}

static struct sum sum_of(const struct diagram *d)
{
	struct sum sum = { 0 };

	walk(d, &sum, add);
	return sum;
}

/**
 * diagram_add() - this transition was taken
 * @d: diagram, all zero at first
 * @from: enum tcp_lifecycle_state
 * @to: enum tcp_lifecycle_state; numbers that are no states are left out
 * @count: so often
 */
void diagram_add(struct diagram *d, uint8_t from, uint8_t to, uint64_t count)
{
	if (from < TLC_STATES && to < TLC_STATES)
		d->count[from][to] += count;
}

/**
 * diagram_add_life() - all transitions of a record
 * @d: diagram
 * @c: a record with its entries
 * @steps: number them; for one record only
 */
void diagram_add_life(struct diagram *d, const struct conn *c, bool steps)
{
	unsigned int i, step = 0;

	for (i = 0; i < c->nr_entries; i++) {
		const struct entry *e = &c->entry[i];

		if (!entry_moves(e))
			continue;
		diagram_add(d, e->from, e->to, 1);
		step++;
		if (steps && e->from < TLC_STATES && e->to < TLC_STATES &&
		    !d->step[e->from][e->to])
			d->step[e->from][e->to] = step;
	}
}

struct lines {
	FILE *out;
	unsigned int width;
	unsigned int column;
};

static void put_unseen(void *data, const char *edge, bool seen)
{
	struct lines *l = data;

	if (seen)
		return;
	if (l->column && l->column + 1 + strlen(edge) > l->width) {
		fputc('\n', l->out);
		l->column = 0;
	}
	l->column += fprintf(l->out, "%s%s", l->column ? " " : "    ", edge);
}

/**
 * diagram_print() - say how many edges were seen, and which were not
 * @out: where to
 * @d: diagram
 * @width: columns of a line
 */
void diagram_print(FILE *out, const struct diagram *d, unsigned int width)
{
	struct lines l = { .out = out, .width = width };
	struct sum sum = sum_of(d);

	fprintf(out, "  %u of the %u edges of the diagram were seen", sum.seen, sum.edges);
	if (sum.seen == sum.edges) {
		fputs(".\n", out);
		return;
	}
	fputs(", not these:\n", out);
	walk(d, &l, put_unseen);
	fputc('\n', out);
}

static void add_unseen(void *data, const char *edge, bool seen)
{
	if (!seen)
		json_array_append_new(data, json_string(edge));
}

/**
 * diagram_json() - the same as an object
 * @d: diagram
 *
 * Return: a new reference.
 */
json_t *diagram_json(const struct diagram *d)
{
	json_t *unseen = json_array();
	struct sum sum = sum_of(d);

	walk(d, unseen, add_unseen);
	return json_pack("{s:s,s:i,s:i,s:o}", "type", "diagram", "edges", sum.edges,
			 "seen", sum.seen, "unseen", unseen);
}
