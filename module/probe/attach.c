// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach.c: attaching the hooks.
 *
 * Owns: registration, hit counts, what is missing.
 * Called by: main.c in process context; pre_handler() at each hit.
 * Must not: know what a hook is for; the table is in hooks.c.
 */
#include "probe/attach.h"

#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/printk.h>

#include "compat.h"
#include "feed/feed.h"

static DEFINE_PER_CPU(u64 [TLC_HOOKS_MAX], hits);

/*
 * All hooks or none: a life whose beginning is seen while the hook for its end
 * is still being attached would never end.
 */
static bool ready;

/* Hooks that begin records were off once: connections may have been missed. */
static bool was_off;

/*
 * Which hits are lost, and which of these are counted (6.1 and 6.12, x86; arm64
 * has no kprobes on ftrace, and counts in reenter_kprobe()):
 *
 * Counted, as nmissed: a hit on a CPU that is within a kprobe already, be it
 * anybody's.  All three ways ask kprobe_running(): optimized_callback() behind a
 * jump, kprobe_ftrace_handler() at an entry, reenter_kprobe() at a breakpoint.  If
 * others probe the same place, kprobes_inc_nmissed_count() counts for each of
 * them.  @ready has no part in it: the kernel counts without asking us.  What is
 * left of this is an interrupt between the kernel's setting current_kprobe and the
 * first line below.
 *
 * Not lost: what ftrace_test_recursion_trylock() turns away, uncounted, in
 * front of that, of what comes by ftrace.  Task, softirq, interrupt and NMI have a
 * bit each, and there is one in reserve (trace_test_and_set_recursion()), so a
 * softirq in the middle of a task's handler gets past it, and is counted.  Turned
 * away is the third callback within one another in one context, each called by the
 * one before; none calls TCP.  Nor does the tracepoint take this way, by which the
 * tests hold the records true: it is a call within the function.
 *
 * Lost without a count: whatever happens while kprobes/enabled in debugfs is 0
 * (disarm_all_kprobes()).  At an entry also while kernel.ftrace_enabled is 0
 * (ftrace_shutdown_sysctl() takes the calls out), or, on 6.12, after ftrace gave
 * itself up with a warning (kprobe_ftrace_kill()).  Behind the entry also when
 * somebody has the function replaced: a live patch, or a BPF program that returns in
 * its place (fmod_ret).
 */

/*
 * An interrupt that comes while a handler runs in process context would run
 * softirqs on its way out, and whatever probe these hit the kernel only counts
 * as missed: it lets no probe interrupt another on one CPU.  So interrupts stay
 * off, also behind this handler, until the kernel is done with the probe: it
 * returns to the probed function with the flags of @regs, those from before,
 * whichever way it came here (ftrace, breakpoint or jump).  Turning them on
 * here would let the interrupt in too early.  On arm64, where every hook is a
 * breakpoint, the processor has masked them already, and kprobes keep them
 * masked while the instruction is stepped (kprobes_save_local_irqflag()).
 *
 * Where the way back restores no mask, this handler does, at its end
 * (tlc_compat_irqs_return()).  What an interrupt hits between that and the kernel's end
 * of the probe is counted as missed; a function that goes on with interrupts off, and
 * sleeps, would be worse.
 *
 * Those who ask lockdep whether they are off, as 7.3's rcu_read_unlock() may, have
 * to hear of it.  Nobody tells when they are on again, so that is told at the end,
 * too early for other probes on the same hit, which run behind this one.
 */
static int pre_handler(struct kprobe *p, struct pt_regs *regs)
{
	struct tlc_hook *hook = container_of(p, struct tlc_hook, place.probe);
	const bool tell = IS_ENABLED(CONFIG_PROVE_LOCKING) && !irqs_disabled();
	const bool restore = !tlc_compat_irqs_return();
	unsigned long flags = 0;

	if (restore)
		raw_local_irq_save(flags);
	else
		raw_local_irq_disable();
	if (tell)
		trace_hardirqs_off();
	if (READ_ONCE(ready)) {
		/* In front of the first look at the clock. */
		const bool entered = tlc_feed_enter();

		__this_cpu_inc(*hook->hits);
		hook->handler(regs);
		tlc_feed_leave(entered);
	}
	if (tell)
		trace_hardirqs_on();
	if (restore)
		raw_local_irq_restore(flags);
	return 0;
}

