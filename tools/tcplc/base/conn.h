/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conn.h: a record, as it came out of a message.
 *
 * Owns: struct conn, struct entry, struct batch.
 * Used by: everything that filters, prints or counts records.
 * Must not: hold a pointer into a message, or guess what a message left out.
 */
#ifndef TCPLC_CONN_H
#define TCPLC_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include <linux/tcp_lifecycle.h>

#include "base/fields.h"

#define CONN_COMM_SIZE 64	/* the kernel has 16; room for a longer one */
#define CONN_MAX_ENTRIES 1024	/* in one record; the kernel has a few dozens */

struct place;

/* One bit for each attribute of a connection, of which there are more than 64. */
typedef unsigned __int128 conn_mask;
#define CONN_BIT(attr) ((conn_mask)1 << (attr))

/**
 * struct entry - one thing that happened
 * @has: bit 1 << TCP_LIFECYCLE_A_ENTRY_x: the attribute was there
 *
 * The others are the attributes of the spec; times in microseconds since the
 * start of the record, @length in milliseconds.
 */
struct entry {
	uint32_t has;
	uint32_t seq;
	uint32_t ack;
	uint32_t count;
	uint32_t length_ms;
	uint64_t at_us;
	uint64_t in_us;
	uint64_t last_us;
	uint8_t cause;
	uint8_t from;
	uint8_t to;
	uint16_t mss_old_bytes;
	uint16_t mss_new_bytes;
	uint8_t mss_by;
	uint8_t nth;
	uint8_t reason;
	uint8_t limit;
	bool gap;
	bool illegal;
	uint8_t replaces;
};

/**
 * struct addr - an address
 * @len: 4, 16, or 0 if it is not known
 * @byte: in network order
 */
struct addr {
	uint8_t len;
	uint8_t byte[16];
};

/**
 * struct conn - one record, or what an event tells of it
 * @has: CONN_BIT(TCP_LIFECYCLE_A_CONN_x): the attribute was there
 * @comm: any bytes, ended by a NUL, as @thread and @closer_comm
 * @place: where its owner ran, of a record out of a file; NULL: the kernel is to be asked,
 *	see place_of()
 * @entry: the life, in order of time; an event has one
 * @nr_entries: how many
 *
 * The others are the attributes of the spec: @start in nanoseconds since
 * 1970, @boot_start since the boot, @tw_planned in milliseconds, @age, @lived,
 * @rtt, @accept_wait and @tw_actual in microseconds.  What is absent is 0.
 */
struct conn {
	conn_mask has;
	uint64_t age_us;
	uint64_t lived_us;
	uint64_t cgroup;
	uint64_t listener;
	uint64_t mptcp;
	uint64_t tx_bytes;
	uint64_t rx_bytes;
	uint64_t after_fin_bytes;
	uint64_t ended_seq;
	uint64_t ended_lost;
	uint64_t tw_actual_us;
	uint32_t isn;
	uint32_t peer_isn;
	uint32_t fin;
	uint32_t peer_fin;
	uint32_t rtt_us;
	uint32_t pid;
	uint32_t closer_pid;
	uint32_t uid;
	uint32_t accept_us;
	uint32_t tx_segs;
	uint32_t rx_segs;
	uint32_t retrans;
	uint32_t tw_planned_ms;
	uint32_t backlog;
	uint32_t accepted;
	uint32_t syn_overflow;
	uint32_t accept_overflow;
	uint32_t cookies_sent;
	uint32_t cookies_valid;
	uint32_t dropped;
	uint32_t gaps;
	uint16_t mss_adv_bytes;
	uint16_t mss_rcv_bytes;
	uint16_t mss_eff_bytes;
	uint16_t offered;
	uint16_t agreed;
	uint8_t state;
	uint8_t open;
	uint8_t close;
	uint8_t first;
	uint8_t mss_adv_by;
	uint8_t mss_eff_by;
	uint8_t wscale_local;
	uint8_t wscale_peer;
	uint8_t owner;
	bool mss_absent;
	bool found;
	char comm[CONN_COMM_SIZE];
	char thread[CONN_COMM_SIZE];
	char closer_comm[CONN_COMM_SIZE];
	struct place *place;
	struct entry *entry;
	unsigned int nr_entries;
	/* Whose it is, in one piece and without a hole: see CONN_IDENTITY. */
	uint64_t cookie;
	uint64_t start_ns;
	uint64_t boot_start_ns;
	uint32_t generation;
	uint32_t netns;
	uint32_t ifindex;
	uint16_t local_port;
	uint16_t remote_port;
	uint8_t family;
	struct addr local;
	struct addr remote;
};

