// SPDX-License-Identifier: GPL-2.0-only
/*
 * notimewait.c: for the lab: while it is loaded, inet_twsk_alloc() finds no memory.
 *
 * Debian's kernels have no fault injection, and its allocation is one that may
 * draw on reserves.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

/* Its caller is that of the function whose place it takes; it leaves rax alone. */
static noinline void nothing(void)
{
	asm volatile("");
}

static int fail(struct kprobe *p, struct pt_regs *regs)
{
	regs_set_return_value(regs, 0);
	instruction_pointer_set(regs, (unsigned long)nothing);
	return 1;
}

static struct kprobe probe = {
	.symbol_name = "inet_twsk_alloc",
	.pre_handler = fail,
};

static int __init notimewait_init(void)
{
	return register_kprobe(&probe);
}

static void __exit notimewait_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(notimewait_init);
module_exit(notimewait_exit);
MODULE_DESCRIPTION("no memory for timewait sockets");
MODULE_LICENSE("GPL");
