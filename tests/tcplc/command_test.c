// SPDX-License-Identifier: GPL-2.0-only
/*
 * command_test.c: subcommands, before a kernel that is made up.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/version.h"
#include "check.h"
#include "cmd/command.h"
#include "cmd/commands.h"
#include "cmd/listing.h"
#include "fake.h"
#include "host/run.h"
#include "json/json.h"
#include "pack.h"
#include "terminal.h"

/* main.c is not in the archive, for its main(); this is what others want of it. */
#define main tcplc_main
#include "../../tools/tcplc/main.c"
#undef main

static char out[8 << 20], err[1 << 16];

/* What stands for standard input, output and error; fd < 0: files. */
static struct {
	int fd;
	bool out_is_file;
} tty = { .fd = -1 };

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
	int old_in = dup(0), old_out = dup(1), old_err = dup(2), code, argc = 0;
	FILE *o = tmpfile(), *e = tmpfile();
	char *argv[40], words[512];
	char *word, *rest = words;

	snprintf(words, sizeof(words), "tcplc%s%s", *line ? " " : "", line);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	if (tty.fd < 0)
		dup2(open("/dev/null", O_RDONLY), 0);
	else
		dup2(tty.fd, 0);
	dup2(tty.fd >= 0 && !tty.out_is_file ? tty.fd : fileno(o), 1);
	dup2(tty.fd >= 0 ? tty.fd : fileno(e), 2);
	code = tcplc_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_in, 0);
	dup2(old_out, 1);
	dup2(old_err, 2);
	close(old_in);
	close(old_out);
	close(old_err);
	slurp(o, out, sizeof(out));
	slurp(e, err, sizeof(err));
	return code;
}

/* The same on a terminal of so many lines and columns, where @keys are typed. */
static int tcplc_on(unsigned short rows, unsigned short columns, const char *keys,
		    const char *line)
{
	int code;

	setenv("NO_COLOR", "1", 1);
	tty.fd = terminal_open(rows, columns);
	terminal_type(keys);
	clearerr(stdin);
	code = tcplc(line);
	tty.fd = -1;
	/* Where it was left to standard output, it is there already. */
	snprintf(tty.out_is_file ? err : out, tty.out_is_file ? sizeof(err) : sizeof(out), "%s",
		 terminal_close());
	return code;
}

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)

static const struct conn web = {
	.has = A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(LOCAL4) | A(REMOTE4) |
	       A(LOCAL_PORT) | A(REMOTE_PORT) | A(STATE) | A(OPEN) | A(CLOSE) | A(FIRST) |
	       A(START_NS) | A(AGE_US) | A(RTT_US) | A(COMM) | A(PID),
	.cookie = 0x89c, .family = TCP_LIFECYCLE_FAMILY_IPV4, .netns = 4026531840U,
	.local = { 4, { 10, 0, 0, 1 } }, .remote = { 4, { 10, 0, 0, 2 } },
	.local_port = 45000, .remote_port = 80, .state = TCP_LIFECYCLE_STATE_TIME_WAIT,
	.open = TCP_LIFECYCLE_OPEN_ACTIVE, .close = TCP_LIFECYCLE_CLOSE_FIN,
	.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 61200000, .rtt_us = 17,
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
	CHECK(tcplc("clear --yes") == 1);
	CHECK(strstr(err, "does not know this request"));
}

static void list_fits_and_escapes(void)
{
	fresh(answer_web);
	setenv("COLUMNS", "60", 1);
	CHECK(!tcplc("list"));
	CHECK_TEXT(out, "ID     STATE        LOCAL           REMOTE       CLOSE\n"
			"89c.0  TIME_WAIT    10.0.0.1:45000  10.0.0.2:80  fin\n"
			"89c.0  ESTABLISHED  10.0.0.1:45000  10.0.0.2:80  -\n");
	/* Who reads a file wants rows only, and yet to be told. */
	CHECK_TEXT(err, "tcplc: COLUMNS is too small for 10 columns, -w shows them\n");
	CHECK(!tcplc("-w list -H state time-wait"));
	CHECK(strstr(out, "TIME_WAIT") && !strstr(out, "ESTABLISHED") && !strstr(out, "LOCAL"));
	CHECK(strstr(out, "cu\\x1b[2Jrl/161") && !strchr(out, '\033'));
	CHECK(!tcplc("list --color=always"));
	CHECK(strstr(out, "\033[33mTIME_WAIT\033[0m"));
	unsetenv("COLUMNS");
}

