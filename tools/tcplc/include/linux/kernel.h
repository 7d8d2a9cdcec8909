/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h: what module/life/words.c expects of the kernel's header of that name.
 *
 * Used by: files that are shared with the module, and the tool itself.
 * Must not: grow beyond what those files use.
 */
#ifndef TCPLC_LINUX_KERNEL_H
#define TCPLC_LINUX_KERNEL_H

#include_next <linux/kernel.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* TCPLC_LINUX_KERNEL_H */
