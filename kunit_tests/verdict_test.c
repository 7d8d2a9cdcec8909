// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict_test.c: every way a socket ends, full or timewait, and the word for it.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include "life.h"
#include "life/history.h"

static struct tlc_record rec;

struct early_end {
	const char *name;
	u8 hint;
	u8 cause;
	u8 want;
};

static const struct early_end early_ends[] = {
	{ "new SYN", C(NEW_SYN), C(UNKNOWN), C(NEW_SYN) },
	{ "reuse by connect", C(UNKNOWN), C(REUSED), C(REUSED) },
	{ "RST", C(RST_RECEIVED), C(UNKNOWN), C(RST_RECEIVED) },
	{ "namespace gone", C(UNKNOWN), C(NETNS_GONE), C(NETNS_GONE) },
	{ "ss -K", C(ABORT), C(UNKNOWN), C(ABORT) },
	{ "namespace gone, behind a refused RST", C(RST_RECEIVED), C(NETNS_GONE),
	  C(NETNS_GONE) },
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
	ev.has_seq = true;
	ev.seq = 77;
	if (p->hint)
		apply(&rec, ev);
	ev = timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0);
	ev.cause = p->cause;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->want);
	KUNIT_EXPECT_NE(test, rec.died, 0ULL);
	if (p->want == C(NEW_SYN) || p->want == C(RST_RECEIVED))
		KUNIT_EXPECT_EQ(test, rec.entry[rec.nr - 1].seq, 77U);
	if (p->want == C(NETNS_GONE))
		KUNIT_EXPECT_FALSE(test, rec.entry[rec.nr - 1].has_seq);
}

/* On some kernels ss -K leaves orphans and timewait sockets alone. */
static void an_abort_that_was_refused_is_no_end(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, 5000);

	connect_it(&rec);
	close_first(&rec, 5);
	ev.from = S(FIN_WAIT_2);
	ev.cause = C(ABORT);
	apply(&rec, ev);
	enter_timewait(&rec, 6);
	apply(&rec, timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0));
	EXPECT_ENDED(test, &rec, FIN, LOCAL);

	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	ev.from = S(TIME_WAIT);
	apply(&rec, ev);
	apply(&rec, event(TLC_EVENT_GONE, 90000));
	EXPECT_ENDED(test, &rec, FIN, LOCAL);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(MISSED));
}

struct half_closed_end {
	const char *name;
	u8 hint;
	u8 cause;
	u8 want;
	u8 close;
};

static const struct half_closed_end half_closed_ends[] = {
	{ "RST", C(RST_RECEIVED), C(UNKNOWN), C(RST_RECEIVED),
	  TCP_LIFECYCLE_CLOSE_RST_RECEIVED },
	{ "data", C(LATE_DATA), C(UNKNOWN), C(LATE_DATA),
	  TCP_LIFECYCLE_CLOSE_RST_LATE_DATA },
	{ "ss -K", C(ABORT), C(UNKNOWN), C(ABORT), TCP_LIFECYCLE_CLOSE_ABORTED },
	{ "namespace gone", C(UNKNOWN), C(NETNS_GONE), C(NETNS_GONE),
	  TCP_LIFECYCLE_CLOSE_NETNS },
	{ "namespace gone, behind a refused RST", C(RST_RECEIVED), C(NETNS_GONE),
	  C(NETNS_GONE), TCP_LIFECYCLE_CLOSE_NETNS },
	{ "not told", C(UNKNOWN), C(UNKNOWN), C(UNKNOWN),
	  TCP_LIFECYCLE_CLOSE_UNKNOWN },
};

