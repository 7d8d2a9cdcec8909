// SPDX-License-Identifier: GPL-2.0-only
/*
 * saved.c: a file that tcplc save wrote.
 *
 * A line that cannot be read is passed over, and the first of them told at the end,
 * so that of a damaged file is shown what there is.
 */
#include "saved/saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "json/json.h"
#include "saved/conn_read.h"

/**
 * struct saved - a file
 * @path: its name, or NULL
 * @bytes: without a name, what is in it
 * @len: how many
 * @header: its first line
 * @interrupted: the table changed while it was written
 * @fault_line: number of the first line that could not be read; 0: none
 * @fault: why it could not be
 * @faults: how many there were, the last time it was read
 */
struct saved {
	char *path;
	const void *bytes;
	size_t len;
	struct header header;
	bool interrupted;
	uint64_t fault_line;
	char fault[300];
	unsigned int faults;
};

static void note(struct saved *s, uint64_t line, const char *what)
{
	s->faults++;
	if (s->fault_line && s->fault_line <= line)
		return;
	s->fault_line = line;
	text_escape(s->fault, sizeof(s->fault), what, strlen(what));
}

static struct lines *open_lines(const struct saved *s, char *why, size_t size)
{
	return s->path ? lines_open(s->path, why, size) :
	       lines_open_memory(s->bytes, s->len, why, size);
}

/**
 * struct walk - one reading of the file
 * @saved: it
 * @type: of the lines that are wanted; NULL for records, which have none
 * @fn: gets each
 * @data: for @fn
 * @brief: entries are not wanted
 * @records: seen so far
 * @wanted: how many there should be, as the last line says
 * @ended: there was a last line
 */
struct walk {
	struct saved *saved;
	const char *type;
	saved_line_fn fn;
	void *data;
	bool brief;
	uint64_t records;
	uint64_t wanted;
	bool ended;
};

#define STRING_OF(number) #number
#define STRING(number) STRING_OF(number)

/* By how it begins, as tcplc save writes it: parsing takes a hundred times as long. */
static bool can_pass_over(struct walk *w, const char *text)
{
	static const char record[] = "{\"schema\":" STRING(JSON_SCHEMA) ",\"id\":",
		other[] = "{\"type\":\"";
	size_t len;

	if (!strncmp(text, record, sizeof(record) - 1)) {
		w->records += w->type != NULL;
		return w->type;
	}
	if (strncmp(text, other, sizeof(other) - 1))
		return false;
	text += sizeof(other) - 1;
	len = w->type ? strlen(w->type) : 0;
	return strncmp(text, "end\"", 4) &&
	       (!w->type || strncmp(text, w->type, len) || text[len] != '"');
}

/*
 * Most of a record are its entries, which stand last, and parsing them takes most of
 * the time.  These bytes are in no string: there a quote has a backslash before it.
 */
static size_t leave_entries_out(char *text, size_t len)
{
	static const char entries[] = ",\"entries\":[";
	char *at = strstr(text, entries);

	if (!at || strcmp(text + len - 2, "]}"))
		return len;
	strcpy(at, "}");
	return at + 1 - text;
}

static int take_object(struct walk *w, const json_t *object, char *why, size_t size)
{
	const json_t *type = json_object_get(object, "type");
	const char *word = json_string_value(type);

	if (!json_is_object(object) || (type && !word)) {
		snprintf(why, size, "it is not a line of tcplc save");
		return 0;
	}
	if (!word) {
		w->records++;
		return w->type ? 0 : w->fn(object, why, size, w->data);
	}
	if (!strcmp(word, "end")) {
		w->ended = true;
		w->wanted = json_integer_value(json_object_get(object, "records"));
		w->saved->interrupted = json_is_true(json_object_get(object, "interrupted"));
		return 0;
	}
	return w->type && !strcmp(word, w->type) ? w->fn(object, why, size, w->data) : 0;
}

static int take_line(struct walk *w, char *text, size_t len, uint64_t line)
{
	char why[300] = "";
	json_error_t error;
	json_t *object;
	int err = 0;

	if (can_pass_over(w, text))
		return 0;
	if (w->brief)
		len = leave_entries_out(text, len);
	object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (object)
		err = take_object(w, object, why, sizeof(why));
	else
		snprintf(why, sizeof(why), "it is not JSON: %s", error.text);
	json_decref(object);
	if (*why)
		note(w->saved, line, why);
	return err;
}

static void check_end(struct walk *w, int got, const struct lines *l)
{
	char why[120];

	if (got < 0) {
		note(w->saved, lines_number(l), lines_why(l));
	} else if (!w->ended) {
		note(w->saved, lines_number(l), "the file was cut off: its last line is missing");
	} else if (w->records != w->wanted) {
		snprintf(why, sizeof(why), "the file has %" PRIu64 " records, and was written with %"
			 PRIu64, w->records, w->wanted);
		note(w->saved, lines_number(l), why);
	}
}

