// SPDX-License-Identifier: GPL-2.0
/*
 * json.c: records as JSON, see docs/json.md.
 */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "text.h"

/* Length of the UTF-8 sequence at @s, 0 if it is none or holds control codes. */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	size_t len, i;

	if (s[0] < 0x80)
		return s[0] >= ' ' && s[0] != 0x7f;
	if ((s[0] & 0xe0) == 0xc0)
		len = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		len = 3;
	else if ((s[0] & 0xf8) == 0xf0)
		len = 4;
	else
		return 0;
	if (len > left)
		return 0;
	code = s[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ||
	    (code >= 0x80 && code < 0xa0))
		return 0;
	return len;
}

/**
 * json_bytes() - a string of bytes that may be anything
 * @bytes: them
 * @len: how many
 *
 * UTF-8 stays; a byte that is none, a control code and a backslash become the
 * text \xHH, as under /proc.
 *
 * Return: a new reference, or NULL if there is no memory.
 */
json_t *json_bytes(const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i, n, at = 0;
	json_t *string;
	char *out;

	out = malloc(len * 4 + 1);
	if (!out)
		return NULL;
	for (i = 0; i < len; i += n) {
		n = utf8_len(s + i, len - i);
		if (n && s[i] != '\\') {
			memcpy(out + at, s + i, n);
			at += n;
		} else {
			at += sprintf(out + at, "\\x%02x", s[i]);
			n = 1;
		}
	}
	string = json_stringn(out, at);
	free(out);
	return string;
}

/**
 * json_u64() - a number
 * @value: which; above 2^63 it is as good as 2^63 - 1, which no counter reaches
 */
json_t *json_u64(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

/* Cookies use all 64 bits, which no number in JSON can. */
static json_t *hex(uint64_t value)
{
	char text[17];

	snprintf(text, sizeof(text), "%" PRIx64, value);
	return json_string(text);
}

static json_t *options(uint8_t bits)
{
	json_t *list = json_array();
	const char *name;
	unsigned int i;

	for (i = 0; (name = names_opt(i)); i++)
		if (bits & 1U << i)
			json_array_append_new(list, json_string(name));
	return list;
}

static json_t *addr(const struct addr *a)
{
	char text[TEXT_ADDR_SIZE];

	return json_string(text_addr(text, a));
}

/* "-" says that there is nothing to tell; in JSON the key is not there. */
static json_t *word(enum names_kind kind, uint8_t value)
{
	const char *text = names_word(kind, value);

	return strcmp(text, "-") ? json_string(text) : NULL;
}

static json_t *value_of(const struct field *f, const void *from)
{
	const void *at = (const char *)from + f->offset;

	switch (f->type) {
	case FIELD_U8:
		return json_integer(*(const uint8_t *)at);
	case FIELD_U16:
		return json_integer(*(const uint16_t *)at);
	case FIELD_U32:
		return json_integer(*(const uint32_t *)at);
	case FIELD_U64:
		return json_u64(*(const uint64_t *)at);
	case FIELD_FLAG:
		return json_true();
	case FIELD_WORD:
		return word(f->kind, *(const uint8_t *)at);
	case FIELD_OPTIONS:
		return options(*(const uint8_t *)at);
	case FIELD_COOKIE:
		return hex(*(const uint64_t *)at);
	case FIELD_ADDR:
		return addr(at);
	default:	/* FIELD_STRING */
		return json_bytes(at, ((const struct conn *)from)->comm_len);
	}
}

static void put(json_t *object, const struct field *f, const void *from)
{
	json_t *value = value_of(f, from);

	if (value)
		json_object_set_new_nocheck(object, f->name, value);
}

/**
 * json_entry() - one thing that happened
 * @e: it
 *
 * Return: a new reference.
 */
json_t *json_entry(const struct entry *e)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < fields_nr_entry; i++)
		if (entry_has(e, fields_entry[i].attr))
			put(object, &fields_entry[i], e);
	return object;
}

/**
 * json_conn() - a record, or what an event tells of it
 * @c: it
 *
 * Return: a new reference.
 */
json_t *json_conn(const struct conn *c)
{
	json_t *object = json_object(), *entries;
	char id[TEXT_ID_SIZE];
	unsigned int i;
	size_t f;

	json_object_set_new(object, "id", json_string(text_id(id, c)));
	for (f = 0; f < fields_nr_conn; f++)
		if (conn_has(c, fields_conn[f].attr))
			put(object, &fields_conn[f], c);
	if (!c->nr_entries)
		return object;
	entries = json_array();
	for (i = 0; i < c->nr_entries; i++)
		json_array_append_new(entries, json_entry(&c->entry[i]));
	json_object_set_new(object, "entries", entries);
	return object;
}

/**
 * json_print() - print an object on a line of its own, and let go of it
 * @object: the reference is taken over; NULL if there was no memory
 *
 * Return: 0, or -1 if it could not be made or written.
 */
int json_print(json_t *object)
{
	int err = -1;

	if (object)
		err = json_dumpf(object, stdout, JSON_COMPACT);
	if (!err)
		err = putchar('\n') == EOF ? -1 : 0;
	json_decref(object);
	return err;
}
