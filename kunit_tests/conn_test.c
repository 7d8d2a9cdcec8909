// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn_test.c: the table: identity, generations, ageing, a full pool, filters.
 */
#include "table.h"

static void a_cookie_has_one_record(struct kunit *test)
{
	u64 cookie;

	for (cookie = 1; cookie <= 40; cookie++)
		open_one(cookie, 0);
	for (cookie = 1; cookie <= 40; cookie++) {
		deliver(cookie, state(10, S(SYN_SENT), S(ESTABLISHED)));
		KUNIT_EXPECT_EQ(test, count(cookie), 1U);
		KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	}
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 40U);
}

static void a_socket_used_again_is_a_new_generation(struct kunit *test)
{
	open_one(5, 0);
	end_one(5, 10);
	open_one(5, 20);

	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, seen.generation, 1U);
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);

	deliver(5, state(30, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
}

/* Events are handed over by value: those of a whole life are too much for one frame. */
static noinline_for_stack void into_time_wait(u64 cookie)
{
	deliver(cookie, state(10, S(SYN_SENT), S(ESTABLISHED)));
	deliver(cookie, state(20, S(ESTABLISHED), S(FIN_WAIT_1)));
	deliver(cookie, state(30, S(FIN_WAIT_1), S(FIN_WAIT_2)));
	deliver(cookie, new_timewait(40, S(TIME_WAIT), 60000));
	deliver(cookie, state(40, S(FIN_WAIT_2), S(CLOSED)));
}

static void a_socket_connects_again_while_its_timewait_lives(struct kunit *test)
{
	open_one(5, 0);
	into_time_wait(5);
	open_one(5, 50);
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 2U);

	deliver(5, timewait(TLC_EVENT_TW_EXPIRE, 60050, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
	end_one(5, 60060);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 0U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 2U);
}

static void a_socket_whose_end_was_missed_does_not_live_for_ever(struct kunit *test)
{
	open_one(5, 0);
	open_one(5, 100);
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, seen.died, 0ULL);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
}

static void a_timewait_socket_met_by_a_hint_does_not_live_for_ever(struct kunit *test)
{
	struct tlc_event hint = timewait(TLC_EVENT_HINT, 0, S(NONE), 0);

	hint.from = S(TIME_WAIT);
	hint.cause = C(NEW_SYN);
	deliver(5, hint);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
	deliver(5, timewait(TLC_EVENT_TW_END, 10, S(CLOSED), 0));
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 0U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);
}

static void one_socket_cannot_fill_a_chain(struct kunit *test)
{
	u64 evicted = tlc_stats_sum(TLC_STAT_EVICTED);
	unsigned int i;

	for (i = 0; i < 40; i++) {
		open_one(5, 2 * i);
		end_one(5, 2 * i + 1);
	}
	KUNIT_EXPECT_EQ(test, count(5), 16U);
	KUNIT_EXPECT_EQ(test, seen.generation, 39U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EVICTED), evicted + 24);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 16U);
}

static void expire_timewait(u64 cookie, u16 lport, u64 ticks)
{
	struct tlc_event ev = timewait(TLC_EVENT_TW_EXPIRE, ticks, S(CLOSED), 0);
	struct tlc_ident id = who;

	id.lport = lport;
	deliver_from(cookie, &id, ev);
}

/* Is the connection of this socket from this port alive?  It has to be on record. */
static bool is_alive(struct kunit *test, u64 cookie, u16 lport)
{
	struct tlc_record rec;
	unsigned int i;

	for (i = 0; i < tlc_pool_slots(); i++)
		if (tlc_conn_read(i, NULL, NULL, &rec) && rec.cookie == cookie &&
		    rec.id.lport == lport)
			return !rec.died;
	KUNIT_FAIL(test, "no record from port %u", lport);
	return false;
}

