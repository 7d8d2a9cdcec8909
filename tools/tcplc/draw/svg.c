// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg.c: a picture, written as it goes.
 *
 * Every text goes through svg_escape(), also one that is harmless already.
 */
#include "draw/svg.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINE 17		/* from one line of prose to the next */

/* Length of the UTF-8 sequence at @s, 0 if XML may not have it. */
static size_t sequence(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
		     s[0] < 0xf5 ? 4 : 0;
	uint32_t code = len > 1 ? s[0] & (0x7f >> len) : s[0];
	size_t i;

	if (!len)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < ' ' || (code >= 0x7f && code < 0xa0) || code < least[len] ||
	    (code >= 0xd800 && code < 0xe000) || (code & 0xfffe) == 0xfffe || code > 0x10ffff)
		return 0;
	/* These would turn round what stands behind them. */
	if ((code >= 0x200e && code < 0x2010) || (code >= 0x202a && code < 0x202f) ||
	    (code >= 0x2066 && code < 0x206a))
		return 0;
	return len;
}

/**
 * svg_escape() - write a text so that it stays one
 * @out: where
 * @text: any bytes, ended by a NUL; those that are no text are written as \xHH
 */
void svg_escape(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	for (; *s; s += len ? len : 1) {
		len = sequence(s);
		switch (*s) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			if (len)
				fwrite(s, 1, len, out);
			else
				fprintf(out, "\\x%02x", *s);
		}
	}
}

/**
 * svg_number() - write an attribute that is a number
 * @out: where
 * @name: of the attribute; or what stands before a number in a path
 * @value: written to a tenth, with a point, whatever the locale has for it
 */
void svg_number(FILE *out, const char *name, double value)
{
	long tenths = lround(value * 10);
	const char *sign = tenths < 0 ? "-" : "";

	tenths = labs(tenths);
	fprintf(out, "%s%s%ld", name, sign, tenths / 10);
	if (tenths % 10)
		fprintf(out, ".%ld", tenths % 10);
}

static void attribute(FILE *out, const char *name, double value)
{
	fprintf(out, " %s", name);
	svg_number(out, "=\"", value);
	fputc('"', out);
}

static void class_of(FILE *out, const char *class)
{
	if (class)
		fprintf(out, " class=\"%s\"", class);
}

static void element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<%s>", name);
	svg_escape(out, text);
	fprintf(out, "</%s>\n", name);
}

/**
 * svg_begin() - begin a picture
 * @out: where it goes
 * @page: what it is
 */
void svg_begin(FILE *out, const struct svg_page *page)
{
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"graphics-document document\"", out);
	class_of(out, "picture");
	attribute(out, "width", page->width);
	attribute(out, "height", page->height);
	svg_number(out, " viewBox=\"0 0 ", page->width);
	svg_number(out, " ", page->height);
	fputs("\">\n", out);
	element(out, "title", page->title);
	if (page->about)
		element(out, "desc", page->about);
	if (!page->inlined)
		fprintf(out, "<style>\n%s</style>\n", picture_css);
	svg_rect(out, "paper", 0, 0, page->width, page->height);
}

/**
 * svg_end() - end it
 * @out: as svg_begin() had it
 */
void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

/**
 * svg_group() - begin what belongs together
 * @out: where
 * @class: or NULL
 * @title: what it is, shown under the pointer and read aloud; or NULL
 */
void svg_group(FILE *out, const char *class, const char *title)
{
	fputs("<g", out);
	class_of(out, class);
	fputs(">", out);
	if (title)
		element(out, "title", title);
	else
		fputc('\n', out);
}

/**
 * svg_group_end() - end it
 * @out: where
 */
void svg_group_end(FILE *out)
{
	fputs("</g>\n", out);
}

/**
 * svg_rect() - a rectangle
 * @out: where
 * @class: its look
 * @x: left
 * @y: top
 * @w: width
 * @h: height
 */
