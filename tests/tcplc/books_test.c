// SPDX-License-Identifier: GPL-2.0-only
/*
 * books_test.c: the kernel's counters out of its files, and a mark kept in one.
 */
#include <stdlib.h>
#include <unistd.h>

#include "ask/baseline.h"
#include "check.h"

static size_t index_of(const char *name)
{
	size_t i;

	for (i = 0; books_name(i); i++)
		if (!strcmp(books_name(i), name))
			break;
	return i;
}

/* A file with this in it; the caller removes and frees it. */
static char *file_with(const char *text)
{
	char *path = strdup("/tmp/tcplc-books.XXXXXX");
	FILE *file = fdopen(mkstemp(path), "w");

	fputs(text, file);
	fclose(file);
	return path;
}

static void counters_are_found_by_name(void)
{
	char *path = file_with("Ip: Forwarding\nIp: 1\n"
			       "Tcp: RtoMin MaxConn ActiveOpens PassiveOpens\n"
			       "Tcp: 200 -1 18446744073709551615 7\n");
	uint64_t kernel[BOOKS_MAX] = { 0 };

	CHECK(!books_parse(path, kernel));
	CHECK(kernel[index_of("ActiveOpens")] == UINT64_MAX);
	CHECK(kernel[index_of("PassiveOpens")] == 7);
	CHECK(kernel[index_of("AttemptFails")] == 0);
	unlink(path);
	free(path);
}

static void other_protocols_are_left_out(void)
{
	char *path = file_with("MPTcpExt: TW ActiveOpens\nMPTcpExt: 3 4\n"
			       "TcpExt: SyncookiesSent TW\nTcpExt: 5 6\n"
			       "Tcp: ActiveOpens\n");
	uint64_t kernel[BOOKS_MAX] = { 0 };

	CHECK(!books_parse(path, kernel));
	CHECK(kernel[index_of("TW")] == 6);
	CHECK(kernel[index_of("SyncookiesSent")] == 5);
	CHECK(kernel[index_of("ActiveOpens")] == 0);
	unlink(path);
	free(path);
}

static void a_file_that_is_not_there_is_an_error(void)
{
	uint64_t kernel[BOOKS_MAX];

	CHECK(books_parse("/nonexistent", kernel) < 0);
}

static void a_mark_is_read_as_it_was_written(void)
{
	struct mark out = { .boot = "b", .netns = 4026531840, .netns_cookie = 7, .module = 9,
			    .missed = 1, .untracked = 2, .excluded = 3, .gaps = 4 };
	char *path = file_with("");
	struct mark in;
	char why[256];

	out.books.kernel[0] = 1ULL << 40;
	out.books.module[1] = 5;
	out.books.span = 1ULL << 41;
	CHECK(!mark_save(&out, path, why, sizeof(why)));
	CHECK(!mark_load(&in, path, why, sizeof(why)));
	CHECK(!memcmp(&in, &out, sizeof(in)));
	unlink(path);
	free(path);
}

static void what_is_no_mark_is_not_taken_for_one(void)
{
	static const char *const texts[] = {
		"", "{", "[]", "{}", "{\"type\": \"conn\", \"boot\": \"b\"}",
		"{\"type\": \"mark\"}", "{\"type\": \"mark\", \"boot\": 3}",
	};
	struct mark m;
	char why[256];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *path = file_with(texts[i]);

		why[0] = '\0';
		CHECK(mark_load(&m, path, why, sizeof(why)) == -1);
		CHECK(strstr(why, "no mark in"));
		unlink(path);
		free(path);
	}
}

int main(void)
{
	CHECK_RUN(counters_are_found_by_name);
	CHECK_RUN(other_protocols_are_left_out);
	CHECK_RUN(a_file_that_is_not_there_is_an_error);
	CHECK_RUN(a_mark_is_read_as_it_was_written);
	CHECK_RUN(what_is_no_mark_is_not_taken_for_one);
	return check_end();
}
