// SPDX-License-Identifier: GPL-2.0-only
/*
 * why_test.c: each rule of tcplc why, on records that provoke it and on some that must not.
 *
 * What is printed is held against why/NAME.txt; TCPLC_UPDATE=1 writes these anew, to be
 * read before they are committed.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/wrap.h"
#include "check.h"
#include "filter/filter.h"
#include "why/rules.h"
#include "why_cases.h"

#define WHY_DIR "why"
#define DOCUMENT "../../docs/why.md"
#define WIDTH 80

static struct records records;
static struct rules rules;
static struct findings findings;
static struct coverage everything;
static const struct why why = {
	.host = {
		.netns = 4026531840U, .port_least = 40000, .port_most = 40099, .tw_reuse = 1,
		.max_tw_buckets = 16, .max_orphans = 64,
	},
};

static void forget(void)
{
	findings_free(&findings);
	rules_free(&rules);
}

static void look(const struct coverage *coverage)
{
	size_t i;

	forget();
	rules_begin(&rules, coverage);
	for (i = 0; i < records.nr; i++)
		rules_collect(&rules, &why, &records.conn[i]);
	CHECK(!rules_judge(&rules, &why, &findings));
}

static void make(const struct why_case *one, bool bad)
{
	records.nr = 0;
	one->make(&records, bad);
	look(&everything);
}

static void each_rule_finds_what_it_is_for_and_no_other_does(void)
{
	size_t i;

	for (i = 0; i < nr_why_cases; i++) {
		make(&why_cases[i], true);
		if (findings.nr != 1)
			printf("%s: %zu findings\n", why_cases[i].rule, findings.nr);
		CHECK(findings.nr == 1);
		if (findings.nr)
			CHECK_TEXT(findings.one[0].rule->name, why_cases[i].rule);
	}
	forget();
}

static void no_rule_finds_what_is_next_to_it(void)
{
	size_t i, j;

	for (i = 0; i < nr_why_cases; i++) {
		make(&why_cases[i], false);
		for (j = 0; j < findings.nr; j++)
			printf("%s: %s\n", why_cases[i].rule, findings.one[j].story.headline);
		CHECK(!findings.nr);
	}
	forget();
}

static void each_rule_has_its_case(void)
{
	const struct rule *rule;
	size_t i, j;

	for (i = 0; (rule = rules_at(i)); i++) {
		for (j = 0; j < nr_why_cases && strcmp(why_cases[j].rule, rule->name); j++)
			;
		if (j == nr_why_cases)
			printf("%s has no case\n", rule->name);
		CHECK(j < nr_why_cases);
	}
}

static char *read_file(const char *path, size_t size)
{
	char *text = calloc(1, size);
	FILE *f = fopen(path, "r");

	if (f) {
		if (!fread(text, 1, size - 1, f))
			text[0] = '\0';
		fclose(f);
	}
	return text;
}

/* Words with a single space between, whatever was between them. */
static char *squeeze(char *text)
{
	char *to = text, *from = text;

	for (; *from; from++) {
		char c = *from == '\n' ? ' ' : *from;

		if (c != ' ' || (to > text && to[-1] != ' '))
			*to++ = c;
	}
	*to = '\0';
	return text;
}

static void the_document_has_each_rule_and_its_threshold(void)
{
	char *text = squeeze(read_file(DOCUMENT, 1 << 17)), heading[64];
	const struct rule *rule;
	size_t i;

	for (i = 0; (rule = rules_at(i)); i++) {
		snprintf(heading, sizeof(heading), " ## %s ", rule->name);
		if (!strstr(text, heading) || !strstr(text, rule->threshold))
			printf("%s: %s\n", rule->name, rule->threshold);
		CHECK(strstr(text, heading));
		CHECK(strstr(text, rule->threshold));
	}
	free(text);
}

static char *print(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	findings_print(out, &findings, WIDTH, false);
	fclose(out);
	return text;
}

static bool is_command(const char *line)
{
	return !strncmp(line, "    tcplc ", 10);
}

