// SPDX-License-Identifier: GPL-2.0-only
/*
 * place.c: where the probe of a hook stands, and how the kernel gets from there to its
 * handler.
 *
 * Owns: choosing between the entry of a function and the instruction behind ftrace's call
 * site.
 * Called by: attach.c in process context, before any hit matters.
 * Must not: know what a hook is for.
 *
 * At the entry a hit comes by ftrace, which saves all registers and looks the probe up.
 * Behind that the kernel may put a jump to a copy made for this one probe, which costs
 * two thirds of that.  It does so some time after the probe is there, not for each function, and
 * does not say for which.  The first byte does: the jump's, or a breakpoint's.  A
 * breakpoint works as well, but is an exception for each hit, so the probe is moved to
 * the entry then.
 *
 * Between the kernel's word that a probe is being hit and our first instruction, which turns
 * interrupts off, there are more instructions behind a jump.  What a softirq
 * hits on the way out of an interrupt there is missed (see attach.c).  A softirq is not
 * interrupted by others.  So what may be called with softirqs on stays at the entry.
 *
 * This is done while no hit matters: a thread that is between the two places as a probe
 * moves would be seen twice or not at all.
 */
#include "probe/place.h"

#include <linux/delay.h>
#include <linux/errno.h>

#include <uapi/linux/tcp_lifecycle.h>

#include "probe/site.h"

/*
 * How long the kernel may take to put all jumps in.  It waits until every task has
 * once given up its processor, or has been in user mode.  Where kprobes are not to be
 * optimized (debug.kprobes-optimization) it never comes.
 */
#define JUMPS_WITHIN_MS	2000
#define LOOK_EACH_MS	20
/* No more of them come: it puts in one after the other, without a wait. */
#define QUIET_LOOKS	10

#ifdef CONFIG_X86_64
#define JUMP_OPCODE	0xe9

/* 0: not known */
static unsigned int length_of_site(const struct tlc_place *place)
{
	if (!IS_ENABLED(CONFIG_OPTPROBES) || !kprobe_ftrace((struct kprobe *)&place->probe))
		return 0;
	return tlc_site_length(place->entry);
}

static bool is_jump(const struct tlc_place *place)
{
	return READ_ONCE(*(const u8 *)place->probe.addr) == JUMP_OPCODE;
}
#else
static unsigned int length_of_site(const struct tlc_place *place)
{
	return 0;
}

static bool is_jump(const struct tlc_place *place)
{
	return false;
}
#endif

static void put_at(struct tlc_place *place, u8 *where)
{
	place->behind = where != place->entry;
	place->probe = (struct kprobe) {
		.addr = (kprobe_opcode_t *)where,
		.pre_handler = place->probe.pre_handler,
		.flags = KPROBE_FLAG_DISABLED,
	};
}

/**
 * tlc_place_find() - find a function, and have a probe at its entry
 * @place: filled; its probe is registered, and disabled
 * @symbol: the function
 * @handler: to be called at each hit
 *
 * Context: process.
 * Return: 0, or the kernel's error: -ENOENT if there is no such function.
 */
int tlc_place_find(struct tlc_place *place, const char *symbol, kprobe_pre_handler_t handler)
{
	int err;

	place->probe = (struct kprobe) {
		.symbol_name = symbol,
		.pre_handler = handler,
		.flags = KPROBE_FLAG_DISABLED,
	};
	err = register_kprobe(&place->probe);
	place->entry = (u8 *)place->probe.addr;
	place->behind = false;
	return err;
}

/* Together, which costs one grace period, not one each. */
static void unregister(struct tlc_place *const *places, const bool *which, unsigned int nr)
{
	static struct kprobe *probes[TLC_PLACES_MAX];
	unsigned int i;
	int n = 0;

	for (i = 0; i < nr; i++)
		if (which[i])
			probes[n++] = &places[i]->probe;
	unregister_kprobes(probes, n);
}

/* Behind the call site, if it is certain what stands there and the kernel takes it. */
static void move_behind(struct tlc_place *const *places, int *errs, unsigned int nr)
{
	bool movable[TLC_PLACES_MAX];
	unsigned int i;

	for (i = 0; i < nr; i++)
		movable[i] = !places[i]->stays && length_of_site(places[i]);
	unregister(places, movable, nr);
	for (i = 0; i < nr; i++) {
		struct tlc_place *place = places[i];

		errs[i] = 0;
		if (!movable[i])
			continue;
		put_at(place, place->entry + tlc_site_length(place->entry));
		if (!register_kprobe(&place->probe))
			continue;
		put_at(place, place->entry);
		errs[i] = register_kprobe(&place->probe);
	}
}

