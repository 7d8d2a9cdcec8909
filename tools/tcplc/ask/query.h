/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * query.h: ask for records.
 *
 * Owns: the request for a dump or for one record, reading the answers, and
 * holding each against the filter.
 * Used by: list.c, listeners.c, show.c, top.c.
 * Must not: print.
 */
#ifndef TCPLC_QUERY_H
#define TCPLC_QUERY_H

#include "ask/session.h"
#include "base/conn.h"
#include "filter/filter.h"

/**
 * typedef query_fn - takes one record
 * @c: the record; gone when this returns
 * @data: as given
 *
 * Return: 0 to go on, anything else ends the query and is what it returns.
 */
typedef int (*query_fn)(const struct conn *c, void *data);

/**
 * struct query - what to ask for
 * @cmd: TCP_LIFECYCLE_CMD_CONN_GET or TCP_LIFECYCLE_CMD_LISTENER_GET
 * @filter: or NULL for all
 * @entries: with their entries, even if the filter does not need them
 */
struct query {
	uint8_t cmd;
	const struct filter *filter;
	bool entries;
};

bool query_is_brief(const struct query *q);
int query_dump(struct tcplc *ctx, const struct query *q, query_fn fn, void *data);
int query_one(struct tcplc *ctx, uint64_t cookie, const uint32_t *generation,
	      query_fn fn, void *data);

#endif /* TCPLC_QUERY_H */