/* Return: 0, what &walk.fn returned, or a negative error. */
static int walk(struct walk *w)
{
	struct saved *s = w->saved;
	struct lines *l;
	int got, err = 0;
	char why[160];
	char *text;
	size_t len;

	s->faults = 0;
	l = open_lines(s, why, sizeof(why));
	if (!l) {
		note(s, 1, why);
		return 0;
	}
	while (!err && (got = lines_next(l, &text, &len)) == 1)
		if (lines_number(l) > 1)
			err = take_line(w, text, len, lines_number(l));
	if (!err)
		check_end(w, got, l);
	lines_close(l);
	return err;
}

static int read_header(struct saved *s, char *why, size_t size)
{
	char what[200] = "it is empty";
	json_t *object = NULL;
	struct lines *l;
	int err = -1;
	char *text;
	size_t len;

	l = open_lines(s, what, sizeof(what));
	if (!l) {
		snprintf(why, size, "%s", what);
		return -1;
	}
	switch (lines_next(l, &text, &len)) {
	case 1:
		object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
		err = header_read(object, &s->header, what, sizeof(what));
		break;
	case -1:
		snprintf(what, sizeof(what), "%s", lines_why(l));
		break;
	}
	json_decref(object);
	lines_close(l);
	if (err)
		snprintf(why, size, "line 1: %s", what);
	return err;
}

static struct saved *open_saved(const char *path, const void *bytes, size_t len, char *why,
				size_t size)
{
	struct saved *s = calloc(1, sizeof(*s));

	snprintf(why, size, "no memory");
	if (!s)
		return NULL;
	s->bytes = bytes;
	s->len = len;
	s->path = path ? strdup(path) : NULL;
	if ((!path || s->path) && !read_header(s, why, size))
		return s;
	saved_close(s);
	return NULL;
}

/**
 * saved_open() - open a file
 * @path: it
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: NULL if it cannot be read, or is something else.
 */
struct saved *saved_open(const char *path, char *why, size_t size)
{
	return open_saved(path, NULL, 0, why, size);
}

/**
 * saved_open_memory() - take bytes for a file
 * @bytes: them; they must stay
 * @len: how many, at least one
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: as saved_open().
 */
struct saved *saved_open_memory(const void *bytes, size_t len, char *why, size_t size)
{
	return open_saved(NULL, bytes, len, why, size);
}

/**
 * saved_header() - whose records, and as of when
 * @s: open
 */
const struct header *saved_header(const struct saved *s)
{
	return &s->header;
}

struct taker {
	saved_conn_fn fn;
	void *data;
};

/* Reads it, gives it to &taker.fn, and frees what that left of it. */
static int take_record(const json_t *object, char *why, size_t size, void *data)
{
	const struct taker *t = data;
	struct conn c;
	int err;

	err = conn_read(object, &c, why, size);
	if (err)
		return err == -EBADMSG ? 0 : err;
	err = t->fn(&c, t->data);
	conn_free(&c);
	return err;
}

/**
 * saved_records() - all records, those of every namespace
 * @s: open
 * @brief: their entries are not wanted
 * @fn: gets each
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error.
 */
int saved_records(struct saved *s, bool brief, saved_conn_fn fn, void *data)
{
	struct taker t = { fn, data };
	struct walk w = { .saved = s, .fn = take_record, .data = &t, .brief = brief };

	return walk(&w);
}

/**
 * saved_lines() - all lines of a type
 * @s: open
 * @type: which
 * @fn: gets each
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error.
 */
int saved_lines(struct saved *s, const char *type, saved_line_fn fn, void *data)
{
	struct walk w = { .saved = s, .type = type, .fn = fn, .data = data };

	return walk(&w);
}

/**
 * saved_interrupted() - did the table change while it was written?
 * @s: read to its end
 */
bool saved_interrupted(const struct saved *s)
{
	return s->interrupted;
}

/**
 * saved_fault() - was something wrong with the file?
 * @s: read
 * @why: what, and in which line, for people
 * @size: its size
 */
bool saved_fault(const struct saved *s, char *why, size_t size)
{
	char more[80] = "";

	if (!s->fault_line)
		return false;
	if (s->faults > 1)
		snprintf(more, sizeof(more), ", nor could %u other%s", s->faults - 1,
			 s->faults > 2 ? "s" : "");
	snprintf(why, size, "%s, line %" PRIu64 " could not be read%s: %s; "
		 "what could be read is shown", s->path ? s->path : "file", s->fault_line, more,
		 s->fault);
	return true;
}

/**
 * saved_close() - let go of a file
 * @s: open, or NULL
 */
void saved_close(struct saved *s)
{
	if (!s)
		return;
	free(s->path);
	free(s);
}
