/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ageing.h: how long an ended connection is kept.
 *
 * Used by: conn.c and netlink_host.c.
 */
#ifndef TLC_AGEING_H
#define TLC_AGEING_H

#include <linux/types.h>

unsigned int tlc_ageing_look(u64 now);
unsigned int tlc_ageing_clear(void);
void tlc_ageing_configure(unsigned int retention);
unsigned int tlc_ageing_retention(void);
void tlc_ageing_stop(void);

#endif /* TLC_AGEING_H */
