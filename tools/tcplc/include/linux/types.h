/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h: what module/life/words.h expects of the kernel's header of that name.
 *
 * Used by: files that are shared with the module.
 * Must not: hide the real one, which libmnl's headers need.
 */
#ifndef TCPLC_LINUX_TYPES_H
#define TCPLC_LINUX_TYPES_H

#include_next <linux/types.h>

#include <stddef.h>

typedef __u8 u8;

#endif /* TCPLC_LINUX_TYPES_H */