static void timewaits_of_one_socket_are_told_apart(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		leave_timewait(5, 1000 + i, 10 * i);
	KUNIT_EXPECT_EQ(test, count(5), 3U);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 3U);

	expire_timewait(5, 1001, 60010);
	KUNIT_EXPECT_TRUE(test, is_alive(test, 5, 1000));
	KUNIT_EXPECT_FALSE(test, is_alive(test, 5, 1001));
	KUNIT_EXPECT_TRUE(test, is_alive(test, 5, 1002));
	expire_timewait(5, 1000, 60020);
	KUNIT_EXPECT_FALSE(test, is_alive(test, 5, 1000));
	expire_timewait(5, 1002, 60030);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 0U);
}

static void one_socket_cannot_fill_a_chain_with_timewaits(struct kunit *test)
{
	u64 evicted = tlc_stats_sum(TLC_STAT_EVICTED);
	unsigned int i;

	for (i = 0; i < 40; i++)
		leave_timewait(5, 1000 + i, 10 * i);
	KUNIT_EXPECT_EQ(test, count(5), 16U);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 16U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EVICTED), evicted + 24);

	/* One that was let go ends no other, and begins nothing. */
	expire_timewait(5, 1000, 60000);
	KUNIT_EXPECT_EQ(test, count(5), 16U);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 16U);
	for (i = 24; i < 40; i++) {
		expire_timewait(5, 1000 + i, 60010 + i);
		KUNIT_EXPECT_FALSE(test, is_alive(test, 5, 1000 + i));
	}
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 0U);
}

static void the_end_of_an_unused_socket_is_no_record(struct kunit *test)
{
	deliver(6, state(0, S(CLOSED), S(CLOSED)));
	deliver(6, event(TLC_EVENT_RST_OUT, 0));
	KUNIT_EXPECT_EQ(test, count(6), 0U);
}

/* Apart, for the frame of whoever calls them: an event is large. */
static noinline_for_stack void listens(u64 cookie, u64 ticks)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, ticks);

	ev.from = S(CLOSED);
	ev.to = S(LISTEN);
	deliver(cookie, ev);
}

static noinline_for_stack void listen_failed(u64 cookie, u64 ticks)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN_FAILED, ticks);

	ev.from = S(LISTEN);
	ev.to = S(CLOSED);
	deliver(cookie, ev);
}

static void each_listen_that_failed_is_a_record(struct kunit *test)
{
	/* By itself it tells of nobody. */
	listen_failed(5, 0);
	KUNIT_EXPECT_EQ(test, count(5), 0U);

	listens(5, 10);
	/* It is told of twice if it fails late. */
	listens(5, 11);
	listen_failed(5, 11);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.open, (int)TCP_LIFECYCLE_OPEN_LISTENER);
	KUNIT_EXPECT_EQ(test, (int)seen.close, (int)TCP_LIFECYCLE_CLOSE_LISTEN_FAILED);
	KUNIT_EXPECT_EQ(test, (int)seen.nr, 2);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 1U);

	listens(5, 20);
	listen_failed(5, 20);
	KUNIT_EXPECT_EQ(test, count(5), 2U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 2U);

	listens(5, 30);
	KUNIT_EXPECT_EQ(test, count(5), 3U);
	KUNIT_EXPECT_EQ(test, seen.generation, 2U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(LISTEN));
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
}

static void a_listen_that_failed_ends_no_connection(struct kunit *test)
{
	open_one(5, 0);
	listen_failed(5, 10);
	KUNIT_EXPECT_EQ(test, count(5), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(SYN_SENT));
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 1U);
}

static void while_it_loads_only_what_begins_has_a_record(struct kunit *test)
{
	tlc_newcomer_meet_older(false);
	deliver(7, state(0, S(ESTABLISHED), S(CLOSE_WAIT)));
	open_one(8, 0);
	deliver(8, state(10, S(SYN_SENT), S(ESTABLISHED)));
	tlc_newcomer_meet_older(true);
	KUNIT_EXPECT_EQ(test, count(7), 0U);
	KUNIT_EXPECT_EQ(test, count(8), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.state, (int)S(ESTABLISHED));
	deliver(7, state(20, S(CLOSE_WAIT), S(LAST_ACK)));
	KUNIT_EXPECT_EQ(test, count(7), 1U);
}

