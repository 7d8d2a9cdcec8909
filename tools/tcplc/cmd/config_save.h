/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config_save.h: tcplc config --save, and what of the settings is running.
 *
 * Owns: the two files it writes.
 * Used by: config.c, and doctor_boot.c, which compares.
 * Must not: change a setting of the module.
 */
#ifndef TCPLC_CONFIG_SAVE_H
#define TCPLC_CONFIG_SAVE_H

#include "ask/session.h"
#include "host/parameters.h"

int config_running(struct nl *nl, struct parameters *p, unsigned int *groups_off);
int config_save(struct tcplc *ctx, const char *root);

#endif /* TCPLC_CONFIG_SAVE_H */
