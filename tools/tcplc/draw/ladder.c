// SPDX-License-Identifier: GPL-2.0-only
/*
 * ladder.c: the life of a connection as a ladder diagram.
 *
 *     elapsed  since above   local                               peer
 *                 SYN_SENT  |                                       |
 *        23us        +23us  |<- SYN-ACK seq 0 ack 1 ----------------|
 *              ESTABLISHED  | for 466us: 73 bytes sent and ...      |
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
#include "draw/stay.h"

#define ELAPSED 8		/* the time since the beginning, and a blank */
#define ELAPSED_FROM 75		/* so wide a ladder has a column of it */
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
 * @longest: in front of the longest time between two lines
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
	const char *longest;
};

static const struct signs utf8_signs = {
	"│", "├", "┤", "─", "╌", "◄", "►", "⟲", "·", "!", "»",
};

static const struct signs ascii_signs = {
	"|", "+", "+", "-", ".", "<", ">", "@", "*", "!", ">",
};

struct ladder {
	FILE *out;
	const struct conn *c;
	const struct signs *s;
	unsigned int between;	/* columns between the rails */
	bool peer;		/* there is a second end */
	bool absolute;		/* numbers are those on the wire */
	bool elapsed;		/* there is room for the time since the beginning */
	const struct rung *slow;	/* the longest time passed before it; or NULL */
	uint64_t last;		/* time on the line above that has one */
	bool timed;		/* there is a time on some line */
	bool begun;
	bool stayed;		/* what went on in ESTABLISHED was said */
	bool implied;		/* a dotted arrow was drawn */
	bool relative;		/* a number was told from the initial one */
	bool wire;		/* a number is that on the wire, though others are not */
};

static void repeat(struct ladder *l, const char *sign, int n)
{
	while (n-- > 0)
		fputs(sign, l->out);
}

/* What there is on the left of the rails: when, and a state or the time since above. */
static void put_left(struct ladder *l, const char *elapsed, const char *text,
		     enum text_color color)
{
	if (l->elapsed) {
		repeat(l, " ", ELAPSED - 1 - (int)wrap_columns(elapsed));
		fprintf(l->out, "%s%s%s ", text_on(TEXT_DIM), elapsed, text_off());
	}
	repeat(l, " ", MARGIN - (int)wrap_columns(text));
	fprintf(l->out, "%s%s%s ", text_on(color), text, text_off());
}

static void put_margin(struct ladder *l, const char *text, enum text_color color)
{
	put_left(l, "", text, color);
}

static uint64_t passed(const struct rung *r, uint64_t last)
{
	return r->at > last ? r->at - last : 0;
}

static void put_delta(struct ladder *l, const struct rung *r)
{
	char text[TEXT_DURATION_SIZE + 8] = "", elapsed[TEXT_DURATION_SIZE] = "";
	char delta[TEXT_DURATION_SIZE];

	if (r->timed) {
		text_duration(elapsed, r->at);
		if (l->begun)
			snprintf(text, sizeof(text), "%s%s+%s", r == l->slow ? l->s->longest : "",
				 r == l->slow ? " " : "", text_duration(delta, passed(r, l->last)));
		l->last = r->at;
		l->begun = true;
	}
	put_left(l, elapsed, text, r == l->slow ? TEXT_WAIT : TEXT_PLAIN);
}

/* Of two or more, so that there is a longest one. */
static const struct rung *slowest(const struct rung *rungs, size_t nr)
{
	const struct rung *slow = NULL;
	uint64_t last = 0, most = 0;
	unsigned int timed = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!rungs[i].timed)
			continue;
		if (timed++ && passed(&rungs[i], last) > most) {
			slow = &rungs[i];
			most = passed(slow, last);
		}
		last = rungs[i].at;
	}
	return timed > 2 ? slow : NULL;
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

	if (!l->absolute)
		rung_label_short(label, sizeof(label), r);
	else
		rung_label(label, sizeof(label), r, true);
	if (l->absolute && wrap_columns(label) + ARROW > l->between)
		rung_label(label, sizeof(label), r, false);
	else
		l->relative |= (r->has_seq && r->rel_seq) || (r->has_ack && r->rel_ack);
	l->wire |= !l->absolute && strchr(label, '=');
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

