// SPDX-License-Identifier: GPL-2.0-only
/*
 * synopts_test.c: the option field of a SYN, well formed and hostile.
 */
#include <kunit/test.h>
#include <linux/random.h>

#include "probe/synopts.h"

#define OPT(name) TCP_LIFECYCLE_OPT_##name

static struct tlc_synopts parse(const u8 *bytes, unsigned int len)
{
	struct tlc_synopts out;

	memset(&out, 0xff, sizeof(out));
	tlc_synopts_parse(bytes, len, &out);
	return out;
}

static void reads_the_syn_of_a_linux_peer(struct kunit *test)
{
	static const u8 syn[] = { 2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1,
				  0, 0, 0, 0, 1, 3, 3, 7 };
	struct tlc_synopts o = parse(syn, sizeof(syn));

	KUNIT_EXPECT_TRUE(test, o.known);
	KUNIT_EXPECT_EQ(test, (int)o.mss, 1460);
	KUNIT_EXPECT_EQ(test, (int)o.wscale, 7);
	KUNIT_EXPECT_EQ(test, (int)o.opts, OPT(MSS) | OPT(WSCALE) | OPT(SACK) |
			OPT(TIMESTAMPS));
}

static void absent_is_not_536(struct kunit *test)
{
	static const u8 sent[] = { 2, 4, 0x02, 0x18 };
	static const u8 none[] = { 1, 1, 4, 2 };
	struct tlc_synopts o = parse(none, sizeof(none));

	KUNIT_EXPECT_TRUE(test, o.known);
	KUNIT_EXPECT_EQ(test, (int)o.mss, 0);
	KUNIT_EXPECT_EQ(test, (int)o.opts, OPT(SACK));
	KUNIT_EXPECT_EQ(test, (int)parse(sent, sizeof(sent)).mss, 536);
	KUNIT_EXPECT_EQ(test, (int)parse(NULL, 0).opts, 0);
}

static void stops_at_the_end_of_the_list(struct kunit *test)
{
	static const u8 syn[] = { 0, 2, 4, 0x05, 0xb4 };

	KUNIT_EXPECT_EQ(test, (int)parse(syn, sizeof(syn)).opts, 0);
}

static void sees_a_fast_open_cookie_request(struct kunit *test)
{
	static const u8 syn[] = { 34, 2, 1, 1 };

	KUNIT_EXPECT_EQ(test, (int)parse(syn, sizeof(syn)).opts, OPT(FASTOPEN));
}

static void sees_what_only_some_send(struct kunit *test)
{
	static const u8 smc[] = { 254, 6, 0xe2, 0xd4, 0xc3, 0xd9 };
	static const u8 tried_out[] = { 254, 4, 0xf9, 0x89 };
	static const u8 mptcp[12] = { 30, 12, 0, 0x81 };
	static const u8 ao[16] = { 29, 16, 1, 1 };
	static const u8 md5[20] = { 19, 18 };

	KUNIT_EXPECT_EQ(test, (int)parse(tried_out, sizeof(tried_out)).opts, OPT(FASTOPEN));
	KUNIT_EXPECT_EQ(test, (int)parse(smc, sizeof(smc)).opts, 0);
	KUNIT_EXPECT_EQ(test, (int)parse(md5, sizeof(md5)).opts, OPT(MD5));
	KUNIT_EXPECT_EQ(test, (int)parse(ao, sizeof(ao)).opts, OPT(AO));
	KUNIT_EXPECT_EQ(test, (int)parse(mptcp, sizeof(mptcp)).opts, OPT(MPTCP));
}

struct malformed {
	const char *name;
	u8 bytes[8];
	u8 len;
};

static const struct malformed malformed_cases[] = {
	{ "length 0 would loop", { 2, 0, 5, 180 }, 4 },
	{ "length 1 is less than its own header", { 2, 1, 5, 180 }, 4 },
	{ "length behind the end", { 2, 40, 5, 180 }, 4 },
	{ "kind without length", { 2 }, 1 },
	{ "MSS of the wrong length", { 2, 3, 5, 1 }, 4 },
	{ "window scale of the wrong length", { 3, 4, 7, 0 }, 4 },
	{ "MD5 of the wrong length", { 19, 8 }, 8 },
	{ "TCP-AO without its key ids", { 29, 3, 1 }, 3 },
	{ "an experiment without a number", { 254, 3, 0xf9 }, 3 },
};

static void describe(const struct malformed *m, char *text)
{
	strscpy(text, m->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(malformed, malformed_cases, describe);

static void believes_nothing_malformed(struct kunit *test)
{
	const struct malformed *m = test->param_value;
	struct tlc_synopts o = parse(m->bytes, m->len);

	KUNIT_EXPECT_EQ(test, (int)o.opts, 0);
	KUNIT_EXPECT_EQ(test, (int)o.mss, 0);
}

/* What lies behind the field must not change what is read from it. */
static void reads_nothing_behind_the_field(struct kunit *test)
{
	u8 bytes[80];
	unsigned int round, len;

	for (round = 0; round < 2000; round++) {
		struct tlc_synopts a, b;

		get_random_bytes(bytes, sizeof(bytes));
		len = bytes[79] % 41;
		a = parse(bytes, len);
		memset(bytes + len, 0xa5, sizeof(bytes) - len);
		b = parse(bytes, len);
		KUNIT_ASSERT_EQ(test, (int)a.opts, (int)b.opts);
		KUNIT_ASSERT_EQ(test, (int)a.mss, (int)b.mss);
		KUNIT_ASSERT_EQ(test, (int)a.wscale, (int)b.wscale);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(reads_the_syn_of_a_linux_peer),
	KUNIT_CASE(absent_is_not_536),
	KUNIT_CASE(stops_at_the_end_of_the_list),
	KUNIT_CASE(sees_a_fast_open_cookie_request),
	KUNIT_CASE(sees_what_only_some_send),
	KUNIT_CASE_PARAM(believes_nothing_malformed, malformed_gen_params),
	KUNIT_CASE(reads_nothing_behind_the_field),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_synopts",
	.test_cases = cases,
};

kunit_test_suite(suite);
