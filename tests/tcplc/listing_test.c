// SPDX-License-Identifier: GPL-2.0-only
/*
 * listing_test.c: what stands in a column, and how it is made to fit.
 */
#include <locale.h>
#include <net/if.h>
#include <stdlib.h>
#include <time.h>

#include "base/ends.h"
#include "base/moment.h"
#include "base/place.h"
#include "check.h"
#include "draw/column.h"
#include "draw/table.h"
#include "json/conn_json.h"
#include "pack.h"

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)
#define NETNS 4026531840U

static const struct conn six = {
	.has = A(COOKIE) | A(FAMILY) | A(NETNS) | A(LOCAL6) | A(REMOTE6) | A(LOCAL_PORT) |
	       A(REMOTE_PORT) | A(IFINDEX) | A(START_NS) | A(LIVED_US) | A(COMM) | A(PID),
	.cookie = 0x89c, .family = TCP_LIFECYCLE_FAMILY_IPV6, .netns = NETNS, .ifindex = 1,
	.local = { 16, { 0xfe, 0x80, [15] = 1 } },
	.remote = { 16, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	.local_port = 45000, .remote_port = 443,
};

static void only_a_link_local_address_names_its_interface(void)
{
	char text[ENDS_SIZE], name[IF_NAMESIZE] = "1";
	struct conn c = six;

	ends_set_netns(0);
	CHECK_TEXT(ends_local(text, &c), "[fe80::1%1]:45000");
	CHECK_TEXT(ends_remote(text, &c), "[2001:db8::1]:443");
	c.has &= ~A(IFINDEX);
	CHECK_TEXT(ends_local(text, &c), "[fe80::1]:45000");
	c.has &= ~A(REMOTE_PORT);
	CHECK_TEXT(ends_remote(text, &c), "[2001:db8::1]:*");

	/* By name in this namespace, by number in another, and where it is gone. */
	c = six;
	ends_set_netns(NETNS);
	if (if_indextoname(1, name))
		CHECK(strstr(ends_local(text, &c), name));
	c.ifindex = 0x7ffffffe;
	CHECK_TEXT(ends_local(text, &c), "[fe80::1%2147483646]:45000");
	c = six;
	c.netns++;
	CHECK_TEXT(ends_local(text, &c), "[fe80::1%1]:45000");
}

static void an_address_is_shortened_in_the_middle(void)
{
	static const struct {
		const char *text;
		size_t room;
		const char *ascii, *utf8;
		size_t width;		/* of the latter */
	} ends[] = {
		{ "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 42,
		  "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443",
		  "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 42 },
		{ "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 41,
		  "[2001:db8:85a3:..:1319:8a2e:370:7348]:443",
		  "[2001:db8:85a3:…:1319:8a2e:370:7348]:443", 40 },
		{ "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 26,
		  "[2001:db8:..:370:7348]:443", "[2001:…:8a2e:370:7348]:443", 26 },
		{ "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 18,
		  "[2001:..:7348]:443", "[2001:…:7348]:443", 17 },
		{ "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443", 0,
		  "[2001:..:7348]:443", "[2001:…:7348]:443", 17 },
		{ "[2001:db8:1:2::1]:443", 18, "[2001:..:2::1]:443", "[2001:db8:…:1]:443", 18 },
		/* Nothing is won, or nothing may go. */
		{ "[2001:db8::1]:443", 0, "[2001:..:1]:443", "[2001:…:1]:443", 14 },
		{ "[2001:1::1]:443", 0, "[2001:1::1]:443", "[2001:…:1]:443", 14 },
		{ "[::1]:65535", 0, "[::1]:65535", "[::1]:65535", 11 },
		{ "[::]:*", 0, "[::]:*", "[::]:*", 6 },
		{ "[2001:db8::]:80", 0, "[2001:db8::]:80", "[2001:db8::]:80", 15 },
		{ "192.168.100.100:65535", 0, "192.168.100.100:65535", "192.168.100.100:65535", 21 },
		{ "*:*", 0, "*:*", "*:*", 3 },
		/* The interface stays, and says as much as fe80. */
		{ "[fe80::5054:ff:fe12:3456%enp0s31f6]:50000", 36,
		  "[fe80::..:fe12:3456%enp0s31f6]:50000", "[fe80::…:fe12:3456%enp0s31f6]:50000", 35 },
		{ "[fe80::5054:ff:fe12:3456%eth0]:50000", 0,
		  "[..:3456%eth0]:50000", "[…:3456%eth0]:50000", 19 },
	};
	char out[ENDS_SIZE];
	size_t i, width;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		width = ends_shorten(out, ends[i].text, ends[i].room);
		CHECK_TEXT(out, ends[i].ascii);
		CHECK(width == strlen(out));
	}
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("note: no locale C.UTF-8\n");
		return;
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		width = ends_shorten(out, ends[i].text, ends[i].room);
		CHECK_TEXT(out, ends[i].utf8);
		CHECK(width == ends[i].width);
	}
	setlocale(LC_CTYPE, "C");
}

