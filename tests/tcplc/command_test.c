// SPDX-License-Identifier: GPL-2.0
/*
 * command_test.c: subcommands, before a kernel that is made up.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "commands.h"
#include "fake.h"
#include "json.h"
#include "pack.h"
#include "tcplc.h"

/* main.c is not in the archive, for its main(); this is what others want of it. */
#define main tcplc_main
#include "../../tools/tcplc/main.c"
#undef main

static char out[4 << 20], err[1 << 16];

static void slurp(FILE *file, char *to, size_t size)
{
	size_t len;

	rewind(file);
	len = fread(to, 1, size - 1, file);
	to[len] = '\0';
	fclose(file);
}

/* Run it as main() would, and keep what it prints in out and err. */
static int tcplc(const char *line)
{
	FILE *o = tmpfile(), *e = tmpfile();
	int old_out = dup(1), old_err = dup(2), code, argc = 0;
	char *argv[40], words[512];
	char *word, *rest = words;

	snprintf(words, sizeof(words), "tcplc%s%s", *line ? " " : "", line);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	dup2(fileno(o), 1);
	dup2(fileno(e), 2);
	code = tcplc_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_out, 1);
	dup2(old_err, 2);
	close(old_out);
	close(old_err);
	slurp(o, out, sizeof(out));
	slurp(e, err, sizeof(err));
	return code;
}

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)

static const struct conn web = {
	.has = A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(LOCAL4) | A(REMOTE4) |
	       A(LOCAL_PORT) | A(REMOTE_PORT) | A(STATE) | A(OPEN) | A(CLOSE) | A(FIRST) |
	       A(START) | A(AGE) | A(RTT) | A(COMM) | A(PID),
	.cookie = 0x89c, .family = TCP_LIFECYCLE_FAMILY_IPV4, .netns = 4026531840U,
	.local = { 4, { 10, 0, 0, 1 } }, .remote = { 4, { 10, 0, 0, 2 } },
	.local_port = 45000, .remote_port = 80, .state = TCP_LIFECYCLE_STATE_TIME_WAIT,
	.open = TCP_LIFECYCLE_OPEN_ACTIVE, .close = TCP_LIFECYCLE_CLOSE_FIN,
	.first = TCP_LIFECYCLE_FIRST_LOCAL, .age = 61200000, .rtt = 17,
	.comm = "cu\x1b[2Jrl", .pid = 161,
};

static void answer_web(uint8_t cmd)
{
	struct conn other = web;

	pack_conn(fake_message(cmd), &web);
	other.state = TCP_LIFECYCLE_STATE_ESTABLISHED;
	other.close = 0;
	pack_conn(fake_message(cmd), &other);
}

static void answer_many(uint8_t cmd)
{
	struct entry entry[4];
	struct conn c;
	int i;

	for (i = 0; i < 3000; i++) {
		pack_random(&c, entry, 4);
		pack_conn(fake_message(cmd), &c);
	}
}

static void fresh(void (*answer)(uint8_t cmd))
{
	fake = (struct fake){ .loaded = true, .answer = answer };
}

static void an_unloaded_module_is_told_how_to_load(void)
{
	fresh(NULL);
	fake.loaded = false;
	CHECK(tcplc("list") == 1);
	CHECK(strstr(err, "sudo modprobe tcp_lifecycle") && !out[0]);
	CHECK(tcplc("doctor") == 1);
	CHECK(strstr(out, "FAIL  module"));
}

static void what_the_kernel_says_is_shown(void)
{
	fresh(NULL);
	fake.error = -EPERM;
	CHECK(tcplc("list") == 1);
	CHECK(strstr(err, "CAP_NET_ADMIN") && strstr(err, "sudo") && !out[0]);
	fake.error = -EINVAL;
	fake.text = "retention is 1 to 86400 seconds";
	CHECK(tcplc("config retention 5") == 1);
	CHECK_TEXT(err, "tcplc: the kernel refused: retention is 1 to 86400 seconds\n");
	fake.error = -EOPNOTSUPP;
	fake.text = NULL;
	CHECK(tcplc("clear") == 1);
	CHECK(strstr(err, "does not know this request"));
}

static void list_fits_and_escapes(void)
{
	fresh(answer_web);
	setenv("COLUMNS", "62", 1);
	CHECK(!tcplc("list"));
	CHECK_TEXT(out, "STATE        LOCAL           REMOTE       CLOSE  FIRST  ID\n"
			"TIME_WAIT    10.0.0.1:45000  10.0.0.2:80  fin    local  89c.0\n"
			"ESTABLISHED  10.0.0.1:45000  10.0.0.2:80  -      local  89c.0\n");
	CHECK(!tcplc("-w list -H state time-wait"));
	CHECK(strstr(out, "TIME_WAIT") && !strstr(out, "ESTABLISHED") && !strstr(out, "LOCAL"));
	CHECK(strstr(out, "cu\\x1b[2Jrl/161") && !strchr(out, '\033'));
	CHECK(!tcplc("list --color=always"));
	CHECK(strstr(out, "\033[33mTIME_WAIT\033[0m"));
	unsetenv("COLUMNS");
}

