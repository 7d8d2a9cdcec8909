// SPDX-License-Identifier: GPL-2.0-only
/*
 * life_test.c: ladder, facts and sentence of whole lives.
 *
 * Each life of lives.c is held against lives/NAME.txt; TCPLC_UPDATE=1 writes
 * these anew, to be read before they are committed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/names.h"
#include "base/text.h"
#include "base/wrap.h"
#include "check.h"
#include "draw/connection.h"
#include "draw/event_text.h"
#include "draw/ladder.h"
#include "draw/sentence.h"
#include "lives.h"

#define LIVES_DIR "lives"

static char *print(const struct conn *c, unsigned int width, bool utf8)
{
	struct ladder_style style = { .width = width, .utf8 = utf8 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	life_print(out, c, &style, NULL);
	fclose(out);
	return text;
}

static char *read_file(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");

	if (f) {
		if (!fread(text, 1, 65535, f))
			text[0] = '\0';
		fclose(f);
	}
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

static void each_life_is_told_as_before(void)
{
	char path[256], *text, *wanted;
	size_t i;

	for (i = 0; i < nr_lives; i++) {
		snprintf(path, sizeof(path), LIVES_DIR "/%s.txt", lives[i].name);
		text = print(&lives[i].conn, 80, true);
		if (getenv("TCPLC_UPDATE"))
			write_file(path, text);
		wanted = read_file(path);
		CHECK_TEXT(text, wanted);
		free(text);
		free(wanted);
	}
}

static void no_line_is_wider_than_the_terminal(void)
{
	static const unsigned int widths[] = { 61, 74, 75, 80, 93 };
	char *text, *line, *rest;
	size_t i, w;

	for (w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		for (i = 0; i < nr_lives; i++) {
			text = print(&lives[i].conn, widths[w], true);
			for (rest = text; (line = strsep(&rest, "\n"));)
				CHECK(wrap_columns(line) <= widths[w] ||
				      !strncmp(line, "from ", 5) ||
				      strstr(line, "  open "));
			free(text);
		}
	}
}

static void ascii_is_ascii(void)
{
	char *text, *p;
	size_t i;

	for (i = 0; i < nr_lives; i++) {
		text = print(&lives[i].conn, 80, false);
		for (p = text; *p; p++)
			CHECK(*p == '\n' || (*p >= ' ' && *p < 0x7f));
		free(text);
	}
}

static void every_word_has_a_sentence(void)
{
	struct entry entry[] = {
		{ .from = TCP_LIFECYCLE_STATE_ESTABLISHED,
		  .to = TCP_LIFECYCLE_STATE_CLOSED },
	};
	unsigned int open, close, first;
	char *text;

	for (open = 0; open <= TCP_LIFECYCLE_OPEN_MAX + 1; open++)
	for (close = 0; close <= TCP_LIFECYCLE_CLOSE_MAX + 1; close++)
	for (first = 0; first <= TCP_LIFECYCLE_FIRST_MAX + 1; first++) {
		struct conn c = {
			.open = open, .close = close, .first = first,
			.state = close ? TCP_LIFECYCLE_STATE_CLOSED :
					 TCP_LIFECYCLE_STATE_ESTABLISHED,
			.entry = entry, .nr_entries = close ? 1 : 0,
		};

		text = sentence(&c, NULL);
		CHECK(text && strlen(text) > 30);
		CHECK(text && text[strlen(text) - 1] == '.');
		CHECK(text && !strstr(text, "(null)") && !strstr(text, ".."));
		free(text);
	}
}

/* Nothing but "unknown" itself may be told as the unknown is. */
static void no_two_endings_sound_alike(void)
{
	char *said[TCP_LIFECYCLE_CLOSE_MAX + 1];
	unsigned int i, j;

	for (i = 0; i <= TCP_LIFECYCLE_CLOSE_MAX; i++) {
		struct conn c = { .close = i, .state = TCP_LIFECYCLE_STATE_CLOSED };

		said[i] = sentence(&c, NULL);
		for (j = 0; j < i; j++)
			CHECK(strcmp(said[i], said[j]));
	}
	for (i = 0; i <= TCP_LIFECYCLE_CLOSE_MAX; i++)
		free(said[i]);
}

