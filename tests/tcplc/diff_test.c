// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff_test.c: what diff says of two files, and explain of a word.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/meanings.h"
#include "base/names.h"
#include "check.h"
#include "tool.h"

static char dir[] = "/tmp/tcplc-diff.XXXXXX";

static const char *at(const char *name)
{
	static char path[4][64];
	static unsigned int i;

	snprintf(path[++i % 4], sizeof(path[0]), "%s/%s", dir, name);
	return path[i % 4];
}

static void write_file(const char *name, const char *header, const char *records, int nr)
{
	FILE *file = fopen(at(name), "w");

	fprintf(file, "{\"type\":\"saved\",\"schema\":2,\"netns\":5,\"host\":\"web\",%s}\n%s"
		"{\"type\":\"end\",\"records\":%d}\n", header, records, nr);
	fclose(file);
}

#define SAVED(seconds) "\"saved_ns\":18934560" #seconds "000000000"
#define R(id, rest) "{\"schema\":2,\"id\":\"" id ".0\",\"cookie\":\"" id "\",\"generation\":0," \
	"\"netns\":5,\"comm\":\"c\\u001b\"," rest "}\n"

/* 1 goes on, 2 ends, 3 is dropped, 4 vanishes, 5 begins, 6 listens, 7 was not seen. */
static void write_both(void)
{
	write_file("a", SAVED(00) ",\"boot_id\":\"ab\",\"instance\":9",
		   R("1", "\"state\":\"ESTABLISHED\",\"tx_bytes\":5")
		   R("2", "\"state\":\"ESTABLISHED\"")
		   R("3", "\"state\":\"CLOSED\",\"close\":\"fin\"")
		   R("4", "\"state\":\"CLOSE_WAIT\"")
		   R("6", "\"state\":\"LISTEN\",\"open\":\"listener\",\"accepted\":4")
		   R("8", "\"state\":\"ESTABLISHED\"")
		   "{\"type\":\"totals\",\"missed\":1}\n", 6);
	write_file("b", SAVED(60) ",\"boot_id\":\"ab\",\"instance\":9",
		   R("1", "\"state\":\"CLOSE_WAIT\",\"tx_bytes\":5005,\"retrans\":2")
		   R("2", "\"state\":\"CLOSED\",\"close\":\"rst-received\"")
		   R("5", "\"state\":\"CLOSED\",\"close\":\"fin\",\"start_ns\":1893456001000000000")
		   R("7", "\"state\":\"ESTABLISHED\",\"start_ns\":1893455000000000000")
		   R("6", "\"state\":\"LISTEN\",\"open\":\"listener\",\"accepted\":40")
		   R("8", "\"state\":\"ESTABLISHED\"")
		   "{\"type\":\"totals\",\"missed\":3}\n", 6);
}

/* Is there a line of this kind and id, with more on it? */
static bool says(const char *what, const char *id, const char *more)
{
	const char *line, *word, *end, *found;

	for (line = tool_out; *line; line = end + 1) {
		end = strchr(line, '\n');
		word = line + strlen(what);
		if (strncmp(line, what, strlen(what)) || *word != ' ')
			continue;
		word += strspn(word, " ");
		found = strstr(word, more);
		if (!strncmp(word, id, strlen(id)) && word[strlen(id)] == '.' && found &&
		    found < end)
			return true;
	}
	return false;
}

static void each_connection_is_told_by_what_became_of_it(void)
{
	CHECK(!tool_run("diff %s %s", at("a"), at("b")));
	CHECK(says("changed", "1", "was ESTABLISHED, tx +5000, retrans +2"));
	CHECK(says("ended", "2", "rst-received"));
	CHECK(says("began", "5", "fin") && says("appeared", "7", "ESTABLISHED"));
	CHECK(says("changed", "6", "accepted +36") && says("gone", "4", "CLOSE_WAIT"));
	CHECK(!strstr(tool_out, " 3.0 ") && !strstr(tool_out, " 8.0 "));
	CHECK(strstr(tool_out, "web, 00:00:00 to 00:01:00, 60.0s: 1 began, 1 appeared, 1 ended, "
			       "2 changed, 1 gone, 1 forgotten, 1 unchanged\n"));
	CHECK(strstr(tool_err, "missed grew by 2") && !strchr(tool_out, '\033'));
	CHECK(!tool_run("diff %s %s --json", at("a"), at("b")));
	CHECK(strstr(tool_out, "\"state_was\":\"ESTABLISHED\",\"tx_bytes_more\":5000,"
			       "\"retrans_more\":2"));
	/* A file and itself: nothing happened. */
	CHECK(!tool_run("diff -H %s %s", at("a"), at("a")));
	CHECK_TEXT(tool_out, "web, 00:00:00 to 00:00:00, 0us: 0 began, 0 ended, 0 changed, "
			     "6 unchanged\n");
}