#define SECOND 1000000000ULL

/* As on a server: both families, long addresses, link-local ones, and a listener. */
static void answer_server(uint8_t cmd)
{
	const uint64_t now = time(NULL) * SECOND;
	struct conn c = {
		.has = web.has | A(LIVED_US) | A(UID) | A(TX_BYTES) | A(RX_BYTES) | A(RETRANS) | A(MSS_EFF_BYTES),
		.cookie = 0x1a2b3, .netns = 1, .ifindex = 2,
		.family = TCP_LIFECYCLE_FAMILY_IPV6, .state = TCP_LIFECYCLE_STATE_ESTABLISHED,
		.open = TCP_LIFECYCLE_OPEN_PASSIVE, .start_ns = now - 5 * SECOND,
		.lived_us = 5000000, .comm = "nginx", .pid = 160, .local_port = 443,
		.remote_port = 51324,
		.local = { 16, { 0x20, 0x01, 0x0d, 0xb8, 0x85, 0xa3, 0x8d, 0x30, 0x13, 0x19,
				 0x8a, 0x2e, 0x37, 0x70, 0x73, 0x48 } },
		.remote = { 16, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	};
	struct conn other = web;

	c.has = (c.has & ~(A(LOCAL4) | A(REMOTE4))) | A(LOCAL6) | A(REMOTE6);
	pack_conn(fake_message(cmd), &c);
	other.has |= A(LIVED_US);
	other.start_ns = now - 70 * SECOND;
	other.lived_us = 537;
	other.close = TCP_LIFECYCLE_CLOSE_THREE_SEGMENT;
	pack_conn(fake_message(cmd), &other);
	c.has |= A(IFINDEX);
	c.cookie++;
	c.start_ns = now - 30 * SECOND;
	c.state = TCP_LIFECYCLE_STATE_CLOSED;
	c.close = TCP_LIFECYCLE_CLOSE_RST_RECEIVED;
	c.remote = (struct addr){ 16, { 0xfe, 0x80, [8] = 0x50, 0x54, 0, 0xff, 0xfe, 0x12, 0x34,
					0x56 } };
	pack_conn(fake_message(cmd), &c);
}

static void each_line_fits(const char *text, size_t width)
{
	size_t len, lead;
	const char *at;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		/* Bytes of UTF-8 behind the first take no room. */
		for (lead = 0, at = text; at < text + len; at++)
			lead += (*at & 0xc0) != 0x80;
		if (lead > width)
			printf("%.*s\n", (int)len, text);
		CHECK(lead <= width);
	}
}

static void ipv6_leaves_room_for_id_and_close(void)
{
	fresh(answer_server);
	setenv("LC_ALL", "C", 1);
	CHECK(!tcplc_on(24, 80, "", "list"));
	each_line_fits(out, 80);
	CHECK_TEXT(out,
		"ID       STATE        LOCAL                   REMOTE               CLOSE\n"
		"89c.0    TIME_WAIT    10.0.0.1:45000          10.0.0.2:80          three-segment\n"
		"1a2b4.0  CLOSED       [2001:db8:..:7348]:443  [..:3456%2]:51324    rst-received\n"
		"1a2b3.0  ESTABLISHED  [2001:db8:..:7348]:443  [2001:db8::1]:51324  -\n"
		"10 columns hidden, -w shows them\n");

	setenv("LC_ALL", "C.UTF-8", 1);
	CHECK(!tcplc_on(24, 80, "", "list"));
	each_line_fits(out, 80);
	CHECK(strstr(out, "[2001:…:7348]:443") || !setlocale(LC_ALL, "C.UTF-8"));
	CHECK(strstr(out, " rst-received\n"));

	/* What is cut comes back, as far as there is room. */
	CHECK(!tcplc_on(24, 110, "", "list"));
	each_line_fits(out, 110);
	CHECK(strstr(out, "  START  LIVED  WHO\n") && strstr(out, "  537us  cu"));
	CHECK(!tcplc_on(24, 300, "", "list"));
	CHECK(strstr(out, "[2001:db8:85a3:8d30:1319:8a2e:3770:7348]:443") &&
	      strstr(out, "[fe80::5054:ff:fe12:3456%2]:51324") && !strstr(out, "hidden"));
	CHECK(!tcplc_on(24, 80, "", "list -w"));
	CHECK(strstr(out, "RETRANS") && !strstr(out, "hidden"));
	CHECK(!tcplc_on(24, 80, "", "list -H"));
	CHECK(!strstr(out, "LOCAL") && strstr(out, "hidden"));
	setenv("LC_ALL", "C", 1);
}

