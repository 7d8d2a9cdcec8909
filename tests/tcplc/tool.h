/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tool.h: tcplc as a whole, run within a test.
 *
 * Owns: main() of the client under another name, and what it printed last.
 * Used by: saved_test.c, summary_test.c and diff_test.c, with fake.c for a kernel.
 */
#ifndef TCPLC_TOOL_H
#define TCPLC_TOOL_H

#define TOOL_OUT_SIZE (8 << 20)

extern char tool_out[TOOL_OUT_SIZE], tool_err[1 << 16];

int tool_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TCPLC_TOOL_H */
