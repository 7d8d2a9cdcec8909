/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_SNMP_H
#define TLC_SNMP_H

#include "totals/books.h"

struct net;

void tlc_snmp_read(const struct net *net, struct tlc_books *out);

#endif /* TLC_SNMP_H */
