// SPDX-License-Identifier: GPL-2.0-only
/*
 * why.c: tcplc why, what is wrong on this host.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/wrap.h"
#include "cmd/inspect.h"
#include "cmd/options.h"
#include "json/json.h"

#define EXIT_FOUND 1
#define EXIT_COULD_NOT EXIT_USAGE	/* nobody must take that for "nothing found" or "found" */
#define INDENT 4

/**
 * struct run - one of them
 * @look: what was seen
 * @all: show all findings of a rule
 * @list: show the rules, and look at nothing
 */
struct run {
	struct inspection look;
	bool all;
	bool list;
};

/* Return: 0, or an exit code; it has been said why. */
static int look(struct run *r, struct tcplc *ctx, const struct filter *filter, int argc, char **argv)
{
	int err;

	if (tcplc_connect(ctx))
		return EXIT_COULD_NOT;
	err = inspect_at(&r->look, ctx, filter, argc, argv);
	if (err) {
		tcplc_fail("%s", *ctx->nl.why ? ctx->nl.why : strerror(-err));
		return EXIT_COULD_NOT;
	}
	if (ctx->nl.interrupted)
		tcplc_fail("records were added or removed during the dump: one of them may be "
			   "missing or counted twice");
	return 0;
}

static void say(const char *mark, const char *text)
{
	printf("%-*s", INDENT, mark);
	wrap_print(stdout, text, INDENT, text_width());
}

static void say_dark(void *data, const char *text)
{
	(void)data;
	say("--", text);
}

static void print_end(const struct run *r)
{
	char text[INSPECT_TEXT_SIZE];

	inspect_well(&r->look, text);
	say("ok", text);
}

static json_t *names(const struct run *r, const bool *of, bool well)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; rules_at(i); i++)
		if (well ? !r->look.rules.found[i] && !r->look.rules.blind[i] : of[i])
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

	if (findings_print_json(&r->look.findings))
		return -1;
	json_object_set_new(end, "findings", json_u64(r->look.findings.nr));
	json_object_set_new(end, "connections", json_u64(r->look.rules.records));
	json_object_set_new(end, "listeners", json_u64(r->look.rules.listeners));
	json_object_set_new(end, "retention_s", json_u64(r->look.coverage.retention));
	json_object_set_new(end, "well", names(r, NULL, true));
	json_object_set_new(end, "not_looked_at", names(r, r->look.rules.blind, false));
	json_object_set_new(end, "not_counted", json_u64(rules_left_out(&r->look.rules)));
	if (coverage_knows_losses(&r->look.coverage))
		json_object_set_new(end, "missed", missed(&r->look.coverage));
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
		findings_print(stdout, &r->look.findings, text_width(), r->all);
		inspect_dark(&r->look, say_dark, NULL);
		print_end(r);
	}
	return r->look.findings.nr ? EXIT_FOUND : EXIT_SUCCESS;
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
	code = look(&r, ctx, filter, argc - first, argv + first) ?: print(&r, ctx);
	inspect_free(&r.look);
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
