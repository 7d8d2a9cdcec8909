/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * threads.h: what module/table/ asks of the kernel, as threads have it.
 *
 * scripts/table makes each header of the kernel's that is included there a file with nothing
 * but an include of this one. A CPU is a thread, or whatever a test says it is: this_cpu.
 */
#ifndef TABLE_THREADS_H
#define TABLE_THREADS_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NR_CPUS 8

extern _Thread_local unsigned int this_cpu;

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef u16 __be16;
typedef u32 __be32;
typedef struct { u32 val; } kuid_t;
typedef struct { s64 counter; } atomic64_t;

#define TASK_COMM_LEN	16
#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define U64_MAX		((u64)UINT64_MAX)
#define NSEC_PER_SEC	1000000000ULL

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define noinline	__attribute__((noinline))
#define ____cacheline_aligned_in_smp
#undef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#define __percpu
#define __read_mostly
#define __packed	__attribute__((packed))

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min_t(t, a, b)	min((t)(a), (t)(b))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define array_size(n, size)	((size_t)(n) * (size))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))

#define DEFINE_PER_CPU_ALIGNED(type, name) \
	struct name##_of_cpu { __typeof__(type) it; } __attribute__((aligned(64))) name[NR_CPUS]
#define per_cpu_ptr(p, cpu)	(&(*(p))[cpu].it)
#define this_cpu_ptr(p)		per_cpu_ptr(p, this_cpu)
#define raw_smp_processor_id()	this_cpu
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)

#define local_irq_save(flags)		((flags) = 0)
#define local_irq_restore(flags)	((void)(flags))
#define lockdep_assert_irqs_disabled()	do { } while (0)
#define lockdep_assert_held(lock)	assert_held(lock)

/* Whoever takes it next on another CPU takes its cache line from this one. */
typedef struct {
	bool taken;
	unsigned int by;
	const char *name;
} raw_spinlock_t;

void lock_moves(const char *name);

#define __RAW_SPIN_LOCK_UNLOCKED(of)	{ .name = __FILE__ " " #of }
#define raw_spin_lock_init(lock) \
	(*(lock) = (raw_spinlock_t){ .name = __FILE__ " " #lock })

static inline void raw_spin_lock(raw_spinlock_t *lock)
{
	while (__atomic_exchange_n(&lock->taken, true, __ATOMIC_ACQUIRE))
		sched_yield();
	if (lock->by != this_cpu)
		lock_moves(lock->name);
	lock->by = this_cpu;
}

static inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	__atomic_store_n(&lock->taken, false, __ATOMIC_RELEASE);
}

static inline void assert_held(raw_spinlock_t *lock)
{
	if (!__atomic_load_n(&lock->taken, __ATOMIC_RELAXED) || lock->by != this_cpu)
		abort();
}

#define SINGLE_DEPTH_NESTING	1
#define raw_spin_lock_nested(lock, depth)	raw_spin_lock(lock)
#define raw_spin_lock_irqsave(lock, flags)	((flags) = 0, raw_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(flags), raw_spin_unlock(lock))

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add(struct list_head *new, struct list_head *head)
{
	new->next = head->next;
	new->prev = head;
	head->next->prev = new;
	head->next = new;
}

static inline void list_add_tail(struct list_head *new, struct list_head *head)
{
	list_add(new, head->prev);
}

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	list_del_init(entry);
	list_add_tail(entry, head);
}

#define list_first_entry(head, type, member) container_of((head)->next, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))

#define GFP_KERNEL	0
#define __GFP_ZERO	0
#define __GFP_NOWARN	0
#define __vmalloc(size, how)	calloc(1, size)
#define vfree(p)		free(p)

#endif /* TABLE_THREADS_H */