static void list_asks_for_what_it_needs(void)
{
	fresh(answer_web);
	CHECK(!tcplc("list"));
	CHECK(!fake_attr(TCP_LIFECYCLE_A_CONN_FILTER) && fake_attr(TCP_LIFECYCLE_A_CONN_BRIEF));
	CHECK(!fake_attr(TCP_LIFECYCLE_A_CONN_ALL_NETNS));
	CHECK(!tcplc("list --netns all dport 80"));
	CHECK(fake_attr(TCP_LIFECYCLE_A_CONN_FILTER) &&
	      fake_attr(TCP_LIFECYCLE_A_CONN_ALL_NETNS) && strstr(out, "4026531840"));
	CHECK(!tcplc("list since 5m"));
	CHECK(!fake_attr(TCP_LIFECYCLE_A_CONN_BRIEF));
	CHECK(!tcplc("list -j -e"));
	CHECK(!fake_attr(TCP_LIFECYCLE_A_CONN_BRIEF));
	fake.interrupted = true;
	CHECK(!tcplc("list"));
	CHECK(strstr(err, "came and went"));
}

static void each_line_of_json_is_an_object(void)
{
	static const char *const lines[] = {
		"list -j", "list --json -e", "listeners -j", "--json list not live",
	};
	unsigned int i, nr;
	json_error_t error;
	json_t *object;
	char *line, *rest;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		fresh(answer_many);
		CHECK(!tcplc(lines[i]));
		nr = 0;
		for (rest = out; (line = strsep(&rest, "\n")) && *line; nr++) {
			object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
			CHECK(object && json_is_object(object));
			json_decref(object);
		}
		CHECK(i == 3 ? nr > 100 && nr < 500 : nr == 3000);
	}
}

static void config_is_put_into_attributes(void)
{
	const struct nlattr *attr;

	fresh(NULL);
	CHECK(!tcplc("config retention 5m ports 80,https exclude-loopback on hooks timers off"));
	attr = fake_attr(TCP_LIFECYCLE_A_CONFIG_RETENTION);
	CHECK(attr && mnl_attr_get_u32(attr) == 300);
	attr = fake_attr(TCP_LIFECYCLE_A_CONFIG_PORT);
	CHECK(attr && mnl_attr_get_u16(attr) == 80);
	CHECK(fake_attr(TCP_LIFECYCLE_A_CONFIG_ANY_PORT));
	attr = fake_attr(TCP_LIFECYCLE_A_CONFIG_GROUP);
	CHECK(attr && mnl_attr_get_payload_len(attr) == 16);
	CHECK(fake.requests == 1);
}

static void wrong_usage_is_2_and_asks_nothing(void)
{
	static const struct {
		const char *line;
		const char *why;
	} lines[] = {
		{ "", "Usage: tcplc" }, { "lst", "did you mean 'list'?" },
		{ "list --jsn", "did you mean '--json'?" }, { "list -z", "no option '-z'" },
		{ "--colr=never list", "did you mean '--color'?" },
		{ "list --color=maybe", "auto, always or never" },
		{ "list --json=1", "takes no argument" }, { "list --netns", "needs an argument" },
		{ "list state foo", "^~~" }, { "stats now", "takes no 'now'" },
		{ "help lst", "did you mean 'list'?" }, { "config retention", "wants a value" },
		{ "config retention 0", "within 1 second" }, { "config retntion 5", "'retention'?" },
		{ "config ports 80,0", "'0' is no port" }, { "config hooks timer off", "'timers'?" },
		{ "config exclude-loopback maybe", "neither on nor off" },
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		fresh(NULL);
		if (tcplc(lines[i].line) == 2 && strstr(err, lines[i].why) && !out[0] &&
		    !fake.requests)
			continue;
		printf("'%s' said: %s%s\n", lines[i].line, out, err);
		CHECK(!"2, and why");
	}
}

static void help_is_for_everyone(void)
{
	const struct command *c;
	char line[64];
	size_t i;

	fresh(NULL);
	CHECK(!tcplc("--help") && strstr(out, "Exit status:"));
	CHECK(!tcplc("--version") && strstr(out, TCPLC_VERSION));
	for (i = 0; (c = commands_at(i)); i++) {
		snprintf(line, sizeof(line), "%s --help", c->name);
		CHECK(!tcplc(line) && strstr(out, "Usage: tcplc ") && !err[0]);
		snprintf(line, sizeof(line), "help %s", c->name);
		CHECK(!tcplc(line) && strstr(out, "Common options:"));
	}
}

int main(void)
{
	CHECK_RUN(an_unloaded_module_is_told_how_to_load);
	CHECK_RUN(what_the_kernel_says_is_shown);
	CHECK_RUN(list_fits_and_escapes);
	CHECK_RUN(list_asks_for_what_it_needs);
	CHECK_RUN(each_line_of_json_is_an_object);
	CHECK_RUN(config_is_put_into_attributes);
	CHECK_RUN(wrong_usage_is_2_and_asks_nothing);
	CHECK_RUN(help_is_for_everyone);
	return check_end();
}
