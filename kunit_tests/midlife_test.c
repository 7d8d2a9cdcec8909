// SPDX-License-Identifier: GPL-2.0-only
/*
 * midlife_test.c: what a record learns between opening and closing.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/history.h"

static struct tlc_record rec;

/* A full segment of @eff on a path of @pmtu. */
static struct tlc_event mss(u64 ticks, u16 eff, u32 pmtu)
{
	struct tlc_event ev = event(TLC_EVENT_MSS, ticks);

	ev.mss = (struct tlc_mss_facts) {
		.eff = eff, .clamp = 1460, .dev_mtu = 1500, .pmtu = pmtu,
		.header = 40, .options = 12, .pmtu_learned = pmtu < 1500,
	};
	return ev;
}

static void connect_with_mss(u16 eff, u32 pmtu)
{
	struct tlc_event ev = state(30, S(SYN_SENT), S(ESTABLISHED)), first;

	first = state(0, S(CLOSED), S(SYN_SENT));
	begin(&rec, &first);
	ev.mss = mss(30, eff, pmtu).mss;
	apply(&rec, ev);
}

static void a_changed_mss_is_told_and_followed(struct kunit *test)
{
	const struct tlc_entry *e;
	struct tlc_tally tally;

	connect_with_mss(1448, 1500);
	tally = apply(&rec, mss(100, 1148, 1200));
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	e = tlc_history_find(&rec, C(MSS_CHANGED));
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, (int)e->mss_old, 1448);
	KUNIT_EXPECT_EQ(test, (int)e->mss_new, 1148);
	KUNIT_EXPECT_EQ(test, (int)e->mss_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff, 1148);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
}

static void an_mss_that_did_not_change_is_no_news(struct kunit *test)
{
	connect_with_mss(1448, 1500);
	apply(&rec, mss(100, 1448, 1500));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void before_it_is_open_an_mss_does_not_change(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	apply(&rec, mss(10, 1148, 1200));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void a_window_that_grew_is_no_news_of_the_path(struct kunit *test)
{
	connect_with_mss(500, 1500);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_WINDOW);
	apply(&rec, mss(100, 1448, 1500));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff, 1448);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_MTU);
}

static void a_path_narrower_than_the_window_is_news(struct kunit *test)
{
	connect_with_mss(1300, 1500);
	apply(&rec, mss(100, 1148, 1200));
	KUNIT_EXPECT_NOT_NULL(test, tlc_history_find(&rec, C(MSS_CHANGED)));
}

static void mtu_probing_counts_as_path_mtu_discovery(struct kunit *test)
{
	struct tlc_event ev = mss(100, 1024, 1500);

	connect_with_mss(1448, 1500);
	ev.mss.probed_mtu = 1024 + 40 + 12;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_PMTU);
}

static void a_change_no_hook_told_is_seen_at_our_fin(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	connect_with_mss(1448, 1500);
	ev.mss = mss(100, 1148, 1200).mss;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[2].cause, (int)C(MSS_CHANGED));
	EXPECT_MOVE(test, &rec, 3, ESTABLISHED, FIN_WAIT_1, UNKNOWN);
}

static void a_path_that_goes_on_changing_does_not_fill_the_record(struct kunit *test)
{
	const struct tlc_entry *e;
	u32 i;

	connect_with_mss(1448, 1500);
	for (i = 1; i <= 300; i++)
		apply(&rec, mss(1000 * i, 1448 - i, 1500 - i));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 2 + 4);
	KUNIT_EXPECT_EQ(test, (int)rec.dropped, 0);
	e = tlc_history_find(&rec, C(MSS_CHANGED));
	KUNIT_EXPECT_EQ(test, (int)e->mss_old, 1448 - 3);
	KUNIT_EXPECT_EQ(test, (int)e->mss_new, 1448 - 300);
	KUNIT_EXPECT_EQ(test, (int)e->mss_count, 255);
	KUNIT_EXPECT_EQ(test, (int)e->mss_last_s, 296);
}

/* A socket in @from, whose FIN, if it sent one, was acknowledged up to @una. */
static struct tlc_event found(u8 from, u32 una)
{
	struct tlc_event ev = event(TLC_EVENT_FOUND, 0);

