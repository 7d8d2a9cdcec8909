/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * terminal.h: a terminal to print on, and what was printed.
 *
 * Used by: command_test.c.
 */
#ifndef TCPLC_TERMINAL_H
#define TCPLC_TERMINAL_H

int terminal_open(unsigned short rows, unsigned short columns);
void terminal_type(const char *keys);
const char *terminal_close(void);

#endif /* TCPLC_TERMINAL_H */
