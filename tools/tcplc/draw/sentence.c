// SPDX-License-Identifier: GPL-2.0-only
/*
 * sentence.c: a life in plain English: how it opened, how it ended, who closed
 * first.
 *
 * Pure.
 */
#include "draw/sentence.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "draw/fired.h"
#include "draw/opened.h"
#include "draw/who.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define OPEN(name) TCP_LIFECYCLE_OPEN_##name
#define CLOSE(name) TCP_LIFECYCLE_CLOSE_##name
#define COUNT_MAX 65535	/* the kernel counts no further */
#define FIRST(name) TCP_LIFECYCLE_FIRST_##name

static void put_times(FILE *out, const struct conn *c, uint8_t cause,
		      const char *what)
{
	unsigned int n = fired_count(c, cause);

	/* More than COUNT_MAX cannot be told, nor what found no room. */
	if (n)
		fprintf(out, "; the %s fired %s%u time%s", what,
			n >= COUNT_MAX || c->dropped ? "at least " : "", n,
			n == 1 ? "" : "s");
}

/* Endings of which there is more to say than one string. */
static void put_fastclose(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	fputs("This side ended the MPTCP connection at once, with a fastclose", out);
	if (e && e->cause == C(EXIT))
		fputs(": the process ended", out);
	else if (e && e->cause == C(KILLED))
		fputs(": the process was killed", out);
	else if (e && e->cause == C(RST_RECEIVED))
		fputs("; the peer's answer arrived on this subflow first", out);
	putc('.', out);
}

static void put_request_reset(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	fputs("While it was half-open, ", out);
	if (e && e->cause == C(NEW_SYN))
		fputs("a SYN from the peer fell within its window; the kernel answers that with an RST.",
		      out);
	else if (e && entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ))
		fputs("the peer ended it with an RST.", out);
	else
		fputs("the peer ended it with an RST, or with a SYN within its window, to which the kernel sends an RST.",
		      out);
}

static void put_unreachable(FILE *out, const struct conn *c)
{
	const struct entry *e = conn_last_move(c);

	fputs(e && e->from == S(SYN_RECV) ?
	      "An ICMP error from the network ended it while it was half-open." :
	      "An ICMP error from the network answered the SYN.", out);
}

static void put_request_timed_out(FILE *out, const struct conn *c)
{
	fputs(fired_count(c, C(ACK_DEFERRED)) ?
	      "No data came before the retries of the SYN-ACK ran out" :
	      "The SYN-ACK was never acknowledged, and its retries ran out", out);
	put_times(out, c, C(TIMER_SYN_ACK), "SYN-ACK timer");
	putc('.', out);
}

static void put_living(FILE *out, const struct conn *c)
{
	if (c->open == OPEN(LISTENER))
		fputs("It is still listening.", out);
	else if (c->state == S(NONE))
		fputs("It has not ended, and its state is not known.", out);
	else
		fprintf(out, "It has not ended: it is in %s.",
			tlc_words_state(c->state));
}

/* Endings of which there is no more to say, nor who brought them about. */
static const char *const endings[TCP_LIFECYCLE_CLOSE_MAX + 1] = {
	[CLOSE(RST_RECEIVED)] =
		"It ended with an RST from the peer.",
	[CLOSE(RST_LATE_DATA)] =
		"It ended with an RST from this side: data arrived after this side had closed.",
	[CLOSE(REFUSED)] =
		"The peer refused it: it answered the SYN with an RST.",
	[CLOSE(NOT_SENT)] =
		"The call failed before any SYN was sent.",
	[CLOSE(REQUEST_OVERFLOW)] =
		"It was dropped half-open, because the accept queue of the listener was full.",
	[CLOSE(REQUEST_FAILED)] =
		"The last ACK of the handshake came, but no socket could be created: there was no memory, or no route to the peer.",
	[CLOSE(REQUEST_UNREACHABLE)] =
		"An ICMP error from the network ended it while it was half-open.",
	[CLOSE(FIN_WAIT_2)] =
		"It ended without a FIN from the peer: FIN_WAIT_2 lasted until tcp_fin_timeout.",
	[CLOSE(TW_OVERFLOW)] =
		"It ended early, because there was no room for a timewait socket.",
	[CLOSE(NETNS)] =
		"It ended when its network namespace was deleted.",
	[CLOSE(LISTEN_FAILED)] =
		"listen() failed, so no connection came through it.",
	[CLOSE(FASTCLOSE_RECEIVED)] =
		"The peer ended the MPTCP connection at once, with a fastclose.",
	[CLOSE(SUBFLOW_RESET)] =
		"It ended with an RST from this side: MPTCP gave up this subflow, not the whole connection.",
};