	ev.from = from;
	ev.tcp.write_seq = X + 102;	/* SYN, 100 bytes, FIN */
	ev.tcp.snd_una = una;
	ev.tcp.rcv_nxt = Y + 2;
	ev.tcp.bytes_acked = una - X;	/* as where we connected */
	ev.tcp.bytes_received = 1;
	ev.tcp.segs_out = 1;
	ev.first = true;
	ev.mss = mss(0, 1448, 1500).mss;
	return ev;
}

static void what_was_found_has_no_past(struct kunit *test)
{
	struct tlc_event ev = found(S(ESTABLISHED), X + 51);
	struct tlc_tally tally = begin(&rec, &ev);

	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PREEXISTING);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[0].cause, (int)C(FOUND));
	KUNIT_EXPECT_EQ(test, (int)tally.nr, 1);
	KUNIT_EXPECT_EQ(test, rec.conn.tx, 50ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_rcv, 1460);
	KUNIT_EXPECT_FALSE(test, rec.flags & (TLC_FLAG_ISN | TLC_FLAG_RTT | TLC_FLAG_FIN |
					      TLC_FLAG_OFFERED | TLC_FLAG_FIRST_FIN));
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)TCP_LIFECYCLE_FIRST_NONE);
}

static void a_handler_that_was_quicker_knows_better(struct kunit *test)
{
	struct tlc_event ev = state(0, S(ESTABLISHED), S(FIN_WAIT_1));

	begin(&rec, &ev);
	apply(&rec, found(S(ESTABLISHED), X + 51));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(FIN_WAIT_1));
	KUNIT_EXPECT_NULL(test, tlc_history_find(&rec, C(FOUND)));
	apply(&rec, state(10, S(FIN_WAIT_1), S(CLOSED)));
	apply(&rec, found(S(ESTABLISHED), X + 51));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(CLOSED));
}

static void a_timer_that_was_quicker_knows_less(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 0);

	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_DELAYED_ACK);
	begin(&rec, &ev);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_AGREED);
	apply(&rec, found(S(ESTABLISHED), X + 51));
	KUNIT_EXPECT_NOT_NULL(test, tlc_history_find(&rec, C(FOUND)));
	KUNIT_EXPECT_EQ(test, rec.conn.tx, 50ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_rcv, 1460);
}

static void a_syn_that_waits_for_data_was_not_sent(struct kunit *test)
{
	struct tlc_event ev = found(S(SYN_SENT), 0);

	ev.tcp.segs_out = 0;
	begin(&rec, &ev);
	KUNIT_EXPECT_FALSE(test, rec.flags & (TLC_FLAG_ISN | TLC_FLAG_SYN_BUILT));
}

static void a_request_found_before_its_hook_is_new(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_FOUND, 0);

	ev.from = S(NEW_SYN_RECV);
	ev.isn = X;
	ev.peer_isn = Y;
	begin(&rec, &ev);
	ev = event(TLC_EVENT_REQUEST, 0);
	ev.first = true;
	ev.from = S(LISTEN);
	ev.to = S(NEW_SYN_RECV);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PASSIVE);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[0].to, (int)S(NEW_SYN_RECV));
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_AGAIN);
}

static void a_last_ack_that_was_met_late_ends_well(struct kunit *test)
{
	struct tlc_event ev = state(0, S(LAST_ACK), S(CLOSED));

	ev.tcp.write_seq = X + 102;
	ev.tcp.snd_una = X + 102;
	ev.tcp.both_shut = true;
	ev.tcp.orphan = true;
	begin(&rec, &ev);
	EXPECT_ENDED(test, &rec, FIN, PEER);
}

struct found_case {
	const char *name;
	u8 state;
	u8 first;
	bool fin;
	bool peer_fin;
	u64 tx;
	u64 rx;
};

static const struct found_case found_cases[] = {
	{ "FIN_WAIT_1", S(FIN_WAIT_1), TCP_LIFECYCLE_FIRST_LOCAL, true, false, 100, 1 },
	{ "FIN_WAIT_2", S(FIN_WAIT_2), TCP_LIFECYCLE_FIRST_LOCAL, true, false, 100, 1 },
	{ "CLOSE_WAIT", S(CLOSE_WAIT), TCP_LIFECYCLE_FIRST_PEER, false, true, 101, 0 },
	{ "LAST_ACK", S(LAST_ACK), TCP_LIFECYCLE_FIRST_PEER, true, true, 100, 0 },
	{ "CLOSING", S(CLOSING), TCP_LIFECYCLE_FIRST_BOTH, true, true, 100, 0 },
};

