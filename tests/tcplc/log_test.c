// SPDX-License-Identifier: GPL-2.0-only
/*
 * log_test.c: ended connections: how they come, how they are printed, and that none comes
 * twice.
 */
#include <stdlib.h>
#include <time.h>

#include "base/place.h"
#include "base/text.h"
#include "check.h"
#include "cmd/seam.h"
#include "draw/log_line.h"
#include "pack.h"

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)
#define E(name) (1U << TCP_LIFECYCLE_A_ENTRY_##name)
#define SECOND 1000000000ULL

static char buffer[PACK_SIZE];

static struct entry closing[] = {
	{ .has = E(AT_US) | E(FROM) | E(TO), .at_us = 1500000, .from = TCP_LIFECYCLE_STATE_ESTABLISHED,
	  .to = TCP_LIFECYCLE_STATE_TIME_WAIT },
	{ .has = E(AT_US) | E(FROM) | E(TO), .at_us = 61500000, .from = TCP_LIFECYCLE_STATE_TIME_WAIT,
	  .to = TCP_LIFECYCLE_STATE_CLOSED },
};

static struct conn web(void)
{
	return (struct conn){
		.has = A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(LOCAL4) | A(REMOTE4) |
		       A(LOCAL_PORT) | A(REMOTE_PORT) | A(STATE) | A(OPEN) | A(CLOSE) |
		       A(FIRST) | A(START_NS) | A(LIVED_US) | A(COMM) | A(PID) | A(TX_BYTES) | A(RX_BYTES),
		.cookie = 0x89c, .family = TCP_LIFECYCLE_FAMILY_IPV4, .netns = 4026531840U,
		.local = { 4, { 10, 0, 0, 1 } }, .remote = { 4, { 10, 0, 0, 2 } },
		.local_port = 45000, .remote_port = 80, .state = TCP_LIFECYCLE_STATE_CLOSED,
		.open = TCP_LIFECYCLE_OPEN_ACTIVE, .close = TCP_LIFECYCLE_CLOSE_FIN,
		.first = TCP_LIFECYCLE_FIRST_LOCAL, .start_ns = 1796047401 * SECOND + 123456789,
		.lived_us = 1500000, .comm = "Web\x1b Content", .pid = 161, .tx_bytes = 846, .rx_bytes = 20000,
		.entry = closing, .nr_entries = 2,
	};
}

static const char *line_of(const struct conn *c, bool netns)
{
	static char text[1024];
	FILE *out = fmemopen(text, sizeof(text), "w");

	log_line_print(out, c, netns);
	fclose(out);
	return text;
}

static void a_line_says_it_all_without_a_blank_in_a_column(void)
{
	struct conn c = web();

	c.place = place_intern("/system.slice/nginx.service");
	CHECK_TEXT(line_of(&c, false),
		   "2026-11-30T15:03:22.623456+01:00 Web\\x1b\\x20Content/161 nginx.service    10.0.0.1:45000        "
		   "10.0.0.2:80           active      846  19.5K   1.50s fin          local\n");
	CHECK_TEXT(strrchr(line_of(&c, true), ' '), " 4026531840\n");
}

static void what_is_not_known_is_a_dash_and_the_time_is_of_the_last_entry(void)
{
	struct conn c = web();

	c.has &= ~(A(LIVED_US) | A(COMM) | A(TX_BYTES) | A(RX_BYTES) | A(FIRST));
	c.first = TCP_LIFECYCLE_FIRST_NONE;
	CHECK_TEXT(line_of(&c, false),
		   "2026-11-30T15:04:22.623456+01:00 -                    -                10.0.0.1:45000        "
		   "10.0.0.2:80           active        -      -       - fin          -\n");
}

static void a_message_has_number_losses_and_record(void)
{
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_ENDED_NTF);
	struct conn in = web(), out;
	struct batch b;

	pack_conn(nlh, &in);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_CONN_ENDED_SEQ, 41);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_CONN_ENDED_LOST, 7);
	CHECK(!conn_parse_ended(nlh, &b, &out));
	CHECK(b.has_seq && b.seq == 41 && b.lost == 7 && b.nr == 1);
	CHECK(out.cookie == in.cookie && out.nr_entries == 2);
	conn_free(&out);
}

static void a_message_may_only_say_what_was_lost(void)
{
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_ENDED_NTF);
	struct conn out;
	struct batch b;

	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_CONN_ENDED_SEQ, 41);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_CONN_ENDED_LOST, 7);
	CHECK(!conn_parse_ended(nlh, &b, &out));
	CHECK(b.has_seq && b.seq == 41 && b.lost == 7 && !b.nr);
	conn_free(&out);
}

static void numbers_of_a_wrong_length_are_none(void)
{
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_ENDED_NTF);
	struct conn out;
	struct batch b;

	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_CONN_ENDED_SEQ, 41);
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_ENDED_LOST, 3, "abc");
	CHECK(!conn_parse_ended(nlh, &b, &out));
	CHECK(!b.has_seq && !b.lost && !b.nr);
	conn_free(&out);
}

static void the_seam_keeps_each_once_in_the_order_of_the_ends(void)
{
	struct seam s = { 0 };
	struct conn c = web();
	unsigned int i, twice;

	for (twice = 0; twice < 2; twice++) {
		for (i = 0; i < 5000; i++) {
			c.cookie = i * 4096;
			c.generation = i % 3;
			c.start_ns = (i * 7919 % 5000) * SECOND;
			CHECK(seam_knows(&s, &c) == twice);
			CHECK(!seam_keep(&s, &c));
		}
	}
	CHECK(s.nr == 5000);
	seam_sort(&s);
	for (i = 0; i < s.nr; i++)
		CHECK(s.conn[i].start_ns == i * SECOND && s.conn[i].nr_entries == 2 &&
		      s.conn[i].entry != closing);
	/* The same socket, connected again. */
	c.generation += 3;
	CHECK(!seam_knows(&s, &c));
	seam_drop_records(&s);
	c.generation -= 3;
	CHECK(seam_knows(&s, &c));
	seam_free(&s);
	CHECK(!seam_knows(&s, &c));
}

static void a_record_without_entries_can_be_kept(void)
{
	struct seam s = { 0 };
	struct conn c = web();

	c.entry = NULL;
	c.nr_entries = 0;
	CHECK(!seam_keep(&s, &c) && s.nr == 1 && !s.conn[0].entry);
	seam_sort(&s);
	seam_free(&s);
}

int main(void)
{
	setenv("TZ", "XYZ-1", 1);
	text_init(TEXT_NEVER);
	CHECK_RUN(a_line_says_it_all_without_a_blank_in_a_column);
	CHECK_RUN(what_is_not_known_is_a_dash_and_the_time_is_of_the_last_entry);
	CHECK_RUN(a_message_has_number_losses_and_record);
	CHECK_RUN(a_message_may_only_say_what_was_lost);
	CHECK_RUN(numbers_of_a_wrong_length_are_none);
	CHECK_RUN(the_seam_keeps_each_once_in_the_order_of_the_ends);
	CHECK_RUN(a_record_without_entries_can_be_kept);
	return check_end();
}
