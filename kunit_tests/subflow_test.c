// SPDX-License-Identifier: GPL-2.0-only
/*
 * subflow_test.c: subflows of one MPTCP connection: who is one, and what each is told.
 */
#include "table.h"
#include "table/party.h"

#define KEY	0xffff888012345680ULL
#define OTHER	0xffff888012345681ULL
#define OPT_MPTCP	TCP_LIFECYCLE_OPT_MPTCP

static struct tlc_record rec;

static noinline_for_stack bool tell(u64 cookie, struct tlc_event ev, u64 key)
{
	unsigned long flags;
	bool found;

	ev.cookie = cookie;
	local_irq_save(flags);
	found = tlc_conn_tell(&ev, key, NULL);
	local_irq_restore(flags);
	return found;
}

static struct tlc_event subflow(bool first, u64 mptcp)
{
	struct tlc_event ev = event(TLC_EVENT_SUBFLOW, 1);

	ev.first = first;
	ev.mptcp = mptcp;
	ev.agreed = OPT_MPTCP;
	return ev;
}

static unsigned int list(u64 key, struct tlc_party *party)
{
	unsigned long flags;

	local_irq_save(flags);
	tlc_party_list(key, party);
	local_irq_restore(flags);
	return party->nr;
}

static void subflows_of_one_connection_are_found_by_its_key(struct kunit *test)
{
	struct tlc_party party;

	open_one(1, 0);
	open_one(2, 0);
	open_one(3, 0);
	KUNIT_EXPECT_TRUE(test, tell(1, subflow(true, 77), KEY));
	KUNIT_EXPECT_TRUE(test, tell(2, subflow(false, 77), KEY));
	KUNIT_EXPECT_TRUE(test, tell(3, subflow(true, 78), OTHER));

	KUNIT_ASSERT_EQ(test, list(KEY, &party), 2U);
	KUNIT_EXPECT_EQ(test, party.cookie[0] + party.cookie[1], 3ULL);
	KUNIT_EXPECT_EQ(test, party.first[0], party.cookie[0] == 1);
	KUNIT_EXPECT_EQ(test, party.first[1], party.cookie[1] == 1);
	KUNIT_ASSERT_EQ(test, list(OTHER, &party), 1U);
	KUNIT_EXPECT_EQ(test, party.cookie[0], 3ULL);
	KUNIT_EXPECT_EQ(test, count(2), 1U);
	KUNIT_EXPECT_EQ(test, seen.conn.mptcp, 77ULL);
}

static void one_without_a_record_is_none(struct kunit *test)
{
	struct tlc_party party;

	KUNIT_EXPECT_FALSE(test, tell(9, subflow(true, 77), KEY));
	KUNIT_EXPECT_EQ(test, list(KEY, &party), 0U);
}

/* MPTCP's sockets are freed, and others get their address. */
static void an_address_that_is_used_again_is_another_connection(struct kunit *test)
{
	struct tlc_party party;
	unsigned long flags;

	open_one(1, 0);
	open_one(2, 0);
	tell(1, subflow(true, 77), KEY);
	local_irq_save(flags);
	tlc_party_forget(KEY);
	local_irq_restore(flags);
	tell(2, subflow(true, 78), KEY);
	KUNIT_ASSERT_EQ(test, list(KEY, &party), 1U);
	KUNIT_EXPECT_EQ(test, party.cookie[0], 2ULL);
}

/* The first stays for a late accept(); of the others there may be very many. */
static void a_further_subflow_that_ended_is_not_asked_for(struct kunit *test)
{
	struct tlc_party party;

	open_one(1, 0);
	open_one(2, 0);
	tell(1, subflow(true, 77), KEY);
	tell(2, subflow(false, 77), KEY);
	end_one(1, 5);
	end_one(2, 5);
	KUNIT_ASSERT_EQ(test, list(KEY, &party), 1U);
	KUNIT_EXPECT_EQ(test, party.cookie[0], 1ULL);
}

