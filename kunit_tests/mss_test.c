// SPDX-License-Identifier: GPL-2.0-only
/*
 * mss_test.c: what an MSS was made of, by the arithmetic of RFC 6691.
 */
#include <kunit/test.h>

#include "life/mss.h"

#define BY(name) TCP_LIFECYCLE_MSS_BY_##name

struct mss_case {
	const char *name;
	struct tlc_mss_facts f;
	struct tlc_synopts peer;
	enum tcp_lifecycle_mss_by adv_by;
	enum tcp_lifecycle_mss_by eff_by;
	bool cookie;
};

/* Ethernet, IPv4, timestamps: 1500 - 40 = 1460, less 12 of options. */
#define ETHERNET .dev_mtu = 1500, .pmtu = 1500, .header = 40, .options = 12

static const struct mss_case mss_cases[] = {
	{ "both ends on Ethernet",
	  { ETHERNET, .adv = 1460, .clamp = 1460, .eff = 1448 },
	  { .known = true, .mss = 1460 }, BY(MTU), BY(MTU) },
	{ "the peer's interface is smaller",
	  { ETHERNET, .adv = 1460, .clamp = 1360, .eff = 1348 },
	  { .known = true, .mss = 1360 }, BY(MTU), BY(PEER) },
	{ "our interface is smaller",
	  { .dev_mtu = 1400, .pmtu = 1400, .header = 40, .options = 12,
	    .adv = 1360, .clamp = 1460, .eff = 1348 },
	  { .known = true, .mss = 1460 }, BY(MTU), BY(MTU) },
	{ "TCP_MAXSEG here",
	  { ETHERNET, .user = 1000, .adv = 1000, .clamp = 1000, .eff = 988 },
	  { .known = true, .mss = 1460 }, BY(MAXSEG), BY(MAXSEG) },
	{ "TCP_MAXSEG here, the peer asks for less",
	  { ETHERNET, .user = 1000, .adv = 1000, .clamp = 900, .eff = 888 },
	  { .known = true, .mss = 900 }, BY(MAXSEG), BY(PEER) },
	{ "advmss of the route",
	  { ETHERNET, .route_advmss = 1200, .adv = 1200, .clamp = 1460,
	    .eff = 1448 },
	  { .known = true, .mss = 1460 }, BY(ROUTE), BY(MTU) },
	{ "mtu of the route",
	  { .dev_mtu = 1500, .pmtu = 1300, .route_mtu = 1300, .header = 40,
	    .options = 12, .adv = 1260, .clamp = 1460, .eff = 1248 },
	  { .known = true, .mss = 1460 }, BY(ROUTE), BY(ROUTE) },
	{ "path MTU learned before",
	  { .dev_mtu = 1500, .pmtu = 1280, .pmtu_learned = true, .header = 40,
	    .options = 12, .adv = 1240, .clamp = 1460, .eff = 1228 },
	  { .known = true, .mss = 1460 }, BY(PMTU), BY(PMTU) },
	{ "path MTU in an IPv6 exception, kept as a metric",
	  { .dev_mtu = 1500, .pmtu = 1280, .route_mtu = 1280,
	    .pmtu_learned = true, .header = 60, .options = 12, .adv = 1440,
	    .clamp = 1440, .eff = 1208 },
	  { .known = true, .mss = 1440 }, BY(MTU), BY(PMTU) },
	{ "no MSS option, IPv4",
	  { ETHERNET, .adv = 1460, .clamp = TLC_MSS_DEFAULT_IPV4, .eff = 524 },
	  { .known = true }, BY(MTU), BY(DEFAULT) },
	{ "no MSS option, IPv6",
	  { .dev_mtu = 1500, .pmtu = 1500, .header = 60, .options = 12,
	    .adv = 1440, .clamp = TLC_MSS_DEFAULT_IPV6, .eff = 1208 },
	  { .known = true }, BY(MTU), BY(DEFAULT) },
	{ "536 that the peer did send",
	  { ETHERNET, .adv = 1460, .clamp = 536, .eff = 524 },
	  { .known = true, .mss = 536 }, BY(MTU), BY(PEER) },
	{ "half of a small window",
	  { .dev_mtu = 65535, .pmtu = 65535, .header = 40, .options = 12,
	    .adv = 65495, .clamp = 65495, .eff = 32741 },
	  { .known = true, .mss = 65495 }, BY(MTU), BY(WINDOW) },
	{ "no route known",
	  { .pmtu = 1500, .header = 40, .options = 12, .adv = 1460,
	    .clamp = 1460, .eff = 1448 },
	  { .known = true, .mss = 1460 }, BY(UNKNOWN), BY(UNKNOWN) },
	{ "nothing known", {}, {}, BY(UNKNOWN), BY(UNKNOWN) },
	{ "a SYN cookie that had room for no more",
	  { ETHERNET, .adv = 1460, .clamp = 1300, .eff = 1288 },
	  {}, BY(MTU), BY(COOKIE), true },
	{ "a SYN cookie of a SYN without the option, perhaps",
	  { ETHERNET, .adv = 1460, .clamp = 536, .eff = 524 },
	  {}, BY(MTU), BY(COOKIE), true },
	{ "a SYN cookie, and a path that lets through no more",
	  { ETHERNET, .adv = 1460, .clamp = 1460, .eff = 1448 },
	  {}, BY(MTU), BY(MTU), true },
	{ "a SYN cookie, and TCP_MAXSEG of just what it has room for",
	  { ETHERNET, .user = 1300, .adv = 1300, .clamp = 1300, .eff = 1288 },
	  {}, BY(MAXSEG), BY(MAXSEG), true },
	{ "a SYN cookie, and TCP_MAXSEG above what it had room for",
	  { ETHERNET, .user = 1350, .adv = 1350, .clamp = 1300, .eff = 1288 },
	  {}, BY(MAXSEG), BY(COOKIE), true },
	{ "a path MTU smaller than the headers",
	  { .dev_mtu = 1500, .pmtu = 30, .header = 40, .adv = 1460,
	    .clamp = 1460, .eff = 48 },
	  { .known = true, .mss = 1460 }, BY(MTU), BY(PMTU) },
};

static void describe(const struct mss_case *c, char *text)
{
	strscpy(text, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mss, mss_cases, describe);

static void names_what_set_the_mss_we_advertised(struct kunit *test)
{
	const struct mss_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, (int)tlc_mss_adv_by(&c->f), (int)c->adv_by);
}

static void names_what_holds_the_effective_mss_down(struct kunit *test)
{
	const struct mss_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, (int)tlc_mss_eff_by(&c->f, &c->peer, c->cookie), (int)c->eff_by);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(names_what_set_the_mss_we_advertised, mss_gen_params),
	KUNIT_CASE_PARAM(names_what_holds_the_effective_mss_down, mss_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_mss",
	.test_cases = cases,
};

kunit_test_suite(suite);