static void describe_half_closed(const struct half_closed_end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(half_closed, half_closed_ends, describe_half_closed);

static void fin_wait_2_of_a_timewait_socket_ends_early(struct kunit *test)
{
	const struct half_closed_end *p = test->param_value;
	struct tlc_event ev;

	connect_it(&rec);
	close_first(&rec, 5);
	apply(&rec, new_timewait(6, S(FIN_WAIT_2), 60000));
	if (p->hint) {
		ev = event(TLC_EVENT_HINT, 5000);
		ev.from = S(FIN_WAIT_2);
		ev.cause = p->hint;
		apply(&rec, ev);
	}
	ev = timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0);
	ev.cause = p->cause;
	apply(&rec, ev);

	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->want);
	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)TCP_LIFECYCLE_FIRST_LOCAL);
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
	struct tlc_tcp tcp;
};

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
	{ "SO_LINGER 0 behind its own FIN", S(LAST_ACK), C(CLOSE), 0, 0, 0, true,
	  END(SILENT, LOCAL) },
	{ "SO_LINGER 0 before an answer", S(SYN_SENT), C(CLOSE), 0, 0, 0, true,
	  END(CANCELLED, LOCAL) },
	{ "in repair mode", S(ESTABLISHED), C(SILENT), 0, 0, 0, true,
	  END(SILENT, LOCAL) },
	{ "in repair mode, before an answer", S(SYN_SENT), C(SILENT), 0, 0, 0, 0,
	  END(CANCELLED, LOCAL) },
	{ "data after close", S(FIN_WAIT_1), C(LATE_DATA), 0, ECONNRESET, 0, true,
	  END(RST_LATE_DATA, LOCAL) },
	{ "AF_UNSPEC", S(ESTABLISHED), C(DISCONNECT), 0, 0, 0, 0,
	  END(DISCONNECTED, LOCAL) },
	{ "ss -K", S(ESTABLISHED), C(ABORT), 0, ECONNABORTED, 0, 0,
	  END(ABORTED, LOCAL) },
	{ "ss -K, its error read already", S(ESTABLISHED), C(ABORT), 0, 0, 0, 0,
	  END(ABORTED, LOCAL) },
	{ "ss -K that left an orphan alone", S(FIN_WAIT_1), C(ABORT),
	  C(TIMER_RTO_FIN), ETIMEDOUT, 0, true, END(ORPHAN, KERNEL),
	  { .orphan = true } },
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
	{ "retransmitted for too long", S(ESTABLISHED), 0, C(TIMER_RTO_DATA),
	  ETIMEDOUT, 0, 0, END(USER_TIMEOUT, KERNEL), { .user_timeout = 20000 } },
	{ "to a shut window, too", S(ESTABLISHED), 0, C(TIMER_RTO_DATA),
	  ETIMEDOUT, 0, 0, END(USER_TIMEOUT, KERNEL),
	  { .user_timeout = 20000, .window_shut = true } },
	{ "to a shut window, not for that long", S(ESTABLISHED), 0,
	  C(TIMER_RTO_DATA), ETIMEDOUT, 0, 0, END(RETRANSMIT, KERNEL),
	  { .user_timeout = 500000, .window_shut = true } },
	{ "kept alive for too long", S(ESTABLISHED), 0, C(TIMER_KEEPALIVE),
	  ETIMEDOUT, 0, 0, END(USER_TIMEOUT, KERNEL), { .user_timeout = 20000 } },
	{ "probed for too long", S(ESTABLISHED), 0, C(TIMER_PROBE),
	  ETIMEDOUT, 0, 0, END(USER_TIMEOUT, KERNEL),
	  { .user_timeout = 20000, .probing = 20000 } },
	{ "probed too often, before that", S(ESTABLISHED), 0, C(TIMER_PROBE),
	  ETIMEDOUT, 0, 0, END(PROBE, KERNEL),
	  { .user_timeout = 20000, .probing = 19996 } },
	{ "what never left", S(ESTABLISHED), 0, C(TIMER_UNSENT), ETIMEDOUT, 0, 0,
	  END(UNSENT, KERNEL) },
	{ "what did not leave for too long", S(ESTABLISHED), 0, C(TIMER_UNSENT),
	  ETIMEDOUT, 0, 0, END(USER_TIMEOUT, KERNEL),
	  { .user_timeout = 20000, .probing = 20000 } },
	{ "an orphan's that never left", S(FIN_WAIT_1), 0, C(TIMER_UNSENT),
	  ETIMEDOUT, 0, true, END(ORPHAN, KERNEL), { .orphan = true } },
	{ "an orphan's retransmission limit", S(FIN_WAIT_1), 0, C(TIMER_RTO_DATA),
	  ETIMEDOUT, 0, true, END(ORPHAN, KERNEL), { .orphan = true } },
	{ "an orphan's TCP_USER_TIMEOUT", S(FIN_WAIT_1), 0, C(TIMER_RTO_FIN),
	  ETIMEDOUT, 0, true, END(USER_TIMEOUT, KERNEL),
	  { .orphan = true, .window_shut = true, .user_timeout = 500000 } },
	{ "an orphan's probe limit", S(FIN_WAIT_1), 0, C(TIMER_PROBE),
	  ETIMEDOUT, 0, true, END(ORPHAN, KERNEL), { .orphan = true } },
	{ "too many orphans", S(FIN_WAIT_1), 0, 0, 0, 0, true,
	  END(ORPHAN, KERNEL), { .orphan = true } },
	{ "an orphan of a namespace that goes", S(FIN_WAIT_1), 0, 0, 0, 0, true,
	  END(NETNS, KERNEL), { .orphan = true, .net_gone = true } },
	{ "ICMP before the handshake is over", S(SYN_RECV), 0, 0, EHOSTUNREACH, 0, false,
	  END(UNREACHABLE, NETWORK), {} },
	{ "an RST then, of which no hook told", S(SYN_RECV), 0, 0, ECONNRESET, 0, false,
	  END(UNKNOWN, UNKNOWN), {} },
	{ "data unread, and an ICMP error", S(ESTABLISHED), 0, 0, EHOSTUNREACH, 0, true,
	  END(RST_UNREAD, LOCAL), {} },
	{ "a timer no hook told of, with an ICMP error for its own", S(ESTABLISHED), 0, 0,
	  EHOSTUNREACH, EHOSTUNREACH, true, END(UNKNOWN, UNKNOWN), {} },
	{ "too many orphans, and an ICMP error", S(FIN_WAIT_1), 0, 0, EHOSTUNREACH, 0, true,
	  END(ORPHAN, KERNEL), { .orphan = true } },
	{ "a child that never was", S(SYN_RECV), 0, 0, 0, 0, false,
	  END(UNKNOWN, UNKNOWN), { .orphan = true } },
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
	ev.tcp = p->tcp;
	ev.tcp.write_seq = ev.tcp.snd_una + 1;	/* something is not acknowledged */
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
	{ "TCP_LINGER2 below 0", { .no_linger2 = true }, 0,
	  TCP_LIFECYCLE_CLOSE_RST_LINGER2, C(RST_SENT) },
	{ "the orphan found no room", { .orphan = true }, 0,
	  TCP_LIFECYCLE_CLOSE_TW_OVERFLOW, C(TW_OVERFLOW) },
	{ "too many orphans", { .orphan = true, .fin_time_long = true }, 0,
	  TCP_LIFECYCLE_CLOSE_ORPHAN, C(ORPHAN_LIMIT) },
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
	if (p->rst_out) {
		ev = event(TLC_EVENT_RST_OUT, 150);
		ev.from = S(FIN_WAIT_2);
		apply(&rec, ev);
	}
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

