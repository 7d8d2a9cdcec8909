// SPDX-License-Identifier: GPL-2.0
/*
 * record_test.c: whole lives, event by event, and their verdicts.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include "../module/history.h"
#include "life.h"

/* Pasted here and not by S(): some of these words are macros elsewhere. */
#define EXPECT_MOVE(test, rec, i, f, t, y) do {				\
	const struct tlc_entry *e_ = &(rec)->entry[i];			\
									\
	KUNIT_ASSERT_LT(test, (int)(i), (int)(rec)->nr);		\
	KUNIT_EXPECT_EQ(test, (int)e_->from,				\
			(int)TCP_LIFECYCLE_STATE_##f);			\
	KUNIT_EXPECT_EQ(test, (int)e_->to,				\
			(int)TCP_LIFECYCLE_STATE_##t);			\
	KUNIT_EXPECT_EQ(test, (int)e_->cause,				\
			(int)TCP_LIFECYCLE_CAUSE_##y);			\
} while (0)

#define EXPECT_ENDED(test, rec, c, f) do {				\
	KUNIT_EXPECT_NE(test, (rec)->died, 0ULL);			\
	KUNIT_EXPECT_EQ(test, (int)(rec)->state, (int)TCP_LIFECYCLE_STATE_CLOSED);	\
	KUNIT_EXPECT_EQ(test, (int)(rec)->close,			\
			(int)TCP_LIFECYCLE_CLOSE_##c);			\
	KUNIT_EXPECT_EQ(test, (int)(rec)->first,			\
			(int)TCP_LIFECYCLE_FIRST_##f);			\
} while (0)

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
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 110, S(TIME_WAIT), 60000));
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
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 120, S(FIN_WAIT_2), 60000));
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
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 120, S(FIN_WAIT_2), 60000));
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

struct early_end {
	const char *name;
	u8 hint;
	u8 cause;
	u8 want;
};

static const struct early_end early_ends[] = {
	{ "new SYN", C(NEW_SYN), C(UNKNOWN), C(NEW_SYN) },
	{ "reuse by connect", C(REUSED), C(UNKNOWN), C(REUSED) },
	{ "RST", C(RST_RECEIVED), C(UNKNOWN), C(RST_RECEIVED) },
	{ "namespace gone", C(UNKNOWN), C(NETNS_GONE), C(NETNS_GONE) },
	{ "ss -K", C(ABORT), C(UNKNOWN), C(ABORT) },
	{ "not told", C(UNKNOWN), C(UNKNOWN), C(UNKNOWN) },
};

static void describe_early(const struct early_end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(early, early_ends, describe_early);

static void timewait_ends_early(struct kunit *test)
{
	const struct early_end *p = test->param_value;
	struct tlc_event ev = event(TLC_EVENT_HINT, 5000);

	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	ev.from = S(TIME_WAIT);
	ev.cause = p->hint;
	ev.seq = 77;
	if (p->hint)
		apply(&rec, ev);
	ev = timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0);
	ev.cause = p->cause;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->want);
	KUNIT_EXPECT_NE(test, rec.died, 0ULL);
	if (p->hint == C(NEW_SYN) || p->hint == C(RST_RECEIVED))
		KUNIT_EXPECT_EQ(test, rec.entry[rec.nr - 1].seq, 77U);
}

struct ending {
	const char *name;
	u8 from;
	u8 hint;
	u8 timer;
	int error;
	int soft_error;
	bool both_shut;
	u8 close;
	u8 first;
};

#define END(c, f) TCP_LIFECYCLE_CLOSE_##c, TCP_LIFECYCLE_FIRST_##f