/* Text between the rails, whose first line has its margin already. */
static void put_text(struct ladder *l, const char *sign, const char *all,
		     enum text_color color)
{
	int indent = wrap_columns(sign);
	char line[RUNG_LABEL_SIZE];
	const char *text = all;
	unsigned int len;

	do {
		len = fits(text, l->between - 2 - indent);
		snprintf(line, sizeof(line), " %s%*s%.*s", text == all ? sign : "",
			 text == all ? 0 : indent, "", (int)len, text);
		if (text != all)
			put_margin(l, "", TEXT_PLAIN);
		put_inside(l, line, strlen(line), color);
		text += len;
		text += *text == ' ';
	} while (*text);
}

static void put_note(struct ladder *l, const struct rung *r, const char *sign,
		     enum text_color color)
{
	char first[8];

	snprintf(first, sizeof(first), "%s ", sign);
	put_delta(l, r);
	put_text(l, first, r->text, color);
}

/* That of ESTABLISHED has room for what went on there. */
static void put_state(struct ladder *l, const struct rung *r)
{
	char text[160] = "";

	if (r->state == TCP_LIFECYCLE_STATE_ESTABLISHED && !l->stayed) {
		stay_text(text, sizeof(text), l->c);
		l->stayed = true;
	}
	put_margin(l, tlc_words_state(r->state), text_state_color(r->state));
	if (*text)
		put_text(l, "", text, TEXT_PLAIN);
	else
		put_inside(l, "", 0, TEXT_PLAIN);
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

	put_left(l, l->timed ? "elapsed" : "", l->timed ? "since above" : "", TEXT_DIM);
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

/* What the signs mean, of those that were used. */
static void put_legend(struct ladder *l, unsigned int width)
{
	char text[320];
	int n = 0;

	if (!l->begun)
		return;
	text[0] = '\0';
	if (!l->elapsed)
		n += sprintf(text + n, " + is the time since the line above.");
	if (l->slow)
		n += sprintf(text + n, " %s is the longest time between two lines.", l->s->longest);
	if (l->relative && l->absolute)
		n += sprintf(text + n, " (n) counts from the sender's first number.");
	else if (l->relative)
		n += sprintf(text + n, " Numbers count from the sender's first one; -a prints those on the wire.");
	if (l->wire)
		n += sprintf(text + n, " =n is the number on the wire: the first one is not known.");
	if (!n && !l->implied)
		return;
	fprintf(l->out, "\n%s", text_on(TEXT_DIM));
	if (n)
		wrap_print(l->out, text + 1, 0, width);
	if (l->implied) {
		sprintf(text, "%s%s%s is not recorded; the protocol requires it here.",
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
		.c = c,
		.s = style->utf8 ? &utf8_signs : &ascii_signs,
		.absolute = style->absolute,
		.peer = c->open != TCP_LIFECYCLE_OPEN_LISTENER,
	};
	size_t i, nr;

	if (width < LADDER_LEAST && width != TEXT_WIDE)
		width = LADDER_LEAST;
	if (width > LADDER_MOST || width == TEXT_WIDE)
		width = LADDER_MOST;
	l.elapsed = width >= ELAPSED_FROM;
	l.between = width - BEFORE - (l.elapsed ? ELAPSED : 0) - 1;

	rungs = rung_list(c, style->utf8, &nr);
	if (!rungs)
		return -1;
	l.slow = slowest(rungs, nr);
	for (i = 0; i < nr; i++)
		l.timed |= rungs[i].timed;
	put_ends(&l, c);
	for (i = 0; i < nr; i++)
		put_rung(&l, &rungs[i]);
	put_legend(&l, width);
	free(rungs);
	return 0;
}
