/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * number_field.h: the numbers of a record that a filter can compare.
 *
 * Used by: condition.c.
 * Must not: hold a port, which belongs to an end.
 */
#ifndef TCPLC_NUMBER_H
#define TCPLC_NUMBER_H

#include "base/nearest.h"
#include "filter/ast.h"

const struct number *number_find(const char *word);
void number_try(struct nearest *n);
bool number_value(const struct number *number, const char *text, uint64_t *value);
const char *number_expected(const struct number *number);

extern const struct number number_generation;

#endif /* TCPLC_NUMBER_H */
