// SPDX-License-Identifier: GPL-2.0-only
/*
 * facts_of.c: questions about one record that several rules ask.
 */
#include "why/facts_of.h"

/**
 * facts_connected() - did this host connect()?
 * @c: a record
 */
bool facts_connected(const struct conn *c)
{
	switch (c->open) {
	case TCP_LIFECYCLE_OPEN_ACTIVE:
	case TCP_LIFECYCLE_OPEN_SIMULTANEOUS:
		return true;
	case TCP_LIFECYCLE_OPEN_FASTOPEN:
		return !conn_has(c, TCP_LIFECYCLE_A_CONN_LISTENER);
	default:
		return false;
	}
}

/**
 * facts_came_in() - did it come to a listener?
 * @c: a record
 */
bool facts_came_in(const struct conn *c)
{
	switch (c->open) {
	case TCP_LIFECYCLE_OPEN_PASSIVE:
	case TCP_LIFECYCLE_OPEN_SYNCOOKIE:
		return true;
	case TCP_LIFECYCLE_OPEN_FASTOPEN:
		return conn_has(c, TCP_LIFECYCLE_A_CONN_LISTENER);
	default:
		return false;
	}
}

/**
 * facts_is_listener() - is it a listener's?
 * @c: a record
 */
bool facts_is_listener(const struct conn *c)
{
	return c->open == TCP_LIFECYCLE_OPEN_LISTENER || c->state == TCP_LIFECYCLE_STATE_LISTEN ||
	       conn_has(c, TCP_LIFECYCLE_A_CONN_BACKLOG);
}

/**
 * facts_is_over() - has it closed, except for waiting 2MSL?
 * @c: a record
 */
bool facts_is_over(const struct conn *c)
{
	return conn_dead(c) || c->state == TCP_LIFECYCLE_STATE_TIME_WAIT;
}

/**
 * facts_opened() - was the handshake completed?
 * @c: a record with its entries
 */
bool facts_opened(const struct conn *c)
{
	return conn_entered(c, TCP_LIFECYCLE_STATE_ESTABLISHED);
}

/**
 * facts_in_state() - how long it has been in the state it is in
 * @c: a record with its entries
 *
 * Return: microseconds; of a socket older than the module since it was found, so at least
 * that long.  0 where it is not known.
 */
uint64_t facts_in_state(const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	if (!e || e->to != c->state || e->at_us > c->age_us)
		return 0;
	return c->age_us - e->at_us;
}

/**
 * facts_last_of() - the last entry of a cause, or NULL
 * @c: a record with its entries
 * @cause: enum tcp_lifecycle_cause
 */
const struct entry *facts_last_of(const struct conn *c, uint8_t cause)
{
	unsigned int i = c->nr_entries;

	while (i--)
		if (c->entry[i].cause == cause)
			return &c->entry[i];
	return NULL;
}