static const char *plain_close(uint8_t close)
{
	if (close <= TCP_LIFECYCLE_CLOSE_MAX && endings[close])
		return endings[close];
	return NULL;
}

static const char *some(unsigned int n)
{
	return n == 1 ? "a hook" : "hooks";
}

/*
 * Was it the kernel that does not tell, or did a hook not get to tell?  Of hooks only
 * what they are now is known.
 */
static void put_unknown(FILE *out, const struct conn *c, const struct losses *l)
{
	const struct entry *e = conn_last_move(c);

	fputs("How it ended is not known: ", out);
	if (e && e->cause == C(MISSED))
		fputs("no hook saw it end, and that was noticed later.", out);
	else if (c->gaps)
		fputs("something before its end was missed.", out);
	else if (!l || !l->known)
		fputs("the kernel gives no reason, or a hook was off, absent or did not run.", out);
	else if (l->off)
		fprintf(out, "%s that could have recorded it %s off; see tcplc doctor.",
			some(l->off), l->off == 1 ? "is" : "are");
	else if (l->absent)
		fprintf(out, "this kernel lacks %s that could have recorded it; see tcplc doctor.",
			some(l->absent));
	else if (l->missed)
		fprintf(out, "the kernel gives no reason, or its end is among the %" PRIu64
			" hits whose hook could not run.", l->missed);
	else if (!l->has_missed)
		fputs("the kernel gives no reason, or a hook could not run; that count needs CAP_NET_ADMIN on the host.",
		      out);
	else
		fputs("no hook is off or missing and no hit was missed, so the kernel gives no reason, unless a hook was off at the time.",
		      out);
}

/* What came of TIME_WAIT, which does not change how the connection ended. */
static void put_timewait(FILE *out, const struct conn *c)
{
	char buf[TEXT_DURATION_SIZE];
	const struct entry *e = conn_last_move(c);

	if (!e || e->from != S(TIME_WAIT) || e->to != S(CLOSED))
		return;
	fputs(" TIME_WAIT", out);
	if (conn_has(c, TCP_LIFECYCLE_A_CONN_TW_ACTUAL_US))
		fprintf(out, " lasted %s and", text_duration(buf, c->tw_actual_us));
	switch (e->cause) {
	case C(2MSL_EXPIRED):
		fputs(" ran to its end.", out);
		break;
	case C(NEW_SYN):
		fputs(" was cut short by a new SYN from the peer.", out);
		break;
	case C(REUSED):
		fputs(" was cut short by a new connect() here, which took its ports.",
		      out);
		break;
	case C(RST_RECEIVED):
		fputs(" was cut short by an RST from the peer.", out);
		break;
	case C(ABORT):
		fputs(" was cut short from outside, for example by ss -K.", out);
		break;
	case C(NETNS_GONE):
		fputs(" was cut short when its network namespace was deleted.", out);
		break;
	default:
		fputs(" ended for a reason that is not known.", out);
	}
}

