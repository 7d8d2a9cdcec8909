// SPDX-License-Identifier: GPL-2.0-only
/*
 * saved_fuzz.c: any bytes for a file of tcplc save.
 *
 * As they are, for what unpacks them and for the first line; and behind a good first
 * line, for all the others.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "json/conn_json.h"
#include "saved/counters_json.h"
#include "saved/saved.h"

static FILE *nowhere;
static struct filter *filter;

static int take_conn(struct conn *c, void *data)
{
	(void)data;
	filter_match(filter, c);
	return conn_json_print(nowhere, c, NULL);
}

static int take_line(const json_t *object, char *why, size_t size, void *data)
{
	struct counters t = { 0 };
	struct histogram h;
	struct edge e;
	struct hook k;

	(void)data;
	if (counters_json_read(object, &t) || edge_json_read(object, &e) ||
	    histogram_json_read(object, &h) || hook_json_read(object, &k))
		snprintf(why, size, "bad");
	return 0;
}

static void read_all(const void *bytes, size_t len)
{
	static const char *const types[] = { "totals", "edge", "histogram", "hook" };
	struct saved *s;
	char why[600];
	size_t i;

	s = saved_open_memory(bytes, len, why, sizeof(why));
	if (!s)
		return;
	saved_records(s, false, take_conn, NULL);
	saved_records(s, true, take_conn, NULL);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		saved_lines(s, types[i], take_line, NULL);
	saved_fault(s, why, sizeof(why));
	saved_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char head[] =
		"{\"type\":\"saved\",\"schema\":2,\"saved_ns\":1893456000000000000,\"netns\":5}\n";
	struct filter_error error;
	char *bytes;

	if (!nowhere) {
		nowhere = fopen("/dev/null", "w");
		filter = filter_parse("cause rst or since 5m or rtt > 1ms or host fe80::1%eth0 or comm a*",
				      1893456000000000000, &error);
	}
	if (!size)
		return 0;
	read_all(data, size);
	bytes = malloc(sizeof(head) - 1 + size);
	if (!bytes)
		return 0;
	memcpy(bytes, head, sizeof(head) - 1);
	memcpy(bytes + sizeof(head) - 1, data, size);
	read_all(bytes, sizeof(head) - 1 + size);
	free(bytes);
	return 0;
}
