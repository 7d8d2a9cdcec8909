// SPDX-License-Identifier: GPL-2.0-only
/*
 * query_test.c: which records a reader wants.
 */
#include <kunit/test.h>
#include <linux/socket.h>

#include "answer/query.h"
#include "life.h"

#define ANY		.any_generation = true
#define ADDR4(a, b, c, d, n) \
	{ .addr = { a, b, c, d }, .bits = n, .family = AF_INET }

/* One record against one condition; the record is made by a_record(). */
struct one {
	const char *what;
	struct tlc_query query;
	bool wanted;
};

static struct tlc_record a_record(void)
{
	struct tlc_record rec;

	connect_it(&rec);
	rec.generation = 2;
	rec.id = (struct tlc_ident) {
		.net = 9, .family = TCP_LIFECYCLE_FAMILY_IPV4,
		.local = { 10, 1, 2, 3 }, .remote = { 192, 168, 255, 4 },
		.lport = 1024, .rport = 443,
	};
	return rec;
}

static const struct one ones[] = {
	{ "nothing asked", { ANY }, true },
	{ "its namespace", { ANY, .net = 9 }, true },
	{ "another namespace", { ANY, .net = 8 }, false },
	{ "its cookie", { ANY, .cookie = COOKIE }, true },
	{ "another cookie", { ANY, .cookie = COOKIE + 1 }, false },
	{ "its generation", { .generation = 2 }, true },
	{ "another generation", { .generation = 0 }, false },
	{ "its state among others",
	  { ANY, .states = BIT(S(ESTABLISHED)) | BIT(S(LISTEN)) }, true },
	{ "another state", { ANY, .states = BIT(S(TIME_WAIT)) }, false },
	{ "its family", { ANY, .families = BIT(TCP_LIFECYCLE_FAMILY_IPV4) }, true },
	{ "another family", { ANY, .families = BIT(TCP_LIFECYCLE_FAMILY_IPV6) }, false },
	{ "its opening", { ANY, .opens = BIT(TCP_LIFECYCLE_OPEN_ACTIVE) }, true },
	{ "another opening", { ANY, .opens = BIT(TCP_LIFECYCLE_OPEN_PASSIVE) }, false },
	{ "no end yet", { ANY, .closes = BIT(TCP_LIFECYCLE_CLOSE_NONE) }, true },
	{ "some end", { ANY, .closes = ~(u64)BIT(TCP_LIFECYCLE_CLOSE_NONE) }, false },
	{ "nobody first", { ANY, .firsts = BIT(TCP_LIFECYCLE_FIRST_NONE) }, true },
	{ "somebody first", { ANY, .firsts = BIT(TCP_LIFECYCLE_FIRST_PEER) }, false },
	{ "its local port", { ANY, .lport = 1024 }, true },
	{ "its remote port as the local", { ANY, .lport = 443 }, false },
	{ "its remote port", { ANY, .rport = 443 }, true },
	{ "its local port as the remote", { ANY, .rport = 1024 }, false },
	{ "its local port as either", { ANY, .port = 1024 }, true },
	{ "its remote port as either", { ANY, .port = 443 }, true },
	{ "a third port", { ANY, .port = 80 }, false },
	{ "its local address", { ANY, .local = ADDR4(10, 1, 2, 3, 32) }, true },
	{ "its neighbour", { ANY, .local = ADDR4(10, 1, 2, 2, 32) }, false },
	{ "its neighbour, 31 bits", { ANY, .local = ADDR4(10, 1, 2, 2, 31) }, true },
	{ "its network, 8 bits", { ANY, .local = ADDR4(10, 0, 0, 0, 8) }, true },
	{ "any IPv4 address", { ANY, .local = ADDR4(0, 0, 0, 0, 0) }, true },
	{ "remote, 17 bits", { ANY, .remote = ADDR4(192, 168, 128, 0, 17) }, true },
	{ "remote, 17 others", { ANY, .remote = ADDR4(192, 168, 127, 0, 17) }, false },
	{ "any IPv6 address", { ANY, .local = { .family = AF_INET6 } }, false },
	{ "since its last entry", { ANY, .since = BORN + 30 * TICK }, true },
	{ "since later", { ANY, .since = BORN + 30 * TICK + 1 }, false },
	{ "two that hold", { ANY, .rport = 443, .states = BIT(S(ESTABLISHED)) }, true },
	{ "one of two", { ANY, .rport = 443, .states = BIT(S(CLOSED)) }, false },
};

