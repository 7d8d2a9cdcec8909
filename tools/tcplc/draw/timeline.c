// SPDX-License-Identifier: GPL-2.0-only
/*
 * timeline.c: connections side by side, as bars over time.
 */
#include "draw/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/moment.h"
#include "base/text.h"
#include "base/wrap.h"

#define NAME_COLUMNS 28

/* When it was last known to be what it is; of one that lives, when it was asked for. */
static uint64_t end_of(const struct conn *c)
{
	const struct entry *last = c->nr_entries ? &c->entry[c->nr_entries - 1] : NULL;
	uint64_t age = conn_has(c, TCP_LIFECYCLE_A_CONN_AGE_US) ? c->age_us : 0;

	if (last && last->at_us > age)
		age = last->at_us;
	return c->start_ns + age * 1000;
}

static void name_group(char *out, const struct conn *c, enum timeline_by by)
{
	char name[4 * CONN_COMM_SIZE + 1];

	if (by == TIMELINE_REMOTE) {
		if (c->remote.len)
			text_addr(out, &c->remote);
		else
			strcpy(out, "unknown");
	} else if (by == TIMELINE_PROCESS) {
		text_escape(name, sizeof(name), c->comm, strlen(c->comm));
		if (!*c->comm)
			strcpy(out, "no process known");
		else if (conn_has(c, TCP_LIFECYCLE_A_CONN_PID))
			sprintf(out, "%s, pid %u", name, c->pid);
		else
			strcpy(out, name);
	} else {
		*out = '\0';
	}
}

/* Rows come by start: a group stands where its first one is. */
static size_t first_of(const struct timeline *t, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(t->row[j].group, t->row[i].group))
			return j;
	return i;
}

static int group(struct timeline *t)
{
	struct timeline_row *sorted = calloc(t->nr + 1, sizeof(*sorted));
	size_t *first = calloc(t->nr + 1, sizeof(*first));
	size_t i, j, n = 0;

	if (!sorted || !first) {
		free(sorted);
		free(first);
		return -1;
	}
	for (i = 0; i < t->nr; i++)
		first[i] = first_of(t, i);
	for (i = 0; i < t->nr; i++)
		for (j = i; j < t->nr && first[i] == i; j++)
			if (first[j] == i)
				sorted[n++] = t->row[j];
	free(first);
	free(t->row);
	t->row = sorted;
	return 0;
}

/**
 * timeline_make() - put them in order
 * @t: filled; to be freed by timeline_free() in any case
 * @kept: sorted by start; must live as long as @t
 * @by: what they are grouped by
 * @most: rows; of more, the newest are taken
 *
 * Listeners are left out: they are no connections, and outlive all of them.
 *
 * Return: 0, or -1 if there is no memory.
 */
int timeline_make(struct timeline *t, const struct kept *kept, enum timeline_by by, size_t most)
{
	char name[TIMELINE_NAME_SIZE];
	size_t i, all = 0;

	*t = (struct timeline){ .row = calloc(kept->nr + 1, sizeof(*t->row)) };
	if (!t->row)
		return -1;
	for (i = 0; i < kept->nr; i++)
		all += kept->conn[i].open != TCP_LIFECYCLE_OPEN_LISTENER;
	t->left_out = all > most ? all - most : 0;
	for (i = 0, all = 0; i < kept->nr; i++) {
		const struct conn *c = &kept->conn[i];

		if (c->open == TCP_LIFECYCLE_OPEN_LISTENER || all++ < t->left_out)
			continue;
		if (!t->nr || c->start_ns < t->begin)
			t->begin = c->start_ns;
		if (end_of(c) > t->until)
			t->until = end_of(c);
		name_group(name, c, by);
		t->row[t->nr].conn = c;
		t->row[t->nr].group = strdup(name);
		if (!t->row[t->nr++].group)
			return -1;
	}
	if (t->until == t->begin)
		t->until++;
	return by == TIMELINE_NONE ? 0 : group(t);
}

/**
 * timeline_free() - let go of it
 * @t: as timeline_make() left it
 */
void timeline_free(struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->nr; i++)
		free(t->row[i].group);
	free(t->row);
	*t = (struct timeline){ 0 };
}

/**
 * timeline_pieces() - the states of a connection, one after the other
 * @c: with its entries
 * @fn: gets each, with its beginning and its end in nanoseconds since 1970; not CLOSED,
 *	nor LISTEN, which is its listener's
 * @data: for @fn
 */
