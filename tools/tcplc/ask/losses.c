// SPDX-License-Identifier: GPL-2.0-only
/*
 * losses.c: what the module may have failed to see.
 */
#include "ask/losses.h"

#include <string.h>

#include "ask/counters.h"

static int take_hook(const struct hook *h, void *data)
{
	struct losses *l = data;

	l->absent += !h->attached;
	l->off += h->attached && !h->enabled;
	l->has_missed |= h->has_counts;
	l->missed += h->missed;
	return 0;
}

/**
 * losses_get() - ask the module
 * @nl: open
 * @l: filled; nothing is known if it does not answer, which is no error here
 */
void losses_get(struct nl *nl, struct losses *l)
{
	memset(l, 0, sizeof(*l));
	l->known = !counters_hooks(nl, take_hook, l);
	if (!l->known)
		nl->why[0] = '\0';
}
