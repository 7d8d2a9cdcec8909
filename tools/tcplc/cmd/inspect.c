// SPDX-License-Identifier: GPL-2.0-only
/*
 * inspect.c: one look by the rules of tcplc why.
 */
#include "cmd/inspect.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ask/netns.h"
#include "ask/query.h"
#include "base/clock.h"

#define FILE_MOST 100	/* bytes of its name; longer ones are not repeated */

static int take(const struct conn *c, void *data)
{
	struct inspection *l = data;

	rules_collect(&l->rules, &l->w, c);
	return 0;
}

/* What the commands that are printed need, to look where this one did. */
static void begin(struct inspection *l, const struct tcplc *ctx, int argc, char **argv)
{
	char word[sizeof(l->w.command) / 2 - 16];
	size_t len = 0;
	int i;

	l->w.all_netns = ctx->all_netns;
	if (ctx->file) {
		story_quote(word, sizeof(word), strlen(ctx->file) <= FILE_MOST ? ctx->file : "FILE");
		len = snprintf(l->w.command, sizeof(l->w.command), "-r %s ", word);
	}
	if (ctx->all_netns || ctx->netns) {
		story_quote(word, sizeof(word), ctx->all_netns ? "all" : ctx->netns);
		snprintf(l->w.command + len, sizeof(l->w.command) - len, "--netns %s ", word);
	}
	len = 0;
	for (i = 0; i < argc && len < sizeof(l->w.filter); i++) {
		story_quote(word, sizeof(word), argv[i]);
		len += snprintf(l->w.filter + len, sizeof(l->w.filter) - len, "%s%s%s",
				i ? " " : " '(' ", word, i == argc - 1 ? " ')'" : "");
	}
	/* Without it the command lists more; with half of it, something else. */
	if (len >= sizeof(l->w.filter))
		l->w.filter[0] = '\0';
}

static bool lacks_ports(const struct inspection *l, size_t rule)
{
	return l->w.host.port_least < 0 && !strcmp(rules_at(rule)->name, "ports");
}

/**
 * inspect_at() - look
 * @l: all zero; filled, and to be freed by inspect_free() in any case
 * @ctx: connected
 * @filter: at what
 * @argc: words of the filter
 * @argv: them, for the commands that are printed
 *
 * Return: 0, or a negative error; where the kernel refused, ctx->nl.why says what.
 */
int inspect_at(struct inspection *l, struct tcplc *ctx, const struct filter *filter, int argc, char **argv)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
		.filter = filter,
		.entries = true,
	};
	size_t i;
	int err;

	begin(l, ctx, argc, argv);
	host_read(&ctx->nl, &l->w.host, netns_inode());
	err = coverage_get(&ctx->nl, &l->coverage);
	if (err)
		return err;
	rules_begin(&l->rules, &l->coverage);
	for (i = 0; rules_at(i); i++)
		l->rules.blind[i] |= lacks_ports(l, i);
	err = query_dump(ctx, &q, take, l);
	return err ? err : rules_judge(&l->rules, &l->w, &l->findings);
}

/* What stands around the words of a finding's own filter is the same for all. */
static bool own_words(const struct inspection *l, const char *command, char *words, size_t size)
{
	char before[sizeof(l->w.command) + 16];
	size_t after = strlen(l->w.filter), len = strlen(command), skip;

	skip = snprintf(before, sizeof(before), "tcplc list %s", l->w.command);
	if (!strncmp(command, before, skip)) {
		if (len < skip + after || strcmp(command + len - after, l->w.filter))
			return false;
		snprintf(words, size, "%.*s", (int)(len - skip - after), command + skip);
		return true;
	}
	skip = snprintf(before, sizeof(before), "tcplc listeners %sid ", l->w.command);
	if (strncmp(command, before, skip))
		return false;
	snprintf(words, size, "listener %s", command + skip);
	return true;
}

/**
 * inspect_filter() - the connections that the command of a finding lists
 * @l: looked
 * @one: the finding
 *
 * Of a listener: the connections that came through it.
 *
 * Return: a filter, to be freed; NULL where the command is too long, or without memory.
 */