static bool in_order(const char *first, const char *second, const char *third)
{
	const char *a = strstr(out, first), *b = a ? strstr(a, second) : NULL;

	return b && strstr(b, third);
}

/* A pipe gets every column and no remark; both are in the order of time. */
static void lines_stand_in_the_order_of_time(void)
{
	fresh(answer_server);
	CHECK(!tcplc("list"));
	CHECK(in_order("89c.0", "1a2b4.0", "1a2b3.0") && !err[0] && !strstr(out, "hidden"));
	CHECK(strstr(out, "[2001:db8:85a3:8d30:1319:8a2e:3770:7348]:443"));
	CHECK(strstr(out, "  NETNS") == NULL && strstr(out, "  curl") == NULL);
	CHECK(strstr(out, "nginx/160\n"));
	CHECK(!tcplc("listeners"));
	CHECK(in_order("89c.0", "1a2b4.0", "1a2b3.0") && !strncmp(out, "ID  ", 4));
	/* JSON streams. */
	CHECK(!tcplc("list --json"));
	CHECK(in_order("\"1a2b3.0\"", "\"89c.0\"", "\"1a2b4.0\""));
	CHECK(strstr(out, "\"ifindex\":2") && strstr(out, "\"lived_us\":537"));
	/* As a list prints them they can be asked for. */
	CHECK(!tcplc("list -H dst [fe80::5054:ff:fe12:3456%2]:51324"));
	CHECK(strstr(out, "1a2b4.0") && !strstr(out, "1a2b3.0"));
	CHECK(!tcplc("list -H dst fe80::%3/10"));
	CHECK_TEXT(out, "");
}

/* Fewer are sorted; so many are not kept. */
static void answer_too_many(uint8_t cmd)
{
	struct conn c = web;
	unsigned int i;

	for (i = 0; i <= LISTING_SORTED; i++) {
		c.cookie = LISTING_SORTED + 1 - i;
		c.start_ns = c.cookie;
		pack_conn(fake_message(cmd), &c);
	}
}

static void too_many_to_sort_are_printed_nevertheless(void)
{
	const char *at;
	unsigned int lines = 0;

	fresh(answer_too_many);
	CHECK(!tcplc("list -H"));
	for (at = out; *at; at++)
		lines += *at == '\n';
	CHECK(lines == LISTING_SORTED + 1);
	CHECK(!strncmp(out, "10001.0 ", 8));
	CHECK(strstr(err, "more than 65536 records are not sorted"));
}

static void answer_top(uint8_t cmd)
{
	static const uint8_t states[] = {
		TCP_LIFECYCLE_STATE_ESTABLISHED, TCP_LIFECYCLE_STATE_TIME_WAIT,
		TCP_LIFECYCLE_STATE_CLOSE_WAIT, TCP_LIFECYCLE_STATE_CLOSED,
	};
	struct conn c = web;
	size_t i;

	for (i = 0; cmd != TCP_LIFECYCLE_CMD_STATS_GET && i < sizeof(states); i++) {
		c.state = states[i];
		pack_conn(fake_message(cmd), &c);
	}
}

