/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * tcp_lifecycle: the words a record is made of.
 *
 * Owns: every number that leaves the module.  Values are never renumbered:
 * new ones are added before the closing _MAX.  Shared with userspace, so it
 * must not depend on any kernel-internal header.
 */
#ifndef _UAPI_LINUX_TCP_LIFECYCLE_H
#define _UAPI_LINUX_TCP_LIFECYCLE_H

#include <linux/types.h>

/* Version of the text under /proc; changes when a reader would have to. */
#define TCP_LIFECYCLE_FORMAT	1

/**
 * enum tcp_lifecycle_state - the states of RFC 9293, as Linux numbers them
 *
 * The numbers are those of the kernel's TCP_ESTABLISHED and following;
 * NEW_SYN_RECV is the half-open request socket, which RFC 9293 calls
 * SYN-RECEIVED, and SYN_RECV the child made from it.
 */
enum tcp_lifecycle_state {
	TCP_LIFECYCLE_STATE_NONE = 0,	/* never seen, or not known */
	TCP_LIFECYCLE_STATE_ESTABLISHED = 1,
	TCP_LIFECYCLE_STATE_SYN_SENT = 2,
	TCP_LIFECYCLE_STATE_SYN_RECV = 3,
	TCP_LIFECYCLE_STATE_FIN_WAIT_1 = 4,
	TCP_LIFECYCLE_STATE_FIN_WAIT_2 = 5,
	TCP_LIFECYCLE_STATE_TIME_WAIT = 6,
	TCP_LIFECYCLE_STATE_CLOSED = 7,
	TCP_LIFECYCLE_STATE_CLOSE_WAIT = 8,
	TCP_LIFECYCLE_STATE_LAST_ACK = 9,
	TCP_LIFECYCLE_STATE_LISTEN = 10,
	TCP_LIFECYCLE_STATE_CLOSING = 11,
	TCP_LIFECYCLE_STATE_NEW_SYN_RECV = 12,
	TCP_LIFECYCLE_STATE_MAX
};

/**
 * enum tcp_lifecycle_open - how the record came to be
 */
enum tcp_lifecycle_open {
	TCP_LIFECYCLE_OPEN_UNKNOWN,	/* its beginning was lost, see the loss counters */
	TCP_LIFECYCLE_OPEN_ACTIVE,	/* connect() */
	TCP_LIFECYCLE_OPEN_PASSIVE,	/* a SYN came to a listener */
	TCP_LIFECYCLE_OPEN_SIMULTANEOUS,	/* both ends sent a SYN */
	TCP_LIFECYCLE_OPEN_SYNCOOKIE,	/* no request socket ever existed */
	TCP_LIFECYCLE_OPEN_FASTOPEN,	/* data rode on the SYN */
	TCP_LIFECYCLE_OPEN_LISTENER,	/* listen() */
	TCP_LIFECYCLE_OPEN_PREEXISTING,	/* older than the module */
	TCP_LIFECYCLE_OPEN_MAX
};

/**
 * enum tcp_lifecycle_close - how it ended
 */
