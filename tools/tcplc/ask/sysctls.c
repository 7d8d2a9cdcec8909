// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysctls.c: settings of the kernel, of one network namespace.
 */
#include "ask/sysctls.h"

#include <stdio.h>

#include "ask/nl.h"
#include "ask/source.h"

/* Those of this machine are not those of the one that a file is from. */
static const struct host host_unknown = {
	.port_least = -1,
	.port_most = -1,
	.syncookies = -1,
	.tw_reuse = -1,
	.max_tw_buckets = -1,
	.max_orphans = -1,
};

static int read_setting(const char *path, long *first, long *second)
{
	FILE *file = fopen(path, "re");
	int got;

	if (!file)
		return 0;
	got = fscanf(file, "%ld %ld", first, second);
	fclose(file);
	return got;
}

static long setting(const char *path)
{
	long value, more;

	return read_setting(path, &value, &more) >= 1 ? value : -1;
}

/**
 * host_read() - read them, or ask the file
 * @nl: what answers
 * @h: filled
 * @netns: inode number of the namespace this process is in
 */
void host_read(struct nl *nl, struct host *h, uint32_t netns)
{
	if (nl->source) {
		*h = host_unknown;
		nl->source->host(nl, h);
		return;
	}
	h->netns = netns;
	if (read_setting("/proc/sys/net/ipv4/ip_local_port_range",
			 &h->port_least, &h->port_most) != 2) {
		h->port_least = -1;
		h->port_most = -1;
	}
	h->syncookies = setting("/proc/sys/net/ipv4/tcp_syncookies");
	h->tw_reuse = setting("/proc/sys/net/ipv4/tcp_tw_reuse");
	h->max_tw_buckets = setting("/proc/sys/net/ipv4/tcp_max_tw_buckets");
	h->max_orphans = setting("/proc/sys/net/ipv4/tcp_max_orphans");
}
