// SPDX-License-Identifier: GPL-2.0-only
/*
 * record_test.c: whole lives, event by event.
 */
#include <kunit/test.h>

#include "life.h"
#include "life/history.h"
#include "life/reading.h"

static struct tlc_record rec;

static void active_close_runs_to_the_end_of_2msl(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60200, S(CLOSED), 0));

	EXPECT_MOVE(test, &rec, 0, CLOSED, SYN_SENT, CONNECT);
	EXPECT_MOVE(test, &rec, 1, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED);
	EXPECT_MOVE(test, &rec, 2, ESTABLISHED, FIN_WAIT_1, CLOSE);
	EXPECT_MOVE(test, &rec, 3, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED);
	EXPECT_MOVE(test, &rec, 4, FIN_WAIT_2, TIME_WAIT, FIN_RECEIVED);
	EXPECT_MOVE(test, &rec, 6, TIME_WAIT, CLOSED, 2MSL_EXPIRED);
	EXPECT_ENDED(test, &rec, FIN, LOCAL);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_ACTIVE);
	KUNIT_EXPECT_EQ(test, rec.entry[0].seq, X);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y);
	KUNIT_EXPECT_EQ(test, rec.entry[1].ack, X + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.fin, X + 1);
	KUNIT_EXPECT_EQ(test, rec.entry[3].ack, rec.conn.fin + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.peer_fin, Y + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.rtt_us, 30000U);
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 0);
}

static void data_acknowledged_with_the_syn_is_fast_open(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CONNECT, 0);
	ev.isn = X;
	ev.syn.opts = TCP_LIFECYCLE_OPT_FASTOPEN;
	apply(&rec, ev);
	ev = state(30, S(SYN_SENT), S(ESTABLISHED));
	ev.tcp.snd_una = X + 1 + 15;
	ev.tcp.bytes_acked = 16;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_FASTOPEN);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.agreed, TCP_LIFECYCLE_OPT_FASTOPEN);
	KUNIT_EXPECT_EQ(test, rec.conn.isn, X);
	KUNIT_EXPECT_EQ(test, rec.conn.tx, 15ULL);
}

static void a_syn_that_crosses_ours_may_be_our_own(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	rec.id.rport = rec.id.lport;
	apply(&rec, state(10, S(SYN_SENT), S(SYN_RECV)));
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_SELF);

	/* The same port elsewhere. */
	begin(&rec, &ev);
	rec.id.rport = rec.id.lport;
	rec.id.remote[0] = 127;
	apply(&rec, state(10, S(SYN_SENT), S(SYN_RECV)));
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_SIMULTANEOUS);
}

static void a_simultaneous_open_knows_the_peers_mss_by_its_bound(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	apply(&rec, state(10, S(SYN_SENT), S(SYN_RECV)));
	ev = state(30, S(SYN_RECV), S(ESTABLISHED));
	ev.mss.clamp = 1400;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_SIMULTANEOUS);
	KUNIT_EXPECT_EQ(test, (int)rec.conn.mss_rcv, 1400);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y);

	/* 536 may have been sent, or stand for an option that was absent. */
	ev = state(0, S(CLOSED), S(SYN_SENT));
	begin(&rec, &ev);
	apply(&rec, state(10, S(SYN_SENT), S(SYN_RECV)));
	ev = state(30, S(SYN_RECV), S(ESTABLISHED));
	ev.mss.clamp = 536;
	apply(&rec, ev);
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_PEER_SYN);
}

static void passive_open_is_one_record_from_the_syn_on(struct kunit *test)
{
	accept_it(&rec);

	EXPECT_MOVE(test, &rec, 0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED);
	EXPECT_MOVE(test, &rec, 1, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED);
	EXPECT_MOVE(test, &rec, 2, SYN_RECV, ESTABLISHED, ACK_RECEIVED);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 3);
	KUNIT_EXPECT_EQ(test, rec.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PASSIVE);
	KUNIT_EXPECT_EQ(test, rec.listener, 7ULL);
	KUNIT_EXPECT_EQ(test, rec.entry[1].seq, Y + 1);
	KUNIT_EXPECT_EQ(test, rec.entry[1].ack, X + 1);
	KUNIT_EXPECT_EQ(test, rec.conn.rtt_us, 20000U);
}

