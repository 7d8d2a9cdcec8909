// SPDX-License-Identifier: GPL-2.0-only
/*
 * commands.c: the subcommands there are.
 */
#include "cmd/commands.h"

#include <string.h>

#include <linux/kernel.h>

#include "base/nearest.h"

extern const struct command command_list, command_show, command_watch, command_top;
extern const struct command command_listeners, command_stats, command_config;
extern const struct command command_clear, command_doctor, command_balance, command_save;
extern const struct command command_summary, command_log, command_why, command_explain;
extern const struct command command_diff, command_diagram, command_timeline, command_report;

static const struct command *const commands[] = {
	&command_list,
	&command_show,
	&command_why,
	&command_watch,
	&command_log,
	&command_top,
	&command_listeners,
	&command_summary,
	&command_stats,
	&command_diagram,
	&command_timeline,
	&command_report,
	&command_balance,
	&command_save,
	&command_diff,
	&command_config,
	&command_clear,
	&command_doctor,
	&command_explain,
};

/**
 * commands_at() - one by one
 * @i: from 0
 *
 * Return: NULL behind the last.
 */
const struct command *commands_at(size_t i)
{
	return i < ARRAY_SIZE(commands) ? commands[i] : NULL;
}

/**
 * commands_find() - by name
 * @name: a word
 *
 * Return: NULL if there is none.
 */
const struct command *commands_find(const char *name)
{
	const struct command *c;
	size_t i;

	for (i = 0; (c = commands_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/**
 * commands_nearest() - what may have been meant
 * @name: a word that names none
 *
 * Return: a name, or NULL.
 */
const char *commands_nearest(const char *name)
{
	struct nearest n = nearest_begin(name);
	const struct command *c;
	size_t i;

	for (i = 0; (c = commands_at(i)); i++)
		nearest_try(&n, c->name);
	nearest_try(&n, "help");
	return n.best;
}
