// SPDX-License-Identifier: GPL-2.0-only
/*
 * again_test.c: a socket makes another connection, and that one has no record.
 */
#include "table.h"

static const struct tlc_ident home = {
	.local = { 127, 0, 0, 1 }, .remote = { 127, 0, 0, 1 },
	.lport = 2000, .rport = 80,
};

static void keep_only(struct kunit *test, const struct tlc_filter *filter)
{
	params.filter = *filter;
	tlc_conn_exit();
	KUNIT_ASSERT_EQ(test, tlc_conn_init(&params, NULL), 0);
}

static void fill_the_pool(void)
{
	u64 cookie;

	for (cookie = 1000; tlc_usage().live < params.records; cookie++)
		open_one(cookie, 0);
}

/* From connect() to the end of 2MSL, but for CLOSED to SYN_SENT. */
static noinline_for_stack void lives(u64 cookie, const struct tlc_ident *id, u64 ticks)
{
	deliver_from(cookie, id, event(TLC_EVENT_CONNECT, ticks));
	deliver_from(cookie, id, event(TLC_EVENT_SYN_ACK, ticks + 1));
	deliver_from(cookie, id, state(ticks + 1, S(SYN_SENT), S(ESTABLISHED)));
	deliver_from(cookie, id, state(ticks + 2, S(ESTABLISHED), S(FIN_WAIT_1)));
	deliver_from(cookie, id, event(TLC_EVENT_RST_OUT, ticks + 2));
}

static noinline_for_stack void begins_timewait(u64 cookie, const struct tlc_ident *id, u64 ticks)
{
	deliver_from(cookie, id, new_timewait(ticks, S(TIME_WAIT), 60000));
	deliver_from(cookie, id, state(ticks, S(FIN_WAIT_2), S(CLOSED)));
}

static void ends(u64 cookie, const struct tlc_ident *id, u64 ticks)
{
	begins_timewait(cookie, id, ticks);
	deliver_from(cookie, id, timewait(TLC_EVENT_TW_EXPIRE, ticks + 60000, S(CLOSED), 0));
}

/* What there is to see of the connection that a socket made first is as it was. */
static void expect_untouched(struct kunit *test, const struct tlc_record *was)
{
	KUNIT_EXPECT_EQ(test, count(was->cookie), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(TIME_WAIT));
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)seen.nr, (int)was->nr);
	KUNIT_EXPECT_EQ(test, (int)seen.gaps, (int)was->gaps);
	KUNIT_EXPECT_EQ(test, (int)seen.flags, (int)was->flags);
	KUNIT_EXPECT_EQ(test, memcmp(&seen.id, &was->id, sizeof(was->id)), 0);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&seen.conn, &was->conn,
					offsetof(struct tlc_conn_facts, later)));
}

/* All of another connection, of socket 5, which has one in TIME_WAIT: that one ends by itself. */
static void expect_left_alone_by(struct kunit *test, const struct tlc_ident *other)
{
	struct tlc_record was;

	count(5);
	was = seen;
	deliver_from(5, other, state(10, S(CLOSED), S(SYN_SENT)));
	lives(5, other, 10);
	expect_untouched(test, &was);
	ends(5, other, 20);
	expect_untouched(test, &was);

	deliver(5, timewait(TLC_EVENT_TW_EXPIRE, 60003, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
}

static void a_timewait_is_left_alone_by_what_is_left_out(struct kunit *test)
{
	const u64 excluded = tlc_stats_sum(TLC_STAT_EXCLUDED);

	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	leave_timewait(5, who.lport, 0);
	expect_left_alone_by(test, &home);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EXCLUDED), excluded + 1);
}

static void a_timewait_is_left_alone_by_what_finds_no_room(struct kunit *test)
{
	const u64 untracked = tlc_stats_sum(TLC_STAT_UNTRACKED);
	struct tlc_ident other = who;

	other.lport++;
	leave_timewait(5, who.lport, 0);
	fill_the_pool();
	expect_left_alone_by(test, &other);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_UNTRACKED), untracked + 1);
}

static void a_timewait_is_left_alone_by_what_its_port_leaves_out(struct kunit *test)
{
	struct tlc_ident other = who;
	struct tlc_record was;

	keep_only(test, &(struct tlc_filter) { .nr_ports = 1, .port = { who.lport } });
	leave_timewait(5, who.lport, 0);
	count(5);
	was = seen;

	other.lport = 0;
	deliver_from(5, &other, state(10, S(CLOSED), S(SYN_SENT)));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	other.lport = who.lport + 1;
	lives(5, &other, 10);
	expect_untouched(test, &was);
	ends(5, &other, 20);
	expect_untouched(test, &was);
}

