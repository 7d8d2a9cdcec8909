/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * svg.h: a picture, written as it goes.
 *
 * Owns: escaping, numbers, an estimate of how wide a text will be.
 * Used by: whatever draws: ladder_svg.c, diagram_svg.c, timeline_svg.c, palette.c.
 * Must not: know what is drawn; colours are classes, which picture.css defines.
 */
#ifndef TCPLC_SVG_H
#define TCPLC_SVG_H

#include <stdbool.h>
#include <stdio.h>

#define SVG_TEXT_SIZE 12	/* of the font, in units of the picture, as in picture.css */

/**
 * struct svg_page - a whole picture
 * @width: in units, which are pixels at the size it was made for
 * @height: likewise
 * @title: what it shows, for who cannot see it
 * @about: the same at length, or NULL
 * @inlined: it is part of a page, which has picture.css
 */
struct svg_page {
	double width;
	double height;
	const char *title;
	const char *about;
	bool inlined;
};

extern const char picture_css[];

void svg_begin(FILE *out, const struct svg_page *page);
void svg_end(FILE *out);
void svg_escape(FILE *out, const char *text);
void svg_number(FILE *out, const char *name, double value);
void svg_group(FILE *out, const char *class, const char *title);
void svg_group_end(FILE *out);
void svg_rect(FILE *out, const char *class, double x, double y, double w, double h);
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_path(FILE *out, const char *class, const char *d);
void svg_text(FILE *out, const char *class, double x, double y, const char *text);
void svg_text_turned(FILE *out, const char *class, double x, double y, double degrees,
		     const char *text);
double svg_prose(FILE *out, const char *class, double x, double y, double width,
		 const char *text);
double svg_width(const char *text);

#endif /* TCPLC_SVG_H */
