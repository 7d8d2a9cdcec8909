// SPDX-License-Identifier: GPL-2.0-only
/*
 * facts.c: what a record has in addition to its entries, one line per fact.
 *
 * Pure.
 */
#include "draw/facts.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/place.h"
#include "base/text.h"
#include "base/wrap.h"

#define INDENT 14
#define HAS(name) conn_has(c, TCP_LIFECYCLE_A_CONN_##name)

typedef void (*fact_fn)(FILE *out, const struct conn *c);

static const char *why(uint8_t by)
{
	switch (by) {
	case TCP_LIFECYCLE_MSS_BY_MTU:
		return "interface MTU";
	case TCP_LIFECYCLE_MSS_BY_ROUTE:
		return "route";
	case TCP_LIFECYCLE_MSS_BY_PMTU:
		return "path MTU";
	case TCP_LIFECYCLE_MSS_BY_PEER:
		return "peer's option";
	case TCP_LIFECYCLE_MSS_BY_DEFAULT:
		return "default: the peer sent no option";
	case TCP_LIFECYCLE_MSS_BY_MAXSEG:
		return "TCP_MAXSEG";
	case TCP_LIFECYCLE_MSS_BY_WINDOW:
		return "half of the largest window seen";
	case TCP_LIFECYCLE_MSS_BY_COOKIE:
		return "SYN cookie: rounded down to one of four values";
	}
	return NULL;
}

static void put_why(FILE *out, uint8_t by)
{
	if (why(by))
		fprintf(out, " (%s)", why(by));
}

/* Each fact begins with a semicolon if it is not the first of its line. */
static void next(FILE *out)
{
	if (ftell(out) > 0)
		fputs("; ", out);
}

static void put_mss(FILE *out, const struct conn *c)
{
	if (HAS(MSS_ADV_BYTES)) {
		fprintf(out, "we offered %u", c->mss_adv_bytes);
		put_why(out, c->mss_adv_by);
	}
	if (c->mss_absent || HAS(MSS_RCV_BYTES))
		next(out);
	if (c->mss_absent)
		fprintf(out, "the peer sent no option, so %d is used",
			c->family == TCP_LIFECYCLE_FAMILY_IPV6 ? 1220 : 536);
	else if (HAS(MSS_RCV_BYTES))
		fprintf(out, "the peer offered %u", c->mss_rcv_bytes);
	if (HAS(MSS_EFF_BYTES)) {
		next(out);
		fprintf(out, "effective %u", c->mss_eff_bytes);
		put_why(out, c->mss_eff_by);
	}
}

static void put_names(FILE *out, uint16_t opts)
{
	unsigned int bit;

	for (bit = 0; tlc_words_opt(bit); bit++)
		if (opts & 1U << bit)
			fprintf(out, " %s", tlc_words_opt(bit));
	if (!opts)
		fputs(" none", out);
}

static void put_options(FILE *out, const struct conn *c)
{
	if (HAS(OFFERED)) {
		fputs("offered", out);
		put_names(out, c->offered);
	}
	if (HAS(AGREED)) {
		next(out);
		fputs("agreed on", out);
		put_names(out, c->agreed);
	}
	if (HAS(WSCALE_LOCAL) && HAS(WSCALE_PEER)) {
		next(out);
		fprintf(out, "window scale %u here, %u at the peer",
			c->wscale_local, c->wscale_peer);
	}
}

static void put_mptcp(FILE *out, const struct conn *c)
{
	bool agreed = c->agreed & TCP_LIFECYCLE_OPT_MPTCP;

	if (HAS(MPTCP) && HAS(AGREED) && !agreed)
		fprintf(out, "MPTCP socket %" PRIx64 " fell back to TCP", c->mptcp);
	else if (HAS(MPTCP))
		fprintf(out, "subflow of MPTCP connection %" PRIx64, c->mptcp);
	else if (HAS(AGREED) && agreed)
		fputs("subflow of an MPTCP connection; its socket has no cookie of its own, or is older than the module",
		      out);
}

static void put_rtt(FILE *out, const struct conn *c)
{
	char buf[TEXT_DURATION_SIZE];

	if (HAS(RTT_US))
		fprintf(out, "%s, measured in the handshake", text_duration(buf, c->rtt_us));
}

