// SPDX-License-Identifier: GPL-2.0-only
/*
 * ladder_svg.c: the life of a connection as a picture.
 *
 *     time   STATE [bar]|                                  |[bar] STATE
 *                       |---- segment, seq, ack ---------->|
 *
 * The bar on the right is there only where this host has the record of that end, too.
 */
#include "draw/ladder_svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"
#include "draw/life_svg.h"
#include "draw/palette.h"
#include "draw/rung_text.h"
#include "draw/svg.h"

#define LEFT 216		/* of what is between the rails */
#define RIGHT 744
#define BAR 14			/* width of a state */
#define MARGIN 20
#define NARROW 970		/* without a column of texts */
#define BEYOND (RIGHT + BAR + 112)	/* behind the names of states */
#define ASIDE (BEYOND + 40)
#define HEAD 96			/* height of what is above the rails */
#define END_TEXT_SIZE (ENDS_SIZE + 4 * CONN_COMM_SIZE + 32)

struct picture {
	FILE *out;
	const struct both *b;
	struct layout l;
	enum ladder_scale scale;
	double width;
	uint32_t states;	/* bit 1 << state: it is drawn */
};

static bool evenly(const struct picture *p)
{
	return p->scale == LADDER_EVEN;
}

static void arrow_head(struct picture *p, const char *class, double x, double y,
		       double dx, double dy)
{
	double len = hypot(dx, dy), ux = dx / len, uy = dy / len;

	fprintf(p->out, "<path class=\"%s\" d=\"", class);
	svg_number(p->out, "M", x);
	svg_number(p->out, " ", y);
	svg_number(p->out, "L", x - 9 * ux + 4 * uy);
	svg_number(p->out, " ", y - 9 * uy - 4 * ux);
	svg_number(p->out, "L", x - 9 * ux - 4 * uy);
	svg_number(p->out, " ", y - 9 * uy + 4 * ux);
	fputs("Z\"/>\n", p->out);
}

/* What of the handshake's MSS options is known stands with the SYN that has it. */
static void add_mss(char *text, size_t size, const struct happening *h, const struct both *b)
{
	const struct conn *c = b->end[h->peer];
	size_t n = strlen(text);

	if (strncmp(h->rung->label, "SYN", 3))
		return;
	if (h->rung->out && conn_has(c, TCP_LIFECYCLE_A_CONN_MSS_ADV_BYTES))
		snprintf(text + n, size - n, ", MSS %u", c->mss_adv_bytes);
	else if (!h->rung->out && c->mss_absent)
		snprintf(text + n, size - n, ", no MSS option");
	else if (!h->rung->out && conn_has(c, TCP_LIFECYCLE_A_CONN_MSS_RCV_BYTES))
		snprintf(text + n, size - n, ", MSS %u", c->mss_rcv_bytes);
}

/* It is on record if either end has it. */
static bool is_implied(const struct picture *p, const struct happening *h)
{
	return h->rung->implied &&
	       (h->mate == BOTH_NONE || p->b->what[h->mate].rung->implied);
}

static bool any_implied(const struct picture *p)
{
	size_t i;

	for (i = 0; i < p->b->nr; i++)
		if (p->b->what[i].rung->kind == RUNG_SEGMENT && is_implied(p, &p->b->what[i]))
			return true;
	return false;
}

static void segment_title(struct picture *p, const struct happening *h, const char *label)
{
	char text[RUNG_LABEL_SIZE + 160], at[TEXT_DURATION_SIZE], got[TEXT_DURATION_SIZE];

	if (h->mate != BOTH_NONE)
		snprintf(text, sizeof(text), "%s; sent after %s, received after %s", label,
			 text_duration(at, h->at),
			 text_duration(got, p->b->what[h->mate].at));
	else
		snprintf(text, sizeof(text), "%s; %s %s%s", label,
			 h->rung->out ? "sent after" : "received after",
			 text_duration(at, h->at),
			 is_implied(p, h) ? "; not on record, the protocol calls for it" : "");
	svg_group(p->out, NULL, text);
}

/* From where it happened to where it is said, past the names of states. */
static void put_lead(struct picture *p, double x, double y, double text)
{
	fprintf(p->out, "<path class=\"lead\" d=\"");
	svg_number(p->out, "M", x);
	svg_number(p->out, " ", y);
	svg_number(p->out, "H", BEYOND);
	svg_number(p->out, "L", ASIDE - 14);
	svg_number(p->out, " ", text - 4);
	svg_number(p->out, "H", ASIDE - 4);
	fputs("\"/>\n", p->out);
}

static void put_label(struct picture *p, const char *label, size_t i, double y1, double y2)
{
	const struct place *at = &p->l.place[i];
	bool left_to_right = p->b->what[i].rung->out != p->b->what[i].peer;
	double turn = atan2(y2 - y1, RIGHT - LEFT) * 180 / M_PI;

	if (evenly(p)) {
		svg_text_turned(p->out, "middle halo", (LEFT + RIGHT) / 2.0,
				(y1 + y2) / 2 - 6, left_to_right ? turn : -turn, label);
		return;
	}
	put_lead(p, RIGHT + (p->b->end[1] ? BAR : 0) + 4, left_to_right ? y2 : y1, at->text);
	svg_text(p->out, NULL, ASIDE, at->text, label);
}

