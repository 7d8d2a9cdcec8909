/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PROBE_H
#define TLC_PROBE_H

#include <linux/percpu.h>
#include <linux/types.h>

#include <uapi/linux/tcp_lifecycle.h>

#include "probe/place.h"

/**
 * struct tlc_hook - a row of the hook table
 * @symbol: kernel function, probed before it does anything
 * @handler: turns registers into an event
 * @older: function to probe where the kernel has no @symbol, or NULL; of static functions
 *	   the headers do not tell
 * @older_handler: its handler
 * @lost: what a record lacks without it; NULL: the hook is required
 * @group: enum tcp_lifecycle_group
 * @in_softirq: whoever comes by has softirqs off: see place.c
 * @place: its probe
 * @hits: counts them, on each CPU
 * @attached: registered
 * @enabled: the handler runs
 */
struct tlc_hook {
	const char *symbol;
	void (*handler)(struct pt_regs *regs);
	const char *older;
	void (*older_handler)(struct pt_regs *regs);
	const char *lost;
	u8 group;
	bool in_softirq;
	struct tlc_place place;
	u64 __percpu *hits;
	bool attached;
	bool enabled;
};

/**
 * struct tlc_hook_state - what a reader may know of a hook
 * @symbol: function probed
 * @lost: what is lost without it; NULL: it is required
 * @hits: times the handler ran
 * @missed: hits the kernel could not deliver
 * @group: enum tcp_lifecycle_group
 * @way: enum tcp_lifecycle_way, if it is enabled
 * @attached: registered
 * @enabled: the handler runs
 */
struct tlc_hook_state {
	const char *symbol;
	const char *lost;
	u64 hits;
	u64 missed;
	u8 group;
	u8 way;
	bool attached;
	bool enabled;
};

#define TLC_HOOKS_MAX	TLC_PLACES_MAX

extern struct tlc_hook tlc_hooks[];
extern const unsigned int tlc_nr_hooks;

int tlc_probe_init(void);
void tlc_probe_exit(void);
struct tlc_hook_state tlc_probe_state(unsigned int i);
u64 tlc_probe_missed(void);
bool tlc_probe_lossy(void);
int tlc_probe_enable(u32 groups, u32 enabled);
bool tlc_probe_group_enabled(u8 group);
bool tlc_probe_sees_joining(void);

#endif /* TLC_PROBE_H */
