// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernels.c: the kernels that are installed, and the module for each.
 */
#define _GNU_SOURCE
#include "host/kernels.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/run.h"

/* "signer:  DKMS module signing key", or "filename: ...". */
static void take_line(char *line, void *data)
{
	struct kernel *k = data;
	char *value = strchr(line, ':'), *c;

	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (!strcmp(line, "filename"))
		k->module = true;
	if (strcmp(line, "signer"))
		return;
	/* A certificate may hold any name. */
	for (c = value; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	snprintf(k->signer, sizeof(k->signer), "%s", *value ? value : "?");
}

/* Return: 0, or a negative errno: there is no modinfo. */
static int ask_modinfo(struct kernel *k)
{
	const char *argv[] = { "modinfo", "-k", k->release, NULL, NULL, NULL, NULL };
	int i = 3, status;

	if (*host_root) {
		argv[i++] = "-b";
		argv[i++] = host_root;
	}
	argv[i] = "tcp_lifecycle";
	status = host_run(argv, take_line, k);
	return status < 0 ? status : 0;
}

static bool there(const char *format, const char *release)
{
	char path[HOST_PATH_SIZE];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return !access(host_path(path, format, release), F_OK);
#pragma GCC diagnostic pop
}

/* A package of headers alone leaves a folder, too. */
static bool is_kernel(const char *release)
{
	return strlen(release) < KERNELS_NAME_SIZE && release[strspn(release,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+~_")] == '\0' &&
	       release[0] != '.' &&
	       (there("/boot/vmlinuz-%s", release) || there("/lib/modules/%s/vmlinuz", release) ||
		there("/lib/modules/%s/modules.builtin", release));
}

static int by_version(const void *a, const void *b)
{
	const struct kernel *one = a, *other = b;

	return strverscmp(one->release, other->release);
}

static int read_names(struct kernels *k)
{
	char path[HOST_PATH_SIZE];
	struct dirent *entry;
	DIR *dir = opendir(host_path(path, "/lib/modules"));

	if (!dir)
		return -errno;
	while ((entry = readdir(dir)) && k->nr < KERNELS_MAX)
		if (is_kernel(entry->d_name))
			strcpy(k->kernel[k->nr++].release, entry->d_name);
	closedir(dir);
	qsort(k->kernel, k->nr, sizeof(k->kernel[0]), by_version);
	return k->nr ? 0 : -ENOENT;
}

/* What dpkg has of kernels. */
struct packages {
	bool image;
	bool headers;	/* of whatever version is the newest: linux-headers-amd64 and the like */
};

static void take_package(char *line, void *data)
{
	static const char headers[] = "linux-headers-", image[] = "linux-image-";
	struct packages *p = data;
	char *state = strchr(line, ' ');

	if (!state || strcmp(state, " installed"))
		return;
	p->image |= !strncmp(line, image, strlen(image));
	p->headers |= !strncmp(line, headers, strlen(headers)) &&
		      !isdigit((unsigned char)line[strlen(headers)]);
}

static bool headers_follow(void)
{
	char root[HOST_PATH_SIZE + 16];
	const char *argv[] = { "dpkg-query", root, "-f", "${Package} ${db:Status-Status}\n", "-W",
			       "linux-headers-*", "linux-image-*", NULL };
	struct packages p = { 0 };

	snprintf(root, sizeof(root), "--root=%s", *host_root ? host_root : "/");
	/* It fails where no package has such a name, also. */
	return host_run(argv, take_package, &p) < 0 || !p.image || p.headers;
}

/**
 * kernels_read() - look at all of them
 * @k: filled
 *
 * Return: 0, or a negative errno: this is no host that has kernels and tools for them, but
 * for example a container.
 */
int kernels_read(struct kernels *k)
{
	struct utsname host;
	unsigned int i;
	int err;

	*k = (struct kernels){ .running = -1 };
	err = read_names(k);
	uname(&host);
	for (i = 0; !err && i < k->nr; i++) {
		err = ask_modinfo(&k->kernel[i]);
		k->kernel[i].headers = there("/lib/modules/%s/build/Makefile", k->kernel[i].release);
		if (!strcmp(k->kernel[i].release, host.release))
			k->running = i;
	}
	k->dkms = there("/var/lib/dkms/tcp_lifecycle%s", "");
	k->follows = headers_follow();
	return err;
}
