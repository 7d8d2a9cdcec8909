// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c: which boot of which machine this is.
 */
#include "base/boot.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/**
 * boot_id() - the number the kernel drew when it was booted
 *
 * Read once: it stays.
 *
 * Return: as /proc has it; empty if it cannot be read.
 */
const char *boot_id(void)
{
	static char id[40];
	static bool read;
	FILE *file;

	if (read)
		return id;
	read = true;
	file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!file)
		return id;
	if (!fgets(id, sizeof(id), file))
		id[0] = '\0';
	fclose(file);
	id[strspn(id, "0123456789abcdef-")] = '\0';
	return id;
}
