// SPDX-License-Identifier: GPL-2.0-only
/*
 * why.c: tcplc why, what is wrong on this host.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ask/netns.h"
#include "ask/query.h"
#include "base/wrap.h"
#include "cmd/options.h"
#include "json/json.h"
#include "why/rules.h"

#define EXIT_FOUND 1
#define EXIT_COULD_NOT EXIT_USAGE	/* nobody must take that for "nothing found" or "found" */
#define INDENT 4

/**
 * struct run - one look
 * @w: what rules have in hand
 * @rules: what they saw
 * @coverage: what can be seen
 * @findings: what is wrong
 * @all: show all findings of a rule
 * @list: show the rules, and look at nothing
 */
struct run {
	struct why w;
	struct rules rules;
	struct coverage coverage;
	struct findings findings;
	bool all;
	bool list;
};

static int take(const struct conn *c, void *data)
{
	struct run *r = data;

	rules_collect(&r->rules, &r->w, c);
	return 0;
}

/* What the commands that are printed need, to look where this one did. */
static void begin(struct run *r, const struct tcplc *ctx, int argc, char **argv)
{
	char word[sizeof(r->w.command) - 16];
	size_t len = 0;
	int i;

	r->w.all_netns = ctx->all_netns;
	if (ctx->all_netns || ctx->netns) {
		story_quote(word, sizeof(word), ctx->all_netns ? "all" : ctx->netns);
		snprintf(r->w.command, sizeof(r->w.command), "--netns %s ", word);
	}
	for (i = 0; i < argc && len < sizeof(r->w.filter); i++) {
		story_quote(word, sizeof(word), argv[i]);
		len += snprintf(r->w.filter + len, sizeof(r->w.filter) - len, "%s%s%s",
				i ? " " : " '(' ", word, i == argc - 1 ? " ')'" : "");
	}
	/* Without it the command lists more; with half of it, something else. */
	if (len >= sizeof(r->w.filter))
		r->w.filter[0] = '\0';
}

/* Return: 0, or an exit code; it has been said why. */
static int look(struct run *r, struct tcplc *ctx, const struct filter *filter)
{
	const struct query q = {
		.cmd = TCP_LIFECYCLE_CMD_CONN_GET,
		.filter = filter,
		.entries = true,
	};
	int err;

	if (tcplc_connect(ctx))
		return EXIT_COULD_NOT;
	host_read(&r->w.host, netns_inode());
	err = coverage_get(&ctx->nl, &r->coverage);
	if (!err) {
		rules_begin(&r->rules, &r->coverage);
		err = query_dump(ctx, &q, take, r);
	}
	if (err) {
		tcplc_fail("%s", ctx->nl.why);
		return EXIT_COULD_NOT;
	}
	if (ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or counted twice");
	if (rules_judge(&r->rules, &r->w, &r->findings)) {
		tcplc_fail("no memory");
		return EXIT_COULD_NOT;
	}
	return 0;
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
static bool is_well(const struct run *r, const char *looked)
{
	bool any = false;
	size_t i;

	for (i = 0; rules_at(i); i++) {
		if (strcmp(rules_at(i)->looked, looked))
			continue;
		if (r->rules.found[i])
			return false;
		any |= !r->rules.blind[i];
	}
	return any;
}

static void say(const char *mark, const char *text)
{
	printf("%-*s", INDENT, mark);
	wrap_print(stdout, text, INDENT, text_width());
}

/* What could not be looked at. */
static void print_dark(const struct run *r)
{
	uint64_t left_out = rules_left_out(&r->rules);
	char text[1024] = "";
	size_t i, len = 0;

	for (i = 0; rules_at(i); i++)
		if (r->rules.blind[i])
			len += snprintf(text + len, sizeof(text) - len, "%s%s",
					len ? ", " : "not looked at, hooks are off or missing (tcplc "
					"config, tcplc doctor): ", rules_at(i)->name);
	if (len)
		say("--", text);
	if (r->coverage.nr_ports || r->coverage.no_loopback) {
		snprintf(text, sizeof(text), "not recorded, as configured (tcplc config):%s%s%s",
			 r->coverage.no_loopback ? " connections over loopback" : "",
			 r->coverage.no_loopback && r->coverage.nr_ports ? "," : "",
			 r->coverage.nr_ports ? " all ports but some" : "");
		say("--", text);
	}
	if (left_out) {
		snprintf(text, sizeof(text), "not counted by a rule: %s times a connection, since "
			 "there were more than %s destinations or processes; a filter makes them fewer",
			 COUNT(left_out), COUNT(TALLY_GROUPS));
		say("--", text);
	}
	if (r->w.all_netns)
		say("--", "ports: looked at in this network namespace only, whose range of ports is known");
}

static void print_end(const struct run *r)
{
	char text[2048] = "", missed[512];
	size_t i, len = 0;

	for (i = 0; rules_at(i); i++)
		if (!is_repeated(i) && is_well(r, rules_at(i)->looked))
			len += snprintf(text + len, sizeof(text) - len, "%s%s", len ? ", " : "",
					rules_at(i)->looked);
	coverage_text(&r->coverage, missed, sizeof(missed));
	len += snprintf(text + len, sizeof(text) - len, "%s%s connection%s and %s listener%s",
			len ? ": " : "", COUNT(r->rules.records), S(r->rules.records),
			COUNT(r->rules.listeners), S(r->rules.listeners));
	if (r->coverage.retention)
		len += snprintf(text + len, sizeof(text) - len, ", ended ones of the last %s",
				LASTED(r->coverage.retention * RULE_SECOND));
	snprintf(text + len, sizeof(text) - len, "; %s", missed);
	say("ok", text);
}

static json_t *names(const struct run *r, const bool *of, bool well)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; rules_at(i); i++)
		if (well ? !r->rules.found[i] && !r->rules.blind[i] : of[i])
			json_array_append_new(array, json_string(rules_at(i)->name));
	return array;
}

