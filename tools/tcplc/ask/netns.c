// SPDX-License-Identifier: GPL-2.0-only
/*
 * netns.c: another network namespace.
 */
#define _GNU_SOURCE
#include "ask/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where ip-netns(8) keeps its names. */
#define NAMES "/run/netns"

static int path_of(const char *name, char *path, size_t size)
{
	unsigned long pid;
	char *end;

	if (!strncmp(name, "pid:", 4)) {
		errno = 0;
		pid = strtoul(name + 4, &end, 10);
		if (errno || *end || end == name + 4 || pid > INT_MAX || !pid)
			return -EINVAL;
		snprintf(path, size, "/proc/%lu/ns/net", pid);
		return 0;
	}
	if ((size_t)snprintf(path, size, "%s%s", strchr(name, '/') ? "" : NAMES "/",
			     name) >= size || !*name)
		return -EINVAL;
	return 0;
}

/**
 * netns_inode() - the network namespace this process is in
 *
 * Return: its inode number, as records have it; 0 if it is not known.
 */
uint32_t netns_inode(void)
{
	struct stat st;

	return stat("/proc/thread-self/ns/net", &st) ? 0 : st.st_ino;
}

/**
 * netns_enter() - enter a network namespace
 * @name: a name of ip-netns(8), a path (anything with a slash), or pid:N
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: 0, or a negative error.
 */
int netns_enter(const char *name, char *why, size_t size)
{
	char path[PATH_MAX];
	int fd, err;

	if (path_of(name, path, sizeof(path))) {
		snprintf(why, size, "'%s' does not name a network namespace: "
			 "give a name of ip-netns(8), a path, or pid:N", name);
		return -EINVAL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		snprintf(why, size, "there is no network namespace '%s': %s: %s",
			 name, path, strerror(-err));
		return err;
	}
	err = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	if (err == -EPERM)
		snprintf(why, size, "entering network namespace '%s' needs "
			 "CAP_SYS_ADMIN: run it with sudo", name);
	else if (err)
		snprintf(why, size, "'%s' is not a network namespace: %s", path,
			 strerror(-err));
	return err;
}