static void put_segment(struct picture *p, size_t i)
{
	const struct happening *h = &p->b->what[i];
	bool right = h->rung->out != h->peer, implied = is_implied(p, h);
	bool bad = strstr(h->rung->label, "RST") || h->rung->no_seq;
	double from = right ? LEFT : RIGHT, to = right ? RIGHT : LEFT;
	double y1 = p->l.place[i].y, y2 = y1;
	char label[RUNG_LABEL_SIZE + 24];

	if (h->mate != BOTH_NONE && !h->rung->out)
		return;
	if (h->mate != BOTH_NONE)
		y2 = p->l.place[h->mate].y;
	rung_label(label, sizeof(label), h->rung, true);
	add_mss(label, sizeof(label), h, p->b);
	segment_title(p, h, label);
	svg_line(p->out, implied ? "implied" : bad ? "reset" : "arrow", from, y1,
		 right ? to - 6 : to + 6, y2);
	arrow_head(p, bad ? "head-of-reset" : "head-of", to, y2, to - from, y2 - y1);
	put_label(p, label, i, y1, y2);
	svg_group_end(p->out);
}

static void put_note(struct picture *p, size_t i)
{
	const struct happening *h = &p->b->what[i];
	const struct place *at = &p->l.place[i];
	const char *sign = h->rung->kind == RUNG_TIMER ? "\u27f2" :
			   h->rung->kind == RUNG_ODD ? "!" : "\u2022";
	const char *class = h->rung->kind == RUNG_ODD ? "bad halo" : "halo";
	double rail = h->peer ? RIGHT : LEFT;
	char text[sizeof(h->rung->text) + 64], when[TEXT_DURATION_SIZE];

	snprintf(text, sizeof(text), "%s; after %s", h->rung->text, text_duration(when, h->at));
	svg_group(p->out, NULL, text);
	svg_line(p->out, "rail", rail - 5, at->y - 4 * evenly(p), rail + 5,
		 at->y - 4 * evenly(p));
	if (evenly(p)) {
		/* The other end's stand at its own rail, but begin on the left of it. */
		double x = h->peer ? RIGHT - 14 : LEFT + 26;

		if (h->peer) {
			snprintf(text, sizeof(text), "%s %s", h->rung->text, sign);
			svg_text(p->out, h->rung->kind == RUNG_ODD ? "bad halo end" : "halo end",
				 x, at->text, text);
		} else {
			svg_text(p->out, class, LEFT + 11, at->text, sign);
			svg_prose(p->out, class, x, at->text, LAYOUT_NOTE_WIDTH, h->rung->text);
		}
	} else {
		put_lead(p, rail + 5, at->y, at->text);
		svg_text(p->out, class, ASIDE, at->text, sign);
		svg_prose(p->out, class, ASIDE + 15, at->text, LAYOUT_ASIDE_WIDTH, h->rung->text);
	}
	svg_group_end(p->out);
}

/* Until the same end's next state, or the bottom if it has not ended. */
static double state_until(const struct picture *p, size_t i)
{
	size_t j;

	for (j = i + 1; j < p->b->nr; j++)
		if (p->b->what[j].rung->kind == RUNG_STATE &&
		    p->b->what[j].peer == p->b->what[i].peer)
			return p->l.place[j].y;
	return p->l.bottom;
}

static void put_state(struct picture *p, size_t i, double *label)
{
	const struct happening *h = &p->b->what[i];
	double y = p->l.place[i].y, height = state_until(p, i) - y, text = y + 11;
	double x = h->peer ? RIGHT : LEFT - BAR;
	const char *word = names_word(NAMES_STATE, h->rung->state);
	char title[96], when[TEXT_DURATION_SIZE];
	bool ended = h->rung->state == TCP_LIFECYCLE_STATE_CLOSED;

	snprintf(title, sizeof(title), "%s from %s on", word, text_duration(when, h->at));
	svg_group(p->out, NULL, title);
	/* What is closed, or has not begun, is no bar. */
	if (ended) {
		svg_rect(p->out, "s s-closed", x, y, BAR, 3);
	} else {
		palette_rect(p->out, h->rung->state, x, y, BAR, fmax(height, 0.8));
		p->states |= 1U << h->rung->state;
	}
	if (text < *label + 15)
		text = *label + 15;
	*label = text;
	if (text > y + 12)
		svg_line(p->out, "lead", h->peer ? x + BAR : x, y,
			 h->peer ? x + BAR + 5 : x - 5, text - 4);
	svg_text(p->out, h->peer ? "halo" : "end halo", h->peer ? x + BAR + 7 : x - 7, text, word);
	svg_group_end(p->out);
}

static void put_states(struct picture *p)
{
	double label[2] = { 0, 0 };
	size_t i;

	for (i = 0; i < p->b->nr; i++)
		if (p->b->what[i].rung->kind == RUNG_STATE)
			put_state(p, i, &label[p->b->what[i].peer]);
}

