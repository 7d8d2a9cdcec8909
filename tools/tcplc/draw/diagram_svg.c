// SPDX-License-Identifier: GPL-2.0-only
/*
 * diagram_svg.c: the state diagram as the books have it.
 *
 * CLOSED is there twice, as in RFC 9293: at the top nothing has begun, at the bottom it
 * is over.  Ways to the end that no book draws, by RST, timer or close(), are short: an
 * arrow to a mark with the name of CLOSED.
 */
#include "draw/diagram_svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/names.h"
#include "draw/palette.h"
#include "draw/svg.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define WIDTH 1040
#define HEIGHT 960
#define NODE_WIDTH 138
#define NODE_HEIGHT 42
#define ENDED 0			/* the other place of CLOSED, in place of "not known" */

/**
 * struct node - the place of a state
 * @x: middle
 * @y: middle
 * @rfc: its name in RFC 9293, or what it is in Linux; NULL where both are one
 * @is_linux: the RFC does not have it
 */
struct node {
	double x, y;
	const char *rfc;
	bool is_linux;
};

static const struct node nodes[TLC_STATES] = {
	[S(CLOSED)] = { 520, 106, NULL, false },
	[S(LISTEN)] = { 520, 206, NULL, false },
	[S(NEW_SYN_RECV)] = { 190, 286, "SYN-RECEIVED: request", true },
	[S(SYN_RECV)] = { 190, 406, "SYN-RECEIVED: socket", false },
	[S(SYN_SENT)] = { 850, 286, NULL, false },
	[S(ESTABLISHED)] = { 520, 476, NULL, false },
	[S(FIN_WAIT_1)] = { 190, 586, NULL, false },
	[S(FIN_WAIT_2)] = { 190, 736, "may be a timewait socket", false },
	[S(CLOSING)] = { 490, 646, NULL, false },
	[S(TIME_WAIT)] = { 490, 766, "a timewait socket", false },
	[S(CLOSE_WAIT)] = { 850, 586, NULL, false },
	[S(LAST_ACK)] = { 850, 706, NULL, false },
	[ENDED] = { 680, 876, NULL, false },
};

/**
 * struct place - of an edge
 * @from: state
 * @to: state; CLOSED is the lower one
 * @x1: where it begins
 * @y1: likewise
 * @x2: where it ends
 * @y2: likewise
 * @cx: what it is bent towards; 0 for a straight one
 * @cy: likewise
 * @tx: where its text is
 * @ty: likewise
 * @anchor: how the text lies there
 * @text: what happens, as in the books; NULL for a short way to the end
 */
struct place {
	uint8_t from, to;
	double x1, y1, x2, y2, cx, cy, tx, ty;
	const char *anchor;
	const char *text;
};

