// SPDX-License-Identifier: GPL-2.0-only
/*
 * column.c: what can be shown of a connection in a column.
 */
#define _GNU_SOURCE	/* strverscmp() */
#include "draw/column.h"

#include <string.h>

#include <linux/kernel.h>

#include "base/clock.h"
#include "base/ends.h"
#include "base/moment.h"
#include "base/names.h"
#include "base/place.h"
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

static void get_where(struct table_cell *cell, char *out, const struct conn *c)
{
	cell->text = place_text(out, place_of(c));
}

/* A path may be longer than any other text here: what is cut off is marked. */
static const char *whole(char *out, const char *name)
{
	size_t len = text_escape(out, COLUMN_TEXT_SIZE, name, strlen(name));

	if (len + 4 >= COLUMN_TEXT_SIZE)
		strcpy(out + COLUMN_TEXT_SIZE - 8, "...");
	return out;
}

#define GET_PLACE(member) \
	static void get_##member(struct table_cell *cell, char *out, const struct conn *c) \
	{ \
		const struct place *p = place_of(c); \
		\
		if (p && p->member) \
			cell->text = whole(out, p->member); \
	}
GET_PLACE(unit)
GET_PLACE(slice)
GET_PLACE(container)
GET_PLACE(pod)
GET_PLACE(path)

/* What a column of numbers is sorted by. */
#define KEY(attr, member) \
	static bool key_##member(uint64_t *to, const struct conn *c) \
	{ \
		*to = c->member; \
		return conn_has(c, TCP_LIFECYCLE_A_CONN_##attr); \
	}
KEY(START_NS, start_ns)
KEY(LIVED_US, lived_us)
KEY(COOKIE, cookie)

#define GET(attr, member, put) \
	KEY(attr, member) \
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
	[COLUMN_ID] = { "ID", "id", NULL, false, NULL, get_id, key_cookie },
	[COLUMN_STATE] = { "STATE", "state", NULL, false, NULL, get_state, NULL },
	[COLUMN_LOCAL] = { "LOCAL", "local", NULL, false, ends_shorten, get_local, NULL },
	[COLUMN_REMOTE] = { "REMOTE", "remote", NULL, false, ends_shorten, get_remote, NULL },
	[COLUMN_OPEN] = { "OPEN", "open", NULL, false, NULL, get_open, NULL },
	[COLUMN_CLOSE] = { "CLOSE", "close", NULL, false, NULL, get_close, NULL },
	[COLUMN_FIRST] = { "FIRST", "first", NULL, false, NULL, get_first, NULL },
	[COLUMN_START] = { "START", "start_ns", "ns", true, NULL, get_start, key_start_ns },
	[COLUMN_LIVED] = { "LIVED", "lived_us", "us", true, NULL, get_lived, key_lived_us },
	[COLUMN_RTT] = { "RTT", "rtt_us", "us", true, NULL, get_rtt_us, key_rtt_us },
	[COLUMN_MSS] = { "MSS", "mss_eff_bytes", "bytes", true, NULL,
			 get_mss_eff_bytes, key_mss_eff_bytes },
	[COLUMN_TX] = { "TX", "tx_bytes", "bytes", true, NULL, get_tx_bytes, key_tx_bytes },
	[COLUMN_RX] = { "RX", "rx_bytes", "bytes", true, NULL, get_rx_bytes, key_rx_bytes },
	[COLUMN_RETRANS] = { "RETRANS", "retrans", NULL, true, NULL, get_retrans, key_retrans },
	[COLUMN_WHO] = { "WHO", "comm", NULL, false, NULL, get_who, NULL },
	[COLUMN_NETNS] = { "NETNS", "netns", NULL, true, NULL, get_netns, key_netns },
	[COLUMN_BACKLOG] = { "BACKLOG", "backlog", NULL, true, NULL, get_backlog, key_backlog },
	[COLUMN_ACCEPTED] = { "ACCEPTED", "accepted", NULL, true, NULL, get_accepted, key_accepted },
	[COLUMN_SYN_FULL] = { "SYN-FULL", "syn_overflow", NULL, true, NULL,
			      get_bad_syn_overflow, key_syn_overflow },
	[COLUMN_ACCEPT_FULL] = { "ACCEPT-FULL", "accept_overflow", NULL, true, NULL,
				 get_bad_accept_overflow, key_accept_overflow },
	[COLUMN_COOKIES] = { "COOKIES", "cookies_sent", NULL, true, NULL,
			     get_cookies_sent, key_cookies_sent },
	[COLUMN_VALID] = { "VALID", "cookies_valid", NULL, true, NULL,
			   get_cookies_valid, key_cookies_valid },
	[COLUMN_UNIT] = { "UNIT", "unit", NULL, false, NULL, get_unit, NULL },
	[COLUMN_SLICE] = { "SLICE", "slice", NULL, false, NULL, get_slice, NULL },
	[COLUMN_CONTAINER] = { "CONTAINER", "container", NULL, false, NULL, get_container, NULL },
	[COLUMN_POD] = { "POD", "pod", NULL, false, NULL, get_pod, NULL },
	[COLUMN_CGROUP] = { "CGROUP", "cgroup_path", NULL, false, NULL, get_path, NULL },
	[COLUMN_WHERE] = { "WHERE", "cgroup_path", NULL, false, NULL, get_where, NULL },
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

/**
 * column_find() - by the title or by the name in JSON
 * @word: in any case
 * @len: its length
 *
 * Return: NULL if there is none.
 */
const struct column *column_find(const char *word, size_t len)
{
	char name[32];
	size_t i;

	if (len >= sizeof(name))
		return NULL;
	memcpy(name, word, len);
	name[len] = '\0';
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (names_equal(name, columns[i].title) || names_equal(name, columns[i].json))
			return &columns[i];
	return NULL;
}

/**
 * column_id() - which one it is
 * @c: one of them
 */
enum column_id column_id(const struct column *c)
{
	return c - columns;
}

/**
 * column_compare() - which of two connections comes first
 * @column: sorted by this one: numbers by their value, others as text in which
 *	numbers count as such; what is not known comes first
 * @a: one
 * @b: the other
 *
 * Return: as strcmp().
 */
int column_compare(const struct column *column, const struct conn *a, const struct conn *b)
{
	char text_a[COLUMN_TEXT_SIZE], text_b[COLUMN_TEXT_SIZE];
	struct table_cell cell_a = { 0 }, cell_b = { 0 };
	bool known_a, known_b;
	uint64_t x, y;

	if (column->key) {
		known_a = column->key(&x, a);
		known_b = column->key(&y, b);
		if (!known_a || !known_b)
			return known_a - known_b;
		return x < y ? -1 : x > y;
	}
	column->get(&cell_a, text_a, a);
	column->get(&cell_b, text_b, b);
	if (!cell_a.text || !cell_b.text)
		return !cell_b.text - !cell_a.text;
	return strverscmp(cell_a.text, cell_b.text);
}
