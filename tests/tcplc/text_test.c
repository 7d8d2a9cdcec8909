// SPDX-License-Identifier: GPL-2.0-only
/*
 * text_test.c: what a person reads fits, and is harmless.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/nearest.h"
#include "base/text.h"
#include "check.h"
#include "draw/bars.h"
#include "draw/table.h"
#include "filter/parse_value.h"

static void bytes_are_made_harmless(void)
{
	char out[64], small[6];

	text_escape(out, sizeof(out), "a b\\\x1b[31m\xff\n", 11);
	CHECK_TEXT(out, "a b\\x5c\\x1b[31m\\xff\\x0a");
	CHECK(text_escape(small, sizeof(small), "ab\x1b\x1b", 4) == 2);
	CHECK_TEXT(small, "ab");
	CHECK(text_escape(small, sizeof(small), "abcdefgh", 8) == 5);
	CHECK_TEXT(small, "abcde");
	CHECK(text_escape(small, 1, "abc", 3) == 0);
	CHECK_TEXT(small, "");
}

static void numbers_are_those_of_printf(void)
{
	char out[32], wanted[32];
	uint64_t value, power;
	unsigned int i, step;

	/* Around each power of ten and of two. */
	for (i = 0; i < 20 + 64; i++) {
		for (power = 1, step = 0; i < 20 && step < i; step++)
			power *= 10;
		if (i >= 20)
			power = 1ULL << (i - 20);
		for (value = power - 3; value != power + 4; value++) {
			snprintf(wanted, sizeof(wanted), "%" PRIu64, value);
			CHECK(text_number(out, value, 10) == out + strlen(wanted));
			CHECK_TEXT(out, wanted);
			snprintf(wanted, sizeof(wanted), "%" PRIx64, value);
			CHECK(text_number(out, value, 16) == out + strlen(wanted));
			CHECK_TEXT(out, wanted);
		}
	}
}

static void durations_are_short(void)
{
	static const struct {
		uint64_t us;
		const char *text;
	} times[] = {
		{ 0, "0us" }, { 999, "999us" }, { 1000, "1.00ms" }, { 4219, "4.21ms" },
		{ 42190, "42.1ms" }, { 999999, "999ms" }, { 1000000, "1.00s" },
		{ 61200000, "61.2s" }, { 99999999, "99.9s" }, { 187000000, "3m07s" },
		{ 7500000000, "2h05m" }, { 385200000000, "4d11h" },
		{ UINT64_MAX, "213503982d08h" },
	};
	char out[TEXT_DURATION_SIZE];
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		CHECK_TEXT(text_duration(out, times[i].us), times[i].text);
}

static void volumes_are_short(void)
{
	char out[TEXT_DURATION_SIZE];

	CHECK_TEXT(text_bytes(out, 0), "0");
	CHECK_TEXT(text_bytes(out, 9999), "9999");
	CHECK_TEXT(text_bytes(out, 10240), "10.0K");
	CHECK_TEXT(text_bytes(out, 1 << 20), "1.00M");
	CHECK_TEXT(text_bytes(out, 1023 << 10), "1.00M");
	CHECK_TEXT(text_bytes(out, UINT64_MAX), "16.0E");
}

