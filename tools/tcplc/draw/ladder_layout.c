// SPDX-License-Identifier: GPL-2.0-only
/*
 * ladder_layout.c: where on a picture what happened has its place.
 */
#include "draw/ladder_layout.h"

#include <math.h>
#include <stdlib.h>

#include "draw/svg.h"

#define STATE_LEAST 19		/* from the beginning of a state to that of the next */
#define ASIDE_LEAST 17		/* from one text beside the rails to the next */
#define TALL_LEAST 460		/* a scale of time is no shorter */

static unsigned int note_lines(const struct rung *r, double width)
{
	return lround(svg_prose(NULL, NULL, 0, 0, width, r->text) / LAYOUT_LINE);
}

/* How far below what stands above it each kind of rung is, when only order counts. */
static double step(const struct both *b, size_t i, unsigned int lines)
{
	const struct happening *h = &b->what[i];

	switch (h->rung->kind) {
	case RUNG_STATE:
		return 0;
	case RUNG_SEGMENT:
		if (h->mate == BOTH_NONE)
			return 32;
		/* Its text is above the middle of the arrow. */
		return h->rung->out ? 26 : h->mate + 1 == i ? 18 : 14;
	default:
		return 8 + LAYOUT_LINE * lines;
	}
}

static void place_evenly(struct layout *l, const struct both *b)
{
	double state[2] = { -STATE_LEAST, -STATE_LEAST }, y = l->top;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		const struct happening *h = &b->what[i];
		struct place *p = &l->place[i];

		if (h->rung->kind > RUNG_SEGMENT)
			p->lines = note_lines(h->rung, LAYOUT_NOTE_WIDTH);
		y += step(b, i, p->lines);
		if (h->rung->kind == RUNG_STATE) {
			if (y < state[h->peer] + STATE_LEAST)
				y = state[h->peer] + STATE_LEAST;
			state[h->peer] = y;
		}
		p->y = y;
		p->text = p->lines ? y - LAYOUT_LINE * (p->lines - 1) : y;
	}
	l->bottom = y + 26;
}

/**
 * layout_y() - where a moment has its place
 * @l: the layout
 * @scale: of time
 * @at: microseconds
 */
double layout_y(const struct layout *l, enum ladder_scale scale, uint64_t at)
{
	double part = scale == LADDER_LOG ? log10(1.0 + at) / log10(1.0 + l->until) :
					    (double)at / l->until;

	return l->top + part * (l->bottom - l->top);
}

/* Is anything said of it beside the rails? Of a segment once, where it was sent. */
static unsigned int aside_lines(const struct both *b, size_t i)
{
	const struct happening *h = &b->what[i];

	if (h->rung->kind == RUNG_STATE ||
	    (h->rung->kind == RUNG_SEGMENT && h->mate != BOTH_NONE && !h->rung->out))
		return 0;
	return h->rung->kind == RUNG_SEGMENT ? 1 : note_lines(h->rung, LAYOUT_ASIDE_WIDTH);
}

/* Texts go down until they do not overlap, and up again from the bottom. */
static void place_texts(struct layout *l, const struct both *b)
{
	double floor = l->bottom + 8, y = l->top - ASIDE_LEAST;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		struct place *p = &l->place[i];

		if (!p->lines)
			continue;
		p->text = p->y + 4 > y + ASIDE_LEAST ? p->y + 4 : y + ASIDE_LEAST;
		y = p->text + LAYOUT_LINE * (p->lines - 1);
	}
	for (i = b->nr; i--;) {
		struct place *p = &l->place[i];
		double height = LAYOUT_LINE * (p->lines - 1.0);

		if (!p->lines)
			continue;
		if (p->text + height > floor)
			p->text = floor - height;
		floor = p->text - ASIDE_LEAST;
	}
}

/* The last moment that is known: what happened then, or that nothing has ended yet. */
static uint64_t last_moment(const struct both *b)
{
	uint64_t until = b->nr ? b->what[b->nr - 1].at : 0;
	size_t i;

	for (i = 0; i < b->nr; i++)
		if (b->what[i].at > until)
			until = b->what[i].at;
	return until ? until : 1;
}

static void place_by_time(struct layout *l, const struct both *b, enum ladder_scale scale)
{
	double need = 0;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		l->place[i].lines = aside_lines(b, i);
		need += LAYOUT_LINE * l->place[i].lines + 4;
	}
	l->until = last_moment(b);
	l->bottom = l->top + (need > TALL_LEAST ? need : TALL_LEAST);
	for (i = 0; i < b->nr; i++)
		l->place[i].y = layout_y(l, scale, b->what[i].at);
	place_texts(l, b);
}

/**
 * layout_make() - find a place for everything
 * @l: filled; its place is to be freed
 * @b: what happened
 * @scale: what a distance means
 * @top: where the rails begin
 *
 * Return: 0, or -1 if there is no memory.
 */
int layout_make(struct layout *l, const struct both *b, enum ladder_scale scale, double top)
{
	*l = (struct layout){ .top = top, .place = calloc(b->nr + 1, sizeof(*l->place)) };
	if (!l->place)
		return -1;
	if (scale == LADDER_EVEN)
		place_evenly(l, b);
	else
		place_by_time(l, b, scale);
	return 0;
}
