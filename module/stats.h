/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.h: what the module counts of itself.
 *
 * Owns: the list of counters, one of each on every CPU.
 * Bumped with interrupts off (conn.c, hooks.c), summed by readers.
 * Must not: be the only place where a loss shows; a record that lost
 * something says so itself.
 */
#ifndef TLC_STATS_H
#define TLC_STATS_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/types.h>

/**
 * enum tlc_stat - counters
 * @TLC_STAT_UNTRACKED: events of connections the pool had no room for
 * @TLC_STAT_EVICTED: dead records that went before their time
 * @TLC_STAT_EXCLUDED: connections left out by parameters
 * @TLC_STAT_DROPPED: entries a record had no room for
 * @TLC_STAT_ILLEGAL: transitions outside the RFC 9293 diagram
 * @TLC_STAT_GAPS: transitions from another state than the one on record
 * @TLC_STAT_BORN: records begun
 */
enum tlc_stat {
	TLC_STAT_UNTRACKED,
	TLC_STAT_EVICTED,
	TLC_STAT_EXCLUDED,
	TLC_STAT_DROPPED,
	TLC_STAT_ILLEGAL,
	TLC_STAT_GAPS,
	TLC_STAT_BORN,
	TLC_STAT_MAX
};

struct tlc_stats {
	u64 count[TLC_STAT_MAX];
};

DECLARE_PER_CPU(struct tlc_stats, tlc_stats);

/**
 * tlc_stats_add() - count
 * @stat: what
 * @n: how many
 *
 * Context: any, interrupts off or preemption disabled.
 */
static inline void tlc_stats_add(enum tlc_stat stat, u64 n)
{
	this_cpu_add(tlc_stats.count[stat], n);
}

u64 tlc_stats_sum(enum tlc_stat stat);

#endif /* TLC_STATS_H */
