/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h: what a person reads.
 *
 * Owns: the width of the terminal, colour, durations and addresses as text,
 * making bytes from elsewhere harmless.
 * Used by: each subcommand; table.c.
 * Must not: know what a column means.
 */
#ifndef TCPLC_TEXT_H
#define TCPLC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

/* enum text_when - when to colour */
enum text_when {
	TEXT_AUTO,	/* on a terminal, unless NO_COLOR is set */
	TEXT_ALWAYS,
	TEXT_NEVER,
};

/* enum text_color - by meaning */
enum text_color {
	TEXT_PLAIN,
	TEXT_GOOD,	/* established, a normal end */
	TEXT_WAIT,	/* on its way: handshake, teardown */
	TEXT_BAD,	/* reset, timed out, lost */
	TEXT_DIM,	/* over and done with */
	TEXT_BOLD,
	TEXT_LISTEN,
};

#define TEXT_DURATION_SIZE 24
#define TEXT_ADDR_SIZE 56	/* [v6]:port */
#define TEXT_ID_SIZE 32		/* cookie.generation */
#define TEXT_WIDE 0		/* text_width(): no limit */

void text_init(enum text_when when);
bool text_utf8(void);
bool text_colored(void);
bool text_to_person(void);
const char *text_on(enum text_color color);
const char *text_off(void);
enum text_color text_state_color(uint8_t state);
enum text_color text_close_color(uint8_t close);
unsigned int text_width(void);
void text_keep_width(void);
size_t text_escape(char *out, size_t size, const char *bytes, size_t len);
char *text_number(char *out, uint64_t value, unsigned int base);
const char *text_duration(char *out, uint64_t us);
const char *text_bytes(char *out, uint64_t bytes);
const char *text_addr(char *out, const struct addr *addr);
const char *text_endpoint(char *out, const struct addr *addr, uint16_t port,
			  bool has_port);
const char *text_id(char *out, const struct conn *c);

#endif /* TCPLC_TEXT_H */
