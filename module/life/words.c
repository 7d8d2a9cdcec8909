// SPDX-License-Identifier: GPL-2.0
/*
 * words.c: the names under which numbers are printed.
 *
 * Owns: one word for each value of <linux/tcp_lifecycle.h>.
 * Called by: format.c.  Pure.
 * Must not: hold a space in any word.
 */
#include "life/words.h"

#include <linux/kernel.h>

#include <uapi/linux/tcp_lifecycle.h>

static const char *word(const char *const *words, size_t nr, u8 value)
{
	return value < nr && words[value] ? words[value] : "unknown";
}

#define W(prefix, name, text) [TCP_LIFECYCLE_##prefix##_##name] = text

static const char *const states[] = {
	W(STATE, NONE, "-"),
	W(STATE, ESTABLISHED, "ESTABLISHED"),
	W(STATE, SYN_SENT, "SYN_SENT"),
	W(STATE, SYN_RECV, "SYN_RECV"),
	W(STATE, FIN_WAIT_1, "FIN_WAIT_1"),
	W(STATE, FIN_WAIT_2, "FIN_WAIT_2"),
	W(STATE, TIME_WAIT, "TIME_WAIT"),
	W(STATE, CLOSED, "CLOSED"),
	W(STATE, CLOSE_WAIT, "CLOSE_WAIT"),
	W(STATE, LAST_ACK, "LAST_ACK"),
	W(STATE, LISTEN, "LISTEN"),
	W(STATE, CLOSING, "CLOSING"),
	W(STATE, NEW_SYN_RECV, "NEW_SYN_RECV"),
};

static const char *const opens[] = {
	W(OPEN, UNKNOWN, "unknown"),
	W(OPEN, ACTIVE, "active"),
	W(OPEN, PASSIVE, "passive"),
	W(OPEN, SIMULTANEOUS, "simultaneous"),
	W(OPEN, SYNCOOKIE, "syncookie"),
	W(OPEN, FASTOPEN, "fastopen"),
	W(OPEN, LISTENER, "listener"),
	W(OPEN, PREEXISTING, "preexisting"),
	W(OPEN, RESTORED, "restored"),
	W(OPEN, SELF, "self"),
};

static const char *const closes[] = {
	W(CLOSE, NONE, "-"),
	W(CLOSE, FIN, "fin"),
	W(CLOSE, SIMULTANEOUS, "simultaneous"),
	W(CLOSE, THREE_SEGMENT, "three-segment"),
	W(CLOSE, RST_RECEIVED, "rst-received"),
	W(CLOSE, RST_UNREAD, "rst-unread"),
	W(CLOSE, RST_LINGER, "rst-linger"),
	W(CLOSE, RST_LATE_DATA, "rst-late-data"),
	W(CLOSE, RST_LINGER2, "rst-linger2"),
	W(CLOSE, DISCONNECTED, "disconnected"),
	W(CLOSE, ABORTED, "aborted"),
	W(CLOSE, REFUSED, "refused"),
	W(CLOSE, UNREACHABLE, "unreachable"),
	W(CLOSE, TIMED_OUT, "timed-out"),
	W(CLOSE, CANCELLED, "cancelled"),
	W(CLOSE, NOT_SENT, "not-sent"),
	W(CLOSE, REQUEST_RESET, "request-reset"),
	W(CLOSE, REQUEST_TIMED_OUT, "request-timed-out"),
	W(CLOSE, REQUEST_OVERFLOW, "request-overflow"),
	W(CLOSE, REQUEST_UNREACHABLE, "request-unreachable"),
	W(CLOSE, LISTENER_CLOSED, "listener-closed"),
	W(CLOSE, RETRANSMIT, "retransmit"),
	W(CLOSE, KEEPALIVE, "keepalive"),
	W(CLOSE, PROBE, "probe"),
	W(CLOSE, USER_TIMEOUT, "user-timeout"),
	W(CLOSE, ORPHAN, "orphan"),
	W(CLOSE, FIN_WAIT_2, "fin-wait-2"),
	W(CLOSE, TW_OVERFLOW, "tw-overflow"),
	W(CLOSE, LISTENER, "listener"),
	W(CLOSE, NETNS, "netns"),
	W(CLOSE, UNKNOWN, "unknown"),
	W(CLOSE, LISTEN_FAILED, "listen-failed"),
	W(CLOSE, SILENT, "silent"),
	W(CLOSE, FASTCLOSE_SENT, "fastclose-sent"),
	W(CLOSE, FASTCLOSE_RECEIVED, "fastclose-received"),
	W(CLOSE, UNSENT, "unsent"),
	W(CLOSE, REQUEST_FAILED, "request-failed"),
	W(CLOSE, SUBFLOW_RESET, "subflow-reset"),
};