static const struct ending endings[] = {
	{ "refused", S(SYN_SENT), C(RST_RECEIVED), 0, ECONNREFUSED, 0, 0,
	  END(REFUSED, PEER) },
	{ "unreachable", S(SYN_SENT), 0, 0, EHOSTUNREACH, 0, 0,
	  END(UNREACHABLE, NETWORK) },
	{ "ICMP between two SYNs", S(SYN_SENT), 0, C(TIMER_RTO_SYN),
	  EHOSTUNREACH, 0, 0, END(UNREACHABLE, NETWORK) },
	{ "timed out", S(SYN_SENT), 0, C(TIMER_RTO_SYN), ETIMEDOUT, 0, 0,
	  END(TIMED_OUT, KERNEL) },
	{ "timed out, ICMP as reason", S(SYN_SENT), 0, C(TIMER_RTO_SYN),
	  EHOSTUNREACH, EHOSTUNREACH, 0, END(TIMED_OUT, KERNEL) },
	{ "cancelled", S(SYN_SENT), 0, 0, 0, 0, true, END(CANCELLED, LOCAL) },
	{ "cancelled by AF_UNSPEC", S(SYN_SENT), C(DISCONNECT), 0, 0, 0, 0,
	  END(CANCELLED, LOCAL) },
	{ "RST received", S(ESTABLISHED), C(RST_RECEIVED), 0, ECONNRESET, 0, 0,
	  END(RST_RECEIVED, PEER) },
	{ "closed with data unread", S(ESTABLISHED), 0, 0, 0, 0, true,
	  END(RST_UNREAD, LOCAL) },
	{ "the same in CLOSE_WAIT", S(CLOSE_WAIT), 0, 0, 0, 0, true,
	  END(RST_UNREAD, LOCAL) },
	{ "SO_LINGER 0", S(ESTABLISHED), C(RST_SENT), 0, 0, 0, true,
	  END(RST_LINGER, LOCAL) },
	{ "data after close", S(FIN_WAIT_1), C(LATE_DATA), 0, ECONNRESET, 0, true,
	  END(RST_LATE_DATA, LOCAL) },
	{ "AF_UNSPEC", S(ESTABLISHED), C(DISCONNECT), 0, 0, 0, 0,
	  END(DISCONNECTED, LOCAL) },
	{ "ss -K", S(ESTABLISHED), C(ABORT), 0, ECONNABORTED, 0, 0,
	  END(ABORTED, LOCAL) },
	{ "listener closed", S(ESTABLISHED), C(LISTENER_CLOSED), 0, 0, 0, 0,
	  END(LISTENER_CLOSED, LOCAL) },
	{ "retransmission limit", S(ESTABLISHED), 0, C(TIMER_RTO_DATA),
	  ETIMEDOUT, 0, 0, END(RETRANSMIT, KERNEL) },
	{ "the same, ICMP as reason", S(ESTABLISHED), 0, C(TIMER_RTO_DATA),
	  ENETUNREACH, ENETUNREACH, 0, END(RETRANSMIT, KERNEL) },
	{ "FIN never acknowledged", S(LAST_ACK), 0, C(TIMER_RTO_FIN),
	  ETIMEDOUT, 0, true, END(RETRANSMIT, KERNEL) },
	{ "keepalive limit", S(ESTABLISHED), 0, C(TIMER_KEEPALIVE), ETIMEDOUT,
	  0, 0, END(KEEPALIVE, KERNEL) },
	{ "probe limit", S(ESTABLISHED), 0, C(TIMER_PROBE), ETIMEDOUT, 0, 0,
	  END(PROBE, KERNEL) },
	{ "not told", S(ESTABLISHED), 0, 0, 0, 0, 0, END(UNKNOWN, UNKNOWN) },
};

static void describe_ending(const struct ending *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ending, endings, describe_ending);

static void a_full_socket_ends(struct kunit *test)
{
	const struct ending *p = test->param_value;
	struct tlc_event ev;

	connect_it(&rec);
	rec.state = p->from;
	if (p->timer) {
		ev = event(TLC_EVENT_TIMER, 50);
		ev.cause = p->timer;
		apply(&rec, ev);
	}
	if (p->hint) {
		ev = event(TLC_EVENT_HINT, 60);
		ev.from = p->from;
		ev.cause = p->hint;
		apply(&rec, ev);
	}
	ev = state(60, p->from, S(CLOSED));
	ev.tcp.error = p->error;
	ev.tcp.soft_error = p->soft_error;
	ev.tcp.both_shut = p->both_shut;
	apply(&rec, ev);

	KUNIT_EXPECT_NE(test, rec.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)p->first);
}

struct orphan_end {
	const char *name;
	struct tlc_tcp tcp;
	bool rst_out;
	u8 close;
	u8 cause;
};

static const struct orphan_end orphan_ends[] = {
	{ "the peer's FIN found no room for TIME_WAIT", { .peer_done = true }, 0,
	  TCP_LIFECYCLE_CLOSE_TW_OVERFLOW, C(TW_OVERFLOW) },
	{ "the orphan found no room", { .orphan = true, .tw_full = true }, 0,
	  TCP_LIFECYCLE_CLOSE_TW_OVERFLOW, C(TW_OVERFLOW) },
	{ "TCP_LINGER2 below 0", { .no_linger2 = true }, 0,
	  TCP_LIFECYCLE_CLOSE_RST_LINGER2, C(RST_SENT) },
	{ "data for an orphan", { .orphan = true }, 0,
	  TCP_LIFECYCLE_CLOSE_RST_LATE_DATA, C(LATE_DATA) },
	{ "its timer sent an RST", { .orphan = true }, true,
	  TCP_LIFECYCLE_CLOSE_FIN_WAIT_2, C(FIN_WAIT_2_EXPIRED) },
	{ "not told", {}, 0, TCP_LIFECYCLE_CLOSE_UNKNOWN, C(UNKNOWN) },
};