static unsigned int count_jumps(struct tlc_place *const *places, unsigned int nr)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr; i++)
		n += places[i]->behind && is_jump(places[i]);
	return n;
}

/* Until the kernel has put in the jumps it will put in. */
static void await_jumps(struct tlc_place *const *places, unsigned int nr)
{
	unsigned int i, n, before = 0, quiet = 0, wanted = 0;
	unsigned int looks = JUMPS_WITHIN_MS / LOOK_EACH_MS;

	for (i = 0; i < nr; i++)
		wanted += places[i]->behind;
	while (wanted && looks--) {
		n = count_jumps(places, nr);
		quiet = n == before ? quiet + 1 : 0;
		if (n == wanted || (n && quiet == QUIET_LOOKS))
			return;
		before = n;
		msleep(LOOK_EACH_MS);
	}
}

/* What cannot be armed the kernel leaves in its table, disabled. */
static int arm(struct tlc_place *place)
{
	int err = enable_kprobe(&place->probe);

	if (err)
		unregister_kprobe(&place->probe);
	return err;
}

/* Those a breakpoint has stayed at. */
static void move_to_entry(struct tlc_place *const *places, int *errs, unsigned int nr)
{
	bool stayed[TLC_PLACES_MAX];
	unsigned int i;

	for (i = 0; i < nr; i++)
		stayed[i] = !errs[i] && places[i]->behind && !is_jump(places[i]);
	unregister(places, stayed, nr);
	for (i = 0; i < nr; i++) {
		if (!stayed[i])
			continue;
		put_at(places[i], places[i]->entry);
		errs[i] = register_kprobe(&places[i]->probe) ?: arm(places[i]);
	}
}

/**
 * tlc_place_arm() - choose a place for each probe, and have it hit from now on
 * @places: as tlc_place_find() left them
 * @errs: filled: 0, or the kernel's error for each, whose probe is not registered then
 * @nr: how many, at most TLC_PLACES_MAX
 *
 * All are armed first, and then waited for together: the kernel puts in the jumps of
 * those that have come within a few ticks.
 *
 * Between 6.12 and 7.3 __register_kprobe() has lost the error of arm_kprobe(): it says 0
 * of a probe that it took out of its table again, and no hit ever comes nor is counted.
 * enable_kprobe() has kept it, and is what arms each of them here.
 *
 * Context: process, one caller at a time; takes up to two seconds, or for as long as it
 * takes the kernel's optimizer, if that has begun.
 */
void tlc_place_arm(struct tlc_place *const *places, int *errs, unsigned int nr)
{
	struct tlc_place *armed = NULL;
	unsigned int i;

	move_behind(places, errs, nr);
	for (i = 0; i < nr; i++) {
		errs[i] = errs[i] ?: arm(places[i]);
		if (!errs[i])
			armed = places[i];
	}
	await_jumps(places, nr);
	/* Changes nothing; but a pass of the optimizer that is under way is over then. */
	if (armed)
		enable_kprobe(&armed->probe);
	move_to_entry(places, errs, nr);
}

/**
 * tlc_place_enable() - turn a probe on or off
 * @place: registered
 * @on: which
 *
 * A jump is taken out some ticks after its probe was turned off.  If that is turned on
 * before, the kernel puts a breakpoint over the jump, and leaves it.
 *
 * Context: process.
 * Return: 0, or the kernel's error.
 */
int tlc_place_enable(struct tlc_place *place, bool on)
{
	unsigned int looks = JUMPS_WITHIN_MS / LOOK_EACH_MS;

	if (!on)
		return disable_kprobe(&place->probe);
	while (place->behind && is_jump(place) && looks--)
		msleep(LOOK_EACH_MS);
	return enable_kprobe(&place->probe);
}

/**
 * tlc_place_way() - how does a hit get to the handler?
 * @place: registered
 *
 * As it is now: another probe next to ours may have the kernel take a jump out again.
 *
 * Context: any.
 * Return: enum tcp_lifecycle_way.
 */
u8 tlc_place_way(const struct tlc_place *place)
{
	if (kprobe_ftrace((struct kprobe *)&place->probe))
		return TCP_LIFECYCLE_WAY_FTRACE;
	return is_jump(place) ? TCP_LIFECYCLE_WAY_JUMP : TCP_LIFECYCLE_WAY_BREAKPOINT;
}