static const char *const firsts[] = {
	W(FIRST, NONE, "-"),
	W(FIRST, LOCAL, "local"),
	W(FIRST, PEER, "peer"),
	W(FIRST, BOTH, "both"),
	W(FIRST, KERNEL, "kernel"),
	W(FIRST, NETWORK, "network"),
	W(FIRST, UNKNOWN, "unknown"),
};

static const char *const causes[] = {
	W(CAUSE, UNKNOWN, "unknown"),
	W(CAUSE, CONNECT, "connect"),
	W(CAUSE, LISTEN, "listen"),
	W(CAUSE, SYN_RECEIVED, "syn-received"),
	W(CAUSE, SYN_ACK_RECEIVED, "syn-ack-received"),
	W(CAUSE, ACK_RECEIVED, "ack-received"),
	W(CAUSE, CLOSE, "close"),
	W(CAUSE, SHUTDOWN, "shutdown"),
	W(CAUSE, EXIT, "exit"),
	W(CAUSE, KILLED, "killed"),
	W(CAUSE, FIN_RECEIVED, "fin-received"),
	W(CAUSE, FIN_ACKED, "fin-acked"),
	W(CAUSE, FIN_WITH_ACK, "fin-with-ack"),
	W(CAUSE, RST_RECEIVED, "rst-received"),
	W(CAUSE, RST_SENT, "rst-sent"),
	W(CAUSE, LATE_DATA, "late-data"),
	W(CAUSE, DISCONNECT, "disconnect"),
	W(CAUSE, ABORT, "abort"),
	W(CAUSE, ICMP, "icmp"),
	W(CAUSE, TIMEOUT, "timeout"),
	W(CAUSE, ACCEPT_QUEUE_FULL, "accept-queue-full"),
	W(CAUSE, LISTENER_CLOSED, "listener-closed"),
	W(CAUSE, CONNECT_FAILED, "connect-failed"),
	W(CAUSE, 2MSL_EXPIRED, "2msl-expired"),
	W(CAUSE, FIN_WAIT_2_EXPIRED, "fin-wait-2-expired"),
	W(CAUSE, NEW_SYN, "new-syn"),
	W(CAUSE, REUSED, "reused"),
	W(CAUSE, NETNS_GONE, "netns-gone"),
	W(CAUSE, TW_OVERFLOW, "tw-overflow"),
	W(CAUSE, TIMER_RTO_SYN, "timer-rto-syn"),
	W(CAUSE, TIMER_RTO_DATA, "timer-rto-data"),
	W(CAUSE, TIMER_RTO_FIN, "timer-rto-fin"),
	W(CAUSE, TIMER_SYN_ACK, "timer-syn-ack"),
	W(CAUSE, TIMER_DELAYED_ACK, "timer-delayed-ack"),
	W(CAUSE, TIMER_KEEPALIVE, "timer-keepalive"),
	W(CAUSE, TIMER_PROBE, "timer-probe"),
	W(CAUSE, TIMER_LOSS_PROBE, "timer-loss-probe"),
	W(CAUSE, TIMER_REORDERING, "timer-reordering"),
	W(CAUSE, TIMER_FIN_WAIT_2, "timer-fin-wait-2"),
	W(CAUSE, SYN_ACK_AGAIN, "syn-ack-again"),
	W(CAUSE, 2MSL_ARMED, "2msl-armed"),
	W(CAUSE, 2MSL_RESTARTED, "2msl-restarted"),
	W(CAUSE, FIN_WAIT_2_ARMED, "fin-wait-2-armed"),
	W(CAUSE, MSS_CHANGED, "mss-changed"),
	W(CAUSE, RST_OUT, "rst-out"),
	W(CAUSE, ACCEPTED, "accepted"),
	W(CAUSE, ORPHAN_LIMIT, "orphan-limit"),
	W(CAUSE, FOUND, "found"),
	W(CAUSE, MISSED, "missed"),
	W(CAUSE, LISTEN_FAILED, "listen-failed"),
	W(CAUSE, RESTORED, "restored"),
	W(CAUSE, SILENT, "silent"),
	W(CAUSE, FASTCLOSE_SENT, "fastclose-sent"),
	W(CAUSE, FASTCLOSE_RECEIVED, "fastclose-received"),
	W(CAUSE, ACK_DEFERRED, "ack-deferred"),
	W(CAUSE, MIGRATED, "migrated"),
	W(CAUSE, TIMER_UNSENT, "timer-unsent"),
	W(CAUSE, CHILD_FAILED, "child-failed"),
	W(CAUSE, SUBFLOW_CLOSED, "subflow-closed"),
	W(CAUSE, SUBFLOW_RESET, "subflow-reset"),
};