static void a_record_that_is_freed_is_in_no_list(struct kunit *test)
{
	struct tlc_party party;

	open_one(1, 0);
	tell(1, subflow(true, 77), KEY);
	end_one(1, 5);
	tlc_ageing_look((RETENTION + 100ULL) * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, list(KEY, &party), 0U);
	open_one(2, 6);
	KUNIT_EXPECT_EQ(test, list(KEY, &party), 0U);
}

/* A worker of the kernel made it, and nobody accepts it by itself. */
static void a_further_subflow_belongs_to_who_has_the_connection(struct kunit *test)
{
	struct tlc_event ev = state(0, S(CLOSED), S(SYN_SENT));

	ev.foreign = true;
	ev.owner.pid = 13;
	begin(&rec, &ev);
	KUNIT_EXPECT_EQ(test, (int)rec.owner_at, 0);
	ev = subflow(false, 77);
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.owner_at, 0);
	ev = event(TLC_EVENT_ADOPTED, 2);
	ev.cause = C(ACCEPTED);
	ev.owner.pid = 42;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.owner_at, (int)C(ACCEPTED));
	KUNIT_EXPECT_EQ(test, rec.owner.pid, 42);
	ev.owner.pid = 43;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, rec.owner.pid, 42);
}

/* is_mptcp stays set where the peer's SYN-ACK had no MPTCP. */
static void a_client_that_fell_back_has_not_agreed(struct kunit *test)
{
	struct tlc_event ev = state(30, S(SYN_SENT), S(ESTABLISHED));

	connect_it(&rec);
	rec.state = S(SYN_SENT);
	ev.agreed = OPT_MPTCP | TCP_LIFECYCLE_OPT_SACK;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)(rec.conn.agreed & OPT_MPTCP), 0);
	apply(&rec, subflow(true, 77));
	KUNIT_EXPECT_NE(test, (int)(rec.conn.agreed & OPT_MPTCP), 0);
	KUNIT_EXPECT_NE(test, (int)(rec.conn.agreed & TCP_LIFECYCLE_OPT_SACK), 0);
}

struct fin {
	const char *name;
	u8 parted[2];
	u8 cause;	/* as the handler has it */
	u8 want;
};

static const struct fin fins[] = {
	{ "close()", { C(CLOSE) }, C(UNKNOWN), C(CLOSE) },
	{ "shutdown()", { C(SHUTDOWN) }, C(UNKNOWN), C(SHUTDOWN) },
	{ "shutdown(), then the process is killed", { C(SHUTDOWN), C(KILLED) }, C(UNKNOWN),
	  C(KILLED) },
	{ "the subflow alone", { }, C(SUBFLOW_CLOSED), C(SUBFLOW_CLOSED) },
	{ "not told", { }, C(UNKNOWN), C(UNKNOWN) },
};

static void describe_fin(const struct fin *f, char *text)
{
	strscpy(text, f->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fin, fins, describe_fin);

static void a_fin_has_the_cause_of_the_call(struct kunit *test)
{
	const struct fin *p = test->param_value;
	struct tlc_event ev;
	unsigned int i;

	connect_it(&rec);
	for (i = 0; i < 2 && p->parted[i]; i++) {
		ev = event(TLC_EVENT_PARTED, 31 + i);
		ev.cause = p->parted[i];
		apply(&rec, ev);
	}
	ev = state(40, S(ESTABLISHED), S(FIN_WAIT_1));
	ev.cause = p->cause;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->want);
}

struct end {
	const char *name;
	u8 parted[2];
	u8 hint;	/* before the RST */
	u8 rst;		/* cause told with our RST; 0: none is sent */
	int error;
	u8 close;
	u8 first;
	u8 cause;
};