/*
 * A connection makes a dozen events, and most of each says whose it is.  Who reads or writes
 * that keeps what it came to, for as many connections as may be under way at once.  Each
 * processor gives out cookies one after the other, of 4096 it has taken for itself.
 */
#define CONN_IDENTITY_KEPT 1024
#define CONN_IDENTITY_SLOT(cookie) (((cookie) ^ (cookie) >> 12) % CONN_IDENTITY_KEPT)

#define CONN_IDENTITY_BIT(attr, carried, words, member) | CONN_BIT(TCP_LIFECYCLE_A_CONN_##attr)
#define CONN_IDENTITY (0 FIELDS_IDENTITY(CONN_IDENTITY_BIT))

/* Where it is in a struct conn, in one piece. */
#define CONN_IDENTITY_AT offsetof(struct conn, cookie)
#define CONN_IDENTITY_SIZE (offsetof(struct conn, remote) + sizeof(struct addr) - CONN_IDENTITY_AT)

#define CONN_IDENTITY_IS_WITHIN(attr, carried, words, member) \
	_Static_assert(offsetof(struct conn, member) >= CONN_IDENTITY_AT && \
		       offsetof(struct conn, member) < CONN_IDENTITY_AT + CONN_IDENTITY_SIZE, #member);
FIELDS_IDENTITY(CONN_IDENTITY_IS_WITHIN)

/**
 * struct batch - what one message has in addition to its events, or its ended connection
 * @seq: number of the first in it
 * @lost: those the kernel lost, in all
 * @nr: how many are in it
 * @has_seq: @seq was there
 */
struct batch {
	uint64_t seq;
	uint64_t lost;
	unsigned int nr;
	bool has_seq;
};

/**
 * typedef conn_event_fn - takes one event
 * @event: the connection, as far as the event tells, and one entry; or none,
 *	if the message was malformed
 * @seq: its number
 * @data: as given
 *
 * Return: 0 to go on, anything else ends conn_parse_batch() with it.
 */
typedef int (*conn_event_fn)(const struct conn *event, uint64_t seq, void *data);

static inline bool conn_has(const struct conn *c, unsigned int attr)
{
	return c->has & CONN_BIT(attr);
}

static inline bool entry_has(const struct entry *e, unsigned int attr)
{
	return e->has & 1U << attr;
}

/* Does it change the state, or happen within one? */
static inline bool entry_moves(const struct entry *e)
{
	return e->from != e->to;
}

/* It has ended: nothing will happen to it any more. */
static inline bool conn_dead(const struct conn *c)
{
	return c->state == TCP_LIFECYCLE_STATE_CLOSED;
}

/* Its socket is older than the module: when it began is not known. */
static inline bool conn_older(const struct conn *c)
{
	return c->found || c->open == TCP_LIFECYCLE_OPEN_PREEXISTING;
}

int conn_parse(const struct nlmsghdr *nlh, struct conn *c);
int conn_parse_ended(const struct nlmsghdr *nlh, struct batch *b, struct conn *c);
int conn_parse_batch(const struct nlmsghdr *nlh, struct batch *b,
		     conn_event_fn fn, void *data);
void conn_free(struct conn *c);
const struct entry *conn_entered(const struct conn *c, uint8_t state);
const struct entry *conn_last_move(const struct conn *c);

#endif /* TCPLC_CONN_H */
