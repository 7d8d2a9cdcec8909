// SPDX-License-Identifier: GPL-2.0-only
/*
 * saved_test.c: what tcplc save writes, read again: the same output to the byte, and
 * of a damaged file what there is.
 */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/netns.h"
#include "base/text.h"
#include "check.h"
#include "fake.h"
#include "lives.h"
#include "pack.h"
#include "tool.h"

#define RECORDS 160

static char dir[] = "/tmp/tcplc-saved.XXXXXX";
static char live[TOOL_OUT_SIZE];
static struct conn record[RECORDS];
static struct entry entries[RECORDS][12];
static size_t nr_records;

static const char *at(const char *name)
{
	static char path[4][128];
	static unsigned int i;

	snprintf(path[++i % 4], sizeof(path[0]), "%s/%s", dir, name);
	return path[i % 4];
}

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)

/* Each has a name of its own: the whole lives, and others at random. */
static void make_records(void)
{
	struct conn *c;
	size_t i;

	for (i = 0; i < nr_lives; i++) {
		c = &record[nr_records++];
		*c = lives[i].conn;
		c->has |= A(COOKIE) | A(GENERATION) | A(NETNS);
		c->cookie = 0x1000 + i;
	}
	while (nr_records < RECORDS) {
		c = &record[nr_records];
		pack_random(c, entries[nr_records], 12);
		c->cookie = 0x2000 + nr_records / 2;
		c->generation = nr_records % 2;
		if (conn_has(c, TCP_LIFECYCLE_A_CONN_COMM) && !pack_below(3))
			strcpy(c->comm, "a\"\\x41\xff\x1b[2J\n\xc3\xa9");
		nr_records++;
	}
	/* Of this namespace, as who asks. */
	for (i = 0; i < nr_records; i++)
		record[i].netns = netns_inode();
}

/* Sends only those asked for by name, or all; without entries if it may. */
static void answer_conns(uint8_t cmd)
{
	const struct nlattr *cookie = fake_attr(TCP_LIFECYCLE_A_CONN_COOKIE);
	const struct nlattr *generation = fake_attr(TCP_LIFECYCLE_A_CONN_GENERATION);
	const struct conn *newest = NULL;
	struct conn c;
	size_t i;

	for (i = 0; i < nr_records; i++) {
		c = record[i];
		if (cmd == TCP_LIFECYCLE_CMD_LISTENER_GET && c.open != TCP_LIFECYCLE_OPEN_LISTENER)
			continue;
		/* The kernel takes 0 for any. */
		if (cookie && ((mnl_attr_get_u64(cookie) && mnl_attr_get_u64(cookie) != c.cookie) ||
			       (generation && mnl_attr_get_u32(generation) != c.generation)))
			continue;
		if (fake_attr(TCP_LIFECYCLE_A_CONN_BRIEF)) {
			c.has &= ~A(ENTRY);
			c.nr_entries = 0;
		}
		newest = &record[i];
		if (!cookie)
			pack_conn(fake_message(cmd), &c);
	}
	if (cookie && newest)
		pack_conn(fake_message(cmd), newest);
}

static void answer_stats(struct nlmsghdr *nlh)
{
	struct nlattr *nest;

	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_STATS_LIVE, 7);
	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_STATS_CAPACITY, 4096);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_STATS_BORN, 123456789012ULL);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_STATS_MISSED, 3);
	nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_STATS_VERDICT);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_VERDICT_CLOSE, TCP_LIFECYCLE_CLOSE_FIN);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_VERDICT_COUNT, 42);
	mnl_attr_nest_end(nlh, nest);
}

static void answer_histogram(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_HISTOGRAM_BUCKET);

	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_BUCKET_LEAST, 1024);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_BUCKET_COUNT, 5);
	mnl_attr_nest_end(nlh, nest);
}

