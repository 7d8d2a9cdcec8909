/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lives.h: whole lives to print, as the module tells them.
 *
 * Used by: life_test.c.
 */
#ifndef TCPLC_LIVES_H
#define TCPLC_LIVES_H

#include <stddef.h>

#include "base/conn.h"

struct life {
	const char *name;
	struct conn conn;
};

extern const struct life lives[];
extern const size_t nr_lives;

#endif /* TCPLC_LIVES_H */