NOKPROBE_SYMBOL(pre_handler);

static int find(struct tlc_hook *hook)
{
	int err;

	hook->hits = &hits[hook - tlc_hooks];
	hook->place.stays = !hook->in_softirq;
	err = tlc_place_find(&hook->place, hook->symbol, pre_handler);
	if (err == -ENOENT && hook->older) {
		hook->symbol = hook->older;
		hook->handler = hook->older_handler;
		err = tlc_place_find(&hook->place, hook->symbol, pre_handler);
	}
	return err;
}

/* Returns @err if the module cannot work without it. */
static int is_missing(const struct tlc_hook *hook, const char *wanted, int err)
{
	const bool other = hook->symbol != wanted;

	if (hook->lost) {
		pr_warn("no probe on %s (error %d): records will lack %s\n",
			hook->symbol, err, hook->lost);
		return 0;
	}
	pr_err("no probe on %s%s%s (error %d): the module cannot work without it\n",
	       wanted, other ? " nor on " : "", other ? hook->symbol : "", err);
	return err;
}

/* Which functions there are.  Returns the error of one the module cannot work without. */
static int find_all(struct tlc_hook **found, unsigned int *nr)
{
	unsigned int i;
	int err;

	for (i = 0; i < tlc_nr_hooks; i++) {
		struct tlc_hook *hook = &tlc_hooks[i];
		const char *wanted = hook->symbol;

		err = find(hook);
		if (!err)
			found[(*nr)++] = hook;
		else if (is_missing(hook, wanted, err))
			return err;
	}
	return 0;
}

static int arm_all(struct tlc_hook **found, unsigned int nr)
{
	static struct tlc_place *places[TLC_HOOKS_MAX];
	int errs[TLC_HOOKS_MAX];
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr; i++)
		places[i] = &found[i]->place;
	tlc_place_arm(places, errs, nr);
	for (i = 0; i < nr; i++) {
		WRITE_ONCE(found[i]->attached, !errs[i]);
		WRITE_ONCE(found[i]->enabled, !errs[i]);
		if (errs[i])
			err = is_missing(found[i], found[i]->symbol, errs[i]) ?: err;
	}
	return err;
}

static void detach(struct tlc_hook **found, unsigned int nr)
{
	static struct kprobe *attached[TLC_HOOKS_MAX];
	unsigned int i;

	for (i = 0; i < nr; i++)
		attached[i] = &found[i]->place.probe;
	unregister_kprobes(attached, nr);
}

/**
 * tlc_probe_init() - attach every hook of the table
 *
 * Context: process.  Handlers run from here on.
 * Return: 0, or the error of a required hook, which the log names.
 */
int tlc_probe_init(void)
{
	static struct tlc_hook *found[TLC_HOOKS_MAX];
	unsigned int nr = 0;
	int err;

	err = find_all(found, &nr);
	if (err) {
		detach(found, nr);
		return err;
	}
	err = arm_all(found, nr);
	if (err) {
		tlc_probe_exit();
		return err;
	}
	WRITE_ONCE(ready, true);
	return 0;
}

/**
 * tlc_probe_exit() - detach every hook
 *
 * Requests are still answered, and are told of the hooks as they were: that the
 * module is leaving is no hook's loss.  To turn a group off or on is refused by the
 * kernel then, which no longer knows the probes.
 *
 * Context: process, once, as nothing attaches any more.  No handler runs any more
 * when it returns: all probes are unregistered together, which costs one grace
 * period, not one each.
 */
