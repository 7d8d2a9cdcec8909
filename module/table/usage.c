// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage.c: how full the pool is.
 *
 * Owns: what is held by the living: whatever is neither free nor dead.
 * Called by: readers and the census.
 */
#include "table/usage.h"

#include "table/dead.h"
#include "table/pool.h"

/**
 * tlc_usage() - how full the pool is
 *
 * While connections come and go, the numbers are of moments that are close to each other,
 * not of one.
 *
 * Context: any.
 */
struct tlc_usage tlc_usage(void)
{
	struct tlc_usage u = { .capacity = tlc_pool_capacity(), .dead = tlc_dead_number() };
	unsigned int taken = tlc_pool_taken();

	u.live = taken > u.dead ? taken - u.dead : 0;
	return u;
}