static void top_says_what_it_cannot_show(void)
{
	fresh(answer_top);
	/* -n 2 is a screen, which -n 1 is not. */
	CHECK(!tcplc_on(6, 80, "", "top -d 0.1 -n 2"));
	CHECK(strstr(out, "NOW") && strstr(out, " more lines, the terminal is too small"));
	CHECK(!tcplc_on(50, 80, "", "top -d 0.1 -n 2"));
	CHECK(strstr(out, "TIME_WAIT") && !strstr(out, "more line"));
}

static void answer_clear(uint8_t cmd)
{
	if (cmd == TCP_LIFECYCLE_CMD_STATS_GET)
		mnl_attr_put_u32(fake_message(cmd), TCP_LIFECYCLE_A_STATS_DEAD, 12);
	else
		mnl_attr_put_u32(fake_message(cmd), TCP_LIFECYCLE_A_CLEAR_CLEARED, 12);
}

static void clear_asks(void)
{
	static const char question[] = "Drop the records of all 12 ended connections, in every "
				       "network namespace? [y/N] ";
	static const char *const no[] = { "n\n", "\n", "x\n" };
	char wanted[256];
	size_t i;

	fresh(answer_clear);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		CHECK(tcplc_on(24, 80, no[i], "clear") == 1);
		snprintf(wanted, sizeof(wanted), "%stcplc: nothing was dropped\n", question);
		CHECK_TEXT(out, wanted);
		CHECK(fake_cmd() == TCP_LIFECYCLE_CMD_STATS_GET);
	}
	CHECK(!tcplc_on(24, 80, "y\n", "clear"));
	snprintf(wanted, sizeof(wanted), "%sdropped 12 records of ended connections\n", question);
	CHECK_TEXT(out, wanted);
	CHECK(fake_cmd() == TCP_LIFECYCLE_CMD_CLEAR);

	/* Asked on the terminal, while the answer goes into a file. */
	tty.out_is_file = true;
	CHECK(!tcplc_on(24, 80, "yes\n", "clear --json"));
	tty.out_is_file = false;
	CHECK_TEXT(out, "{\"cleared\":12,\"schema\":2}\n");
	CHECK_TEXT(err, question);

	fresh(answer_clear);
	CHECK(!tcplc("clear -y") && fake.requests == 1);
	CHECK_TEXT(out, "dropped 12 records of ended connections\n");
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
	CHECK(strstr(err, "added or removed during the dump"));
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
		{ "list state foo", "^~~" }, { "stats now", "does not take 'now'" },
		{ "help lst", "did you mean 'list'?" }, { "config retention", "needs a value" },
		{ "config retention 0", "between 1 second" }, { "config retntion 5", "'retention'?" },
		{ "config ports 80,0", "'0' is not a port" }, { "config hooks timer off", "'timers'?" },
		{ "config exclude-loopback maybe", "neither on nor off" },
		{ "clear", "use --yes" }, { "clear --json", "use --yes" },
		{ "why state foo", "^~~" }, { "why --rules now", "does not take 'now'" },
		{ "clear 89c.0", "does not take '89c.0'" },
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

static unsigned int absent, off;

static void put_hook(unsigned int i, uint8_t cmd)
{
	static const char *const symbols[] = { "tcp_set_state", "tcp_reset", "tcp_abort" };
	struct nlmsghdr *nlh = fake_message(cmd);

	mnl_attr_put_strz(nlh, TCP_LIFECYCLE_A_HOOK_SYMBOL, symbols[i]);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_HOOK_GROUP, TCP_LIFECYCLE_GROUP_CAUSES);
	if (!i)
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_HOOK_REQUIRED, 0, NULL);
	if (!(absent & 1U << i))
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_HOOK_ATTACHED, 0, NULL);
	if (!((absent | off) & 1U << i))
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_HOOK_ENABLED, 0, NULL);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_HOOK_HITS, 10);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_HOOK_MISSED, i == 1 ? 3 : 0);
}

