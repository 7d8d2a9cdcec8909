// SPDX-License-Identifier: GPL-2.0-only
/*
 * life_svg.c: what stands around the ladder on its picture.
 */
#include "draw/life_svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"
#include "draw/facts.h"
#include "draw/palette.h"
#include "draw/sentence.h"
#include "draw/svg.h"

#define NAME_WIDTH 110	/* column of the names of facts */

static const char *const scales[] = {
	[LADDER_EVEN] = "Not to scale; + is the time since the line above.",
	[LADDER_TIME] = "Time to scale, from the beginning of the record.",
	[LADDER_LOG] = "Time on a logarithmic scale, from the beginning of the record.",
};

static void heading(char *out, size_t size, const struct conn *c)
{
	char id[TEXT_ID_SIZE];

	snprintf(out, size, "%s  %s  open %s%s%s%s%s", text_id(id, c),
		 names_word(NAMES_STATE, c->state), names_word(NAMES_OPEN, c->open),
		 c->close ? ", close " : "", c->close ? names_word(NAMES_CLOSE, c->close) : "",
		 c->first ? ", first " : "", c->first ? names_word(NAMES_FIRST, c->first) : "");
}

/**
 * life_svg_end() - one end, and who has it
 * @text: set
 * @size: its size
 * @c: the connection
 * @remote: it is the other end
 * @owner: the record of that end, or NULL
 */
void life_svg_end(char *text, size_t size, const struct conn *c, bool remote,
		  const struct conn *owner)
{
	char end[ENDS_SIZE], name[4 * CONN_COMM_SIZE + 1];
	const struct addr *addr = remote ? &c->remote : &c->local;

	if (!addr->len)
		strcpy(end, "unknown");
	else if (remote)
		ends_remote(end, c);
	else
		ends_local(end, c);
	if (owner && *owner->comm) {
		text_escape(name, sizeof(name), owner->comm, strlen(owner->comm));
		snprintf(text, size, "%s  %s", end, name);
	} else {
		snprintf(text, size, "%s", end);
	}
}

struct facts_svg {
	FILE *out;	/* NULL to measure */
	double x, y, width;
};

static void put_fact(const char *name, const char *text, enum text_color color, void *data)
{
	struct facts_svg *f = data;

	if (f->out)
		svg_text(f->out, color == TEXT_BAD ? "bad strong" : "dim", f->x, f->y, name);
	f->y = svg_prose(f->out, color == TEXT_BAD ? "bad" : NULL, f->x + NAME_WIDTH, f->y,
			 f->width - NAME_WIDTH, text);
}

/* Return: the base line of what may follow. */
static double put_rest(FILE *out, const struct life_svg *life, uint32_t states)
{
	struct facts_svg f = { .out = out, .x = life->x, .width = life->width };
	char id[TEXT_ID_SIZE], title[64 + TEXT_ID_SIZE];
	unsigned int i;

	f.y = palette_legend(out, f.x, life->y - 16, f.width, states) + 12;
	if (life->implied && out)
		svg_text(out, "small dim", f.x, f.y - 4,
			 "A dashed arrow is not on record; the protocol calls for it here.");
	f.y += life->implied ? 16 : 0;
	f.y = svg_prose(out, NULL, f.x, f.y, f.width, life->said) + 10;
	for (i = 0; i < 2 && life->conn[i]; i++) {
		if (life->conn[1] && out) {
			snprintf(title, sizeof(title), "%s, record %s",
				 i ? "The other end" : "This end", text_id(id, life->conn[i]));
			svg_text(out, "strong", f.x, f.y, title);
		}
		f.y += life->conn[1] ? 18 : 0;
		facts_each(life->conn[i], put_fact, &f);
		f.y += 8;
	}
	return f.y;
}

/**
 * life_svg_begin() - begin the picture, with its heading
 * @out: where
 * @life: what it is of
 * @scale: what is said of time
 *
 * Return: 0, or -1 if there is no memory.
 */
int life_svg_begin(FILE *out, struct life_svg *life, enum ladder_scale scale)
{
	char title[160], head[128];
	struct svg_page page = { .title = title };

	life->said = sentence(life->conn[0], life->losses);
	if (!life->said)
		return -1;
	heading(head, sizeof(head), life->conn[0]);
	snprintf(title, sizeof(title), "Connection %s", head);
	page.about = life->said;
	page.width = life->width + 2 * life->x;
	/* As if every state had a place in the legend: two lines at most. */
	page.height = put_rest(NULL, life, ~0U);
	svg_begin(out, &page);
	svg_text(out, "head", life->x, 30, head);
	svg_text(out, "small dim", life->x, 48, scales[scale]);
	if (!life->conn[1] && life->conn[0]->open != TCP_LIFECYCLE_OPEN_LISTENER)
		svg_text(out, "small dim end", life->x + life->width, 48,
			 "The states of the other end are not known: there is no record of it here.");
	return 0;
}

/**
 * life_svg_rest() - what is below the ladder, and the end of the picture
 * @out: where
 * @life: as life_svg_begin() left it; its sentence is freed
 * @states: bit 1 << state for each that is drawn
 */
void life_svg_rest(FILE *out, struct life_svg *life, uint32_t states)
{
	put_rest(out, life, states);
	svg_end(out);
	free(life->said);
	life->said = NULL;
}
