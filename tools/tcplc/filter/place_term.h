/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place_term.h: the terms of a filter about where the owner ran.
 *
 * Owns: unit, slice, container, pod, and the path of a cgroup.
 * Used by: condition.c and match.c.
 * Must not: hold a number, which number_field.c does.
 */
#ifndef TCPLC_PLACE_TERM_H
#define TCPLC_PLACE_TERM_H

#include "base/nearest.h"
#include "filter/ast.h"

bool place_term_begins(const struct parser *p, struct term *term);
struct node *place_term_parse(struct parser *p, struct term *term);
void place_term_try(struct nearest *n);
bool place_term_match(const struct term *t, const struct conn *c);

#endif /* TCPLC_PLACE_TERM_H */
