/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns.h: another network namespace.
 *
 * Used by: main.c, before the socket is opened.
 * Must not: come back; the process stays there.
 */
#ifndef TCPLC_NETNS_H
#define TCPLC_NETNS_H

#include <stddef.h>
#include <stdint.h>

uint32_t netns_inode(void);
int netns_enter(const char *name, char *why, size_t size);

#endif /* TCPLC_NETNS_H */
