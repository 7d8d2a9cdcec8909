// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c: the host's own tools, and where its files are.
 */
#define _GNU_SOURCE
#include "host/run.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kernel.h>

const char *host_root = "";

/**
 * host_path() - a path of the host
 * @out: filled; cut off where it does not fit
 * @format: the path, from its slash on
 *
 * Return: @out.
 */
const char *host_path(char out[HOST_PATH_SIZE], const char *format, ...)
{
	size_t used = snprintf(out, HOST_PATH_SIZE, "%s", host_root);
	va_list args;

	va_start(args, format);
	if (used < HOST_PATH_SIZE)
		vsnprintf(out + used, HOST_PATH_SIZE - used, format, args);
	va_end(args);
	return out;
}

/* Only from where root alone can put one: the caller may be root by sudo. */
static const char *find(char out[HOST_PATH_SIZE], const char *name)
{
	static const char *const folders[] = { "/usr/sbin", "/sbin", "/usr/bin", "/bin" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(out, HOST_PATH_SIZE, "%s/%s", folders[i], name);
		if (!access(out, X_OK))
			return out;
	}
	return NULL;
}

/* Return: the process, with @fd reading what it prints, or a negative errno. */
static pid_t start(const char *program, const char *const *argv, int *fd)
{
	char *environment[] = { "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	err = posix_spawn(&pid, program, &actions, NULL, (char *const *)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (err) {
		close(ends[0]);
		return -err;
	}
	*fd = ends[0];
	return pid;
}

/**
 * host_run() - run a program of the host
 * @argv: its words, ended by NULL; the first is its name without a folder
 * @fn: gets each line it prints, without the newline
 * @data: for @fn
 *
 * Return: its exit status, or a negative errno; -ENOENT if the host has no such program.
 */
int host_run(const char *const *argv, host_line_fn fn, void *data)
{
	char program[HOST_PATH_SIZE], *line = NULL;
	int fd = -1, status;
	size_t size = 0;
	FILE *file;
	pid_t pid;

	if (!find(program, argv[0]))
		return -ENOENT;
	pid = start(program, argv, &fd);
	if (pid < 0)
		return pid;
	file = fdopen(fd, "r");
	if (!file)
		close(fd);
	while (file && getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		fn(line, data);
	}
	free(line);
	if (file)
		fclose(file);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
