// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn.c: the pool and the lists of the dead, as they are, under threads.
 *
 * Each thread is a CPU on which connections begin and end; one ages, one sends what has
 * ended to who listens. What a record is, is kept beside the pool: whoever gets one that is
 * not free, or takes one that is not dead, ends the test.
 *
 * Usage: churn order | share | ratio THREADS | THREADS CONNECTIONS
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "table/dead.h"
#include "table/pool.h"
#include "feed/ended.h"

#define CAPACITY	512
#define LIVE		16	/* of each thread at once */
#define CHAINS		64

_Thread_local unsigned int this_cpu;
bool tlc_feed_on, tlc_ended_on;

static unsigned long lost, refused, told, evicted, aged, exhumed;
static bool stopping;
static u64 now = NSEC_PER_SEC;
static raw_spinlock_t chain[CHAINS];

enum what { FREE, LIVES, DEAD };
static unsigned char is[CAPACITY];

#define count(what) __atomic_fetch_add(&(what), 1, __ATOMIC_RELAXED)

bool tlc_ended_heard(const struct tlc_record *rec)
{
	return tlc_pool_index(rec) % 2;
}

void tlc_ended_lose(const struct tlc_record *rec)
{
	(void)rec;
	count(lost);
}

void tlc_feed_wake_once(void)
{
}

static void expect(bool so, const char *what)
{
	if (so)
		return;
	printf("not ok: %s\n", what);
	exit(1);
}

static void becomes(const struct tlc_record *rec, enum what from, enum what to)
{
	unsigned char was = __atomic_exchange_n(&is[tlc_pool_index(rec)], to, __ATOMIC_RELAXED);

	expect(was == from, "a record is free, alive or dead, and only one has it");
}

static raw_spinlock_t *chain_of(const struct tlc_record *rec)
{
	return &chain[tlc_pool_index(rec) % CHAINS];
}

/* As tlc_chain_unhash(): what is done under its chain's lock is over. */
static void unhash(struct tlc_record *rec)
{
	raw_spin_lock(chain_of(rec));
	becomes(rec, DEAD, FREE);
	raw_spin_unlock(chain_of(rec));
}

static struct tlc_record *begin(void)
{
	struct tlc_record *rec = tlc_pool_get();

	if (!rec) {
		rec = tlc_dead_evict() ?: tlc_dead_find();
		if (rec) {
			unhash(rec);
			count(evicted);
		} else {
			rec = tlc_pool_get() ?: tlc_pool_find();
		}
	}
	if (!rec) {
		count(refused);
		return NULL;
	}
	raw_spin_lock(chain_of(rec));
	becomes(rec, FREE, LIVES);
	/* As tlc_newcomer_init(). */
	WRITE_ONCE(rec->died, 0);
	rec->untold = false;
	rec->list_of = 0;
	raw_spin_unlock(chain_of(rec));
	return rec;
}

static void end(struct tlc_record *rec)
{
	raw_spin_lock(chain_of(rec));
	becomes(rec, LIVES, DEAD);
	WRITE_ONCE(rec->died, __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED));
	tlc_dead_bury(rec);
	raw_spin_unlock(chain_of(rec));
}

/* A socket that connects very often: one of its dead goes. */
static void exhume(struct tlc_record *rec)
{
	bool taken;

	raw_spin_lock(chain_of(rec));
	taken = is[tlc_pool_index(rec)] == DEAD && tlc_dead_exhume(rec);
	if (taken) {
		becomes(rec, DEAD, FREE);
		count(exhumed);
	}
	raw_spin_unlock(chain_of(rec));
	if (taken)
		tlc_pool_put(rec);
}

static unsigned long connections;

/* The locks that are not a chain's, whose cache lines go from CPU to CPU. */
static struct {
	const char *name;
	unsigned long times;
} moves[8];

void lock_moves(const char *name)
{
	unsigned int i;

	if (!name || connections)	/* the threads are not counted */
		return;
	for (i = 0; i < 7 && moves[i].name && strcmp(moves[i].name, name); i++)
		;
	moves[i].name = name;
	count(moves[i].times);
}


