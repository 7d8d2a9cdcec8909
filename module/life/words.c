// SPDX-License-Identifier: GPL-2.0-only
/*
 * words.c: the names under which numbers are printed.
 *
 * Owns: one word for each value of <linux/tcp_lifecycle.h>.
 * Made of include/tcp_lifecycle.yaml, by scripts/spec generate; not to be edited.
 */
#include "life/words.h"

#include <linux/kernel.h>

#include <uapi/linux/tcp_lifecycle.h>

static const char *word(const char *const *words, size_t nr, u8 value)
{
	return value < nr && words[value] ? words[value] : "unknown";
}

static const char *const state_words[] = {
	[TCP_LIFECYCLE_STATE_NONE] = "-",
	[TCP_LIFECYCLE_STATE_ESTABLISHED] = "ESTABLISHED",
	[TCP_LIFECYCLE_STATE_SYN_SENT] = "SYN_SENT",
	[TCP_LIFECYCLE_STATE_SYN_RECV] = "SYN_RECV",
	[TCP_LIFECYCLE_STATE_FIN_WAIT_1] = "FIN_WAIT_1",
	[TCP_LIFECYCLE_STATE_FIN_WAIT_2] = "FIN_WAIT_2",
	[TCP_LIFECYCLE_STATE_TIME_WAIT] = "TIME_WAIT",
	[TCP_LIFECYCLE_STATE_CLOSED] = "CLOSED",
	[TCP_LIFECYCLE_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_LIFECYCLE_STATE_LAST_ACK] = "LAST_ACK",
	[TCP_LIFECYCLE_STATE_LISTEN] = "LISTEN",
	[TCP_LIFECYCLE_STATE_CLOSING] = "CLOSING",
	[TCP_LIFECYCLE_STATE_NEW_SYN_RECV] = "NEW_SYN_RECV",
};

