// SPDX-License-Identifier: GPL-2.0-only
/*
 * closer_test.c: which process ended a connection, where that was not its owner.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include "life.h"

#define OWNER 10
#define OTHER 20

static struct tlc_record rec;

/* In the context of a process; 0: of none. */
static struct tlc_event by(struct tlc_event ev, pid_t pid)
{
	ev.owner.pid = pid;
	strscpy(ev.owner.comm, pid == OTHER ? "other" : "owner", sizeof(ev.owner.comm));
	return ev;
}

static void owned(void)
{
	connect_it(&rec);
	rec.owner.pid = OWNER;
}

static void hint(u8 cause)
{
	struct tlc_event ev = event(TLC_EVENT_HINT, 90);

	ev.from = rec.state;
	ev.cause = cause;
	apply(&rec, ev);
}

static struct tlc_event fin(u8 cause)
{
	struct tlc_event ev = state(100, S(ESTABLISHED), S(FIN_WAIT_1));

	ev.cause = cause;
	return ev;
}

static struct tlc_event closed(int error)
{
	struct tlc_event ev = state(100, rec.state, S(CLOSED));

	ev.tcp.both_shut = true;
	ev.tcp.error = error;
	ev.cause = C(CLOSE);
	return ev;
}

#define EXPECT_CLOSER(test, who, name) do {				\
	KUNIT_EXPECT_EQ(test, (int)rec.closer.pid, who);		\
	KUNIT_EXPECT_STREQ(test, rec.closer.comm, name);		\
} while (0)

static void whoever_sends_the_fin_ended_it(struct kunit *test)
{
	owned();
	apply(&rec, by(fin(C(EXIT)), OTHER));
	EXPECT_CLOSER(test, OTHER, "other");

	owned();
	hint(C(SHUTDOWN));
	apply(&rec, by(fin(C(CLOSE)), OTHER));
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)C(SHUTDOWN));
	EXPECT_CLOSER(test, OTHER, "other");
}

static void the_owner_is_not_told_twice(struct kunit *test)
{
	owned();
	apply(&rec, by(fin(C(CLOSE)), OWNER));
	EXPECT_CLOSER(test, 0, "");
}

static void without_an_owner_whoever_it_was_is_told(struct kunit *test)
{
	accept_it(&rec);
	hint(C(LISTENER_CLOSED));
	apply(&rec, by(closed(0), OTHER));
	EXPECT_CLOSER(test, OTHER, "other");
}

static void an_end_with_more_force_counts(struct kunit *test)
{
	owned();
	apply(&rec, by(fin(C(CLOSE)), OTHER));
	hint(C(ABORT));
	apply(&rec, by(closed(ECONNABORTED), 30));
	EXPECT_CLOSER(test, 30, "owner");
}

/* Who that was cannot be told; so it was not who sent the FIN. */
static void an_end_by_nobody_known_was_not_who_sent_the_fin(struct kunit *test)
{
	owned();
	apply(&rec, by(fin(C(CLOSE)), OTHER));
	hint(C(ABORT));
	apply(&rec, by(closed(ECONNABORTED), 0));
	EXPECT_CLOSER(test, 0, "");
}

/* A process that has the socket in hand processes what came meanwhile. */
static void what_the_peer_sent_is_no_process_of_ours(struct kunit *test)
{
	owned();
	hint(C(RST_RECEIVED));
	apply(&rec, by(closed(ECONNRESET), OTHER));
	EXPECT_ENDED(test, &rec, RST_RECEIVED, PEER);
	EXPECT_CLOSER(test, 0, "");
}

static void what_comes_after_the_fin_changes_nothing(struct kunit *test)
{
	struct tlc_event ev;

	owned();
	apply(&rec, by(fin(C(CLOSE)), OTHER));
	ev = state(120, S(FIN_WAIT_1), S(FIN_WAIT_2));
	apply(&rec, by(ev, 30));
	ev = state(130, S(FIN_WAIT_2), S(CLOSED));
	ev.tcp.no_linger2 = true;
	apply(&rec, by(ev, 0));
	EXPECT_ENDED(test, &rec, RST_LINGER2, LOCAL);
	EXPECT_CLOSER(test, OTHER, "other");
}

static void who_aborts_a_request_or_a_timewait_socket_is_told(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	begin(&rec, &ev);
	hint(C(ABORT));
	ev = event(TLC_EVENT_REQUEST_DROP, 100);
	ev.cause = C(RST_RECEIVED);
	apply(&rec, by(ev, OTHER));
	EXPECT_ENDED(test, &rec, ABORTED, LOCAL);
	EXPECT_CLOSER(test, OTHER, "other");

	owned();
	apply(&rec, by(fin(C(CLOSE)), OWNER));
	enter_timewait(&rec, 6);
	hint(C(ABORT));
	apply(&rec, by(timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0), OTHER));
	EXPECT_CLOSER(test, OTHER, "other");
}

static void who_takes_the_ports_of_a_timewait_socket_did_not_end_it(struct kunit *test)
{
	struct tlc_event ev;

	owned();
	apply(&rec, by(fin(C(CLOSE)), OWNER));
	enter_timewait(&rec, 6);
	ev = timewait(TLC_EVENT_TW_END, 5000, S(CLOSED), 0);
	ev.cause = C(REUSED);
	apply(&rec, by(ev, OTHER));
	EXPECT_CLOSER(test, 0, "");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(whoever_sends_the_fin_ended_it),
	KUNIT_CASE(the_owner_is_not_told_twice),
	KUNIT_CASE(without_an_owner_whoever_it_was_is_told),
	KUNIT_CASE(an_end_with_more_force_counts),
	KUNIT_CASE(an_end_by_nobody_known_was_not_who_sent_the_fin),
	KUNIT_CASE(what_the_peer_sent_is_no_process_of_ours),
	KUNIT_CASE(what_comes_after_the_fin_changes_nothing),
	KUNIT_CASE(who_aborts_a_request_or_a_timewait_socket_is_told),
	KUNIT_CASE(who_takes_the_ports_of_a_timewait_socket_did_not_end_it),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_closer",
	.test_cases = cases,
};

kunit_test_suite(suite);
