/* SPDX-License-Identifier: GPL-2.0 */
/*
 * diagram.h: the state diagram, and which of its edges were seen.
 *
 * Used by: stats.c.
 * Must not: have a diagram of its own; it is the module's, module/life/fsm.c.
 */
#ifndef TCPLC_DIAGRAM_H
#define TCPLC_DIAGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "life/fsm.h"

struct diagram {
	bool seen[TLC_STATES][TLC_STATES];
};

void diagram_see(struct diagram *d, uint8_t from, uint8_t to);
void diagram_print(FILE *out, const struct diagram *d, unsigned int width);
json_t *diagram_json(const struct diagram *d);

#endif /* TCPLC_DIAGRAM_H */