static void each_finding_is_told_as_before(void)
{
	char path[64], *text, *wanted, *line, *rest;
	size_t i;
	FILE *f;

	for (i = 0; i < nr_why_cases; i++) {
		make(&why_cases[i], true);
		text = print();
		snprintf(path, sizeof(path), WHY_DIR "/%s.txt", why_cases[i].rule);
		if (getenv("TCPLC_UPDATE") && (f = fopen(path, "w"))) {
			fputs(text, f);
			fclose(f);
		}
		wanted = read_file(path, 1 << 16);
		CHECK_TEXT(text, wanted);
		for (rest = text; (line = strsep(&rest, "\n"));)
			CHECK(is_command(line) || wrap_columns(line) <= WIDTH);
		free(text);
		free(wanted);
	}
	forget();
}

/* As a shell would: words, some in single quotes. */
static int split(char *text, char **argv, int most)
{
	int argc = 0;

	while (*text && argc < most) {
		argv[argc++] = text;
		if (*text == '\'') {
			argv[argc - 1] = ++text;
			text += strcspn(text, "'");
			*text++ = '\0';
		} else {
			text += strcspn(text, " ");
		}
		if (*text)
			*text++ = '\0';
	}
	return argc;
}

/* No filter knows for how long a state lasted, or of subflows of MPTCP. */
static bool may_list_more(const struct finding *one)
{
	return !strcmp(one->rule->name, "close-wait") || !strcmp(one->rule->name, "fin-wait-2") ||
	       !strcmp(one->rule->name, "never-accepted");
}

/* Its filter can be read, and finds what the finding counted. */
static void check_command(const struct finding *one)
{
	bool queue = strstr(one->rule->name, "queue");
	uint64_t wanted = !strcmp(one->rule->name, "ports") ? 48 : queue ? 1 : one->group->count;
	struct filter_error error;
	struct filter *filter;
	char text[sizeof(one->story.command)], *argv[64];
	size_t i, matches = 0;
	int argc;

	snprintf(text, sizeof(text), "%s", one->story.command);
	argc = split(text, argv, 64);
	/* What a queue dropped has no record: the listener is shown. */
	CHECK_TEXT(argv[1], queue ? "listeners" : "list");
	filter = filter_parse_words(argc - 2, argv + 2, &error);
	if (!filter) {
		printf("%s: %s\n", one->story.command, error.what);
		CHECK(filter);
		return;
	}
	for (i = 0; i < records.nr; i++)
		matches += filter_match(filter, &records.conn[i]);
	if (matches != wanted && !may_list_more(one))
		printf("%s: %zu\n", one->story.command, matches);
	CHECK(matches == wanted || (matches > wanted && may_list_more(one)));
	filter_free(filter);
}

static void each_command_lists_what_was_counted(void)
{
	size_t i;

	for (i = 0; i < nr_why_cases; i++) {
		make(&why_cases[i], true);
		if (findings.nr)
			check_command(&findings.one[0]);
	}
	forget();
}

/* With brackets, which a shell would read, and with the interface of a link. */
static void ipv6_is_quoted(void)
{
	static const struct addr addrs[] = {
		{ 16, { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 } }, { 16, { 0xfe, 0x80, [15] = 9 } },
	};
	static const char *const wanted[] = {
		"tcplc list close refused dst '[2001:db8::9]:5432'",
		"tcplc list close refused dst '[fe80::9%7]:5432'",
	};
	size_t i, j;

	for (i = 0; i < 2; i++) {
		records.nr = 0;
		why_cases[5].make(&records, true);
		for (j = 0; j < records.nr; j++) {
			records.conn[j].family = TCP_LIFECYCLE_FAMILY_IPV6;
			records.conn[j].remote = addrs[i];
			records.conn[j].ifindex = i ? 7 : 0;
			records.conn[j].has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_IFINDEX) |
					       CONN_BIT(TCP_LIFECYCLE_A_CONN_REMOTE6);
		}
		look(&everything);
		CHECK(findings.nr == 1);
		if (!findings.nr)
			continue;
		CHECK_TEXT(findings.one[0].story.command, wanted[i]);
		check_command(&findings.one[0]);
	}
	forget();
}

static void a_rule_whose_hook_is_off_finds_nothing(void)
{
	struct coverage dark = { .off = RULE_GROUP(ACCEPT) };
	struct coverage lacking = { .lacking = { "security_sock_graft" }, .nr_lacking = 1 };

	make(&why_cases[1], true);
	CHECK(findings.nr == 1 && !rules.blind[1]);
	look(&dark);
	CHECK(!findings.nr && rules.blind[1] && !rules.blind[0]);
	look(&lacking);
	CHECK(!findings.nr && rules.blind[1] && !rules.blind[0]);
	forget();
}

