/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_FORMAT_H
#define TLC_FORMAT_H

#include <linux/seq_file.h>

#include "life/record.h"
#include "life/view.h"

void tlc_format_record(struct seq_file *m, const struct tlc_record *rec,
		       const struct tlc_view *view);
void tlc_format_escaped(struct seq_file *m, const char *s, size_t max);

#endif /* TLC_FORMAT_H */
