/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listing.h: records, one a line.
 *
 * Owns: their order, and what is said of columns there was no room for.
 * Used by: list.c and listeners.c.
 * Must not: know what a column shows.
 */
#ifndef TCPLC_LISTING_H
#define TCPLC_LISTING_H

#include "cmd/command.h"
#include "draw/column.h"
#include "filter/filter.h"

/**
 * struct listing_column - one that is wanted
 * @id: which
 * @leaves: see struct table_column
 * @several: only where records of several network namespaces are shown
 */
struct listing_column {
	enum column_id id;
	unsigned int leaves;
	bool several;
};

/**
 * struct listing - what is wanted
 * @cmd: TCP_LIFECYCLE_CMD_CONN_GET or TCP_LIFECYCLE_CMD_LISTENER_GET
 * @filter: or NULL for all
 * @filtered: @filter is not empty
 * @entries: in JSON with the entries
 * @column: from left to right
 * @nr_columns: how many, at most TABLE_MAX_COLUMNS
 * @sort: sorted by this one, the greatest at the end; or NULL: by the start
 * @reverse: the greatest of those that are printed comes first
 * @limit: only the last so many, at most LISTING_SORTED / 2; 0: all
 */
struct listing {
	uint8_t cmd;
	const struct filter *filter;
	bool filtered;
	bool entries;
	const struct listing_column *column;
	unsigned int nr_columns;
	const struct column *sort;
	bool reverse;
	uint64_t limit;
};

#define LISTING_SORTED 65536	/* records; more are not sorted */

int listing_print(struct tcplc *ctx, const struct listing *l);

#endif /* TCPLC_LISTING_H */
