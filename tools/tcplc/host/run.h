/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h: the host's own tools, and where its files are.
 *
 * Owns: running a program without a shell, line by line; host_root.
 * Used by: the other files of host/, and the commands that look at the host.
 * Must not: know what a program says.
 */
#ifndef TCPLC_RUN_H
#define TCPLC_RUN_H

#include <stddef.h>

#define HOST_PATH_SIZE 4096

/* What stands before each path of the host: nothing, or a folder in its place. */
extern const char *host_root;

typedef void (*host_line_fn)(char *line, void *data);

const char *host_path(char out[HOST_PATH_SIZE], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int host_run(const char *const *argv, host_line_fn fn, void *data);

#endif /* TCPLC_RUN_H */
