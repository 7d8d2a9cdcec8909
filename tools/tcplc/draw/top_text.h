/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_text.h: totals as a screen, or as JSON.
 *
 * Used by: top.c.
 * Must not: know the terminal.
 */
#ifndef TCPLC_TOP_TEXT_H
#define TCPLC_TOP_TEXT_H

#include <jansson.h>
#include <stdio.h>

#include "ask/snapshot.h"

/**
 * struct top_style - how a screen is to be
 * @width: of a line, or TEXT_WIDE
 * @by: what peers and processes are sorted by
 * @keys: there are keys
 * @paused: it is not updated
 */
struct top_style {
	unsigned int width;
	enum parties_by by;
	bool keys;
	bool paused;
};

void top_text_print(FILE *out, const struct look *now, const struct look *before,
		    const struct top_style *style);
json_t *top_text_json(const struct look *now, const struct look *before);

void top_text_fit(FILE *out, const char *text, unsigned int room);

#endif /* TCPLC_TOP_TEXT_H */
