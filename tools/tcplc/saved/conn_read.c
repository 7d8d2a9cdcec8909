// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn_read.c: a record out of the JSON that json/conn_json.c made of it.
 *
 * It goes by the lists of base/fields.h, as the writer does, so that a field that is
 * added there is read as well.  A name that is not in them is passed over: a later
 * tcplc may know more.
 */
#include "saved/conn_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/names.h"
#include "base/place.h"
#include "json/json.h"

/* enum got - what became of a value */
enum got {
	GOT_IT,
	GOT_NOTHING,	/* it is another field's, or says that there is nothing */
	GOT_BAD,
};

static enum got take_number(const json_t *value, uint64_t most, uint64_t *to)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || (uint64_t)n > most)
		return GOT_BAD;
	*to = n;
	return GOT_IT;
}

#define TAKE_NUMBER(name, type, most) \
	static enum got take_##name(const json_t *value, type *to) \
	{ \
		uint64_t n; \
		enum got got = take_number(value, most, &n); \
	\
		if (got == GOT_IT) \
			*to = n; \
		return got; \
	}
TAKE_NUMBER(U8, uint8_t, UINT8_MAX)
TAKE_NUMBER(U16, uint16_t, UINT16_MAX)
TAKE_NUMBER(U32, uint32_t, UINT32_MAX)
TAKE_NUMBER(U64, uint64_t, UINT64_MAX)

static enum got take_FLAG(const json_t *value, bool *to)
{
	*to = json_is_true(value);
	return *to ? GOT_IT : json_is_false(value) ? GOT_NOTHING : GOT_BAD;
}

static enum got take_COOKIE(const json_t *value, uint64_t *to)
{
	const char *text = json_string_value(value);
	char *end;

	if (!text || strlen(text) > 16 || strspn(text, "0123456789abcdef") != strlen(text) ||
	    !*text)
		return GOT_BAD;
	*to = strtoull(text, &end, 16);
	return GOT_IT;
}

/* "unknown" is what the writer has for a number without a word. */
static enum got take_word(const json_t *value, enum names_kind kind, uint8_t *to)
{
	const char *text = json_string_value(value);
	unsigned int n;

	if (!text)
		return GOT_BAD;
	if (names_value(kind, text, &n))
		*to = n;
	else if (!strcmp(text, "unknown"))
		*to = UINT8_MAX;
	else
		return GOT_BAD;
	return GOT_IT;
}

static enum got take_OPTIONS(const json_t *value, uint16_t *to)
{
	const json_t *item;
	const char *name;
	unsigned int bit;
	size_t i;

	if (!json_is_array(value))
		return GOT_BAD;
	json_array_foreach(value, i, item) {
		for (bit = 0; (name = tlc_words_opt(bit)); bit++)
			if (json_is_string(item) && !strcmp(name, json_string_value(item)))
				break;
		if (!name)
			return GOT_BAD;
		*to |= 1U << bit;
	}
	return GOT_IT;
}

/* IPv4 and IPv6 go by the same name. */
static enum got take_addr(const json_t *value, bool six, struct addr *to)
{
	const char *text = json_string_value(value);

	if (!text)
		return GOT_BAD;
	if (!strchr(text, ':') == six)
		return GOT_NOTHING;
	if (inet_pton(six ? AF_INET6 : AF_INET, text, to->byte) != 1)
		return GOT_BAD;
	to->len = six ? 16 : 4;
	return GOT_IT;
}

static enum got take_ADDR4(const json_t *value, struct addr *to)
{
	return take_addr(value, false, to);
}

static enum got take_ADDR6(const json_t *value, struct addr *to)
{
	return take_addr(value, true, to);
}

static enum got take_COMM(const json_t *value, char (*to)[CONN_COMM_SIZE])
{
	const char *text = json_string_value(value);

	if (!text)
		return GOT_BAD;
	json_unescape(*to, sizeof(*to), text);
	return GOT_IT;
}

