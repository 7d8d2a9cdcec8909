// SPDX-License-Identifier: GPL-2.0-only
/*
 * version.c: which version this is, and which one the module has.
 */
#include "base/version.h"

#include <stdio.h>
#include <string.h>

const char version_client[] = TCPLC_VERSION;

/* The tests have files of their own. */
const char *version_module_file = VERSION_MODULE_FILE;

/**
 * version_module() - what the loaded module says its version is
 * @out: that, of printable characters only
 *
 * Return: false if no module is loaded, or where /sys does not show it.
 */
bool version_module(char out[VERSION_SIZE])
{
	FILE *file = fopen(version_module_file, "re");
	char *c;

	if (!file)
		return false;
	if (!fgets(out, VERSION_SIZE, file))
		out[0] = '\0';
	fclose(file);
	out[strcspn(out, "\n")] = '\0';
	for (c = out; *c; c++)
		if (*c <= ' ' || *c > '~')
			*c = '?';
	return out[0];
}
