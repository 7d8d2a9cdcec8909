// SPDX-License-Identifier: GPL-2.0-only
/*
 * ladder.c: the life of a connection as a ladder diagram.
 *
 *     margin       local                                          peer
 *        SYN_SENT  |                                                 |
 *          +23 us  |<- SYN-ACK seq 4014168596 (0) ack 154059525 (1) -|
 *     ESTABLISHED  |                                                 |
 *
 * What is on the lines is rung.c's business.  States are on the left,
 * since the record is that of the local end; the peer's are not known.
 */
#include "draw/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"
#include "base/wrap.h"
#include "draw/rung.h"
#include "draw/rung_text.h"

#define MARGIN 12		/* NEW_SYN_RECV */
#define BEFORE (MARGIN + 2)	/* columns left of what is between the rails */
#define ARROW 7			/* "-- ", " --" and an arrow head */

/**
 * struct signs - what lines are made of
 * @rail: an end
 * @from_left: the left end, an arrow leaving it
 * @from_right: likewise on the right
 * @line: of an arrow
 * @dotted: of an arrow that is only concluded
 * @left: arrow head
 * @right: arrow head
 * @again: in front of what repeats
 * @note: in front of what does not
 * @odd: in front of what should not be
 */
struct signs {
	const char *rail;
	const char *from_left;
	const char *from_right;
	const char *line;
	const char *dotted;
	const char *left;
	const char *right;
	const char *again;
	const char *note;
	const char *odd;
};

static const struct signs utf8_signs = {
	"│", "├", "┤", "─", "╌", "◄", "►", "⟲", "·", "!",
};

static const struct signs ascii_signs = {
	"|", "+", "+", "-", ".", "<", ">", "@", "*", "!",
};

struct ladder {
	FILE *out;
	const struct signs *s;
	unsigned int between;	/* columns between the rails */
	bool peer;		/* there is a second end */
	uint64_t last;		/* time on the line above that has one */
	bool begun;
	bool implied;		/* a dotted arrow was drawn */
	bool relative;		/* a number was told from the initial one */
};

static void repeat(struct ladder *l, const char *sign, int n)
{
	while (n-- > 0)
		fputs(sign, l->out);
}

static void put_margin(struct ladder *l, const char *text, enum text_color color)
{
	repeat(l, " ", MARGIN - (int)wrap_columns(text));
	fprintf(l->out, "%s%s%s ", text_on(color), text, text_off());
}

static void put_delta(struct ladder *l, const struct rung *r)
{
	char text[TEXT_DURATION_SIZE + 1] = "";

	if (r->timed) {
		if (l->begun) {
			text[0] = '+';
			text_duration(text + 1, r->at > l->last ? r->at - l->last : 0);
		}
		l->last = r->at;
		l->begun = true;
	}
	put_margin(l, text, TEXT_PLAIN);
}

/* A line between the rails that is no arrow. */
static void put_inside(struct ladder *l, const char *text, unsigned int len,
		       enum text_color color)
{
	char line[RUNG_LABEL_SIZE];

	snprintf(line, sizeof(line), "%.*s", (int)len, text);
	fprintf(l->out, "%s%s%s%s", l->s->rail, text_on(color), line, text_off());
	if (l->peer) {
		repeat(l, " ", (int)l->between - (int)wrap_columns(line));
		fputs(l->s->rail, l->out);
	}
	putc('\n', l->out);
}

static void put_state(struct ladder *l, const struct rung *r)
{
	put_margin(l, tlc_words_state(r->state), text_state_color(r->state));
	put_inside(l, "", 0, TEXT_PLAIN);
}

static enum text_color segment_color(const struct rung *r)
{
	if (r->implied)
		return TEXT_DIM;
	return strstr(r->label, "RST") || r->no_seq ? TEXT_BAD : TEXT_PLAIN;
}

static void put_segment(struct ladder *l, const struct rung *r)
{
	const char *line = r->implied ? l->s->dotted : l->s->line;
	char label[RUNG_LABEL_SIZE];
	int fill;

	rung_label(label, sizeof(label), r, true);
	if (wrap_columns(label) + ARROW > l->between)
		rung_label(label, sizeof(label), r, false);
	else
		l->relative |= r->rel_seq || r->rel_ack;
	l->implied |= r->implied;
	fill = (int)l->between - (int)wrap_columns(label) - 5;

	put_delta(l, r);
	fprintf(l->out, "%s%s", r->out ? l->s->from_left : l->s->rail,
		text_on(segment_color(r)));
	fprintf(l->out, "%s%s %s ", r->out ? line : l->s->left, line, label);
	repeat(l, line, fill);
	fputs(r->out ? l->s->right : line, l->out);
	fprintf(l->out, "%s%s\n", text_off(),
		r->out ? l->s->rail : l->s->from_right);
}

