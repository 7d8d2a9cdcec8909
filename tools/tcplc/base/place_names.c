// SPDX-License-Identifier: GPL-2.0-only
/*
 * place_names.c: what the path of a cgroup says of who made it.
 *
 *	/system.slice/nginx.service			systemd: unit and slice
 *	/system.slice/docker-ID.scope			Docker, systemd's cgroup driver
 *	/docker/ID					Docker, cgroupfs's
 *	/machine.slice/libpod-ID.scope/container	Podman
 *	/kubepods.slice/kubepods-burstable.slice/
 *	  kubepods-burstable-podUID.slice/cri-containerd-ID.scope
 *	/kubepods/burstable/podUID/ID			Kubernetes, cgroupfs's
 *	/lxc.payload.NAME/...				LXC
 *
 * An id of a container has 64 hexadecimal digits.  Of nested containers the innermost
 * counts.
 *
 * Pure.
 */
#include "base/place_names.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define ID_LEN 64	/* of a container */
#define UUID_LEN 36	/* of a pod, with its dashes */
#define HASH_LEN 32	/* of a static pod: the kubelet takes a hash of its manifest */

/* The first part of what is left; @rest behind it. */
static struct place_name next_part(const char **rest)
{
	struct place_name part;

	*rest += strspn(*rest, "/");
	part.at = *rest;
	part.len = strcspn(*rest, "/");
	*rest += part.len;
	return part;
}

static bool ends_with(struct place_name part, const char *suffix)
{
	size_t len = strlen(suffix);

	return part.len > len && !memcmp(part.at + part.len - len, suffix, len);
}

static bool begins_with(struct place_name part, const char *prefix)
{
	size_t len = strlen(prefix);

	return part.len > len && !memcmp(part.at, prefix, len);
}

static bool is(struct place_name part, const char *word)
{
	return part.len == strlen(word) && !memcmp(part.at, word, part.len);
}

static bool is_slice(struct place_name part)
{
	return ends_with(part, ".slice");
}

/* Those kinds of units that have processes. */
static bool is_unit(struct place_name part)
{
	return ends_with(part, ".service") || ends_with(part, ".scope") ||
	       ends_with(part, ".socket") || ends_with(part, ".mount") ||
	       ends_with(part, ".swap");
}

/* systemd puts this before a name that would be one of the kernel's own. */
static struct place_name unescaped(struct place_name part)
{
	if (part.len > 1 && *part.at == '_') {
		part.at++;
		part.len--;
	}
	return part;
}

/**
 * place_names_unit() - the unit of the system's systemd
 * @path: of a cgroup
 *
 * The first part behind the slices, as systemd itself has it: what is below belongs to
 * the unit.
 */
struct place_name place_names_unit(const char *path)
{
	struct place_name part, none = { 0 };

	do
		part = unescaped(next_part(&path));
	while (part.len && is_slice(part));
	return is_unit(part) ? part : none;
}

/**
 * place_names_slice() - the slice that unit is in
 * @path: of a cgroup
 */
struct place_name place_names_slice(const char *path)
{
	struct place_name part, last = { 0 };

	for (;;) {
		part = unescaped(next_part(&path));
		if (!part.len || !is_slice(part))
			return last;
		last = part;
	}
}

static bool is_hex(const char *at, size_t len)
{
	while (len && isxdigit((unsigned char)*at) && !isupper((unsigned char)*at)) {
		at++;
		len--;
	}
	return !len;
}

/* What watches a container is not in it. */
static bool is_monitor(struct place_name part)
{
	return begins_with(part, "libpod-conmon-") || begins_with(part, "crio-conmon-") ||
	       begins_with(part, "lxc.monitor.");
}

/* [PREFIX-]ID[.scope], or with a colon, as runc writes what it takes for no path. */
static bool take_id(struct place_name part, struct place_name *id)
{
	if (ends_with(part, ".scope"))
		part.len -= strlen(".scope");
	if (part.len < ID_LEN || is_monitor(part))
		return false;
	if (part.len > ID_LEN && !strchr("-:", part.at[part.len - ID_LEN - 1]))
		return false;
	*id = (struct place_name){ part.at + part.len - ID_LEN, ID_LEN };
	return is_hex(id->at, id->len);
}

/* Under LXC a container has a name; before version 4 it stands in a folder of its own. */
static bool take_lxc(struct place_name before, struct place_name part, struct place_name *name)
{
	if (begins_with(part, "lxc.payload.")) {
		name->at = part.at + strlen("lxc.payload.");
		name->len = part.len - strlen("lxc.payload.");
		return true;
	}
	if (!part.len || (!is(before, "lxc") && !is(before, "lxc.payload")))
		return false;
	*name = part;
	return true;
}

/**
 * place_names_container() - the innermost container
 * @path: of a cgroup
 *
 * Return: its id, of 64 digits, or under LXC its name.
 */
struct place_name place_names_container(const char *path)
{
	struct place_name part = { 0 }, before, id, found = { 0 };

	do {
		before = part;
		part = next_part(&path);
		if (take_id(part, &id) || take_lxc(before, part, &id))
			found = id;
	} while (part.len);
	return found;
}

/* A UUID; systemd's driver has _ for its dashes, which mean something in a slice. */
static bool is_uuid(const char *at, size_t len)
{
	size_t i;

	if (len != UUID_LEN)
		return false;
	for (i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? !strchr("-_", at[i]) : !is_hex(at + i, 1))
			return false;
	}
	return true;
}

/* podUID, or kubepods[-burstable|-besteffort]-podUID.slice and what may follow a colon. */
static bool take_pod(struct place_name part, struct place_name *uid)
{
	const size_t lens[] = { UUID_LEN, HASH_LEN };
	const char *colon = memchr(part.at, ':', part.len);
	unsigned int i;

	if (colon)
		part.len = colon - part.at;
	if (is_slice(part))
		part.len -= strlen(".slice");
	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		size_t with = lens[i] + strlen("pod");

		if (part.len < with || memcmp(part.at + part.len - with, "pod", strlen("pod")) ||
		    (part.len > with && part.at[part.len - with - 1] != '-'))
			continue;
		uid->at = part.at + part.len - lens[i];
		uid->len = lens[i];
		if (lens[i] == UUID_LEN ? is_uuid(uid->at, uid->len) : is_hex(uid->at, uid->len))
			return true;
	}
	return false;
}

/**
 * place_names_pod() - the uid of the innermost pod of Kubernetes
 * @path: of a cgroup
 *
 * Return: as it stands there; _ may be its dashes.
 */
struct place_name place_names_pod(const char *path)
{
	struct place_name part, uid, found = { 0 };

	/* Other pods, those of Podman, have no uid. */
	if (!strstr(path, "kubepods"))
		return found;
	do {
		part = next_part(&path);
		if (take_pod(part, &uid))
			found = uid;
	} while (part.len);
	return found;
}
