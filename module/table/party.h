/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * party.h: which records are subflows of one MPTCP connection.
 *
 * A process accepts, shuts down and closes the MPTCP socket; the kernel's private
 * lists alone say which TCP sockets are behind it.  So the records are linked here
 * from the moment at which the kernel names both, by a key: the address of the
 * MPTCP socket, a number that nobody follows.  The socket's cookie would not do: a
 * server's MPTCP socket is a copy of its listener's, cookie included, if that has one.
 */
#ifndef TLC_PARTY_H
#define TLC_PARTY_H

#include "life/record.h"

#define TLC_PARTY_MAX	16	/* subflows that learn of one call: twice the kernel's limit */

/**
 * struct tlc_party - subflows of one MPTCP connection
 * @nr: how many
 * @cookie: their sockets' cookies
 * @first: this one opened it; the others joined
 */
struct tlc_party {
	unsigned int nr;
	u64 cookie[TLC_PARTY_MAX];
	bool first[TLC_PARTY_MAX];
};

int tlc_party_init(unsigned int records);
void tlc_party_exit(void);
void tlc_party_enter(struct tlc_record *rec, u64 key);
void tlc_party_leave(struct tlc_record *rec);
void tlc_party_forget(u64 key);
void tlc_party_list(u64 key, struct tlc_party *party);

#endif /* TLC_PARTY_H */
