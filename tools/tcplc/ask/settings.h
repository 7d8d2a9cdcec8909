/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings.h: what is recorded, and for how long it is kept.
 *
 * Owns: the answer to CONFIG_GET.
 * Used by: tcplc config, which shows, changes and saves it; tcplc doctor, save and why.
 * Must not: know of modprobe.d; that is host/parameters.h.
 */
#ifndef TCPLC_SETTINGS_H
#define TCPLC_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/tcp_lifecycle.h>

#include "ask/nl.h"

#define SETTINGS_PORTS 64	/* the module's limit */

/**
 * struct settings - them
 * @retention: seconds for which an ended connection is kept
 * @exclude_loopback: connections from or to a loopback address are left out
 * @nr_ports: entries of @port; 0: any port
 * @port: only connections with one of these are recorded
 * @has_group: by TCP_LIFECYCLE_GROUP_*: there are such hooks
 * @group: and they are on
 */
struct settings {
	uint32_t retention;
	bool exclude_loopback;
	unsigned int nr_ports;
	uint16_t port[SETTINGS_PORTS];
	bool has_group[TCP_LIFECYCLE_GROUP_MAX + 1];
	bool group[TCP_LIFECYCLE_GROUP_MAX + 1];
};

int settings_get(struct nl *nl, struct settings *s);

#endif /* TCPLC_SETTINGS_H */
