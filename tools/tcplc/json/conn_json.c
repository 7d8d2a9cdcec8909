// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn_json.c: records and events as JSON, one object a line.
 */
#define _GNU_SOURCE	/* fwrite_unlocked() */
#include "json/conn_json.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "base/boot.h"
#include "base/names.h"
#include "base/place.h"
#include "base/text.h"
#include "json/json.h"

/* What a record takes at most without its entries, and what one of these does. */
#define ROOM_CONN 4096
#define ROOM_ENTRY 1024
#define ROOM_PLACE 2048	/* of a cgroup; a longer one is written by itself */
#define ESCAPED 6	/* what a byte takes at most: a control code as \\u00XX */

#define STRING_OF(number) #number
#define STRING(number) STRING_OF(number)

struct writer {
	FILE *out;
	char *at;
	char text[2 * ROOM_CONN];
};

static void flush(struct writer *w)
{
	fwrite_unlocked(w->text, 1, w->at - w->text, w->out);
	w->at = w->text;
}

/* A name, or what else never changes: its length is known to the compiler. */
#define put_literal(w, literal) do { \
	memcpy((w)->at, literal, sizeof(literal) - 1); \
	(w)->at += sizeof(literal) - 1; \
} while (0)

/*
 * Words are kept once they were used, with the quotes around them, and are copied
 * whole, which takes less than to look where they end.
 */
struct ready {
	uint8_t len;
	char text[24];
};

static const struct ready *word_of(unsigned int kind, uint8_t value)
{
	static struct ready words[NAMES_NR][UINT8_MAX + 1];
	struct ready *word = &words[kind][value];

	if (!word->len) {
		word->len = snprintf(word->text, sizeof(word->text), "\"%s\"",
				     names_word(kind, value));
		assert(word->len < sizeof(word->text));
	}
	return word;
}

/* "-" says that there is nothing to tell; in JSON the name is not there. */
static bool is_nothing(const struct ready *word)
{
	return word->len == 3 && word->text[1] == '-';
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

static void put_options(struct writer *w, uint16_t bits)
{
	const char *name;
	unsigned int i;

	*w->at++ = '[';
	for (i = 0; (name = tlc_words_opt(i)); i++) {
		if (!(bits & 1U << i))
			continue;
		if (w->at[-1] != '[')
			*w->at++ = ',';
		put_string(w, name);
	}
	*w->at++ = ']';
}

static void put_addr(struct writer *w, const struct addr *addr)
{
	char text[TEXT_ADDR_SIZE];

	put_string(w, text_addr(text, addr));
}

static void put_comm(struct writer *w, const char *comm)
{
	*w->at++ = '"';
	w->at = json_escape(w->at, comm, strlen(comm));
	*w->at++ = '"';
}

/* Of a field its name, with a comma before it, and its value. */
#define put_plain(w, name, put, value) do { \
	put_literal(w, ",\"" name "\":"); \
	put(w, value); \
} while (0)
#define put_U8(w, name, words, value) put_plain(w, name, put_number, value)
#define put_U16 put_U8
#define put_U32 put_U8
#define put_U64 put_U8
#define put_OPTIONS(w, name, words, value) put_plain(w, name, put_options, value)
#define put_COOKIE(w, name, words, value) put_plain(w, name, put_hex, value)
#define put_ADDR4(w, name, words, value) put_plain(w, name, put_addr, &(value))
#define put_ADDR6 put_ADDR4
#define put_COMM(w, name, words, value) put_plain(w, name, put_comm, value)
#define put_FLAG(w, name, words, value) put_literal(w, ",\"" name "\":true")
#define put_WORD(w, name, words, value) do { \
	const struct ready *word = word_of(NAMES_##words, value); \
	\
	if (!is_nothing(word)) { \
		put_literal(w, ",\"" name "\":"); \
		memcpy((w)->at, word->text, sizeof(word->text)); \
		(w)->at += word->len; \
	} \
} while (0)

