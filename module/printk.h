/* SPDX-License-Identifier: GPL-2.0-only */
/* printk.h: the name every line in the kernel log begins with. */
#ifndef TLC_PRINTK_H
#define TLC_PRINTK_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#endif /* TLC_PRINTK_H */
