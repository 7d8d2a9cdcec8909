// SPDX-License-Identifier: GPL-2.0-only
/*
 * fired.c: which timers fired in a life.
 *
 * Pure.
 */
#include "draw/fired.h"

#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define CLOSE(name) TCP_LIFECYCLE_CLOSE_##name

/**
 * fired_count() - how often something happened within states
 * @c: a connection with its entries
 * @cause: what
 *
 * Return: or more, where the record could not count on.
 */
unsigned int fired_count(const struct conn *c, uint8_t cause)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->nr_entries; i++)
		if (c->entry[i].cause == cause)
			n += c->entry[i].count;
	return n;
}

/* Of the timers that send data, was the last one for what never left? */
static bool for_unsent(const struct conn *c)
{
	const struct entry *e, *last = NULL;
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++) {
		e = &c->entry[i];
		if ((e->cause == C(TIMER_UNSENT) || e->cause == C(TIMER_PROBE) ||
		     e->cause == C(TIMER_RTO_DATA) || e->cause == C(TIMER_RTO_FIN)) &&
		    (!last || e->last_us >= last->last_us))
			last = e;
	}
	return last && last->cause == C(TIMER_UNSENT);
}

#define NEVER_LEFT "This host failed to send although the peer's window was open"
#define LOOK_HERE ": check its firewall, routes and queues."

/**
 * fired_in_vain() - say how one of the ends came to which more than one timer leads
 * @out: where to
 * @c: a connection with its entries; it closed as unsent, user-timeout or orphan
 */
void fired_in_vain(FILE *out, const struct conn *c)
{
	switch (c->close) {
	case CLOSE(UNSENT):
		fputs(NEVER_LEFT ", and its retries ran out" LOOK_HERE, out);
		return;
	case CLOSE(USER_TIMEOUT):
		fputs(for_unsent(c) ?
		      NEVER_LEFT ", and TCP_USER_TIMEOUT ran out" LOOK_HERE :
		      "It ended because the peer acknowledged nothing within TCP_USER_TIMEOUT.",
		      out);
		return;
	}
	fputs("It ended because no process had it open and a limit on such sockets was reached: retransmissions, number or memory.",
	      out);
	if (for_unsent(c))
		fputs(" " NEVER_LEFT LOOK_HERE, out);
}