static const char *const mss_bys[] = {
	W(MSS_BY, UNKNOWN, "unknown"),
	W(MSS_BY, MTU, "mtu"),
	W(MSS_BY, ROUTE, "route"),
	W(MSS_BY, PMTU, "pmtu"),
	W(MSS_BY, PEER, "peer"),
	W(MSS_BY, DEFAULT, "default"),
	W(MSS_BY, MAXSEG, "maxseg"),
	W(MSS_BY, WINDOW, "window"),
	W(MSS_BY, COOKIE, "cookie"),
};

static const char *const rst_reasons[] = {
	W(RST_REASON, NONE, "-"),
	W(RST_REASON, NOT_SPECIFIED, "not-specified"),
	W(RST_REASON, NO_SOCKET, "no-socket"),
	W(RST_REASON, INVALID_ACK_SEQUENCE, "invalid-ack-sequence"),
	W(RST_REASON, PAWS, "paws"),
	W(RST_REASON, TOO_OLD_ACK, "too-old-ack"),
	W(RST_REASON, ACK_UNSENT_DATA, "ack-unsent-data"),
	W(RST_REASON, FLAGS, "flags"),
	W(RST_REASON, OLD_ACK, "old-ack"),
	W(RST_REASON, ABORT_ON_DATA, "abort-on-data"),
	W(RST_REASON, TIMEWAIT_SOCKET, "timewait-socket"),
	W(RST_REASON, INVALID_SYN, "invalid-syn"),
	W(RST_REASON, ABORT_ON_CLOSE, "abort-on-close"),
	W(RST_REASON, ABORT_ON_LINGER, "abort-on-linger"),
	W(RST_REASON, ABORT_ON_MEMORY, "abort-on-memory"),
	W(RST_REASON, TCP_STATE, "tcp-state"),
	W(RST_REASON, KEEPALIVE_TIMEOUT, "keepalive-timeout"),
	W(RST_REASON, DISCONNECT_WITH_DATA, "disconnect-with-data"),
	W(RST_REASON, MPTCP, "mptcp"),
	W(RST_REASON, ERROR, "error"),
	W(RST_REASON, OTHER, "other"),
};

/**
 * tlc_words_state() - name of a state
 * @state: enum tcp_lifecycle_state
 *
 * Context: any, as for all of these.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_state(u8 state)
{
	return word(states, ARRAY_SIZE(states), state);
}

/**
 * tlc_words_open() - name of an opening
 * @open: enum tcp_lifecycle_open
 */
const char *tlc_words_open(u8 open)
{
	return word(opens, ARRAY_SIZE(opens), open);
}

/**
 * tlc_words_close() - name of an ending
 * @close: enum tcp_lifecycle_close
 */
const char *tlc_words_close(u8 close)
{
	return word(closes, ARRAY_SIZE(closes), close);
}

/**
 * tlc_words_first() - name of who closed first
 * @first: enum tcp_lifecycle_first
 */
const char *tlc_words_first(u8 first)
{
	return word(firsts, ARRAY_SIZE(firsts), first);
}

/**
 * tlc_words_cause() - name of a cause
 * @cause: enum tcp_lifecycle_cause
 */
const char *tlc_words_cause(u8 cause)
{
	return word(causes, ARRAY_SIZE(causes), cause);
}

/**
 * tlc_words_mss_by() - name of what held an MSS down
 * @by: enum tcp_lifecycle_mss_by
 */
const char *tlc_words_mss_by(u8 by)
{
	return word(mss_bys, ARRAY_SIZE(mss_bys), by);
}

/**
 * tlc_words_rst_reason() - name of why an RST was sent
 * @reason: enum tcp_lifecycle_rst_reason
 */
const char *tlc_words_rst_reason(u8 reason)
{
	return word(rst_reasons, ARRAY_SIZE(rst_reasons), reason);
}