/* How much of a text to put on a line: whole words, where there are any. */
static unsigned int fits(const char *text, unsigned int room)
{
	unsigned int n = 0, bytes = 0, word = 0;

	while (text[bytes]) {
		if (text[bytes] == ' ')
			word = bytes;
		if ((text[bytes] & 0xc0) != 0x80 && ++n > room)
			return word ? word : bytes;
		bytes++;
	}
	return bytes;
}

static void put_note(struct ladder *l, const struct rung *r, const char *sign,
		     enum text_color color)
{
	const char *text = r->text;
	char line[RUNG_LABEL_SIZE];
	unsigned int len;

	put_delta(l, r);
	do {
		len = fits(text, l->between - 4);
		snprintf(line, sizeof(line), " %s %.*s",
			 text == r->text ? sign : " ", (int)len, text);
		if (text != r->text)
			put_margin(l, "", TEXT_PLAIN);
		put_inside(l, line, strlen(line), color);
		text += len;
		text += *text == ' ';
	} while (*text);
}

static void put_rung(struct ladder *l, const struct rung *r)
{
	switch (r->kind) {
	case RUNG_STATE:
		put_state(l, r);
		break;
	case RUNG_SEGMENT:
		put_segment(l, r);
		break;
	case RUNG_NOTE:
		put_note(l, r, l->s->note, TEXT_PLAIN);
		break;
	case RUNG_TIMER:
		put_note(l, r, l->s->again, TEXT_WAIT);
		break;
	case RUNG_ODD:
		put_note(l, r, l->s->odd, TEXT_BAD);
		break;
	}
}

/* Two long addresses do not fit into one line. */
static void put_ends(struct ladder *l, const struct conn *c)
{
	char local_text[ENDS_SIZE], remote_text[ENDS_SIZE];
	const char *local = c->local.len ? ends_local(local_text, c) : "unknown";
	const char *remote = c->remote.len ? ends_remote(remote_text, c) : "unknown";
	unsigned int width = l->between + 2;
	unsigned int used;

	put_margin(l, "", TEXT_PLAIN);
	fprintf(l->out, "%s%s%s", text_on(TEXT_BOLD), local, text_off());
	used = strlen(local);
	if (l->peer && used + 2 + strlen(remote) > width) {
		putc('\n', l->out);
		put_margin(l, "", TEXT_PLAIN);
		used = 0;
	}
	if (l->peer) {
		repeat(l, " ", (int)(width - used) - (int)strlen(remote));
		fprintf(l->out, "%s%s%s", text_on(TEXT_BOLD), remote, text_off());
	}
	putc('\n', l->out);
}

static void put_legend(struct ladder *l, unsigned int width)
{
	char text[128];

	if (!l->begun)
		return;
	fprintf(l->out, "\n%s", text_on(TEXT_DIM));
	snprintf(text, sizeof(text), "+ is the time since the line above%s.",
		 l->relative ? "; (n) counts from the sender's first number" : "");
	wrap_print(l->out, text, 0, width);
	if (l->implied) {
		snprintf(text, sizeof(text),
			 "%s%s%s is not recorded; the protocol requires it here.",
			 l->s->dotted, l->s->dotted, l->s->right);
		wrap_print(l->out, text, 0, width);
	}
	fputs(text_off(), l->out);
}

/**
 * ladder_print() - draw it
 * @out: where to
 * @c: a connection with its entries
 * @style: what the output can take
 *
 * Return: 0, or -1 when there is no memory.
 */
int ladder_print(FILE *out, const struct conn *c, const struct ladder_style *style)
{
	unsigned int width = style->width;
	struct rung *rungs;
	struct ladder l = {
		.out = out,
		.s = style->utf8 ? &utf8_signs : &ascii_signs,
		.peer = c->open != TCP_LIFECYCLE_OPEN_LISTENER,
	};
	size_t i, nr;

	if (width < LADDER_LEAST && width != TEXT_WIDE)
		width = LADDER_LEAST;
	if (width > LADDER_MOST || width == TEXT_WIDE)
		width = LADDER_MOST;
	l.between = width - BEFORE - 1;

	rungs = rung_list(c, style->utf8, &nr);
	if (!rungs)
		return -1;
	put_ends(&l, c);
	for (i = 0; i < nr; i++)
		put_rung(&l, &rungs[i]);
	put_legend(&l, width);
	free(rungs);
	return 0;
}