/* Whatever the address: it fits, or is as short as it gets; its port stays whole. */
static void any_address_is_shortened_soundly(void)
{
	char text[ENDS_SIZE], out[ENDS_SIZE], least[ENDS_SIZE];
	unsigned int round, i, room;
	struct conn c = six;
	size_t width, port;

	ends_set_netns(0);
	for (round = 0; round < 3000; round++) {
		for (i = 0; i < 16; i++)
			c.remote.byte[i] = pack_below(3) ? 0 : pack_below(256);
		if (!pack_below(3))
			memcpy(c.remote.byte, "\xfe\x80", 2);
		c.remote_port = 1 + pack_below(65535);
		ends_remote(text, &c);
		port = strlen(strchr(text, ']'));
		ends_shorten(least, text, 0);
		for (room = 0; room < 60; room++) {
			width = ends_shorten(out, text, room);
			CHECK(width == strlen(out) && width <= strlen(text));
			CHECK(width <= room || !strcmp(out, least));
			CHECK(!strcmp(out, text) || strstr(out, ".."));
			CHECK(!strcmp(out + strlen(out) - port, strchr(text, ']')));
		}
		CHECK_TEXT(out, text);
	}
}

/* NULL if it is not known. */
static const char *cell(enum column_id id, const struct conn *c)
{
	static char out[COLUMN_TEXT_SIZE];
	struct table_cell cell = { 0 };

	column_of(id)->get(&cell, out, c);
	return cell.text;
}

static void of_what_is_older_than_the_module_only_bounds_are_told(void)
{
	struct conn c = six;

	setenv("TZ", "UTC", 1);
	c.start_ns = time(NULL) * 1000000000ULL;
	c.lived_us = 537;
	CHECK_TEXT(cell(COLUMN_LIVED, &c), "537us");
	CHECK(strlen(cell(COLUMN_START, &c)) == 8 && cell(COLUMN_START, &c)[2] == ':');
	c.open = TCP_LIFECYCLE_OPEN_PREEXISTING;
	CHECK_TEXT(cell(COLUMN_LIVED, &c), ">537us");
	CHECK(cell(COLUMN_START, &c)[0] == '<');
	c.open = TCP_LIFECYCLE_OPEN_LISTENER;
	c.found = true;
	CHECK_TEXT(cell(COLUMN_LIVED, &c), ">537us");
	c.has = 0;
	CHECK(!cell(COLUMN_LIVED, &c) && !cell(COLUMN_START, &c) && !cell(COLUMN_WHO, &c));
}

static void who_is_harmless_and_may_lack_its_number(void)
{
	struct conn c = six;

	strcpy(c.comm, "cu\x1b[2Jrl");
	c.pid = 161;
	CHECK_TEXT(cell(COLUMN_WHO, &c), "cu\\x1b[2Jrl/161");
	c.has &= ~A(PID);
	CHECK_TEXT(cell(COLUMN_WHO, &c), "cu\\x1b[2Jrl");
	memset(c.comm, 0xff, sizeof(c.comm) - 1);
	c.has |= A(PID);
	c.pid = 4294967295;
	CHECK(strlen(cell(COLUMN_WHO, &c)) == 4 * 63 + 11);
}

/* -o and --sort will take them by these names. */
static void each_column_has_its_name_in_json(void)
{
	char *text = NULL, name[64];
	struct conn c = six;
	size_t size;
	FILE *out;
	int i;

	c.has = ~(conn_mask)0;
	c.state = TCP_LIFECYCLE_STATE_CLOSED;
	c.open = TCP_LIFECYCLE_OPEN_ACTIVE;
	c.close = TCP_LIFECYCLE_CLOSE_FIN;
	c.first = TCP_LIFECYCLE_FIRST_LOCAL;
	c.place = place_intern("/kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice/crio-"
			       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope");
	out = open_memstream(&text, &size);
	conn_json_print(out, &c, NULL);
	fclose(out);
	for (i = 0; i < COLUMN_COUNT; i++) {
		snprintf(name, sizeof(name), "\"%s\":", column_of(i)->json);
		if (!strstr(text, name))
			printf("%s is not in %s", name, text);
		CHECK(strstr(text, name));
		CHECK(cell(i, &c));
	}
	free(text);
}

static void times_are_those_of_ls(void)
{
	/* 2030-01-01 12:00:00 */
	static const time_t now = 1893499200;
	static const struct {
		int64_t ago;
		const char *text;
	} times[] = {
		{ 0, "12:00:00" }, { 12 * 3600, "00:00:00" }, { 12 * 3600 + 1, "Dec 31 23:59" },
		{ 30 * 86400, "Dec  2 12:00" }, { 200 * 86400, "Jun 15  2029" },
		{ -11 * 3600, "23:00:00" }, { -13 * 3600, "Jan  2 01:00" },
		{ -100 * 86400, "Apr 11  2030" }, { now, "Jan  1  1970" },
	};
	char out[TEXT_TIME_SIZE];
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		CHECK_TEXT(text_time(out, (now - times[i].ago) * 1000000000ULL, now),
			   times[i].text);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	CHECK_RUN(only_a_link_local_address_names_its_interface);
	CHECK_RUN(an_address_is_shortened_in_the_middle);
	CHECK_RUN(any_address_is_shortened_soundly);
	CHECK_RUN(of_what_is_older_than_the_module_only_bounds_are_told);
	CHECK_RUN(who_is_harmless_and_may_lack_its_number);
	CHECK_RUN(each_column_has_its_name_in_json);
	CHECK_RUN(times_are_those_of_ls);
	return check_end();
}