static void describe_found(const struct found_case *c, char *text)
{
	strscpy(text, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(found, found_cases, describe_found);

static void the_state_tells_which_fins_there_were(struct kunit *test)
{
	const struct found_case *c = test->param_value;
	struct tlc_event ev = found(c->state, X + 102);

	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)c->first);
	KUNIT_EXPECT_EQ(test, !!(rec.flags & TLC_FLAG_FIN), (int)c->fin);
	KUNIT_EXPECT_EQ(test, !!(rec.flags & TLC_FLAG_PEER_FIN), (int)c->peer_fin);
	if (c->fin)
		KUNIT_EXPECT_EQ(test, rec.conn.fin, X + 101);
	if (c->peer_fin)
		KUNIT_EXPECT_EQ(test, rec.conn.peer_fin, Y + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.tx, c->tx);
	KUNIT_EXPECT_EQ(test, rec.conn.rx, c->rx);
}

static struct tlc_event found_with_clamp(u16 clamp, bool cookies)
{
	struct tlc_event ev = found(S(ESTABLISHED), X + 51);

	ev.mss = mss(0, clamp - 12, 1500).mss;
	ev.mss.clamp = clamp;
	ev.cookies = cookies;
	return ev;
}

static void a_bound_that_was_found_may_be_of_a_cookie(struct kunit *test)
{
	struct tlc_event ev = found_with_clamp(1440, false);

	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_rcv, 1440);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_PEER);
	ev = found_with_clamp(1440, true);
	begin(&rec, &ev);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_PEER_SYN);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_UNKNOWN);
	/* The peer's option, or that it had none? */
	ev = found_with_clamp(536, false);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_eff_by, (int)TCP_LIFECYCLE_MSS_BY_UNKNOWN);
}

static void a_listener_that_was_found_counts_on(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_FOUND, 0);

	ev.from = S(LISTEN);
	ev.backlog = 33;
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_LISTENER);
	KUNIT_EXPECT_EQ(test, rec.lsn.backlog, 33U);
	ev = event(TLC_EVENT_LISTENER_COUNT, 10);
	ev.counter = TLC_COUNTER_ACCEPTED;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED], 1U);
	apply(&rec, state(20, S(LISTEN), S(CLOSED)));
	EXPECT_ENDED(test, &rec, LISTENER, LOCAL);
}

static void a_timewait_socket_that_was_found_runs_out(struct kunit *test)
{
	struct tlc_event ev = timewait(TLC_EVENT_FOUND, 0, 0, 0);

	ev.from = S(TIME_WAIT);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, rec.conn.fin, X + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.peer_fin, Y + 1);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 10, S(CLOSED), 0));
	EXPECT_ENDED(test, &rec, FIN, UNKNOWN);
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 0);
}

static void a_syn_that_was_found_is_answered(struct kunit *test)
{
	struct tlc_event ev = found(S(SYN_SENT), X);

	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, rec.conn.isn, X);
	ev = state(30, S(SYN_SENT), S(ESTABLISHED));
	ev.tcp.bytes_acked = 1;
	KUNIT_EXPECT_EQ(test, (int)apply(&rec, ev).nr, 1);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PREEXISTING);
	KUNIT_EXPECT_EQ(test, rec.conn.tx, 0ULL);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_RTT);
}

/* @kind of event, after which so much had been sent and sent again. */
static struct tlc_event counting(enum tlc_event_kind kind, u64 ticks)
{
	struct tlc_event ev = event(kind, ticks);

	ev.from = S(ESTABLISHED);
	ev.cause = C(TIMER_RTO_DATA);
	ev.has_volume = true;
	ev.tcp = (struct tlc_tcp) {
		.snd_una = X + 101, .bytes_acked = 101, .bytes_received = 50,
		.segs_out = 12, .segs_in = 4, .total_retrans = 7,
	};
	return ev;
}

