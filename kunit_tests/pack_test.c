// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack_test.c: records and events as attributes, at every size a message may have.
 */
#include <kunit/test.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>

#include "answer/pack.h"
#include "feed/pack_event.h"
#include "life.h"

#define A(name) TCP_LIFECYCLE_A_CONN_##name

#define ALIGNED	sizeof(u64)	/* message sizes tried are multiples of it */

static const struct tlc_view view = {
	.now = BORN + 5000 * TICK,
	.real_offset = 100 * TICK,
	.user_ns = &init_user_ns,
	.show_pid = true,
};

/* A record with everything in it that can be. */
static void fill(struct tlc_record *rec)
{
	unsigned int i;

	memset(rec, 0, sizeof(*rec));
	rec->cookie = ~0ULL;
	rec->born = BORN;
	rec->died = BORN + 4000 * TICK;
	rec->listener = ~0ULL;
	rec->id.family = TCP_LIFECYCLE_FAMILY_IPV6;
	rec->id.ifindex = 3;
	rec->flags = 0xffff;
	rec->state = S(CLOSED);
	rec->open = TCP_LIFECYCLE_OPEN_PASSIVE;
	rec->close = TCP_LIFECYCLE_CLOSE_FIN;
	rec->first = TCP_LIFECYCLE_FIRST_PEER;
	rec->owner_at = C(ACCEPTED);
	memset(rec->owner.comm, 0xff, sizeof(rec->owner.comm));
	memset(rec->owner.thread, 0xff, sizeof(rec->owner.thread));
	memset(rec->closer.comm, 0xff, sizeof(rec->closer.comm));
	rec->closer.pid = 7;
	rec->conn.mptcp = ~0ULL;
	rec->conn.mss_adv = 1460;
	rec->conn.mss_rcv = 1400;
	rec->conn.mss_eff = 1388;
	rec->conn.agreed = 0xff;
	rec->conn.fin_mark = 5;
	rec->conn.tx = 12;
	rec->nr = TLC_ENTRIES;
	for (i = 0; i < TLC_ENTRIES; i++)
		rec->entry[i] = (struct tlc_entry) {
			.at_us = 1000 * i, .from = S(LISTEN), .to = S(TIME_WAIT),
			.cause = C(FIN_RECEIVED), .seq = 1, .ack = 2,
			   .has_seq = true, .has_ack = true,
		};
	rec->entry[1].to = S(ESTABLISHED);
	rec->entry[2].from = rec->entry[2].to;
	rec->entry[2].cause = C(2MSL_ARMED);
	rec->entry[3].from = rec->entry[3].to;
	rec->entry[3].cause = C(ACCEPTED);
	rec->entry[TLC_ENTRIES - 1].to = S(CLOSED);
}

static struct sk_buff *message(struct kunit *test, size_t size)
{
	struct sk_buff *skb = alloc_skb(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	/*
	 * The allocator rounds up; the message is to be just this large, and to
	 * begin where 64 bits are aligned, for the padding hangs on that.
	 */
	skb_reserve(skb, round_down(skb_tailroom(skb) - size, sizeof(u64)));
	return skb;
}

static struct nlattr *find(const struct sk_buff *skb, int type)
{
	return nla_find((struct nlattr *)skb->data, skb->len, type);
}

static unsigned int count(const struct sk_buff *skb, int type)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rest;

	nla_for_each_attr(attr, (struct nlattr *)skb->data, skb->len, rest)
		n += nla_type(attr) == type;
	return n;
}

