/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * key.h: what a rule counts by: an end of a connection, a process, a listener.
 *
 * Owns: struct key, how it is made of a record, and how it is written.
 * Used by: tally.c, each rule_*.c, story.c, finding.c.
 * Must not: be made otherwise than by key_begin(): two of them are compared byte by byte.
 */
#ifndef TCPLC_WHY_KEY_H
#define TCPLC_WHY_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conn.h"
#include "base/ends.h"
#include "base/place.h"

/* enum key_side - which side of a service this host is on */
enum key_side {
	KEY_ANY,	/* it does not matter */
	KEY_CLIENT,	/* this host connected: the key is the remote end */
	KEY_SERVER,	/* it was connected to: the key is the local end */
	KEY_UNKNOWN,	/* who opened it is not known: the key is the remote address */
};

/**
 * struct key - what is counted by
 * @cookie: a listener; 0: none
 * @netns: its network namespace
 * @ifindex: interface of a link-local @addr; 0: none
 * @pid: a process; 0: not known, or not part of the key
 * @port: of @addr; 0: not part of the key
 * @family: of @addr
 * @side: enum key_side
 * @kind: whatever else a rule tells apart
 * @addr: an address; its len is 0 where it is not part of the key
 * @local: the local address beside a remote @addr; likewise
 * @comm: name of a process; empty: not known, or not part of the key
 * @place: where that process ran; NULL: not known, or not part of the key
 */
struct key {
	uint64_t cookie;
	uint32_t netns;
	uint32_t ifindex;
	uint32_t pid;
	uint16_t port;
	uint8_t family;
	uint8_t side;
	uint8_t kind;
	struct addr addr;
	struct addr local;
	char comm[CONN_COMM_SIZE];
	const struct place *place;
};

#define KEY_WHO_SIZE (4 * CONN_COMM_SIZE + PLACE_TEXT_SIZE + 32)

void key_begin(struct key *k, const struct conn *c);
void key_remote(struct key *k, const struct conn *c);
void key_remote_host(struct key *k, const struct conn *c);
void key_local_host(struct key *k, const struct conn *c);
void key_local(struct key *k, const struct conn *c);
void key_owner(struct key *k, const struct conn *c);
void key_closer(struct key *k, const struct conn *c);
void key_service(struct key *k, const struct conn *c);
const char *key_end(char *out, const struct key *k);
const char *key_who(char *out, const struct key *k);

/* For one statement; the text lives as long as the block around it. */
#define KEY_END(k) key_end((char [ENDS_SIZE]){ 0 }, k)
#define KEY_WHO(k) key_who((char [KEY_WHO_SIZE]){ 0 }, k)

#endif /* TCPLC_WHY_KEY_H */
