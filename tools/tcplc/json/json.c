// SPDX-License-Identifier: GPL-2.0-only
/*
 * json.c: what all JSON has in common.
 */
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
 * json_escape() - a string of bytes that may be anything, as it is between quotes
 * @out: at least @len * JSON_ESCAPED_SIZE bytes; not ended by a NUL
 * @bytes: them
 * @len: how many
 *
 * UTF-8 stays; a byte that is none, a control code and a backslash become the
 * text \xHH, as under /proc.
 *
 * Return: behind what was written.
 */
char *json_escape(char *out, const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8_len(s + i, len - i);
		if (!n || s[i] == '\\') {
			out += sprintf(out, "\\\\x%02x", s[i]);
			n = 1;
			continue;
		}
		if (s[i] == '"')
			*out++ = '\\';
		memcpy(out, s + i, n);
		out += n;
	}
	return out;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * json_unescape() - the bytes that json_escape() was given
 * @out: ended by a NUL
 * @size: its size; what is longer is cut
 * @text: the value of the string
 */
void json_unescape(char *out, size_t size, const char *text)
{
	size_t len;

	for (len = 0; *text && len < size - 1; len++) {
		if (text[0] == '\\' && text[1] == 'x' && digit(text[2]) >= 0 &&
		    digit(text[3]) >= 0) {
			out[len] = digit(text[2]) << 4 | digit(text[3]);
			text += 4;
		} else {
			out[len] = *text++;
		}
	}
	out[len] = '\0';
}

/**
 * json_bytes() - a string of bytes that may be anything
 * @bytes: them
 * @len: how many
 *
 * Return: a new reference to what json_escape() makes of them, or NULL if there
 * is no memory.
 */
json_t *json_bytes(const char *bytes, size_t len)
{
	char *text = malloc(len * JSON_ESCAPED_SIZE + 3), *end;
	json_t *string;

	if (!text)
		return NULL;
	text[0] = '"';
	end = json_escape(text + 1, bytes, len);
	*end++ = '"';
	string = json_loadb(text, end - text, JSON_DECODE_ANY, NULL);
	free(text);
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

/**
 * json_print() - print an object on a line of its own, with the schema it follows, and let go of it
 * @object: the reference is taken over; NULL if there was no memory
 *
 * Return: 0, or -1 if it could not be made or written.
 */
int json_print(json_t *object)
{
	int err = -1;

	if (object && !json_object_set_new(object, "schema", json_integer(JSON_SCHEMA)))
		err = json_dumpf(object, stdout, JSON_COMPACT);
	if (!err)
		err = putchar('\n') == EOF ? -1 : 0;
	json_decref(object);
	return err;
}
