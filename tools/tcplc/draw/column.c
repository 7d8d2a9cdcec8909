// SPDX-License-Identifier: GPL-2.0
/*
 * column.c: what can be shown of a connection in a column.
 */
#include "draw/column.h"

#include <string.h>

#include <linux/kernel.h>

#include "base/clock.h"
#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"

static void get_id(struct table_cell *cell, char *out, const struct conn *c)
{
	cell->text = text_id(out, c);
}

static void get_state(struct table_cell *cell, char *out, const struct conn *c)
{
	(void)out;
	cell->text = names_word(NAMES_STATE, c->state);
	cell->color = text_state_color(c->state);
}

static void get_local(struct table_cell *cell, char *out, const struct conn *c)
{
	cell->text = ends_local(out, c);
}

static void get_remote(struct table_cell *cell, char *out, const struct conn *c)
{
	cell->text = ends_remote(out, c);
}

static void get_open(struct table_cell *cell, char *out, const struct conn *c)
{
	(void)out;
	cell->text = names_word(NAMES_OPEN, c->open);
}

static void get_close(struct table_cell *cell, char *out, const struct conn *c)
{
	(void)out;
	cell->text = names_word(NAMES_CLOSE, c->close);
	cell->color = text_close_color(c->close);
}

static void get_first(struct table_cell *cell, char *out, const struct conn *c)
{
	(void)out;
	cell->text = names_word(NAMES_FIRST, c->first);
}

/* Of a socket older than the module only a bound is known. */
static void get_start(struct table_cell *cell, char *out, const struct conn *c)
{
	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_START_NS))
		return;
	cell->text = out;
	if (conn_older(c))
		*out++ = '<';
	text_time(out, c->start_ns, clock_now() / 1000000000);
}

static void get_lived(struct table_cell *cell, char *out, const struct conn *c)
{
	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_LIVED_US))
		return;
	cell->text = out;
	if (conn_older(c))
		*out++ = '>';
	text_duration(out, c->lived_us);
}

static void get_who(struct table_cell *cell, char *out, const struct conn *c)
{
	size_t len;

	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_COMM))
		return;
	len = text_escape(out, COLUMN_TEXT_SIZE - 24, c->comm, strlen(c->comm));
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_PID))
		text_number(stpcpy(out + len, "/"), c->pid, 10);
	cell->text = out;
}

#define GET(attr, member, put) \
	static void get_##member(struct table_cell *cell, char *out, const struct conn *c) \
	{ \
		if (!conn_has(c, TCP_LIFECYCLE_A_CONN_##attr)) \
			return; \
		put(out, c->member); \
		cell->text = out; \
	}
#define put_number(out, value) text_number(out, value, 10)

GET(RTT_US, rtt_us, text_duration)
GET(MSS_EFF_BYTES, mss_eff_bytes, put_number)
GET(TX_BYTES, tx_bytes, text_bytes)
GET(RX_BYTES, rx_bytes, text_bytes)
GET(RETRANS, retrans, put_number)
GET(NETNS, netns, put_number)
GET(BACKLOG, backlog, put_number)
GET(ACCEPTED, accepted, put_number)
GET(SYN_OVERFLOW, syn_overflow, put_number)
GET(ACCEPT_OVERFLOW, accept_overflow, put_number)
GET(COOKIES_SENT, cookies_sent, put_number)
GET(COOKIES_VALID, cookies_valid, put_number)

/* What should be 0. */
#define GET_BAD(member) \
	static void get_bad_##member(struct table_cell *cell, char *out, const struct conn *c) \
	{ \
		get_##member(cell, out, c); \
		cell->color = c->member ? TEXT_BAD : TEXT_PLAIN; \
	}

GET_BAD(syn_overflow)
GET_BAD(accept_overflow)

static const struct column columns[] = {
	[COLUMN_ID] = { "ID", "id", NULL, false, NULL, get_id },
	[COLUMN_STATE] = { "STATE", "state", NULL, false, NULL, get_state },
	[COLUMN_LOCAL] = { "LOCAL", "local", NULL, false, ends_shorten, get_local },
	[COLUMN_REMOTE] = { "REMOTE", "remote", NULL, false, ends_shorten, get_remote },
	[COLUMN_OPEN] = { "OPEN", "open", NULL, false, NULL, get_open },
	[COLUMN_CLOSE] = { "CLOSE", "close", NULL, false, NULL, get_close },
	[COLUMN_FIRST] = { "FIRST", "first", NULL, false, NULL, get_first },
	[COLUMN_START] = { "START", "start_ns", "ns", true, NULL, get_start },
	[COLUMN_LIVED] = { "LIVED", "lived_us", "us", true, NULL, get_lived },
	[COLUMN_RTT] = { "RTT", "rtt_us", "us", true, NULL, get_rtt_us },
	[COLUMN_MSS] = { "MSS", "mss_eff_bytes", "bytes", true, NULL, get_mss_eff_bytes },
	[COLUMN_TX] = { "TX", "tx_bytes", "bytes", true, NULL, get_tx_bytes },
	[COLUMN_RX] = { "RX", "rx_bytes", "bytes", true, NULL, get_rx_bytes },
	[COLUMN_RETRANS] = { "RETRANS", "retrans", NULL, true, NULL, get_retrans },
	[COLUMN_WHO] = { "WHO", "comm", NULL, false, NULL, get_who },
	[COLUMN_NETNS] = { "NETNS", "netns", NULL, true, NULL, get_netns },
	[COLUMN_BACKLOG] = { "BACKLOG", "backlog", NULL, true, NULL, get_backlog },
	[COLUMN_ACCEPTED] = { "ACCEPTED", "accepted", NULL, true, NULL, get_accepted },
	[COLUMN_SYN_FULL] = { "SYN-FULL", "syn_overflow", NULL, true, NULL,
			      get_bad_syn_overflow },
	[COLUMN_ACCEPT_FULL] = { "ACCEPT-FULL", "accept_overflow", NULL, true, NULL,
				 get_bad_accept_overflow },
	[COLUMN_COOKIES] = { "COOKIES", "cookies_sent", NULL, true, NULL, get_cookies_sent },
	[COLUMN_VALID] = { "VALID", "cookies_valid", NULL, true, NULL, get_cookies_valid },
};

_Static_assert(ARRAY_SIZE(columns) == COLUMN_COUNT, "a column that is not in the table");

/**
 * column_of() - one of them
 * @id: which
 */
const struct column *column_of(enum column_id id)
{
	return &columns[id];
}