static void the_worst_stands_first(void)
{
	size_t i;

	records.nr = 0;
	for (i = 0; i < nr_why_cases; i++)
		if (records.nr + 200 < RECORDS_MAX)
			why_cases[i].make(&records, true);
	look(&everything);
	CHECK(findings.nr > 3);
	for (i = 1; i < findings.nr; i++)
		CHECK(findings.one[i - 1].severity > findings.one[i].severity ||
		      (findings.one[i - 1].severity == findings.one[i].severity &&
		       findings.one[i - 1].group->count >= findings.one[i].group->count));
	CHECK(findings.one[0].severity == SEVERITY_SEVERE);
	forget();
}

/* More destinations than there is room for: what is bad still gets in, and what not is said. */
static void memory_is_bounded(void)
{
	static const unsigned int many = 100000;
	unsigned int i, bad = 3 * (TALLY_GROUPS + 100);
	struct conn *c;

	forget();
	rules_begin(&rules, &everything);
	for (i = 0; i < many + bad; i++) {
		records.nr = 0;
		c = record_connect(&records);
		if (i >= many)
			record_closed(&records, c, TCP_LIFECYCLE_CLOSE_REFUSED);
		memcpy(c->remote.byte, &(uint32_t){ i < many ? i : many + (i - many) / 3 }, 4);
		rules_collect(&rules, &why, c);
	}
	CHECK(!rules_judge(&rules, &why, &findings));
	for (i = 0; rules_at(i); i++) {
		CHECK(rules.tally[i].nr <= TALLY_GROUPS);
		if (strcmp(rules_at(i)->name, "connect-refused"))
			continue;
		CHECK(rules.tally[i].nr == TALLY_GROUPS);
		CHECK(rules.tally[i].left_out == 300);
	}
	CHECK(findings.nr == TALLY_GROUPS);
	/* Of how many is not known of those that came late. */
	CHECK(!strncmp(findings.one[0].story.headline, "3 connect() to ", 15));
	CHECK(rules_left_out(&rules) >= 300);
	forget();
}

static void names_are_harmless(void)
{
	size_t i;

	records.nr = 0;
	why_cases[0].make(&records, true);
	for (i = 0; i < records.nr; i++) {
		strcpy(records.conn[i].comm, "ja'\x1b[2Jva");
		records.conn[i].pid = 0;
	}
	look(&everything);
	CHECK(findings.nr == 1);
	CHECK(strstr(findings.one[0].story.headline, "ja'\\x1b[2Jva"));
	CHECK_TEXT(findings.one[0].story.command, "tcplc list state close-wait");
	forget();
}

static void words_are_quoted_for_a_shell(void)
{
	static const char *const words[][2] = {
		{ "dst", "dst" }, { "10.0.0.0/8", "10.0.0.0/8" }, { "rtt > 1ms", "'rtt > 1ms'" },
		{ "[::1]:80", "'[::1]:80'" }, { "it's", "'it'\\''s'" }, { "", "''" },
		{ "$(reboot)", "'$(reboot)'" },
	};
	char out[64];
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		story_quote(out, sizeof(out), words[i][0]);
		CHECK_TEXT(out, words[i][1]);
	}
	CHECK_TEXT(COUNT(0), "0");
	CHECK_TEXT(COUNT(999), "999");
	CHECK_TEXT(COUNT(1000), "1,000");
	CHECK_TEXT(COUNT(UINT64_MAX), "18,446,744,073,709,551,615");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	CHECK_RUN(each_rule_finds_what_it_is_for_and_no_other_does);
	CHECK_RUN(no_rule_finds_what_is_next_to_it);
	CHECK_RUN(each_rule_has_its_case);
	CHECK_RUN(the_document_has_each_rule_and_its_threshold);
	CHECK_RUN(each_finding_is_told_as_before);
	CHECK_RUN(each_command_lists_what_was_counted);
	CHECK_RUN(ipv6_is_quoted);
	CHECK_RUN(a_rule_whose_hook_is_off_finds_nothing);
	CHECK_RUN(the_worst_stands_first);
	CHECK_RUN(memory_is_bounded);
	CHECK_RUN(names_are_harmless);
	CHECK_RUN(words_are_quoted_for_a_shell);
	return check_end();
}
