// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot.c: which boot of which machine this is.
 */
#include "base/boot.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static char id[40];
static bool known;

/**
 * boot_set_id() - let it be another boot, that of a file
 * @text: as boot_id() returned it there; NULL for this one again
 */
void boot_set_id(const char *text)
{
	known = text;
	if (!text)
		return;
	snprintf(id, sizeof(id), "%s", text);
	id[strspn(id, "0123456789abcdef-")] = '\0';
}

/**
 * boot_id() - the number the kernel drew when it was booted
 *
 * Read once: it stays.
 *
 * Return: as /proc has it; empty if it cannot be read.
 */
const char *boot_id(void)
{
	FILE *file;

	if (known)
		return id;
	known = true;
	file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!file)
		return id;
	if (!fgets(id, sizeof(id), file))
		id[0] = '\0';
	fclose(file);
	id[strspn(id, "0123456789abcdef-")] = '\0';
	return id;
}
