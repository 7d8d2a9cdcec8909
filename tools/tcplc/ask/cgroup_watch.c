// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup_watch.c: learn the path of each cgroup while it is there.
 *
 * Each folder of the hierarchy has a watch of its own, for the kernel tells of no more than
 * the names in one folder.  While no cgroup comes nothing runs.
 */
#define _GNU_SOURCE	/* nftw() */
#include "ask/cgroup_watch.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <search.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ask/cgroup.h"

#define MAX_OPEN 32	/* folders at a time */

/**
 * struct watched - a folder
 * @wd: what the kernel calls its watch
 * @path: of the folder
 */
struct watched {
	int wd;
	char path[];
};

static int fd = -1;
static void *folders;	/* of tsearch() */

static int compare(const void *a, const void *b)
{
	const struct watched *one = a, *other = b;

	return (one->wd > other->wd) - (one->wd < other->wd);
}

static void forget(int wd)
{
	const struct watched key = { .wd = wd };
	struct watched **at = tfind(&key, &folders, compare);
	struct watched *w;

	if (!at)
		return;
	w = *at;
	tdelete(w, &folders, compare);
	free(w);
}

/* A folder that was watched already has the same number. */
static void remember(int wd, const char *path)
{
	struct watched *w = malloc(sizeof(*w) + strlen(path) + 1);

	forget(wd);
	if (!w)
		return;
	w->wd = wd;
	strcpy(w->path, path);
	if (!tsearch(w, &folders, compare))
		free(w);
}

static int watch_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	int wd;

	(void)st;
	(void)ftw;
	if (type != FTW_D)
		return 0;
	/* First the watch: what is made in it from here on is told, what was before is found. */
	wd = inotify_add_watch(fd, path, IN_CREATE | IN_ONLYDIR);
	if (wd >= 0)
		remember(wd, path);
	cgroup_learn(path);
	/* One that went meanwhile is no reason to give up; no more watches are. */
	return wd < 0 && (errno == ENOSPC || errno == ENOMEM);
}

static int walk(const char *path)
{
	return nftw(path, watch_one, MAX_OPEN, FTW_PHYS | FTW_MOUNT);
}

static void take(const struct inotify_event *event)
{
	const struct watched key = { .wd = event->wd };
	struct watched **at;
	char path[PATH_MAX];

	if (event->mask & IN_Q_OVERFLOW) {
		walk(cgroup_dir());
		return;
	}
	if (event->mask & IN_IGNORED) {	/* the folder is gone */
		forget(event->wd);
		return;
	}
	at = tfind(&key, &folders, compare);
	if (!at || !event->len || !(event->mask & IN_ISDIR))
		return;
	if (snprintf(path, sizeof(path), "%s/%s", (*at)->path, event->name) < (int)sizeof(path))
		walk(path);
}

/**
 * cgroup_watch_read() - learn what has come
 */
void cgroup_watch_read(void)
{
	alignas(struct inotify_event) char buf[4096];
	const struct inotify_event *event;
	ssize_t len, at;

	while ((len = read(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < len; at += sizeof(*event) + event->len) {
			event = (const void *)(buf + at);
			take(event);
		}
	}
}

/**
 * cgroup_watch_begin() - learn all there are, and from now on those that come
 *
 * Return: what can be read when there is something for cgroup_watch_read(), or -1: they cannot
 * be watched, for there is no hierarchy, or no more watches.
 */
int cgroup_watch_begin(void)
{
	if (!*cgroup_dir())
		return -1;
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd >= 0 && walk(cgroup_dir()))
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
	tdestroy(folders, free);
	folders = NULL;
}
