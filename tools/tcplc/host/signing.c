// SPDX-License-Identifier: GPL-2.0-only
/*
 * signing.c: does this host take only modules that are signed, and by whom?
 */
#include "host/signing.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/run.h"

#define EFI_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define EFI_SHIM "605dab50-e046-4300-abb6-3dd810dd8b23"

static bool first_line_has(const char *path, const char *word)
{
	char line[128] = "", full[HOST_PATH_SIZE];
	FILE *file = fopen(host_path(full, "%s", path), "re");

	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
	}
	return strstr(line, word);
}

/* Four bytes of attributes come first. */
static bool efi_is_on(const char *name, const char *vendor)
{
	unsigned char bytes[5] = { 0 };
	char path[HOST_PATH_SIZE];
	FILE *file = fopen(host_path(path, "/sys/firmware/efi/efivars/%s-%s", name, vendor), "re");

	if (file) {
		if (fread(bytes, 1, sizeof(bytes), file) != sizeof(bytes))
			bytes[4] = 0;
		fclose(file);
	}
	return bytes[4] == 1;
}

/**
 * signing_wanted() - why the kernel loads signed modules only
 *
 * Return: a text for a person, or NULL if it loads any. insmod itself only says that the
 * operation is not permitted.
 */
const char *signing_wanted(void)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	if (first_line_has(lockdown, "[integrity]") ||
	    first_line_has(lockdown, "[confidentiality]"))
		return "the kernel is locked down: it loads signed modules only";
	if (first_line_has("/sys/module/module/parameters/sig_enforce", "Y"))
		return "module.sig_enforce is set: the kernel loads signed modules only";
	/* shim can be told not to check; Debian's kernel then is not locked down. */
	if (efi_is_on("SecureBoot", EFI_GLOBAL) && !efi_is_on("MokSBStateRT", EFI_SHIM))
		return "Secure Boot is on: Debian's kernels then load signed modules only";
	return NULL;
}

static void take_line(char *line, void *data)
{
	enum signing_key *key = data;

	if (strstr(line, "is not enrolled"))
		*key = SIGNING_KEY_ABSENT;
	else if (strstr(line, "is already enrolled"))
		*key = SIGNING_KEY_ENROLLED;
}

/**
 * signing_key() - does the firmware know the key of DKMS?
 *
 * Return: what mokutil says of it.
 */
enum signing_key signing_key(void)
{
	char path[HOST_PATH_SIZE];
	const char *argv[] = { "mokutil", "--test-key", path, NULL };
	enum signing_key key = SIGNING_KEY_UNKNOWN;

	if (!access(host_path(path, "/var/lib/dkms/mok.pub"), R_OK))
		host_run(argv, take_line, &key);
	return key;
}
