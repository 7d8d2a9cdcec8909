/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ends.h: the two ends of a connection, as text.
 *
 * Owns: address, interface and port of each end; what is left out of an address
 * where there is not enough room.
 * Used by: everything that shows or compares whole ends; table.c by way of
 * column.c.
 * Must not: ask for a name that is not of this network namespace.
 */
#ifndef TCPLC_ENDS_H
#define TCPLC_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

#define ENDS_SCOPE_SIZE 64	/* %NAME, each byte of 15 escaped */
#define ENDS_SIZE 128		/* [v6%name]:port */

/* typedef ends_ifname_fn - the name of an interface by its number, or NULL */
typedef const char *(*ends_ifname_fn)(uint32_t index);

void ends_set_netns(uint32_t inode);
void ends_set_ifname(ends_ifname_fn fn);
const char *ends_scope(char *out, const struct conn *c, const struct addr *addr);
const char *ends_local(char *out, const struct conn *c);
const char *ends_remote(char *out, const struct conn *c);
size_t ends_shorten(char *out, const char *text, size_t room);

#endif /* TCPLC_ENDS_H */
