// SPDX-License-Identifier: GPL-2.0-only
/*
 * secret_test.c: whether a table gives its secret away.
 */
#include <kunit/test.h>
#include <linux/log2.h>

#include "secret.h"

#define COOKIES	2048U
#define BUCKETS	1024U
#define OTHERS	256U
#define SECRETS	8U

static u32 bucket(const struct tlc_secret *secret, u64 cookie)
{
	return tlc_secret_hash(secret, cookie) >> (64 - ilog2(BUCKETS));
}

/* The same in each run. */
static u64 next(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed ^ (*seed >> 29);
}

static struct tlc_secret draw(u64 *seed)
{
	return (struct tlc_secret) {
		.factor = { next(seed) | 1, next(seed) | 1 }, .summand = next(seed),
	};
}

/* Cookies as sockets have them, one after the other. */
static void cookies_are_spread_evenly(struct kunit *test)
{
	u64 seed = 1, cookie, fullest = 0;
	unsigned int i, n;
	u8 *in;

	in = kunit_kzalloc(test, BUCKETS, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, in);
	for (i = 0; i < SECRETS; i++) {
		const struct tlc_secret secret = draw(&seed);

		memset(in, 0, BUCKETS);
		for (cookie = 1; cookie <= COOKIES; cookie++)
			in[bucket(&secret, cookie)]++;
		for (n = 0; n < BUCKETS; n++)
			fullest = max_t(u64, fullest, in[n]);
	}
	/* Thrown at random, two each on average, 12 are in one of 8,000 once in 20. */
	KUNIT_EXPECT_LE(test, fullest, 14ULL);
}

/* Of two that share a bucket: how many others as far apart share one, too? */
static unsigned int shared_by_others(const struct tlc_secret *secret, u64 apart)
{
	unsigned int i, n = 0;

	for (i = 1; i <= OTHERS; i++) {
		const u64 other = 100000 * i;

		n += bucket(secret, other) == bucket(secret, other + apart);
	}
	return n;
}

/*
 * Who finds out by the clock that two of his share a bucket must not know others by
 * that: as many are to be expected as between any two.
 */
static void a_pair_that_meets_tells_of_no_other(struct kunit *test)
{
	unsigned int i, pairs = 0, met = 0;
	u64 seed = 7, a, b;

	for (i = 0; i < SECRETS; i++) {
		const struct tlc_secret secret = draw(&seed);

		for (a = 1; a <= COOKIES; a += 16) {
			for (b = a + 1; b <= COOKIES; b++) {
				if (bucket(&secret, a) != bucket(&secret, b))
					continue;
				pairs++;
				met += shared_by_others(&secret, b - a);
			}
		}
	}
	KUNIT_EXPECT_GT(test, pairs, 500U);
	KUNIT_EXPECT_LE(test, met, pairs * OTHERS / BUCKETS * 5 / 4);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cookies_are_spread_evenly),
	KUNIT_CASE(a_pair_that_meets_tells_of_no_other),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_secret",
	.test_cases = cases,
};

kunit_test_suite(suite);