static void the_dead_go_when_their_time_is_over(struct kunit *test)
{
	u64 died = BORN + 10 * TICK;
	unsigned int freed;

	open_one(1, 0);
	open_one(2, 0);
	end_one(1, 10);

	freed = tlc_ageing_look(died + RETENTION * NSEC_PER_SEC - 1);
	KUNIT_EXPECT_EQ(test, freed, 0U);
	KUNIT_EXPECT_EQ(test, count(1), 1U);
	freed = tlc_ageing_look(died + RETENTION * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, freed, 1U);
	KUNIT_EXPECT_EQ(test, count(1), 0U);
	KUNIT_EXPECT_EQ(test, count(2), 1U);
	KUNIT_EXPECT_EQ(test, tlc_usage().dead, 0U);
}

static void a_full_pool_gives_up_the_longest_dead(struct kunit *test)
{
	u64 evicted = tlc_stats_sum(TLC_STAT_EVICTED);
	u64 cookie;

	for (cookie = 1; cookie <= params.records; cookie++)
		open_one(cookie, cookie);
	end_one(7, 100);
	end_one(3, 200);
	open_one(1000, 300);

	KUNIT_EXPECT_EQ(test, count(7), 0U);
	KUNIT_EXPECT_EQ(test, count(3), 1U);
	KUNIT_EXPECT_EQ(test, count(1000), 1U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EVICTED), evicted + 1);
	for (cookie = 1; cookie <= params.records; cookie++)
		if (cookie != 7)
			KUNIT_EXPECT_EQ(test, count(cookie), 1U);
}

static void a_pool_full_of_the_living_refuses_and_counts(struct kunit *test)
{
	u64 untracked = tlc_stats_sum(TLC_STAT_UNTRACKED);
	u64 cookie;

	for (cookie = 1; cookie <= params.records; cookie++)
		open_one(cookie, cookie);
	open_one(1000, 300);
	deliver(1000, state(310, S(SYN_SENT), S(ESTABLISHED)));

	KUNIT_EXPECT_EQ(test, count(1000), 0U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_UNTRACKED), untracked + 1);
	for (cookie = 1; cookie <= params.records; cookie++)
		KUNIT_EXPECT_EQ(test, count(cookie), 1U);

	/* Room comes; what was refused is not taken for older than the module. */
	end_one(1, 400);
	deliver(1000, state(500, S(ESTABLISHED), S(CLOSE_WAIT)));
	KUNIT_EXPECT_EQ(test, count(1000), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.open, (int)TCP_LIFECYCLE_OPEN_UNKNOWN);
}

static void a_slot_keeps_its_record_while_others_come_and_go(struct kunit *test)
{
	static struct tlc_record rec;
	unsigned int slot, i;
	u64 cookie;

	open_one(1, 0);
	open_one(2, 0);
	for (slot = 0; slot < tlc_pool_slots(); slot++)
		if (tlc_conn_read(slot, NULL, NULL, &rec) && rec.cookie == 2)
			break;
	KUNIT_ASSERT_LT(test, slot, tlc_pool_slots());

	for (i = 0; i < 500; i++) {
		cookie = 100 + i;
		open_one(cookie, i);
		end_one(cookie, i + 1);
		KUNIT_ASSERT_TRUE(test, tlc_conn_read(slot, NULL, NULL, &rec));
		KUNIT_ASSERT_EQ(test, rec.cookie, 2ULL);
	}
	KUNIT_EXPECT_LE(test, tlc_pool_slots(), params.records);
}

static void a_connection_left_out_stays_out(struct kunit *test)
{
	u64 excluded = tlc_stats_sum(TLC_STAT_EXCLUDED);

	params.filter.nr_ports = 1;
	params.filter.port[0] = 443;
	tlc_conn_exit();
	KUNIT_ASSERT_EQ(test, tlc_conn_init(&params, NULL), 0);

	open_one(1, 0);
	deliver(1, state(10, S(SYN_SENT), S(ESTABLISHED)));
	KUNIT_EXPECT_EQ(test, count(1), 0U);
	KUNIT_EXPECT_EQ(test, tlc_stats_sum(TLC_STAT_EXCLUDED), excluded + 1);
	KUNIT_EXPECT_EQ(test, tlc_usage().live, 0U);
}