static void what_finds_room_later_has_a_number_of_its_own(struct kunit *test)
{
	leave_timewait(5, who.lport, 0);
	fill_the_pool();
	open_one(5, 10);
	KUNIT_EXPECT_EQ(test, count(5), 1U);

	/* Met in the middle of its life, as what nobody knows is. */
	end_one(1000, 20);
	deliver(5, state(30, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, seen.generation, 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)seen.open, TCP_LIFECYCLE_OPEN_UNKNOWN);
	deliver(5, state(40, S(ESTABLISHED), S(CLOSE_WAIT)));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(CLOSE_WAIT));
}

static void an_end_that_was_missed_makes_room_for_what_follows(struct kunit *test)
{
	const u64 gaps = tlc_stats_sum(TLC_STAT_GAPS), evicted = tlc_stats_sum(TLC_STAT_EVICTED);

	open_one(5, 0);
	fill_the_pool();
	open_one(5, 10);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_GAPS), gaps + 1);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EVICTED), evicted + 1);
}

static void an_end_is_missed_where_what_follows_is_left_out(struct kunit *test)
{
	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	open_one(5, 0);
	deliver_from(5, &home, state(10, S(CLOSED), S(SYN_SENT)));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)seen.gaps, 1);
}

/* A timewait socket of a connection without a record has nothing to do with those that have. */
static void a_timewait_without_a_record_ends_no_other(struct kunit *test)
{
	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	deliver_from(5, &home, state(0, S(CLOSED), S(SYN_SENT)));
	lives(5, &home, 0);
	begins_timewait(5, &home, 5);
	leave_timewait(5, who.lport, 50);
	KUNIT_EXPECT_EQ(test, count(5), 1U);

	deliver_from(5, &home, timewait(TLC_EVENT_TW_EXPIRE, 60005, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);
	deliver(5, timewait(TLC_EVENT_TW_EXPIRE, 60053, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
}

static void a_timewait_without_a_record_restarts_no_other(struct kunit *test)
{
	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	deliver_from(5, &home, state(0, S(CLOSED), S(SYN_SENT)));
	lives(5, &home, 0);
	begins_timewait(5, &home, 5);
	open_one(5, 10);
	deliver(5, state(11, S(SYN_SENT), S(ESTABLISHED)));

	deliver_from(5, &home, timewait(TLC_EVENT_TW_ARM, 20, S(TIME_WAIT), 60000));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)seen.flags & TLC_FLAG_TIMEWAIT, 0);
}

static void a_timewait_is_met_after_its_socket_has_gone_on(struct kunit *test)
{
	struct tlc_event found = event(TLC_EVENT_FOUND, 0);
	struct tlc_record was;

	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	found.timewait = true;
	found.from = S(TIME_WAIT);
	deliver(5, found);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	was = seen;

	deliver_from(5, &home, state(10, S(ESTABLISHED), S(FIN_WAIT_1)));
	deliver_from(5, &home, event(TLC_EVENT_RST_OUT, 11));
	expect_untouched(test, &was);
	ends(5, &home, 20);
	expect_untouched(test, &was);
}

static void an_end_is_not_that_of_a_timewait_met_before(struct kunit *test)
{
	struct tlc_event found = event(TLC_EVENT_FOUND, 0);
	struct tlc_event end = state(10, S(ESTABLISHED), S(CLOSED));
	struct tlc_record was;

	keep_only(test, &(struct tlc_filter) { .exclude_loopback = true });
	found.timewait = true;
	found.from = S(TIME_WAIT);
	deliver(5, found);
	count(5);
	was = seen;
	end.tcp.segs_in = 7;
	deliver_from(5, &home, end);
	expect_untouched(test, &was);
}

static void a_connection_found_beside_its_sockets_timewait_is_another(struct kunit *test)
{
	struct tlc_event found = event(TLC_EVENT_FOUND, 10);

	leave_timewait(5, who.lport, 0);
	found.from = S(ESTABLISHED);
	deliver_from(5, &home, found);
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, seen.generation, 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
}

static void no_generation_is_given_twice_while_an_elder_one_lives(struct kunit *test)
{
	unsigned int i;

	leave_timewait(5, who.lport, 0);
	for (i = 1; i < 4; i++) {
		open_one(5, 10 * i);
		KUNIT_EXPECT_EQ(test, count(5), 2U);
		KUNIT_EXPECT_EQ(test, seen.generation, i);
		end_one(5, 10 * i + 1);
		count(5);
		tlc_ageing_look(seen.died + RETENTION * NSEC_PER_SEC);
		KUNIT_EXPECT_EQ(test, count(5), 1U);
	}
}

/* By the records' own time: all whose end was told have been dead for long enough. */
static unsigned int forget_the_dead(void)
{
	return tlc_ageing_look(BORN + 1000000 * TICK + RETENTION * NSEC_PER_SEC);
}

/* The socket keeps its cookie for longer than the table keeps its records. */
static void no_generation_is_given_twice_though_all_records_went(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));
	unsigned int i;

	ev.fresh = true;
	deliver(5, ev);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, count(5), 1U);
		KUNIT_EXPECT_EQ(test, seen.generation, i);
		end_one(5, 10 * i + 1);
		KUNIT_EXPECT_EQ(test, forget_the_dead(), 1U);
		open_one(5, 10 * i + 10);
	}
}