/* What the room asked for is reckoned by. */
static void the_largest_record_stays_within_its_room(struct kunit *test)
{
	struct tlc_record *rec = kunit_kzalloc(test, sizeof(*rec), GFP_KERNEL);
	struct sk_buff *skb;
	size_t size;
	int err;

	fill(rec);
	for (size = 0; size <= TLC_PACK_RECORD_MAX; size += 4) {
		skb = alloc_skb(TLC_PACK_RECORD_MAX, GFP_KERNEL);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
		/* The allocator rounds up; the message is to be just this large. */
		skb_reserve(skb, skb_tailroom(skb) - size);
		err = tlc_pack_record(skb, rec, &view, false);
		KUNIT_EXPECT_LE(test, (size_t)skb->len, size);
		if (err)
			KUNIT_EXPECT_EQ(test, skb->len, 0U);
		else
			KUNIT_EXPECT_EQ(test, count(skb, A(ENTRY)), (unsigned int)TLC_ENTRIES);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
}

static void values_arrive(struct kunit *test)
{
	struct tlc_record *rec = kunit_kzalloc(test, sizeof(*rec), GFP_KERNEL);
	struct sk_buff *skb = message(test, TLC_PACK_RECORD_MAX);

	fill(rec);
	tlc_pack_record(skb, rec, &view, true);
	KUNIT_EXPECT_EQ(test, nla_get_u64(find(skb, A(COOKIE))), ~0ULL);
	KUNIT_EXPECT_EQ(test, nla_get_u64(find(skb, A(START_NS))), BORN + 100 * TICK);
	KUNIT_EXPECT_EQ(test, nla_get_u64(find(skb, A(AGE_US))), 4000000ULL);
	KUNIT_EXPECT_EQ(test, nla_get_u64(find(skb, A(LIVED_US))), 1000ULL * (TLC_ENTRIES - 2));
	KUNIT_EXPECT_EQ(test, nla_get_u32(find(skb, A(IFINDEX))), 3U);
	KUNIT_EXPECT_EQ(test, (int)nla_get_u16(find(skb, A(MSS_EFF_BYTES))), 1388);
	KUNIT_EXPECT_EQ(test, nla_len(find(skb, A(REMOTE6))), 16);
	KUNIT_EXPECT_PTR_EQ(test, find(skb, A(REMOTE4)), NULL);
	KUNIT_EXPECT_EQ(test, nla_get_u32(find(skb, A(ACCEPT_US))), 2000U);
	KUNIT_EXPECT_EQ(test, nla_get_u64(find(skb, A(AFTER_FIN_BYTES))), 7ULL);
	/* No NUL: it is as long as it is. */
	KUNIT_EXPECT_EQ(test, nla_len(find(skb, A(COMM))), TASK_COMM_LEN);
	KUNIT_EXPECT_EQ(test, count(skb, A(ENTRY)), 0U);
	kfree_skb(skb);
}

static void what_is_not_known_is_absent(struct kunit *test)
{
	static const int absent[] = {
		A(CLOSE), A(FIRST), A(FIN), A(PEER_FIN), A(MSS_RCV_BYTES), A(MSS_ABSENT),
		A(OWNER), A(PID), A(COMM), A(LISTENER), A(ACCEPT_US),
		A(AFTER_FIN_BYTES), A(TW_PLANNED_MS), A(TW_ACTUAL_US), A(BACKLOG), A(FOUND),
		A(IFINDEX),
	};
	struct sk_buff *skb = message(test, TLC_PACK_RECORD_MAX);
	struct tlc_record rec;
	unsigned int i;

	connect_it(&rec);
	rec.owner_at = 0;
	KUNIT_ASSERT_EQ(test, tlc_pack_record(skb, &rec, &view, false), 0);
	for (i = 0; i < ARRAY_SIZE(absent); i++)
		KUNIT_EXPECT_PTR_EQ(test, find(skb, absent[i]), NULL);
	KUNIT_EXPECT_EQ(test, nla_get_u32(find(skb, A(ISN))), X);
	KUNIT_EXPECT_EQ(test, count(skb, A(ENTRY)), 2U);
	kfree_skb(skb);
}

static void a_pid_is_for_the_initial_namespace(struct kunit *test)
{
	struct tlc_record *rec = kunit_kzalloc(test, sizeof(*rec), GFP_KERNEL);
	struct sk_buff *skb = message(test, TLC_PACK_RECORD_MAX);
	struct tlc_view elsewhere = view;

	elsewhere.show_pid = false;
	fill(rec);
	tlc_pack_record(skb, rec, &elsewhere, true);
	KUNIT_EXPECT_PTR_EQ(test, find(skb, A(PID)), NULL);
	KUNIT_EXPECT_TRUE(test, find(skb, A(UID)));
	kfree_skb(skb);
}

static void a_listener_has_totals_and_no_sequence_numbers(struct kunit *test)
{
	struct tlc_record *rec = kunit_kzalloc(test, sizeof(*rec), GFP_KERNEL);
	struct sk_buff *skb = message(test, TLC_PACK_RECORD_MAX);

	rec->open = TCP_LIFECYCLE_OPEN_LISTENER;
	rec->lsn.backlog = 128;
	rec->lsn.counter[TLC_COUNTER_COOKIES_VALID] = 4;
	tlc_pack_record(skb, rec, &view, false);
	KUNIT_EXPECT_EQ(test, nla_get_u32(find(skb, A(BACKLOG))), 128U);
	KUNIT_EXPECT_EQ(test, nla_get_u32(find(skb, A(COOKIES_VALID))), 4U);
	KUNIT_EXPECT_PTR_EQ(test, find(skb, A(ISN)), NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(skb, A(TX_BYTES)), NULL);
	kfree_skb(skb);
}

static void an_event_that_does_not_fit_leaves_no_trace(struct kunit *test)
{
	const struct tlc_feed_event ev = {
		.cookie = COOKIE, .born = BORN, .stay_us = 5,
		.id.family = TCP_LIFECYCLE_FAMILY_IPV6, .id.ifindex = 3,
		.entry = { .from = S(LAST_ACK), .to = S(CLOSED), .seq = 1, .ack = 2,
			   .has_seq = true, .has_ack = true },
		.close = TCP_LIFECYCLE_CLOSE_FIN, .first = TCP_LIFECYCLE_FIRST_PEER,
		.gap = true, .replaces = 1,
	};
	struct sk_buff *skb;
	size_t need, size;
	int err, last = -EMSGSIZE;

	for (size = 0; size < 600; size += ALIGNED) {
		skb = message(test, size);
		err = tlc_pack_event(skb, &ev, 0);
		need = skb->len;
		KUNIT_EXPECT_LE(test, need, size);
		KUNIT_EXPECT_EQ(test, err, need ? 0 : -EMSGSIZE);
		/* Once there is room there is. */
		KUNIT_EXPECT_TRUE(test, err <= 0 && err >= last);
		last = err;
		if (!err)
			KUNIT_EXPECT_EQ(test, count(skb, TCP_LIFECYCLE_A_BATCH_EVENT), 1U);
		if (tlc_pack_event(skb, &ev, 0))
			KUNIT_EXPECT_EQ(test, (size_t)skb->len, need);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, last, 0);
}

static void an_event_reads_as_it_was_told(struct kunit *test)
{
	const struct tlc_feed_event ev = {
		.cookie = COOKIE, .born = BORN, .stay_us = 5, .generation = 2,
		.id = { .family = TCP_LIFECYCLE_FAMILY_IPV4, .lport = 1024, .rport = 80,
			.local = { 10, 0, 0, 1 }, .remote = { 10, 0, 0, 2 } },
		.entry = { .from = S(LAST_ACK), .to = S(CLOSED), .seq = 1, .ack = 2,
			   .has_seq = true, .has_ack = true,
			   .at_us = 12, .cause = C(FIN_ACKED) },
		.state = S(CLOSED), .close = TCP_LIFECYCLE_CLOSE_FIN,
		.first = TCP_LIFECYCLE_FIRST_PEER,
	};
	struct nlattr *conn[TCP_LIFECYCLE_A_CONN_MAX + 1];
	struct nlattr *entry[TCP_LIFECYCLE_A_ENTRY_MAX + 1];
	struct sk_buff *skb = message(test, 1024);
	int err;

	KUNIT_ASSERT_EQ(test, tlc_pack_event(skb, &ev, 7), 0);
	err = nla_parse_nested(conn, TCP_LIFECYCLE_A_CONN_MAX,
			       find(skb, TCP_LIFECYCLE_A_BATCH_EVENT), NULL, NULL);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = nla_parse_nested(entry, TCP_LIFECYCLE_A_ENTRY_MAX, conn[A(ENTRY)], NULL, NULL);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, nla_get_u64(conn[A(COOKIE)]), COOKIE);
	KUNIT_EXPECT_EQ(test, nla_get_u32(conn[A(GENERATION)]), 2U);
	KUNIT_EXPECT_EQ(test, nla_get_u64(conn[A(START_NS)]), BORN + 7);
	KUNIT_EXPECT_EQ(test, (int)nla_get_u16(conn[A(REMOTE_PORT)]), 80);
	KUNIT_EXPECT_EQ(test, (int)nla_get_u8(conn[A(FIRST)]), (int)ev.first);
	KUNIT_EXPECT_EQ(test, memcmp(nla_data(conn[A(REMOTE4)]), ev.id.remote, 4), 0);
	KUNIT_EXPECT_PTR_EQ(test, conn[A(REMOTE6)], NULL);
	KUNIT_EXPECT_EQ(test, nla_get_u64(entry[TCP_LIFECYCLE_A_ENTRY_AT_US]), 12ULL);
	KUNIT_EXPECT_EQ(test, nla_get_u64(entry[TCP_LIFECYCLE_A_ENTRY_IN_US]), 5ULL);
	KUNIT_EXPECT_EQ(test, nla_get_u32(entry[TCP_LIFECYCLE_A_ENTRY_ACK]), 2U);
	KUNIT_EXPECT_PTR_EQ(test, entry[TCP_LIFECYCLE_A_ENTRY_GAP], NULL);
	KUNIT_EXPECT_PTR_EQ(test, entry[TCP_LIFECYCLE_A_ENTRY_REPLACES], NULL);
	kfree_skb(skb);
}

