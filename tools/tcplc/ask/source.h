/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source.h: what can answer in place of the module.
 *
 * Owns: the questions such a source must have an answer to.
 * Used by: query.c and counters.c, which ask it if there is one; saved/, which
 * answers from a file.
 * Must not: be called by anything else: who asks need not know who answers.
 */
#ifndef TCPLC_SOURCE_H
#define TCPLC_SOURCE_H

#include <stdint.h>

struct conn;
struct counters;
struct edge;
struct histogram;
struct hook;
struct host;
struct nl;
struct query;
struct settings;
struct tcplc;

/* As query_fn, counters_edge_fn, counters_histogram_fn and counters_hook_fn. */
typedef int (*source_conn_fn)(const struct conn *c, void *data);
typedef int (*source_edge_fn)(const struct edge *e, void *data);
typedef int (*source_histogram_fn)(const struct histogram *h, void *data);
typedef int (*source_hook_fn)(const struct hook *h, void *data);

/**
 * struct source - the answers
 * @dump: as query_dump()
 * @one: as query_one()
 * @counters: as counters_get(), with all of @t zero
 * @edges: as counters_edges()
 * @histograms: as counters_histograms()
 * @hooks: as counters_hooks()
 * @settings: as settings_get(), with all of @s zero
 * @host: fills in what is known; all of @h is unknown before
 * @end: lets go of it; returns 0, or -1 if something was wrong with what it read,
 *	which &nl.why then says
 */
struct source {
	int (*dump)(struct tcplc *ctx, const struct query *q, source_conn_fn fn, void *data);
	int (*one)(struct tcplc *ctx, uint64_t cookie, const uint32_t *generation,
		   source_conn_fn fn, void *data);
	int (*counters)(struct nl *nl, struct counters *t);
	int (*edges)(struct nl *nl, source_edge_fn fn, void *data);
	int (*histograms)(struct nl *nl, source_histogram_fn fn, void *data);
	int (*hooks)(struct nl *nl, source_hook_fn fn, void *data);
	int (*settings)(struct nl *nl, struct settings *s);
	void (*host)(struct nl *nl, struct host *h);
	int (*end)(struct nl *nl);
};

#endif /* TCPLC_SOURCE_H */