void tlc_probe_exit(void)
{
	static struct tlc_hook *attached[TLC_HOOKS_MAX];
	unsigned int i, nr = 0;

	WRITE_ONCE(ready, false);
	for (i = 0; i < tlc_nr_hooks; i++)
		if (tlc_hooks[i].attached)
			attached[nr++] = &tlc_hooks[i];
	detach(attached, nr);
}

static int set_enabled(struct tlc_hook *hook, bool on)
{
	int err;

	if (!hook->attached || hook->enabled == on)
		return 0;
	err = tlc_place_enable(&hook->place, on);
	if (err)
		return err;
	WRITE_ONCE(hook->enabled, on);
	if (!on && (hook->group == TCP_LIFECYCLE_GROUP_LISTENERS ||
		    hook->group == TCP_LIFECYCLE_GROUP_OPENINGS))
		WRITE_ONCE(was_off, true);
	return 0;
}

/**
 * tlc_probe_enable() - turn groups of hooks on or off
 * @groups: bits 1 << enum tcp_lifecycle_group: those to change
 * @enabled: those of them to be on
 *
 * Context: process; one caller at a time.
 * Return: 0, or the kernel's error, and all hooks are as they were.
 */
int tlc_probe_enable(u32 groups, u32 enabled)
{
	bool before[TLC_HOOKS_MAX];
	unsigned int i;
	int err = 0;

	for (i = 0; i < tlc_nr_hooks; i++) {
		before[i] = tlc_hooks[i].enabled;
		if (groups & BIT(tlc_hooks[i].group))
			err = set_enabled(&tlc_hooks[i],
					  enabled & BIT(tlc_hooks[i].group));
		if (err)
			break;
	}
	while (err && i--)
		set_enabled(&tlc_hooks[i], before[i]);
	return err;
}

/**
 * tlc_probe_group_enabled() - does any hook of a group run?
 * @group: enum tcp_lifecycle_group
 */
bool tlc_probe_group_enabled(u8 group)
{
	unsigned int i;

	for (i = 0; i < tlc_nr_hooks; i++)
		if (tlc_hooks[i].group == group && READ_ONCE(tlc_hooks[i].enabled))
			return true;
	return false;
}

/**
 * tlc_probe_sees_joining() - does the hook run that sees who begins to listen?
 *
 * Context: any.
 */
bool tlc_probe_sees_joining(void)
{
	return tlc_probe_group_enabled(TCP_LIFECYCLE_GROUP_FEED);
}

static unsigned long missed_by(const struct tlc_hook *hook)
{
	if (!READ_ONCE(hook->attached))
		return 0;
	/* The kernel counts with no lock, on whichever processor it is */
	return data_race(hook->place.probe.nmissed);
}

/**
 * tlc_probe_state() - what became of a hook
 * @i: index below tlc_nr_hooks
 *
 * Context: process.
 */
struct tlc_hook_state tlc_probe_state(unsigned int i)
{
	const struct tlc_hook *hook = &tlc_hooks[i];
	struct tlc_hook_state state = {
		.symbol = hook->symbol,
		.lost = hook->lost,
		.group = hook->group,
		.attached = READ_ONCE(hook->attached),
		.enabled = READ_ONCE(hook->enabled),
	};
	int cpu;

	for_each_possible_cpu(cpu)
		state.hits += READ_ONCE(per_cpu(hits, cpu)[i]);
	state.missed = missed_by(hook);
	if (state.enabled)
		state.way = tlc_place_way(&hook->place);
	return state;
}

/**
 * tlc_probe_missed() - hits the kernel could not deliver, all hooks together
 */
u64 tlc_probe_missed(void)
{
	u64 missed = 0;
	unsigned int i;

	for (i = 0; i < tlc_nr_hooks; i++)
		missed += missed_by(&tlc_hooks[i]);
	return missed;
}

/**
 * tlc_probe_lossy() - may a connection have begun without being seen?
 *
 * Context: any.
 */
bool tlc_probe_lossy(void)
{
	return READ_ONCE(was_off) || tlc_probe_missed();
}
