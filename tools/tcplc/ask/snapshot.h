/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * snapshot.h: how many of what, at one moment.
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

#include "ask/counters.h"
#include "ask/parties.h"
#include "ask/session.h"
#include "base/conn.h"
#include "base/ends.h"
#include "filter/filter.h"

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
	char local[ENDS_SIZE];
	char comm[4 * CONN_COMM_SIZE + 1];
	uint32_t backlog;
	uint32_t accepted;
	uint32_t syn_overflow;
	uint32_t accept_overflow;
	uint32_t cookies_sent;
};

/**
 * struct look - one of them
 * @at: when, microseconds of CLOCK_MONOTONIC
 * @real: when, nanoseconds since 1970
 * @window: since the look before; empty if there was none, or the clock was set
 * @counters: of the module
 * @state: records on show in each state, by enum tcp_lifecycle_state
 * @listener: those that live, the busiest first
 * @nr_listeners: how many
 * @peers: connections by remote address
 * @processes: connections by the process that opened or accepted them
 */
struct look {
	uint64_t at;
	uint64_t real;
	struct window window;
	struct counters counters;
	uint64_t state[TCP_LIFECYCLE_STATE_MAX + 1];
	struct look_listener *listener;
	size_t nr_listeners;
	struct parties peers;
	struct parties processes;
};

int look_ask(struct tcplc *ctx, const struct filter *filter, const struct look *before,
	     struct look *t);
void look_free(struct look *t);
bool look_has_window(const struct look *t);
bool look_has_host(const struct look *t);
uint64_t look_ended(const struct look *t);
const struct look_listener *look_listener(const struct look *t,
					      uint64_t cookie);

#endif /* TCPLC_LOOK_H */
