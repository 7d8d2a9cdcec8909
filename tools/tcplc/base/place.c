// SPDX-License-Identifier: GPL-2.0-only
/*
 * place.c: where the owner of a connection ran.
 *
 * A cgroup's number is never used twice in one boot, and its path never changes.  So what
 * was found once holds, also when the cgroup is gone; and what was not found then, though
 * its record is older, will not be found later.
 */
#include "base/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/place_names.h"
#include "base/text.h"

#define SLOTS (2 * PLACE_MAX)	/* of each table; a power of two */
#define ID_SHOWN 12		/* digits of a container's id in the text, as its runtime has it */
#define ID_LEN 64

/**
 * struct known - a number of this boot
 * @id: the number
 * @place: its path, or &place_unknown
 */
struct known {
	uint64_t id;
	struct place *place;
};

struct place place_unknown;

static place_path_fn resolve;
static struct place **paths;
static size_t nr_paths;
static struct known *ids;
static size_t nr_ids;

/**
 * place_set_resolver() - who knows paths
 * @fn: finds one; NULL: nobody does
 */
void place_set_resolver(place_path_fn fn)
{
	resolve = fn;
}

static size_t hash(const char *path)
{
	uint64_t h = 14695981039346656037ULL;

	for (; *path; path++)
		h = (h ^ (unsigned char)*path) * 1099511628211ULL;
	return (h ^ h >> 29) & (SLOTS - 1);
}

static char *copy(struct place_name name, bool *failed)
{
	char *text = name.at ? strndup(name.at, name.len) : NULL;

	*failed |= name.at && !text;
	return text;
}

static void free_place(struct place *p)
{
	free(p->path);
	free(p->unit);
	free(p->slice);
	free(p->container);
	free(p->pod);
	free(p->json);
	free(p);
}

static struct place *new_place(const char *path)
{
	struct place *p = calloc(1, sizeof(*p));
	bool failed = false;
	char *c;

	if (!p)
		return NULL;
	p->path = strdup(path);
	p->unit = copy(place_names_unit(path), &failed);
	p->slice = copy(place_names_slice(path), &failed);
	p->container = copy(place_names_container(path), &failed);
	p->pod = copy(place_names_pod(path), &failed);
	if (failed || !p->path) {
		free_place(p);
		return NULL;
	}
	for (c = p->pod; c && *c; c++)
		if (*c == '_')
			*c = '-';
	return p;
}

/**
 * place_intern() - the one of a path
 * @path: from the root of the hierarchy
 *
 * Return: it, the same for the same path; NULL if it is none, is too long, or there is no
 * room.
 */
struct place *place_intern(const char *path)
{
	size_t at;

	if (*path != '/' || strlen(path) >= PLACE_PATH_SIZE)
		return NULL;
	if (!paths)
		paths = calloc(SLOTS, sizeof(struct place *));
	if (!paths)
		return NULL;
	for (at = hash(path); paths[at]; at = (at + 1) & (SLOTS - 1))
		if (!strcmp(paths[at]->path, path))
			return paths[at];
	if (nr_paths == PLACE_MAX)
		return NULL;
	paths[at] = new_place(path);
	nr_paths += paths[at] != NULL;
	return paths[at];
}

/* Its slot, or the free one; numbers are given out one after the other. */
static struct known *slot_of(uint64_t id)
{
	size_t at = (id * 0x9e3779b97f4a7c15ULL >> 40) & (SLOTS - 1);

	while (ids[at].place && ids[at].id != id)
		at = (at + 1) & (SLOTS - 1);
	return &ids[at];
}

static bool have_ids(void)
{
	if (!ids)
		ids = calloc(SLOTS, sizeof(*ids));
	return ids;
}

static struct place *remember(uint64_t id, const char *path)
{
	struct place *p = path ? place_intern(path) : NULL;
	struct known *known = slot_of(id);

	if (!known->place && nr_ids == PLACE_MAX)
		return p;
	nr_ids += !known->place;
	known->id = id;
	known->place = p ? p : &place_unknown;
	return p;
}

/**
 * place_learn() - the path of a cgroup, before anybody asks for it
 * @id: its number
 * @path: from the root of the hierarchy
 */
void place_learn(uint64_t id, const char *path)
{
	if (have_ids())
		remember(id, path);
}

static struct place *look_up(uint64_t id)
{
	char path[PLACE_PATH_SIZE];
	struct known *known;

	if (!have_ids())
		return NULL;
	known = slot_of(id);
	if (known->place)
		return known->place == &place_unknown ? NULL : known->place;
	return remember(id, resolve(path, id) ? path : NULL);
}

/**
 * place_is_asked() - does anybody know where owners ran?
 * @c: a record
 */
bool place_is_asked(const struct conn *c)
{
	return resolve || c->place;
}

/**
 * place_of() - where the owner of a connection ran
 * @c: it
 *
 * Return: NULL if that is not known.
 */
struct place *place_of(const struct conn *c)
{
	if (c->place)
		return c->place == &place_unknown ? NULL : c->place;
	if (!resolve || !conn_has(c, TCP_LIFECYCLE_A_CONN_CGROUP))
		return NULL;
	return look_up(c->cgroup);
}

/**
 * place_trim() - drop what is known, if it has become much
 *
 * For who runs for weeks, and holds none of them just now.
 *
 * Return: true if it was dropped.
 */
bool place_trim(void)
{
	size_t i;

	if (nr_ids < PLACE_MAX / 2 && nr_paths < PLACE_MAX / 2)
		return false;
	for (i = 0; paths && i < SLOTS; i++)
		if (paths[i])
			free_place(paths[i]);
	free(paths);
	free(ids);
	paths = NULL;
	ids = NULL;
	nr_paths = 0;
	nr_ids = 0;
	return true;
}

/* docker-ID.scope with an id of twelve digits. */
static size_t shorten(char *out, const char *name)
{
	const char *id = strstr(name, ".scope");
	size_t len = strlen(name);

	if (!id && len == ID_LEN)
		id = name + len;
	if (!id || (size_t)(id - name) < ID_LEN || len >= PLACE_TEXT_SIZE)
		return text_escape(out, PLACE_TEXT_SIZE, name, len);
	id -= ID_LEN;
	if (strspn(id, "0123456789abcdef") != ID_LEN)
		return text_escape(out, PLACE_TEXT_SIZE, name, len);
	len = text_escape(out, PLACE_TEXT_SIZE, name, id - name + ID_SHOWN);
	return len + text_escape(out + len, PLACE_TEXT_SIZE - len, id + ID_LEN,
				 strlen(id + ID_LEN));
}

/**
 * place_text() - it in one word, for people
 * @out: at least PLACE_TEXT_SIZE bytes
 * @p: it, or NULL
 *
 * Return: @out: the unit; where there is none the container, else the path.  The id of a
 * container has 12 digits.  NULL if nothing is known.
 */
const char *place_text(char *out, const struct place *p)
{
	if (!p)
		return NULL;
	shorten(out, p->unit ? p->unit : p->container ? p->container : p->path);
	return out;
}
