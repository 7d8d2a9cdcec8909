/* SPDX-License-Identifier: GPL-2.0 */
/*
 * totals.h: how many of what, at one moment.
 *
 * Owns: struct totals and how it is asked for.
 * Used by: top.c and top_text.c.
 * Must not: print.
 */
#ifndef TCPLC_TOTALS_H
#define TCPLC_TOTALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "filter.h"
#include "tcplc.h"

/* enum totals_loss - what may have been lost */
enum totals_loss {
	TOTALS_UNTRACKED,
	TOTALS_EVICTED,
	TOTALS_DROPPED,
	TOTALS_GAPS,
	TOTALS_ILLEGAL,
	TOTALS_MISSED,
	TOTALS_FEED_LOST,
	TOTALS_LOSSES
};

/**
 * struct totals_listener - a listener that lives
 * @cookie: its identity
 * @local: its address, as text
 * @comm: its process, harmless to print
 * @backlog: room in its accept queue
 * @accepted: what came through it, as the rest of them
 */
struct totals_listener {
	uint64_t cookie;
	char local[TEXT_ADDR_SIZE];
	char comm[4 * CONN_COMM_SIZE + 1];
	uint32_t backlog;
	uint32_t accepted;
	uint32_t syn_overflow;
	uint32_t accept_overflow;
	uint32_t cookies_sent;
};

/**
 * struct totals - one look
 * @at: when, microseconds of CLOCK_MONOTONIC
 * @wall: when, seconds since 1970
 * @all_netns: TOTALS_FEED_LOST is that of the feed of all namespaces
 * @host: the host's totals are known: @live to @close
 * @live: records of what lives
 * @dead: records of what has ended
 * @capacity: records in all
 * @born: records begun since the module was loaded
 * @open: how often each opening was given, by enum tcp_lifecycle_open
 * @close: likewise, by enum tcp_lifecycle_close
 * @loss: by enum totals_loss; without @host only TOTALS_FEED_LOST is known
 * @state: records on show in each state, by enum tcp_lifecycle_state
 * @listener: those that live, the busiest first
 * @nr_listeners: how many
 */
struct totals {
	uint64_t at;
	int64_t wall;
	bool all_netns;
	bool host;
	uint32_t live;
	uint32_t dead;
	uint32_t capacity;
	uint64_t born;
	uint64_t open[TCP_LIFECYCLE_OPEN_MAX + 1];
	uint64_t close[TCP_LIFECYCLE_CLOSE_MAX + 1];
	uint64_t loss[TOTALS_LOSSES];
	uint64_t state[TCP_LIFECYCLE_STATE_MAX + 1];
	struct totals_listener *listener;
	size_t nr_listeners;
};

int totals_ask(struct tcplc *ctx, const struct filter *filter, struct totals *t);
void totals_free(struct totals *t);
const char *totals_loss_name(enum totals_loss loss);
uint64_t totals_ended(const struct totals *t);
const struct totals_listener *totals_listener(const struct totals *t,
					      uint64_t cookie);

#endif /* TCPLC_TOTALS_H */
