// SPDX-License-Identifier: GPL-2.0-only
/*
 * faulty.c: for the lab: one fault on purpose, named by a parameter.
 *
 * Does a kernel of tests/kernels see what it is there to see, and the lab tell?
 */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

static char *fault = "none";
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "use-after-free, out-of-bounds, shift, leak, lock-order, sleep, raw-nesting, live-work, refcount, rcu, race or race-below");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw);
static int shared;
static int __rcu *published;

static void use_after_free(void)
{
	int *p = kmalloc(sizeof(*p), GFP_KERNEL);

	kfree(p);
	WRITE_ONCE(*p, 1);
}

static void out_of_bounds(void)
{
	char *p = vmalloc(PAGE_SIZE);
	size_t end = PAGE_SIZE;

	OPTIMIZER_HIDE_VAR(end);
	p[end] = 1;
	vfree(p);
}

static void shift(void)
{
	int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	pr_info("%d\n", 1 << by);
}

static void leak(void)
{
	int i;

	/* Some of them, since a stale register or stack slot hides one. */
	for (i = 0; i < 20; i++)
		memset(kmalloc(64, GFP_KERNEL), i, 64);
}

static void lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleep(void)
{
	preempt_disable();
	mutex_lock(&first);
	mutex_unlock(&first);
	preempt_enable();
}

/* Wrong where a spinlock is one that sleeps. */
static void raw_nesting(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&raw, flags);
	spin_lock(&spin);
	spin_unlock(&spin);
	raw_spin_unlock_irqrestore(&raw, flags);
}

static void work(struct work_struct *unused)
{
}

static void live_work(void)
{
	struct delayed_work *w = kzalloc(sizeof(*w), GFP_KERNEL);

	INIT_DELAYED_WORK(w, work);
	schedule_delayed_work(w, HZ);
	kfree(w);
}

static void too_few_references(void)
{
	refcount_t references = REFCOUNT_INIT(0);

	refcount_inc(&references);
}

static void outside_of_rcu(void)
{
	/* NULL, but who asks holds nothing that would keep it. */
	if (rcu_dereference(published))
		pr_info("published\n");
}

/* Until the guest goes down. */
static int racer(void *unused)
{
	for (;;) {
		shared++;
		/* Or the compiler sees that nobody reads it. */
		barrier();
		cond_resched();
	}
	return 0;
}

static void race(void)
{
	kthread_run(racer, NULL, "racer-a");
	kthread_run(racer, NULL, "racer-b");
}

/* The same where the accesses are those of a function of the kernel that is called. */
static int racer_below(void *number)
{
	for (;;) {
		if (kstrtoint(number, 10, &shared))
			pr_err("no number: %s\n", (char *)number);
		cond_resched();
	}
	return 0;
}

static void race_below(void)
{
	kthread_run(racer_below, "1", "racer-a");
	kthread_run(racer_below, "2", "racer-b");
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "use-after-free", use_after_free },
	{ "out-of-bounds", out_of_bounds },
	{ "shift", shift },
	{ "leak", leak },
	{ "lock-order", lock_order },
	{ "sleep", sleep },
	{ "raw-nesting", raw_nesting },
	{ "live-work", live_work },
	{ "refcount", too_few_references },
	{ "rcu", outside_of_rcu },
	{ "race", race },
	{ "race-below", race_below },
};

static int __init faulty_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(faults[i].name, fault))
			continue;
		faults[i].commit();
		return 0;
	}
	pr_err("there is no fault '%s'\n", fault);
	return -EINVAL;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("one fault on purpose");
MODULE_LICENSE("GPL");
