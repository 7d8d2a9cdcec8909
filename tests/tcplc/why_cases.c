// SPDX-License-Identifier: GPL-2.0-only
/*
 * why_cases.c: records that provoke a rule of tcplc why, and some that must not.
 */
#include "why_cases.h"

#include <string.h>

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)
#define E(name) (1U << TCP_LIFECYCLE_A_ENTRY_##name)
#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define CLOSED_BY(name) TCP_LIFECYCLE_CLOSE_##name

#define SECOND 1000000ULL
#define START 1577880000000000000ULL	/* 2020-01-01 12:00 */
#define NETNS 4026531840U
#define LISTENER 0x77

static struct entry *add(struct records *r, struct conn *c, uint64_t at, uint8_t from, uint8_t to,
			 uint8_t cause)
{
	struct entry *e = &r->entry[c - r->conn][c->nr_entries++];

	c->entry = r->entry[c - r->conn];
	c->has |= A(ENTRY);
	*e = (struct entry){
		.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO),
		.at_us = at, .from = from, .to = to, .cause = cause,
	};
	if (from != to)
		c->state = to;
	return e;
}

/* Within a state, so often. */
static struct entry *note(struct records *r, struct conn *c, uint64_t at, uint8_t cause,
			  uint32_t count)
{
	struct entry *e = add(r, c, at, c->state, c->state, cause);

	e->has |= E(COUNT);
	e->count = count;
	return e;
}

static struct conn *begin(struct records *r, uint8_t open)
{
	struct conn *c = &r->conn[r->nr];

	memset(c, 0, sizeof(*c));
	c->has = A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(LOCAL4) | A(REMOTE4) |
		 A(LOCAL_PORT) | A(REMOTE_PORT) | A(STATE) | A(OPEN) | A(START_NS) | A(AGE_US);
	c->cookie = 0x1000 + r->nr;
	c->family = TCP_LIFECYCLE_FAMILY_IPV4;
	c->netns = NETNS;
	c->local = (struct addr){ 4, { 10, 0, 0, 1 } };
	c->remote = (struct addr){ 4, { 10, 0, 3, 9 } };
	c->open = open;
	c->start_ns = START + r->nr * 1000000000ULL;
	c->age_us = SECOND;
	r->nr++;
	return c;
}

static void owned(struct conn *c, const char *comm, uint32_t pid, uint8_t call)
{
	c->has |= A(COMM) | A(PID) | A(OWNER);
	strcpy(c->comm, comm);
	c->pid = pid;
	c->owner = call;
}

static struct conn *connecting(struct records *r)
{
	struct conn *c = begin(r, TCP_LIFECYCLE_OPEN_ACTIVE);

	owned(c, "api", 220, C(CONNECT));
	c->local_port = 40000 + r->nr;
	c->remote_port = 5432;
	add(r, c, 0, S(CLOSED), S(SYN_SENT), C(CONNECT));
	return c;
}

static struct conn *requested(struct records *r)
{
	struct conn *c = begin(r, TCP_LIFECYCLE_OPEN_PASSIVE);

	c->has |= A(LISTENER);
	c->listener = LISTENER;
	c->local_port = 80;
	c->remote = (struct addr){ 4, { 10, 0, 9, 1 + r->nr % 3 } };
	c->remote_port = 20000 + r->nr;
	add(r, c, 0, S(LISTEN), S(NEW_SYN_RECV), C(SYN_RECEIVED));
	return c;
}

static struct conn *answered(struct records *r)
{
	struct conn *c = requested(r);

	add(r, c, 100, S(NEW_SYN_RECV), S(SYN_RECV), C(ACK_RECEIVED));
	add(r, c, 100, S(SYN_RECV), S(ESTABLISHED), C(ACK_RECEIVED));
	return c;
}

/**
 * record_connect() - a connection this host opened
 * @r: it is added
 */
struct conn *record_connect(struct records *r)
{
	struct conn *c = connecting(r);

	add(r, c, 200, S(SYN_SENT), S(ESTABLISHED), C(SYN_ACK_RECEIVED));
	return c;
}

/**
 * record_accepted() - one that was accepted
 * @r: it is added
 */
struct conn *record_accepted(struct records *r)
{
	struct conn *c = answered(r);

	owned(c, "java", 4711, C(ACCEPTED));
	c->has |= A(ACCEPT_US);
	c->accept_us = 12000;
	note(r, c, 12100, C(ACCEPTED), 1);
	return c;
}

/**
 * record_closed() - let one end now
 * @r: it is of these
 * @c: the connection
 * @close: enum tcp_lifecycle_close
 */
struct conn *record_closed(struct records *r, struct conn *c, uint8_t close)
{
	c->has |= A(CLOSE);
	c->close = close;
	add(r, c, c->age_us, c->state, S(CLOSED), C(UNKNOWN));
	return c;
}

static void close_wait(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	/* Two for long, and any number for a short time, are none. */
	for (i = 0; i < 20; i++) {
		c = record_accepted(r);
		c->age_us = i < (bad ? 12 : 2) ? 11520 * SECOND : 61 * SECOND;
		add(r, c, 2 * SECOND, S(ESTABLISHED), S(CLOSE_WAIT), C(FIN_RECEIVED));
	}
}