static const struct end ends[] = {
	{ "data unread", { C(CLOSE) }, 0, C(FASTCLOSE_SENT), 0, END(FASTCLOSE_SENT, LOCAL),
	  C(FASTCLOSE_SENT) },
	{ "data unread, by a process that ended", { C(EXIT) }, 0, C(FASTCLOSE_SENT), 0,
	  END(FASTCLOSE_SENT, LOCAL), C(EXIT) },
	{ "the peer's", { }, C(FASTCLOSE_RECEIVED), 0, 104, END(FASTCLOSE_RECEIVED, PEER),
	  C(FASTCLOSE_RECEIVED) },
	{ "the peer's, on another subflow", { C(FASTCLOSE_RECEIVED) }, 0, C(SUBFLOW_RESET), 0,
	  END(FASTCLOSE_RECEIVED, PEER), C(FASTCLOSE_RECEIVED) },
	{ "the peer's, on another subflow, then close()", { C(FASTCLOSE_RECEIVED), C(CLOSE) }, 0,
	  C(SUBFLOW_RESET), 0, END(FASTCLOSE_RECEIVED, PEER), C(FASTCLOSE_RECEIVED) },
	{ "ours, answered before it was sent here", { C(CLOSE), C(FASTCLOSE_SENT) },
	  C(RST_RECEIVED), 0, 104, END(FASTCLOSE_SENT, LOCAL), C(RST_RECEIVED) },
	{ "MPTCP reset it alone", { }, 0, C(SUBFLOW_RESET), 0, END(SUBFLOW_RESET, LOCAL),
	  C(SUBFLOW_RESET) },
	{ "ss -K", { }, C(ABORT), C(SUBFLOW_RESET), 103, END(ABORTED, LOCAL), C(ABORT) },
	{ "its listener closed", { }, C(LISTENER_CLOSED), C(SUBFLOW_RESET), 0,
	  END(LISTENER_CLOSED, LOCAL), C(LISTENER_CLOSED) },
	{ "a timer gave up", { }, 0, C(SUBFLOW_RESET), 110, END(UNKNOWN, KERNEL), C(TIMEOUT) },
};

static void describe_end(const struct end *e, char *text)
{
	strscpy(text, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(end, ends, describe_end);

static void it_ends(struct kunit *test)
{
	const struct end *p = test->param_value;
	struct tlc_event ev;
	unsigned int i;

	connect_it(&rec);
	for (i = 0; i < 2 && p->parted[i]; i++) {
		ev = event(TLC_EVENT_PARTED, 31 + i);
		ev.cause = p->parted[i];
		apply(&rec, ev);
	}
	ev = event(TLC_EVENT_HINT, 40);
	ev.from = S(ESTABLISHED);
	ev.cause = p->hint;
	if (p->hint)
		apply(&rec, ev);
	ev = event(TLC_EVENT_RST_OUT, 41);
	ev.from = S(ESTABLISHED);
	ev.cause = p->rst;
	if (p->rst)
		apply(&rec, ev);
	ev = state(42, S(ESTABLISHED), S(CLOSED));
	ev.tcp.error = p->error;
	apply(&rec, ev);
	KUNIT_EXPECT_EQ(test, (int)rec.close, (int)p->close);
	KUNIT_EXPECT_EQ(test, (int)rec.first, (int)p->first);
	KUNIT_EXPECT_EQ(test, (int)rec.entry[rec.nr - 1].cause, (int)p->cause);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(subflows_of_one_connection_are_found_by_its_key),
	KUNIT_CASE(one_without_a_record_is_none),
	KUNIT_CASE(an_address_that_is_used_again_is_another_connection),
	KUNIT_CASE(a_further_subflow_that_ended_is_not_asked_for),
	KUNIT_CASE(a_record_that_is_freed_is_in_no_list),
	KUNIT_CASE(a_further_subflow_belongs_to_who_has_the_connection),
	KUNIT_CASE(a_client_that_fell_back_has_not_agreed),
	KUNIT_CASE_PARAM(a_fin_has_the_cause_of_the_call, fin_gen_params),
	KUNIT_CASE_PARAM(it_ends, end_gen_params),
	{ }
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_subflow",
	.init = table_init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