static void answer(uint8_t cmd)
{
	struct nlmsghdr *nlh;

	switch (cmd) {
	case TCP_LIFECYCLE_CMD_CONN_GET:
	case TCP_LIFECYCLE_CMD_LISTENER_GET:
		answer_conns(cmd);
		return;
	case TCP_LIFECYCLE_CMD_STATS_GET:
		answer_stats(fake_message(cmd));
		return;
	case TCP_LIFECYCLE_CMD_EDGE_GET:
		nlh = fake_message(cmd);
		mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_EDGE_FROM, TCP_LIFECYCLE_STATE_SYN_SENT);
		mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_EDGE_TO, TCP_LIFECYCLE_STATE_ESTABLISHED);
		mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_EDGE_COUNT, 9);
		mnl_attr_put(nlh, TCP_LIFECYCLE_A_EDGE_LEGAL, 0, NULL);
		return;
	case TCP_LIFECYCLE_CMD_CONFIG_GET:
		nlh = fake_message(cmd);
		mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_CONFIG_RETENTION, 777);
		mnl_attr_put_u16(nlh, TCP_LIFECYCLE_A_CONFIG_PORT, 80);
		return;
	case TCP_LIFECYCLE_CMD_HISTOGRAM_GET:
		answer_histogram(fake_message(cmd));
		return;
	case TCP_LIFECYCLE_CMD_HOOK_GET:
		nlh = fake_message(cmd);
		mnl_attr_put_strz(nlh, TCP_LIFECYCLE_A_HOOK_SYMBOL, "tcp_connect");
		mnl_attr_put_strz(nlh, TCP_LIFECYCLE_A_HOOK_LOST, "who connects");
		mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_HOOK_GROUP, TCP_LIFECYCLE_GROUP_OPENINGS);
		mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_HOOK_HITS, 5);
		mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_HOOK_MISSED, 2);
	}
}

static void fresh(void)
{
	fake = (struct fake){ .loaded = true, .answer = answer };
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

/* The same command of the module and of the file. */
static void same(const char *file, const char *command)
{
	int code;

	fresh();
	code = tool_run("%s", command);
	strcpy(live, tool_out);
	fake.loaded = false;
	CHECK(tool_run("-r %s %s", file, command) == code);
	if (strcmp(tool_out, live))
		printf("%s of %s is not the same\n", command, file);
	CHECK(!strcmp(tool_out, live));
	CHECK(*live);
	CHECK(!strstr(tool_err, "could not be read"));
}

static void a_file_prints_what_the_module_does(void)
{
	static const char *const names[] = { "plain", "packed.gz", "packed.zst" };
	static const char *const commands[] = {
		"list", "list -w", "list --json", "list --json -e", "list --netns all",
		"listeners", "listeners --json", "stats", "stats --json",
		"list close reset or rtt > 5ms", "list --json cause fin-received",
		"list state established comm nginx", "list not lived < 1s",
		"list --sort -lived -n 9", "list --json --reverse not until 1m", "list not until yesterday",
		"summary by comm,close", "summary by remote --json",
	};
	size_t i, k;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fresh();
		CHECK(!tool_run("save %s", at(names[i])));
		CHECK(strstr(tool_out, ": 160 records of all network namespaces\n"));
		for (k = 0; k < sizeof(commands) / sizeof(commands[0]); k++)
			same(at(names[i]), commands[k]);
	}
}

static void every_life_is_shown_alike(void)
{
	char id[TEXT_ID_SIZE], command[TEXT_ID_SIZE + 16];
	size_t i;

	fresh();
	CHECK(!tool_run("save %s", at("lives.zst")));
	for (i = 0; i < nr_lives + 10; i++) {
		snprintf(command, sizeof(command), "show %s", text_id(id, &record[i]));
		same(at("lives.zst"), command);
		snprintf(command, sizeof(command), "show --json %s", text_id(id, &record[i]));
		same(at("lives.zst"), command);
	}
	/* Of several generations the newest, and of nothing nothing. */
	same(at("lives.zst"), "show 2040");
	CHECK(tool_run("-r %s show 77777", at("lives.zst")) == 1);
	CHECK(strstr(tool_err, "there is no record of socket 77777"));
}

