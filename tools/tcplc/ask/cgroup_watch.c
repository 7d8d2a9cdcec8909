// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup_watch.c: learn the path of each cgroup while it is there.
 *
 * Each folder of the hierarchy has a watch of its own, for the kernel tells of no more than
 * the names in one folder.  While no cgroup comes nothing runs.
 *
 * When a folder of this file system goes, most kernels keep its watch, and the folder with it
 * (6.1, 6.12: there is no IN_IGNORED).  So what its parent tells has us let go of it.
 */
#define _GNU_SOURCE	/* nftw() */
#include "ask/cgroup_watch.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ask/cgroup.h"

#define MAX_OPEN 32	/* folders at a time */
#define WALKS 8		/* times to begin again where a folder went meanwhile */

/**
 * struct watched - a folder
 * @wd: what the kernel calls its watch
 * @path: of the folder
 */
struct watched {
	int wd;
	char *path;
};

static int fd = -1;
static struct watched *folders;		/* some hundreds on a large host */
static size_t nr, room;

static struct watched *by_number(int wd)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (folders[i].wd == wd)
			return &folders[i];
	return NULL;
}

static struct watched *by_path(const char *path)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(folders[i].path, path))
			return &folders[i];
	return NULL;
}

static void forget(struct watched *w)
{
	free(w->path);
	*w = folders[--nr];
}

/* A folder that was watched already has the same number. */
static bool remember(int wd, const char *path)
{
	struct watched *more;

	if (by_number(wd))
		return true;
	if (nr == room) {
		more = reallocarray(folders, room ? 2 * room : 64, sizeof(*folders));
		if (!more)
			return false;
		folders = more;
		room = room ? 2 * room : 64;
	}
	folders[nr].wd = wd;
	folders[nr].path = strdup(path);
	if (!folders[nr].path)
		return false;
	nr++;
	return true;
}

static int watch_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	bool good;
	int wd;

	(void)st;
	(void)ftw;
	if (type != FTW_D)
		return 0;
	/* First the watch: what is made in it from here on is told, what was before is found. */
	wd = inotify_add_watch(fd, path, IN_CREATE | IN_DELETE | IN_ONLYDIR);
	/* One that went meanwhile is no reason to give up; no more watches are. */
	good = wd < 0 ? errno != ENOSPC && errno != ENOMEM : remember(wd, path);
	cgroup_learn(path);
	return !good;
}

/* False: there are no more watches.  Where a folder goes meanwhile nftw() gives up. */
static bool walk(const char *path)
{
	unsigned int i;
	int err = -1;

	for (i = 0; err < 0 && i < WALKS; i++)
		err = nftw(path, watch_one, MAX_OPEN, FTW_PHYS | FTW_MOUNT);
	return err <= 0;
}

static bool begin(void)
{
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return fd >= 0 && walk(cgroup_dir());
}

static bool take(const struct inotify_event *event)
{
	struct watched *w;
	char path[PATH_MAX];

	w = by_number(event->wd);
	if (!w)
		return true;
	if (event->mask & IN_IGNORED) {
		forget(w);
		return true;
	}
	if (!event->len || !(event->mask & IN_ISDIR) ||
	    snprintf(path, sizeof(path), "%s/%s", w->path, event->name) >= (int)sizeof(path))
		return true;
	if (event->mask & IN_CREATE)
		return walk(path);
	w = by_path(path);
	if (w) {
		inotify_rm_watch(fd, w->wd);
		forget(w);
	}
	return true;
}

/**
 * cgroup_watch_read() - learn what has come, as much as is read at once
 *
 * Return: as cgroup_watch_begin(), which may have been done anew.
 */
int cgroup_watch_read(void)
{
	alignas(struct inotify_event) char buf[4096];
	const struct inotify_event *event;
	ssize_t len, at;
	bool good = true;

	len = read(fd, buf, sizeof(buf));
	for (at = 0; good && at < len; at += sizeof(*event) + event->len) {
		event = (const void *)(buf + at);
		if (event->mask & IN_Q_OVERFLOW) {
			/* Of some that have gone nobody will tell. */
			cgroup_watch_end();
			good = begin();
			break;
		}
		good = take(event);
	}
	if (!good)
		cgroup_watch_end();
	return fd;
}

/**
 * cgroup_watch_begin() - learn all there are, and from now on those that come
 *
 * Return: what can be read when there is something for cgroup_watch_read(), or -1: they cannot
 * be watched, for there is no hierarchy, or no more watches.
 */
int cgroup_watch_begin(void)
{
	if (*cgroup_dir() && !begin())
		cgroup_watch_end();
	return fd;
}

/**
 * cgroup_watch_end() - let go of all
 */
void cgroup_watch_end(void)
{
	if (fd >= 0)
		close(fd);
	fd = -1;
	while (nr)
		forget(&folders[nr - 1]);
	free(folders);
	folders = NULL;
	room = 0;
}