void svg_rect(FILE *out, const char *class, double x, double y, double w, double h)
{
	fputs("<rect", out);
	class_of(out, class);
	attribute(out, "x", x);
	attribute(out, "y", y);
	attribute(out, "width", w);
	attribute(out, "height", h);
	fputs("/>\n", out);
}

/**
 * svg_line() - a straight line
 * @out: where
 * @class: its look
 * @x1: from there
 * @y1: likewise
 * @x2: to there
 * @y2: likewise
 */
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fputs("<line", out);
	class_of(out, class);
	attribute(out, "x1", x1);
	attribute(out, "y1", y1);
	attribute(out, "x2", x2);
	attribute(out, "y2", y2);
	fputs("/>\n", out);
}

/**
 * svg_path() - any line
 * @out: where
 * @class: its look
 * @d: its way, in the words of SVG
 */
void svg_path(FILE *out, const char *class, const char *d)
{
	fputs("<path", out);
	class_of(out, class);
	fprintf(out, " d=\"%s\"/>\n", d);
}

/**
 * svg_text_turned() - a line of text
 * @out: where
 * @class: its look; "middle" and "end" say what of it is at @x
 * @x: there
 * @y: of its base line
 * @degrees: clockwise; 0 for text as usual
 * @text: any bytes
 */
void svg_text_turned(FILE *out, const char *class, double x, double y, double degrees,
		     const char *text)
{
	fputs("<text", out);
	class_of(out, class);
	attribute(out, "x", x);
	attribute(out, "y", y);
	if (fabs(degrees) >= 0.1) {
		svg_number(out, " transform=\"rotate(", degrees);
		svg_number(out, " ", x);
		svg_number(out, " ", y);
		fputs(")\"", out);
	}
	fputc('>', out);
	svg_escape(out, text);
	fputs("</text>\n", out);
}

/**
 * svg_text() - a line of text
 * @out: where
 * @class: as for svg_text_turned()
 * @x: likewise
 * @y: likewise
 * @text: likewise
 */
void svg_text(FILE *out, const char *class, double x, double y, const char *text)
{
	svg_text_turned(out, class, x, y, 0, text);
}

/* Of DejaVu Sans, which is wider than most: no other font takes more room. */
static double width_of(unsigned char c)
{
	if (strchr(" .,:;'|!ijlI()[]ftr/-", c))
		return 0.40;
	if (strchr("mwMW@%+=<>~_", c))
		return 0.90;
	return c >= 'A' && c <= 'Z' ? 0.72 : 0.635;
}

/**
 * svg_width() - how wide a text will be at most
 * @text: in UTF-8
 *
 * Return: units, at SVG_TEXT_SIZE.
 */
double svg_width(const char *text)
{
	double width = 0;

	for (; *text; text++)
		if ((*text & 0xc0) != 0x80)
			width += width_of(*text);
	return width * SVG_TEXT_SIZE;
}

/* How many bytes of words fit; one word at least. */
static size_t fits(const char *text, double width)
{
	size_t best = strcspn(text, " "), next;
	char line[512];

	for (next = best; next < sizeof(line) - 1 && text[next];) {
		next += 1 + strcspn(text + next + 1, " ");
		snprintf(line, sizeof(line), "%.*s", (int)next, text);
		if (next >= sizeof(line) || svg_width(line) > width)
			break;
		best = next;
	}
	return best;
}

/**
 * svg_prose() - lines of text, broken between words
 * @out: where; NULL to measure
 * @class: its look
 * @x: left
 * @y: of the first base line
 * @width: room
 * @text: words with single spaces between
 *
 * Return: the base line of what may follow.
 */
double svg_prose(FILE *out, const char *class, double x, double y, double width,
		 const char *text)
{
	char line[512];
	size_t len;

	while (*text) {
		len = fits(text, width);
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (out)
			svg_text(out, class, x, y, line);
		y += LINE;
		text += len;
		text += *text == ' ';
	}
	return y;
}