/**
 * tlc_words_state() - name of a state
 * @state: enum tcp_lifecycle_state
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_state(u8 state)
{
	return word(state_words, ARRAY_SIZE(state_words), state);
}

static const char *const open_words[] = {
	[TCP_LIFECYCLE_OPEN_UNKNOWN] = "unknown",
	[TCP_LIFECYCLE_OPEN_ACTIVE] = "active",
	[TCP_LIFECYCLE_OPEN_PASSIVE] = "passive",
	[TCP_LIFECYCLE_OPEN_SIMULTANEOUS] = "simultaneous",
	[TCP_LIFECYCLE_OPEN_SYNCOOKIE] = "syncookie",
	[TCP_LIFECYCLE_OPEN_FASTOPEN] = "fastopen",
	[TCP_LIFECYCLE_OPEN_LISTENER] = "listener",
	[TCP_LIFECYCLE_OPEN_PREEXISTING] = "preexisting",
	[TCP_LIFECYCLE_OPEN_RESTORED] = "restored",
	[TCP_LIFECYCLE_OPEN_SELF] = "self",
};

/**
 * tlc_words_open() - name of an opening
 * @open: enum tcp_lifecycle_open
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_open(u8 open)
{
	return word(open_words, ARRAY_SIZE(open_words), open);
}

static const char *const close_words[] = {
	[TCP_LIFECYCLE_CLOSE_NONE] = "-",
	[TCP_LIFECYCLE_CLOSE_FIN] = "fin",
	[TCP_LIFECYCLE_CLOSE_SIMULTANEOUS] = "simultaneous",
	[TCP_LIFECYCLE_CLOSE_THREE_SEGMENT] = "three-segment",
	[TCP_LIFECYCLE_CLOSE_RST_RECEIVED] = "rst-received",
	[TCP_LIFECYCLE_CLOSE_RST_UNREAD] = "rst-unread",
	[TCP_LIFECYCLE_CLOSE_RST_LINGER] = "rst-linger",
	[TCP_LIFECYCLE_CLOSE_RST_LATE_DATA] = "rst-late-data",
	[TCP_LIFECYCLE_CLOSE_RST_LINGER2] = "rst-linger2",
	[TCP_LIFECYCLE_CLOSE_DISCONNECTED] = "disconnected",
	[TCP_LIFECYCLE_CLOSE_ABORTED] = "aborted",
	[TCP_LIFECYCLE_CLOSE_REFUSED] = "refused",
	[TCP_LIFECYCLE_CLOSE_UNREACHABLE] = "unreachable",
	[TCP_LIFECYCLE_CLOSE_TIMED_OUT] = "timed-out",
	[TCP_LIFECYCLE_CLOSE_CANCELLED] = "cancelled",
	[TCP_LIFECYCLE_CLOSE_NOT_SENT] = "not-sent",
	[TCP_LIFECYCLE_CLOSE_REQUEST_RESET] = "request-reset",
	[TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT] = "request-timed-out",
	[TCP_LIFECYCLE_CLOSE_REQUEST_OVERFLOW] = "request-overflow",
	[TCP_LIFECYCLE_CLOSE_REQUEST_UNREACHABLE] = "request-unreachable",
	[TCP_LIFECYCLE_CLOSE_LISTENER_CLOSED] = "listener-closed",
	[TCP_LIFECYCLE_CLOSE_RETRANSMIT] = "retransmit",
	[TCP_LIFECYCLE_CLOSE_KEEPALIVE] = "keepalive",
	[TCP_LIFECYCLE_CLOSE_PROBE] = "probe",
	[TCP_LIFECYCLE_CLOSE_USER_TIMEOUT] = "user-timeout",
	[TCP_LIFECYCLE_CLOSE_ORPHAN] = "orphan",
	[TCP_LIFECYCLE_CLOSE_FIN_WAIT_2] = "fin-wait-2",
	[TCP_LIFECYCLE_CLOSE_TW_OVERFLOW] = "tw-overflow",
	[TCP_LIFECYCLE_CLOSE_LISTENER] = "listener",
	[TCP_LIFECYCLE_CLOSE_NETNS] = "netns",
	[TCP_LIFECYCLE_CLOSE_UNKNOWN] = "unknown",
	[TCP_LIFECYCLE_CLOSE_LISTEN_FAILED] = "listen-failed",
	[TCP_LIFECYCLE_CLOSE_SILENT] = "silent",
	[TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT] = "fastclose-sent",
	[TCP_LIFECYCLE_CLOSE_FASTCLOSE_RECEIVED] = "fastclose-received",
	[TCP_LIFECYCLE_CLOSE_UNSENT] = "unsent",
	[TCP_LIFECYCLE_CLOSE_REQUEST_FAILED] = "request-failed",
	[TCP_LIFECYCLE_CLOSE_SUBFLOW_RESET] = "subflow-reset",
};

/**
 * tlc_words_close() - name of an ending
 * @close: enum tcp_lifecycle_close
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_close(u8 close)
{
	return word(close_words, ARRAY_SIZE(close_words), close);
}

static const char *const first_words[] = {
	[TCP_LIFECYCLE_FIRST_NONE] = "-",
	[TCP_LIFECYCLE_FIRST_LOCAL] = "local",
	[TCP_LIFECYCLE_FIRST_PEER] = "peer",
	[TCP_LIFECYCLE_FIRST_BOTH] = "both",
	[TCP_LIFECYCLE_FIRST_KERNEL] = "kernel",
	[TCP_LIFECYCLE_FIRST_NETWORK] = "network",
	[TCP_LIFECYCLE_FIRST_UNKNOWN] = "unknown",
};

/**
 * tlc_words_first() - name of who closed first
 * @first: enum tcp_lifecycle_first
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_first(u8 first)
{
	return word(first_words, ARRAY_SIZE(first_words), first);
}

static const char *const cause_words[] = {
	[TCP_LIFECYCLE_CAUSE_UNKNOWN] = "unknown",
	[TCP_LIFECYCLE_CAUSE_CONNECT] = "connect",
	[TCP_LIFECYCLE_CAUSE_LISTEN] = "listen",
	[TCP_LIFECYCLE_CAUSE_SYN_RECEIVED] = "syn-received",
	[TCP_LIFECYCLE_CAUSE_SYN_ACK_RECEIVED] = "syn-ack-received",
	[TCP_LIFECYCLE_CAUSE_ACK_RECEIVED] = "ack-received",
	[TCP_LIFECYCLE_CAUSE_CLOSE] = "close",
	[TCP_LIFECYCLE_CAUSE_SHUTDOWN] = "shutdown",
	[TCP_LIFECYCLE_CAUSE_EXIT] = "exit",
	[TCP_LIFECYCLE_CAUSE_KILLED] = "killed",
	[TCP_LIFECYCLE_CAUSE_FIN_RECEIVED] = "fin-received",
	[TCP_LIFECYCLE_CAUSE_FIN_ACKED] = "fin-acked",
	[TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK] = "fin-with-ack",
	[TCP_LIFECYCLE_CAUSE_RST_RECEIVED] = "rst-received",
	[TCP_LIFECYCLE_CAUSE_RST_SENT] = "rst-sent",
	[TCP_LIFECYCLE_CAUSE_LATE_DATA] = "late-data",
	[TCP_LIFECYCLE_CAUSE_DISCONNECT] = "disconnect",
	[TCP_LIFECYCLE_CAUSE_ABORT] = "abort",
	[TCP_LIFECYCLE_CAUSE_ICMP] = "icmp",
	[TCP_LIFECYCLE_CAUSE_TIMEOUT] = "timeout",
	[TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL] = "accept-queue-full",
	[TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED] = "listener-closed",
	[TCP_LIFECYCLE_CAUSE_CONNECT_FAILED] = "connect-failed",
	[TCP_LIFECYCLE_CAUSE_2MSL_EXPIRED] = "2msl-expired",
	[TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_EXPIRED] = "fin-wait-2-expired",
	[TCP_LIFECYCLE_CAUSE_NEW_SYN] = "new-syn",
	[TCP_LIFECYCLE_CAUSE_REUSED] = "reused",
	[TCP_LIFECYCLE_CAUSE_NETNS_GONE] = "netns-gone",
	[TCP_LIFECYCLE_CAUSE_TW_OVERFLOW] = "tw-overflow",
	[TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN] = "timer-rto-syn",
	[TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA] = "timer-rto-data",
	[TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN] = "timer-rto-fin",
	[TCP_LIFECYCLE_CAUSE_TIMER_SYN_ACK] = "timer-syn-ack",
	[TCP_LIFECYCLE_CAUSE_TIMER_DELAYED_ACK] = "timer-delayed-ack",
	[TCP_LIFECYCLE_CAUSE_TIMER_KEEPALIVE] = "timer-keepalive",
	[TCP_LIFECYCLE_CAUSE_TIMER_PROBE] = "timer-probe",
	[TCP_LIFECYCLE_CAUSE_TIMER_LOSS_PROBE] = "timer-loss-probe",
	[TCP_LIFECYCLE_CAUSE_TIMER_REORDERING] = "timer-reordering",
	[TCP_LIFECYCLE_CAUSE_TIMER_FIN_WAIT_2] = "timer-fin-wait-2",
	[TCP_LIFECYCLE_CAUSE_SYN_ACK_AGAIN] = "syn-ack-again",
	[TCP_LIFECYCLE_CAUSE_2MSL_ARMED] = "2msl-armed",
	[TCP_LIFECYCLE_CAUSE_2MSL_RESTARTED] = "2msl-restarted",
	[TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED] = "fin-wait-2-armed",
	[TCP_LIFECYCLE_CAUSE_MSS_CHANGED] = "mss-changed",
	[TCP_LIFECYCLE_CAUSE_RST_OUT] = "rst-out",
	[TCP_LIFECYCLE_CAUSE_ACCEPTED] = "accepted",
	[TCP_LIFECYCLE_CAUSE_ORPHAN_LIMIT] = "orphan-limit",
	[TCP_LIFECYCLE_CAUSE_FOUND] = "found",
	[TCP_LIFECYCLE_CAUSE_MISSED] = "missed",
	[TCP_LIFECYCLE_CAUSE_LISTEN_FAILED] = "listen-failed",
	[TCP_LIFECYCLE_CAUSE_RESTORED] = "restored",
	[TCP_LIFECYCLE_CAUSE_SILENT] = "silent",
	[TCP_LIFECYCLE_CAUSE_FASTCLOSE_SENT] = "fastclose-sent",
	[TCP_LIFECYCLE_CAUSE_FASTCLOSE_RECEIVED] = "fastclose-received",
	[TCP_LIFECYCLE_CAUSE_ACK_DEFERRED] = "ack-deferred",
	[TCP_LIFECYCLE_CAUSE_MIGRATED] = "migrated",
	[TCP_LIFECYCLE_CAUSE_TIMER_UNSENT] = "timer-unsent",
	[TCP_LIFECYCLE_CAUSE_CHILD_FAILED] = "child-failed",
	[TCP_LIFECYCLE_CAUSE_SUBFLOW_CLOSED] = "subflow-closed",
	[TCP_LIFECYCLE_CAUSE_SUBFLOW_RESET] = "subflow-reset",
};

/**
 * tlc_words_cause() - name of a cause
 * @cause: enum tcp_lifecycle_cause
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_cause(u8 cause)
{
	return word(cause_words, ARRAY_SIZE(cause_words), cause);
}

static const char *const mss_by_words[] = {
	[TCP_LIFECYCLE_MSS_BY_UNKNOWN] = "unknown",
	[TCP_LIFECYCLE_MSS_BY_MTU] = "mtu",
	[TCP_LIFECYCLE_MSS_BY_ROUTE] = "route",
	[TCP_LIFECYCLE_MSS_BY_PMTU] = "pmtu",
	[TCP_LIFECYCLE_MSS_BY_PEER] = "peer",
	[TCP_LIFECYCLE_MSS_BY_DEFAULT] = "default",
	[TCP_LIFECYCLE_MSS_BY_MAXSEG] = "maxseg",
	[TCP_LIFECYCLE_MSS_BY_WINDOW] = "window",
	[TCP_LIFECYCLE_MSS_BY_COOKIE] = "cookie",
};

/**
 * tlc_words_mss_by() - name of what held an MSS down
 * @by: enum tcp_lifecycle_mss_by
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_mss_by(u8 by)
{
	return word(mss_by_words, ARRAY_SIZE(mss_by_words), by);
}

static const char *const rst_reason_words[] = {
	[TCP_LIFECYCLE_RST_REASON_NONE] = "-",
	[TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED] = "not-specified",
	[TCP_LIFECYCLE_RST_REASON_NO_SOCKET] = "no-socket",
	[TCP_LIFECYCLE_RST_REASON_INVALID_ACK_SEQUENCE] = "invalid-ack-sequence",
	[TCP_LIFECYCLE_RST_REASON_PAWS] = "paws",
	[TCP_LIFECYCLE_RST_REASON_TOO_OLD_ACK] = "too-old-ack",
	[TCP_LIFECYCLE_RST_REASON_ACK_UNSENT_DATA] = "ack-unsent-data",
	[TCP_LIFECYCLE_RST_REASON_FLAGS] = "flags",
	[TCP_LIFECYCLE_RST_REASON_OLD_ACK] = "old-ack",
	[TCP_LIFECYCLE_RST_REASON_ABORT_ON_DATA] = "abort-on-data",
	[TCP_LIFECYCLE_RST_REASON_TIMEWAIT_SOCKET] = "timewait-socket",
	[TCP_LIFECYCLE_RST_REASON_INVALID_SYN] = "invalid-syn",
	[TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE] = "abort-on-close",
	[TCP_LIFECYCLE_RST_REASON_ABORT_ON_LINGER] = "abort-on-linger",
	[TCP_LIFECYCLE_RST_REASON_ABORT_ON_MEMORY] = "abort-on-memory",
	[TCP_LIFECYCLE_RST_REASON_TCP_STATE] = "tcp-state",
	[TCP_LIFECYCLE_RST_REASON_KEEPALIVE_TIMEOUT] = "keepalive-timeout",
	[TCP_LIFECYCLE_RST_REASON_DISCONNECT_WITH_DATA] = "disconnect-with-data",
	[TCP_LIFECYCLE_RST_REASON_MPTCP] = "mptcp",
	[TCP_LIFECYCLE_RST_REASON_ERROR] = "error",
	[TCP_LIFECYCLE_RST_REASON_OTHER] = "other",
};

/**
 * tlc_words_rst_reason() - name of why an RST was sent
 * @reason: enum tcp_lifecycle_rst_reason
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_rst_reason(u8 reason)
{
	return word(rst_reason_words, ARRAY_SIZE(rst_reason_words), reason);
}

static const char *const family_words[] = {
	[TCP_LIFECYCLE_FAMILY_IPV4] = "ipv4",
	[TCP_LIFECYCLE_FAMILY_IPV6] = "ipv6",
	[TCP_LIFECYCLE_FAMILY_IPV4_MAPPED] = "ipv4-mapped",
};

/**
 * tlc_words_family() - name of an address family
 * @family: enum tcp_lifecycle_family
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_family(u8 family)
{
	return word(family_words, ARRAY_SIZE(family_words), family);
}

static const char *const group_words[] = {
	[TCP_LIFECYCLE_GROUP_CORE] = "core",
	[TCP_LIFECYCLE_GROUP_LISTENERS] = "listeners",
	[TCP_LIFECYCLE_GROUP_OPENINGS] = "openings",
	[TCP_LIFECYCLE_GROUP_ACCEPT] = "accept",
	[TCP_LIFECYCLE_GROUP_CAUSES] = "causes",
	[TCP_LIFECYCLE_GROUP_TIMERS] = "timers",
	[TCP_LIFECYCLE_GROUP_FEED] = "feed",
};

/**
 * tlc_words_group() - name of a group of hooks
 * @group: enum tcp_lifecycle_group
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_group(u8 group)
{
	return word(group_words, ARRAY_SIZE(group_words), group);
}

static const char *const way_words[] = {
	[TCP_LIFECYCLE_WAY_FTRACE] = "ftrace",
	[TCP_LIFECYCLE_WAY_JUMP] = "jump",
	[TCP_LIFECYCLE_WAY_BREAKPOINT] = "breakpoint",
};

/**
 * tlc_words_way() - name of how a hit gets to a handler
 * @way: enum tcp_lifecycle_way
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_way(u8 way)
{
	return word(way_words, ARRAY_SIZE(way_words), way);
}

static const char *const opt_words[] = {
	"mss",
	"wscale",
	"sack",
	"ts",
	"ecn",
	"tfo",
	"mptcp",
	"md5",
	"ao",
};

/**
 * tlc_words_opt() - name of a TCP option
 * @bit: number of its bit in enum tcp_lifecycle_opt
 *
 * Context: any.
 * Return: NULL behind the last.
 */
const char *tlc_words_opt(unsigned int bit)
{
	return bit < ARRAY_SIZE(opt_words) ? opt_words[bit] : NULL;
}