static void answer_doctor(uint8_t cmd)
{
	unsigned int i;

	if (cmd == TCP_LIFECYCLE_CMD_STATS_GET)
		mnl_attr_put_u32(fake_message(cmd), TCP_LIFECYCLE_A_STATS_LIVE, 1);
	for (i = 0; cmd == TCP_LIFECYCLE_CMD_HOOK_GET && i < 3; i++)
		put_hook(i, cmd);
}

/* Not all of them are "ok", whatever may be said above of each. */
static void doctor_grades_the_hooks(void)
{
	static const struct {
		unsigned int absent;
		unsigned int off;
		int code;
		const char *said;
	} hosts[] = {
		{ 0, 0, 0, "ok    hooks        3 of 3 attached, 0 of these optimized to a jump\n" },
		{ 4, 0, 0, "warn  hooks        2 of 3 attached, 0 of these optimized to a jump\n" },
		{ 0, 4, 0, "warn  hooks        3 of 3 attached, 1 of these off\n" },
		{ 1, 0, 1, "FAIL  hooks        2 of 3 attached, 0 of these optimized to a jump\n" },
	};
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		absent = hosts[i].absent;
		off = hosts[i].off;
		fresh(answer_doctor);
		CHECK(tcplc("doctor") == hosts[i].code);
		CHECK(strstr(out, hosts[i].said));
		CHECK(strstr(out, "could not run for 3 hits") && strstr(out, "stop other tracers"));
	}
}

/* Four connect(), all refused; what else is asked for is not known. */
static void answer_refused(uint8_t cmd)
{
	struct conn c = web;
	int i;

	for (i = 0; cmd == TCP_LIFECYCLE_CMD_CONN_GET && i < 4; i++) {
		c.state = TCP_LIFECYCLE_STATE_CLOSED;
		c.close = TCP_LIFECYCLE_CLOSE_REFUSED;
		c.cookie++;
		pack_conn(fake_message(cmd), &c);
	}
}

static void why_tells_by_its_status(void)
{
	char *line, *rest = out;
	json_t *object;
	int lines = 0;

	fresh(NULL);
	CHECK(tcplc("why") == 0 && !err[0]);
	CHECK(strstr(out, "0 connections and 0 listeners; what was missed is not known"));
	fresh(answer_refused);
	setenv("COLUMNS", "80", 1);
	CHECK(tcplc("why dport 80 lived>=0s") == 0 && strstr(out, ": 0 connections"));
	CHECK(tcplc("why --netns pid:1x dport 80") == 2 && !out[0] && err[0]);
	CHECK(tcplc("why dport 80 or state listen") == 1 && !err[0]);
	CHECK(strstr(out, "!!  4 of 4 connect() to 10.0.0.2:80 refused\n"));
	CHECK(strstr(out, "By cu\\x1b[2Jrl/161 (4)."));
	CHECK(strstr(out, "    tcplc list close refused dst 10.0.0.2:80 '(' dport 80 or state "
			  "listen ')'\n"));
	CHECK(strstr(out, "\nok  CLOSE_WAIT, accept(), SYN queue, local ports,"));
	unsetenv("COLUMNS");
	CHECK(tcplc("why --json") == 1 && !err[0]);
	while ((line = strsep(&rest, "\n")) && *line) {
		object = json_loads(line, 0, NULL);
		CHECK(object);
		CHECK(json_object_get(object, lines++ ? "well" : "rule"));
		json_decref(object);
	}
	CHECK(lines == 2);
	fresh(NULL);
	fake.loaded = false;
	CHECK(tcplc("why") == 2 && !out[0] && strstr(err, "modprobe"));
	fresh(NULL);
	fake.error = -EPERM;
	CHECK(tcplc("why") == 2 && !out[0] && strstr(err, "sudo"));
	fresh(NULL);
	CHECK(tcplc("why --rules") == 0 && strstr(out, "close-wait\n    3 conn") && !fake.requests);
}

static void module_version(const char *line)
{
	FILE *file = fopen(version_module_file, "w");

	if (file) {
		fputs(line, file);
		fclose(file);
	}
}

