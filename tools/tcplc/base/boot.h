/* SPDX-License-Identifier: GPL-2.0 */
/*
 * boot.h: which boot of which machine this is.
 *
 * Owns: the kernel's boot id.
 * Used by: conn_json.c and baseline.c.
 */
#ifndef TCPLC_BOOT_H
#define TCPLC_BOOT_H

const char *boot_id(void);

#endif /* TCPLC_BOOT_H */
