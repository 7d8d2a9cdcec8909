/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answer.h: the answers of a file to what the module is asked.
 *
 * Owns: a struct source that reads a file; while it answers, clock, boot id and names
 * of interfaces are those of the file.
 * Used by: options.c under --read.
 * Must not: answer otherwise than the module would have.
 */
#ifndef TCPLC_ANSWER_H
#define TCPLC_ANSWER_H

#include "ask/nl.h"
#include "saved/saved.h"

int answer_from(struct saved *s, struct nl *nl);

#endif /* TCPLC_ANSWER_H */