static void counts_are_as_new_as_the_newest_entry(struct kunit *test)
{
	static const u8 kinds[] = {
		TLC_EVENT_TIMER, TLC_EVENT_RST_OUT, TLC_EVENT_ACCEPT, TLC_EVENT_MSS,
	};
	struct tlc_event ev;
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		connect_it(&rec);
		ev = counting(kinds[i], 500);
		apply(&rec, ev);
		KUNIT_EXPECT_EQ(test, rec.conn.tx, 100ULL);	/* the SYN is no data */
		KUNIT_EXPECT_EQ(test, rec.conn.rx, 50ULL);
		KUNIT_EXPECT_EQ(test, rec.conn.tx_segs, 12U);
		KUNIT_EXPECT_EQ(test, rec.conn.rx_segs, 4U);
		KUNIT_EXPECT_EQ(test, rec.conn.retrans, 7U);
	}
}

static void what_follows_the_end_is_not_counted(struct kunit *test)
{
	struct tlc_event end = state(400, S(ESTABLISHED), S(CLOSED));

	connect_it(&rec);
	apply(&rec, end);
	apply(&rec, counting(TLC_EVENT_RST_OUT, 401));
	KUNIT_EXPECT_EQ(test, rec.conn.rx, 0ULL);
	KUNIT_EXPECT_EQ(test, rec.conn.retrans, 0U);
}

static void a_listener_has_no_volume(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	ev.backlog = 5;
	begin(&rec, &ev);
	apply(&rec, counting(TLC_EVENT_RST_OUT, 10));
	KUNIT_EXPECT_EQ(test, rec.lsn.backlog, 5U);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_VOLUME);
}

/* Whether SYN and FIN are among the bytes nobody knows before it was taken in. */
static void bytes_of_who_was_never_seen_to_open_are_not_guessed(struct kunit *test)
{
	struct tlc_event ev = counting(TLC_EVENT_TIMER, 0);

	begin(&rec, &ev);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_VOLUME);
	ev.tcp.bytes_acked = 0;
	ev.tcp.bytes_received = 0;
	apply(&rec, ev);
	KUNIT_EXPECT_TRUE(test, rec.flags & TLC_FLAG_VOLUME);
	KUNIT_EXPECT_EQ(test, rec.conn.retrans, 7U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(what_was_found_has_no_past),
	KUNIT_CASE(a_handler_that_was_quicker_knows_better),
	KUNIT_CASE(a_timer_that_was_quicker_knows_less),
	KUNIT_CASE(a_syn_that_waits_for_data_was_not_sent),
	KUNIT_CASE(a_request_found_before_its_hook_is_new),
	KUNIT_CASE(a_last_ack_that_was_met_late_ends_well),
	KUNIT_CASE_PARAM(the_state_tells_which_fins_there_were, found_gen_params),
	KUNIT_CASE(a_bound_that_was_found_may_be_of_a_cookie),
	KUNIT_CASE(a_listener_that_was_found_counts_on),
	KUNIT_CASE(a_timewait_socket_that_was_found_runs_out),
	KUNIT_CASE(a_syn_that_was_found_is_answered),
	KUNIT_CASE(a_changed_mss_is_told_and_followed),
	KUNIT_CASE(an_mss_that_did_not_change_is_no_news),
	KUNIT_CASE(before_it_is_open_an_mss_does_not_change),
	KUNIT_CASE(a_window_that_grew_is_no_news_of_the_path),
	KUNIT_CASE(a_path_narrower_than_the_window_is_news),
	KUNIT_CASE(mtu_probing_counts_as_path_mtu_discovery),
	KUNIT_CASE(a_change_no_hook_told_is_seen_at_our_fin),
	KUNIT_CASE(a_path_that_goes_on_changing_does_not_fill_the_record),
	KUNIT_CASE(counts_are_as_new_as_the_newest_entry),
	KUNIT_CASE(what_follows_the_end_is_not_counted),
	KUNIT_CASE(a_listener_has_no_volume),
	KUNIT_CASE(bytes_of_who_was_never_seen_to_open_are_not_guessed),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_midlife",
	.test_cases = cases,
};

kunit_test_suite(suite);
