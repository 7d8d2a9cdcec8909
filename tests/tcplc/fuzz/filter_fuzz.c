// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter_fuzz.c: any text for a filter; what can be read is held against a record and
 * put into a request.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/nl.h"
#include "filter/filter.h"
#include "pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char message[NL_REQUEST_SIZE];
	static struct entry entry[8];
	struct filter_error error;
	static struct conn conn;
	static FILE *nowhere;
	struct filter *f;
	char *text;

	if (!nowhere) {
		nowhere = fopen("/dev/null", "w");
		pack_random(&conn, entry, 8);
	}
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	f = filter_parse(text, 1893456000000000000, &error);
	if (f) {
		filter_match(f, &conn);
		filter_needs(f, FILTER_NEEDS_RECORD, &error);
		filter_put(f, pack_begin(message, TCP_LIFECYCLE_CMD_CONN_GET));
	} else {
		filter_error_print(&error, nowhere);
	}
	filter_free(f);
	free(text);
	return 0;
}