struct filter *inspect_filter(const struct inspection *l, const struct finding *one)
{
	char words[sizeof(one->story.command)], *from, *to;
	struct filter_error error;

	if (!own_words(l, one->story.command, words, sizeof(words)))
		return NULL;
	/* Quotes are the shell's: what is a name of a process has none in it. */
	for (from = to = words; *from; from++)
		if (*from != '\'')
			*to++ = *from;
	*to = '\0';
	return filter_parse(words, clock_now(), &error);
}

/* Has a rule before this one the same word? */
static bool is_repeated(size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(rules_at(j)->looked, rules_at(i)->looked))
			return true;
	return false;
}

/* Was all that goes by this word looked at, and found well? */
static bool is_well(const struct inspection *l, const char *looked)
{
	bool any = false;
	size_t i;

	for (i = 0; rules_at(i); i++) {
		if (strcmp(rules_at(i)->looked, looked))
			continue;
		if (l->rules.found[i])
			return false;
		any |= !l->rules.blind[i];
	}
	return any;
}

/**
 * inspect_dark() - what could not be looked at
 * @l: looked
 * @say: gets each sentence
 * @data: for @say
 */
void inspect_dark(const struct inspection *l, void (*say)(void *data, const char *text), void *data)
{
	uint64_t left_out = rules_left_out(&l->rules);
	char text[1024] = "";
	size_t i, len = 0;

	for (i = 0; rules_at(i); i++)
		if (l->rules.blind[i] && !lacks_ports(l, i))
			len += snprintf(text + len, sizeof(text) - len, "%s%s",
					len ? ", " : "not looked at, hooks are off or missing (tcplc "
					"config, tcplc doctor): ", rules_at(i)->name);
	if (len)
		say(data, text);
	if (l->coverage.nr_ports || l->coverage.no_loopback) {
		snprintf(text, sizeof(text), "not recorded, as configured (tcplc config):%s%s%s",
			 l->coverage.no_loopback ? " connections over loopback" : "",
			 l->coverage.no_loopback && l->coverage.nr_ports ? "," : "",
			 l->coverage.nr_ports ? " all ports but some" : "");
		say(data, text);
	}
	if (left_out) {
		snprintf(text, sizeof(text), "not counted by a rule: %s times a connection, since "
			 "there were more than %s destinations or processes; a filter makes them fewer",
			 COUNT(left_out), COUNT(TALLY_GROUPS));
		say(data, text);
	}
	if (l->coverage.unset)
		say(data, "not in this file: what the configuration left out");
	if (l->w.host.port_least < 0)
		say(data, "ports: not looked at, net.ipv4.ip_local_port_range is not known");
	else if (l->w.all_netns)
		say(data, "ports: looked at in this network namespace only, whose range of ports is known");
}

/**
 * inspect_well() - what was found well, of how many, and whether anything was missed
 * @l: looked
 * @text: at least INSPECT_TEXT_SIZE bytes
 */
void inspect_well(const struct inspection *l, char *text)
{
	char missed[512];
	size_t i, len = 0;

	*text = '\0';
	for (i = 0; rules_at(i); i++)
		if (!is_repeated(i) && is_well(l, rules_at(i)->looked))
			len += snprintf(text + len, INSPECT_TEXT_SIZE - len, "%s%s", len ? ", " : "",
					rules_at(i)->looked);
	coverage_text(&l->coverage, missed, sizeof(missed));
	len += snprintf(text + len, INSPECT_TEXT_SIZE - len, "%s%s connection%s and %s listener%s",
			len ? ": " : "", COUNT(l->rules.records), S(l->rules.records),
			COUNT(l->rules.listeners), S(l->rules.listeners));
	if (l->coverage.retention)
		len += snprintf(text + len, INSPECT_TEXT_SIZE - len, ", ended ones of the last %s",
				LASTED(l->coverage.retention * RULE_SECOND));
	snprintf(text + len, INSPECT_TEXT_SIZE - len, "; %s", missed);
}

/**
 * inspect_free() - let go of it
 * @l: as inspect_at() left it
 */
void inspect_free(struct inspection *l)
{
	findings_free(&l->findings);
	rules_free(&l->rules);
}
