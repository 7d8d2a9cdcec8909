/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pack.h: records back into messages, and records at random.
 *
 * Used by: tests that need what the module would send.
 */
#ifndef TCPLC_PACK_H
#define TCPLC_PACK_H

#include "base/conn.h"

#define PACK_SIZE 65536

struct nlmsghdr *pack_begin(void *buffer, uint8_t cmd);
void pack_conn(struct nlmsghdr *nlh, const struct conn *c);
void pack_random(struct conn *c, struct entry *entry, unsigned int nr);
unsigned int pack_below(unsigned int n);

#endif /* TCPLC_PACK_H */