static const struct place places[] = {
	{ S(CLOSED), S(LISTEN), 520, 127, 520, 185, 0, 0, 512, 152, "end", "listen()" },
	{ S(CLOSED), S(SYN_SENT), 589, 112, 850, 265, 850, 112, 680, 94, "start",
	  "connect(): SYN out" },
	{ S(LISTEN), S(NEW_SYN_RECV), 451, 206, 190, 265, 190, 206, 250, 200, "start",
	  "SYN in: SYN-ACK out" },
	{ S(LISTEN), S(SYN_RECV), 470, 227, 259, 398, 420, 350, 432, 318, "start",
	  "SYN cookie, Fast Open" },
	{ S(NEW_SYN_RECV), S(SYN_RECV), 190, 307, 190, 385, 0, 0, 198, 338, "start",
	  "ACK in: socket made" },
	{ S(SYN_SENT), S(SYN_RECV), 781, 296, 259, 413, 590, 410, 650, 386, "start",
	  "SYN in: SYN-ACK out" },
	{ S(SYN_SENT), S(ESTABLISHED), 850, 307, 589, 470, 850, 470, 848, 426, "start",
	  "SYN-ACK in: ACK out" },
	{ S(SYN_RECV), S(ESTABLISHED), 259, 420, 451, 470, 0, 0, 385, 426, "start", "ACK in" },
	{ S(SYN_RECV), S(FIN_WAIT_1), 190, 427, 190, 565, 0, 0, 182, 490, "end",
	  "close(): FIN out" },
	{ S(SYN_RECV), S(CLOSE_WAIT), 250, 427, 781, 578, 400, 560, 540, 574, "start",
	  "FIN in: ACK out" },
	{ S(ESTABLISHED), S(FIN_WAIT_1), 470, 497, 259, 580, 430, 570, 280, 546, "start",
	  "close(): FIN out" },
	{ S(ESTABLISHED), S(CLOSE_WAIT), 589, 484, 850, 565, 840, 484, 690, 513, "start",
	  "FIN in: ACK out" },
	{ S(FIN_WAIT_1), S(FIN_WAIT_2), 190, 607, 190, 715, 0, 0, 182, 672, "end",
	  "ACK of FIN in" },
	{ S(FIN_WAIT_1), S(CLOSING), 259, 594, 421, 640, 0, 0, 340, 592, "start",
	  "FIN in: ACK out" },
	{ S(FIN_WAIT_1), S(TIME_WAIT), 240, 607, 421, 757, 0, 0, 200, 692, "start",
	  "FIN+ACK in: ACK out" },
	{ S(FIN_WAIT_2), S(TIME_WAIT), 259, 748, 421, 770, 0, 0, 290, 786, "start",
	  "FIN in: ACK out" },
	{ S(CLOSING), S(TIME_WAIT), 490, 667, 490, 745, 0, 0, 498, 700, "start",
	  "ACK of FIN in" },
	{ S(TIME_WAIT), S(CLOSED), 520, 787, 611, 870, 540, 860, 530, 884, "end", "2MSL over" },
	{ S(CLOSE_WAIT), S(LAST_ACK), 850, 607, 850, 685, 0, 0, 858, 640, "start",
	  "close(): FIN out" },
	{ S(LAST_ACK), S(CLOSED), 850, 727, 749, 870, 850, 870, 846, 840, "start",
	  "ACK of FIN in" },
	{ S(LISTEN), S(CLOSED), 589, 206, 625, 206, 0, 0, 632, 210, "start", NULL },
	{ S(SYN_SENT), S(CLOSED), 919, 286, 945, 286, 0, 0, 952, 290, "start", NULL },
	{ S(NEW_SYN_RECV), S(CLOSED), 121, 286, 95, 286, 0, 0, 88, 290, "end", NULL },
	{ S(SYN_RECV), S(CLOSED), 121, 406, 95, 406, 0, 0, 88, 410, "end", NULL },
	{ S(ESTABLISHED), S(CLOSED), 545, 497, 571, 519, 0, 0, 578, 528, "start", NULL },
	{ S(FIN_WAIT_1), S(CLOSED), 121, 586, 95, 586, 0, 0, 88, 590, "end", NULL },
	{ S(FIN_WAIT_2), S(CLOSED), 121, 736, 95, 736, 0, 0, 88, 740, "end", NULL },
	{ S(CLOSING), S(CLOSED), 559, 646, 595, 646, 0, 0, 602, 650, "start", NULL },
	{ S(CLOSE_WAIT), S(CLOSED), 919, 586, 945, 586, 0, 0, 952, 590, "start", NULL },
};

/**
 * diagram_svg_has() - is there a place for an edge?
 * @from: enum tcp_lifecycle_state
 * @to: enum tcp_lifecycle_state
 */
bool diagram_svg_has(uint8_t from, uint8_t to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i].from == from && places[i].to == to)
			return true;
	return false;
}

struct look {
	const char *line;
	const char *head;
	const char *text;
};

static struct look look_of(const struct diagram *d, uint8_t from, uint8_t to)
{
	switch (tlc_fsm_edge(from, to)) {
	case TLC_EDGE_ILLEGAL:
		return (struct look){ "edge-illegal", "head-of-reset", "bad strong" };
	case TLC_EDGE_LINUX:
		if (d->count[from][to])
			return (struct look){ "edge-linux", "head-of-linux", "" };
		break;
	default:
		if (d->count[from][to])
			return (struct look){ "edge", "head-of", "" };
	}
	return (struct look){ "edge-unseen", "head-of-unseen", "dim" };
}

static void count_text(char *out, size_t size, const struct diagram *d, uint8_t from, uint8_t to)
{
	uint64_t count = d->count[from][to];

	if (d->step[from][to] && count > 1)
		snprintf(out, size, "step %u, %" PRIu64 " times", d->step[from][to], count);
	else if (d->step[from][to])
		snprintf(out, size, "step %u", d->step[from][to]);
	else if (count)
		snprintf(out, size, "%" PRIu64, count);
	else
		*out = '\0';
}

