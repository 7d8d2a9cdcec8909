// SPDX-License-Identifier: GPL-2.0-only
/*
 * site_test.c: what stands in front of a function's own first instruction.
 *
 * Bytes as objdump shows them in Debian's kernels, and such as are not to be trusted.
 */
#include <kunit/test.h>

#include "probe/site.h"

#define ENDBR		0xf3, 0x0f, 0x1e, 0xfa
#define POISON_6	0x66, 0x0f, 0x1f, 0x00
#define POISON_7	0x0f, 0x1f, 0x40, 0xd6
#define NOP		0x0f, 0x1f, 0x44, 0x00, 0x00
#define CALL		0xe8, 0x12, 0x34, 0x56, 0x78
#define BODY		0x55, 0x48, 0x89, 0xe5

struct site {
	const char *what;
	u8 bytes[TLC_SITE_MAX + 8];
	unsigned int length;
};

static const struct site sites[] = {
	{ "nop", { NOP, BODY }, 5 },
	{ "call", { CALL, BODY }, 0 },
	{ "endbr64 nop", { ENDBR, NOP, BODY }, 9 },
	{ "endbr64 call", { ENDBR, CALL, BODY }, 0 },
	{ "poison of 6.x, nop", { POISON_6, NOP, BODY }, 9 },
	{ "poison of 7.x, nop", { POISON_7, NOP, BODY }, 9 },
	{ "poison of 7.x, call", { POISON_7, CALL, BODY }, 0 },
	{ "nothing", { BODY, NOP }, 0 },
	{ "endbr64 alone", { ENDBR, BODY, NOP }, 0 },
	{ "endbr32", { 0xf3, 0x0f, 0x1e, 0xfb, NOP, BODY }, 0 },
	{ "two endbr64", { ENDBR, ENDBR, NOP }, 0 },
	{ "another nop of five bytes", { 0x66, 0x66, 0x66, 0x66, 0x90, BODY }, 0 },
	{ "breakpoint", { 0xcc, 0x1f, 0x44, 0x00, 0x00, BODY }, 0 },
	{ "endbr64, breakpoint", { ENDBR, 0xcc, 0x1f, 0x44, 0x00, 0x00 }, 0 },
	{ "jump", { 0xe9, 0x12, 0x34, 0x56, 0x78, BODY }, 0 },
};

static void describe(const struct site *s, char *text)
{
	strscpy(text, s->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(site, sites, describe);

static void length_of_site(struct kunit *test)
{
	const struct site *s = test->param_value;

	KUNIT_EXPECT_EQ(test, tlc_site_length(s->bytes), s->length);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(length_of_site, site_gen_params),
	{ }
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_site",
	.test_cases = cases,
};

kunit_test_suite(suite);
