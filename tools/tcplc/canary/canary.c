// SPDX-License-Identifier: GPL-2.0-only
/*
 * canary.c: what each hook should have put on record.
 *
 * The evidence is in the records of the canary's own namespace, not in counts of hits:
 * whatever else the host does meanwhile cannot stand in for it.
 */
#include "canary/canary.h"

#include <string.h>

#include <linux/kernel.h>

#define S(name) .from = TCP_LIFECYCLE_STATE_##name
#define TO(name) .to = TCP_LIFECYCLE_STATE_##name
#define CAUSE(name) .cause = TCP_LIFECYCLE_CAUSE_##name
#define ATTR(name) .attr = TCP_LIFECYCLE_A_CONN_##name

enum role { CLIENT, SERVER, LISTENER };

/**
 * struct proof - what is on record if a hook sees what it should
 * @symbol: the hook
 * @older: another name of it, or NULL
 * @trial: whose record
 * @role: which of them
 * @cause: an entry with this cause, or 0
 * @from: and from this state, or 0
 * @to: and to this state, or 0
 * @with_seq: and with a sequence number
 * @attr: this attribute, and not 0; or 0
 * @open: it was opened so, or 0
 * @close: it ended so, or 0
 * @needs: another hook without which there is no such thing on record, or NULL
 *
 * All that is given must hold.
 */
struct proof {
	const char *symbol;
	const char *older;
	enum trial trial;
	enum role role;
	uint8_t cause;
	uint8_t from;
	uint8_t to;
	bool with_seq;
	uint16_t attr;
	uint8_t open;
	uint8_t close;
	const char *needs;
};

