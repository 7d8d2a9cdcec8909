/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h: from numbers to words and back.
 *
 * Owns: the way back, and the words the module itself has no use for.  The
 * way forth is the module's own table, module/life/words.c, which is compiled in.
 * Used by: whatever prints a record, and the filter parser.
 * Must not: hold a second copy of a word that words.c has.
 */
#ifndef TCPLC_NAMES_H
#define TCPLC_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "life/words.h"

/* enum names_kind - what a number means */
enum names_kind {
	NAMES_STATE,
	NAMES_OPEN,
	NAMES_CLOSE,
	NAMES_FIRST,
	NAMES_CAUSE,
	NAMES_MSS_BY,
	NAMES_RST_REASON,
	NAMES_FAMILY,
	NAMES_GROUP,
	NAMES_WAY,
	NAMES_OWNER,	/* enum tcp_lifecycle_cause: the call an owner was taken at */
	NAMES_NR
};

const char *names_word(enum names_kind kind, unsigned int value);
unsigned int names_count(enum names_kind kind);
const char *names_owner(u8 cause);
bool names_equal(const char *a, const char *b);
bool names_value(enum names_kind kind, const char *word, unsigned int *value);

#endif /* TCPLC_NAMES_H */