/* What a filter leaves out of one file must not look as if it were not there. */
static void a_filter_may_hold_for_either(void)
{
	CHECK(!tool_run("diff -H %s %s state closed", at("a"), at("b")));
	CHECK(says("ended", "2", "rst-received") && says("began", "5", "fin"));
	CHECK(!strstr(tool_out, "appeared") && strstr(tool_out, "1 forgotten"));
	CHECK(!tool_run("diff -H %s %s state established", at("a"), at("b")));
	CHECK(says("changed", "1", "was") && says("ended", "2", "rst") &&
	      !strstr(tool_out, "gone"));
}

static void files_that_cannot_be_compared_are_refused(void)
{
	write_file("boot", SAVED(90) ",\"boot_id\":\"cd\",\"instance\":9", "", 0);
	write_file("load", SAVED(90) ",\"boot_id\":\"ab\",\"instance\":10", "", 0);
	CHECK(tool_run("diff %s %s", at("a"), at("boot")) == 1 && strstr(tool_err, "same boot"));
	CHECK(tool_run("diff %s %s", at("a"), at("load")) == 1 &&
	      strstr(tool_err, "loaded again"));
	CHECK(tool_run("diff %s %s", at("b"), at("a")) == 2 && strstr(tool_err, "is older than"));
	CHECK(tool_run("diff %s", at("a")) == 2 && tool_run("diff") == 2);
	CHECK(tool_run("diff %s %s", at("a"), at("absent")) == 1);
	CHECK(tool_run("-r x diff %s %s", at("a"), at("b")) == 2);
	CHECK(tool_run("diff %s %s nonsense", at("a"), at("b")) == 2);
	CHECK(!truncate(at("b"), 700));
	CHECK(tool_run("diff %s %s", at("a"), at("b")) == 1 && strstr(tool_err, "cut off"));
	CHECK(strstr(tool_out, "was ESTABLISHED, tx +5000"));
}

static void every_word_can_be_explained(void)
{
	static const enum names_kind kinds[] = {
		NAMES_STATE, NAMES_OPEN, NAMES_CLOSE, NAMES_FIRST, NAMES_CAUSE, NAMES_MSS_BY,
		NAMES_RST_REASON,
	};
	const char *word;
	unsigned int n;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (n = 0; n < names_count(kinds[i]); n++) {
			word = names_word(kinds[i], n);
			if (strcmp(word, "-") && !meanings_of(word, NULL))
				printf("no meaning of %s\n", word);
			CHECK(!strcmp(word, "-") || meanings_of(word, NULL));
		}
	}
	CHECK(!tool_run("explain RST_UNREAD"));
	CHECK(strstr(tool_out, "rst-unread: how it ended\n"));
	CHECK(!tool_run("explain listener"));
	CHECK(strstr(tool_out, "how it was opened") && strstr(tool_out, "how it ended"));
	CHECK(!tool_run("explain reset") && strstr(tool_out, "'close reset' is any of"));
	CHECK(strstr(tool_out, " rst-unread"));
	CHECK(!tool_run("explain fin --json") && strstr(tool_out, "\"kind\":\"how it ended\""));
	CHECK(tool_run("explain rst-unred") == 1);
	CHECK(strstr(tool_err, "did you mean 'rst-unread'?"));
	CHECK(tool_run("explain") == 2);
}

int main(void)
{
	char command[64];

	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C", 1);
	if (!mkdtemp(dir))
		return 1;
	write_both();
	CHECK_RUN(each_connection_is_told_by_what_became_of_it);
	CHECK_RUN(a_filter_may_hold_for_either);
	CHECK_RUN(files_that_cannot_be_compared_are_refused);
	CHECK_RUN(every_word_can_be_explained);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	if (system(command))
		return 1;
	return check_end();
}