static void *cpu(void *arg)
{
	struct tlc_record *live[LIVE] = { };
	unsigned long i;

	this_cpu = (unsigned long)arg;
	for (i = 0; i < connections; i++) {
		struct tlc_record **one = &live[i % LIVE];

		if (*one) {
			end(*one);
			if (i % 7 == 0)
				exhume(*one);
		}
		*one = begin();
	}
	for (i = 0; i < LIVE; i++)
		if (live[i])
			end(live[i]);
	return NULL;
}

static void age(u64 died_by)
{
	struct tlc_record *rec;

	while ((rec = tlc_dead_take(died_by))) {
		unhash(rec);
		tlc_pool_put(rec);
		count(aged);
	}
}

static void tell(void)
{
	const struct tlc_record *next;

	while ((next = tlc_dead_untold(U64_MAX))) {
		struct tlc_record *rec = tlc_pool_slot(tlc_pool_index(next));

		raw_spin_lock(chain_of(rec));
		if (is[tlc_pool_index(rec)] == DEAD && tlc_dead_tell(rec))
			count(told);
		raw_spin_unlock(chain_of(rec));
	}
}

static void *worker(void *arg)
{
	unsigned long before = 0, is;

	this_cpu = (unsigned long)arg;
	while (!__atomic_load_n(&stopping, __ATOMIC_RELAXED)) {
		WRITE_ONCE(tlc_ended_on, !tlc_ended_on);
		tell();
		/* Once the pool has been full again: faster than that, and it never would be. */
		is = __atomic_load_n(&evicted, __ATOMIC_RELAXED);
		if (is != before)
			age(READ_ONCE(now) - CAPACITY / 4);
		before = is;
		sched_yield();
	}
	return NULL;
}

/* Every record is somewhere, and once. */
static void take_stock(void)
{
	unsigned int n = 0;

	tell();
	age(U64_MAX);
	expect(!tlc_dead_number(), "none is dead, once all were taken");
	expect(!tlc_pool_taken(), "all are free");
	for (this_cpu = 0; begin(); n++)
		;
	expect(n == CAPACITY, "each record can be had once");
	expect(tlc_pool_taken() == CAPACITY, "none is free then");
}

static void churn(unsigned int threads)
{
	pthread_t thread[NR_CPUS];
	unsigned long i;

	for (i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, cpu, (void *)i);
	pthread_create(&thread[threads], NULL, worker, (void *)i);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	__atomic_store_n(&stopping, true, __ATOMIC_RELAXED);
	pthread_join(thread[threads], NULL);
	expect(evicted && aged && exhumed && told && lost, "each way was gone");
	expect(!refused, "nobody goes without while a record is free or dead");
	take_stock();
	printf("ok %u threads, %lu connections each: evicted=%lu aged=%lu exhumed=%lu told=%lu lost=%lu\n",
	       threads, connections, evicted, aged, exhumed, told, lost);
}

/* One thread is four CPUs in turn: which of the dead goes first? */
static void order(void)
{
	enum { CPUS = 4 };
	u64 longest, worst = 0;
	struct tlc_record *rec;
	unsigned int i;

	for (i = 0; i < CAPACITY; i++) {
		this_cpu = i % CPUS;
		rec = begin();
		__atomic_fetch_add(&now, NSEC_PER_SEC / 8, __ATOMIC_RELAXED);
		/* Most end on the last one. */
		this_cpu = i % 8 ? CPUS - 1 : i / 8 % CPUS;
		end(rec);
	}
	for (i = 0; i < CAPACITY; i++) {
		this_cpu = i % CPUS;
		longest = tlc_dead_longest();
		rec = tlc_dead_evict();
		expect(rec, "there are dead ones");
		worst = max(worst, rec->died - longest);
		becomes(rec, DEAD, FREE);
	}
	expect(worst <= NSEC_PER_SEC, "nobody goes while another has been dead for a second more");
	expect(worst, "a CPU prefers its own");
	expect(!tlc_dead_evict(), "nobody is left");
	printf("ok order: %.3f s at most\n", worst / 1e9);
}