/* Not the kernel's fault where our own hook was off, missing or missed. */
static void why_an_end_is_unknown_is_said_as_far_as_it_is_known(void)
{
	static const struct {
		struct losses losses;
		uint32_t gaps;
		uint8_t cause;
		const char *says;
		bool blames;
	} cases[] = {
		{ { .known = false }, .says = "or a hook was off, absent or did not run", .blames = true },
		{ { .known = true, .off = 1 }, .says = "a hook that could have recorded it is off" },
		{ { .known = true, .off = 3 }, .says = "hooks that could have recorded it are off" },
		{ { .known = true, .absent = 1 }, .says = "lacks a hook that could have recorded it" },
		{ { .known = true, .has_missed = true, .missed = 7 },
		  .says = "among the 7 hits", .blames = true },
		{ { .known = true }, .says = "needs CAP_NET_ADMIN on the host", .blames = true },
		{ { .known = true, .has_missed = true }, .says = "no hook is off or missing",
		  .blames = true },
		{ { .known = true, .has_missed = true }, .gaps = 1,
		  .says = "something before its end was missed" },
		{ { .known = true, .has_missed = true }, .cause = TCP_LIFECYCLE_CAUSE_MISSED,
		  .says = "no hook saw it end" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct entry entry = { .from = TCP_LIFECYCLE_STATE_ESTABLISHED,
				       .to = TCP_LIFECYCLE_STATE_CLOSED,
				       .cause = cases[i].cause };
		struct conn c = { .close = TCP_LIFECYCLE_CLOSE_UNKNOWN, .gaps = cases[i].gaps,
				  .state = TCP_LIFECYCLE_STATE_CLOSED,
				  .entry = &entry, .nr_entries = 1 };
		char *text = sentence(&c, &cases[i].losses);

		CHECK(strstr(text, cases[i].says));
		CHECK(!!strstr(text, "the kernel gives no reason") == cases[i].blames);
		free(text);
	}
}

/* A subflow is opened and reset by the kernel: what of it is the connection's is said so. */
static void a_subflow_says_so(void)
{
	struct entry entry[] = {
		{ .from = TCP_LIFECYCLE_STATE_ESTABLISHED, .to = TCP_LIFECYCLE_STATE_FIN_WAIT_1,
		  .cause = TCP_LIFECYCLE_CAUSE_SUBFLOW_CLOSED },
		{ .from = TCP_LIFECYCLE_STATE_FIN_WAIT_1, .to = TCP_LIFECYCLE_STATE_CLOSED,
		  .cause = TCP_LIFECYCLE_CAUSE_KILLED },
	};
	struct conn c = {
		.mptcp = 0x48, .agreed = TCP_LIFECYCLE_OPT_MPTCP,
		.has = 1ULL << TCP_LIFECYCLE_A_CONN_MPTCP | 1ULL << TCP_LIFECYCLE_A_CONN_AGREED,
		.state = TCP_LIFECYCLE_STATE_CLOSED, .open = TCP_LIFECYCLE_OPEN_ACTIVE,
		.close = TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT, .first = TCP_LIFECYCLE_FIRST_LOCAL,
		.entry = entry, .nr_entries = 2,
	};
	char *text = print(&c, 900, false);

	CHECK(strstr(text, "subflow of MPTCP connection 48"));
	CHECK(strstr(text, "with a fastclose: the process was killed."));
	CHECK(strstr(text, "MPTCP removed this subflow and kept the connection open."));
	free(text);
	c.agreed = 0;
	text = print(&c, 900, false);
	CHECK(strstr(text, "MPTCP socket 48 fell back to TCP"));
	free(text);
	c.agreed = TCP_LIFECYCLE_OPT_MPTCP;
	c.has = 1ULL << TCP_LIFECYCLE_A_CONN_AGREED;
	entry[1].cause = TCP_LIFECYCLE_CAUSE_RST_RECEIVED;
	text = print(&c, 900, false);
	CHECK(strstr(text, "subflow of an MPTCP connection; its socket has no cookie"));
	CHECK(strstr(text, "the peer's answer arrived on this subflow first."));
	free(text);
}

/* Whatever the kernel sends: no crash, no byte that is not harmless. */
static void any_record_can_be_printed(void)
{
	struct entry entry[32];
	unsigned int round, i, length;
	char *text, *p;

	srandom(1);
	for (round = 0; round < 3000; round++) {
		struct conn c = { .entry = entry };
		unsigned char *bytes = (void *)entry;

		for (i = 0; i < sizeof(entry); i++)
			bytes[i] = random();
		for (i = 0; i < 32; i++) {
			entry[i].from %= 15;
			entry[i].to %= 15;
			entry[i].cause %= TCP_LIFECYCLE_CAUSE_MAX + 3;
			entry[i].gap = random() & 1;
			entry[i].illegal = random() & 1;
		}
		c.nr_entries = random() % 33;
		c.has = (uint64_t)random() << 32 | random();
		c.open = random() % 10;
		c.close = random() % 34;
		c.first = random() % 9;
		c.state = random() % 15;
		c.owner = random() % 60;
		c.dropped = random() % 3;
		length = random() % CONN_COMM_SIZE;
		for (i = 0; i < length; i++)
			c.comm[i] = random();
		c.comm[i] = '\0';
		text = print(&c, 80, false);
		for (p = text; *p; p++)
			CHECK(*p == '\n' || (*p >= ' ' && *p < 0x7f));
		free(text);
	}
}

static char *event(const struct conn *life, unsigned int i)
{
	struct conn c = *life;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	c.entry += i;
	c.nr_entries = 1;
	if (i + 1 < life->nr_entries)
		c.close = c.first = 0;
	event_text_print(out, &c, EVENT_TIME_RELATIVE, false);
	fclose(out);
	return text;
}

static void an_event_is_one_line(void)
{
	char *text = event(&lives[0].conn, 1);

	CHECK_TEXT(text, "+0.000023 127.0.0.1:34846       127.0.0.1:80          89c.0    "
		   "SYN_SENT>ESTABLISHED cause=syn-ack-received seq=4014168596 ack=154059525\n");
	free(text);
	text = event(&lives[0].conn, 5);
	CHECK_TEXT(text, "+61.174637 127.0.0.1:34846       127.0.0.1:80          89c.0    "
		   "TIME_WAIT>CLOSED cause=2msl-expired in=0.000000 open=active "
		   "close=three-segment first=local\n");
	free(text);
	text = event(&lives[2].conn, 2);
	CHECK_TEXT(text, "+1.245000 192.0.2.7:40112       198.51.100.80:443     1a2b.2   "
		   "ESTABLISHED cause=timer-rto-data count=2 last=+1.245000\n");
	free(text);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	text_init(TEXT_NEVER);
	CHECK_RUN(each_life_is_told_as_before);
	CHECK_RUN(no_line_is_wider_than_the_terminal);
	CHECK_RUN(ascii_is_ascii);
	CHECK_RUN(every_word_has_a_sentence);
	CHECK_RUN(no_two_endings_sound_alike);
	CHECK_RUN(why_an_end_is_unknown_is_said_as_far_as_it_is_known);
	CHECK_RUN(a_subflow_says_so);
	CHECK_RUN(any_record_can_be_printed);
	CHECK_RUN(an_event_is_one_line);
	return check_end();
}