static void passive_close_ends_at_the_ack_of_our_fin(struct kunit *test)
{
	struct tlc_event ev;

	accept_it(&rec);
	ev = state(100, S(ESTABLISHED), S(CLOSE_WAIT));
	ev.tcp.rcv_nxt = Y + 2;
	apply(&rec, ev);
	ev = state(200, S(CLOSE_WAIT), S(LAST_ACK));
	ev.cause = C(CLOSE);
	apply(&rec, ev);
	ev = state(210, S(LAST_ACK), S(CLOSED));
	ev.tcp.snd_una = X + 2;
	apply(&rec, ev);

	EXPECT_MOVE(test, &rec, 3, ESTABLISHED, CLOSE_WAIT, FIN_RECEIVED);
	EXPECT_MOVE(test, &rec, 4, CLOSE_WAIT, LAST_ACK, CLOSE);
	EXPECT_MOVE(test, &rec, 5, LAST_ACK, CLOSED, FIN_ACKED);
	EXPECT_ENDED(test, &rec, FIN, PEER);
}

static void crossing_fins_are_a_simultaneous_close(struct kunit *test)
{
	struct tlc_event ev;

	connect_it(&rec);
	ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	ev.cause = C(CLOSE);
	apply(&rec, ev);
	ev = state(101, S(FIN_WAIT_1), S(CLOSING));
	ev.tcp.rcv_nxt = Y + 2;
	apply(&rec, ev);
	apply(&rec, new_timewait(110, S(TIME_WAIT), 60000));
	apply(&rec, state(110, S(CLOSING), S(CLOSED)));
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60200, S(CLOSED), 0));

	EXPECT_MOVE(test, &rec, 3, FIN_WAIT_1, CLOSING, FIN_RECEIVED);
	EXPECT_MOVE(test, &rec, 4, CLOSING, TIME_WAIT, FIN_ACKED);
	EXPECT_ENDED(test, &rec, SIMULTANEOUS, BOTH);
}

static void one_segment_with_fin_and_ack_leaves_no_fin_wait_2(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 5);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60200, S(CLOSED), 0));

	EXPECT_MOVE(test, &rec, 3, FIN_WAIT_1, TIME_WAIT, FIN_WITH_ACK);
	EXPECT_MOVE(test, &rec, 5, TIME_WAIT, CLOSED, 2MSL_EXPIRED);
	KUNIT_EXPECT_EQ(test, rec.entry[3].seq, Y + 1);
	KUNIT_EXPECT_EQ(test, rec.entry[3].ack, X + 2);
	EXPECT_ENDED(test, &rec, THREE_SEGMENT, LOCAL);
}

static void a_backlog_or_a_hole_leaves_fin_wait_2_alone(struct kunit *test)
{
	struct tlc_event ev;

	connect_it(&rec);
	ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	apply(&rec, ev);
	ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
	ev.tcp.one_segment = false;
	ev.tcp.segs_in = 5;
	apply(&rec, ev);
	enter_timewait(&rec, 5);

	EXPECT_MOVE(test, &rec, 3, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED);
	EXPECT_MOVE(test, &rec, 4, FIN_WAIT_2, TIME_WAIT, FIN_RECEIVED);
}

static void orphaned_fin_wait_2_expires(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 5);
	apply(&rec, new_timewait(120, S(FIN_WAIT_2), 60000));
	apply(&rec, state(120, S(FIN_WAIT_2), S(CLOSED)));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(FIN_WAIT_2));
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60200, S(CLOSED), 0));

	EXPECT_MOVE(test, &rec, 5, FIN_WAIT_2, CLOSED, FIN_WAIT_2_EXPIRED);
	EXPECT_ENDED(test, &rec, FIN_WAIT_2, LOCAL);
}

static void orphaned_fin_wait_2_sees_the_peers_fin(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 5);
	apply(&rec, new_timewait(120, S(FIN_WAIT_2), 60000));
	apply(&rec, state(120, S(FIN_WAIT_2), S(CLOSED)));
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 500, S(TIME_WAIT), 60000));
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60600, S(CLOSED), 0));

	EXPECT_MOVE(test, &rec, 5, FIN_WAIT_2, TIME_WAIT, FIN_RECEIVED);
	EXPECT_ENDED(test, &rec, FIN, LOCAL);
}

static void a_repeated_fin_restarts_2msl_once_in_the_record(struct kunit *test)
{
	const struct tlc_entry *e;

	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 1000, S(TIME_WAIT), 60000));
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 3000, S(TIME_WAIT), 60000));

	e = tlc_history_find(&rec, C(2MSL_RESTARTED));
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, (int)e->count, 2);
	KUNIT_EXPECT_EQ(test, e->last_ms, 2000U);
}

static void a_cookie_never_had_a_request(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_CHILD, 0);

	ev.first = true;
	ev.from = S(LISTEN);
	ev.to = S(SYN_RECV);
	begin(&rec, &ev);
	EXPECT_MOVE(test, &rec, 0, LISTEN, SYN_RECV, ACK_RECEIVED);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_SYNCOOKIE);
}

