/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * canary.h: connections made to see whether they are recorded.
 *
 * Owns: the trials, each with an address of its own, and what each hook should have
 * put on record by them.
 * Used by: doctor.c.
 * Must not: print, or leave the namespace that it made.
 */
#ifndef TCPLC_CANARY_H
#define TCPLC_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

#include "base/conn.h"

/* What is tried; the number is the last byte of its addresses. */
enum trial {
	TRIAL_NONE,
	TRIAL_PLAIN,		/* from listen() to TIME_WAIT and an RST there */
	TRIAL_PLAIN6,		/* its opening, over IPv6 */
	TRIAL_LATE,		/* data after close() */
	TRIAL_LATE6,
	TRIAL_LINGER,		/* SO_LINGER 0 */
	TRIAL_ABORT,		/* as ss -K */
	TRIAL_LISTEN_FAILS,
	TRIAL_COOKIE,
	TRIAL_OVERFLOW,		/* of the accept queue */
	TRIAL_RESET,		/* of a half-open request */
	TRIAL_SYN_LOST,
	TRIAL_SYN_ACK_LOST,
	TRIAL_UNREACHABLE,	/* ICMP for a half-open request */
	TRIAL_MTU,		/* ICMP, fragmentation needed */
	TRIAL_KEEPALIVE,
	TRIAL_DELAYED_ACK,
	TRIAL_FIN_WAIT_2,	/* of an orphan */
	TRIAL_LOSS_PROBE,
	TRIAL_EXPIRES,		/* the timer of a timewait socket */
	NR_TRIALS,
};

/**
 * struct trial_numbers - what the record of a trial says, for segments by hand
 * @client_port: port of the end that connected
 * @client_isn: its initial sequence number
 * @client_fin: number of its FIN
 * @server_isn: initial sequence number of the other end
 * @server_fin: number of its FIN
 * @has_isn: both initial numbers are known
 * @has_fin: both FINs are
 * @has_server_isn: that one is, of a half-open request
 */
struct trial_numbers {
	uint16_t client_port;
	uint32_t client_isn;
	uint32_t client_fin;
	uint32_t server_isn;
	uint32_t server_fin;
	bool has_isn;
	bool has_fin;
	bool has_server_isn;
};

#define CANARY_MAX_PROOFS 64

/**
 * struct canary - what was tried, and seen
 * @port: all listen on it
 * @failed: why a trial could not be made, or NULL
 * @numbers: of each trial
 * @records: records that were of a trial
 * @lit: proofs that are on record, in the order of the table
 */
struct canary {
	uint16_t port;
	const char *failed[NR_TRIALS];
	struct trial_numbers numbers[NR_TRIALS];
	unsigned int records;
	bool lit[CANARY_MAX_PROOFS];
	/* private: sockets that stay open until the end, and one of raw segments */
	int held[64];
	unsigned int nr_held;
	int raw;
	bool went_on[NR_TRIALS];
};

enum canary_verdict { CANARY_LIT, CANARY_DARK, CANARY_UNTRIED };

/* canary.c: pure */
void canary_look(struct canary *c, const struct conn *conn);
bool canary_done(const struct canary *c);
enum canary_verdict canary_verdict(const struct canary *c, const char *symbol,
				   const char **why);

/*
 * For documentation (RFC 5737): what goes to the second is lost.  Where nothing else is
 * said, a connection comes from the first address, that of TRIAL_PLAIN.
 */
#define CANARY_HERE 0xc0000200U
#define CANARY_NOWHERE 0xc6336400U

/* own_netns.c */
int canary_begin(struct canary *c, char *why, size_t size);
socklen_t canary_address(struct sockaddr_storage *to, enum trial trial, int family,
			 uint32_t net, uint16_t port);
bool canary_write(const char *path, const char *word);

/* trials.c: there */
void canary_try(struct canary *c);
void canary_go_on(struct canary *c);
void canary_end(struct canary *c);

/* wire.c: by hand */
enum { WIRE_FIN = 1, WIRE_SYN = 2, WIRE_RST = 4, WIRE_ACK = 16 };

/**
 * struct wire_segment - a TCP header over IPv4, and where it goes
 * @from: address, in network order
 * @to: likewise
 * @sport: source port
 * @dport: destination port
 * @seq: sequence number
 * @ack: acknowledgement number
 * @flags: WIRE_*
 */
struct wire_segment {
	uint32_t from;
	uint32_t to;
	uint16_t sport;
	uint16_t dport;
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;
};

int wire_open(void);
int wire_send(int raw, const struct wire_segment *s);
int wire_icmp(int raw, const struct wire_segment *about, uint8_t code, uint16_t mtu);
int wire_destroy(const struct wire_segment *s);

#endif /* TCPLC_CANARY_H */
