// SPDX-License-Identifier: GPL-2.0-only
/*
 * reading.c: what a reader works out from a record.
 *
 * Owns: values that are not stored because they follow from those that are.
 * Called by: format.c and pack.c with a copy of a record, so that text and
 * netlink say the same.  Pure.
 * Must not: be needed by a handler.
 */
#include "life/reading.h"

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "life/history.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/**
 * tlc_reading_age() - from its start to its end, or to now
 * @rec: record
 * @now: boot time, ns
 *
 * Return: ns; 0 if another CPU began it behind @now.
 */
u64 tlc_reading_age(const struct tlc_record *rec, u64 now)
{
	const u64 end = rec->died ?: now;

	return end > rec->born ? end - rec->born : 0;
}

/**
 * tlc_reading_accept_wait() - time in the accept queue
 * @rec: record
 * @us: filled, microseconds
 *
 * Return: false if it is not known, as for all of these.
 */
bool tlc_reading_accept_wait(const struct tlc_record *rec, u32 *us)
{
	const struct tlc_entry *accepted = tlc_history_find(rec, C(ACCEPTED));
	const struct tlc_entry *ready = tlc_history_entered(rec, S(ESTABLISHED));

	if (!accepted || !ready || accepted->at_us < ready->at_us)
		return false;
	*us = min_t(u64, accepted->at_us - ready->at_us, U32_MAX);
	return true;
}

/**
 * tlc_reading_after_fin() - bytes that went the other way after the first FIN
 * @rec: record
 * @bytes: filled
 */
bool tlc_reading_after_fin(const struct tlc_record *rec, u64 *bytes)
{
	const struct tlc_conn_facts *c = &rec->conn;
	u64 after = rec->first == TCP_LIFECYCLE_FIRST_PEER ? c->tx : c->rx;

	if (!(rec->flags & TLC_FLAG_FIRST_FIN))
		return false;
	*bytes = after > c->fin_mark ? after - c->fin_mark : 0;
	return true;
}

/**
 * tlc_reading_tw_planned() - length the 2MSL timer was set to
 * @rec: record
 * @ms: filled, milliseconds
 */
bool tlc_reading_tw_planned(const struct tlc_record *rec, u32 *ms)
{
	const struct tlc_entry *armed = tlc_history_find(rec, C(2MSL_ARMED));

	if (armed)
		*ms = armed->length_ms;
	return armed;
}

/**
 * tlc_reading_tw_actual() - how long TIME_WAIT lasted
 * @rec: record
 * @us: filled, microseconds
 */
bool tlc_reading_tw_actual(const struct tlc_record *rec, u64 *us)
{
	const struct tlc_entry *entered = tlc_history_entered(rec, S(TIME_WAIT));
	const struct tlc_entry *left = tlc_history_entered(rec, S(CLOSED));

	if (!entered || !left || !tlc_reading_knows_when(left))
		return false;
	*us = left->at_us - entered->at_us;
	return true;
}

/**
 * tlc_reading_lived() - how long it was of use: until TIME_WAIT, or the end
 * @rec: record
 * @now: boot time, for one that goes on, ns
 * @us: filled, microseconds
 *
 * Not known of one that was in TIME_WAIT when it was found, and of one whose end
 * nobody saw.
 */
bool tlc_reading_lived(const struct tlc_record *rec, u64 now, u64 *us)
{
	const struct tlc_entry *end = tlc_history_entered(rec, S(TIME_WAIT));

	if (!end)
		end = tlc_history_entered(rec, S(CLOSED));
	if (end) {
		*us = end->at_us;
		return end->from != S(TIME_WAIT) && tlc_reading_knows_when(end);
	}
	*us = div_u64(tlc_reading_age(rec, now), NSEC_PER_USEC);
	return rec->state != S(TIME_WAIT) && !rec->died;
}

/**
 * tlc_reading_is_older() - was the socket there before the module?
 * @rec: record; its start then is when it was found
 */
bool tlc_reading_is_older(const struct tlc_record *rec)
{
	return rec->open == TCP_LIFECYCLE_OPEN_PREEXISTING ||
	       (rec->nr && rec->entry[0].cause == C(FOUND));
}

/**
 * tlc_reading_has_scope() - does an address hold on one interface only?
 * @id: whose it is
 * @addr: its local or its remote address
 *
 * Return: true for an IPv6 link-local one whose interface is known.
 */
bool tlc_reading_has_scope(const struct tlc_ident *id, const u8 *addr)
{
	return id->ifindex && id->family == TCP_LIFECYCLE_FAMILY_IPV6 &&
	       addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80;
}