/* To scale, names of states that came last may all stand below the rails. */
static double overhang(const struct picture *p)
{
	unsigned int states[2] = { 0 }, most;
	size_t i;

	for (i = 0; i < p->b->nr; i++)
		states[p->b->what[i].peer] += p->b->what[i].rung->kind == RUNG_STATE;
	most = states[0] > states[1] ? states[0] : states[1];
	return evenly(p) || !most ? 0 : 15.0 * (most - 1);
}

/* Without a scale, the time that passed stands in the margin. */
static void put_deltas(struct picture *p)
{
	char text[TEXT_DURATION_SIZE + 1];
	uint64_t last = 0;
	double above = 0;
	size_t i;

	for (i = 0; i < p->b->nr; i++) {
		const struct happening *h = &p->b->what[i];
		double y = p->l.place[i].y;

		if (h->rung->kind == RUNG_STATE || h->at < last || (h->at == last && above) ||
		    y < above + 13)
			continue;
		text[0] = '+';
		text_duration(text + 1, h->at - last);
		svg_text(p->out, "end small dim", 82, y + 3, above ? text : "0");
		last = h->at;
		above = y;
	}
}

static void put_tick(struct picture *p, uint64_t at)
{
	double y = layout_y(&p->l, p->scale, at);
	char text[TEXT_DURATION_SIZE];

	svg_line(p->out, "grid", 88, y, RIGHT, y);
	svg_text(p->out, "end small dim", 82, y + 4, text_duration(text, at));
}

static void put_axis(struct picture *p)
{
	uint64_t step = 1, at;

	if (p->scale == LADDER_LOG) {
		for (at = 1; at <= p->l.until; at *= 10)
			put_tick(p, at);
		return;
	}
	while (step * 8 < p->l.until)
		step *= 10;
	if (step * 2 > p->l.until && step >= 5)
		step /= 5;
	else if (step * 4 > p->l.until && step >= 2)
		step /= 2;
	for (at = 0; at <= p->l.until; at += step)
		put_tick(p, at);
}

static void put_rails(struct picture *p)
{
	bool peer = p->b->end[0]->open != TCP_LIFECYCLE_OPEN_LISTENER;

	svg_line(p->out, "rail", LEFT, p->l.top - 6, LEFT, p->l.bottom);
	if (peer)
		svg_line(p->out, p->b->end[1] ? "rail" : "unknown", RIGHT, p->l.top - 6, RIGHT,
			 p->l.bottom);
}

/* Two long ones do not fit into one line. */
static void put_ends(struct picture *p)
{
	char local[END_TEXT_SIZE], remote[END_TEXT_SIZE] = "";
	const struct conn *c = p->b->end[0];
	bool both_fit;

	life_svg_end(local, sizeof(local), c, false, c);
	if (c->open != TCP_LIFECYCLE_OPEN_LISTENER)
		life_svg_end(remote, sizeof(remote), c, true, p->b->end[1]);
	/* Bold is wider by a tenth. */
	both_fit = 1.1 * (svg_width(local) + svg_width(remote)) < NARROW - 3 * MARGIN;
	svg_text(p->out, "strong", MARGIN, HEAD - (both_fit ? 24 : 30), local);
	svg_text(p->out, "strong end", NARROW - MARGIN, HEAD - (both_fit ? 24 : 14), remote);
}

static void draw(struct picture *p)
{
	size_t i;

	palette_define(p->out);
	put_ends(p);
	if (evenly(p))
		put_deltas(p);
	else
		put_axis(p);
	put_rails(p);
	for (i = 0; i < p->b->nr; i++) {
		if (p->b->what[i].rung->kind == RUNG_SEGMENT)
			put_segment(p, i);
		else if (p->b->what[i].rung->kind != RUNG_STATE)
			put_note(p, i);
	}
	put_states(p);
}

/**
 * ladder_svg() - draw it
 * @out: where to
 * @c: a connection with its entries
 * @other: the record of its other end with its entries, or NULL
 * @scale: what a distance down the picture means
 * @losses: what the module may have failed to see; NULL: not known
 *
 * Return: 0, or -1 when there is no memory.
 */
int ladder_svg(FILE *out, const struct conn *c, const struct conn *other,
	       enum ladder_scale scale, const struct losses *losses)
{
	struct picture p = { .out = out, .scale = scale };
	struct both b;
	int err;

	err = both_make(&b, c, other);
	p.b = &b;
	p.width = scale == LADDER_EVEN ? NARROW : ASIDE + LAYOUT_ASIDE_WIDTH + MARGIN;
	if (!err)
		err = layout_make(&p.l, &b, scale, HEAD);
	if (!err) {
		struct life_svg life = {
			.conn = { c, other }, .losses = losses, .x = MARGIN,
			.y = p.l.bottom + 40 + overhang(&p), .width = p.width - 2 * MARGIN,
			.implied = any_implied(&p),
		};

		err = life_svg_begin(out, &life, scale);
		if (!err) {
			draw(&p);
			life_svg_rest(out, &life, p.states);
		}
	}
	free(p.l.place);
	both_free(&b);
	return err;
}