static void put_owner(FILE *out, const struct conn *c)
{
	char name[4 * CONN_COMM_SIZE + 1];

	if (!HAS(OWNER))
		return;
	text_escape(name, sizeof(name), c->comm, strlen(c->comm));
	fprintf(out, "%s", *c->comm ? name : "no name");
	if (HAS(PID))
		fprintf(out, ", pid %u", c->pid);
	if (HAS(UID))
		fprintf(out, ", uid %u", c->uid);
	if (HAS(CGROUP))
		fprintf(out, ", cgroup %" PRIu64, c->cgroup);
	fprintf(out, ", recorded at %s()", names_owner(c->owner));
	if (!*c->thread)
		return;
	text_escape(name, sizeof(name), c->thread, strlen(c->thread));
	fprintf(out, " in thread %s", name);
}

static void put_name(FILE *out, const char *what, const char *name)
{
	char text[4 * PLACE_PATH_SIZE];

	if (!name)
		return;
	text_escape(text, sizeof(text), name, strlen(name));
	next(out);
	fprintf(out, "%s %s", what, text);
}

static void put_where(FILE *out, const struct conn *c)
{
	const struct place *p = place_of(c);

	if (!p) {
		if (HAS(CGROUP) && place_is_asked(c))
			fprintf(out, "cgroup %" PRIu64 ", whose path is not known: it was gone "
				"when tcplc looked, or could not be seen", c->cgroup);
		return;
	}
	put_name(out, "unit", p->unit);
	put_name(out, "container", p->container);
	put_name(out, "pod", p->pod);
	put_name(out, "cgroup", p->path);
}

static void put_closer(FILE *out, const struct conn *c)
{
	char name[4 * CONN_COMM_SIZE + 1];

	if (!*c->closer_comm && !HAS(CLOSER_PID))
		return;
	text_escape(name, sizeof(name), c->closer_comm, strlen(c->closer_comm));
	fprintf(out, "%s", *c->closer_comm ? name : "no name");
	if (HAS(CLOSER_PID))
		fprintf(out, ", pid %u", c->closer_pid);
}

static void put_accept(FILE *out, const struct conn *c)
{
	char buf[TEXT_DURATION_SIZE];

	if (!HAS(ACCEPT_US))
		return;
	fprintf(out, "after %s in the accept queue", text_duration(buf, c->accept_us));
	if (HAS(LISTENER))
		fprintf(out, "; listener %" PRIx64, c->listener);
}

/* Of one that no process accepted, or of which that is not known. */
static void put_listener(FILE *out, const struct conn *c)
{
	if (HAS(LISTENER) && !HAS(ACCEPT_US))
		fprintf(out, "%" PRIx64, c->listener);
}

static void put_sent(FILE *out, const struct conn *c)
{
	const char *s = c->tx_bytes == 1 ? "" : "s";

	if (HAS(TX_SEGS))
		fprintf(out, "sent %u segment%s, %" PRIu64 " byte%s acknowledged", c->tx_segs,
			c->tx_segs == 1 ? "" : "s", c->tx_bytes, s);
	else
		fprintf(out, "%" PRIu64 " sent byte%s acknowledged", c->tx_bytes, s);
}

static void put_received(FILE *out, const struct conn *c)
{
	fprintf(out, "received %" PRIu64 " byte%s", c->rx_bytes, c->rx_bytes == 1 ? "" : "s");
	if (HAS(RX_SEGS))
		fprintf(out, " in %u segment%s", c->rx_segs, c->rx_segs == 1 ? "" : "s");
}

static void put_retransmitted(FILE *out, uint32_t segs)
{
	if (segs)
		fprintf(out, "%u segment%s retransmitted", segs, segs == 1 ? "" : "s");
	else
		fputs("no retransmissions", out);
}

static void put_volume(FILE *out, const struct conn *c)
{
	if (HAS(TX_BYTES))
		put_sent(out, c);
	if (HAS(RX_BYTES)) {
		next(out);
		put_received(out, c);
	}
	if (HAS(RETRANS)) {
		next(out);
		put_retransmitted(out, c->retrans);
	}
	if (HAS(AFTER_FIN_BYTES)) {
		next(out);
		fprintf(out, "%" PRIu64 " byte%s after the first FIN", c->after_fin_bytes,
			c->after_fin_bytes == 1 ? "" : "s");
	}
	/* The module does not look at each segment. */
	if ((HAS(TX_BYTES) || HAS(RX_BYTES)) && !conn_dead(c) &&
	    c->state != TCP_LIFECYCLE_STATE_TIME_WAIT) {
		next(out);
		fputs("as of its newest entry", out);
	}
}

