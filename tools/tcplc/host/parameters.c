// SPDX-License-Identifier: GPL-2.0-only
/*
 * parameters.c: the module's parameters, as modprobe.d and /sys have them.
 */
#define _GNU_SOURCE
#include "host/parameters.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/run.h"

const char *const parameters_names[PARAMETER_COUNT] = {
	[PARAMETER_RECORDS] = "records",
	[PARAMETER_RETENTION] = "retention",
	[PARAMETER_FEED] = "feed",
	[PARAMETER_EXCLUDE_LOOPBACK] = "exclude_loopback",
	[PARAMETER_PORTS] = "ports",
};

/**
 * parameters_default() - what the module takes where nothing is said
 * @p: filled; none of it is known to be so
 */
void parameters_default(struct parameters *p)
{
	*p = (struct parameters){
		.number = {
			[PARAMETER_RECORDS] = 32768,
			[PARAMETER_RETENTION] = 600,
			[PARAMETER_FEED] = 4096,
		},
	};
}

/**
 * parameters_value() - one of them, as the kernel takes it
 * @out: filled
 * @p: of these
 * @which: this one
 *
 * Return: @out; empty for any port.
 */
const char *parameters_value(char out[PARAMETERS_TEXT_SIZE], const struct parameters *p,
			     enum parameter which)
{
	unsigned int i, used = 0;

	out[0] = '\0';
	if (which == PARAMETER_EXCLUDE_LOOPBACK)
		return strcpy(out, p->number[which] ? "Y" : "N");
	if (which != PARAMETER_PORTS) {
		snprintf(out, PARAMETERS_TEXT_SIZE, "%" PRIu32, p->number[which]);
		return out;
	}
	for (i = 0; i < p->nr_ports; i++)
		used += snprintf(out + used, PARAMETERS_TEXT_SIZE - used, "%s%u", i ? "," : "",
				 p->port[i]);
	return out;
}

/**
 * parameters_equal() - do two agree on one of them?
 * @a: the one
 * @b: the other
 * @which: the parameter
 *
 * Return: true if so; the order of ports is of no account.
 */
bool parameters_equal(const struct parameters *a, const struct parameters *b,
		      enum parameter which)
{
	unsigned int i, j;

	if (which != PARAMETER_PORTS)
		return a->number[which] == b->number[which];
	if (a->nr_ports != b->nr_ports)
		return false;
	for (i = 0; i < a->nr_ports; i++) {
		for (j = 0; j < b->nr_ports && a->port[i] != b->port[j]; j++)
			;
		if (j == b->nr_ports)
			return false;
	}
	return true;
}

static bool take_ports(struct parameters *p, const char *text)
{
	unsigned long port;
	char *end;

	for (p->nr_ports = 0; *text; text = *end ? end + 1 : end) {
		port = strtoul(text, &end, 0);
		if (end == text || (*end && *end != ',') || !port || port > 65535 ||
		    p->nr_ports == PARAMETERS_PORTS)
			return false;
		p->port[p->nr_ports++] = port;
	}
	return true;
}

/* As kstrtobool() does; a name without a value is true. */
static bool take_bool(uint32_t *number, const char *text)
{
	bool on = text[0] == 'o' || text[0] == 'O';
	char c = on ? text[1] : text[0];

	*number = !c || strchr("yYtT1", c) || (on && strchr("nN", c));
	return *number || strchr("nNfF0", c) || (on && strchr("fF", c));
}

/* One value, of a file or behind a "="; what the kernel would not take is left unknown. */
static void take(struct parameters *p, enum parameter which, const char *text)
{
	unsigned long long number;
	char *end;

	if (which == PARAMETER_PORTS) {
		p->known[which] = take_ports(p, text);
	} else if (which == PARAMETER_EXCLUDE_LOOPBACK) {
		p->known[which] = take_bool(&p->number[which], text);
	} else {
		number = strtoull(text, &end, 0);
		p->known[which] = end != text && !*end && number <= UINT32_MAX;
		if (p->known[which])
			p->number[which] = number;
	}
}

/**
 * parameters_loaded() - what the module was loaded with
 * @p: filled, from /sys; what it does not show is not known
 */
void parameters_loaded(struct parameters *p)
{
	char path[HOST_PATH_SIZE], line[PARAMETERS_TEXT_SIZE];
	unsigned int i;
	FILE *file;

	for (i = 0; i < PARAMETER_COUNT; i++) {
		file = fopen(host_path(path, "/sys/module/tcp_lifecycle/parameters/%s",
				       parameters_names[i]), "re");
		if (!file)
			continue;
		if (fgets(line, sizeof(line), file)) {
			line[strcspn(line, "\n")] = '\0';
			take(p, i, line);
		}
		fclose(file);
	}
}

/* "options tcp_lifecycle records=64 ...", of which modprobe prints one per file. */
static void take_line(char *line, void *data)
{
	char *rest = line, *word, *value;
	struct parameters *p = data;
	unsigned int i;

	word = strsep(&rest, " ");
	if (!word || strcmp(word, "options"))
		return;
	word = strsep(&rest, " ");
	if (!word || strcmp(word, "tcp_lifecycle"))
		return;
	while ((word = strsep(&rest, " \t"))) {
		value = strchrnul(word, '=');
		for (i = 0; i < PARAMETER_COUNT; i++)
			if (strlen(parameters_names[i]) == (size_t)(value - word) &&
			    !strncmp(word, parameters_names[i], value - word))
				take(p, i, *value ? value + 1 : value);
	}
}

/**
 * parameters_configured() - what modprobe would load the module with
 * @p: parameters_default(), then changed by what modprobe.d and the kernel's command
 *	line have, which is known
 *
 * Return: 0, or a negative errno: there is no modprobe.
 */
int parameters_configured(struct parameters *p)
{
	const char *argv[] = { "modprobe", "-c", NULL, NULL, NULL };
	char path[HOST_PATH_SIZE];
	int status;

	parameters_default(p);
	if (*host_root) {
		argv[2] = "-C";
		argv[3] = host_path(path, "/etc/modprobe.d");
	}
	status = host_run(argv, take_line, p);
	return status < 0 ? status : 0;
}
