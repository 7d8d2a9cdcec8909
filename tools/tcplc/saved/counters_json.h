/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters_json.h: totals, transitions, histograms and hooks as JSON, and back.
 *
 * Owns: their form, see docs/json.md.
 * Used by: save.c and stats.c, which write them; saved.c, which reads them.
 * Must not: believe what it reads: the file may be by anyone.
 */
#ifndef TCPLC_COUNTERS_JSON_H
#define TCPLC_COUNTERS_JSON_H

#include <jansson.h>

#include "ask/counters.h"

json_t *counters_json(const struct counters *t);
json_t *edge_json(const struct edge *e);
json_t *histogram_json(const struct histogram *h);
json_t *hook_json(const struct hook *h);
int counters_json_read(const json_t *object, struct counters *t);
int edge_json_read(const json_t *object, struct edge *e);
int histogram_json_read(const json_t *object, struct histogram *h);
int hook_json_read(const json_t *object, struct hook *h);

#endif /* TCPLC_COUNTERS_JSON_H */
