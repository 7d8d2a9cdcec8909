/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lives.pml: a record that ends while somebody adds up is in the sum once
 * (module/totals/lives.c), on two processors with two slots, and a third that adds up twice.
 *
 * A record adds 1 from when it is begun: to a walk as long as it lives, to a side once it
 * has ended. A sum is right if no record is missing that was there when the sum was begun, and
 * none is counted that came after its end.
 *
 *	spin -search tests/table/lives.pml
 *	spin -DPLANTED=N -search tests/table/lives.pml	one of the races it must find
 */
#ifndef PLANTED
#define PLANTED 0
#endif

#define CPUS 2
#define SLOTS 2
#define ROUNDS 2
#define WALKS 2

bool locked[SLOTS];	/* the chain of the record in it */
bool alive[SLOTS];
bool taken[SLOTS];	/* by one who is about to begin, or the dead */
byte side[2];
byte walked;		/* slots in front of which the walk is */
bit front;		/* side of those it has yet to come to */
byte begun, born;	/* are about to be counted, are counted */
byte handler[CPUS];	/* odd: within one; for synchronize_rcu() */
byte done;

inline lock(s) { atomic { !locked[s] -> locked[s] = true } }
inline unlock(s) { locked[s] = false }

active [CPUS] proctype cpu()
{
	byte round, s;
	bit to;

	for (round : 1 .. ROUNDS) {
		/* tlc_newcomer_join() */
		atomic {
			if
			:: !taken[0] -> s = 0
			:: !taken[1] -> s = 1
			fi;
			taken[s] = true
		}
		atomic { handler[_pid]++; begun++ }
		lock(s);
		alive[s] = true;
		born++;
		unlock(s);
		handler[_pid]++;
		/* tlc_lives_fold() */
		handler[_pid]++;
		lock(s);
		to = front ^ (s < walked);
#if PLANTED == 1
		unlock(s);
#endif
		side[to]++;
		alive[s] = false;
#if PLANTED != 1
		unlock(s);
#endif
		handler[_pid]++;
		/* It is evicted. */
		taken[s] = false
	}
	atomic { done++ }
}

active proctype reader()
{
	byte walk, s, sum, least, c, was;

	for (walk : 1 .. WALKS) {
		least = born;
		/* tlc_lives_walk() */
		sum = side[1 - front];
		for (s : 0 .. SLOTS - 1) {
			if
			:: lock(s);
			   if
			   :: alive[s] -> sum++
			   :: else
			   fi;
#if PLANTED == 2
			   unlock(s);
			   walked = s + 1
#else
			   walked = s + 1;
			   unlock(s)
#endif
			/* Nobody is in it, and no lock is taken. */
			:: !taken[s] -> walked = s + 1
			fi
		}
		/* tlc_lives_walk_end(); both are in one word there */
		atomic { front = 1 - front; walked = 0 }
#if PLANTED != 3
		for (c : 0 .. CPUS - 1) {
			was = handler[c];
			was % 2 == 0 || handler[c] != was
		}
#endif
		sum = sum + side[1 - front];
		assert(sum >= least);
		assert(sum <= begun)
	}
	/* All have ended: nothing was counted twice, or lost. */
	done == CPUS;
	assert(side[0] + side[1] == CPUS * ROUNDS)
}
