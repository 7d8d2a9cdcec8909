/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PARAMS_H
#define TLC_PARAMS_H

#include "life/event.h"

#define TLC_RECORDS_MIN		64U
#define TLC_RECORDS_MAX		4194304U
#define TLC_RETENTION_MIN	1U
#define TLC_RETENTION_MAX	86400U
#define TLC_PORTS_MAX		64
#define TLC_FEED_MIN		64U
#define TLC_FEED_MAX		1048576U

/**
 * struct tlc_filter - which connections are recorded
 * @exclude_loopback: leave those to a loopback address out
 * @nr_ports: entries of @port; 0: any port
 * @port: a connection is kept if one of its ports is here
 */
struct tlc_filter {
	bool exclude_loopback;
	unsigned int nr_ports;
	u16 port[TLC_PORTS_MAX];
};

/**
 * struct tlc_params - what insmod said, checked
 * @records: size of the pool
 * @retention: seconds a dead record is kept
 * @feed: events each CPU's ring holds, a power of two
 * @filter: which connections are recorded
 */
struct tlc_params {
	unsigned int records;
	unsigned int retention;
	unsigned int feed;
	struct tlc_filter filter;
};

int tlc_params_check(struct tlc_params *params);
bool tlc_filter_keeps(const struct tlc_filter *f, const struct tlc_ident *id);

#endif /* TLC_PARAMS_H */
