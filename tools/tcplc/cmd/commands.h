/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * commands.h: the subcommands there are.
 *
 * Owns: the table, in the order in which --help lists them.
 * Used by: main.c.
 * Must not: hold what a subcommand can say about itself.
 */
#ifndef TCPLC_COMMANDS_H
#define TCPLC_COMMANDS_H

#include <stddef.h>

#include "cmd/command.h"

const struct command *commands_at(size_t i);
const struct command *commands_find(const char *name);
const char *commands_nearest(const char *name);

#endif /* TCPLC_COMMANDS_H */
