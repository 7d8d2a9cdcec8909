// SPDX-License-Identifier: GPL-2.0-only
/*
 * query.c: which records a reader wants.
 *
 * Owns: what each condition means.
 * Called by: conn.c on behalf of a reader, with the lock of the record's chain
 * held.  Pure.
 * Must not: sleep, or look at more than the record.
 */
#include "answer/query.h"

#include <linux/minmax.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "life/history.h"
#include "life/reading.h"

static bool in_mask(u64 mask, u8 value)
{
	return !mask || (value < 64 && mask & (1ULL << value));
}

static bool same_bits(const u8 *a, const u8 *b, unsigned int bits)
{
	unsigned int bytes = bits / 8, rest = bits % 8;

	if (memcmp(a, b, bytes))
		return false;
	return !rest || !((a[bytes] ^ b[bytes]) >> (8 - rest));
}

static bool addr_matches(const struct tlc_query_addr *q,
			 const struct tlc_ident *id, const u8 *addr)
{
	bool ipv6 = id->family == TCP_LIFECYCLE_FAMILY_IPV6;

	if (!q->family)
		return true;
	return ipv6 == (q->family == AF_INET6) &&
	       same_bits(q->addr, addr, q->bits);
}

static bool ports_match(const struct tlc_query *q, const struct tlc_ident *id)
{
	return (!q->lport || q->lport == id->lport) &&
	       (!q->rport || q->rport == id->rport) &&
	       (!q->port || q->port == id->lport || q->port == id->rport);
}

/* Boot time of the last thing on record, ns. */
static u64 last_sign(const struct tlc_record *rec)
{
	u64 last_us = 0;
	unsigned int i;

	for (i = 0; i < rec->nr; i++) {
		const struct tlc_entry *e = &rec->entry[i];
		u64 us = tlc_history_is_move(e) || tlc_reading_has_length(e) ?
			 e->at_us : tlc_reading_last_us(e);

		last_us = max(last_us, us);
	}
	return rec->born + last_us * NSEC_PER_USEC;
}

/**
 * tlc_query_matches() - does the reader want this one?
 * @rec: record
 * @query: struct tlc_query
 *
 * A tlc_want_fn.  Context: any.
 */
bool tlc_query_matches(const struct tlc_record *rec, const void *query)
{
	const struct tlc_query *q = query;

	return (!q->net || q->net == rec->id.net) &&
	       (!q->cookie || q->cookie == rec->cookie) &&
	       (q->any_generation || q->generation == rec->generation) &&
	       in_mask(q->states, rec->state) &&
	       in_mask(q->families, rec->id.family) &&
	       in_mask(q->opens, rec->open) &&
	       in_mask(q->firsts, rec->first) &&
	       in_mask(q->closes, rec->close) &&
	       ports_match(q, &rec->id) &&
	       addr_matches(&q->local, &rec->id, rec->id.local) &&
	       addr_matches(&q->remote, &rec->id, rec->id.remote) &&
	       (!q->since || last_sign(rec) >= q->since);
}
