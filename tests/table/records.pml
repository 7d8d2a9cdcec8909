/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.pml: who may hold, move and free a record (module/table/pool.c, dead.c,
 * newcomer.c, conn.c, ageing.c), on three processors with two records.
 *
 * What is done under a list's own lock is atomic here. The lock of a record's chain is
 * modelled, for what is done in between: a record may leave a list while somebody has its
 * chain. Lists are sets; in which order records go is tested elsewhere (churn.c).
 *
 *	spin -search tests/table/records.pml
 *	spin -DPLANTED=N -search tests/table/records.pml	one of the races it must find
 */
#ifndef PLANTED
#define PLANTED 0
#endif

#define CPUS 3
#define RECORDS 2
#define ROUNDS 2

/* Where a record is; dead ones also are in their chain. */
#define FREE 0		/* and with which CPU does not matter: any may take it */
#define TAKEN 1		/* in no list: somebody has it, or it lives */
#define DEAD 2
#define UNTOLD 3

byte in[RECORDS];
bool chained[RECORDS];
bool alive[RECORDS];
bool locked[RECORDS];	/* its chain */
byte done;
byte had_by[RECORDS];	/* CPUs that think it is theirs alone */

inline lock(r) { atomic { !locked[r] -> locked[r] = true } }
inline unlock(r) { locked[r] = false }

/* It was taken off its list: nobody else can have it. */
inline have(r) { had_by[r]++; assert(had_by[r] == 1) }

/* tlc_chain_unhash() */
inline unhash(r) {
	lock(r);
	assert(chained[r] && !alive[r]);
	chained[r] = false;
	unlock(r)
}

/* tlc_pool_put() */
inline put(r) {
	atomic {
		assert(!chained[r] && !alive[r] && in[r] == TAKEN);
		had_by[r]--;
		in[r] = FREE
	}
}

/* tlc_pool_get(), or else tlc_dead_evict() */
inline get(r) {
	if
	:: atomic { in[0] == FREE -> r = 0; in[r] = TAKEN; have(r) }
	:: atomic { in[1] == FREE -> r = 1; in[r] = TAKEN; have(r) }
	:: atomic { in[0] >= DEAD && in[1] != FREE -> r = 0; in[r] = TAKEN; have(r) }; unhash(r)
	:: atomic { in[1] >= DEAD && in[0] != FREE -> r = 1; in[r] = TAKEN; have(r) }; unhash(r)
	:: atomic { in[0] == TAKEN && in[1] == TAKEN -> r = RECORDS }
	fi
}

/* tlc_newcomer_join(), then the end of it: tlc_dead_bury() */
inline live(r) {
	get(r);
	if
	:: r < RECORDS ->
		lock(r);
		assert(!chained[r] && !alive[r]);
		chained[r] = true;
		alive[r] = true;
		had_by[r]--;
		unlock(r);
		lock(r);
		assert(chained[r] && alive[r]);
		alive[r] = false;
		atomic {
			assert(in[r] == TAKEN);
			if
			:: in[r] = DEAD
			:: in[r] = UNTOLD
			fi
		}
		unlock(r)
	:: else
	fi
}

/* trim(): the oldest of a socket goes, if nobody else has taken it */
inline exhume(r) {
	select(r : 0 .. RECORDS - 1);
	lock(r);
	taken = false;
	if
	:: chained[r] && !alive[r] ->
#if PLANTED == 1
		taken = true;
		in[r] = TAKEN;
		had_by[r]++
#else
		atomic {
			if
			:: in[r] >= DEAD -> in[r] = TAKEN; have(r); taken = true
			:: else
			fi
		}
#endif
	:: else
	fi;
	if
	:: taken -> chained[r] = false
	:: else
	fi;
	unlock(r);
	if
	:: taken -> put(r)
	:: else
	fi
}

/* tlc_conn_next_ended(): from one list to the other, in neither for a moment */
inline tell(r) {
	select(r : 0 .. RECORDS - 1);
	if
	:: in[r] == UNTOLD ->
		lock(r);
		atomic {
			if
			:: in[r] == UNTOLD -> in[r] = TAKEN; taken = true
			:: else -> taken = false
			fi
		}
		if
		:: taken ->
			atomic { assert(in[r] == TAKEN); assert(had_by[r] == 0); in[r] = DEAD }
		:: else
		fi;
		unlock(r)
	:: else
	fi
}

/* free_dead() */
inline age(r) {
	if
#if PLANTED == 2
	:: in[0] >= DEAD -> r = 0; in[r] = TAKEN; have(r)
#else
	:: atomic { in[0] >= DEAD -> r = 0; in[r] = TAKEN; have(r) }
#endif
	:: atomic { in[1] >= DEAD -> r = 1; in[r] = TAKEN; have(r) }
	:: atomic { in[0] < DEAD && in[1] < DEAD -> r = RECORDS }
	fi;
	if
	:: r < RECORDS ->
#if PLANTED == 3
		put(r)
#else
		unhash(r);
		put(r)
#endif
	:: else
	fi
}

active [CPUS] proctype cpu()
{
	byte round, r;
	bool taken;

	for (round : 1 .. ROUNDS) {
		if
		:: live(r)
		:: exhume(r)
		:: tell(r)
		:: age(r)
		fi
	}
	atomic { done++ }
}

/* Once all are done, each record is in one place. */
active proctype stock()
{
	byte r;

	done == CPUS;
	for (r : 0 .. RECORDS - 1) {
		assert(had_by[r] == 0 && !locked[r] && !alive[r]);
		assert(in[r] != TAKEN);
		assert(chained[r] == (in[r] != FREE))
	}
}