static void endpoints(void)
{
	static const struct addr v4 = { 4, { 10, 0, 0, 1 } }, v6 = { 16, { [15] = 1 } }, no;
	struct addr longest = { .len = 16 };
	char out[TEXT_ADDR_SIZE];

	memset(longest.byte, 0xff, 16);
	CHECK_TEXT(text_endpoint(out, &v4, 80, true), "10.0.0.1:80");
	CHECK_TEXT(text_endpoint(out, &v4, 80, false), "10.0.0.1:*");
	CHECK_TEXT(text_endpoint(out, &v6, 65535, true), "[::1]:65535");
	CHECK_TEXT(text_endpoint(out, &no, 0, false), "*:*");
	CHECK_TEXT(text_endpoint(out, &longest, 65535, true),
		   "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void colour_is_asked_for(void)
{
	text_init(TEXT_NEVER);
	CHECK(!text_colored());
	CHECK_TEXT(text_on(TEXT_BAD), "");
	text_init(TEXT_ALWAYS);
	CHECK_TEXT(text_on(TEXT_BAD), "\033[31m");
	text_init(TEXT_AUTO);	/* the output of a test is no terminal */
	CHECK_TEXT(text_off(), "");
}

static void width_is_believed_when_exported(void)
{
	setenv("COLUMNS", "72", 1);
	CHECK(text_width() == 72);
	setenv("COLUMNS", "wide", 1);
	CHECK(text_width() == TEXT_WIDE);
	setenv("COLUMNS", "0", 1);
	CHECK(text_width() == TEXT_WIDE);
	unsetenv("COLUMNS");
}

static const struct table_column columns[] = {
	{ "NAME", .leaves = 0 }, { "SIZE", .right = true, .leaves = 2 },
	{ "WHY", .leaves = 1 },
};

static char *table(unsigned int width, bool header, unsigned int rows)
{
	struct table_cell cells[3] = { { "first", TEXT_PLAIN }, { "7", TEXT_BAD } };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct table *t = table_new(out, columns, 3, width, header);

	while (rows--)
		table_row(t, cells);
	table_end(t);
	fclose(out);
	return text;
}

static void columns_leave_in_order(void)
{
	static const struct {
		unsigned int width;
		const char *text;
	} widths[] = {
		{ TEXT_WIDE, "NAME   SIZE  WHY\nfirst     7  -\n" },
		{ 16, "NAME   SIZE  WHY\nfirst     7  -\n" },
		{ 15, "NAME   WHY\nfirst  -\n" },
		{ 9, "NAME\nfirst\n" },
		{ 1, "NAME\nfirst\n" },
	};
	char *text;
	size_t i;

	text_init(TEXT_NEVER);
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		text = table(widths[i].width, true, 1);
		CHECK_TEXT(text, widths[i].text);
		free(text);
	}
	text = table(TEXT_WIDE, false, 2);
	CHECK_TEXT(text, "first  7  -\nfirst  7  -\n");
	free(text);
	text = table(TEXT_WIDE, false, 0);
	CHECK_TEXT(text, "");
	free(text);
}

/* To four columns at least, by an ellipsis of two characters that takes one. */
static size_t cut(char *out, const char *text, size_t room)
{
	size_t len = strlen(text);

	strcpy(out, text);
	if (len <= room || len <= 4)
		return len;
	room = room < 4 ? 4 : room;
	strcpy(out + room - 1, "\xc2\xbb");
	return room;
}

static void texts_are_shortened_before_a_column_leaves(void)
{
	static const struct table_column two[] = {
		{ "NAME", .shorten = cut }, { "WHY", .leaves = 1 },
	};
	static const struct {
		unsigned int width, hidden;
		const char *text;
	} widths[] = {
		{ 14, 0, "NAME       WHY\nabcdefghi  why\nab         why\n" },
		{ 12, 0, "NAME     WHY\nabcdef\xc2\xbb  why\nab       why\n" },
		{ 9, 0, "NAME  WHY\nabc\xc2\xbb  why\nab    why\n" },
		{ 8, 1, "NAME\nabcdefg\xc2\xbb\nab\n" },
		{ 3, 1, "NAME\nabc\xc2\xbb\nab\n" },
		{ TEXT_WIDE, 0, "NAME       WHY\nabcdefghi  why\nab         why\n" },
	};
	struct table *t;
	char *text;
	size_t i, size;
	FILE *out;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		out = open_memstream(&text, &size);
		t = table_new(out, two, 2, widths[i].width, true);
		table_row(t, (struct table_cell[]){ { "abcdefghi", TEXT_PLAIN },
						    { "why", TEXT_PLAIN } });
		table_row(t, (struct table_cell[]){ { "ab", TEXT_PLAIN },
						    { "why", TEXT_PLAIN } });
		CHECK(table_end(t) == widths[i].hidden);
		fclose(out);
		CHECK_TEXT(text, widths[i].text);
		free(text);
	}
}

static void a_long_table_is_not_kept_back(void)
{
	char *text = table(80, false, 5000);

	CHECK(strlen(text) == 5000 * strlen("first  7  -\n"));
	free(text);
}

