/* SPDX-License-Identifier: GPL-2.0 */
/*
 * look.h: how many of what, at one moment.
 *
 * Owns: struct look and how it is asked for.
 * Used by: top.c and top_text.c.
 * Must not: print.
 */
#ifndef TCPLC_LOOK_H
#define TCPLC_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "filter.h"
#include "tcplc.h"

/* enum look_loss - what may have been lost */
enum look_loss {
	LOOK_UNTRACKED,
	LOOK_EVICTED,
	LOOK_DROPPED,
	LOOK_GAPS,
	LOOK_ILLEGAL,
	LOOK_MISSED,
	LOOK_FEED_LOST,
	LOOK_LOSSES
};

/**
 * struct look_listener - a listener that lives
 * @cookie: its identity
 * @local: its address, as text
 * @comm: its process, harmless to print
 * @backlog: room in its accept queue
 * @accepted: what came through it, as the rest of them
 */
struct look_listener {
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
 * struct look - one look
 * @at: when, microseconds of CLOCK_MONOTONIC
 * @wall: when, seconds since 1970
 * @all_netns: LOOK_FEED_LOST is that of the feed of all namespaces
 * @host: the host's totals are known: @live to @close
 * @live: records of what lives
 * @dead: records of what has ended
 * @capacity: records in all
 * @born: records begun since the module was loaded
 * @open: how often each opening was given, by enum tcp_lifecycle_open
 * @close: likewise, by enum tcp_lifecycle_close
 * @loss: by enum look_loss; without @host only LOOK_FEED_LOST is known
 * @state: records on show in each state, by enum tcp_lifecycle_state
 * @listener: those that live, the busiest first
 * @nr_listeners: how many
 */
struct look {
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
	uint64_t loss[LOOK_LOSSES];
	uint64_t state[TCP_LIFECYCLE_STATE_MAX + 1];
	struct look_listener *listener;
	size_t nr_listeners;
};

int look_ask(struct tcplc *ctx, const struct filter *filter, struct look *t);
void look_free(struct look *t);
const char *look_loss_name(enum look_loss loss);
uint64_t look_ended(const struct look *t);
const struct look_listener *look_listener(const struct look *t,
					      uint64_t cookie);

#endif /* TCPLC_LOOK_H */
