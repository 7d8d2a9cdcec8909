// SPDX-License-Identifier: GPL-2.0-only
/*
 * snmp.c: the kernel's own counters of a network namespace.
 *
 * Owns: which SNMP counter each of the books is compared with.
 * Called by: books_net.c in process context.
 * Must not: be needed to count.
 */
#include "totals/snmp.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/snmp.h>

/* As in /proc/net/snmp ("Tcp:") and /proc/net/netstat ("TcpExt:"). */
#define TCP(name) { .index = TCP_MIB_##name }
#define EXT(name) { .ext = true, .index = LINUX_MIB_##name }

static const struct {
	bool ext;
	u16 index;
} counters[] = {
	[TLC_BOOK_ACTIVE_OPENS] = TCP(ACTIVEOPENS),
	[TLC_BOOK_PASSIVE_OPENS] = TCP(PASSIVEOPENS),
	[TLC_BOOK_ATTEMPT_FAILS] = TCP(ATTEMPTFAILS),
	[TLC_BOOK_ESTAB_RESETS] = TCP(ESTABRESETS),
	[TLC_BOOK_TW] = EXT(TIMEWAITED),
	[TLC_BOOK_TW_KILLED] = EXT(TIMEWAITKILLED),
	[TLC_BOOK_TW_RECYCLED] = EXT(TIMEWAITRECYCLED),
	[TLC_BOOK_TW_OVERFLOW] = EXT(TCPTIMEWAITOVERFLOW),
	[TLC_BOOK_LISTEN_OVERFLOWS] = EXT(LISTENOVERFLOWS),
	[TLC_BOOK_COOKIES_SENT] = EXT(SYNCOOKIESSENT),
	[TLC_BOOK_COOKIES_VALID] = EXT(SYNCOOKIESRECV),
	[TLC_BOOK_TIMEOUTS] = EXT(TCPTIMEOUTS),
	[TLC_BOOK_KEEPALIVES] = EXT(TCPKEEPALIVE),
	[TLC_BOOK_DEFER_ACCEPT_DROPS] = EXT(TCPDEFERACCEPTDROP),
};

static_assert(ARRAY_SIZE(counters) == TLC_BOOK_MAX);

static unsigned long counter(const struct net *net, unsigned int i, int cpu)
{
	return counters[i].ext ?
	       READ_ONCE(per_cpu_ptr(net->mib.net_statistics, cpu)->mibs[counters[i].index]) :
	       READ_ONCE(per_cpu_ptr(net->mib.tcp_statistics, cpu)->mibs[counters[i].index]);
}

/**
 * tlc_snmp_read() - the counters over all CPUs
 * @net: namespace, held
 * @out: filled, by enum tlc_book
 *
 * Context: process.
 */
void tlc_snmp_read(const struct net *net, struct tlc_books *out)
{
	unsigned int i;
	int cpu;

	memset(out, 0, sizeof(*out));
	for_each_possible_cpu(cpu)
		for (i = 0; i < TLC_BOOK_MAX; i++)
			/* The kernel counts with no lock, on whichever processor it is. */
			out->count[i] += data_race(counter(net, i, cpu));
}
