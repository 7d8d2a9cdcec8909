// SPDX-License-Identifier: GPL-2.0-only
/*
 * opened.c: how a connection was opened, in plain English.
 *
 * Pure.
 */
#include "draw/opened.h"

#include <inttypes.h>

#include "base/names.h"
#include "base/text.h"
#include "draw/fired.h"
#include "draw/who.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define OPEN(name) TCP_LIFECYCLE_OPEN_##name
#define CLOSE(name) TCP_LIFECYCLE_CLOSE_##name

static bool by_us(const struct conn *c)
{
	return c->nr_entries && c->entry[0].from == S(CLOSED);
}

/**
 * opened_fully() - was the handshake completed?
 * @c: a connection with its entries
 *
 * A state that only follows on it tells, too.
 */
bool opened_fully(const struct conn *c)
{
	return conn_has(c, TCP_LIFECYCLE_A_CONN_MSS_EFF_BYTES) ||
	       conn_entered(c, S(ESTABLISHED)) || conn_entered(c, S(FIN_WAIT_1)) ||
	       conn_entered(c, S(CLOSE_WAIT)) || c->state == S(ESTABLISHED);
}

static void put_rtt(FILE *out, const struct conn *c, const char *before)
{
	char buf[TEXT_DURATION_SIZE];

	if (conn_has(c, TCP_LIFECYCLE_A_CONN_RTT_US))
		fprintf(out, "%s%s", before, text_duration(buf, c->rtt_us));
}

static void put_active(FILE *out, const struct conn *c)
{
	fputs("This side opened it: ", out);
	who_owner(out, c, C(CONNECT));
	if (c->close == CLOSE(NOT_SENT)) {
		fputs(" called connect().", out);
	} else if (opened_fully(c)) {
		fputs(" connected, and the SYN was answered", out);
		put_rtt(out, c, " in ");
		putc('.', out);
	} else if (conn_dead(c)) {
		fputs(" called connect(), but the connection was never established.", out);
	} else {
		fputs(" called connect(), and no answer has come yet.", out);
	}
}

static void put_passive(FILE *out, const struct conn *c)
{
	bool deferred = fired_count(c, C(ACK_DEFERRED));

	fputs("The peer opened it: a listener here received its SYN, and ", out);
	if (opened_fully(c)) {
		fputs("the handshake completed", out);
		put_rtt(out, c, " in ");
		if (deferred)
			fputs("; TCP_DEFER_ACCEPT made it wait for data", out);
	} else if (deferred) {
		fputs("the SYN-ACK was acknowledged", out);
		put_rtt(out, c, " in ");
		fputs(conn_dead(c) ? ", but TCP_DEFER_ACCEPT made it wait for data" :
				     "; TCP_DEFER_ACCEPT makes it wait for data", out);
	} else if (conn_dead(c)) {
		fputs("the handshake never completed", out);
	} else {
		fputs("the handshake is not complete yet", out);
	}
	putc('.', out);
}

/* Without the ACK of the SYN-ACK; data came and went nevertheless. */
static void put_fast_open(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	fprintf(out, "%s opened it with TCP Fast Open: the SYN carried data",
		by_us(c) ? "This side" : "The peer");
	if (conn_dead(c) && e && (e->from == S(SYN_RECV) || c->close == CLOSE(REQUEST_RESET)))
		fputs(", and the handshake never completed", out);
	putc('.', out);
}

static void put_listener(FILE *out, const struct conn *c)
{
	fputs("It is a listener: ", out);
	who_owner(out, c, C(LISTEN));
	fputs(" called listen()", out);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_BACKLOG))
		fprintf(out, " with a backlog of %u", c->backlog);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_ACCEPTED))
		fprintf(out, "; %u connection%s accepted", c->accepted,
			c->accepted == 1 ? "" : "s");
	putc('.', out);
}

/**
 * opened_print() - say it
 * @out: where to
 * @c: a connection with its entries
 */
void opened_print(FILE *out, const struct conn *c)
{
	switch (c->open) {
	case OPEN(ACTIVE):
		put_active(out, c);
		return;
	case OPEN(PASSIVE):
		put_passive(out, c);
		return;
	case OPEN(SIMULTANEOUS):
		fputs("Both ends opened it: their SYNs crossed.", out);
		return;
	case OPEN(SELF):
		who_owner(out, c, C(CONNECT));
		fputs(" connected the socket to itself: its own SYN came back to it.", out);
		return;
	case OPEN(RESTORED):
		who_owner(out, c, C(CONNECT));
		fputs(" restored it in repair mode (TCP_REPAIR), without a handshake; its earlier life belongs to another socket.",
		      out);
		return;
	case OPEN(SYNCOOKIE):
		fputs("The peer opened it through a SYN cookie, so nothing before the last ACK of the handshake was recorded.",
		      out);
		return;
	case OPEN(FASTOPEN):
		put_fast_open(out, c);
		return;
	case OPEN(LISTENER):
		put_listener(out, c);
		return;
	case OPEN(PREEXISTING):
		fputs("It is older than the module, so how it was opened is not known.",
		      out);
		return;
	}
	fputs("How it was opened is not known: its beginning was not recorded.", out);
}
