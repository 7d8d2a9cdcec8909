/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h: what time it is for the records on show.
 *
 * Owns: now, which is that of the file if records come from one.
 * Used by: whatever shows or compares times relative to now.
 * Must not: be used to measure how long something takes.
 */
#ifndef TCPLC_CLOCK_H
#define TCPLC_CLOCK_H

#include <stdint.h>

uint64_t clock_now(void);
void clock_pin(uint64_t ns);

#endif /* TCPLC_CLOCK_H */