static void no_generation_is_given_twice_though_its_record_made_room(struct kunit *test)
{
	unsigned int i;

	open_one(5, 0);
	end_one(5, 1);
	for (i = 0; i < params.records; i++)
		open_one(100 + i, 10);
	KUNIT_EXPECT_EQ(test, count(5), 0U);
	end_one(100, 20);
	open_one(5, 30);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_GT(test, seen.generation, 0U);
}

/* Whoever else was in its chain. */
static void a_new_cookie_begins_with_generation_0(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		open_one(i, 0);
		end_one(i, 1);
	}
	forget_the_dead();
	ev.fresh = true;
	for (i = 1000; i < 1010; i++) {
		deliver(i, ev);
		KUNIT_EXPECT_EQ(test, count(i), 1U);
		KUNIT_EXPECT_EQ(test, seen.generation, 0U);
	}
	deliver(1010, request(0, true));
	KUNIT_EXPECT_EQ(test, count(1010), 1U);
	KUNIT_EXPECT_EQ(test, seen.generation, 0U);
}

static void a_socket_whose_generations_are_used_up_has_no_more_records(struct kunit *test)
{
	struct tlc_record *rec = NULL;
	unsigned int i;

	open_one(5, 0);
	end_one(5, 1);
	for (i = 0; i < tlc_pool_slots(); i++)
		if (tlc_pool_slot(i)->cookie == 5)
			rec = tlc_pool_slot(i);
	KUNIT_ASSERT_NOT_NULL(test, rec);
	rec->generation = U32_MAX - 1;
	open_one(5, 10);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_UNTRACKED), 1ULL);
	forget_the_dead();
	open_one(5, 20);
	KUNIT_EXPECT_EQ(test, count(5), 0U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_UNTRACKED), 2ULL);
}

static void a_timer_restarted_takes_no_connection_whose_port_is_not_known(struct kunit *test)
{
	struct tlc_ident id = who;

	id.lport = 0;
	deliver_from(5, &id, state(10, S(CLOSED), S(SYN_SENT)));
	deliver(5, timewait(TLC_EVENT_TW_ARM, 20, S(TIME_WAIT), 60000));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, (int)seen.flags & TLC_FLAG_TIMEWAIT, 0);
	KUNIT_EXPECT_EQ(test, (int)seen.gaps, 0);
}

static void a_timer_restarted_tells_of_a_beginning_that_was_missed(struct kunit *test)
{
	deliver(5, state(0, S(CLOSED), S(SYN_SENT)));
	lives(5, &who, 0);
	deliver(5, timewait(TLC_EVENT_TW_ARM, 20, S(TIME_WAIT), 60000));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(TIME_WAIT));
	deliver(5, timewait(TLC_EVENT_TW_EXPIRE, 60020, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
}

/* What does not wait for the lock of the full socket may come while that one ends. */
static noinline_for_stack void is_in_fin_wait_2_as_a_timewait_socket(u64 cookie)
{
	deliver(cookie, state(0, S(CLOSED), S(SYN_SENT)));
	lives(cookie, &who, 0);
	deliver(cookie, state(2, S(FIN_WAIT_1), S(FIN_WAIT_2)));
	deliver(cookie, new_timewait(3, S(FIN_WAIT_2), 60000));
}

static void what_comes_late_of_the_full_socket_is_no_other_connections(struct kunit *test)
{
	struct tlc_event timer = event(TLC_EVENT_TIMER, 3);
	struct tlc_event end = state(3, S(FIN_WAIT_2), S(CLOSED));
	u8 entries;

	is_in_fin_wait_2_as_a_timewait_socket(5);
	timer.from = S(FIN_WAIT_2);
	timer.cause = C(TIMER_FIN_WAIT_2);
	count(5);
	entries = seen.nr;
	deliver(5, timer);
	end.tcp.segs_in = 7;
	deliver(5, end);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_FALSE(test, seen.superseded);
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, seen.conn.rx_segs, 7U);
	KUNIT_EXPECT_EQ(test, (int)seen.nr, (int)entries);

	deliver(5, timewait(TLC_EVENT_TW_EXPIRE, 60003, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	EXPECT_ENDED(test, &seen, FIN_WAIT_2, LOCAL);
}

/* net.ipv4.ip_dynaddr */
static void a_syn_sent_again_may_come_from_another_address(struct kunit *test)
{
	struct tlc_event answered = state(1030, S(SYN_SENT), S(ESTABLISHED));
	struct tlc_ident moved = who;

	moved.local[3]++;
	open_one(5, 0);
	deliver(5, event(TLC_EVENT_CONNECT, 0));
	answered.tcp.total_retrans = 1;
	deliver_from(5, &moved, answered);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.id.local[3], (int)moved.local[3]);

	deliver_from(5, &moved, state(1040, S(ESTABLISHED), S(FIN_WAIT_1)));
	ends(5, &moved, 1050);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)seen.gaps, 0);
}

