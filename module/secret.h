/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * secret.h: a place in a hash table that nobody outside can work out.
 *
 * Any process can ask for the cookies of its sockets and namespaces, throw most of
 * them away, and keep those that would share a bucket: without a secret that bucket
 * becomes as long as the table is large, and it is others who search it.
 *
 * Used by: chain.h, for each hit, and feed.c, for each event.
 */
#ifndef TLC_SECRET_H
#define TLC_SECRET_H

#include <linux/random.h>
#include <linux/types.h>

/**
 * struct tlc_secret - drawn at load
 * @factor: of the first round and of the second, odd
 * @summand: of the first
 */
struct tlc_secret {
	u64 factor[2];
	u64 summand;
};

/**
 * tlc_secret_draw() - a new one
 * @secret: filled
 *
 * Context: process.
 */
static inline void tlc_secret_draw(struct tlc_secret *secret)
{
	get_random_bytes(secret, sizeof(*secret));
	secret->factor[0] |= 1;
	secret->factor[1] |= 1;
}

/**
 * tlc_secret_hash() - where a cookie belongs
 * @secret: of the table
 * @cookie: cookie
 *
 * A multiplication alone, or hash_64() of an XOR, lets differences through: once two
 * cookies are known to share a bucket, others as far apart are likely to.  So its
 * upper half is mixed into the lower before there is another.  No cryptography:
 * jhash, by which inet_ehashfn() places connections, took 460 instructions more of
 * each of them.
 *
 * Context: any.
 * Return: its upper bits are the ones to take.
 */
static inline u64 tlc_secret_hash(const struct tlc_secret *secret, u64 cookie)
{
	u64 once = cookie * secret->factor[0] + secret->summand;

	return (once ^ (once >> 32)) * secret->factor[1];
}

#endif /* TLC_SECRET_H */
