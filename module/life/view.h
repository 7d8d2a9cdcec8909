/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_VIEW_H
#define TLC_VIEW_H

#include <linux/timekeeping.h>
#include <linux/types.h>

struct user_namespace;

/**
 * struct tlc_view - from where a record is looked at
 * @now: boot time, ns
 * @real_offset: wall clock minus boot time, ns
 * @user_ns: user namespace of the reader
 * @show_pid: the reader is in the initial pid namespace
 */
struct tlc_view {
	u64 now;
	s64 real_offset;
	struct user_namespace *user_ns;
	bool show_pid;
};

/**
 * tlc_view_real_offset() - wall clock minus boot time
 *
 * From the kernel's own offsets, not from two looks at a clock: the same record
 * begins at the same time, whoever reads it and when, unless the clock is set.
 *
 * Context: any.
 * Return: ns.
 */
static inline s64 tlc_view_real_offset(void)
{
	return ktime_to_ns(ktime_sub(ktime_mono_to_any(0, TK_OFFS_REAL),
				     ktime_mono_to_any(0, TK_OFFS_BOOT)));
}

#endif /* TLC_VIEW_H */
