/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * losses.h: what the module may have failed to see, for who wonders why it does not know.
 *
 * Owns: struct losses, and asking for it.
 * Used by: show.c; sentence.c says what follows.
 */
#ifndef TCPLC_LOSSES_H
#define TCPLC_LOSSES_H

#include <stdbool.h>
#include <stdint.h>

#include "ask/nl.h"

/**
 * struct losses - what the module may have failed to see
 * @known: it could be asked for
 * @absent: hooks that this kernel does not have
 * @off: hooks that are turned off now
 * @has_missed: @missed may be seen by this user
 * @missed: hits the kernel could not deliver to a hook, since the load
 */
struct losses {
	bool known;
	unsigned int absent;
	unsigned int off;
	bool has_missed;
	uint64_t missed;
};

void losses_get(struct nl *nl, struct losses *l);

#endif /* TCPLC_LOSSES_H */
