// SPDX-License-Identifier: GPL-2.0-only
/*
 * fsm_test.c: the state table against RFC 9293, edge by edge.
 *
 * Every edge that is allowed stands here a second time, written down from the
 * RFC and not from the table; every pair that does not is illegal.
 */
#include <kunit/test.h>

#include <uapi/linux/tcp_lifecycle.h>

#include "life/fsm.h"
#include "life/words.h"

#define S(name) TCP_LIFECYCLE_STATE_##name

struct edge {
	u8 from;
	u8 to;
	enum tlc_edge want;
};

static const struct edge legal[] = {
	{ S(CLOSED), S(LISTEN), TLC_EDGE_RFC },		/* passive OPEN */
	{ S(CLOSED), S(SYN_SENT), TLC_EDGE_RFC },	/* active OPEN */
	{ S(LISTEN), S(CLOSED), TLC_EDGE_RFC },		/* CLOSE */
	{ S(LISTEN), S(NEW_SYN_RECV), TLC_EDGE_RFC },	/* rcv SYN */
	{ S(LISTEN), S(SYN_RECV), TLC_EDGE_LINUX },	/* cookie, Fast Open */
	{ S(SYN_SENT), S(CLOSED), TLC_EDGE_RFC },	/* CLOSE, RST */
	{ S(SYN_SENT), S(SYN_RECV), TLC_EDGE_RFC },	/* simultaneous open */
	{ S(SYN_SENT), S(ESTABLISHED), TLC_EDGE_RFC },	/* rcv SYN,ACK */
	{ S(NEW_SYN_RECV), S(SYN_RECV), TLC_EDGE_LINUX },	/* child made */
	{ S(NEW_SYN_RECV), S(CLOSED), TLC_EDGE_LINUX },	/* request dies */
	{ S(SYN_RECV), S(ESTABLISHED), TLC_EDGE_RFC },	/* rcv ACK of SYN */
	{ S(SYN_RECV), S(FIN_WAIT_1), TLC_EDGE_RFC },	/* CLOSE */
	{ S(SYN_RECV), S(CLOSE_WAIT), TLC_EDGE_RFC },	/* rcv FIN, 3.10.7.4 */
	{ S(SYN_RECV), S(CLOSED), TLC_EDGE_RFC },	/* RST, abort */
	{ S(ESTABLISHED), S(FIN_WAIT_1), TLC_EDGE_RFC },
	{ S(ESTABLISHED), S(CLOSE_WAIT), TLC_EDGE_RFC },
	{ S(ESTABLISHED), S(CLOSED), TLC_EDGE_RFC },	/* RST, abort */
	{ S(FIN_WAIT_1), S(FIN_WAIT_2), TLC_EDGE_RFC },
	{ S(FIN_WAIT_1), S(CLOSING), TLC_EDGE_RFC },
	{ S(FIN_WAIT_1), S(TIME_WAIT), TLC_EDGE_RFC },	/* FIN and ACK at once */
	{ S(FIN_WAIT_1), S(CLOSED), TLC_EDGE_RFC },
	{ S(FIN_WAIT_2), S(TIME_WAIT), TLC_EDGE_RFC },
	{ S(FIN_WAIT_2), S(CLOSED), TLC_EDGE_RFC },
	{ S(CLOSE_WAIT), S(LAST_ACK), TLC_EDGE_RFC },
	{ S(CLOSE_WAIT), S(CLOSED), TLC_EDGE_RFC },
	{ S(CLOSING), S(TIME_WAIT), TLC_EDGE_RFC },
	{ S(CLOSING), S(CLOSED), TLC_EDGE_RFC },
	{ S(LAST_ACK), S(CLOSED), TLC_EDGE_RFC },
	{ S(TIME_WAIT), S(CLOSED), TLC_EDGE_RFC },	/* 2MSL */
};

static void describe(const struct edge *e, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s to %s",
		 tlc_words_state(e->from), tlc_words_state(e->to));
}

KUNIT_ARRAY_PARAM(legal, legal, describe);

static void allows_what_the_rfc_allows(struct kunit *test)
{
	const struct edge *e = test->param_value;

	KUNIT_EXPECT_EQ(test, (int)tlc_fsm_edge(e->from, e->to), (int)e->want);
}

static bool is_legal(u8 from, u8 to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(legal); i++)
		if (legal[i].from == from && legal[i].to == to)
			return true;
	return false;
}

static void flags_every_other_pair(struct kunit *test)
{
	unsigned int flagged = 0;
	u8 from, to;

	for (from = 0; from < TLC_STATES; from++) {
		for (to = 0; to < TLC_STATES; to++) {
			if (is_legal(from, to))
				continue;
			flagged++;
			KUNIT_EXPECT_EQ_MSG(test, (int)tlc_fsm_edge(from, to),
					    (int)TLC_EDGE_ILLEGAL, "%s to %s",
					    tlc_words_state(from),
					    tlc_words_state(to));
		}
	}
	KUNIT_EXPECT_EQ(test, flagged + ARRAY_SIZE(legal),
			(size_t)TLC_STATES * TLC_STATES);
}

static void flags_numbers_that_are_no_state(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (int)tlc_fsm_edge(TLC_STATES, S(CLOSED)),
			(int)TLC_EDGE_ILLEGAL);
	KUNIT_EXPECT_EQ(test, (int)tlc_fsm_edge(S(CLOSED), 255),
			(int)TLC_EDGE_ILLEGAL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(allows_what_the_rfc_allows, legal_gen_params),
	KUNIT_CASE(flags_every_other_pair),
	KUNIT_CASE(flags_numbers_that_are_no_state),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_fsm",
	.test_cases = cases,
};

kunit_test_suite(suite);