/* But that its commands name the file. */
static void why_finds_the_same(void)
{
	static const char *const commands[] = { "why", "why --netns all -a", "why --json" };
	char with[128], *from;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		fresh();
		CHECK(!tool_run("save %s", at("why.gz")));
		CHECK(tool_run("%s", commands[i]) < 2);
		strcpy(live, tool_out);
		fake.loaded = false;
		CHECK(tool_run("-r %s %s", at("why.gz"), commands[i]) < 2);
		snprintf(with, sizeof(with), "-r %s ", at("why.gz"));
		while ((from = strstr(tool_out, with)))
			memmove(from, from + strlen(with), strlen(from + strlen(with)) + 1);
		CHECK_TEXT(tool_out, live);
		CHECK(*live);
	}
	CHECK(!strstr(tool_out, "\"retention_s\":0,"));
	/* An older file does not have what it needs: it says so. */
	write_file(at("old"), "{\"type\":\"saved\",\"schema\":2,\"saved_ns\":1893456000000000000,"
		   "\"netns\":5}\n{\"type\":\"end\",\"records\":0,\"interrupted\":false}\n");
	CHECK(!tool_run("-r %s why", at("old")));
	CHECK(strstr(tool_out, "--  not in this file") && strstr(tool_out, "--  ports: not looked at"));
	CHECK(!strstr(tool_out, "local ports"));
}

static size_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_size;
}

static void copy(const char *from, const char *to, size_t len)
{
	char *bytes = malloc(len + 1);
	FILE *file = fopen(from, "r");

	len = fread(bytes, 1, len, file);
	fclose(file);
	file = fopen(to, "w");
	fwrite(bytes, 1, len, file);
	fclose(file);
	free(bytes);
}

/* Wherever it is cut: no crash, a part of the lines, a fault with its line, exit 1. */
static void of_a_truncated_file_is_shown_what_there_is(void)
{
	static const char *const names[] = { "plain", "packed.gz", "packed.zst" };
	char from[128], cut[128];
	size_t i, len, whole;

	fresh();
	CHECK(!tool_run("list -H --json"));
	strcpy(live, tool_out);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		strcpy(from, at(names[i]));
		strcpy(cut, at("cut"));
		whole = size_of(from);
		for (len = 1; len < whole; len += 1 + whole / 16) {
			copy(from, cut, len);
			CHECK(tool_run("-r %s list -H --json", cut) == 1);
			CHECK(strstr(tool_err, "line "));
			CHECK(!strncmp(tool_out, live, strlen(tool_out)));
		}
		copy(from, cut, whole - 1);
		CHECK(tool_run("-r %s list -H --json", cut) == 1);
		CHECK(strstr(tool_err, "cut off") || strstr(tool_err, "damaged"));
	}
	/* Half of it has about half of the records. */
	copy(at("plain"), cut, size_of(at("plain")) / 2);
	CHECK(tool_run("-r %s list -H --json", cut) == 1);
	CHECK(strlen(tool_out) > strlen(live) / 4 && strlen(tool_out) < strlen(live));
	CHECK(strstr(tool_err, "could not be read: the file was cut off: the line has no end; "
			       "what could be read is shown"));
}

#define HEADER "{\"type\":\"saved\",\"schema\":2,\"saved_ns\":1893456000000000000,\"netns\":5," \
	"\"host\":\"h\\u001b\",\"interfaces\":[{\"index\":3,\"name\":\"eth\\u001b\"},7]}\n"
#define RECORD(id) "{\"id\":\"" id ".0\",\"cookie\":\"" id "\",\"generation\":0,\"netns\":5," \
	"\"state\":\"ESTABLISHED\",\"local\":\"fe80::1\",\"ifindex\":3}\n"
#define END(n) "{\"type\":\"end\",\"records\":" #n ",\"interrupted\":false}\n"

/* The fault is named, the good records around it are shown. */
static void a_bad_line_is_named_and_passed_over(void)
{
	static const struct {
		const char *line;
		const char *why;
	} bad[] = {
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"state\":\"SLEEPING\"}",
		  "line 3 could not be read: this is no value of 'state': \"SLEEPING\"" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"pid\":-1}", "no value of 'pid': -1" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"pid\":4294967296}", "no value of 'pid'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"xyz\"}", "no value of 'cookie'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"local\":\"1.2.3\"}", "no value of 'local'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"offered\":[\"tea\"]}", "no value of 'offered'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"entries\":[3]}", "no value of 'entries'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"entries\":[{\"at_us\":\"x\"}]}", "no value of 'at_us'" },
		{ "{\"id\":\"7.0\"}", "it has no 'cookie'" },
		{ "{\"id\":\"7.0\",\"cookie\":\"7\",\"cookie\":\"7\"}", "it is not JSON: duplicate" },
		{ "{\"id\":\"7.0\",\"cook\x1b", "it is not JSON" },
		{ "[1,2]", "it is not a line of tcplc save" },
		{ "garbage", "it is not JSON" },
	};
	char text[4096];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), HEADER RECORD("1") "%s\n" RECORD("2") END(3),
			 bad[i].line);
		write_file(at("bad"), text);
		CHECK(tool_run("-r %s list --json -e", at("bad")) == 1);
		CHECK(strstr(tool_out, "\"1.0\"") && strstr(tool_out, "\"2.0\""));
		if (!strstr(tool_err, bad[i].why))
			printf("%s: %s", bad[i].line, tool_err);
		CHECK(strstr(tool_err, bad[i].why) && strstr(tool_err, "line 3 "));
		CHECK(!strchr(tool_err, '\033'));
	}
}

