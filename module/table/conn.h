/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conn.h: the table of records.
 *
 * Locks of the module:
 *
 * lock         type          protects                   taken from        nests
 * chain.lock   raw spinlock  a hash chain and every     handlers, irqs    all below
 *                            record in it               off; readers;     down to
 *                                                       ageing; census    party.c
 * a CPU's      raw spinlock  its free records           as above          pool.lock
 * (pool.c)
 * pool.lock    raw spinlock  the others that are free   as above          -
 * a CPU's      raw spinlock  those that ended on it     as above          -
 * (dead.c)
 * untold.lock  raw spinlock  those who listen have yet  as above          a CPU's
 *                            to be told of                                 (dead.c)
 * a bucket's   raw spinlock  which records are one      handlers, irqs    -
 * (party.c)                  MPTCP connection           off; ageing
 *
 * lock         mutex         whether works are queued   process           -
 * (publish.c)
 * lock         mutex         the list of those who      process;          -
 * (audience.c)               may listen                 netns init, exit
 * telling      mutex         what one of them is told,  process;          -
 * (audience.h)               and that he is gone        netns exit
 * config_lock  mutex         what config-set changes    netlink requests  -
 *
 * Those down to party.c are raw because a handler may run where PREEMPT_RT must not
 * sleep.  No two of the chains' locks are ever held together.  The kernel's locks of
 * its own tables of sockets are outside of them: some probed functions are called
 * with one held, and the census holds one as it comes here.
 */
#ifndef TLC_CONN_H
#define TLC_CONN_H

#include "life/record.h"
#include "params.h"
#include "table/pool.h"
#include "table/usage.h"
#include "totals/books.h"
#include "totals/lives.h"

/**
 * typedef tlc_want_fn - is this one wanted?
 * @rec: record, the lock of its chain held
 * @arg: the asker's
 */
typedef bool (*tlc_want_fn)(const struct tlc_record *rec, const void *arg);

int tlc_conn_init(const struct tlc_params *params, bool (*missed)(void));
void tlc_conn_exit(void);
bool tlc_conn_any_ended(void);
bool tlc_conn_next_ended(u64 died_by, struct tlc_record *out);
u64 tlc_conn_deliver(const struct tlc_event *ev, tlc_ident_fn ident,
		     const void *obj, struct tlc_books __percpu *books);
bool tlc_conn_tell(const struct tlc_event *ev, u64 key, u64 *listener);
bool tlc_conn_inherit(u64 cookie, struct tlc_event *ev);
bool tlc_conn_read(unsigned int slot, tlc_want_fn want, const void *arg,
		   struct tlc_record *out);
bool tlc_conn_end_unseen(unsigned int slot, u64 quiet_since, const struct tlc_event *ev);
bool tlc_conn_lives(unsigned int slot);
int tlc_conn_sum(struct tlc_lives *sum);
int tlc_conn_slot(const struct tlc_event *ev, tlc_ident_fn ident, const void *obj);
bool tlc_conn_find(u64 cookie, tlc_want_fn want, const void *arg,
		   struct tlc_record *out);
void tlc_conn_configure(struct tlc_filter *fresh, unsigned int retention);
void tlc_conn_config(struct tlc_params *params);

#endif /* TLC_CONN_H */
