// SPDX-License-Identifier: GPL-2.0-only
/*
 * header.c: the first line of a file: whose records these are, and as of when.
 */
#include "saved/header.h"

#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "ask/baseline.h"
#include "base/clock.h"
#include "base/text.h"
#include "json/json.h"

static void take_interfaces(struct header *h)
{
	struct if_nameindex *all = if_nameindex(), *i;

	for (i = all; i && i->if_index && h->nr_interfaces < HEADER_INTERFACES; i++) {
		struct header_interface *to = &h->interface[h->nr_interfaces++];

		to->index = i->if_index;
		snprintf(to->name, sizeof(to->name), "%s", i->if_name);
	}
	if (all)
		if_freenameindex(all);
}

/**
 * header_here() - this machine, now
 * @h: filled, but for @all_netns
 */
void header_here(struct header *h)
{
	struct utsname name;
	struct mark mark = { 0 };

	memset(h, 0, sizeof(*h));
	mark_here(&mark);
	h->saved = clock_now();
	h->netns = mark.netns;
	h->instance = mark.module;
	snprintf(h->boot, sizeof(h->boot), "%s", mark.boot);
	take_interfaces(h);
	if (uname(&name))
		return;
	snprintf(h->host, sizeof(h->host), "%s", name.nodename);
	snprintf(h->kernel, sizeof(h->kernel), "%s", name.release);
	snprintf(h->arch, sizeof(h->arch), "%s", name.machine);
}

/**
 * header_json() - as the first line
 * @h: it
 * @version: of tcplc
 *
 * Return: a new object, or NULL if there is no memory.
 */
json_t *header_json(const struct header *h, const char *version)
{
	json_t *names = json_array(), *object;
	unsigned int i;

	for (i = 0; i < h->nr_interfaces; i++)
		json_array_append_new(names, json_pack("{s:I,s:o}", "index",
						       (json_int_t)h->interface[i].index, "name",
						       json_bytes(h->interface[i].name,
								  strlen(h->interface[i].name))));
	object = json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:s,s:o,s:o,s:b,s:o}",
			   "type", "saved", "tcplc", version,
			   "saved_ns", json_u64(h->saved),
			   "host", json_bytes(h->host, strlen(h->host)),
			   "kernel", json_bytes(h->kernel, strlen(h->kernel)),
			   "arch", h->arch, "boot_id", h->boot,
			   "instance", json_u64(h->instance), "netns", json_u64(h->netns),
			   "all_netns", h->all_netns, "interfaces", names);
	return object;
}

static uint64_t number(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));

	return n > 0 ? n : 0;
}

static void text(const json_t *object, const char *key, char *to, size_t size)
{
	const char *from = json_string_value(json_object_get(object, key));

	text_escape(to, size, from ? from : "", from ? strlen(from) : 0);
}

static void read_interfaces(const json_t *names, struct header *h)
{
	const json_t *item;
	const char *name;
	size_t i;

	json_array_foreach(names, i, item) {
		struct header_interface *to = &h->interface[h->nr_interfaces];

		if (h->nr_interfaces == HEADER_INTERFACES)
			break;
		to->index = number(item, "index");
		name = json_string_value(json_object_get(item, "name"));
		json_unescape(to->name, sizeof(to->name), name ? name : "");
		h->nr_interfaces += *to->name && to->index;
	}
}

/**
 * header_read() - out of the first line
 * @object: parsed, or NULL if it could not be
 * @h: filled
 * @why: what is wrong, for people
 * @size: its size
 *
 * Return: 0, or -1 and @why is filled in.
 */
int header_read(const json_t *object, struct header *h, char *why, size_t size)
{
	const char *type = json_string_value(json_object_get(object, "type"));
	uint64_t schema = number(object, "schema");

	memset(h, 0, sizeof(*h));
	if (!type || strcmp(type, "saved")) {
		snprintf(why, size, "it was not written by tcplc save");
		return -1;
	}
	if (schema != JSON_SCHEMA) {
		snprintf(why, size, "it has schema %" PRIu64 ", this tcplc reads schema %d",
			 schema, JSON_SCHEMA);
		return -1;
	}
	h->saved = number(object, "saved_ns");
	h->netns = number(object, "netns");
	h->instance = number(object, "instance");
	h->all_netns = json_is_true(json_object_get(object, "all_netns"));
	text(object, "host", h->host, sizeof(h->host));
	text(object, "kernel", h->kernel, sizeof(h->kernel));
	text(object, "arch", h->arch, sizeof(h->arch));
	text(object, "boot_id", h->boot, sizeof(h->boot));
	read_interfaces(json_object_get(object, "interfaces"), h);
	if (h->saved)
		return 0;
	snprintf(why, size, "it does not say when it was written: no 'saved_ns'");
	return -1;
}
