// SPDX-License-Identifier: GPL-2.0
/*
 * conn_json.c: records and events as JSON, one object a line.
 */
#define _GNU_SOURCE	/* fwrite_unlocked() */
#include "conn_json.h"

#include <assert.h>
#include <string.h>

#include "fields.h"
#include "json.h"
#include "text.h"

/*
 * Names and words never change, and stand ready once they were used: each with the
 * quotes around it, a name also with the comma before it and the colon behind.  They
 * are copied whole, which takes less than to look where they end.
 */
struct ready {
	uint8_t len;
	char text[24];
};

static struct ready conn_names[TCP_LIFECYCLE_A_CONN_MAX + 1];
static struct ready entry_names[TCP_LIFECYCLE_A_ENTRY_MAX + 1];
static struct ready words[NAMES_NR][UINT8_MAX + 1];

/* What one attribute takes at most: comm, each byte of it escaped, and the name. */
#define ROOM (CONN_COMM_SIZE * JSON_ESCAPED_SIZE + 64)

struct writer {
	FILE *out;
	char *at;
	bool opening;	/* an object begins with its next member */
	char text[4096];
};

static void flush(struct writer *w)
{
	fwrite_unlocked(w->text, 1, w->at - w->text, w->out);
	w->at = w->text;
}

static void need_room(struct writer *w)
{
	if (w->at > w->text + sizeof(w->text) - ROOM)
		flush(w);
}

static void make_ready(struct ready *r, const char *before, const char *text,
		       const char *behind)
{
	int len = snprintf(r->text, sizeof(r->text), "%s%s%s", before, text, behind);

	assert(len < (int)sizeof(r->text));
	r->len = len;
}

static void put_ready(struct writer *w, const struct ready *r)
{
	memcpy(w->at, r->text, sizeof(r->text));
	w->at += r->len;
}

static const struct ready *word_of(unsigned int kind, uint8_t value)
{
	struct ready *word = &words[kind][value];

	if (!word->len)
		make_ready(word, "\"", names_word(kind, value), "\"");
	return word;
}

/* "-" says that there is nothing to tell; in JSON the name is not there. */
static bool is_nothing(const struct ready *word)
{
	return word->len == 3 && word->text[1] == '-';
}

static void put_name(struct writer *w, struct ready *ready, const char *name)
{
	char *start;

	if (!ready->len)
		make_ready(ready, ",\"", name, "\":");
	need_room(w);
	start = w->at;
	put_ready(w, ready);
	if (w->opening)
		*start = '{';	/* where the comma is */
	w->opening = false;
}

static void put_string(struct writer *w, const char *plain)
{
	*w->at++ = '"';
	w->at = stpcpy(w->at, plain);
	*w->at++ = '"';
}

/* Above 2^63 it is as good as 2^63 - 1, which no counter reaches. */
static void put_number(struct writer *w, uint64_t value)
{
	w->at = text_number(w->at, value > INT64_MAX ? INT64_MAX : value, 10);
}

/* Cookies use all 64 bits, which no number in JSON can. */
static void put_hex(struct writer *w, uint64_t value)
{
	*w->at++ = '"';
	w->at = text_number(w->at, value, 16);
	*w->at++ = '"';
}

static void put_options(struct writer *w, uint8_t bits)
{
	const char *name;
	unsigned int i;

	*w->at++ = '[';
	for (i = 0; (name = names_opt(i)); i++) {
		if (!(bits & 1U << i))
			continue;
		if (w->at[-1] != '[')
			*w->at++ = ',';
		put_string(w, name);
	}
	*w->at++ = ']';
}

static void put_comm(struct writer *w, const struct conn *c)
{
	*w->at++ = '"';
	w->at = json_escape(w->at, c->comm, c->comm_len);
	*w->at++ = '"';
}

static void put_value(struct writer *w, const struct field *f, const void *from)
{
	const void *at = (const char *)from + f->offset;
	char addr[TEXT_ADDR_SIZE];

	switch (f->type) {
	case FIELD_U8:
		put_number(w, *(const uint8_t *)at);
		break;
	case FIELD_U16:
		put_number(w, *(const uint16_t *)at);
		break;
	case FIELD_U32:
		put_number(w, *(const uint32_t *)at);
		break;
	case FIELD_U64:
		put_number(w, *(const uint64_t *)at);
		break;
	case FIELD_FLAG:
		w->at = stpcpy(w->at, "true");
		break;
	case FIELD_WORD:
		put_ready(w, word_of(f->kind, *(const uint8_t *)at));
		break;
	case FIELD_OPTIONS:
		put_options(w, *(const uint8_t *)at);
		break;
	case FIELD_COOKIE:
		put_hex(w, *(const uint64_t *)at);
		break;
	case FIELD_ADDR:
		put_string(w, text_addr(addr, at));
		break;
	case FIELD_STRING:
		put_comm(w, from);
		break;
	}
}

/* @fields: by attribute, as @names */
static void put_fields(struct writer *w, const struct field *const *fields,
		       struct ready *names, uint64_t has, const void *from)
{
	const struct field *f;
	unsigned int attr;

	for (; has; has &= has - 1) {
		attr = __builtin_ctzll(has);
		f = fields[attr];
		if (!f)
			continue;
		if (f->type == FIELD_WORD &&
		    is_nothing(word_of(f->kind, *((const uint8_t *)from + f->offset))))
			continue;
		put_name(w, &names[attr], f->name);
		put_value(w, f, from);
	}
}

static void put_entries(struct writer *w, const struct conn *c)
{
	static struct ready name;
	unsigned int i;

	put_name(w, &name, "entries");
	*w->at++ = '[';
	for (i = 0; i < c->nr_entries; i++) {
		if (i)
			*w->at++ = ',';
		w->opening = true;
		put_fields(w, fields_by_entry_attr, entry_names, c->entry[i].has,
			   &c->entry[i]);
		need_room(w);
		if (w->opening)		/* nothing is known of it */
			*w->at++ = '{';
		*w->at++ = '}';
	}
	*w->at++ = ']';
	w->opening = false;
}

/**
 * conn_json_print() - print a record, or what an event tells of it, on a line
 * @out: where
 * @c: it
 * @event: its number in the feed, or NULL
 *
 * Return: 0, or -1 if it could not be written.
 */
int conn_json_print(FILE *out, const struct conn *c, const uint64_t *event)
{
	static struct ready id_name, event_name;
	char id[TEXT_ID_SIZE];
	struct writer w;

	/* Not by an initializer, which would clear the text. */
	w.out = out;
	w.at = w.text;
	w.opening = true;
	put_name(&w, &id_name, "id");
	put_string(&w, text_id(id, c));
	put_fields(&w, fields_by_conn_attr, conn_names, c->has, c);
	if (c->nr_entries)
		put_entries(&w, c);
	if (event) {
		put_name(&w, &event_name, "event");
		put_number(&w, *event);
	}
	*w.at++ = '}';
	*w.at++ = '\n';
	flush(&w);
	return ferror_unlocked(out) ? -1 : 0;
}