static void describe_orphan(const struct orphan_end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(orphan, orphan_ends, describe_orphan);

static void fin_wait_2_ends_without_a_timewait_socket(struct kunit *test)
{
	const struct orphan_end *p = test->param_value;
	struct tlc_event ev;

	connect_it(&rec);
	close_first(&rec, 5);
	if (p->rst_out)
		apply(&rec, event(TLC_EVENT_RST_OUT, 150));
	ev = state(200, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp = p->tcp;
	ev.tcp.rcv_nxt = Y + 2;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->cause);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)TCP_LIFECYCLE_FIRST_LOCAL);
	if (p->tcp.peer_done)
		KUNIT_EXPECT_EQ(test, rec.conn.peer_fin, Y + 1);
}

static void the_process_that_died_is_the_cause(struct kunit *test)
{
	struct tlc_event ev;

	connect_it(&rec);
	ev = state(100, S(ESTABLISHED), S(CLOSED));
	ev.tcp.both_shut = true;
	ev.cause = C(KILLED);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, RST_UNREAD, LOCAL);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(KILLED));
}

static void a_connect_without_a_syn_says_so(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(&rec, &ev);
	apply(&rec, state(1, S(SYN_SENT), S(CLOSED)));
	EXPECT_ENDED(test, &rec, NOT_SENT, LOCAL);
}

struct request_end {
	const char *name;
	u8 cause;
	u8 close;
	u8 first;
};

static const struct request_end request_ends[] = {
	{ "RST", C(RST_RECEIVED), END(REQUEST_RESET, PEER) },
	{ "retries used up", C(TIMEOUT), END(REQUEST_TIMED_OUT, KERNEL) },
	{ "accept queue full", C(ACCEPT_QUEUE_FULL), END(REQUEST_OVERFLOW, LOCAL) },
	{ "listener closed", C(LISTENER_CLOSED), END(LISTENER_CLOSED, LOCAL) },
	{ "ICMP", C(ICMP), END(REQUEST_UNREACHABLE, NETWORK) },
};

static void describe_request(const struct request_end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, request_ends, describe_request);

static void a_request_ends(struct kunit *test)
{
	const struct request_end *p = test->param_value;
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 10);
	ev.cause = p->cause;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].from, (int)S(NEW_SYN_RECV));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[1].cause, (int)p->cause);
	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)p->first);
}

static void a_request_whose_child_found_no_memory_ends_by_its_timer(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 63000);
	ev.cause = C(TIMEOUT);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, REQUEST_TIMED_OUT, KERNEL);
}

static void a_stillborn_child_leaves_the_request_alone(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	ev = state(20, S(SYN_RECV), S(CLOSED));
	ev.tcp.unhashed = true;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(NEW_SYN_RECV));
	KUNIT_EXPECT_EQ(test, (int)rec.nr, 1);

	ev = event(TLC_EVENT_CHILD, 30);
	ev.to = S(SYN_RECV);
	apply(&rec, ev);
	apply(&rec, state(30, S(SYN_RECV), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, (int)rec.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)rec.gaps, 0);
}

static void a_full_accept_queue_is_the_cause_only_of_a_timeout(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_HINT, 10);
	ev.from = S(NEW_SYN_RECV);
	ev.cause = C(ACCEPT_QUEUE_FULL);
	apply(&rec, ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 20);
	ev.cause = C(RST_RECEIVED);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, REQUEST_RESET, PEER);

	ev = request(0, true);
	begin(&rec, &ev);
	ev = event(TLC_EVENT_HINT, 10);
	ev.from = S(NEW_SYN_RECV);
	ev.cause = C(ACCEPT_QUEUE_FULL);
	apply(&rec, ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 63000);
	ev.cause = C(TIMEOUT);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, REQUEST_OVERFLOW, LOCAL);
}