/* After an upgrade the old module goes on until somebody loads the new one. */
static void another_version_of_the_module_is_named(void)
{
	char path[] = "/tmp/tcplc-version.XXXXXX", same[VERSION_SIZE], line[VERSION_SIZE + 32];
	const char *real = version_module_file;
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	close(fd);
	version_module_file = path;
	absent = off = 0;
	fresh(answer_doctor);
	module_version("0.0.1\n");
	CHECK(!tcplc("doctor"));
	snprintf(line, sizeof(line), "warn  version      tcplc is %s, the module", version_client);
	CHECK(strstr(out, line) && strstr(out, " 0.0.1:") && strstr(out, "modprobe -r"));
	CHECK(!tcplc("--version") && strstr(out, "\ntcp_lifecycle 0.0.1, loaded\n"));
	fake.error = -EINVAL;
	CHECK(tcplc("config retention 5") == 1);
	CHECK(strstr(err, "the kernel refused: Invalid argument; tcplc is version ") &&
	      strstr(err, " 0.0.1: load the one"));
	fake.error = -EOPNOTSUPP;
	CHECK(tcplc("clear --yes") == 1);
	CHECK(strstr(err, "does not know this request; tcplc is version "));

	fresh(answer_doctor);
	snprintf(same, sizeof(same), "%s\n", version_client);
	module_version(same);
	CHECK(!tcplc("doctor") && strstr(out, "ok    version") && !strstr(out, "warn  version"));
	fake.error = -EINVAL;
	CHECK(tcplc("config retention 5") == 1 && !strstr(err, "version"));

	fresh(answer_doctor);
	module_version("\033[31m\n");
	CHECK(!tcplc("--version") && strstr(out, "tcp_lifecycle ?[31m, loaded"));
	unlink(path);
	CHECK(!tcplc("doctor") && strstr(out, "that of the module is unknown"));
	CHECK(!tcplc("--version") && !strstr(out, "loaded"));
	version_module_file = real;
}

static void help_is_for_everyone(void)
{
	const struct command *c;
	char line[64];
	size_t i;

	fresh(NULL);
	CHECK(!tcplc("--help") && strstr(out, "Exit status:"));
	CHECK(!tcplc("--version") && strstr(out, version_client));
	for (i = 0; (c = commands_at(i)); i++) {
		snprintf(line, sizeof(line), "%s --help", c->name);
		CHECK(!tcplc(line) && strstr(out, "Usage: tcplc ") && !err[0]);
		snprintf(line, sizeof(line), "help %s", c->name);
		CHECK(!tcplc(line) && strstr(out, "Common options:"));
	}
}

static void long_answers_go_through_a_pager(void)
{
	fresh(answer_server);
	setenv("LC_ALL", "C", 1);
	setenv("TERM", "vt100", 1);
	unsetenv("SUDO_UID");
	setenv("PAGER", "sed s/^/P:/", 1);
	CHECK(!tcplc_on(24, 80, "", "list"));
	CHECK(strstr(out, "P:ID       STATE        LOCAL"));
	CHECK(strstr(out, "P:10 columns hidden"));	/* as wide as the terminal */
	CHECK(!tcplc_on(24, 80, "", "list --json"));
	CHECK(!strncmp(out, "P:{", 3));
	CHECK(!tcplc_on(24, 80, "", "--no-pager list"));
	CHECK(!strstr(out, "P:"));
	/* What is no answer comes past it; and what nobody reads has none. */
	CHECK(!tcplc_on(24, 80, "", "list pid 1234567"));
	CHECK(strstr(out, "tcplc: no connection matches") && !strstr(out, "P:"));
	CHECK(!tcplc("list"));
	CHECK(!strstr(out, "P:") && strstr(out, "nginx/160\n"));
	setenv("TERM", "dumb", 1);
	CHECK(!tcplc_on(24, 80, "", "list"));
	CHECK(!strstr(out, "P:"));
	/* It would be a shell of somebody else's. */
	setenv("TERM", "vt100", 1);
	setenv("SUDO_UID", "1000", 1);
	CHECK(!tcplc_on(24, 80, "q", "list"));
	CHECK(!strstr(out, "P:"));
	unsetenv("SUDO_UID");
	setenv("PAGER", "cat", 1);
}

