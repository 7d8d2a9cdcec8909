/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h: a terminal as a screen and keys.
 *
 * Owns: the alternate screen, the cursor and the mode of the keys, from screen_enter() on.
 * Used by: top.c.
 * Must not: leave the terminal other than it was, however the program ends.
 */
#ifndef TCPLC_SCREEN_H
#define TCPLC_SCREEN_H

#include <stdbool.h>

bool screen_enter(void);
void screen_leave(void);
unsigned int screen_height(void);
void screen_put(const char *text);

#endif /* TCPLC_SCREEN_H */