#define READ_PLAIN(carried, value, words, to) take_##carried(value, to)
#define READ_WORD(value, words, to) take_word(value, NAMES_##words, to)
#define READ_U8(value, words, to) READ_PLAIN(U8, value, words, to)
#define READ_U16(value, words, to) READ_PLAIN(U16, value, words, to)
#define READ_U32(value, words, to) READ_PLAIN(U32, value, words, to)
#define READ_U64(value, words, to) READ_PLAIN(U64, value, words, to)
#define READ_FLAG(value, words, to) READ_PLAIN(FLAG, value, words, to)
#define READ_OPTIONS(value, words, to) READ_PLAIN(OPTIONS, value, words, to)
#define READ_COOKIE(value, words, to) READ_PLAIN(COOKIE, value, words, to)
#define READ_ADDR4(value, words, to) READ_PLAIN(ADDR4, value, words, to)
#define READ_ADDR6(value, words, to) READ_PLAIN(ADDR6, value, words, to)
#define READ_COMM(value, words, to) READ_PLAIN(COMM, value, words, to)

/* The first that is bad is told; the others are read nevertheless. */
static void tell(char *why, size_t size, const char *name, const json_t *value)
{
	char *text;

	if (*why)
		return;
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_COMPACT);
	snprintf(why, size, "this is no value of '%s': %.60s", name, text ? text : "?");
	free(text);
}

static void read_entry(const json_t *object, struct entry *e, char *why, size_t size)
{
	const json_t *value;

#define READ(attr, carried, words, member) \
	value = json_object_get(object, #member); \
	if (value) { \
		switch (READ_##carried(value, words, &e->member)) { \
		case GOT_IT: \
			e->has |= 1U << TCP_LIFECYCLE_A_ENTRY_##attr; \
			break; \
		case GOT_BAD: \
			tell(why, size, #member, value); \
			break; \
		case GOT_NOTHING: \
			break; \
		} \
	}
	FIELDS_ENTRY(READ)
#undef READ
}

static void read_fields(const json_t *object, struct conn *c, char *why, size_t size)
{
	const json_t *value;

#define READ(attr, carried, words, member) \
	value = json_object_get(object, #member); \
	if (value) { \
		switch (READ_##carried(value, words, &c->member)) { \
		case GOT_IT: \
			c->has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_##attr); \
			break; \
		case GOT_BAD: \
			tell(why, size, #member, value); \
			break; \
		case GOT_NOTHING: \
			break; \
		} \
	}
	FIELDS_CONN(READ)
#undef READ
}

static int read_entries(const json_t *array, struct conn *c, char *why, size_t size)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(array) || json_array_size(array) > CONN_MAX_ENTRIES) {
		tell(why, size, "entries", array);
		return 0;
	}
	if (!json_array_size(array))
		return 0;
	c->entry = calloc(json_array_size(array), sizeof(*c->entry));
	if (!c->entry) {
		snprintf(why, size, "no memory");
		return -ENOMEM;
	}
	json_array_foreach(array, i, item) {
		if (!json_is_object(item)) {
			tell(why, size, "entries", item);
			break;
		}
		read_entry(item, &c->entry[c->nr_entries++], why, size);
	}
	c->has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_ENTRY);
	return 0;
}

/* Unit, container and pod follow from the path; who wrote them knew no more. */
static void read_place(const json_t *object, struct conn *c, char *why, size_t size)
{
	const json_t *value = json_object_get(object, "cgroup_path");
	const char *text = json_string_value(value);
	char path[PLACE_PATH_SIZE + 1];

	c->place = &place_unknown;
	if (!value)
		return;
	json_unescape(path, sizeof(path), text ? text : "");
	c->place = place_intern(path);
	if (c->place)
		return;
	c->place = &place_unknown;
	if (*path != '/' || strlen(path) >= PLACE_PATH_SIZE)
		tell(why, size, "cgroup_path", value);
	else if (!*why)
		snprintf(why, size, "it has more cgroups than the %d whose names can be kept", PLACE_MAX);
}

/**
 * conn_read() - read a record
 * @object: a line, parsed
 * @c: filled; to be freed by conn_free() if this succeeds
 * @why: what is wrong with it, for people; empty if nothing is
 * @size: its size
 *
 * What can be read is, and a value that cannot is as good as absent.
 *
 * Return: 0, -EBADMSG if it is not known whose record it is, or -ENOMEM.
 */
int conn_read(const json_t *object, struct conn *c, char *why, size_t size)
{
	const json_t *entries;
	int err;

	memset(c, 0, sizeof(*c));
	why[0] = '\0';
	read_fields(object, c, why, size);
	read_place(object, c, why, size);
	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_COOKIE)) {
		if (!*why)
			snprintf(why, size, "it is not a record: it has no 'cookie'");
		return -EBADMSG;
	}
	entries = json_object_get(object, "entries");
	err = entries ? read_entries(entries, c, why, size) : 0;
	if (err)
		conn_free(c);
	return err;
}
