/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wordset.h: words that mean a set of values.
 *
 * Owns: the groups and the spellings of other tools.
 * Used by: condition.c; cmd/report.c, whose page knows them, too.
 * Must not: hold a word that names one value and is spelt as it is printed.
 */
#ifndef TCPLC_WORDSET_H
#define TCPLC_WORDSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"
#include "base/nearest.h"

bool wordset_find(enum names_kind kind, const char *word, uint64_t *mask);
const char *wordset_at(unsigned int i, enum names_kind *kind, uint64_t *mask);
void wordset_try(enum names_kind kind, struct nearest *n);

#endif /* TCPLC_WORDSET_H */
