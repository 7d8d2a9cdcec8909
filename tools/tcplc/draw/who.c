// SPDX-License-Identifier: GPL-2.0-only
/*
 * who.c: what a process here did, and which: its part of the sentence.
 *
 * Who ended a connection is named where that was another process than the owner's.
 *
 * Pure.
 */
#include "draw/who.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

/**
 * who_owner() - the process, if it is known at a call; otherwise whose it must be
 * @out: where to
 * @c: a connection
 * @call: cause of the call: CONNECT, ACCEPTED or LISTEN
 */
void who_owner(FILE *out, const struct conn *c, uint8_t call)
{
	char name[4 * CONN_COMM_SIZE + 1];

	if (c->owner != call || !*c->comm) {
		fputs("a process here", out);
		return;
	}
	text_escape(name, sizeof(name), c->comm, strlen(c->comm));
	fputs(name, out);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_PID))
		fprintf(out, " (pid %u)", c->pid);
}

/* The process that ended it, where that was another than the owner. */
static bool has_closer(const struct conn *c)
{
	return *c->closer_comm || conn_has(c, TCP_LIFECYCLE_A_CONN_CLOSER_PID);
}

/* Its number is shown where it means something: in the namespace of the host. */
static void put_closer(FILE *out, const struct conn *c, bool begins)
{
	char name[4 * CONN_COMM_SIZE + 1];

	text_escape(name, sizeof(name), c->closer_comm, strlen(c->closer_comm));
	fputs(begins ? "Process" : "process", out);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_CLOSER_PID))
		fprintf(out, " %u (%s)", c->closer_pid, name);
	else
		fprintf(out, " %s", name);
}

/* "the process", or which one, where the owner is another. */
static void put_process(FILE *out, const struct conn *c, bool begins)
{
	if (has_closer(c))
		put_closer(out, c, begins);
	else
		fputs(begins ? "The process" : "the process", out);
}

/* Whose call it was, where it was not the owner's. */
static void put_by(FILE *out, const struct conn *c)
{
	if (!has_closer(c))
		return;
	fputs(" by ", out);
	put_closer(out, c, false);
}

/**
 * who_reset() - it ended with an RST from here
 * @out: where to
 * @c: a connection
 * @why: with what
 */
void who_reset(FILE *out, const struct conn *c, const char *why)
{
	const struct entry *e = conn_last_move(c);

	fputs("It ended with an RST from this side: ", out);
	if (e && e->cause == C(EXIT)) {
		put_process(out, c, false);
		fputs(" ended", out);
	} else if (e && e->cause == C(KILLED)) {
		put_process(out, c, false);
		fputs(" was killed", out);
	} else if (has_closer(c)) {
		put_process(out, c, false);
		fputs(" closed it", out);
	} else {
		fputs("this side closed it", out);
	}
	fprintf(out, " %s.", why);
}

/**
 * who_silent() - without a segment: in repair mode, or with SO_LINGER 0 behind its FIN
 * @out: where to
 * @c: a connection
 */
void who_silent(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	fputs("It was closed", out);
	put_by(out, c);
	if (!e || e->cause == C(SILENT))
		fputs(" in repair mode (TCP_REPAIR): nothing was sent to the peer.", out);
	else
		fputs(" with SO_LINGER set to 0 after its FIN: nothing more was sent to the peer.",
		      out);
}

/**
 * who_aborted() - from outside
 * @out: where to
 * @c: a connection
 */
void who_aborted(FILE *out, const struct conn *c)
{
	fputs("It was aborted on this side from outside,", out);
	if (has_closer(c))
		put_by(out, c);
	else
		fputs(" for example by ss -K or a BPF program", out);
	putc('.', out);
}

/**
 * who_disconnected() - by connect(AF_UNSPEC)
 * @out: where to
 * @c: a connection
 */
void who_disconnected(FILE *out, const struct conn *c)
{
	fputs("It ended when ", out);
	if (has_closer(c))
		put_process(out, c, false);
	else
		fputs("this side", out);
	fputs(" disconnected it with connect(AF_UNSPEC).", out);
}

/**
 * who_left_it() - the listener it came through was closed
 * @out: where to
 * @c: a connection
 */
void who_left_it(FILE *out, const struct conn *c)
{
	fputs("The listener was closed", out);
	put_by(out, c);
	fputs(" before the connection was accepted.", out);
}

/**
 * who_cancelled() - while it was opening
 * @out: where to
 * @c: a connection
 */
void who_cancelled(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	if (e && e->cause == C(EXIT)) {
		put_process(out, c, true);
		fputs(" ended", out);
	} else if (e && e->cause == C(KILLED)) {
		put_process(out, c, true);
		fputs(" was killed", out);
	} else if (has_closer(c)) {
		put_process(out, c, true);
		fputs(" gave it up", out);
	} else {
		fputs("The caller gave up", out);
	}
	fputs(" before an answer came.", out);
}

/**
 * who_closed_listener() - how a listener ended
 * @out: where to
 * @c: a listener
 */
void who_closed_listener(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	if (e && (e->cause == C(EXIT) || e->cause == C(KILLED))) {
		fputs("It was closed when ", out);
		put_process(out, c, false);
		fputs(e->cause == C(EXIT) ? " ended." : " was killed.", out);
		return;
	}
	fputs("It was closed on this side", out);
	put_by(out, c);
	putc('.', out);
}

/**
 * who_closed() - the call, or its absence, by which our side was the first to close
 * @out: where to
 * @c: a connection
 */
void who_closed(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_entered(c, S(FIN_WAIT_1));

	switch (e ? e->cause : C(UNKNOWN)) {
	case C(CLOSE):
		fputs(", with close()", out);
		put_by(out, c);
		break;
	case C(SHUTDOWN):
		fputs(", with shutdown()", out);
		put_by(out, c);
		break;
	case C(SUBFLOW_CLOSED):
		fputs(", because MPTCP removed this subflow and kept the connection open", out);
		break;
	case C(SILENT):
		fputs(", in repair mode (TCP_REPAIR)", out);
		put_by(out, c);
		break;
	case C(EXIT):
		fputs(", when ", out);
		put_process(out, c, false);
		fputs(" ended", out);
		break;
	case C(KILLED):
		fputs(", when ", out);
		put_process(out, c, false);
		fputs(" was killed", out);
		break;
	}
}