/* The pool is full, and a CPU frees one of the dead: another one has that, and no dead one goes. */
static void what_is_free_goes_first(void)
{
	struct tlc_record *rec = tlc_dead_evict();
	const unsigned long before = evicted;

	unhash(rec);
	this_cpu = 2;
	tlc_pool_put(rec);
	this_cpu = 0;
	expect(begin() && evicted == before, "what is free goes before the dead");
	expect(begin() && evicted == before + 1, "then they go");
}

/*
 * Two CPUs with connections: what do they take from each other?  With @ages a third one frees
 * the dead; else the pool is full, and each new connection has the record of a dead one.
 */
static void share(bool ages)
{
	const unsigned long n = 20000;
	struct tlc_record *live[LIVE] = { };
	unsigned long i, all = 0, of_all = 0;

	for (i = 0; i < n; i++) {
		if (i == n / 2) {
			memset(moves, 0, sizeof(moves));
			evicted = 0;
		}
		this_cpu = i % 2;
		if (live[i % LIVE])
			end(live[i % LIVE]);
		live[i % LIVE] = begin();
		this_cpu = 2;
		if (ages && i % 128 == 0)
			age(now);
	}
	for (i = 0; moves[i].name; i++) {
		printf("note: %s, from CPU to CPU %.3f times a connection\n", moves[i].name,
		       moves[i].times * 2. / n);
		all += moves[i].times;
		if (strstr(moves[i].name, "pool.lock"))
			of_all += moves[i].times;
	}
	expect(evicted == (ages ? 0 : n / 2), ages ? "the pool is large enough" : "the pool is full");
	expect(!ages || all, "a shared lock is seen");
	expect(ages || !of_all, "nobody asks what all share, which has none");
	expect(all * 2 < n / 5, "fewer than one connection in five takes a lock from another CPU");
	if (!ages)
		what_is_free_goes_first();
	printf("ok share: %.3f a connection\n", all * 2. / n);
}

/*
 * Connections on each thread; the first also ages them all. Nothing of the test's own is
 * written by two threads.
 */
static void *turns(void *arg)
{
	struct tlc_record *live[LIVE] = { }, *rec;
	unsigned long i;

	this_cpu = (unsigned long)arg;
	for (i = 1; i < connections; i++) {
		if (live[i % LIVE]) {
			WRITE_ONCE(live[i % LIVE]->died, i);
			tlc_dead_bury(live[i % LIVE]);
		}
		live[i % LIVE] = tlc_pool_get() ?: tlc_dead_evict();
		while (!this_cpu && i % 64 == 0 && (rec = tlc_dead_take(i)))
			tlc_pool_put(rec);
	}
	for (i = 0; i < LIVE; i++)
		if (live[i])
			tlc_dead_bury(live[i]);
	return NULL;
}

static double seconds(unsigned int threads)
{
	pthread_t thread[NR_CPUS];
	struct timespec from, to;
	unsigned long i;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, turns, (void *)i);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9;
}

static void ratio(unsigned int threads)
{
	double one;

	connections = 3000000;
	one = seconds(1);
	printf("%u threads do %.2f times what one does\n", threads, one * threads / seconds(threads));
}

int main(int argc, char **argv)
{
	tlc_dead_init();
	if (tlc_pool_init(CAPACITY))
		return 1;
	if (argc == 2 && !strcmp(argv[1], "order")) {
		order();
		return 0;
	}
	if (argc == 2 && (!strcmp(argv[1], "share") || !strcmp(argv[1], "share-full"))) {
		share(!strcmp(argv[1], "share"));
		return 0;
	}
	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "ratio")) {
		ratio(strtoul(argv[2], NULL, 10));
		return 0;
	}
	connections = strtoul(argv[2], NULL, 10);
	churn(strtoul(argv[1], NULL, 10));
	return 0;
}
