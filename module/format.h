/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_FORMAT_H
#define TLC_FORMAT_H

#include <linux/seq_file.h>

#include "record.h"

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

void tlc_format_record(struct seq_file *m, const struct tlc_record *rec,
		       const struct tlc_view *view);
void tlc_format_escaped(struct seq_file *m, const char *s, size_t max);

#endif /* TLC_FORMAT_H */
