// SPDX-License-Identifier: GPL-2.0-only
/*
 * config_save.c: tcplc config --save, the settings that run are those of the next boot.
 */
#include "cmd/config_save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/settings.h"
#include "base/names.h"
#include "base/version.h"
#include "host/autoload.h"
#include "json/json.h"
#include "saved/outfile.h"

#define MARK "# Written by \"tcplc config --save\""

/**
 * config_running() - with which parameters would the module run as it runs now?
 * @nl: an open session
 * @p: filled; what /sys does not show is not known
 * @groups_off: a bit for each group of hooks that is off, for which there is no parameter
 *
 * Return: 0, or a negative errno that @nl explains.
 */
int config_running(struct nl *nl, struct parameters *p, unsigned int *groups_off)
{
	struct settings s;
	unsigned int i;
	int err;

	parameters_default(p);
	parameters_loaded(p);
	err = settings_get(nl, &s);
	if (err)
		return err;
	p->number[PARAMETER_RETENTION] = s.retention;
	p->number[PARAMETER_EXCLUDE_LOOPBACK] = s.exclude_loopback;
	p->nr_ports = s.nr_ports;
	memcpy(p->port, s.port, sizeof(p->port));
	p->known[PARAMETER_RETENTION] = true;
	p->known[PARAMETER_EXCLUDE_LOOPBACK] = true;
	p->known[PARAMETER_PORTS] = true;
	*groups_off = 0;
	for (i = 0; i < ARRAY_SIZE(s.group); i++)
		*groups_off |= (s.has_group[i] && !s.group[i]) << i;
	return 0;
}

static void options_text(char *out, size_t size, const struct parameters *p)
{
	size_t used = snprintf(out, size, "%s, tcplc %s; its next run replaces this file.\n"
			       "options tcp_lifecycle", MARK, version_client);
	char value[PARAMETERS_TEXT_SIZE];
	unsigned int i;

	for (i = 0; i < PARAMETER_COUNT; i++)
		/* Any port is the default, and has no text. */
		if (p->known[i] && *parameters_value(value, p, i))
			used += snprintf(out + used, size - used, " %s=%s", parameters_names[i],
					 value);
	snprintf(out + used, size - used, "\n");
}

/* Somebody wrote it by hand: it stays, under a name that modprobe does not read. */
static int keep(const char *path, char old[HOST_PATH_SIZE + 8])
{
	FILE *file = fopen(path, "re");
	char line[128] = "";

	old[0] = '\0';
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	if (!strncmp(line, MARK, strlen(MARK)))
		return 0;
	snprintf(old, HOST_PATH_SIZE + 8, "%s.old", path);
	unlink(old);
	return link(path, old) ? -errno : 0;
}

/* mkdir -p of the folder that @path is in. */
static int make_folder(const char *path)
{
	char folder[HOST_PATH_SIZE];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	for (slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0755) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int report(const struct tcplc *ctx, const char *path, const char *text, const char *old)
{
	json_t *object;

	if (!ctx->json) {
		printf("%s:\n%s", path, strchr(text, '\n') + 1);
		if (*old)
			printf("%s: what was there before\n", old);
		return 0;
	}
	object = json_pack("{s:s,s:o,s:s}", "type", "configured", "file",
			   json_bytes(path, strlen(path)), "text", text);
	if (*old)
		json_object_set_new(object, "previous", json_bytes(old, strlen(old)));
	return json_print(object) ? tcplc_fail("cannot write JSON") : 0;
}

static int put_file(const struct tcplc *ctx, const char *path, const char *text)
{
	char old[HOST_PATH_SIZE + 8], why[200];
	struct outfile *o;
	int err;

	err = make_folder(path) ?: keep(path, old);
	if (err)
		return tcplc_fail("config: cannot write %s: %s%s", path, strerror(-err),
				  err == -EACCES ? "; run it with sudo" : "");
	o = outfile_open(path, why, sizeof(why));
	if (!o)
		return tcplc_fail("config: cannot write %s: %s", path, why);
	fputs(text, outfile_stream(o));
	if (outfile_commit(o, why, sizeof(why)))
		return tcplc_fail("config: cannot write %s: %s", path, why);
	/* It has no secret, and tcplc doctor reads it for everybody. */
	if (chmod(path, 0644))
		return tcplc_fail("config: cannot have everybody read %s: %s", path, strerror(errno));
	return report(ctx, path, text, old);
}

/* What is not as it runs after the next load, for whatever reason. */
static int check(const struct parameters *running, unsigned int groups_off)
{
	char value[PARAMETERS_TEXT_SIZE];
	struct parameters next;
	unsigned int i;
	int code = 0;

	for (i = 0; i < 32; i++)
		if (groups_off >> i & 1)
			tcplc_fail("config: not saved: hooks %s off; it has no parameter, so after "
				   "each load: tcplc config hooks %s off", tlc_words_group(i),
				   tlc_words_group(i));
	for (i = 0; i < PARAMETER_COUNT; i++)
		if (!running->known[i])
			tcplc_fail("config: not saved: %s; /sys/module/tcp_lifecycle/parameters does "
				   "not show it", parameters_names[i]);
	if (autoload_initramfs())
		tcplc_fail("config: the initramfs loads the module, and has a copy of modprobe.d: "
			   "sudo update-initramfs -u -k all");
	if (parameters_configured(&next))
		return 0;
	for (i = 0; i < PARAMETER_COUNT; i++) {
		if (!running->known[i] || parameters_equal(running, &next, i))
			continue;
		code = tcplc_fail("config: the next load still has %s=%s: another file of "
				  "modprobe.d, or the kernel's command line, says so; see: "
				  "modprobe -c | grep tcp_lifecycle", parameters_names[i],
				  parameters_value(value, &next, i));
	}
	return code;
}

/**
 * config_save() - write the settings that run for the next load, and have it loaded at boot
 * @ctx: of the command, connected
 * @root: folder in place of /, or NULL
 *
 * Return: an exit code.
 */
int config_save(struct tcplc *ctx, const char *root)
{
	char path[HOST_PATH_SIZE], text[PARAMETERS_TEXT_SIZE + 512];
	struct parameters running;
	unsigned int groups_off;
	int code;

	if (config_running(&ctx->nl, &running, &groups_off))
		return tcplc_fail("%s", ctx->nl.why);
	if (root)
		host_root = root;
	options_text(text, sizeof(text), &running);
	code = put_file(ctx, host_path(path, "/etc/modprobe.d/tcp_lifecycle.conf"), text);
	if (code)
		return code;
	snprintf(text, sizeof(text), "%s, tcplc %s; its next run replaces this file.\n"
		 "tcp_lifecycle\n", MARK, version_client);
	code = put_file(ctx, host_path(path, "/etc/modules-load.d/tcp_lifecycle.conf"), text);
	return code ? code : check(&running, groups_off);
}