void timeline_pieces(const struct conn *c, timeline_piece_fn fn, void *data)
{
	uint64_t from = c->start_ns, at;
	uint8_t state = 0;
	unsigned int i;

	for (i = 0; i <= c->nr_entries; i++) {
		const struct entry *e = i < c->nr_entries ? &c->entry[i] : NULL;

		if (e && !entry_moves(e))
			continue;
		at = e ? c->start_ns + e->at_us * 1000 : end_of(c);
		if (!state && e)
			state = e->from;
		if (state && state != TCP_LIFECYCLE_STATE_CLOSED &&
		    state != TCP_LIFECYCLE_STATE_LISTEN)
			fn(state, from, at > from ? at : from, data);
		if (!e)
			break;
		state = e->to;
		from = at;
	}
	/* Nothing moved while it was on record. */
	if (!state)
		fn(c->state, c->start_ns, end_of(c), data);
}

struct bar {
	const struct timeline *t;
	uint8_t cell[512];
	unsigned int width;
};

/* The letters stand for states; of several in a column it is the last. */
static const char letters[TCP_LIFECYCLE_STATE_MAX + 1] = {
	[TCP_LIFECYCLE_STATE_ESTABLISHED] = '=', [TCP_LIFECYCLE_STATE_SYN_SENT] = 's',
	[TCP_LIFECYCLE_STATE_SYN_RECV] = 'r', [TCP_LIFECYCLE_STATE_FIN_WAIT_1] = '1',
	[TCP_LIFECYCLE_STATE_FIN_WAIT_2] = '2', [TCP_LIFECYCLE_STATE_TIME_WAIT] = 'w',
	[TCP_LIFECYCLE_STATE_CLOSE_WAIT] = 'c', [TCP_LIFECYCLE_STATE_LAST_ACK] = 'l',
	[TCP_LIFECYCLE_STATE_CLOSING] = 'x', [TCP_LIFECYCLE_STATE_NEW_SYN_RECV] = 'n',
};

static void fill(uint8_t state, uint64_t from, uint64_t until, void *data)
{
	struct bar *b = data;
	double scale = (double)b->width / (b->t->until - b->t->begin);
	unsigned int x = (from - b->t->begin) * scale, end = (until - b->t->begin) * scale;

	do {
		if (x < b->width)
			b->cell[x] = state;
	} while (++x < end);
}

static void print_row(FILE *out, const struct timeline *t, const struct timeline_row *r,
		      unsigned int width)
{
	struct bar b = { .t = t, .width = width };
	char id[TEXT_ID_SIZE];
	unsigned int i;

	timeline_pieces(r->conn, fill, &b);
	while (width && !b.cell[width - 1])
		width--;
	fprintf(out, "  %-*s ", NAME_COLUMNS - 3, text_id(id, r->conn));
	for (i = 0; i < width; i++) {
		if (!b.cell[i])
			fputc(' ', out);
		else
			fprintf(out, "%s%c%s", text_on(text_state_color(b.cell[i])),
				b.cell[i] <= TCP_LIFECYCLE_STATE_MAX ? letters[b.cell[i]] : '?',
				text_off());
	}
	fputc('\n', out);
}

/**
 * timeline_print() - as text, one line a connection
 * @out: where
 * @t: the timeline
 * @width: columns
 */
void timeline_print(FILE *out, const struct timeline *t, unsigned int width)
{
	unsigned int room = width > NAME_COLUMNS + 20 ? width - NAME_COLUMNS : 20;
	char begin[TEXT_TIME_SIZE], span[TEXT_DURATION_SIZE];
	size_t i;

	if (room > sizeof(((struct bar *)0)->cell))
		room = sizeof(((struct bar *)0)->cell);
	fprintf(out, "%*s%s, +%s\n", NAME_COLUMNS, "",
		text_time(begin, t->begin, time(NULL)),
		text_duration(span, (t->until - t->begin) / 1000));
	for (i = 0; i < t->nr; i++) {
		if (*t->row[i].group && (!i || strcmp(t->row[i].group, t->row[i - 1].group)))
			fprintf(out, "%s%s%s\n", text_on(TEXT_BOLD), t->row[i].group, text_off());
		print_row(out, t, &t->row[i], room);
	}
	wrap_print(out, "s SYN_SENT, n NEW_SYN_RECV, r SYN_RECV, = ESTABLISHED, 1 FIN_WAIT_1, "
		   "2 FIN_WAIT_2, x CLOSING, c CLOSE_WAIT, l LAST_ACK, w TIME_WAIT", 0, width);
	if (t->left_out)
		fprintf(out, "%zu older connections are left out.\n", t->left_out);
}
