// SPDX-License-Identifier: GPL-2.0-only
/*
 * party.c: which records are subflows of one MPTCP connection.
 *
 * Owns: see party.h; a hash of lists, linked by the place of a record in the pool.
 * Called by: conn.c, chain.c and newcomer.c as records come and go, mptcp.c to ask;
 * in handler context.  Pure but for locks and memory.
 * Must not: allocate but at load, or be met by a connection without MPTCP.
 */
#include "table/party.h"

#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "secret.h"
#include "table/pool.h"

/* 0: none; else the place in the pool, plus 1 */
struct bucket {
	raw_spinlock_t lock;	/* Protects @head and the members it leads to */
	u32 head;
};

/* What a record is linked by; in an array of its own, for few are. */
struct member {
	u32 key_low;
	u32 key_high;
	u32 next;
};

static struct {
	struct bucket *bucket;
	struct member *member;	/* by place in the pool */
	unsigned int shift;
	struct tlc_secret secret;
} parties __read_mostly;

static struct bucket *bucket_of(u64 key)
{
	return &parties.bucket[tlc_secret_hash(&parties.secret, key) >> parties.shift];
}

static u64 key_of(const struct member *m)
{
	return (u64)m->key_high << 32 | m->key_low;
}

/* Take out whoever has this key, or the one at this place alone. */
static void take_out(struct bucket *b, u64 key, u32 place)
{
	u32 *link = &b->head;

	lockdep_assert_held(&b->lock);
	while (*link) {
		struct member *m = &parties.member[*link - 1];

		if (key_of(m) == key && (!place || place == *link))
			*link = m->next;
		else
			link = &m->next;
	}
}

/**
 * tlc_party_enter() - a record is found to be a subflow
 * @rec: record, in none so far, or in this one
 * @key: of the MPTCP connection
 *
 * Context: interrupts off; the lock of the record's chain is held.
 */
void tlc_party_enter(struct tlc_record *rec, u64 key)
{
	u32 place = tlc_pool_index(rec) + 1;
	struct member *m = &parties.member[place - 1];
	struct bucket *b = bucket_of(key);

	if (rec->flags & TLC_FLAG_PARTY)
		tlc_party_leave(rec);
	raw_spin_lock(&b->lock);
	m->key_low = key;
	m->key_high = key >> 32;
	m->next = b->head;
	b->head = place;
	raw_spin_unlock(&b->lock);
	rec->flags |= TLC_FLAG_PARTY;
}

/**
 * tlc_party_leave() - a record is to be another connection's, or nobody asks for it
 * @rec: record with TLC_FLAG_PARTY; it may have been taken out already
 *
 * Context: interrupts off; the lock of the record's chain is held.
 */
void tlc_party_leave(struct tlc_record *rec)
{
	u32 place = tlc_pool_index(rec) + 1;
	u64 key = key_of(&parties.member[place - 1]);
	struct bucket *b = bucket_of(key);

	raw_spin_lock(&b->lock);
	take_out(b, key, place);
	raw_spin_unlock(&b->lock);
	rec->flags &= ~TLC_FLAG_PARTY;
}

/**
 * tlc_party_forget() - an MPTCP socket begins: what had its address before is over
 * @key: its address
 *
 * Context: interrupts off, no chain's lock held.
 */
void tlc_party_forget(u64 key)
{
	struct bucket *b = bucket_of(key);

	raw_spin_lock(&b->lock);
	take_out(b, key, 0);
	raw_spin_unlock(&b->lock);
}

/**
 * tlc_party_list() - the subflows of an MPTCP connection
 * @key: its address
 * @party: filled
 *
 * Context: interrupts off, no chain's lock held; one may go, or its record, at once.
 */
void tlc_party_list(u64 key, struct tlc_party *party)
{
	struct bucket *b = bucket_of(key);
	u32 place;

	party->nr = 0;
	raw_spin_lock(&b->lock);
	for (place = b->head; place && party->nr < TLC_PARTY_MAX;
	     place = parties.member[place - 1].next) {
		const struct tlc_record *rec = tlc_pool_slot(place - 1);

		if (key_of(&parties.member[place - 1]) != key)
			continue;
		/* Neither changes while it is a member; other flags may. */
		party->cookie[party->nr] = READ_ONCE(rec->cookie);
		party->first[party->nr++] = !(READ_ONCE(rec->flags) & TLC_FLAG_JOINED);
	}
	raw_spin_unlock(&b->lock);
}

/**
 * tlc_party_init() - allocate the lists
 * @records: the pool holds
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tlc_party_init(unsigned int records)
{
	const u32 nr = max(roundup_pow_of_two(records) / 4, 2UL);
	u32 i;

	/* Not by kvcalloc(), which would round up to a power of two. */
	parties.member = __vmalloc(array_size(records, sizeof(*parties.member)),
				   GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	parties.bucket = kvcalloc(nr, sizeof(*parties.bucket), GFP_KERNEL | __GFP_NOWARN);
	if (!parties.member || !parties.bucket) {
		tlc_party_exit();
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		raw_spin_lock_init(&parties.bucket[i].lock);
	parties.shift = 64 - ilog2(nr);
	tlc_secret_draw(&parties.secret);
	return 0;
}

/**
 * tlc_party_exit() - free them
 *
 * Context: process; no handler is left.
 */
void tlc_party_exit(void)
{
	kvfree(parties.bucket);
	kvfree(parties.member);
	parties.bucket = NULL;
	parties.member = NULL;
}