static void never_accepted(struct records *r, bool bad)
{
	answered(r)->age_us = bad ? 11 * SECOND : 9 * SECOND;
	record_accepted(r)->age_us = 11 * SECOND;
	/* A subflow of MPTCP that joined is nobody's. */
	answered(r)->agreed = TCP_LIFECYCLE_OPT_MPTCP;
	r->conn[r->nr - 1].age_us = 11 * SECOND;
}

static void closed_unaccepted(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < 3; i++) {
		c = bad || i ? answered(r) : requested(r);
		c->has |= A(CLOSER_COMM) | A(CLOSER_PID);
		strcpy(c->closer_comm, "java");
		c->closer_pid = 4711;
		record_closed(r, c, CLOSED_BY(LISTENER_CLOSED));
	}
}

static struct conn *listening(struct records *r)
{
	struct conn *c = begin(r, TCP_LIFECYCLE_OPEN_LISTENER);

	c->has |= A(BACKLOG) | A(ACCEPTED) | A(SYN_OVERFLOW) | A(ACCEPT_OVERFLOW) |
		  A(COOKIES_SENT) | A(COOKIES_VALID);
	c->cookie = LISTENER;
	c->remote.len = 0;
	c->local = (struct addr){ 4, { 0 } };
	c->local_port = 80;
	c->backlog = 128;
	c->accepted = 88000;
	owned(c, "java", 4711, C(LISTEN));
	add(r, c, 0, S(CLOSED), S(LISTEN), C(LISTEN));
	return c;
}

static void accept_queue(struct records *r, bool bad)
{
	record_accepted(r)->accept_us = 3200000;
	listening(r)->accept_overflow = bad ? 1204 : 0;
	record_accepted(r);
	/* One that is gone concerns nobody. */
	if (!bad) {
		listening(r)->accept_overflow = 10;
		record_closed(r, &r->conn[r->nr - 1], CLOSED_BY(LISTENER));
	}
}

static void syn_queue(struct records *r, bool bad)
{
	struct conn *c = listening(r);

	if (!bad)
		return;
	c->syn_overflow = 31;
	c->cookies_sent = 400;
	c->cookies_valid = 395;
}

/* Others to the same destination, so that it is below the share: all but one of a hundred. */
static void connects(struct records *r, bool bad, uint8_t close)
{
	int i;

	for (i = 0; i < 3; i++)
		record_closed(r, connecting(r), close);
	for (i = 0; !bad && i < 300; i++)
		record_connect(r);
	connecting(r);
}

static void refused(struct records *r, bool bad)
{
	connects(r, bad, CLOSED_BY(REFUSED));
}

static void unreachable(struct records *r, bool bad)
{
	connects(r, bad, CLOSED_BY(UNREACHABLE));
}

static void timed_out(struct records *r, bool bad)
{
	connects(r, bad, CLOSED_BY(TIMED_OUT));
}

/* The range of the test is 40000 to 40099. */
static void ports(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < 95; i++) {
		c = record_connect(r);
		c->local_port = 40000 + i;
		if (i % 2 && bad)
			continue;
		c->first = TCP_LIFECYCLE_FIRST_LOCAL;
		c->close = CLOSED_BY(FIN);
		c->age_us = 10 * SECOND;
		add(r, c, SECOND, S(ESTABLISHED), S(TIME_WAIT), C(CLOSE));
		/* With timestamps, and tcp_tw_reuse, connect() takes them again. */
		if (!bad && i >= 49)
			c->agreed = TCP_LIFECYCLE_OPT_TIMESTAMPS;
	}
	if (bad)
		record_closed(r, connecting(r), CLOSED_BY(NOT_SENT))->local_port = 0;
}

static void syn_loss(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < 3; i++) {
		c = connecting(r);
		note(r, c, 1000, C(TIMER_RTO_SYN), 2);
		add(r, c, SECOND, S(SYN_SENT), bad || i ? S(ESTABLISHED) : S(CLOSED),
		    C(SYN_ACK_RECEIVED));
	}
}

static void syn_ack_loss(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < 3; i++) {
		c = requested(r);
		note(r, c, SECOND, C(TIMER_SYN_ACK), 1);
		if (!bad)
			note(r, c, SECOND, i ? C(ACK_DEFERRED) : C(ACCEPT_QUEUE_FULL), 1);
		add(r, c, SECOND, S(NEW_SYN_RECV), S(ESTABLISHED), C(ACK_RECEIVED));
		owned(c, "java", 4711, C(ACCEPTED));
	}
}

static void resets(struct records *r, uint8_t close, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		record_closed(r, record_accepted(r), close);
	for (i = 0; i < 30; i++)
		record_closed(r, record_accepted(r), CLOSED_BY(FIN));
}

static void reset_unread(struct records *r, bool bad)
{
	resets(r, CLOSED_BY(RST_UNREAD), bad ? 3 : 2);
}

