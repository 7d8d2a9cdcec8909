// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings_json.c: what is recorded, and settings of the kernel, as JSON, and back.
 */
#include "saved/settings_json.h"

#include <stddef.h>
#include <string.h>

#include <linux/kernel.h>

static const struct {
	const char *name;
	size_t offset;
} sysctls[] = {
	{ "port_least", offsetof(struct host, port_least) },
	{ "port_most", offsetof(struct host, port_most) },
	{ "tcp_syncookies", offsetof(struct host, syncookies) },
	{ "tcp_tw_reuse", offsetof(struct host, tw_reuse) },
	{ "tcp_max_tw_buckets", offsetof(struct host, max_tw_buckets) },
	{ "tcp_max_orphans", offsetof(struct host, max_orphans) },
};

/**
 * settings_json() - what is recorded, and for how long it is kept
 * @s: it; groups of hooks are in the lines of the hooks
 *
 * Return: a new object, or NULL if there is no memory; so does host_json().
 */
json_t *settings_json(const struct settings *s)
{
	json_t *ports = json_array();
	unsigned int i;

	for (i = 0; i < s->nr_ports; i++)
		json_array_append_new(ports, json_integer(s->port[i]));
	return json_pack("{s:s,s:I,s:b,s:o}", "type", "settings", "retention_s",
			 (json_int_t)s->retention, "exclude_loopback", s->exclude_loopback,
			 "ports", ports);
}

/**
 * host_json() - settings of the kernel
 * @h: them; those that are not known are left out
 */
json_t *host_json(const struct host *h)
{
	json_t *object = json_pack("{s:s,s:I}", "type", "sysctls", "netns", (json_int_t)h->netns);
	size_t i;
	long value;

	for (i = 0; object && i < ARRAY_SIZE(sysctls); i++) {
		memcpy(&value, (const char *)h + sysctls[i].offset, sizeof(value));
		if (value >= 0)
			json_object_set_new(object, sysctls[i].name, json_integer(value));
	}
	return object;
}

static bool take(const json_t *value, json_int_t most, json_int_t *to)
{
	*to = json_integer_value(value);
	return json_is_integer(value) && *to >= 0 && *to <= most;
}

/**
 * settings_json_read() - the same again
 * @object: what settings_json() made, or anything
 * @s: filled
 *
 * Return: 0, or -1 if it is none; so does host_json_read().
 */
int settings_json_read(const json_t *object, struct settings *s)
{
	const json_t *port;
	json_int_t n;
	size_t i;

	memset(s, 0, sizeof(*s));
	s->exclude_loopback = json_is_true(json_object_get(object, "exclude_loopback"));
	if (!take(json_object_get(object, "retention_s"), UINT32_MAX, &n))
		return -1;
	s->retention = n;
	json_array_foreach(json_object_get(object, "ports"), i, port) {
		if (s->nr_ports == SETTINGS_PORTS || !take(port, UINT16_MAX, &n))
			return -1;
		s->port[s->nr_ports++] = n;
	}
	return 0;
}

/**
 * host_json_read() - the same again
 * @object: what host_json() made, or anything
 * @h: what is known is filled in
 */
int host_json_read(const json_t *object, struct host *h)
{
	const json_t *value;
	json_int_t n;
	size_t i;
	long known;

	if (!take(json_object_get(object, "netns"), UINT32_MAX, &n))
		return -1;
	h->netns = n;
	for (i = 0; i < ARRAY_SIZE(sysctls); i++) {
		value = json_object_get(object, sysctls[i].name);
		if (value && !take(value, INT32_MAX, &n))
			return -1;
		known = n;
		if (value)
			memcpy((char *)h + sysctls[i].offset, &known, sizeof(known));
	}
	return 0;
}
