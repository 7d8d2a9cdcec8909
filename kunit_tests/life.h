/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * life.h: the steps of a connection, as events, for the suites.
 *
 * Time is in steps of TICK from BORN; sequence numbers are X and Y for the two
 * initial ones.
 */
#ifndef TLC_TEST_LIFE_H
#define TLC_TEST_LIFE_H

#include <linux/string.h>

#include "life/apply.h"
#include "life/record.h"
#include "table/newcomer.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/* In a table of ends: how it closed, who began. */
#define END(c, f) TCP_LIFECYCLE_CLOSE_##c, TCP_LIFECYCLE_FIRST_##f

#define BORN	1000000000ULL
#define TICK	1000000ULL	/* ns; a millisecond */
#define X	1000U		/* our ISN */
#define Y	500000U		/* the peer's */
#define COOKIE	0x1a2bULL

/* An event of @kind, @ticks after the beginning. */
static inline struct tlc_event event(enum tlc_event_kind kind, u64 ticks)
{
	return (struct tlc_event) {
		.kind = kind,
		.now = BORN + ticks * TICK,
		.cookie = COOKIE,
	};
}

static inline struct tlc_event state(u64 ticks, u8 from, u8 to)
{
	struct tlc_event ev = event(TLC_EVENT_STATE, ticks);

	ev.from = from;
	ev.to = to;
	ev.tcp.write_seq = X + 1;
	ev.tcp.snd_una = X + 1;
	ev.tcp.rcv_nxt = Y + 1;
	ev.tcp.one_segment = true;
	ev.isn = X;
	ev.peer_isn = Y;
	return ev;
}

static inline struct tlc_event request(u64 ticks, bool first)
{
	struct tlc_event ev = event(TLC_EVENT_REQUEST, ticks);

	ev.first = first;
	ev.from = S(LISTEN);
	ev.to = S(NEW_SYN_RECV);
	ev.isn = X;
	ev.peer_isn = Y;
	ev.listener = 7;
	return ev;
}

static inline struct tlc_event timewait(enum tlc_event_kind kind, u64 ticks,
					u8 to, u32 ms)
{
	struct tlc_event ev = event(kind, ticks);

	ev.timewait = true;
	ev.to = to;
	ev.ms = ms;
	ev.peer_isn = Y + 2;	/* next expected: behind the peer's FIN */
	ev.ack = X + 2;
	return ev;
}

/* Its timer is set for the first time: it begins. */
static inline struct tlc_event new_timewait(u64 ticks, u8 to, u32 ms)
{
	struct tlc_event ev = timewait(TLC_EVENT_TW_ARM, ticks, to, ms);

	ev.first = true;
	return ev;
}

/* Begin @rec with @ev, and let it happen. */
static inline struct tlc_tally begin(struct tlc_record *rec,
				     const struct tlc_event *ev)
{
	struct tlc_ident id = { .lport = 1024, .rport = 80 };
	struct tlc_tally tally = { .telling = true };

	memset(rec, 0, sizeof(*rec));
	rec->cookie = ev->cookie;
	tlc_newcomer_init(rec, ev, &id, 0, true);
	tlc_record_apply(rec, ev, &tally);
	return tally;
}

static inline struct tlc_tally apply(struct tlc_record *rec, struct tlc_event ev)
{
	struct tlc_tally tally = { .telling = true };

	tlc_record_apply(rec, &ev, &tally);
	return tally;
}

/* CLOSED to ESTABLISHED by connect(), in 30 ticks; @peer_mss 0: not seen */
static inline void connect_to(struct tlc_record *rec, u16 peer_mss)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	begin(rec, &ev);
	ev = event(TLC_EVENT_CONNECT, 0);
	ev.isn = X;
	ev.syn.opts = TCP_LIFECYCLE_OPT_MSS | TCP_LIFECYCLE_OPT_SACK;
	apply(rec, ev);
	if (peer_mss) {
		ev = event(TLC_EVENT_SYN_ACK, 30);
		ev.syn = (struct tlc_synopts) {
			.known = true, .mss = peer_mss, .opts = TCP_LIFECYCLE_OPT_MSS,
		};
		apply(rec, ev);
	}
	apply(rec, state(30, S(SYN_SENT), S(ESTABLISHED)));
}

static inline void connect_it(struct tlc_record *rec)
{
	connect_to(rec, 0);
}

/* LISTEN to ESTABLISHED, in 20 ticks. */
static inline void accept_it(struct tlc_record *rec)
{
	struct tlc_event ev = request(0, true);

	begin(rec, &ev);
	ev = event(TLC_EVENT_CHILD, 20);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	ev.isn = X;
	ev.peer_isn = Y;
	apply(rec, ev);
	apply(rec, state(20, S(SYN_RECV), S(ESTABLISHED)));
}

/* ESTABLISHED to FIN_WAIT_2: we close first and it is acknowledged. */
static inline void close_first(struct tlc_record *rec, u32 segs_in)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	ev.cause = C(CLOSE);
	apply(rec, ev);
	ev = state(110, S(FIN_WAIT_1), S(FIN_WAIT_2));
	ev.tcp.snd_una = X + 2;
	ev.tcp.segs_in = segs_in;
	apply(rec, ev);
}

/* FIN_WAIT_2 to TIME_WAIT; the full socket goes, having got @segs_in. */
static inline void enter_timewait(struct tlc_record *rec, u32 segs_in)
{
	struct tlc_event ev = new_timewait(120, S(TIME_WAIT), 60000);

	apply(rec, ev);
	ev = state(120, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.segs_in = segs_in;
	apply(rec, ev);
}

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

#endif /* TLC_TEST_LIFE_H */
