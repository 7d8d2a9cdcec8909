/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * picture.h: the life of one connection as a picture.
 *
 * Owns: its options, and finding the record of the other end.
 * Used by: show.c.
 * Must not: draw.
 */
#ifndef TCPLC_PICTURE_H
#define TCPLC_PICTURE_H

#include "ask/losses.h"
#include "base/conn.h"
#include "cmd/options.h"
#include "draw/ladder_layout.h"

/**
 * struct picture_options - what was asked for
 * @svg: a picture
 * @scaled: @scale was given
 * @scale: what a distance down the picture means
 */
struct picture_options {
	bool svg;
	bool scaled;
	enum ladder_scale scale;
};

enum {
	PICTURE_SVG = OPTIONS_OWN,
	PICTURE_SCALE,
};

#define PICTURE_LONGS							\
	{ "svg", no_argument, NULL, PICTURE_SVG },			\
	{ "scale", required_argument, NULL, PICTURE_SCALE }

int picture_take(void *data, int opt, const char *arg);
int picture_print(struct tcplc *ctx, const struct conn *c, enum ladder_scale scale,
		  const struct losses *losses);

#endif /* TCPLC_PICTURE_H */