/* What the room asked for is reckoned by. */
static void the_largest_event_stays_within_its_room(struct kunit *test)
{
	struct tlc_feed_event ev = {
		.id.family = TCP_LIFECYCLE_FAMILY_IPV6, .id.ifindex = 3, .close = 1, .first = 1,
		.gap = true, .illegal = true, .replaces = 2, .stay_us = 1,
		.entry = { .from = S(LISTEN), .to = S(TIME_WAIT), .seq = 1, .ack = 1,
			   .has_seq = true, .has_ack = true,
			   .cause = C(FIN_ACKED) },
	};
	struct sk_buff *skb;
	size_t size;
	int note;

	for (note = 0; note < 4; note++) {
		for (size = 0; ; size += 4) {
			skb = alloc_skb(1024, GFP_KERNEL);
			KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
			skb_reserve(skb, skb_tailroom(skb) - size);
			if (!tlc_pack_event(skb, &ev, 0))
				break;
			kfree_skb(skb);
		}
		KUNIT_EXPECT_LE(test, (size_t)skb->len, size);
		kfree_skb(skb);
		ev.entry = (struct tlc_entry) {
			.from = S(LISTEN), .to = S(LISTEN), .cause = C(TIMER_KEEPALIVE),
			.count = 1, .nth = 1, .limit = 9,
		};
		if (note == 1) {
			ev.entry.cause = C(MSS_CHANGED);
			ev.entry.mss_count = 1;
		} else if (note == 2) {
			ev.entry = (struct tlc_entry) {
				.from = S(LISTEN), .to = S(LISTEN), .cause = C(RST_OUT),
				.has_seq = true, .rst_count = 1,
				.rst_reason = TCP_LIFECYCLE_RST_REASON_PAWS,
			};
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_largest_record_stays_within_its_room),
	KUNIT_CASE(values_arrive),
	KUNIT_CASE(what_is_not_known_is_absent),
	KUNIT_CASE(a_pid_is_for_the_initial_namespace),
	KUNIT_CASE(a_listener_has_totals_and_no_sequence_numbers),
	KUNIT_CASE(an_event_that_does_not_fit_leaves_no_trace),
	KUNIT_CASE(an_event_reads_as_it_was_told),
	KUNIT_CASE(the_largest_event_stays_within_its_room),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_pack",
	.test_cases = cases,
};

kunit_test_suite(suite);