static void what_the_file_says_of_its_machine_holds(void)
{
	write_file(at("good"), HEADER "\n" RECORD("1") "{\"type\":\"new\"}\n" END(1));
	CHECK(tool_run("-r %s list -H", at("good")) == 1);	/* for its empty line */
	write_file(at("good"), HEADER RECORD("1") "{\"type\":\"new\"}\n"
		   "{\"type\":\"later\",\"records\":[]}\n" END(1));
	CHECK(!tool_run("-r %s list -H", at("good")));
	CHECK(strstr(tool_out, "[fe80::1%eth\\x1b]") && !strchr(tool_out, '\033'));
	CHECK(!tool_run("-r %s list -H --netns all", at("good")));
	CHECK(strstr(tool_err, "of one network namespace only"));
	write_file(at("good"), HEADER RECORD("1") END(2));
	CHECK(tool_run("-r %s list -H", at("good")) == 1);
	CHECK(strstr(tool_err, "line 4 ") && strstr(tool_err, "written with 2"));
}

static void a_foreign_file_is_refused(void)
{
	static const struct {
		const char *text;
		const char *why;
	} foreign[] = {
		{ "", "line 1: it is empty" },
		{ "root:x:0:0::/root:/bin/sh\n", "line 1: it was not written by tcplc save" },
		{ RECORD("1"), "line 1: it was not written by tcplc save" },
		{ "{\"type\":\"saved\",\"schema\":99}\n", "line 1: it has schema 99, this tcplc reads" },
		{ "{\"type\":\"saved\",\"schema\":2}\n", "no 'saved_ns'" },
		{ "\x1f\x8b" "rubbish", "line 1: what gzip packed is damaged" },
		{ "\x28\xb5\x2f\xfd" "rubbish", "line 1: what zstd packed is damaged" },
	};
	FILE *file;
	size_t i;

	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		write_file(at("foreign"), foreign[i].text);
		CHECK(tool_run("-r %s list", at("foreign")) == 1);
		if (!strstr(tool_err, foreign[i].why))
			printf("%s: %s", foreign[i].text, tool_err);
		CHECK(strstr(tool_err, foreign[i].why) && !*tool_out);
	}
	file = fopen(at("foreign"), "w");
	for (i = 0; i < 3 << 20; i++)
		fputc('[', file);
	fclose(file);
	CHECK(tool_run("-r %s list", at("foreign")) == 1);
	CHECK(strstr(tool_err, "line 1: it is longer than 1048576 bytes"));
	CHECK(tool_run("-r %s list", at("absent")) == 1 && strstr(tool_err, "No such file"));
	CHECK(tool_run("-r %s watch", at("good")) == 2 && strstr(tool_err, "needs the module"));
	CHECK(tool_run("-r %s top", at("good")) == 2 && strstr(tool_err, "top needs the module"));
	CHECK(tool_run("-r %s balance 1s", at("good")) == 2);
	CHECK(tool_run("-r %s --netns web list", at("good")) == 2);
}

/* A damaged byte is a fault, or harmless; it is never a crash. */
static void any_damage_is_survived(void)
{
	size_t len = size_of(at("plain")), i;
	char *bytes = malloc(len);
	FILE *file;
	int code;

	for (i = 0; i < 60; i++) {
		file = fopen(i & 1 ? at("packed.zst") : at("plain"), "r");
		len = fread(bytes, 1, size_of(at("plain")), file);
		fclose(file);
		bytes[pack_below(len)] = pack_below(256);
		file = fopen(at("hurt"), "w");
		fwrite(bytes, 1, len, file);
		fclose(file);
		code = tool_run("-r %s list", at("hurt"));
		CHECK(!code || (code == 1 && strstr(tool_err, "line ")));
	}
	free(bytes);
}

