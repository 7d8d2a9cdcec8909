// SPDX-License-Identifier: GPL-2.0-only
/*
 * diagram_test.c: which edges were seen, and which were not.
 */
#include <stdlib.h>

#include "check.h"
#include "draw/diagram.h"

#define S(name) TCP_LIFECYCLE_STATE_##name

static char *print(const struct diagram *d, unsigned int width)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	diagram_print(f, d, width);
	fclose(f);
	return text;
}

static void see_all(struct diagram *d)
{
	unsigned int from, to;

	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES; to++)
			diagram_add(d, from, to, 1);
}

static void what_was_not_seen_is_named(void)
{
	struct diagram d = { 0 };
	char *text, *line, *rest;

	see_all(&d);
	d.count[S(CLOSED)][S(LISTEN)] = 0;
	d.count[S(TIME_WAIT)][S(CLOSED)] = 0;
	text = print(&d, 80);
	CHECK(strstr(text, "edges of the diagram were seen, not these:\n"
			   "    TIME_WAIT>CLOSED CLOSED>LISTEN\n"));
	free(text);

	/* Nothing at all: broken into lines that fit. */
	memset(&d, 0, sizeof(d));
	text = print(&d, 40);
	CHECK(!strncmp(text, "  0 of the ", 11));
	strtok_r(text, "\n", &rest);
	while ((line = strtok_r(NULL, "\n", &rest)))
		CHECK(strlen(line) <= 40);
	free(text);
}

static void all_of_them_and_more(void)
{
	struct diagram d = { 0 };
	json_t *object;
	char *text;

	diagram_add(&d, 255, 255, 1);
	see_all(&d);
	text = print(&d, 80);
	CHECK(strstr(text, " edges of the diagram were seen.\n"));
	free(text);
	object = diagram_json(&d);
	CHECK(json_integer_value(json_object_get(object, "seen")) ==
	      json_integer_value(json_object_get(object, "edges")));
	CHECK(json_array_size(json_object_get(object, "unseen")) == 0);
	json_decref(object);
	d.count[S(LISTEN)][S(CLOSED)] = 0;
	object = diagram_json(&d);
	text = json_dumps(json_object_get(object, "unseen"), JSON_COMPACT);
	CHECK_TEXT(text, "[\"LISTEN>CLOSED\"]");
	free(text);
	json_decref(object);
}

int main(void)
{
	CHECK_RUN(what_was_not_seen_is_named);
	CHECK_RUN(all_of_them_and_more);
	return check_end();
}
