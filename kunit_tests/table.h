/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h: a table of records, and what happens to those in it, for the suites.
 *
 * Each suite that includes this has a small table made before each of its cases.
 */
#ifndef TLC_TEST_TABLE_H
#define TLC_TEST_TABLE_H

#include <kunit/test.h>
#include <linux/time64.h>

#include "life.h"
#include "table/ageing.h"
#include "table/conn.h"
#include "totals/stats.h"

/*
 * Seconds.  The table's worker looks for the dead meanwhile, and by the real time: it
 * must find none, however long the machine is up.
 */
#define RETENTION	1000000000

static struct tlc_params params;
static struct tlc_record seen;

static void ident(const void *obj, struct tlc_ident *id)
{
	*id = *(const struct tlc_ident *)obj;
}

static const struct tlc_ident who = {
	.local = { 10, 0, 0, 1 }, .remote = { 10, 0, 0, 2 },
	.lport = 1024, .rport = 80,
};

/* As from a handler. */
static inline void hand_over(const struct tlc_event *ev, const struct tlc_ident *id)
{
	unsigned long flags;

	local_irq_save(flags);
	tlc_conn_deliver(ev, ident, id, NULL);
	local_irq_restore(flags);
}

static inline void deliver_from(u64 cookie, const struct tlc_ident *from, struct tlc_event ev)
{
	ev.cookie = cookie;
	hand_over(&ev, from);
}

static inline void deliver(u64 cookie, struct tlc_event ev)
{
	deliver_from(cookie, &who, ev);
}

static noinline_for_stack __maybe_unused void open_one(u64 cookie, u64 ticks)
{
	deliver(cookie, state(ticks, S(CLOSED), S(SYN_SENT)));
}

static noinline_for_stack __maybe_unused void end_one(u64 cookie, u64 ticks)
{
	deliver(cookie, state(ticks, S(SYN_SENT), S(CLOSED)));
}

/* Records with this cookie; the newest generation is left in seen. */
static inline unsigned int count(u64 cookie)
{
	struct tlc_record rec;
	unsigned int n = 0, i;

	for (i = 0; i < tlc_pool_slots(); i++) {
		if (!tlc_conn_read(i, NULL, NULL, &rec) || rec.cookie != cookie)
			continue;
		if (!n++ || rec.generation > seen.generation)
			seen = rec;
	}
	return n;
}

/* Connect from this port, close first, leave a timewait socket. */
static inline void leave_timewait(u64 cookie, u16 lport, u64 ticks)
{
	struct tlc_ident id = who;

	id.lport = lport;
	deliver_from(cookie, &id, state(ticks, S(CLOSED), S(SYN_SENT)));
	deliver_from(cookie, &id, state(ticks + 1, S(SYN_SENT), S(ESTABLISHED)));
	deliver_from(cookie, &id, state(ticks + 2, S(ESTABLISHED), S(FIN_WAIT_1)));
	deliver_from(cookie, &id, new_timewait(ticks + 3, S(TIME_WAIT), 60000));
	deliver_from(cookie, &id, state(ticks + 3, S(FIN_WAIT_2), S(CLOSED)));
}

static inline int table_init(struct kunit *test)
{
	int err;

	params = (struct tlc_params) { .records = 64, .retention = RETENTION };
	err = tlc_stats_init();
	return err ?: tlc_lives_init() ?: tlc_conn_init(&params, NULL);
}

static inline void table_exit(struct kunit *test)
{
	tlc_conn_exit();
	tlc_lives_exit();
	tlc_stats_exit();
}

#endif /* TLC_TEST_TABLE_H */