static void the_loser_of_two_acks_changes_nothing(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_CHILD, 21);

	accept_it(&rec);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 3);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(ESTABLISHED));
}

static void a_second_connect_is_a_new_record(struct kunit *test)
{
	struct tlc_event ev = state(500, S(CLOSED), S(SYN_SENT));

	connect_it(&rec);
	apply(&rec, state(60, S(ESTABLISHED), S(CLOSED)));
	KUNIT_EXPECT_TRUE(test, tlc_newcomer_supersedes(&rec, &ev));
	ev = state(500, S(ESTABLISHED), S(CLOSED));
	KUNIT_EXPECT_FALSE(test, tlc_newcomer_supersedes(&rec, &ev));
}

static void the_dead_do_not_move(struct kunit *test)
{
	connect_it(&rec);
	apply(&rec, state(60, S(ESTABLISHED), S(CLOSED)));
	apply(&rec, state(70, S(ESTABLISHED), S(CLOSE_WAIT)));
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 80, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 3);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(CLOSED));
}

static void a_socket_met_in_mid_life_has_no_invented_past(struct kunit *test)
{
	struct tlc_event ev = state(0, S(ESTABLISHED), S(CLOSE_WAIT));

	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PREEXISTING);
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);
	EXPECT_MOVE(test, &rec, 0, ESTABLISHED, CLOSE_WAIT, FIN_RECEIVED);
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 0);

	ev = timewait(TLC_EVENT_TW_ARM, 0, S(TIME_WAIT), 60000);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(TIME_WAIT));
	KUNIT_EXPECT_PTR_EQ(test, tlc_history_entered(&rec, S(TIME_WAIT)), NULL);

	ev = request(0, false);
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.open, (int)TCP_LIFECYCLE_OPEN_PREEXISTING);
	KUNIT_EXPECT_PTR_EQ(test, tlc_history_entered(&rec, S(NEW_SYN_RECV)), NULL);
}

static void a_missed_transition_is_a_gap(struct kunit *test)
{
	struct tlc_tally tally;

	connect_it(&rec);
	tally = apply(&rec, state(60, S(CLOSE_WAIT), S(LAST_ACK)));
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 1);
	KUNIT_EXPECT_EQ(test, (int)tally.gaps, 1);
}

static void an_illegal_edge_is_counted_and_kept(struct kunit *test)
{
	struct tlc_tally tally;

	connect_it(&rec);
	tally = apply(&rec, state(60, S(ESTABLISHED), S(LISTEN)));
	KUNIT_EXPECT_EQ(test, (int)tally.illegal, 1);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].to, (int)S(LISTEN));
}

static void volume_counts_data_only(struct kunit *test)
{
	struct tlc_event ev;

	connect_it(&rec);
	ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	ev.tcp.write_seq = X + 101;
	ev.tcp.bytes_acked = 101;	/* SYN and 100 bytes */
	ev.tcp.bytes_received = 40;
	apply(&rec, ev);
	ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
	ev.tcp.snd_una = X + 102;
	ev.tcp.bytes_acked = 102;	/* and the FIN */
	ev.tcp.bytes_received = 40;
	apply(&rec, ev);
	apply(&rec, new_timewait(120, S(TIME_WAIT), 60000));
	ev = state(120, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.snd_una = X + 102;
	ev.tcp.segs_in = 9;
	ev.tcp.bytes_acked = 102;
	ev.tcp.bytes_received = 61;	/* 20 more, and the peer's FIN */
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, rec.conn.tx, 100ULL);
	KUNIT_EXPECT_EQ(test, rec.conn.rx, 60ULL);
	KUNIT_EXPECT_EQ(test, rec.conn.rx - rec.conn.fin_mark, 20ULL);
}

