// SPDX-License-Identifier: GPL-2.0
/*
 * fired.c: which timers fired in a life.
 *
 * Pure.
 */
#include "fired.h"

#define C(name) TCP_LIFECYCLE_CAUSE_##name

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

/**
 * fired_for_unsent() - of the timers that send data, was the last one for what never left?
 * @c: a connection with its entries
 */
bool fired_for_unsent(const struct conn *c)
{
	const struct entry *e, *last = NULL;
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++) {
		e = &c->entry[i];
		if ((e->cause == C(TIMER_UNSENT) || e->cause == C(TIMER_PROBE) ||
		     e->cause == C(TIMER_RTO_DATA) || e->cause == C(TIMER_RTO_FIN)) &&
		    (!last || e->last >= last->last))
			last = e;
	}
	return last && last->cause == C(TIMER_UNSENT);
}
