// SPDX-License-Identifier: GPL-2.0-only
/*
 * stats.c: what the module counts of itself.
 *
 * Owns: the per-CPU counters of stats.h.
 * Called by: conn.c in handler context; readers in process context; conn.c once
 * for a record begun in mid-life.
 * Must not: sum over CPUs on a path that every event takes.
 */
#include "totals/stats.h"

#include <linux/cpumask.h>
#include <linux/string.h>

/* Too large for what the kernel sets aside for per-CPU data of modules. */
struct tlc_stats __percpu *tlc_stats;

/**
 * tlc_stats_odd() - count what an event did that is odd
 * @tally: what tlc_record_apply() said
 *
 * Context: interrupts off.
 */
void tlc_stats_odd(const struct tlc_tally *tally)
{
	if (tally->illegal)
		tlc_stats_add(TLC_STAT_ILLEGAL, tally->illegal);
	if (tally->gaps)
		tlc_stats_add(TLC_STAT_GAPS, tally->gaps);
	if (tally->dropped)
		tlc_stats_add(TLC_STAT_DROPPED, tally->dropped);
}

/**
 * tlc_stats_verdict() - count how a record ended
 * @rec: record
 *
 * Context: as tlc_stats_odd().
 */
void tlc_stats_verdict(const struct tlc_record *rec)
{
	this_cpu_inc(tlc_stats->open[rec->open]);
	this_cpu_inc(tlc_stats->close[rec->close]);
	this_cpu_inc(tlc_stats->first[rec->first]);
}

/**
 * tlc_stats_sum() - a counter over all CPUs
 * @stat: which
 *
 * Context: any.
 */
u64 tlc_stats_sum(enum tlc_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(tlc_stats, cpu)->count[stat]);
	return sum;
}

/**
 * tlc_stats_total() - all counters over all CPUs
 * @total: filled
 *
 * Context: process.
 */
void tlc_stats_total(struct tlc_stats *total)
{
	const unsigned int nr = sizeof(*total) / sizeof(u64);
	u64 *sum = (u64 *)total;
	unsigned int i;
	int cpu;

	memset(total, 0, sizeof(*total));
	for_each_possible_cpu(cpu) {
		const u64 *part = (const u64 *)per_cpu_ptr(tlc_stats, cpu);

		for (i = 0; i < nr; i++)
			sum[i] += READ_ONCE(part[i]);
	}
}

/**
 * tlc_stats_init() - begin to count, from 0
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_stats_init(void)
{
	tlc_stats = alloc_percpu(struct tlc_stats);
	return tlc_stats ? 0 : -ENOMEM;
}

/**
 * tlc_stats_exit() - free the counters
 *
 * Context: process; nobody counts or reads any more.
 */
void tlc_stats_exit(void)
{
	free_percpu(tlc_stats);
	tlc_stats = NULL;
}
