// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup.c: the paths of cgroups, as this kernel has them now.
 *
 * A cgroup's number is its file handle, which opens it: that needs CAP_DAC_READ_SEARCH.
 * Others walk the hierarchy once, and read the handle of each folder.  In a cgroup
 * namespace only what is below its root can be seen, and paths begin there.
 */
#define _GNU_SOURCE	/* name_to_handle_at(), nftw() */
#include "ask/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/place.h"

/* In the kernel's exportfs.h: a number of kernfs, 64 bits.  Not in any header for programs. */
#define FILEID_KERNFS 0xfe

#define MAX_OPEN 32	/* folders at a time */
#define LEARN_EACH_US 500000	/* less than follow.c waits */

union id_handle {
	struct file_handle head;
	char room[sizeof(struct file_handle) + sizeof(uint64_t)];
};

/**
 * struct mounted - a place where the unified hierarchy can be seen
 * @dir: of this machine; empty: nowhere
 * @root: the cgroup that is there, "" for the first of all, or of this namespace
 */
struct mounted {
	char dir[PATH_MAX];
	char root[PATH_MAX];
};

/*
 * A line of mountinfo.  Names with blanks have backslashes there, and nobody has such a
 * mount; /.. is above the root of this cgroup namespace, and has no path in it.
 */
static bool take_mount(const char *line, struct mounted *m)
{
	if (!strstr(line, " - cgroup2 ") ||
	    sscanf(line, "%*u %*u %*u:%*u %4095s %4095s", m->root, m->dir) != 2 ||
	    strchr(m->root, '\\') || strchr(m->dir, '\\') || !strncmp(m->root, "/..", 3))
		return false;
	if (!strcmp(m->root, "/"))
		m->root[0] = '\0';
	return true;
}

/* The whole hierarchy, or else a part of it. */
static const struct mounted *mounted(void)
{
	static struct mounted best;
	static bool known;
	struct mounted m;
	char *line = NULL;
	size_t size = 0;
	FILE *file;

	if (known)
		return &best;
	known = true;
	file = fopen("/proc/self/mountinfo", "re");
	while (file && getline(&line, &size, file) > 0)
		if (take_mount(line, &m) && (!*best.dir || (*best.root && !*m.root)))
			best = m;
	free(line);
	if (file)
		fclose(file);
	return &best;
}

static bool id_of(const char *path, uint64_t *id)
{
	union id_handle h = { .head.handle_bytes = sizeof(*id) };
	int mount;

	if (name_to_handle_at(AT_FDCWD, path, &h.head, &mount, 0) ||
	    h.head.handle_type != FILEID_KERNFS || h.head.handle_bytes != sizeof(*id))
		return false;
	memcpy(id, h.head.f_handle, sizeof(*id));
	return true;
}

/* Its path in the hierarchy; false if it is not there, or has no room. */
static bool name_of(char *out, const char *path)
{
	const struct mounted *m = mounted();
	size_t len = strlen(m->dir);

	if (strncmp(path, m->dir, len) || !strchr("/", path[len]))
		return false;
	path += len;
	if (!*path && !*m->root)
		path = "/";
	return snprintf(out, PLACE_PATH_SIZE, "%s%s", m->root, path) < PLACE_PATH_SIZE;
}

static int open_id(uint64_t id)
{
	union id_handle h = {
		.head = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS },
	};
	int mount, fd, err;

	mount = open(mounted()->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount < 0)
		return -1;
	memcpy(h.head.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(mount, &h.head, O_PATH | O_CLOEXEC);
	err = errno;
	close(mount);
	errno = err;
	return fd;
}

/* Of one that is gone, or not below the mount, the link says something else. */
static bool take_path(char *out, int fd, uint64_t id)
{
	char link[64], path[PATH_MAX];
	uint64_t there;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return false;
	path[len] = '\0';
	return name_of(out, path) && id_of(path, &there) && there == id;
}

/**
 * cgroup_learn() - have place.c know a cgroup
 * @path: its folder
 *
 * Return: its number, or 0.
 */
uint64_t cgroup_learn(const char *path)
{
	char name[PLACE_PATH_SIZE];
	struct stat st;
	uint64_t id;

	if (!name_of(name, path))
		return 0;
	if (!id_of(path, &id)) {
		/* On 64 bits its inode number is the same, should the call be forbidden. */
		if (stat(path, &st))
			return 0;
		id = st.st_ino;
	}
	place_learn(id, name);
	return id;
}

/* A walk learns all there are, and may look for one: 0 is none. */
static uint64_t wanted;
static char *found_path;
static bool found;

static int look_at(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_D && cgroup_learn(path) == wanted && wanted)
		found = name_of(found_path, path);
	return 0;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/*
 * Each walk takes some milliseconds where there are thousands: at most a tenth of the time
 * goes into it.
 */
static bool walk_for(char *out, uint64_t id)
{
	static uint64_t not_before;
	uint64_t begun = now_us();

	if (begun < not_before)
		return false;
	found = false;
	found_path = out;
	wanted = id;
	nftw(mounted()->dir, look_at, MAX_OPEN, FTW_PHYS | FTW_MOUNT);
	not_before = now_us() + 10 * (now_us() - begun);
	return found;
}

/**
 * cgroup_learn_all() - have place.c know all that there are now, where they cannot be watched
 *
 * Called as often as one likes: it takes at most a hundredth of the time.
 */
void cgroup_learn_all(void)
{
	static uint64_t not_before;
	uint64_t begun = now_us();

	if (!*mounted()->dir || begun < not_before)
		return;
	wanted = 0;
	nftw(mounted()->dir, look_at, MAX_OPEN, FTW_PHYS | FTW_MOUNT);
	not_before = begun + LEARN_EACH_US + 100 * (now_us() - begun);
}

/**
 * cgroup_dir() - where the hierarchy can be seen
 *
 * Return: a folder of this machine; empty if there is none.
 */
const char *cgroup_dir(void)
{
	return mounted()->dir;
}

/**
 * cgroup_path() - the path of a cgroup
 * @out: at least PLACE_PATH_SIZE bytes
 * @id: its number
 *
 * Return: false if it is gone, or cannot be seen from here.
 */
bool cgroup_path(char *out, uint64_t id)
{
	bool good;
	int fd;

	if (!*mounted()->dir)
		return false;
	fd = open_id(id);
	if (fd < 0)
		return errno == EPERM || errno == ENOSYS ? walk_for(out, id) : false;
	good = take_path(out, fd, id);
	close(fd);
	return good;
}