static void put_close(FILE *out, const struct conn *c, const struct losses *losses)
{
	switch (c->close) {
	case CLOSE(NONE):
		put_living(out, c);
		return;
	case CLOSE(FIN):
		fputs("It ended in order: each end sent a FIN, and both were acknowledged.",
		      out);
		break;
	case CLOSE(DISCONNECTED):
		who_disconnected(out, c);
		return;
	case CLOSE(LISTENER_CLOSED):
		who_left_it(out, c);
		return;
	case CLOSE(ABORTED):
		who_aborted(out, c);
		break;
	case CLOSE(SILENT):
		who_silent(out, c);
		return;
	case CLOSE(SIMULTANEOUS):
		fputs(c->open == OPEN(SELF) ?
		      "It ended in order: its FIN came back to it, and was acknowledged." :
		      "It ended in order: the FINs of both ends crossed, and both were acknowledged.",
		      out);
		break;
	case CLOSE(THREE_SEGMENT):
		fputs("It ended in order, in three segments: the peer's FIN also acknowledged ours.",
		      out);
		break;
	case CLOSE(RST_UNREAD):
		who_reset(out, c, "with data unread");
		return;
	case CLOSE(RST_LINGER):
		who_reset(out, c, "with SO_LINGER set to 0");
		return;
	case CLOSE(RST_LINGER2):
		who_reset(out, c, "with TCP_LINGER2 below 0");
		return;
	case CLOSE(FASTCLOSE_SENT):
		put_fastclose(out, c);
		return;
	case CLOSE(REQUEST_RESET):
		put_request_reset(out, c);
		return;
	case CLOSE(LISTENER):
		who_closed_listener(out, c);
		return;
	case CLOSE(CANCELLED):
		who_cancelled(out, c);
		return;
	case CLOSE(TIMED_OUT):
		fputs("The SYN was never answered, and its retries ran out", out);
		put_times(out, c, C(TIMER_RTO_SYN), "retransmission timer");
		putc('.', out);
		return;
	case CLOSE(REQUEST_TIMED_OUT):
		put_request_timed_out(out, c);
		return;
	case CLOSE(UNREACHABLE):
		put_unreachable(out, c);
		return;
	case CLOSE(RETRANSMIT):
		fputs("It ended at the limit of retransmissions: the peer acknowledged none of them",
		      out);
		put_times(out, c, C(TIMER_RTO_DATA), "timer for data");
		put_times(out, c, C(TIMER_RTO_FIN), "timer for the FIN");
		putc('.', out);
		return;
	case CLOSE(KEEPALIVE):
		fputs("It ended because keepalive probes went unanswered", out);
		put_times(out, c, C(TIMER_KEEPALIVE), "keepalive timer");
		putc('.', out);
		return;
	case CLOSE(UNSENT):
	case CLOSE(USER_TIMEOUT):
	case CLOSE(ORPHAN):
		fired_in_vain(out, c);
		return;
	case CLOSE(PROBE):
		fputs("It ended at the limit of zero-window probes", out);
		put_times(out, c, C(TIMER_PROBE), "probe timer");
		putc('.', out);
		return;
	default:
		if (plain_close(c->close))
			fputs(plain_close(c->close), out);
		else
			put_unknown(out, c, losses);
	}
	put_timewait(out, c);
}

static void put_first(FILE *out, const struct conn *c)
{
	/* What never opened cannot be closed. */
	const char *did = opened_fully(c) ||
			  c->open == OPEN(PREEXISTING) ||
			  c->open == OPEN(LISTENER) ? "closed first" : "ended it";

	switch (c->first) {
	case FIRST(NONE):
		fputs(conn_dead(c) ? "No close is on record." :
				     "Nobody has closed it yet.", out);
		return;
	case FIRST(LOCAL):
		fprintf(out, "This side %s", did);
		who_closed(out, c);
		putc('.', out);
		return;
	case FIRST(PEER):
		fprintf(out, "The peer %s.", did);
		return;
	case FIRST(BOTH):
		fputs(c->open == OPEN(SELF) ? "It was its own peer, so both ends closed at once." :
					      "Both ends closed at once.", out);
		return;
	case FIRST(KERNEL):
		fputs("Neither end closed it: the kernel did, by a timer or a limit.",
		      out);
		return;
	case FIRST(NETWORK):
		fputs("Neither end closed it: an error from the network did.", out);
		return;
	}
	fputs("Who closed first is not known.", out);
}

static char *say(const struct conn *c, const struct losses *losses, bool opening, bool end)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (opening)
		opened_print(out, c);
	if (opening && end)
		putc(' ', out);
	if (end)
		put_close(out, c, losses);
	if (end && c->open != OPEN(LISTENER)) {
		putc(' ', out);
		put_first(out, c);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/**
 * sentence() - how it opened, how it ended, who closed first
 * @c: a connection with its entries
 * @losses: what the module may have failed to see; NULL: not known
 *
 * Return: text in one line, to be freed; NULL when there is no memory.
 */
char *sentence(const struct conn *c, const struct losses *losses)
{
	return say(c, losses, true, true);
}

/**
 * sentence_opening() - how it opened
 * @c: a connection with its entries
 *
 * Return: as sentence().
 */
char *sentence_opening(const struct conn *c)
{
	return say(c, NULL, true, false);
}

/**
 * sentence_end() - how it ended, and who closed first
 * @c: a connection with its entries
 * @losses: as for sentence()
 *
 * Return: as sentence().
 */
char *sentence_end(const struct conn *c, const struct losses *losses)
{
	return say(c, losses, false, true);
}
