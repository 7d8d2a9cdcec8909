// SPDX-License-Identifier: GPL-2.0-only
/*
 * baseline.c: the state of the books, in a file.
 */
#include "ask/baseline.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/boot.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* Numbers of inodes are given again; this is not.  0: the kernel has none. */
static uint64_t netns_cookie(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size))
		cookie = 0;
	close(fd);
	return cookie;
}

static uint64_t inode(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

/**
 * mark_here() - which boot, namespace and load of the module this is
 * @m: those fields are filled in
 */
void mark_here(struct mark *m)
{
	snprintf(m->boot, sizeof(m->boot), "%s", boot_id());
	m->netns = inode("/proc/thread-self/ns/net");
	m->netns_cookie = netns_cookie();
	/* sysfs gives every folder a number that no former one had. */
	m->module = inode("/sys/module/tcp_lifecycle");
}

/**
 * mark_path() - the file, if nobody names one
 * @m: of this namespace
 * @path: filled
 * @size: its size
 */
void mark_path(const struct mark *m, char *path, size_t size)
{
	snprintf(path, size, "/run/tcplc-balance.%" PRIu64, m->netns);
}

static json_t *counts(const uint64_t *count)
{
	json_t *object = json_object();
	const char *name;
	size_t i;

	for (i = 0; (name = books_name(i)); i++)
		json_object_set_new(object, name, json_integer((json_int_t)count[i]));
	return object;
}

static uint64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void take_counts(const json_t *object, uint64_t *count)
{
	const char *name;
	size_t i;

	for (i = 0; (name = books_name(i)); i++)
		count[i] = number(object, name);
}

/**
 * mark_save() - write it down
 * @m: the mark
 * @path: file
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: 0, or -1 and @why is filled in.
 */
int mark_save(const struct mark *m, const char *path, char *why, size_t size)
{
	json_t *object = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:o,s:o,s:I,s:I,s:I,s:I}",
				   "type", "mark", "boot", m->boot,
				   "netns", (json_int_t)m->netns,
				   "netns_cookie", (json_int_t)m->netns_cookie,
				   "instance", (json_int_t)m->module,
				   "span", (json_int_t)m->books.span,
				   "kernel", counts(m->books.kernel),
				   "module", counts(m->books.module),
				   "missed", (json_int_t)m->missed,
				   "untracked", (json_int_t)m->untracked,
				   "excluded", (json_int_t)m->excluded,
				   "gaps", (json_int_t)m->gaps);
	int err = object ? json_dump_file(object, path, JSON_INDENT(1)) : -1;

	json_decref(object);
	if (err)
		snprintf(why, size, "%s cannot be written", path);
	return err;
}

/**
 * mark_load() - read it
 * @m: filled
 * @path: file
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: 0, or -1 and @why is filled in.
 */
int mark_load(struct mark *m, const char *path, char *why, size_t size)
{
	json_error_t error;
	json_t *object = json_load_file(path, 0, &error);
	const char *type = json_string_value(json_object_get(object, "type"));
	const char *boot = json_string_value(json_object_get(object, "boot"));

	if (!object)
		snprintf(why, size, "no mark in %s: %s", path, error.text);
	else if (!type || strcmp(type, "mark") || !boot)
		snprintf(why, size, "no mark in %s: not a file of tcplc balance", path);
	if (!object || !type || strcmp(type, "mark") || !boot) {
		json_decref(object);
		return -1;
	}
	memset(m, 0, sizeof(*m));
	snprintf(m->boot, sizeof(m->boot), "%s", boot);
	m->netns = number(object, "netns");
	m->netns_cookie = number(object, "netns_cookie");
	m->module = number(object, "instance");
	m->books.span = number(object, "span");
	take_counts(json_object_get(object, "kernel"), m->books.kernel);
	take_counts(json_object_get(object, "module"), m->books.module);
	m->missed = number(object, "missed");
	m->untracked = number(object, "untracked");
	m->excluded = number(object, "excluded");
	m->gaps = number(object, "gaps");
	json_decref(object);
	return 0;
}
