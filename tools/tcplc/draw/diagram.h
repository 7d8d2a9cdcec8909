/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diagram.h: the state diagram, and which of its edges were seen.
 *
 * Used by: stats.c, diagram_command.c, report.c; drawn by diagram_svg.c.
 * Must not: have a diagram of its own; it is the module's, module/life/fsm.c.
 */
#ifndef TCPLC_DIAGRAM_H
#define TCPLC_DIAGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "base/conn.h"
#include "life/fsm.h"

/**
 * struct diagram - how often each edge was taken
 * @count: from a state to another
 * @step: where one connection is shown: which of its steps this was first, from 1
 */
struct diagram {
	uint64_t count[TLC_STATES][TLC_STATES];
	uint16_t step[TLC_STATES][TLC_STATES];
};

void diagram_add(struct diagram *d, uint8_t from, uint8_t to, uint64_t count);
void diagram_add_life(struct diagram *d, const struct conn *c, bool steps);
void diagram_print(FILE *out, const struct diagram *d, unsigned int width);
json_t *diagram_json(const struct diagram *d);

#endif /* TCPLC_DIAGRAM_H */