static const struct proof proofs[] = {
	{ "tcp_set_state", NULL, TRIAL_PLAIN, CLIENT, TO(SYN_SENT) },
	{ "tcp_connect", NULL, TRIAL_PLAIN, CLIENT, ATTR(OFFERED) },
	{ "tcp_finish_connect", NULL, TRIAL_PLAIN, CLIENT, ATTR(MSS_RCV_BYTES) },
	{ "tcp_make_synack", NULL, TRIAL_PLAIN, SERVER, TO(NEW_SYN_RECV) },
	{ "tcp_v4_syn_recv_sock", NULL, TRIAL_PLAIN, SERVER, S(NEW_SYN_RECV), TO(SYN_RECV) },
	{ "tcp_v6_syn_recv_sock", NULL, TRIAL_PLAIN6, SERVER, S(NEW_SYN_RECV), TO(SYN_RECV) },
	{ "inet_hash", NULL, TRIAL_PLAIN, LISTENER, TO(LISTEN) },
	{ "inet6_hash", NULL, TRIAL_PLAIN6, LISTENER, TO(LISTEN) },
	{ "inet_listen", NULL, TRIAL_PLAIN, LISTENER, ATTR(BACKLOG) },
	{ "inet_sk_set_state", NULL, TRIAL_LISTEN_FAILS, LISTENER,
	  .close = TCP_LIFECYCLE_CLOSE_LISTEN_FAILED },
	{ "security_sock_graft", NULL, TRIAL_PLAIN, SERVER, CAUSE(ACCEPTED) },
	{ "tcp_shutdown", NULL, TRIAL_PLAIN, CLIENT, CAUSE(SHUTDOWN), TO(FIN_WAIT_1) },
	{ "inet_twsk_hashdance_schedule", NULL, TRIAL_PLAIN, CLIENT, CAUSE(2MSL_ARMED) },
	{ "__inet_twsk_schedule", NULL, TRIAL_PLAIN, CLIENT, CAUSE(2MSL_RESTARTED) },
	{ "inet_twsk_kill", NULL, TRIAL_PLAIN, CLIENT, S(TIME_WAIT), TO(CLOSED) },
	{ "tw_timer_handler", NULL, TRIAL_EXPIRES, CLIENT, CAUSE(FIN_WAIT_2_EXPIRED),
	  .needs = "inet_twsk_kill" },
	{ "tcp_timewait_state_process", NULL, TRIAL_PLAIN, CLIENT, CAUSE(RST_RECEIVED),
	  S(TIME_WAIT), TO(CLOSED), .needs = "inet_twsk_kill" },
	{ "inet_csk_reqsk_queue_add", NULL, TRIAL_COOKIE, SERVER,
	  .open = TCP_LIFECYCLE_OPEN_SYNCOOKIE },
	{ "tcp_get_cookie_sock", NULL, TRIAL_COOKIE, LISTENER, ATTR(COOKIES_VALID) },
	{ "tcp_conn_request", NULL, TRIAL_OVERFLOW, LISTENER, ATTR(ACCEPT_OVERFLOW) },
	{ "__inet_csk_reqsk_queue_drop", "reqsk_queue_unlink", TRIAL_RESET, SERVER,
	  S(NEW_SYN_RECV), TO(CLOSED) },
	{ "__inet_csk_reqsk_queue_drop", "reqsk_queue_unlink", TRIAL_SYN_ACK_LOST, SERVER,
	  .close = TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT },
	{ "tcp_check_req", NULL, TRIAL_RESET, SERVER, CAUSE(RST_RECEIVED), TO(CLOSED),
	  .with_seq = true },
	{ "tcp_req_err", NULL, TRIAL_UNREACHABLE, SERVER, CAUSE(ICMP) },
	{ "tcp_reset", NULL, TRIAL_LINGER, SERVER, CAUSE(RST_RECEIVED) },
	{ "tcp_send_active_reset", NULL, TRIAL_LINGER, CLIENT, CAUSE(RST_OUT) },
	{ "tcp_disconnect", NULL, TRIAL_LINGER, CLIENT,
	  .close = TCP_LIFECYCLE_CLOSE_RST_LINGER },
	{ "tcp_v4_send_reset", NULL, TRIAL_LATE, CLIENT, CAUSE(RST_OUT) },
	{ "tcp_v6_send_reset", NULL, TRIAL_LATE6, CLIENT, CAUSE(RST_OUT) },
	{ "tcp_abort", NULL, TRIAL_ABORT, CLIENT, .close = TCP_LIFECYCLE_CLOSE_ABORTED },
	{ "tcp_simple_retransmit", NULL, TRIAL_MTU, CLIENT, CAUSE(MSS_CHANGED) },
	{ "tcp_retransmit_timer", NULL, TRIAL_SYN_LOST, CLIENT, CAUSE(TIMER_RTO_SYN) },
	{ "reqsk_timer_handler", NULL, TRIAL_SYN_ACK_LOST, SERVER, CAUSE(TIMER_SYN_ACK) },
	{ "tcp_delack_timer_handler", NULL, TRIAL_DELAYED_ACK, SERVER,
	  CAUSE(TIMER_DELAYED_ACK) },
	{ "tcp_write_wakeup", NULL, TRIAL_KEEPALIVE, CLIENT, CAUSE(TIMER_KEEPALIVE) },
	{ "tcp_keepalive_timer", NULL, TRIAL_FIN_WAIT_2, CLIENT, CAUSE(TIMER_FIN_WAIT_2) },
	{ "tcp_send_loss_probe", NULL, TRIAL_LOSS_PROBE, SERVER, CAUSE(TIMER_LOSS_PROBE) },
};

_Static_assert(ARRAY_SIZE(proofs) <= CANARY_MAX_PROOFS, "room for all proofs");

static uint64_t attr_value(const struct conn *c, unsigned int attr)
{
	switch (attr) {
	case TCP_LIFECYCLE_A_CONN_OFFERED:
		return c->offered;
	case TCP_LIFECYCLE_A_CONN_MSS_RCV_BYTES:
		return c->mss_rcv_bytes;
	case TCP_LIFECYCLE_A_CONN_BACKLOG:
		/* It began with 3. */
		return c->backlog == 7;
	case TCP_LIFECYCLE_A_CONN_COOKIES_VALID:
		return c->cookies_valid;
	case TCP_LIFECYCLE_A_CONN_ACCEPT_OVERFLOW:
		return c->accept_overflow;
	default:
		return 0;
	}
}

static bool has_entry(const struct conn *c, const struct proof *p)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++) {
		const struct entry *e = &c->entry[i];

		if ((!p->cause || e->cause == p->cause) && (!p->from || e->from == p->from) &&
		    (!p->to || (e->to == p->to && entry_moves(e))) &&
		    (!p->with_seq || entry_has(e, TCP_LIFECYCLE_A_ENTRY_SEQ)))
			return true;
	}
	return false;
}

