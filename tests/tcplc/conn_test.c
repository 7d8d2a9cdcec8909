// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn_test.c: messages become records, whatever is in them.
 */
#include <stdlib.h>

#include <linux/genetlink.h>

#include "base/conn.h"
#include "check.h"
#include "pack.h"

static char buffer[PACK_SIZE];

static void what_is_packed_is_read_again(void)
{
	struct entry entry[40];
	struct conn in, out;
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		pack_random(&in, entry, 40);
		nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_CONN_GET);
		pack_conn(nlh, &in);
		CHECK(!conn_parse(nlh, &out));
		CHECK(in.has == out.has && in.nr_entries == out.nr_entries);
		CHECK(in.cookie == out.cookie && in.age_us == out.age_us && in.rtt_us == out.rtt_us);
		CHECK(!memcmp(&in.local, &out.local, sizeof(in.local)));
		CHECK(in.local_port == out.local_port && in.start_ns == out.start_ns);
		CHECK_TEXT(in.comm, out.comm);
		CHECK(!in.nr_entries ||
		      !memcmp(in.entry, out.entry, in.nr_entries * sizeof(*in.entry)));
		conn_free(&out);
	}
}

static void what_is_malformed_is_absent(void)
{
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_CONN_GET);
	static char comm[200];
	struct conn c;

	memset(comm, 'x', sizeof(comm));
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_COOKIE, 4, "1234");
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_STATE, 0, NULL);
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_LOCAL4, 16, "0123456789abcdef");
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_REMOTE6, 4, "0123");
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_MSS_ABSENT, 1, "1");
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_COMM, sizeof(comm), comm);
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONN_MAX + 7, 8, "unknown");
	mnl_attr_put(nlh, 0x3fff, 8, "unknown");
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_CONN_OPEN, 255);
	CHECK(!conn_parse(nlh, &c));
	CHECK(c.has == (CONN_BIT(TCP_LIFECYCLE_A_CONN_COMM) | CONN_BIT(TCP_LIFECYCLE_A_CONN_OPEN)));
	CHECK(strlen(c.comm) == CONN_COMM_SIZE - 1 && c.open == 255);
	CHECK(!c.local.len && !c.cookie);
	conn_free(&c);
}

static void a_message_cut_short_is_harmless(void)
{
	struct entry entry[8];
	struct nlmsghdr *nlh;
	struct conn c, in;
	uint32_t len, at;
	char *copy;

	pack_random(&in, entry, 8);
	nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_CONN_GET);
	pack_conn(nlh, &in);
	len = nlh->nlmsg_len;
	for (at = NLMSG_HDRLEN; at < len; at++) {
		/* libmnl reads to the next multiple of 4; ASan sees beyond that. */
		copy = calloc(1, MNL_ALIGN(at));
		memcpy(copy, buffer, at);
		nlh = (struct nlmsghdr *)copy;
		nlh->nlmsg_len = at;
		if (!conn_parse(nlh, &c))
			conn_free(&c);
		else
			CHECK(at < NLMSG_HDRLEN + sizeof(struct genlmsghdr));
		free(copy);
	}
}

static int count(const struct conn *event, uint64_t seq, void *data)
{
	(void)seq;
	(void)event;
	++*(unsigned int *)data;
	return 0;
}

static void random_bytes_are_harmless(void)
{
	unsigned int round, i, len, entries = 0, nr = 0;
	struct nlmsghdr *nlh;
	struct batch batch;
	struct conn c;
	char *copy;

	for (round = 0; round < 20000; round++) {
		len = NLMSG_HDRLEN + sizeof(struct genlmsghdr) + pack_below(300);
		copy = calloc(1, MNL_ALIGN(len));
		for (i = 0; i < len; i++)
			copy[i] = pack_below(256);
		/* Half of them look a little like attributes. */
		for (i = NLMSG_HDRLEN + 4; round & 1 && i + 4 < len;
		     i += MNL_ALIGN(*(uint16_t *)(copy + i))) {
			*(uint16_t *)(copy + i) = 4 + pack_below(40);
			*(uint16_t *)(copy + i + 2) = pack_below(64);
		}
		nlh = (struct nlmsghdr *)copy;
		nlh->nlmsg_len = len;
		if (!conn_parse(nlh, &c)) {
			entries += c.nr_entries;
			conn_free(&c);
		}
		conn_parse_batch(nlh, &batch, count, &nr);
		free(copy);
	}
	CHECK(entries && nr);
}

struct seen {
	unsigned int nr;
	uint64_t seq;
	bool good;
};

