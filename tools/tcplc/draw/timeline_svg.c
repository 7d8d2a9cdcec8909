// SPDX-License-Identifier: GPL-2.0-only
/*
 * timeline_svg.c: connections side by side, as bars over time, as a picture.
 */
#include "draw/timeline.h"

#include <string.h>

#include <linux/kernel.h>

#include "base/names.h"
#include "base/moment.h"
#include "base/text.h"
#include "draw/palette.h"
#include "draw/svg.h"

#define LEFT 190		/* of the bars */
#define RIGHT 1010
#define WIDTH 1200
#define ROW 16
#define GROUP 24		/* height of the name of a group */
#define HEAD 84

static const char *const titles[] = {
	[TIMELINE_NONE] = "Connections over time",
	[TIMELINE_PROCESS] = "Connections over time, by process",
	[TIMELINE_REMOTE] = "Connections over time, by remote address",
};

struct drawing {
	FILE *out;
	const struct timeline *t;
	double y;
	uint32_t states;
};

static double x_of(const struct timeline *t, uint64_t at)
{
	if (at < t->begin)
		return LEFT;
	return LEFT + (double)(at - t->begin) / (t->until - t->begin) * (RIGHT - LEFT);
}

static void put_piece(uint8_t state, uint64_t from, uint64_t until, void *data)
{
	char title[96], lasted[TEXT_DURATION_SIZE];
	struct drawing *d = data;
	double x = x_of(d->t, from), w = x_of(d->t, until) - x;

	snprintf(title, sizeof(title), "%s, %s", names_word(NAMES_STATE, state),
		 text_duration(lasted, (until - from) / 1000));
	svg_group(d->out, NULL, title);
	/* What is there at all can be seen. */
	palette_rect(d->out, state, x, d->y + 2, w < 1.2 ? 1.2 : w, ROW - 4);
	svg_group_end(d->out);
	d->states |= 1U << (state & 31);
}

static void put_row(struct drawing *d, const struct timeline_row *r)
{
	char id[TEXT_ID_SIZE], end[ENDS_SIZE], shorter[ENDS_SIZE], title[2 * ENDS_SIZE];
	const struct conn *c = r->conn;

	snprintf(title, sizeof(title), "%s, %s%s%s", text_id(id, c), ends_remote(end, c),
		 c->close ? ", " : "", c->close ? names_word(NAMES_CLOSE, c->close) : "");
	svg_group(d->out, "row", title);
	svg_text(d->out, "small end", LEFT - 8, d->y + 12, id);
	timeline_pieces(c, put_piece, d);
	ends_shorten(shorter, end, 24);
	svg_text(d->out, "small dim", RIGHT + 10, d->y + 12, shorter);
	svg_group_end(d->out);
	d->y += ROW;
}

/* At most eight to a span: 1, 2 and 5 and their tenfolds; of clocks, what clocks have. */
static uint64_t step_of(uint64_t span)
{
	static const uint32_t seconds[] = {
		1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600,
		43200, 86400, 172800, 432000, 864000, 1728000, 4320000,
	};
	static const uint32_t steps[] = { 1, 2, 5 };
	uint64_t step, power = 1;
	unsigned int i;

	for (i = 0; power < 1000000; i++) {
		step = steps[i % 3] * power;
		if (span / step <= 8)
			return step;
		if (i % 3 == 2)
			power *= 10;
	}
	for (i = 0; i < ARRAY_SIZE(seconds) - 1 && span / (seconds[i] * 1000000ULL) > 8; i++)
		;
	step = seconds[i] * 1000000ULL;
	return span / step > 8 ? span / 8 : step;
}

static void put_axis(FILE *out, const struct timeline *t, double bottom)
{
	uint64_t span = (t->until - t->begin) / 1000, step = step_of(span), at;
	char text[TEXT_DURATION_SIZE];

	for (at = 0; at <= span; at += step) {
		double x = x_of(t, t->begin + at * 1000);

		svg_line(out, "grid", x, HEAD - 6, x, bottom);
		svg_text(out, "small dim middle", x, HEAD - 10, text_duration(text, at));
	}
}

static double height_of(const struct timeline *t)
{
	double y = HEAD;
	size_t i;

	for (i = 0; i < t->nr; i++)
		y += ROW + (*t->row[i].group &&
			    (!i || strcmp(t->row[i].group, t->row[i - 1].group)) ? GROUP : 0);
	return y;
}

/**
 * timeline_svg() - draw it
 * @out: where to
 * @t: the timeline
 * @by: what it is grouped by
 */
void timeline_svg(FILE *out, const struct timeline *t, enum timeline_by by)
{
	char about[160], begin[TEXT_TIME_SIZE];
	double bottom = height_of(t);
	struct drawing d = { .out = out, .t = t, .y = HEAD };
	struct svg_page page = {
		.width = WIDTH, .title = titles[by], .about = about,
		.height = bottom + 20 + palette_legend(NULL, 0, 0, WIDTH - 40, ~0U),
	};
	size_t i;

	snprintf(about, sizeof(about), "%zu connections, from %s on", t->nr,
		 text_time(begin, t->begin, 0));
	if (t->left_out)
		snprintf(about + strlen(about), sizeof(about) - strlen(about),
			 "; %zu older ones are left out", t->left_out);
	svg_begin(out, &page);
	palette_define(out);
	svg_text(out, "head", 20, 30, page.title);
	svg_text(out, "small dim", 20, 48, about);
	put_axis(out, t, bottom);
	for (i = 0; i < t->nr; i++) {
		if (*t->row[i].group && (!i || strcmp(t->row[i].group, t->row[i - 1].group))) {
			svg_text(out, "strong halo", 20, d.y + 18, t->row[i].group);
			d.y += GROUP;
		}
		put_row(&d, &t->row[i]);
	}
	palette_legend(out, 20, bottom + 14, WIDTH - 40, d.states);
	svg_end(out);
}
