// SPDX-License-Identifier: GPL-2.0-only
/*
 * autoload.c: what has the module loaded when the host boots.
 */
#include "host/autoload.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

/* A line with the name alone; systemd takes "-" for "_". */
static bool names_it(const char *path)
{
	FILE *file = fopen(path, "re");
	bool found = false;
	char line[256];

	while (file && !found && fgets(line, sizeof(line), file)) {
		char *word = line + strspn(line, " \t"), *c;

		/* /etc/modules may have parameters behind it. */
		word[strcspn(word, " \t\n")] = '\0';
		for (c = word; *c; c++)
			if (*c == '-')
				*c = '_';
		found = !strcmp(word, "tcp_lifecycle");
	}
	if (file)
		fclose(file);
	return found;
}

/**
 * autoload_initramfs() - does the initramfs load it?
 *
 * Return: true if there is the hook of docs/examples, or a line in initramfs-tools' own list.
 */
bool autoload_initramfs(void)
{
	char path[HOST_PATH_SIZE];

	return !access(host_path(path, AUTOLOAD_HOOK), X_OK) ||
	       names_it(host_path(path, "/etc/initramfs-tools/modules"));
}

/**
 * autoload_file() - the file that has it loaded at boot
 * @out: its path
 *
 * Return: false if there is none.
 */
bool autoload_file(char out[HOST_PATH_SIZE])
{
	static const char *const patterns[] = {
		"/etc/modules-load.d/*.conf", "/run/modules-load.d/*.conf",
		"/usr/local/lib/modules-load.d/*.conf", "/usr/lib/modules-load.d/*.conf",
		"/etc/modules",
	};
	bool found = false;
	size_t i, j;
	glob_t g;

	for (i = 0; i < ARRAY_SIZE(patterns) && !found; i++) {
		if (glob(host_path(out, "%s", patterns[i]), 0, NULL, &g))
			continue;
		for (j = 0; j < g.gl_pathc && !found; j++) {
			found = names_it(g.gl_pathv[j]);
			if (found)
				snprintf(out, HOST_PATH_SIZE, "%s", g.gl_pathv[j]);
		}
		globfree(&g);
	}
	if (!found && autoload_initramfs())
		found = host_path(out, "%s", "/etc/initramfs-tools");
	return found;
}
