// SPDX-License-Identifier: GPL-2.0-only
/*
 * kunit.c: what makes a module of the suites, where they are not built in.
 *
 * Loading it runs them; the kernel's log and debugfs have what they found.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit suites of tcp_lifecycle");
MODULE_LICENSE("GPL");
