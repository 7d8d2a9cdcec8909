// SPDX-License-Identifier: GPL-2.0-only
/*
 * look_test.c: what tcplc top shows of two looks.
 */
#include <stdlib.h>

#include "base/text.h"
#include "check.h"
#include "draw/top_text.h"

#define HAS(name) (1U << TCP_LIFECYCLE_A_STATS_##name)
#define HOST (HAS(LIVE) | HAS(DEAD) | HAS(CAPACITY) | HAS(BORN) | HAS(MISSED) | \
	      HAS(UNTRACKED) | HAS(EVICTED) | HAS(DROPPED) | HAS(GAPS) | \
	      HAS(ILLEGAL) | HAS(FEED_LOST) | HAS(FEED_SEQ) | HAS(ALL_FEED_LOST) | \
	      HAS(ALL_FEED_SEQ) | HAS(VERDICT))

static struct look_listener listeners[] = {
	{ .cookie = 9, .local = "0.0.0.0:443", .comm = "nginx", .backlog = 511,
	  .accepted = 1200, .syn_overflow = 3 },
	{ .cookie = 10, .local = "[2001:db8:85a3:8d30:1319:8a2e:3770:7348]:50000",
	  .comm = "\\x1b[2Javerylongname", .backlog = 4096, .accepted = 4294967295 },
};

static struct look first = {
	.at = 1000000,
	.counters = {
		.has = HOST, .live = 3, .dead = 4, .capacity = 64, .born = 100,
		.close = { [TCP_LIFECYCLE_CLOSE_FIN] = 50 },
	},
};

static struct look second = {
	.at = 3000000, .real = 1893456000000000000,
	.counters = {
		.has = HOST, .live = 3, .dead = 4, .capacity = 64, .born = 300,
		.open = { [TCP_LIFECYCLE_OPEN_ACTIVE] = 7 },
		.close = {
			[TCP_LIFECYCLE_CLOSE_FIN] = 53,
			[TCP_LIFECYCLE_CLOSE_REFUSED] = 1,
		},
		.missed = 2,
	},
	.state = { [TCP_LIFECYCLE_STATE_ESTABLISHED] = 3 },
	.listener = listeners, .nr_listeners = 2,
};

static char *print(const struct look *now, const struct look *before,
		   unsigned int width)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	top_text_print(out, now, before, &(struct top_style){ .width = width });
	fclose(out);
	return text;
}

static void two_looks_make_a_rate(void)
{
	char *text = print(&second, &first, 80);

	CHECK(strstr(text, "new/s 100  ended/s 2.0\n"));
	CHECK(strstr(text, "close    fin"));
	CHECK(strstr(text, "missed=2 "));
	free(text);
}

static void one_look_makes_none(void)
{
	char *text = print(&second, NULL, 80);

	CHECK(strstr(text, "new/s -  ended/s -\n"));
	free(text);
}

static void less_than_before_is_no_rate(void)
{
	struct look anew = { .at = 5000000, .counters = { .has = HOST, .born = 1 } };
	char *text = print(&anew, &second, 80);

	CHECK(strstr(text, "new/s 0.0  ended/s 0.0\n"));
	free(text);
}

static void it_fits(void)
{
	char *text = print(&second, &first, 80), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		CHECK(strlen(line) <= 80);
	free(text);
}

static void what_does_not_fit_is_counted(void)
{
	static const struct {
		unsigned int room;
		const char *last;
	} rooms[] = {
		{ 1, "4 more lines" }, { 3, "2 more lines" }, { 4, "d\033[0m\033[K" },
		{ 5, "d\033[0m\033[K" }, { 0, "d\033[0m\033[K" },
	};
	char *text, *last;
	size_t i, size;
	FILE *out;

	for (i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		out = open_memstream(&text, &size);
		top_text_fit(out, "a\nb\nc\nd\n", rooms[i].room);
		fclose(out);
		last = strrchr(text, '\n');
		last = last ? last + 1 : text;
		CHECK(!strncmp(last, rooms[i].last, strlen(rooms[i].last)));
		free(text);
	}
}

static void columns_hidden_are_counted(void)
{
	char *text = print(&second, &first, 60);

	CHECK(strstr(text, "3 columns hidden, -w shows them\n"));
	free(text);
	text = print(&second, &first, 0);
	CHECK(!strstr(text, "hidden"));
	free(text);
}

static void who_may_not_see_the_host_is_told_so(void)
{
	struct look t = {
		.counters = { .has = HAS(FEED_LOST), .missed = 5, .feed_lost = 1 },
	};
	char *text = print(&t, NULL, 80);

	CHECK(strstr(text, "CAP_NET_ADMIN"));
	CHECK(strstr(text, "lost feed_lost=1\n"));
	CHECK(!strstr(text, "missed") && !strstr(text, "VERDICT"));
	free(text);
}

static void json_says_the_same(void)
{
	json_t *now = top_text_json(&second, &first), *listener;

	CHECK(json_real_value(json_object_get(now, "born_per_second")) == 100);
	CHECK(json_integer_value(json_object_get(json_object_get(now, "states"),
						 "ESTABLISHED")) == 3);
	CHECK(json_integer_value(json_object_get(json_object_get(now, "lost"),
						 "missed")) == 2);
	listener = json_array_get(json_object_get(now, "listeners"), 0);
	CHECK(!strcmp(json_string_value(json_object_get(listener, "cookie")), "9"));
	json_decref(now);

	now = top_text_json(&second, NULL);
	CHECK(!json_object_get(now, "born_per_second"));
	json_decref(now);
}

int main(void)
{
	text_init(TEXT_NEVER);
	CHECK_RUN(two_looks_make_a_rate);
	CHECK_RUN(one_look_makes_none);
	CHECK_RUN(less_than_before_is_no_rate);
	CHECK_RUN(it_fits);
	CHECK_RUN(what_does_not_fit_is_counted);
	CHECK_RUN(columns_hidden_are_counted);
	CHECK_RUN(who_may_not_see_the_host_is_told_so);
	CHECK_RUN(json_says_the_same);
	return check_end();
}
