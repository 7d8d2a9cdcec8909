/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place.h: where the owner of a connection ran: its cgroup, by name.
 *
 * Owns: struct place; each path once; which path a number of this boot was.
 * Used by: everything that shows, compares or counts units, containers and pods.
 * Must not: ask the kernel, which ask/cgroup.c does; or take a name of this machine for
 * a record of a file.
 */
#ifndef TCPLC_PLACE_H
#define TCPLC_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"

#define PLACE_PATH_SIZE 1024	/* of a path; of a longer one nothing is known */
#define PLACE_MAX 65536		/* paths that are kept; of further ones nothing is known */
#define PLACE_TEXT_SIZE 272	/* of place_text() */

/**
 * struct place - a cgroup
 * @path: from the root of the unified hierarchy; any bytes, ended by a NUL, as all names
 * @unit: of systemd; NULL: there is none, as with all names
 * @slice: the one the unit is in
 * @container: its id, of 64 digits, or under LXC its name
 * @pod: uid of a pod of Kubernetes, with dashes
 * @json: what conn_json.c made of it, or NULL
 *
 * Two of them with the same path are the same.  None goes but by place_trim().
 */
struct place {
	char *path;
	char *unit;
	char *slice;
	char *container;
	char *pod;
	char *json;
};

/**
 * typedef place_path_fn - the path of a cgroup
 * @out: at least PLACE_PATH_SIZE bytes
 * @id: its number
 *
 * Return: false if there is none any more, or it cannot be seen.
 */
typedef bool (*place_path_fn)(char *out, uint64_t id);

/* Of a record out of a file that does not say where it ran. */
extern struct place place_unknown;

void place_set_resolver(place_path_fn fn);
void place_learn(uint64_t id, const char *path);
struct place *place_intern(const char *path);
bool place_trim(void);
bool place_is_asked(const struct conn *c);
struct place *place_of(const struct conn *c);
const char *place_text(char *out, const struct place *p);

#endif /* TCPLC_PLACE_H */
