// SPDX-License-Identifier: GPL-2.0-only
/*
 * ageing.c: how long an ended connection is kept.
 *
 * Owns: the work that frees the records of those which ended long ago.
 * Called by: conn.c; netlink_host.c, where somebody wants them gone; KUnit.
 * Must not: touch a record that lives.
 */
#include "table/ageing.h"

#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "table/chain.h"
#include "table/dead.h"
#include "table/pool.h"

#define AGE_INTERVAL	HZ	/* jiffies between two looks at the dead, at least */
#define AGE_LATEST	(60 * HZ)	/* and at most: they do not pass in suspend */
#define AGE_BATCH	4096	/* records freed in one look */

static u64 retention_ns;

static void age(struct work_struct *work);
static DECLARE_DELAYED_WORK(age_work, age);

static unsigned int free_dead(u64 died_by)
{
	struct tlc_record *rec;
	unsigned int freed = 0;
	unsigned long flags;

	do {
		/* Meanwhile it is neither dead nor free, and nobody else can have it. */
		local_irq_save(flags);
		rec = tlc_dead_take(died_by);
		if (rec) {
			tlc_chain_unhash(rec);
			tlc_pool_put(rec);
			freed++;
		}
		local_irq_restore(flags);
	} while (rec && freed < AGE_BATCH);
	return freed;
}

/**
 * tlc_ageing_look() - free the records that have been dead for long enough
 * @now: boot time, ns
 *
 * Context: process.
 * Return: records freed, a bounded number at a time.
 */
unsigned int tlc_ageing_look(u64 now)
{
	u64 retention = READ_ONCE(retention_ns);

	return now > retention ? free_dead(now - retention) : 0;
}

/**
 * tlc_ageing_clear() - free the records of all connections that have ended by now
 *
 * Context: process, may sleep.
 * Return: records freed.
 */
unsigned int tlc_ageing_clear(void)
{
	const u64 now = ktime_get_boottime_ns();
	unsigned int freed = 0, n;

	do {
		n = free_dead(now);
		freed += n;
		cond_resched();
	} while (n == AGE_BATCH);
	return freed;
}

/* An idle host is not woken up for nothing: who dies from now on is kept as long. */
static unsigned long until_the_next(u64 now)
{
	u64 due = (tlc_dead_longest() ?: now) + READ_ONCE(retention_ns);
	u64 left = due > now ? nsecs_to_jiffies64(due - now) + 1 : 0;

	return clamp_t(u64, left, AGE_INTERVAL, AGE_LATEST);
}

static void age(struct work_struct *work)
{
	const u64 now = ktime_get_boottime_ns();
	bool more = tlc_ageing_look(now) == AGE_BATCH;

	schedule_delayed_work(&age_work, more ? 1 : until_the_next(now));
}

/**
 * tlc_ageing_configure() - change how long they are kept
 * @retention: seconds
 *
 * Context: process, may sleep; one caller at a time.
 */
void tlc_ageing_configure(unsigned int retention)
{
	WRITE_ONCE(retention_ns, (u64)retention * NSEC_PER_SEC);
	/* It sleeps for as long as the old one asked. */
	cancel_delayed_work_sync(&age_work);
	schedule_delayed_work(&age_work, 0);
}

/**
 * tlc_ageing_retention() - how long they are kept
 *
 * Context: process; excludes tlc_ageing_configure().
 * Return: seconds.
 */
unsigned int tlc_ageing_retention(void)
{
	return div_u64(retention_ns, NSEC_PER_SEC);
}

/**
 * tlc_ageing_stop() - look no more
 *
 * Context: process, may sleep.
 */
void tlc_ageing_stop(void)
{
	cancel_delayed_work_sync(&age_work);
}