/* It has its own screen, and keys; what was there before is there again. */
static void top_has_a_screen_and_keys(void)
{
	const char *leave;

	fresh(answer_top);
	CHECK(!tcplc_on(50, 100, "sspxq", "top -d 5"));
	CHECK(!strncmp(out, "\033[?1049h", 8));
	leave = strstr(out, "\033[?1049l");
	CHECK(leave && !leave[8] && strstr(out, "\033[?25h"));
	CHECK(strstr(out, "by NEW/S") && strstr(out, "by OPEN") && strstr(out, "by ENDED"));
	CHECK(strstr(out, "PAUSED"));
	/* The last of those asked for stays to be read. */
	CHECK(!tcplc_on(50, 100, "", "top -d 0.1 -n 2"));
	leave = strstr(out, "\033[?1049l");
	CHECK(leave && strstr(leave, "PEER") && !strstr(leave, "q: quit"));
	/* A message comes where it can be read. */
	fake.error = -EPERM;
	CHECK(tcplc_on(50, 100, "", "top") == 1);
	leave = strstr(out, "\033[?1049l");
	CHECK(leave && strstr(leave, "CAP_NET_ADMIN"));
	fake.error = 0;
}

static void balance_takes_a_time_or_a_file(void)
{
	fresh(NULL);
	CHECK(tcplc("balance 60") == 2 && strstr(err, "60s"));
	CHECK(tcplc("balance -m 60s") == 2 && strstr(err, "./60s"));
	CHECK(tcplc("balance 8d") == 2 && tcplc("balance 0") == 2);
}

static void the_order_can_be_turned(void)
{
	fresh(answer_server);
	CHECK(!tcplc("list -H --reverse"));
	CHECK(in_order("1a2b3.0", "1a2b4.0", "89c.0"));
	CHECK(!tcplc("list -H --sort -lived"));
	CHECK(in_order("1a2b", "1a2b", "89c.0"));
	CHECK(!tcplc("list -H --sort -lived --reverse"));
	CHECK(in_order("89c.0", "1a2b", "1a2b"));
	/* The same ones as without it, the other way round. */
	CHECK(!tcplc("list -H --reverse -n 2"));
	CHECK(in_order("1a2b3.0", "1a2b4.0", "") && !strstr(out, "89c.0"));
	CHECK(!tcplc("list --json --reverse"));
	CHECK(in_order("\"1a2b3.0\"", "\"1a2b4.0\"", "\"89c.0\""));
	CHECK(tcplc("list --sort -nonsense") == 2 && strstr(err, "there is no column 'nonsense'"));
}

int main(void)
{
	setenv("PAGER", "cat", 1);
	/* Whatever kernels this machine has, they are of no account. */
	host_root = "/nonexistent";
	CHECK_RUN(an_unloaded_module_is_told_how_to_load);
	CHECK_RUN(what_the_kernel_says_is_shown);
	CHECK_RUN(list_fits_and_escapes);
	CHECK_RUN(ipv6_leaves_room_for_id_and_close);
	CHECK_RUN(lines_stand_in_the_order_of_time);
	CHECK_RUN(too_many_to_sort_are_printed_nevertheless);
	CHECK_RUN(top_says_what_it_cannot_show);
	CHECK_RUN(top_has_a_screen_and_keys);
	CHECK_RUN(long_answers_go_through_a_pager);
	CHECK_RUN(the_order_can_be_turned);
	CHECK_RUN(balance_takes_a_time_or_a_file);
	CHECK_RUN(clear_asks);
	CHECK_RUN(list_asks_for_what_it_needs);
	CHECK_RUN(each_line_of_json_is_an_object);
	CHECK_RUN(config_is_put_into_attributes);
	CHECK_RUN(wrong_usage_is_2_and_asks_nothing);
	CHECK_RUN(doctor_grades_the_hooks);
	CHECK_RUN(why_tells_by_its_status);
	CHECK_RUN(another_version_of_the_module_is_named);
	CHECK_RUN(help_is_for_everyone);
	return check_end();
}
