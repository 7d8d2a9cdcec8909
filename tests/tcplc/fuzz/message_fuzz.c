// SPDX-License-Identifier: GPL-2.0-only
/*
 * message_fuzz.c: any bytes for the attributes of a record and of a batch of events.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conn.h"
#include "json/conn_json.h"
#include "pack.h"

static FILE *nowhere;

static int take_event(const struct conn *event, uint64_t seq, void *data)
{
	(void)data;
	return conn_json_print(nowhere, event, &seq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;
	struct batch batch;
	struct conn conn;
	char *message;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (size > 60000)
		return 0;
	/* As long as it says, so that reading on is seen; mnl wants 4 aligned bytes. */
	message = calloc(1, 64 + size);
	if (!message)
		return 0;
	nlh = pack_begin(message, TCP_LIFECYCLE_CMD_CONN_GET);
	memcpy(message + nlh->nlmsg_len, data, size);
	nlh->nlmsg_len += size;
	message = realloc(message, nlh->nlmsg_len);
	nlh = (struct nlmsghdr *)message;
	if (!conn_parse(nlh, &conn)) {
		conn_json_print(nowhere, &conn, NULL);
		conn_free(&conn);
	}
	conn_parse_batch(nlh, &batch, take_event, NULL);
	free(message);
	return 0;
}
