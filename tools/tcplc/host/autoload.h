/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * autoload.h: what has the module loaded when the host boots.
 *
 * Owns: modules-load.d, /etc/modules, the hook of the initramfs.
 * Used by: tcplc doctor and tcplc config --save.
 * Must not: load or change anything.
 */
#ifndef TCPLC_AUTOLOAD_H
#define TCPLC_AUTOLOAD_H

#include <stdbool.h>

#include "host/run.h"

#define AUTOLOAD_HOOK "/etc/initramfs-tools/hooks/tcp_lifecycle"

bool autoload_file(char out[HOST_PATH_SIZE]);
bool autoload_initramfs(void);

#endif /* TCPLC_AUTOLOAD_H */
