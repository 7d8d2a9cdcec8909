/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings_json.h: what is recorded, and settings of the kernel, as JSON, and back.
 *
 * Used by: save.c and answer.c.
 * Must not: read them anywhere else.
 */
#ifndef TCPLC_SETTINGS_JSON_H
#define TCPLC_SETTINGS_JSON_H

#include <jansson.h>

#include "ask/settings.h"
#include "ask/sysctls.h"

json_t *settings_json(const struct settings *s);
json_t *host_json(const struct host *h);
int settings_json_read(const json_t *object, struct settings *s);
int host_json_read(const json_t *object, struct host *h);

#endif /* TCPLC_SETTINGS_JSON_H */
