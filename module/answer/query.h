/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_QUERY_H
#define TLC_QUERY_H

#include "life/record.h"

/**
 * struct tlc_query_addr - a prefix
 * @addr: IPv4 in the first four bytes
 * @bits: how many of it count
 * @family: AF_INET, which also matches IPv4-mapped, AF_INET6; 0: any address
 */
struct tlc_query_addr {
	u8 addr[16];
	u8 bits;
	u8 family;
};

/**
 * struct tlc_query - which records a reader wants; all that is given must hold
 * @net: cookie of the one network namespace to look into; 0: all
 * @cookie: of the socket; 0: any
 * @generation: if @any_generation is not set
 * @any_generation: whichever
 * @states: bits 1 << state; 0: any, as for those that follow
 * @families: bits 1 << family
 * @opens: bits 1 << open
 * @firsts: bits 1 << first
 * @closes: bits 1 << close
 * @local: address of this end
 * @remote: of the other end
 * @lport: port of this end; 0: any
 * @rport: of the other end
 * @port: of either
 * @since: boot time, ns: something happened then or later
 */
struct tlc_query {
	u64 net;
	u64 cookie;
	u32 generation;
	bool any_generation;
	u32 states;
	u32 families;
	u32 opens;
	u32 firsts;
	u64 closes;
	struct tlc_query_addr local;
	struct tlc_query_addr remote;
	u16 lport;
	u16 rport;
	u16 port;
	u64 since;
};

bool tlc_query_matches(const struct tlc_record *rec, const void *query);

#endif /* TLC_QUERY_H */