static void reset_late_data(struct records *r, bool bad)
{
	resets(r, CLOSED_BY(RST_LATE_DATA), bad ? 3 : 2);
}

static void reset_linger(struct records *r, bool bad)
{
	resets(r, CLOSED_BY(RST_LINGER), bad ? 10 : 9);
}

static void reset_received(struct records *r, bool bad)
{
	resets(r, CLOSED_BY(RST_RECEIVED), bad ? 10 : 9);
}

static void with_mss(struct conn *c, uint16_t mss, uint8_t by)
{
	c->has |= A(MSS_EFF_BYTES) | A(MSS_EFF_BY);
	c->mss_eff_bytes = mss;
	c->mss_eff_by = by;
}

static void mss_cookie(struct records *r, bool bad)
{
	int i;

	for (i = 0; i < 3; i++) {
		record_accepted(r)->open = TCP_LIFECYCLE_OPEN_SYNCOOKIE;
		with_mss(&r->conn[r->nr - 1], 536, bad || i ? TCP_LIFECYCLE_MSS_BY_COOKIE :
			 TCP_LIFECYCLE_MSS_BY_WINDOW);
	}
}

static void mss_pmtu(struct records *r, bool bad)
{
	struct entry *e;
	struct conn *c;
	int i;

	for (i = 0; i < 3; i++) {
		c = record_connect(r);
		with_mss(c, 1348, bad && i == 1 ? TCP_LIFECYCLE_MSS_BY_PMTU :
			 TCP_LIFECYCLE_MSS_BY_MTU);
		e = note(r, c, SECOND, C(MSS_CHANGED), 1);
		e->mss_old_bytes = i == 1 ? 1348 : 1448;
		e->mss_new_bytes = i == 1 ? 1448 : 1348;
		e->mss_by = TCP_LIFECYCLE_MSS_BY_PMTU;
	}
}

static void mss_small(struct records *r, bool bad)
{
	int i;

	for (i = 0; i < 3; i++)
		with_mss(record_accepted(r), bad || i ? 536 : 1000, TCP_LIFECYCLE_MSS_BY_PEER);
}

static void fin_wait_2(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < (bad ? 6 : 5); i++)
		record_closed(r, record_accepted(r), CLOSED_BY(FIN_WAIT_2));
	for (i = 0; i < 5; i++) {
		c = record_accepted(r);
		c->age_us = i < 4 ? 62 * SECOND : 30 * SECOND;
		add(r, c, SECOND, S(ESTABLISHED), S(FIN_WAIT_2), C(FIN_ACKED));
	}
}

static void orphans(struct records *r, bool bad)
{
	struct conn *c = record_closed(r, record_accepted(r), CLOSED_BY(ORPHAN));

	c->entry[c->nr_entries - 1].cause = bad ? C(ORPHAN_LIMIT) : C(TIMEOUT);
}

static void tw_overflow(struct records *r, bool bad)
{
	record_closed(r, record_connect(r), bad ? CLOSED_BY(TW_OVERFLOW) : CLOSED_BY(FIN));
}

static void half_open(struct records *r, bool bad)
{
	struct conn *c;
	int i;

	for (i = 0; i < 120; i++) {
		c = requested(r);
		c->age_us = 2 * SECOND;
		if (i % 2)
			record_closed(r, c, CLOSED_BY(REQUEST_TIMED_OUT));
		else if (!bad)
			c->age_us = 1000;
	}
}

static void dead_peer(struct records *r, bool bad)
{
	struct conn *c = record_connect(r);

	c->age_us = 930 * SECOND;
	note(r, c, bad ? 5 * SECOND : 871 * SECOND, C(TIMER_RTO_DATA), 16);
	record_closed(r, c, CLOSED_BY(RETRANSMIT));
}

static void self_connect(struct records *r, bool bad)
{
	struct conn *c = record_connect(r);

	if (bad)
		c->open = TCP_LIFECYCLE_OPEN_SELF;
}

const struct why_case why_cases[] = {
	{ "close-wait", close_wait },
	{ "never-accepted", never_accepted },
	{ "closed-unaccepted", closed_unaccepted },
	{ "accept-queue", accept_queue },
	{ "syn-queue", syn_queue },
	{ "connect-refused", refused },
	{ "connect-unreachable", unreachable },
	{ "connect-timed-out", timed_out },
	{ "ports", ports },
	{ "syn-loss", syn_loss },
	{ "syn-ack-loss", syn_ack_loss },
	{ "reset-unread", reset_unread },
	{ "reset-late-data", reset_late_data },
	{ "reset-linger", reset_linger },
	{ "reset-received", reset_received },
	{ "mss-cookie", mss_cookie },
	{ "mss-pmtu", mss_pmtu },
	{ "mss-small", mss_small },
	{ "fin-wait-2", fin_wait_2 },
	{ "orphans", orphans },
	{ "tw-overflow", tw_overflow },
	{ "half-open", half_open },
	{ "dead-peer", dead_peer },
	{ "self-connect", self_connect },
};

const size_t nr_why_cases = sizeof(why_cases) / sizeof(why_cases[0]);
