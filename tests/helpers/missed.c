// SPDX-License-Identifier: GPL-2.0-only
/*
 * missed.c: for the lab: a hit that the kernel cannot deliver, and counts as missed.
 *
 * Loading it calls a function that the module under test has a probe on from within
 * another probe's handler.  Called so, tcp_shutdown() does nothing.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <net/sock.h>

static void (*hooked)(struct sock *sk, int how);

static noinline void probed(void)
{
	barrier();
}

static int within_another(struct kprobe *p, struct pt_regs *regs)
{
	hooked(NULL, 0);
	return 0;
}

/* It is not exported, but whoever probes it learns where it is. */
static struct kprobe finder = { .symbol_name = "tcp_shutdown" };

static struct kprobe outer = {
	.addr = (kprobe_opcode_t *)probed,
	.pre_handler = within_another,
};

static int __init missed_init(void)
{
	int err;

	err = register_kprobe(&finder);
	if (err)
		return err;
	hooked = (void *)finder.addr;
	unregister_kprobe(&finder);

	err = register_kprobe(&outer);
	if (err)
		return err;
	probed();
	unregister_kprobe(&outer);
	return 0;
}

static void __exit missed_exit(void)
{
}

module_init(missed_init);
module_exit(missed_exit);
MODULE_DESCRIPTION("a hit of a probe that is missed");
MODULE_LICENSE("GPL");
