// SPDX-License-Identifier: GPL-2.0
/*
 * conn_json.c: records and events as JSON, one object a line.
 */
#define _GNU_SOURCE	/* fwrite_unlocked() */
#include "conn_json.h"

#include <string.h>

#include "fields.h"
#include "json.h"
#include "text.h"

/* What one attribute takes at most: comm, each byte of it escaped, and the name. */
#define ROOM (CONN_COMM_SIZE * JSON_ESCAPED_SIZE + 64)

struct writer {
	FILE *out;
	char *at;
	bool first;	/* nothing is in the object yet */
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

static void put_string(struct writer *w, const char *plain)
{
	*w->at++ = '"';
	w->at = stpcpy(w->at, plain);
	*w->at++ = '"';
}

static void put_brace(struct writer *w)
{
	*w->at++ = '{';
	w->first = true;
}

static void put_name(struct writer *w, const char *name)
{
	need_room(w);
	if (!w->first)
		*w->at++ = ',';
	w->first = false;
	put_string(w, name);
	*w->at++ = ':';
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
		put_string(w, names_word(f->kind, *(const uint8_t *)at));
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

/* "-" says that there is nothing to tell; in JSON the name is not there. */
static bool is_nothing(const struct field *f, const void *from)
{
	const char *word;

	if (f->type != FIELD_WORD)
		return false;
	word = names_word(f->kind, *((const uint8_t *)from + f->offset));
	return word[0] == '-' && !word[1];
}

static void put_fields(struct writer *w, const struct field *f, size_t nr, uint64_t has,
		       const void *from)
{
	for (; nr; nr--, f++) {
		if (!(has & 1ULL << f->attr) || is_nothing(f, from))
			continue;
		put_name(w, f->name);
		put_value(w, f, from);
	}
}

static void put_entries(struct writer *w, const struct conn *c)
{
	unsigned int i;

	put_name(w, "entries");
	*w->at++ = '[';
	for (i = 0; i < c->nr_entries; i++) {
		need_room(w);
		if (i)
			*w->at++ = ',';
		put_brace(w);
		put_fields(w, fields_entry, fields_nr_entry, c->entry[i].has, &c->entry[i]);
		*w->at++ = '}';
	}
	*w->at++ = ']';
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
	char id[TEXT_ID_SIZE];
	struct writer w;

	w.out = out;
	w.at = w.text;
	put_brace(&w);
	put_name(&w, "id");
	put_string(&w, text_id(id, c));
	put_fields(&w, fields_conn, fields_nr_conn, c->has, c);
	if (c->nr_entries)
		put_entries(&w, c);
	if (event) {
		put_name(&w, "event");
		put_number(&w, *event);
	}
	need_room(&w);
	*w.at++ = '}';
	*w.at++ = '\n';
	flush(&w);
	return ferror_unlocked(out) ? -1 : 0;
}