static void a_syn_sent_twice_measures_no_round_trip(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	ev = event(TLC_EVENT_TIMER, 1000);
	ev.cause = C(TIMER_RTO_SYN);
	apply(&rec, ev);
	apply(&rec, state(1030, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_FALSE(test, rec.flags & TLC_FLAG_RTT);

	ev = state(0, S(CLOSED), S(SYN_SENT));
	begin(&rec, &ev);
	ev = event(TLC_EVENT_TIMER, 1000);
	ev.cause = C(TIMER_RTO_SYN);
	apply(&rec, ev);
	ev = state(1030, S(SYN_SENT), S(ESTABLISHED));
	ev.agreed = TCP_LIFECYCLE_OPT_TIMESTAMPS;
	ev.tcp.srtt_us = 29500;
	apply(&rec, ev);
	KUNIT_EXPECT_TRUE(test, rec.flags & TLC_FLAG_RTT);
	KUNIT_EXPECT_EQ(test, rec.conn.rtt_us, 29500U);
}

static void a_timer_that_only_sends_ended_nothing(struct kunit *test)
{
	static const u8 senders[] = {
		C(TIMER_LOSS_PROBE), C(TIMER_REORDERING), C(TIMER_DELAYED_ACK),
	};
	struct tlc_event ev;
	int i;

	connect_it(&rec);
	ev = event(TLC_EVENT_TIMER, 100);
	ev.cause = C(TIMER_RTO_DATA);
	apply(&rec, ev);
	for (i = 0; i < ARRAY_SIZE(senders); i++) {
		ev = event(TLC_EVENT_TIMER, 200);
		ev.cause = senders[i];
		apply(&rec, ev);
		KUNIT_EXPECT_NOT_NULL(test, tlc_history_find(&rec, senders[i]));
	}
	ev = state(300, S(ESTABLISHED), S(CLOSED));
	ev.tcp.error = ETIMEDOUT;
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, RETRANSMIT, KERNEL);
}

/* The CPU that told of the end took the time before the one that began it. */
static void an_end_told_out_of_order_is_not_before_the_beginning(struct kunit *test)
{
	struct tlc_event ev = state(50, S(CLOSED), S(SYN_SENT));
	struct tlc_record rec;

	begin(&rec, &ev);
	ev = state(49, S(SYN_SENT), S(CLOSED));
	ev.tcp.both_shut = true;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.died, rec.born);
	KUNIT_EXPECT_EQ(test, tlc_reading_age(&rec, BORN + 1000 * TICK), 0ULL);

	/* A reader whose clock was read before it began. */
	ev = state(50, S(CLOSED), S(SYN_SENT));
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, tlc_reading_age(&rec, BORN), 0ULL);
	KUNIT_EXPECT_EQ(test, tlc_reading_age(&rec, BORN + 51 * TICK), TICK);
}

/* Told by one CPU after what came later was told by another. */
static void an_end_is_not_before_the_last_entry(struct kunit *test)
{
	struct tlc_record rec;

	connect_it(&rec);
	apply(&rec, state(20, S(ESTABLISHED), S(CLOSED)));
	KUNIT_EXPECT_EQ(test, rec.died, BORN + 30 * TICK);
}

static void a_syn_told_out_of_order_took_no_time(struct kunit *test)
{
	struct tlc_event ev = state(50, S(CLOSED), S(SYN_SENT));
	struct tlc_record rec;

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CONNECT, 49);
	apply(&rec, ev);
	apply(&rec, state(49, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, rec.conn.rtt_us, 0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(an_end_told_out_of_order_is_not_before_the_beginning),
	KUNIT_CASE(an_end_is_not_before_the_last_entry),
	KUNIT_CASE(a_syn_told_out_of_order_took_no_time),
	KUNIT_CASE(active_close_runs_to_the_end_of_2msl),
	KUNIT_CASE(data_acknowledged_with_the_syn_is_fast_open),
	KUNIT_CASE(a_syn_that_crosses_ours_may_be_our_own),
	KUNIT_CASE(a_simultaneous_open_knows_the_peers_mss_by_its_bound),
	KUNIT_CASE(passive_open_is_one_record_from_the_syn_on),
	KUNIT_CASE(passive_close_ends_at_the_ack_of_our_fin),
	KUNIT_CASE(crossing_fins_are_a_simultaneous_close),
	KUNIT_CASE(one_segment_with_fin_and_ack_leaves_no_fin_wait_2),
	KUNIT_CASE(a_backlog_or_a_hole_leaves_fin_wait_2_alone),
	KUNIT_CASE(orphaned_fin_wait_2_expires),
	KUNIT_CASE(orphaned_fin_wait_2_sees_the_peers_fin),
	KUNIT_CASE(a_repeated_fin_restarts_2msl_once_in_the_record),
	KUNIT_CASE(a_cookie_never_had_a_request),
	KUNIT_CASE(the_loser_of_two_acks_changes_nothing),
	KUNIT_CASE(a_second_connect_is_a_new_record),
	KUNIT_CASE(the_dead_do_not_move),
	KUNIT_CASE(a_socket_met_in_mid_life_has_no_invented_past),
	KUNIT_CASE(a_missed_transition_is_a_gap),
	KUNIT_CASE(an_illegal_edge_is_counted_and_kept),
	KUNIT_CASE(volume_counts_data_only),
	KUNIT_CASE(a_syn_sent_twice_measures_no_round_trip),
	KUNIT_CASE(a_timer_that_only_sends_ended_nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_record",
	.test_cases = cases,
};

kunit_test_suite(suite);
