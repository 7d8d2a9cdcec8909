/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctls.h: settings of the kernel, of one network namespace, that tcplc why compares with.
 *
 * Owns: struct host, reading it from /proc/sys.
 * Used by: cmd/inspect.c; rules have it in struct why.
 */
#ifndef TCPLC_SYSCTLS_H
#define TCPLC_SYSCTLS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct host - settings; -1 is one that could not be read
 * @netns: inode number of the namespace they are of
 * @port_least: net.ipv4.ip_local_port_range
 * @port_most: likewise
 * @syncookies: net.ipv4.tcp_syncookies
 * @tw_reuse: net.ipv4.tcp_tw_reuse
 * @max_tw_buckets: net.ipv4.tcp_max_tw_buckets
 * @max_orphans: net.ipv4.tcp_max_orphans, of the whole host
 */
struct host {
	uint32_t netns;
	long port_least;
	long port_most;
	long syncookies;
	long tw_reuse;
	long max_tw_buckets;
	long max_orphans;
};

struct nl;

void host_read(struct nl *nl, struct host *h, uint32_t netns);

#endif /* TCPLC_SYSCTLS_H */
