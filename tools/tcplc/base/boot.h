/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * boot.h: which boot of which machine this is.
 *
 * Owns: the kernel's boot id, or that of the file the records come from.
 * Used by: conn_json.c and baseline.c.
 */
#ifndef TCPLC_BOOT_H
#define TCPLC_BOOT_H

const char *boot_id(void);
void boot_set_id(const char *text);

#endif /* TCPLC_BOOT_H */
