/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * waiting.h: let time pass, and say how much is left.
 *
 * Used by: balance.c.
 */
#ifndef TCPLC_WAITING_H
#define TCPLC_WAITING_H

#include <stdbool.h>
#include <stdint.h>

bool waiting_for(uint64_t us, const char *what);

#endif /* TCPLC_WAITING_H */