static void fail_in_the_middle(uint8_t cmd)
{
	answer(cmd);
	if (cmd == TCP_LIFECYCLE_CMD_HOOK_GET)
		fake.error = -EINVAL;
}

static unsigned int files_in_dir(void)
{
	char command[256];
	unsigned int nr = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "ls %s | wc -l", dir);
	pipe = popen(command, "r");
	if (fscanf(pipe, "%u", &nr) != 1)
		nr = 0;
	pclose(pipe);
	return nr;
}

static void a_good_file_is_not_replaced_by_a_broken_one(void)
{
	unsigned int files = files_in_dir();
	size_t size = size_of(at("packed.zst"));

	fresh();
	fake.answer = fail_in_the_middle;
	CHECK(tool_run("save %s", at("packed.zst")) == 1);
	CHECK(strstr(tool_err, "the kernel refused"));
	CHECK(size_of(at("packed.zst")) == size && files_in_dir() == files);
	same(at("packed.zst"), "list");

	fresh();
	CHECK(tool_run("save %s/no/such/folder", dir) == 1);
	CHECK(strstr(tool_err, "cannot write") && strstr(tool_err, "No such file"));
	CHECK(tool_run("save /dev/null") == 1);
	CHECK(strstr(tool_err, "not a regular file"));
	CHECK(tool_run("save") == 2 && tool_run("save a b") == 2);
}

static void a_new_file_is_its_owners_and_an_old_one_keeps_its_mode(void)
{
	struct stat st;

	fresh();
	CHECK(!tool_run("save %s", at("mode")));
	CHECK(!stat(at("mode"), &st) && (st.st_mode & 0777) == 0600);
	chmod(at("mode"), 0644);
	CHECK(!tool_run("save %s", at("mode")));
	CHECK(!stat(at("mode"), &st) && (st.st_mode & 0777) == 0644);
	/* Of a link what it leads to is replaced. */
	CHECK(!symlink(at("mode"), at("link")) && !tool_run("save %s", at("link")));
	CHECK(!lstat(at("link"), &st) && S_ISLNK(st.st_mode));
}

static void who_may_not_see_all_saves_his_own(void)
{
	fresh();
	fake.denied = TCP_LIFECYCLE_A_CONN_ALL_NETNS;
	CHECK(!tool_run("save %s", at("own")));
	CHECK(strstr(tool_out, "160 records of this network namespace") && !*tool_err);
	CHECK(!tool_run("-r %s list --netns all", at("own")));
	CHECK(strstr(tool_err, "of one network namespace only"));
	CHECK(tool_run("--netns all save %s", at("own")) == 1 && strstr(tool_err, "sudo"));
}

static void a_dump_that_was_interrupted_says_so(void)
{
	fresh();
	fake.interrupted = true;
	CHECK(!tool_run("save %s", at("torn")));
	CHECK(strstr(tool_err, "missing or there twice"));
	fresh();
	CHECK(!tool_run("-r %s list", at("torn")));
	CHECK(strstr(tool_err, "missing or printed twice"));
}

int main(void)
{
	char command[64];

	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C", 1);
	if (!mkdtemp(dir))
		return 1;
	make_records();
	CHECK_RUN(a_file_prints_what_the_module_does);
	CHECK_RUN(every_life_is_shown_alike);
	CHECK_RUN(why_finds_the_same);
	CHECK_RUN(of_a_truncated_file_is_shown_what_there_is);
	CHECK_RUN(a_bad_line_is_named_and_passed_over);
	CHECK_RUN(what_the_file_says_of_its_machine_holds);
	CHECK_RUN(a_foreign_file_is_refused);
	CHECK_RUN(any_damage_is_survived);
	CHECK_RUN(a_good_file_is_not_replaced_by_a_broken_one);
	CHECK_RUN(a_new_file_is_its_owners_and_an_old_one_keeps_its_mode);
	CHECK_RUN(who_may_not_see_all_saves_his_own);
	CHECK_RUN(a_dump_that_was_interrupted_says_so);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	if (system(command))
		return 1;
	return check_end();
}