static int look(const struct conn *event, uint64_t seq, void *data)
{
	struct seen *s = data;

	s->good = s->good && seq == s->seq++ && event->nr_entries == 1 &&
		  event->cookie == 100 + s->nr;
	return ++s->nr == 3 ? -7 : 0;
}

static void a_batch_gives_its_events_in_order(void)
{
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_BATCH_NTF);
	struct entry entry = { .has = 1U << TCP_LIFECYCLE_A_ENTRY_AT_US, .at_us = 5 };
	struct seen seen = { .seq = 1000, .good = true };
	struct conn c = {
		.has = CONN_BIT(TCP_LIFECYCLE_A_CONN_COOKIE), .entry = &entry, .nr_entries = 1,
	};
	struct nlattr *nest;
	struct batch batch;
	unsigned int i;

	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_BATCH_SEQ, 1000);
	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_BATCH_LOST, 4);
	for (i = 0; i < 4; i++) {
		c.cookie = 100 + i;
		nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_BATCH_EVENT);
		pack_conn(nlh, &c);
		mnl_attr_nest_end(nlh, nest);
	}
	CHECK(!conn_parse_batch(nlh, &batch, NULL, NULL));
	CHECK(batch.has_seq && batch.seq == 1000 && batch.lost == 4 && batch.nr == 4);
	CHECK(conn_parse_batch(nlh, &batch, look, &seen) == -7);
	CHECK(seen.good && seen.nr == 3);
}

static int keep(const struct conn *event, uint64_t seq, void *data)
{
	struct conn *to = data;

	to[seq] = *event;
	to[seq].entry = NULL;
	return 0;
}

/* What is known of a connection is used again only where it is said again. */
static void an_event_is_what_it_says(void)
{
	const conn_mask all = CONN_BIT(TCP_LIFECYCLE_A_CONN_COOKIE) |
			      CONN_BIT(TCP_LIFECYCLE_A_CONN_GENERATION) |
			      CONN_BIT(TCP_LIFECYCLE_A_CONN_LOCAL_PORT) |
			      CONN_BIT(TCP_LIFECYCLE_A_CONN_REMOTE_PORT) |
			      CONN_BIT(TCP_LIFECYCLE_A_CONN_STATE);
	const struct conn events[] = {
		{ .has = all, .cookie = 7, .local_port = 1, .remote_port = 2, .state = 2 },
		{ .has = all, .cookie = 7, .local_port = 1, .remote_port = 2, .state = 3 },
		{ .has = all, .cookie = 7, .local_port = 1, .remote_port = 3, .state = 3 },
		{ .has = all, .cookie = 7, .generation = 1, .local_port = 1, .remote_port = 2 },
		/* In the same place. */
		{ .has = all, .cookie = 7 + 4096 * 1024, .local_port = 1, .remote_port = 2 },
		{ .has = all, .cookie = 7, .local_port = 1, .remote_port = 2, .state = 12 },
		{ .has = CONN_BIT(TCP_LIFECYCLE_A_CONN_COOKIE), .cookie = 7 },
		{ .has = all, .cookie = 7, .local_port = 1, .remote_port = 2, .state = 1 },
	};
	const unsigned int nr = sizeof(events) / sizeof(events[0]);
	struct nlmsghdr *nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_BATCH_NTF);
	struct conn got[sizeof(events) / sizeof(events[0])];
	struct nlattr *nest;
	struct batch batch;
	unsigned int i;

	mnl_attr_put_u64(nlh, TCP_LIFECYCLE_A_BATCH_SEQ, 0);
	for (i = 0; i < nr; i++) {
		nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_BATCH_EVENT);
		pack_conn(nlh, &events[i]);
		mnl_attr_nest_end(nlh, nest);
	}
	CHECK(!conn_parse_batch(nlh, &batch, keep, got));
	for (i = 0; i < nr; i++) {
		CHECK(got[i].has == events[i].has && got[i].cookie == events[i].cookie);
		CHECK(got[i].generation == events[i].generation);
		CHECK(got[i].local_port == events[i].local_port);
		CHECK(got[i].remote_port == events[i].remote_port);
		CHECK(got[i].state == events[i].state);
	}
}

int main(void)
{
	CHECK_RUN(what_is_packed_is_read_again);
	CHECK_RUN(what_is_malformed_is_absent);
	CHECK_RUN(a_message_cut_short_is_harmless);
	CHECK_RUN(random_bytes_are_harmless);
	CHECK_RUN(a_batch_gives_its_events_in_order);
	CHECK_RUN(an_event_is_what_it_says);
	return check_end();
}