static void edge_group(FILE *out, const struct diagram *d, uint8_t from, uint8_t to,
		       const char *what)
{
	static const char *const kinds[] = {
		[TLC_EDGE_ILLEGAL] = "not in the diagram of RFC 9293",
		[TLC_EDGE_RFC] = "RFC 9293",
		[TLC_EDGE_LINUX] = "Linux only",
	};
	char title[160], class[64];

	snprintf(title, sizeof(title), "%s to %s%s%s: %" PRIu64 " times (%s)",
		 names_word(NAMES_STATE, from), names_word(NAMES_STATE, to), what ? ", " : "",
		 what ? what : "", d->count[from][to], kinds[tlc_fsm_edge(from, to)]);
	snprintf(class, sizeof(class), "way way-%u-%u%s", from, to,
		 tlc_fsm_edge(from, to) == TLC_EDGE_LINUX ? " linux" : "");
	svg_group(out, class, title);
}

static void head(FILE *out, const char *class, double x, double y, double dx, double dy)
{
	double len = hypot(dx, dy), ux = dx / len, uy = dy / len;

	fprintf(out, "<path class=\"%s\"", class);
	svg_number(out, " d=\"M", x);
	svg_number(out, " ", y);
	svg_number(out, "L", x - 10 * ux + 4.5 * uy);
	svg_number(out, " ", y - 10 * uy - 4.5 * ux);
	svg_number(out, "L", x - 10 * ux - 4.5 * uy);
	svg_number(out, " ", y - 10 * uy + 4.5 * ux);
	fputs("Z\"/>\n", out);
}

static void curve(FILE *out, const char *class, const struct place *p)
{
	fprintf(out, "<path class=\"%s\"", class);
	svg_number(out, " d=\"M", p->x1);
	svg_number(out, " ", p->y1);
	if (p->cx) {
		svg_number(out, "Q", p->cx);
		svg_number(out, " ", p->cy);
		svg_number(out, " ", p->x2);
	} else {
		svg_number(out, "L", p->x2);
	}
	svg_number(out, " ", p->y2);
	fputs("\"/>\n", out);
}

static void put_edge(FILE *out, const struct diagram *d, const struct place *p)
{
	struct look look = look_of(d, p->from, p->to);
	char class[48], count[48];

	edge_group(out, d, p->from, p->to, p->text);
	curve(out, look.line, p);
	head(out, look.head, p->x2, p->y2, p->x2 - (p->cx ? p->cx : p->x1),
	     p->y2 - (p->cx ? p->cy : p->y1));
	count_text(count, sizeof(count), d, p->from, p->to);
	snprintf(class, sizeof(class), "small halo %s %s", p->anchor, look.text);
	svg_text(out, class, p->tx, p->ty - (p->text ? 0 : 6), p->text ? p->text : "CLOSED");
	snprintf(class, sizeof(class), "count strong halo %s", p->anchor);
	svg_text(out, class, p->tx, p->ty + (p->text ? 14 : 8), count);
	svg_group_end(out);
}

/* Where the straight line from the middle of @a to that of @b leaves its frame. */
static void frame(const struct node *a, const struct node *b, double *x, double *y)
{
	double dx = b->x - a->x, dy = b->y - a->y;
	double fx = dx ? NODE_WIDTH / 2.0 / fabs(dx) : INFINITY;
	double fy = dy ? NODE_HEIGHT / 2.0 / fabs(dy) : INFINITY;
	double f = fx < fy ? fx : fy;

	*x = a->x + f * dx;
	*y = a->y + f * dy;
}

static bool is_illegal(const struct diagram *d, uint8_t from, uint8_t to)
{
	return d->count[from][to] && tlc_fsm_edge(from, to) == TLC_EDGE_ILLEGAL;
}

