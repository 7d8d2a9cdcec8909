/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_VIEW_H
#define TLC_VIEW_H

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

#endif /* TLC_VIEW_H */