/* Data came with the ACK of our FIN: the kernel ends it in the same moment. */
static void data_for_an_orphan_ends_it(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	int before;

	for (before = 0; before < 2; before++) {
		connect_it(&rec);
		ev.tcp.data_segs_in = 5;
		apply(&rec, ev);
		ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
		ev.tcp.orphan = true;
		ev.tcp.data_segs_in = 6 - before;
		apply(&rec, ev);
		ev = state(110, S(FIN_WAIT_2), S(CLOSED));
		ev.tcp.orphan = true;
		ev.tcp.both_shut = true;
		apply(&rec, ev);
		KUNIT_EXPECT_EQ(test, (int)rec.close, before ?
				(int)TCP_LIFECYCLE_CLOSE_TW_OVERFLOW :
				(int)TCP_LIFECYCLE_CLOSE_RST_LATE_DATA);
		ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));
	}
}

/* It came between shutdown() and close(), and was read. */
static void data_that_was_read_is_not_late(struct kunit *test)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	connect_it(&rec);
	ev.tcp.data_segs_in = 5;
	apply(&rec, ev);
	ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
	ev.tcp.orphan = true;
	ev.tcp.data_segs_in = 6;
	ev.tcp.bytes_received = 100;
	apply(&rec, ev);
	ev = state(110, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.orphan = true;
	ev.tcp.both_shut = true;
	apply(&rec, ev);
	EXPECT_ENDED(test, &rec, TW_OVERFLOW, LOCAL);
}

/* What is left of the time above 2MSL is for a timewait socket, or nothing is left. */
static void the_timer_of_fin_wait_2_ends_it(struct kunit *test)
{
	struct tlc_event ev;
	int left;

	for (left = 0; left < 2; left++) {
		connect_it(&rec);
		close_first(&rec, 5);
		ev = event(TLC_EVENT_TIMER, 30000);
		ev.cause = C(TIMER_FIN_WAIT_2);
		apply(&rec, ev);
		ev = state(30000, S(FIN_WAIT_2), S(CLOSED));
		ev.tcp.orphan = true;
		ev.tcp.both_shut = true;
		ev.tcp.fin_time_long = left;
		apply(&rec, ev);
		if (left)
			EXPECT_ENDED(test, &rec, TW_OVERFLOW, LOCAL);
		else
			EXPECT_ENDED(test, &rec, FIN_WAIT_2, LOCAL);
	}
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

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(timewait_ends_early, early_gen_params),
	KUNIT_CASE(an_abort_that_was_refused_is_no_end),
	KUNIT_CASE_PARAM(fin_wait_2_of_a_timewait_socket_ends_early,
			 half_closed_gen_params),
	KUNIT_CASE_PARAM(a_full_socket_ends, ending_gen_params),
	KUNIT_CASE_PARAM(fin_wait_2_ends_without_a_timewait_socket, orphan_gen_params),
	KUNIT_CASE(data_for_an_orphan_ends_it),
	KUNIT_CASE(data_that_was_read_is_not_late),
	KUNIT_CASE(the_timer_of_fin_wait_2_ends_it),
	KUNIT_CASE(the_process_that_died_is_the_cause),
	KUNIT_CASE(a_connect_without_a_syn_says_so),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_verdict",
	.test_cases = cases,
};

kunit_test_suite(suite);