static void put_timewait(FILE *out, const struct conn *c)
{
	char buf[TEXT_DURATION_SIZE];

	if (HAS(TW_PLANNED_MS))
		fprintf(out, "planned for %s",
			text_duration(buf, c->tw_planned_ms * 1000ULL));
	if (HAS(TW_ACTUAL_US)) {
		next(out);
		fprintf(out, "lasted %s", text_duration(buf, c->tw_actual_us));
	}
}

static void put_totals(FILE *out, const struct conn *c)
{
	if (HAS(BACKLOG))
		fprintf(out, "backlog %u; %u accepted; overflowed %u time%s",
			c->backlog, c->accepted, c->accept_overflow,
			c->accept_overflow == 1 ? "" : "s");
}

static void put_syns(FILE *out, const struct conn *c)
{
	if (HAS(BACKLOG))
		fprintf(out, "overflowed %u time%s; %u SYN cookie%s sent, %u valid ones returned",
			c->syn_overflow, c->syn_overflow == 1 ? "" : "s",
			c->cookies_sent, c->cookies_sent == 1 ? "" : "s",
			c->cookies_valid);
}

static void put_lost(FILE *out, const struct conn *c)
{
	if (c->dropped)
		fprintf(out, "%u entr%s did not fit", c->dropped,
			c->dropped == 1 ? "y" : "ies");
	if (c->gaps) {
		next(out);
		fprintf(out, "%u transition%s did not begin in the recorded state",
			c->gaps, c->gaps == 1 ? "" : "s");
	}
}

static const struct {
	const char *name;
	fact_fn put;
	enum text_color color;
} facts[] = {
	{ "MSS", put_mss, TEXT_PLAIN },
	{ "options", put_options, TEXT_PLAIN },
	{ "MPTCP", put_mptcp, TEXT_PLAIN },
	{ "round trip", put_rtt, TEXT_PLAIN },
	{ "owner", put_owner, TEXT_PLAIN },
	{ "ran in", put_where, TEXT_PLAIN },
	{ "ended by", put_closer, TEXT_PLAIN },
	{ "accepted", put_accept, TEXT_PLAIN },
	{ "listener", put_listener, TEXT_PLAIN },
	{ "volume", put_volume, TEXT_PLAIN },
	{ "TIME_WAIT", put_timewait, TEXT_PLAIN },
	{ "accept queue", put_totals, TEXT_PLAIN },
	{ "SYN queue", put_syns, TEXT_PLAIN },
	{ "lost", put_lost, TEXT_BAD },
};

/**
 * facts_each() - what is known, fact by fact
 * @c: a connection
 * @fn: gets the name and the text of each, in plain ASCII
 * @data: for @fn
 */
void facts_each(const struct conn *c, facts_fn fn, void *data)
{
	char *text = NULL;
	unsigned int i;
	size_t size;
	FILE *f;

	for (i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		f = open_memstream(&text, &size);
		if (!f)
			return;
		facts[i].put(f, c);
		if (fclose(f))
			size = 0;
		if (size)
			fn(facts[i].name, text, facts[i].color, data);
		free(text);
		text = NULL;
	}
}

struct printing {
	FILE *out;
	unsigned int width;
	bool any;
};

static void print_fact(const char *name, const char *text, enum text_color color, void *data)
{
	struct printing *p = data;

	fprintf(p->out, "%s%s%-*s", p->any ? "" : "\n", text_on(color), INDENT, name);
	p->any = true;
	wrap_print(p->out, text, INDENT, p->width);
	fputs(text_off(), p->out);
}

/**
 * facts_print() - print what is known, and an empty line before it
 * @out: where to
 * @c: a connection
 * @width: of a line
 */
void facts_print(FILE *out, const struct conn *c, unsigned int width)
{
	struct printing p = { .out = out, .width = width };

	facts_each(c, print_fact, &p);
}