enum tcp_lifecycle_close {
	TCP_LIFECYCLE_CLOSE_NONE,	/* it lives */
	TCP_LIFECYCLE_CLOSE_FIN,	/* FIN both ways, each acknowledged */
	TCP_LIFECYCLE_CLOSE_SIMULTANEOUS,	/* the FINs crossed */
	TCP_LIFECYCLE_CLOSE_THREE_SEGMENT,	/* FIN and ACK in one segment */
	TCP_LIFECYCLE_CLOSE_RST_RECEIVED,
	TCP_LIFECYCLE_CLOSE_RST_UNREAD,	/* RST sent: closed with data unread */
	TCP_LIFECYCLE_CLOSE_RST_LINGER,	/* RST sent: SO_LINGER 0 */
	TCP_LIFECYCLE_CLOSE_RST_LATE_DATA,	/* RST sent: data after close */
	TCP_LIFECYCLE_CLOSE_RST_LINGER2,	/* RST sent: TCP_LINGER2 below 0 */
	TCP_LIFECYCLE_CLOSE_DISCONNECTED,	/* connect(AF_UNSPEC) */
	TCP_LIFECYCLE_CLOSE_ABORTED,	/* tcp_abort(): ss -K, BPF */
	TCP_LIFECYCLE_CLOSE_REFUSED,	/* SYN answered by RST */
	TCP_LIFECYCLE_CLOSE_UNREACHABLE,	/* SYN answered by ICMP */
	TCP_LIFECYCLE_CLOSE_TIMED_OUT,	/* SYN retries used up */
	TCP_LIFECYCLE_CLOSE_CANCELLED,	/* closed before it opened */
	TCP_LIFECYCLE_CLOSE_NOT_SENT,	/* connect() failed before any SYN */
	TCP_LIFECYCLE_CLOSE_REQUEST_RESET,	/* half-open; RST from the peer */
	TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT,	/* half-open; SYN-ACK retries used up */
	TCP_LIFECYCLE_CLOSE_REQUEST_OVERFLOW,	/* half-open; accept queue full */
	TCP_LIFECYCLE_CLOSE_REQUEST_UNREACHABLE,	/* half-open; ICMP */
	TCP_LIFECYCLE_CLOSE_LISTENER_CLOSED,	/* before accept() */
	TCP_LIFECYCLE_CLOSE_RETRANSMIT,	/* retransmission limit */
	TCP_LIFECYCLE_CLOSE_KEEPALIVE,	/* keepalive limit */
	TCP_LIFECYCLE_CLOSE_PROBE,	/* zero-window probe limit */
	TCP_LIFECYCLE_CLOSE_USER_TIMEOUT,	/* TCP_USER_TIMEOUT */
	TCP_LIFECYCLE_CLOSE_ORPHAN,	/* orphan or memory limit */
	TCP_LIFECYCLE_CLOSE_FIN_WAIT_2,	/* FIN_WAIT_2 ran into tcp_fin_timeout */
	TCP_LIFECYCLE_CLOSE_TW_OVERFLOW,	/* no room for a timewait socket */
	TCP_LIFECYCLE_CLOSE_LISTENER,	/* a listener's own close */
	TCP_LIFECYCLE_CLOSE_NETNS,	/* its network namespace went away */
	TCP_LIFECYCLE_CLOSE_UNKNOWN,	/* the kernel does not tell */
	TCP_LIFECYCLE_CLOSE_MAX
};

/**
 * enum tcp_lifecycle_first - who closed first
 */
enum tcp_lifecycle_first {
	TCP_LIFECYCLE_FIRST_NONE,	/* nobody yet */
	TCP_LIFECYCLE_FIRST_LOCAL,
	TCP_LIFECYCLE_FIRST_PEER,
	TCP_LIFECYCLE_FIRST_BOTH,	/* the FINs crossed */
	TCP_LIFECYCLE_FIRST_KERNEL,	/* a timer or a limit */
	TCP_LIFECYCLE_FIRST_NETWORK,	/* ICMP */
	TCP_LIFECYCLE_FIRST_UNKNOWN,
	TCP_LIFECYCLE_FIRST_MAX
};

/**
 * enum tcp_lifecycle_cause - what a lifecycle entry says happened
 *
 * Up to _TIMER_BASE they cause a transition; from it on they are things that
 * happen within a state, may repeat, and then coalesce.
 */