/* From a state that is not known there is nothing to draw: the list below has it. */
static void put_illegal(FILE *out, const struct diagram *d, uint8_t from, uint8_t to)
{
	const struct node *a = &nodes[from], *b = &nodes[to == S(CLOSED) ? ENDED : to];
	struct place p = { .from = from, .to = to };
	char count[48];

	if (!from || !to || from == to)
		return;
	frame(a, b, &p.x1, &p.y1);
	frame(b, a, &p.x2, &p.y2);
	/* Bent, so that it does not lie on an edge, nor cross a state, in between. */
	p.cx = (p.x1 + p.x2) / 2 + (p.y2 - p.y1) / 4;
	p.cy = (p.y1 + p.y2) / 2 - (p.x2 - p.x1) / 4;
	edge_group(out, d, from, to, NULL);
	curve(out, "edge-illegal", &p);
	head(out, "head-of-reset", p.x2, p.y2, p.x2 - p.cx, p.y2 - p.cy);
	count_text(count, sizeof(count), d, from, to);
	svg_text(out, "bad strong halo middle", (p.x1 + p.x2 + 2 * p.cx) / 4,
		 (p.y1 + p.y2 + 2 * p.cy) / 4, count);
	svg_group_end(out);
}

static void put_node(FILE *out, uint8_t state, const struct node *n)
{
	const char *word = names_word(NAMES_STATE, state);
	double x = n->x - NODE_WIDTH / 2.0, y = n->y - NODE_HEIGHT / 2.0;
	char title[96];

	snprintf(title, sizeof(title), "%s%s%s", word, n->rfc ? ": " : "", n->rfc ? n->rfc : "");
	svg_group(out, "state", title);
	svg_rect(out, n->is_linux ? "linux-node" : "node", x, y, NODE_WIDTH, NODE_HEIGHT);
	palette_rect(out, state, x + 1, y + 1, 9, NODE_HEIGHT - 2);
	svg_text(out, "strong middle", n->x + 5, n->y + (n->rfc ? -2 : 4), word);
	if (n->rfc)
		svg_text(out, "tiny dim middle", n->x + 5, n->y + 13, n->rfc);
	svg_group_end(out);
}

static void put_legend(FILE *out, const char *about)
{
	static const struct { const char *class, *text; double width; } kinds[] = {
		{ "edge", "in RFC 9293", 120 }, { "edge-linux", "in Linux only", 126 },
		{ "edge-unseen", "not taken", 106 }, { "edge-illegal", "in neither", 100 },
	};
	double x = 20;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		svg_line(out, kinds[i].class, x, HEIGHT - 24, x + 26, HEIGHT - 24);
		svg_text(out, "small", x + 32, HEIGHT - 20, kinds[i].text);
		x += kinds[i].width;
	}
	if (about)
		svg_text(out, "small dim", x + 10, HEIGHT - 20, about);
}

/* Those outside the diagram by name, for the lines may be many, or not drawn. */
static void list_illegal(FILE *out, const struct diagram *d)
{
	char text[96];
	double y = 806;
	unsigned int from, to, left = 0;

	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES; to++) {
			if (!is_illegal(d, from, to))
				continue;
			if (y > 900) {
				left++;
				continue;
			}
			snprintf(text, sizeof(text), "%s to %s: %" PRIu64,
				 from ? names_word(NAMES_STATE, from) : "unknown",
				 to ? names_word(NAMES_STATE, to) : "unknown",
				 d->count[from][to]);
			svg_text(out, "small bad", 20, y, text);
			y += 15;
		}
	if (left) {
		snprintf(text, sizeof(text), "and %u more", left);
		svg_text(out, "small bad", 20, y, text);
	}
}

/**
 * diagram_svg() - draw it
 * @out: where to
 * @d: how often each edge was taken
 * @title: of what
 * @about: what must be known to read the numbers, in one line; or NULL
 * @inlined: it is part of a page, whose script fills in the counts
 */
void diagram_svg(FILE *out, const struct diagram *d, const char *title, const char *about,
		 bool inlined)
{
	const struct svg_page page = { WIDTH, HEIGHT, title, about, inlined };
	unsigned int from, to;
	size_t i;

	svg_begin(out, &page);
	palette_define(out);
	svg_text(out, "head", 20, 30, title);
	svg_text(out, "small dim", 20, 48,
		 "The state diagram of RFC 9293, 3.3.2, as Linux takes it; the numbers are from the records.");
	for (i = 0; i < ARRAY_SIZE(places); i++)
		put_edge(out, d, &places[i]);
	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES; to++)
			if (is_illegal(d, from, to))
				put_illegal(out, d, from, to);
	for (i = 0; i < TLC_STATES; i++)
		put_node(out, i == ENDED ? S(CLOSED) : i, &nodes[i]);
	list_illegal(out, d);
	put_legend(out, about);
	svg_end(out);
}
