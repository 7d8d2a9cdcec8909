/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats.h: what the module counts of itself.
 *
 * Owns: the counters, one of each on every CPU.
 * Bumped by conn.c with interrupts off, summed by readers.
 * Must not: be the only place where a loss shows; a record that lost
 * something says so itself.
 */
#ifndef TLC_STATS_H
#define TLC_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "life/record.h"

/**
 * enum tlc_stat - counters
 * @TLC_STAT_UNTRACKED: connections and listeners the pool had no room for
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

/**
 * struct tlc_stats - one CPU's
 * @count: by enum tlc_stat
 * @open: ended records, by enum tcp_lifecycle_open
 * @close: by enum tcp_lifecycle_close
 * @first: by enum tcp_lifecycle_first
 */
struct tlc_stats {
	u64 count[TLC_STAT_MAX];
	u64 open[TCP_LIFECYCLE_OPEN_MAX + 1];
	u64 close[TCP_LIFECYCLE_CLOSE_MAX + 1];
	u64 first[TCP_LIFECYCLE_FIRST_MAX + 1];
};

extern struct tlc_stats __percpu *tlc_stats;

/**
 * tlc_stats_add() - count
 * @stat: what
 * @n: how many
 *
 * Context: any, interrupts off or preemption disabled.
 */
static inline void tlc_stats_add(enum tlc_stat stat, u64 n)
{
	this_cpu_add(tlc_stats->count[stat], n);
}

void tlc_stats_odd(const struct tlc_tally *tally);

/**
 * tlc_stats_take() - count what an event did that is odd, which hardly any does
 * @tally: what tlc_record_apply() said
 *
 * Context: interrupts off.
 */
static inline void tlc_stats_take(const struct tlc_tally *tally)
{
	if (unlikely(tally->illegal | tally->gaps | tally->dropped))
		tlc_stats_odd(tally);
}

int tlc_stats_init(void);
void tlc_stats_exit(void);
void tlc_stats_verdict(const struct tlc_record *rec);
u64 tlc_stats_sum(enum tlc_stat stat);
void tlc_stats_total(struct tlc_stats *total);

#endif /* TLC_STATS_H */
