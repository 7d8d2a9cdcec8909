/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pager.h: long answers a screen at a time, as git(1) and journalctl(1) have it.
 *
 * Owns: the pager's process, and standard output while it runs.
 * Used by: the subcommands whose answer has an end; main.c for its end.
 * Must not: be begun before an answer is there: what goes wrong is said on the terminal.
 */
#ifndef TCPLC_PAGER_H
#define TCPLC_PAGER_H

#include "ask/session.h"

void pager_begin(const struct tcplc *ctx);
int pager_end(void);

#endif /* TCPLC_PAGER_H */