static json_t *missed(const struct coverage *c)
{
	const struct counters_field *f;
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; (f = counters_field(i)); i++)
		if (f->loss && counters_has(&c->counters, f->attr))
			json_object_set_new(object, f->name,
					    json_u64(counters_value(&c->counters, f->attr)));
	return object;
}

static int print_json(const struct run *r)
{
	json_t *end = json_object();

	if (findings_print_json(&r->findings))
		return -1;
	json_object_set_new(end, "findings", json_u64(r->findings.nr));
	json_object_set_new(end, "connections", json_u64(r->rules.records));
	json_object_set_new(end, "listeners", json_u64(r->rules.listeners));
	json_object_set_new(end, "retention_s", json_u64(r->coverage.retention));
	json_object_set_new(end, "well", names(r, NULL, true));
	json_object_set_new(end, "not_looked_at", names(r, r->rules.blind, false));
	json_object_set_new(end, "not_counted", json_u64(rules_left_out(&r->rules)));
	if (coverage_knows_losses(&r->coverage))
		json_object_set_new(end, "missed", missed(&r->coverage));
	return json_print(end);
}

static int print_rules(const struct tcplc *ctx)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; (rule = rules_at(i)); i++) {
		if (ctx->json) {
			if (json_print(json_pack("{s:s,s:s,s:s,s:s}", "rule", rule->name, "threshold",
						 rule->threshold, "cause", rule->usual, "remedy",
						 rule->remedy)))
				return EXIT_COULD_NOT;
			continue;
		}
		printf("%s%s%s\n%*s", text_on(TEXT_BOLD), rule->name, text_off(), INDENT, "");
		wrap_print(stdout, rule->threshold, INDENT, text_width());
	}
	return EXIT_SUCCESS;
}

static int take_option(void *data, int opt, const char *arg)
{
	struct run *r = data;

	(void)arg;
	r->all |= opt == 'a';
	r->list |= opt == 'l';
	return 0;
}

static int print(const struct run *r, const struct tcplc *ctx)
{
	if (ctx->json) {
		if (print_json(r)) {
			tcplc_fail("cannot write JSON");
			return EXIT_COULD_NOT;
		}
	} else {
		findings_print(stdout, &r->findings, text_width(), r->all);
		print_dark(r);
		print_end(r);
	}
	return r->findings.nr ? EXIT_FOUND : EXIT_SUCCESS;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "rules", no_argument, NULL, 'l' },
		{ 0 }
	};
	static struct run r;
	const struct options own = {
		.shorts = "al", .longs = longs, .take = take_option, .data = &r,
	};
	struct filter_error error;
	struct filter *filter;
	int code, first;

	memset(&r, 0, sizeof(r));
	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	if (r.list)
		return options_none_left(ctx, argc, argv, first) ?: print_rules(ctx);
	filter = filter_parse_words(argc - first, argv + first, &error);
	if (!filter) {
		filter_error_print(&error, stderr);
		return EXIT_USAGE;
	}
	begin(&r, ctx, argc - first, argv + first);
	code = look(&r, ctx, filter) ?: print(&r, ctx);
	findings_free(&r.findings);
	rules_free(&r.rules);
	filter_free(filter);
	return code;
}

const struct command command_why = {
	.name = "why",
	.operands = "[FILTER]",
	.about = "say what is wrong on this host, worst first, and what to do about it",
	.help =
	"  -a, --all            every finding; without it, 5 of each rule\n"
	"  -l, --rules          list the rules and their thresholds\n"
	"\n"
	"Looks at open connections, at listeners, and at connections that ended while their\n"
	"records are kept. Each finding has its evidence, the usual cause and remedy, and the\n"
	"command that lists the connections behind it. !! is severe, ! notable. Then -- says\n"
	"what could not be looked at, and ok what was found well, and whether anything was\n"
	"missed. docs/why.md has a section for each rule. FILTER is that of tcplc list.\n"
	"\n"
	"Exit status: 0 nothing found; 1 findings; 2 wrong usage, or it could not look.\n",
	.failure = EXIT_COULD_NOT,
	.run = run,
};