static void the_source_port_may_decide_later(struct kunit *test)
{
	struct tlc_ident id = who;
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	params.filter.nr_ports = 1;
	params.filter.port[0] = 1024;
	tlc_conn_exit();
	KUNIT_ASSERT_EQ(test, tlc_conn_init(&params, NULL), 0);

	id.lport = 0;
	ev.cookie = 1;
	hand_over(&ev, &id);
	ev.cookie = 2;
	hand_over(&ev, &id);
	KUNIT_EXPECT_EQ(test, count(1) + count(2), 2U);

	ev = event(TLC_EVENT_CONNECT, 1);
	ev.cookie = 1;
	id.lport = 1024;
	hand_over(&ev, &id);
	ev.cookie = 2;
	id.lport = 1025;
	hand_over(&ev, &id);
	KUNIT_EXPECT_EQ(test, count(1), 1U);
	KUNIT_EXPECT_EQ(test, (int)seen.id.lport, 1024);
	KUNIT_EXPECT_EQ(test, count(2), 0U);
}

static void loopback_is_left_out_where_asked(struct kunit *test)
{
	const struct tlc_filter f = { .exclude_loopback = true };
	struct tlc_ident id = { .local = { 127, 0, 0, 1 }, .remote = { 127, 1, 2, 3 } };

	KUNIT_EXPECT_FALSE(test, tlc_filter_keeps(&f, &id));
	id.family = TCP_LIFECYCLE_FAMILY_IPV4_MAPPED;
	KUNIT_EXPECT_FALSE(test, tlc_filter_keeps(&f, &id));
	id = (struct tlc_ident) { .family = TCP_LIFECYCLE_FAMILY_IPV6,
				  .local[15] = 1, .remote[15] = 1 };
	KUNIT_EXPECT_FALSE(test, tlc_filter_keeps(&f, &id));
	/* 7f00:: is not 127.0.0.0/8 */
	id = (struct tlc_ident) { .family = TCP_LIFECYCLE_FAMILY_IPV6,
				  .local[0] = 127, .remote[0] = 127 };
	KUNIT_EXPECT_TRUE(test, tlc_filter_keeps(&f, &id));
	KUNIT_EXPECT_TRUE(test, tlc_filter_keeps(&f, &who));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_cookie_has_one_record),
	KUNIT_CASE(a_socket_used_again_is_a_new_generation),
	KUNIT_CASE(a_socket_connects_again_while_its_timewait_lives),
	KUNIT_CASE(timewaits_of_one_socket_are_told_apart),
	KUNIT_CASE(one_socket_cannot_fill_a_chain_with_timewaits),
	KUNIT_CASE(a_socket_whose_end_was_missed_does_not_live_for_ever),
	KUNIT_CASE(a_timewait_socket_met_by_a_hint_does_not_live_for_ever),
	KUNIT_CASE(one_socket_cannot_fill_a_chain),
	KUNIT_CASE(the_end_of_an_unused_socket_is_no_record),
	KUNIT_CASE(each_listen_that_failed_is_a_record),
	KUNIT_CASE(a_listen_that_failed_ends_no_connection),
	KUNIT_CASE(while_it_loads_only_what_begins_has_a_record),
	KUNIT_CASE(the_dead_go_when_their_time_is_over),
	KUNIT_CASE(a_full_pool_gives_up_the_longest_dead),
	KUNIT_CASE(a_pool_full_of_the_living_refuses_and_counts),
	KUNIT_CASE(a_slot_keeps_its_record_while_others_come_and_go),
	KUNIT_CASE(a_connection_left_out_stays_out),
	KUNIT_CASE(the_source_port_may_decide_later),
	KUNIT_CASE(loopback_is_left_out_where_asked),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_conn",
	.init = table_init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
