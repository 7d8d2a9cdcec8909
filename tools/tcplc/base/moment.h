/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moment.h: when something was, for people.
 *
 * Owns: the forms a time is printed in.
 * Used by: column.c, log_line.c, event_text.c.
 */
#ifndef TCPLC_MOMENT_H
#define TCPLC_MOMENT_H

#include <stdint.h>
#include <time.h>

#define TEXT_TIME_SIZE 40
#define TEXT_STAMP_SIZE 64

const char *text_time(char *out, uint64_t ns, time_t now);
const char *text_stamp(char *out, uint64_t ns);

#endif /* TCPLC_MOMENT_H */
