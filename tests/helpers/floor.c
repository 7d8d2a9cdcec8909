// SPDX-License-Identifier: GPL-2.0-only
/*
 * floor.c: for the lab: kprobes that do nothing, on the functions it is told.
 *
 * What they cost is what any module must pay that hooks these functions so.
 *
 *	insmod floor.ko symbols=tcp_connect,tcp_set_state
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#define PROBES_MAX 64

static char *symbols[PROBES_MAX];
static unsigned int nr;
module_param_array(symbols, charp, &nr, 0444);
MODULE_PARM_DESC(symbols, "functions, at most 64");

static struct kprobe probes[PROBES_MAX];
static struct kprobe *attached[PROBES_MAX];

static int nothing(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

static int __init floor_init(void)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		probes[i].symbol_name = symbols[i];
		probes[i].pre_handler = nothing;
		attached[i] = &probes[i];
	}
	return register_kprobes(attached, nr);
}

static void __exit floor_exit(void)
{
	unregister_kprobes(attached, nr);
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_DESCRIPTION("kprobes that do nothing");
MODULE_LICENSE("GPL");