static struct tlc_event request_drop(u64 ticks)
{
	struct tlc_event ev = event(TLC_EVENT_REQUEST_DROP, ticks);

	ev.from = S(NEW_SYN_RECV);
	ev.to = S(CLOSED);
	ev.cause = C(RST_RECEIVED);
	return ev;
}

static noinline_for_stack void child_is_made(u64 cookie, u64 ticks)
{
	struct tlc_event child = event(TLC_EVENT_CHILD, ticks);

	child.from = S(NEW_SYN_RECV);
	child.to = S(SYN_RECV);
	deliver(cookie, request(0, true));
	deliver(cookie, child);
}

static noinline_for_stack void peer_closes(u64 cookie, u64 ticks)
{
	deliver(cookie, state(ticks, S(ESTABLISHED), S(CLOSE_WAIT)));
	deliver(cookie, state(ticks + 1, S(CLOSE_WAIT), S(LAST_ACK)));
	deliver(cookie, state(ticks + 2, S(LAST_ACK), S(CLOSED)));
}

/* The child took its place on another CPU, before whoever was to drop it could. */
static void a_child_outlives_the_drop_of_its_request(struct kunit *test)
{
	const u64 gaps = tlc_stats_sum(TLC_STAT_GAPS);

	child_is_made(5, 1);
	deliver(5, request_drop(1));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_GAPS), gaps);

	deliver(5, state(1, S(SYN_RECV), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, seen.generation, 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, (int)seen.open, TCP_LIFECYCLE_OPEN_UNKNOWN);
	KUNIT_EXPECT_EQ(test, seen.listener, 7ULL);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_GAPS), gaps + 1);

	peer_closes(5, 2);
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_GAPS), gaps + 1);
}

/* Found, reset and dropped by another CPU before the one that made it says so. */
static void a_request_told_of_after_its_end_begins_nothing(struct kunit *test)
{
	struct tlc_event rst = event(TLC_EVENT_HINT, 0);

	rst.from = S(NEW_SYN_RECV);
	rst.cause = C(RST_RECEIVED);
	deliver(5, rst);
	deliver(5, request_drop(1));
	deliver(5, request(2, true));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_NE(test, seen.died, 0ULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_timewait_is_left_alone_by_what_is_left_out),
	KUNIT_CASE(a_timewait_is_left_alone_by_what_finds_no_room),
	KUNIT_CASE(a_timewait_is_left_alone_by_what_its_port_leaves_out),
	KUNIT_CASE(what_finds_room_later_has_a_number_of_its_own),
	KUNIT_CASE(a_timewait_without_a_record_ends_no_other),
	KUNIT_CASE(a_timewait_without_a_record_restarts_no_other),
	KUNIT_CASE(a_timewait_is_met_after_its_socket_has_gone_on),
	KUNIT_CASE(an_end_is_not_that_of_a_timewait_met_before),
	KUNIT_CASE(a_connection_found_beside_its_sockets_timewait_is_another),
	KUNIT_CASE(no_generation_is_given_twice_while_an_elder_one_lives),
	KUNIT_CASE(no_generation_is_given_twice_though_all_records_went),
	KUNIT_CASE(no_generation_is_given_twice_though_its_record_made_room),
	KUNIT_CASE(a_new_cookie_begins_with_generation_0),
	KUNIT_CASE(a_socket_whose_generations_are_used_up_has_no_more_records),
	KUNIT_CASE(an_end_that_was_missed_makes_room_for_what_follows),
	KUNIT_CASE(an_end_is_missed_where_what_follows_is_left_out),
	KUNIT_CASE(a_timer_restarted_takes_no_connection_whose_port_is_not_known),
	KUNIT_CASE(a_timer_restarted_tells_of_a_beginning_that_was_missed),
	KUNIT_CASE(what_comes_late_of_the_full_socket_is_no_other_connections),
	KUNIT_CASE(a_syn_sent_again_may_come_from_another_address),
	KUNIT_CASE(a_child_outlives_the_drop_of_its_request),
	KUNIT_CASE(a_request_told_of_after_its_end_begins_nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_again",
	.init = table_init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