static void put_entry(struct writer *w, const struct entry *e)
{
	char *start = w->at;

#define PUT(attr, carried, words, member) \
	if (entry_has(e, TCP_LIFECYCLE_A_ENTRY_##attr)) \
		put_##carried(w, #member, words, e->member);
	FIELDS_ENTRY(PUT)
#undef PUT
	if (w->at == start)
		w->at++;
	*start = '{';	/* where the first comma was */
	*w->at++ = '}';
}

static void put_entries(struct writer *w, const struct conn *c)
{
	unsigned int i;

	put_literal(w, ",\"entries\":[");
	for (i = 0; i < c->nr_entries; i++) {
		if (w->text + sizeof(w->text) - w->at < ROOM_ENTRY)
			flush(w);
		if (i)
			*w->at++ = ',';
		put_entry(w, &c->entry[i]);
	}
	*w->at++ = ']';
}

#define PUT(attr, carried, words, member) \
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_##attr)) \
		put_##carried(w, #member, words, c->member);

static void put_identity(struct writer *w, const struct conn *c)
{
	char id[TEXT_ID_SIZE];

	put_literal(w, "{\"schema\":" STRING(JSON_SCHEMA) ",\"id\":");
	put_string(w, text_id(id, c));
	FIELDS_IDENTITY(PUT)
	/* The time since a boot says nothing without which one. */
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_BOOT_START_NS) && *boot_id())
		put_plain(w, "boot_id", put_string, boot_id());
}

/* As it will be wanted again: there are few cgroups, and many records of each. */
static char *json_of(const struct place *p)
{
	const struct {
		const char *name;
		const char *value;
	} members[] = {
		{ "cgroup_path", p->path }, { "unit", p->unit }, { "slice", p->slice },
		{ "container", p->container }, { "pod", p->pod },
	};
	size_t room = 1, i;
	char *text, *at;

	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].value)
			room += strlen(members[i].name) + sizeof(",\"\":\"\"") +
				ESCAPED * strlen(members[i].value);
	text = malloc(room);
	if (!text)
		return NULL;
	for (i = 0, at = text; i < ARRAY_SIZE(members); i++) {
		if (!members[i].value)
			continue;
		at = stpcpy(stpcpy(stpcpy(at, ",\""), members[i].name), "\":\"");
		at = stpcpy(json_escape(at, members[i].value, strlen(members[i].value)), "\"");
	}
	*at = '\0';
	return text;
}

static void put_place(struct writer *w, const struct conn *c)
{
	struct place *p = place_of(c);
	size_t len;

	if (p && !p->json)
		p->json = json_of(p);
	if (!p || !p->json)
		return;
	len = strlen(p->json);
	if (len < ROOM_PLACE) {
		memcpy(w->at, p->json, len);
		w->at += len;
		return;
	}
	flush(w);
	fwrite_unlocked(p->json, 1, len, w->out);
}

static void put_facts(struct writer *w, const struct conn *c)
{
	FIELDS_FACTS(PUT)
	put_place(w, c);
}

#undef PUT

/* Whose it is, as it was written last. */
struct known {
	conn_mask has;
	char identity[CONN_IDENTITY_SIZE];
	uint16_t len;
	char text[448];
};

static bool is_of(const struct known *k, const struct conn *c)
{
	return k->has == (c->has & CONN_IDENTITY) &&
	       !memcmp(k->identity, (const char *)c + CONN_IDENTITY_AT, CONN_IDENTITY_SIZE);
}

static void remember(struct known *k, const struct conn *c, const char *text, size_t len)
{
	if (len > sizeof(k->text))
		return;
	k->has = c->has & CONN_IDENTITY;
	memcpy(k->identity, (const char *)c + CONN_IDENTITY_AT, CONN_IDENTITY_SIZE);
	k->len = len;
	memcpy(k->text, text, len);
}

static void put_known_identity(struct writer *w, const struct conn *c)
{
	static struct known known[CONN_IDENTITY_KEPT];
	struct known *k = &known[CONN_IDENTITY_SLOT(c->cookie)];

	if (k->len && is_of(k, c)) {
		memcpy(w->at, k->text, k->len);
		w->at += k->len;
		return;
	}
	put_identity(w, c);
	remember(k, c, w->text, w->at - w->text);
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
	struct writer w;

	/* Not by an initializer, which would clear the text. */
	w.out = out;
	w.at = w.text;
	if (event)
		put_known_identity(&w, c);
	else
		put_identity(&w, c);
	put_facts(&w, c);
	if (c->nr_entries)
		put_entries(&w, c);
	if (event)
		put_plain(&w, "event", put_number, *event);
	put_literal(&w, "}\n");
	flush(&w);
	return ferror_unlocked(out) ? -1 : 0;
}
