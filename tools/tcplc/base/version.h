/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * version.h: which version this is, and which one the module has.
 *
 * Owns: what is known of versions; scripts/version has the number itself.
 * Used by: --version, tcplc doctor, and what explains a refusal.
 * Must not: judge; that they differ need not do harm.
 */
#ifndef TCPLC_VERSION_H
#define TCPLC_VERSION_H

#include <stdbool.h>

#define VERSION_SIZE 64

/* Where the kernel shows MODULE_VERSION() of what is loaded. */
#define VERSION_MODULE_FILE "/sys/module/tcp_lifecycle/version"

extern const char version_client[];
extern const char *version_module_file;

bool version_module(char out[VERSION_SIZE]);

#endif /* TCPLC_VERSION_H */