static void a_hint_outweighs_the_reason_for_the_drop(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	ev = event(TLC_EVENT_HINT, 10);
	ev.from = S(NEW_SYN_RECV);
	ev.cause = C(ICMP);
	apply(&rec, ev);
	ev = event(TLC_EVENT_REQUEST_DROP, 10);
	ev.cause = C(RST_RECEIVED);
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, REQUEST_UNREACHABLE, NETWORK);
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
	KUNIT_EXPECT_TRUE(test, tlc_record_superseded(&rec, &ev));
	ev = state(500, S(ESTABLISHED), S(CLOSED));
	KUNIT_EXPECT_FALSE(test, tlc_record_superseded(&rec, &ev));
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
	apply(&rec, timewait(TLC_EVENT_TW_ARM, 120, S(TIME_WAIT), 60000));
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

static void a_listener_adds_up_what_comes_through_it(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	ev.from = S(CLOSED);
	ev.to = S(LISTEN);
	ev.backlog = 128;
	begin(&rec, &ev);
	ev = event(TLC_EVENT_LISTENER_COUNT, 10);
	ev.counter = TLC_COUNTER_ACCEPTED;
	apply(&rec, ev);
	apply(&rec, ev);
	ev.counter = TLC_COUNTER_COOKIES_VALID;
	apply(&rec, ev);
	/* A hint has no place in a listener's record. */
	ev = event(TLC_EVENT_HINT, 20);
	ev.cause = C(ABORT);
	ev.seq = ~0U;
	ev.ack = ~0U;
	apply(&rec, ev);
	apply(&rec, state(30, S(LISTEN), S(CLOSED)));

	EXPECT_MOVE(test, &rec, 0, CLOSED, LISTEN, LISTEN);
	EXPECT_ENDED(test, &rec, LISTENER, LOCAL);
	KUNIT_EXPECT_EQ(test, rec.lsn.backlog, 128U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_ACCEPTED], 2U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_COOKIES_VALID], 1U);
	KUNIT_EXPECT_EQ(test, rec.lsn.counter[TLC_COUNTER_COOKIES_SENT], 0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(active_close_runs_to_the_end_of_2msl),
	KUNIT_CASE(data_acknowledged_with_the_syn_is_fast_open),
	KUNIT_CASE(a_simultaneous_open_knows_the_peers_mss_by_its_bound),
	KUNIT_CASE(passive_open_is_one_record_from_the_syn_on),
	KUNIT_CASE(passive_close_ends_at_the_ack_of_our_fin),
	KUNIT_CASE(crossing_fins_are_a_simultaneous_close),
	KUNIT_CASE(one_segment_with_fin_and_ack_leaves_no_fin_wait_2),
	KUNIT_CASE(a_backlog_or_a_hole_leaves_fin_wait_2_alone),
	KUNIT_CASE(orphaned_fin_wait_2_expires),
	KUNIT_CASE(orphaned_fin_wait_2_sees_the_peers_fin),
	KUNIT_CASE(a_repeated_fin_restarts_2msl_once_in_the_record),
	KUNIT_CASE_PARAM(timewait_ends_early, early_gen_params),
	KUNIT_CASE_PARAM(a_full_socket_ends, ending_gen_params),
	KUNIT_CASE_PARAM(fin_wait_2_ends_without_a_timewait_socket, orphan_gen_params),
	KUNIT_CASE(the_process_that_died_is_the_cause),
	KUNIT_CASE(a_connect_without_a_syn_says_so),
	KUNIT_CASE_PARAM(a_request_ends, request_gen_params),
	KUNIT_CASE(a_request_whose_child_found_no_memory_ends_by_its_timer),
	KUNIT_CASE(a_stillborn_child_leaves_the_request_alone),
	KUNIT_CASE(a_full_accept_queue_is_the_cause_only_of_a_timeout),
	KUNIT_CASE(a_hint_outweighs_the_reason_for_the_drop),
	KUNIT_CASE(a_cookie_never_had_a_request),
	KUNIT_CASE(the_loser_of_two_acks_changes_nothing),
	KUNIT_CASE(a_second_connect_is_a_new_record),
	KUNIT_CASE(the_dead_do_not_move),
	KUNIT_CASE(a_socket_met_in_mid_life_has_no_invented_past),
	KUNIT_CASE(a_missed_transition_is_a_gap),
	KUNIT_CASE(an_illegal_edge_is_counted_and_kept),
	KUNIT_CASE(volume_counts_data_only),
	KUNIT_CASE(a_syn_sent_twice_measures_no_round_trip),
	KUNIT_CASE(a_listener_adds_up_what_comes_through_it),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_record",
	.test_cases = cases,
};
kunit_test_suite(suite);