enum tcp_lifecycle_cause {
	TCP_LIFECYCLE_CAUSE_UNKNOWN,
	TCP_LIFECYCLE_CAUSE_CONNECT,
	TCP_LIFECYCLE_CAUSE_LISTEN,
	TCP_LIFECYCLE_CAUSE_SYN_RECEIVED,
	TCP_LIFECYCLE_CAUSE_SYN_ACK_RECEIVED,
	TCP_LIFECYCLE_CAUSE_ACK_RECEIVED,
	TCP_LIFECYCLE_CAUSE_CLOSE,		/* close() */
	TCP_LIFECYCLE_CAUSE_SHUTDOWN,		/* shutdown() */
	TCP_LIFECYCLE_CAUSE_EXIT,		/* the process ended */
	TCP_LIFECYCLE_CAUSE_KILLED,		/* the process was killed */
	TCP_LIFECYCLE_CAUSE_FIN_RECEIVED,
	TCP_LIFECYCLE_CAUSE_FIN_ACKED,
	TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK,	/* one segment did both */
	TCP_LIFECYCLE_CAUSE_RST_RECEIVED,
	TCP_LIFECYCLE_CAUSE_RST_SENT,
	TCP_LIFECYCLE_CAUSE_LATE_DATA,		/* data came after close() */
	TCP_LIFECYCLE_CAUSE_DISCONNECT,
	TCP_LIFECYCLE_CAUSE_ABORT,
	TCP_LIFECYCLE_CAUSE_ICMP,
	TCP_LIFECYCLE_CAUSE_TIMEOUT,
	TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL,
	TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED,
	TCP_LIFECYCLE_CAUSE_CONNECT_FAILED,
	TCP_LIFECYCLE_CAUSE_2MSL_EXPIRED,
	TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_EXPIRED,
	TCP_LIFECYCLE_CAUSE_NEW_SYN,
	TCP_LIFECYCLE_CAUSE_REUSED,		/* tcp_tw_reuse */
	TCP_LIFECYCLE_CAUSE_NETNS_GONE,
	TCP_LIFECYCLE_CAUSE_TW_OVERFLOW,

	TCP_LIFECYCLE_CAUSE_TIMER_BASE = 64,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN = TCP_LIFECYCLE_CAUSE_TIMER_BASE,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN,
	TCP_LIFECYCLE_CAUSE_TIMER_SYN_ACK,
	TCP_LIFECYCLE_CAUSE_TIMER_DELAYED_ACK,
	TCP_LIFECYCLE_CAUSE_TIMER_KEEPALIVE,
	TCP_LIFECYCLE_CAUSE_TIMER_PROBE,
	TCP_LIFECYCLE_CAUSE_TIMER_LOSS_PROBE,
	TCP_LIFECYCLE_CAUSE_TIMER_REORDERING,
	TCP_LIFECYCLE_CAUSE_TIMER_FIN_WAIT_2,
	TCP_LIFECYCLE_CAUSE_TIMER_END,

	TCP_LIFECYCLE_CAUSE_SYN_ACK_AGAIN = 96,	/* SYN-ACK sent again */
	TCP_LIFECYCLE_CAUSE_2MSL_ARMED,
	TCP_LIFECYCLE_CAUSE_2MSL_RESTARTED,
	TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED,
	TCP_LIFECYCLE_CAUSE_MSS_CHANGED,
	TCP_LIFECYCLE_CAUSE_RST_OUT,		/* an RST left for the peer */
	TCP_LIFECYCLE_CAUSE_ACCEPTED,
	TCP_LIFECYCLE_CAUSE_MAX
};

/* TCP options of a SYN: offered, and agreed on. */
#define TCP_LIFECYCLE_OPT_MSS		0x01
#define TCP_LIFECYCLE_OPT_WSCALE	0x02
#define TCP_LIFECYCLE_OPT_SACK		0x04
#define TCP_LIFECYCLE_OPT_TIMESTAMPS	0x08
#define TCP_LIFECYCLE_OPT_ECN		0x10
#define TCP_LIFECYCLE_OPT_FASTOPEN	0x20

/**
 * enum tcp_lifecycle_mss_by - what held an MSS down to its value
 */
enum tcp_lifecycle_mss_by {
	TCP_LIFECYCLE_MSS_BY_UNKNOWN,
	TCP_LIFECYCLE_MSS_BY_MTU,	/* the interface */
	TCP_LIFECYCLE_MSS_BY_ROUTE,	/* mtu or advmss of the route */
	TCP_LIFECYCLE_MSS_BY_PMTU,	/* path MTU discovery */
	TCP_LIFECYCLE_MSS_BY_PEER,	/* its MSS option */
	TCP_LIFECYCLE_MSS_BY_DEFAULT,	/* it sent none: 536 or 1220 */
	TCP_LIFECYCLE_MSS_BY_MAXSEG,	/* TCP_MAXSEG */
	TCP_LIFECYCLE_MSS_BY_WINDOW,	/* half of the largest window seen */
	TCP_LIFECYCLE_MSS_BY_MAX
};

#endif /* _UAPI_LINUX_TCP_LIFECYCLE_H */