static void colour_takes_no_room(void)
{
	char *text;

	text_init(TEXT_ALWAYS);
	text = table(16, false, 1);
	CHECK_TEXT(text, "first  \033[31m7\033[0m  -\n");
	free(text);
	text_init(TEXT_NEVER);
}

static void slips_are_recognized(void)
{
	static const struct {
		const char *word, *known, *best;
	} slips[] = {
		{ "establishd", "established", "established" }, { "lsit", "list", "list" },
		{ "TIME-WIAT", "TIME_WAIT", "TIME_WAIT" }, { "estab", "established", "established" },
		{ "x", "list", NULL }, { "foo", "list", NULL }, { "", "list", NULL },
		{ "dport", "comm", NULL },
	};
	struct nearest n;
	size_t i;

	for (i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		n = nearest_begin(slips[i].word);
		nearest_try(&n, slips[i].known);
		CHECK(n.best ? slips[i].best && !strcmp(n.best, slips[i].best) :
		      !slips[i].best);
	}
}

static void values_have_nothing_behind_them(void)
{
	static const char *const durations[] = {
		"10", "", "s", "1x", "1s ", "-1s", "+1s", "1e3s", "0x10s", "nan", "1..5s",
		"99999999999999999999d", " 1s",
	};
	char scope[VALUE_SCOPE_SIZE];
	struct addr addr;
	uint64_t value;
	uint8_t prefix;
	uint16_t port;
	size_t i;

	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		CHECK(!value_duration(durations[i], &value));
	CHECK(value_duration("1h1m1.5s1ms1us", &value) && value == 3661501001ULL);
	CHECK(!value_number("-1", &value) && !value_number("1 ", &value) &&
	      !value_number("", &value));
	CHECK(value_bytes("16777215T", &value) && !value_bytes("16777216T", &value));
	CHECK(!value_port("080x", &port) && value_port("080", &port) && port == 80);
	CHECK(value_addr("10.255.255.255/9", &addr, &prefix, scope) && prefix == 9 &&
	      addr.byte[1] == 128 && !addr.byte[2]);
	CHECK(!value_addr("10.0.0.1/", &addr, &prefix, scope) && !value_addr("", &addr, &prefix, scope));
	CHECK(!value_addr("10.0.0.1/8x", &addr, &prefix, scope));
	CHECK(value_addr("::ffff:10.0.0.0/104", &addr, &prefix, scope) && addr.len == 4 && prefix == 8);
	CHECK(!*scope && value_addr("fe80::1%eth0/64", &addr, &prefix, scope) && prefix == 64);
	CHECK_TEXT(scope, "eth0");
	CHECK(!value_addr("fe80::1%", &addr, &prefix, scope));
	CHECK(!value_addr("2001:db8::1%eth0", &addr, &prefix, scope));
	CHECK(!value_addr("10.0.0.1%eth0", &addr, &prefix, scope));
}

static void percentiles_name_the_end_of_a_bucket(void)
{
	struct histogram h = { .nr = 3, .least = { 0, 16, 1024 }, .count = { 1, 98, 1 } };

	CHECK(bars_percentile(&h, 1) == 1);
	CHECK(bars_percentile(&h, 50) == 32);
	CHECK(bars_percentile(&h, 99) == 32);
	CHECK(bars_percentile(&h, 100) == 2048);
	h.nr = 0;
	CHECK(bars_percentile(&h, 50) == 0);
}

int main(void)
{
	CHECK_RUN(bytes_are_made_harmless);
	CHECK_RUN(numbers_are_those_of_printf);
	CHECK_RUN(durations_are_short);
	CHECK_RUN(volumes_are_short);
	CHECK_RUN(endpoints);
	CHECK_RUN(colour_is_asked_for);
	CHECK_RUN(width_is_believed_when_exported);
	CHECK_RUN(columns_leave_in_order);
	CHECK_RUN(texts_are_shortened_before_a_column_leaves);
	CHECK_RUN(a_long_table_is_not_kept_back);
	CHECK_RUN(colour_takes_no_room);
	CHECK_RUN(slips_are_recognized);
	CHECK_RUN(values_have_nothing_behind_them);
	CHECK_RUN(percentiles_name_the_end_of_a_bucket);
	return check_end();
}