static void describe_one(const struct one *one, char *name)
{
	strscpy(name, one->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ones, ones, describe_one);

static void a_record_is_wanted_if_all_holds(struct kunit *test)
{
	const struct one *one = test->param_value;
	struct tlc_record rec = a_record();

	KUNIT_EXPECT_EQ(test, tlc_query_matches(&rec, &one->query), one->wanted);
}

static void ipv4_also_stands_for_mapped(struct kunit *test)
{
	struct tlc_query query = { ANY, .local = ADDR4(10, 0, 0, 0, 8) };
	struct tlc_record rec = a_record();

	rec.id.family = TCP_LIFECYCLE_FAMILY_IPV4_MAPPED;
	KUNIT_EXPECT_TRUE(test, tlc_query_matches(&rec, &query));
}

static void ipv6_prefixes_end_at_any_bit(struct kunit *test)
{
	struct tlc_query query = {
		ANY, .remote = { .addr = { 0x20, 0x01, 0x0d, 0xb8, 0x80 },
				 .family = AF_INET6 },
	};
	struct tlc_record rec = a_record();
	unsigned int bits;

	rec.id.family = TCP_LIFECYCLE_FAMILY_IPV6;
	memset(rec.id.remote, 0, sizeof(rec.id.remote));
	memcpy(rec.id.remote, "\x20\x01\x0d\xb8\xc0", 5);
	/* The two differ in bit 33, counted from 0. */
	for (bits = 0; bits <= 128; bits++) {
		query.remote.bits = bits;
		KUNIT_EXPECT_EQ(test, tlc_query_matches(&rec, &query), bits <= 33);
	}
}

static void a_repeated_timer_is_a_sign_of_life(struct kunit *test)
{
	struct tlc_query query = { ANY, .since = BORN + 900 * TICK };
	struct tlc_event ev = event(TLC_EVENT_TIMER, 500);
	struct tlc_record rec = a_record();

	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_KEEPALIVE);
	apply(&rec, ev);
	KUNIT_EXPECT_FALSE(test, tlc_query_matches(&rec, &query));
	ev.now = BORN + 900 * TICK;
	apply(&rec, ev);
	KUNIT_EXPECT_TRUE(test, tlc_query_matches(&rec, &query));
}

static void the_sizes_of_an_mss_are_no_time(struct kunit *test)
{
	struct tlc_query query = { ANY, .since = BORN + 501 * TICK };
	struct tlc_event ev = event(TLC_EVENT_MSS, 500);
	struct tlc_record rec = a_record();

	rec.conn.mss_eff = 1448;
	ev.mss = (struct tlc_mss_facts) {
		.eff = 1148, .clamp = 1460, .dev_mtu = 1500, .pmtu = 1200,
		.header = 40, .options = 12, .pmtu_learned = true,
	};
	apply(&rec, ev);
	KUNIT_ASSERT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(MSS_CHANGED));
	KUNIT_EXPECT_FALSE(test, tlc_query_matches(&rec, &query));
	query.since = BORN + 500 * TICK;
	KUNIT_EXPECT_TRUE(test, tlc_query_matches(&rec, &query));
}

static void the_length_of_a_timer_is_not_a_sign_of_life(struct kunit *test)
{
	struct tlc_query query = { ANY, .since = BORN + 200 * TICK };
	struct tlc_record rec = a_record();

	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	KUNIT_EXPECT_FALSE(test, tlc_query_matches(&rec, &query));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_record_is_wanted_if_all_holds, ones_gen_params),
	KUNIT_CASE(ipv4_also_stands_for_mapped),
	KUNIT_CASE(ipv6_prefixes_end_at_any_bit),
	KUNIT_CASE(a_repeated_timer_is_a_sign_of_life),
	KUNIT_CASE(the_sizes_of_an_mss_are_no_time),
	KUNIT_CASE(the_length_of_a_timer_is_not_a_sign_of_life),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_query",
	.test_cases = cases,
};

kunit_test_suite(suite);
