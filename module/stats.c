// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c: the counters' storage and their sum.
 *
 * Owns: the per-CPU counters of stats.h.
 * Called by: readers in process context; conn.c once for a record begun in
 * mid-life.
 * Must not: be on a path that every event takes.
 */
#include "stats.h"

#include <linux/cpumask.h>

DEFINE_PER_CPU(struct tlc_stats, tlc_stats);

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
		sum += READ_ONCE(per_cpu(tlc_stats, cpu).count[stat]);
	return sum;
}