static bool is_lit(const struct conn *c, const struct proof *p)
{
	if ((p->cause || p->from || p->to) && !has_entry(c, p))
		return false;
	if (p->attr && !attr_value(c, p->attr))
		return false;
	return (!p->open || c->open == p->open) && (!p->close || c->close == p->close);
}

static enum role role_of(const struct canary *c, const struct conn *conn)
{
	if (conn->open == TCP_LIFECYCLE_OPEN_LISTENER)
		return LISTENER;
	return conn->local_port == c->port ? SERVER : CLIENT;
}

static void note_numbers(struct trial_numbers *n, const struct conn *c, enum role role)
{
	if (role == CLIENT && conn_has(c, TCP_LIFECYCLE_A_CONN_ISN) &&
	    conn_has(c, TCP_LIFECYCLE_A_CONN_PEER_ISN)) {
		n->has_isn = true;
		n->client_port = c->local_port;
		n->client_isn = c->isn;
		n->server_isn = c->peer_isn;
		n->has_fin = conn_has(c, TCP_LIFECYCLE_A_CONN_FIN) &&
			     conn_has(c, TCP_LIFECYCLE_A_CONN_PEER_FIN);
		n->client_fin = c->fin;
		n->server_fin = c->peer_fin;
	} else if (role == SERVER && conn_has(c, TCP_LIFECYCLE_A_CONN_ISN)) {
		n->has_server_isn = true;
		n->client_port = c->remote_port;
		n->server_isn = c->isn;
	}
}

/**
 * canary_look() - take a record for evidence
 * @c: canary
 * @conn: record of its namespace, with its entries
 */
void canary_look(struct canary *c, const struct conn *conn)
{
	enum role role = role_of(c, conn);
	const struct addr *addr = role == CLIENT ? &conn->remote : &conn->local;
	unsigned int trial, i;

	trial = addr->len ? addr->byte[addr->len - 1] : TRIAL_NONE;
	if (trial == TRIAL_NONE || trial >= NR_TRIALS)
		return;
	c->records++;
	note_numbers(&c->numbers[trial], conn, role);
	for (i = 0; i < ARRAY_SIZE(proofs); i++)
		if (proofs[i].trial == trial && proofs[i].role == role &&
		    is_lit(conn, &proofs[i]))
			c->lit[i] = true;
}

static bool is_of(const struct proof *p, const char *symbol)
{
	return !strcmp(p->symbol, symbol) || (p->older && !strcmp(p->older, symbol));
}

/**
 * canary_done() - is there evidence of each hook that was tried?
 * @c: canary
 */
bool canary_done(const struct canary *c)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(proofs); i++)
		if (!c->lit[i] && !c->failed[proofs[i].trial])
			return false;
	return true;
}

static bool is_dark(const struct canary *c, const char *symbol)
{
	const char *why;

	return canary_verdict(c, symbol, &why) == CANARY_DARK;
}

/**
 * canary_verdict() - does a hook see what it should?
 * @c: canary
 * @symbol: the function it probes
 * @why: CANARY_UNTRIED: why, or NULL if nothing was to be tried
 *
 * Return: CANARY_DARK if part of it is missing, too; CANARY_UNTRIED if what it would have
 * put on record hangs on another hook, which is dark.
 */
enum canary_verdict canary_verdict(const struct canary *c, const char *symbol,
				   const char **why)
{
	enum canary_verdict verdict = CANARY_UNTRIED;
	unsigned int i;

	*why = NULL;
	for (i = 0; i < ARRAY_SIZE(proofs); i++) {
		if (!is_of(&proofs[i], symbol))
			continue;
		if (c->lit[i])
			verdict = CANARY_LIT;
		else if (proofs[i].needs && is_dark(c, proofs[i].needs))
			*why = "another hook that it needs is dark";
		else if (!c->failed[proofs[i].trial])
			return CANARY_DARK;
		else if (verdict == CANARY_UNTRIED)
			*why = c->failed[proofs[i].trial];
	}
	return verdict;
}
