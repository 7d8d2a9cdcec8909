// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict.c: how a connection ended and who began it.
 *
 * Owns: the words, and which facts lead to which.
 * Called by: apply.c at the last transition of a full socket, a request or a
 * timewait socket.  Pure.
 * Must not: guess.  What the kernel does not show is UNKNOWN.
 */
#include "life/verdict.h"

#include <linux/errno.h>

#include "life/history.h"
#include "life/subflow.h"

#define SHUT_WINDOW_MS	(2 * 120 * 1000)	/* 2 * TCP_RTO_MAX */

#define V(c, y, f) ((struct tlc_verdict) {				\
	.close = TCP_LIFECYCLE_CLOSE_##c,				\
	.cause = TCP_LIFECYCLE_CAUSE_##y,				\
	.first = TCP_LIFECYCLE_FIRST_##f,				\
})

static bool fin_acked(const struct tlc_record *rec, const struct tlc_event *ev)
{
	/* Met later than its FIN was sent: that is the last of what was. */
	if (!(rec->flags & TLC_FLAG_FIN))
		return ev->tcp.snd_una == ev->tcp.write_seq;
	return ev->tcp.snd_una == rec->conn.fin + 1;
}

/* The process ended, which closed it, rather than closing it and going on. */
static struct tlc_verdict by_process(struct tlc_verdict v,
				     const struct tlc_record *rec,
				     const struct tlc_event *ev)
{
	u8 cause = tlc_subflow_end(rec, ev);

	if (cause == TCP_LIFECYCLE_CAUSE_EXIT || cause == TCP_LIFECYCLE_CAUSE_KILLED)
		v.cause = cause;
	return v;
}

/*
 * tcp_write_err() reports a soft error (an ICMP seen on the way) in place of
 * ETIMEDOUT where there was one, and a timer is then what ended the socket.
 */
static bool timed_out(const struct tlc_record *rec, const struct tlc_event *ev)
{
	return ev->tcp.error == ETIMEDOUT ||
	       (rec->conn.timer && ev->tcp.error &&
		ev->tcp.error == ev->tcp.soft_error);
}

/* A reset, an abort or a disconnect announced itself before the transition. */
static bool announced(const struct tlc_record *rec, const struct tlc_event *ev,
		      struct tlc_verdict *v)
{
	bool opening = ev->from == TCP_LIFECYCLE_STATE_SYN_SENT;

	switch (rec->hint) {
	case TCP_LIFECYCLE_CAUSE_RST_RECEIVED:
		/* The answer to our fastclose may come before that goes out on each subflow. */
		if (rec->flags & TLC_FLAG_FASTCLOSE) {
			*v = V(FASTCLOSE_SENT, RST_RECEIVED, LOCAL);
			return true;
		}
		if (rec->conn.segment == TCP_LIFECYCLE_CAUSE_RST_RECEIVED)
			*v = V(REQUEST_RESET, RST_RECEIVED, PEER);
		else
			*v = opening ? V(REFUSED, RST_RECEIVED, PEER) :
				       V(RST_RECEIVED, RST_RECEIVED, PEER);
		return true;
	case TCP_LIFECYCLE_CAUSE_LATE_DATA:
		*v = V(RST_LATE_DATA, LATE_DATA, LOCAL);
		return true;
	case TCP_LIFECYCLE_CAUSE_ABORT:
		/*
		 * Before 6.11 and where that was not taken over, tcp_abort() leaves
		 * an orphan alone; of others the error may have been read already.
		 */
		*v = V(ABORTED, ABORT, LOCAL);
		return !ev->tcp.orphan || ev->tcp.error == ECONNABORTED;
	case TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED:
		*v = V(LISTENER_CLOSED, LISTENER_CLOSED, LOCAL);
		return true;
	case TCP_LIFECYCLE_CAUSE_RST_SENT:
		*v = by_process(V(RST_LINGER, RST_SENT, LOCAL), rec, ev);
		return true;
	/* SO_LINGER of 0 where there is nothing to reset: before, or behind its own FIN. */
	case TCP_LIFECYCLE_CAUSE_CLOSE:
		*v = by_process(opening ? V(CANCELLED, CLOSE, LOCAL) :
					  V(SILENT, CLOSE, LOCAL), rec, ev);
		return true;
	/* That the process ended says less: nothing was sent. */
	case TCP_LIFECYCLE_CAUSE_SILENT:
		*v = opening ? V(CANCELLED, SILENT, LOCAL) : V(SILENT, SILENT, LOCAL);
		return true;
	case TCP_LIFECYCLE_CAUSE_DISCONNECT:
		*v = opening ? V(CANCELLED, DISCONNECT, LOCAL) :
			       V(DISCONNECTED, DISCONNECT, LOCAL);
		return true;
	case TCP_LIFECYCLE_CAUSE_FASTCLOSE_SENT:
		*v = by_process(opening ? V(CANCELLED, FASTCLOSE_SENT, LOCAL) :
					  V(FASTCLOSE_SENT, FASTCLOSE_SENT, LOCAL),
				rec, ev);
		return true;
	case TCP_LIFECYCLE_CAUSE_FASTCLOSE_RECEIVED:
		*v = opening ? V(REFUSED, FASTCLOSE_RECEIVED, PEER) :
			       V(FASTCLOSE_RECEIVED, FASTCLOSE_RECEIVED, PEER);
		return true;
	case TCP_LIFECYCLE_CAUSE_SUBFLOW_RESET:
		/* A timer that gives up sends an RST as well, and sets an error. */
		*v = V(SUBFLOW_RESET, SUBFLOW_RESET, LOCAL);
		return !ev->tcp.orphan && !timed_out(rec, ev);
	}
	return false;
}

/* May an ICMP error have left it?  As icmp_err_convert[], tcp_v4_err(), icmpv6_err_convert() */
static bool is_of_icmp(int error)
{
	switch (error) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENOPROTOOPT:
	case ECONNREFUSED:
	case EMSGSIZE:
	case EOPNOTSUPP:
	case EHOSTDOWN:
	case ENONET:
	case EPROTO:
	case EACCES:
		return true;
	}
	return false;
}

/*
 * Nothing ended it by an error.  With IP_RECVERR an ICMP error stays in the socket until
 * somebody reads it, and ends nothing; a timer that reports one has it from soft_error.
 */
static bool no_error(const struct tlc_tcp *tcp)
{
	return !tcp->error || (is_of_icmp(tcp->error) && tcp->error != tcp->soft_error);
}

static struct tlc_verdict syn_sent(const struct tlc_record *rec,
				   const struct tlc_event *ev)
{
	if (!(rec->flags & TLC_FLAG_SYN_BUILT) &&
	    (rec->open == TCP_LIFECYCLE_OPEN_ACTIVE ||
	     rec->open == TCP_LIFECYCLE_OPEN_RESTORED))
		return V(NOT_SENT, CONNECT_FAILED, LOCAL);
	if (timed_out(rec, ev))
		return V(TIMED_OUT, TIMEOUT, KERNEL);
	if (ev->tcp.error)
		return V(UNREACHABLE, ICMP, NETWORK);
	if (ev->tcp.both_shut)
		return by_process(V(CANCELLED, CLOSE, LOCAL), rec, ev);
	return V(UNKNOWN, UNKNOWN, UNKNOWN);
}

/* No process has it open, and the kernel would rather not have it either. */
static struct tlc_verdict orphaned(const struct tlc_event *ev)
{
	return ev->tcp.net_gone ? V(NETNS, NETNS_GONE, KERNEL) :
				  V(ORPHAN, ORPHAN_LIMIT, KERNEL);
}

/*
 * FIN_WAIT_2 is left by way of a timewait socket, so there was none to be had,
 * or none was wanted.  With the segment that brought an orphan here may have come
 * data nobody can read: the kernel ends it before it answers with an RST.
 */
static struct tlc_verdict fin_wait_2(const struct tlc_record *rec,
				     const struct tlc_event *ev)
{
	if (ev->tcp.peer_done)
		return V(TW_OVERFLOW, TW_OVERFLOW, LOCAL);
	if (ev->tcp.both_shut && !ev->tcp.orphan)
		return by_process(V(RST_UNREAD, RST_SENT, LOCAL), rec, ev);
	if (ev->tcp.no_linger2)
		return V(RST_LINGER2, RST_SENT, LOCAL);
	if (!ev->tcp.orphan)
		return V(UNKNOWN, UNKNOWN, UNKNOWN);
	/* Its timer sends an RST, or asks for a timewait socket for what is left. */
	if (rec->flags & TLC_FLAG_RST_OUT)
		return V(FIN_WAIT_2, FIN_WAIT_2_EXPIRED, KERNEL);
	if (rec->conn.timer == TCP_LIFECYCLE_CAUSE_TIMER_FIN_WAIT_2)
		return ev->tcp.fin_time_long ?
		       V(TW_OVERFLOW, TW_OVERFLOW, LOCAL) :
		       V(FIN_WAIT_2, FIN_WAIT_2_EXPIRED, KERNEL);
	/* Else one is asked for behind the data, and if that can wait long enough. */
	if (rec->conn.segment == TCP_LIFECYCLE_CAUSE_LATE_DATA)
		return V(RST_LATE_DATA, LATE_DATA, LOCAL);
	return ev->tcp.fin_time_long ? orphaned(ev) :
				       V(TW_OVERFLOW, TW_OVERFLOW, LOCAL);
}

/*
 * tcp_write_timeout() counts retransmissions only where TCP_USER_TIMEOUT is not
 * set; but to a shut window it gives four minutes at most.
 */
static bool retransmitted_for_too_long(const struct tlc_tcp *tcp)
{
	return tcp->user_timeout &&
	       (tcp->orphan || !tcp->window_shut ||
		tcp->user_timeout <= SHUT_WINDOW_MS);
}

/* Which of the limits a timer watches was reached; as in net/ipv4/tcp_timer.c */
static struct tlc_verdict by_timer(const struct tlc_record *rec,
				   const struct tlc_tcp *tcp)
{
	switch (rec->conn.timer) {
	case TCP_LIFECYCLE_CAUSE_TIMER_KEEPALIVE:
		return tcp->user_timeout ? V(USER_TIMEOUT, TIMEOUT, KERNEL) :
					   V(KEEPALIVE, TIMEOUT, KERNEL);
	case TCP_LIFECYCLE_CAUSE_TIMER_PROBE:
	case TCP_LIFECYCLE_CAUSE_TIMER_UNSENT:
		if (tcp->user_timeout && tcp->probing >= tcp->user_timeout)
			return V(USER_TIMEOUT, TIMEOUT, KERNEL);
		if (tcp->orphan)
			return V(ORPHAN, TIMEOUT, KERNEL);
		/* An answer that changed the window would have begun the count anew. */
		return rec->conn.timer == TCP_LIFECYCLE_CAUSE_TIMER_PROBE ?
		       V(PROBE, TIMEOUT, KERNEL) : V(UNSENT, TIMEOUT, KERNEL);
	case TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA:
	case TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN:
		if (retransmitted_for_too_long(tcp))
			return V(USER_TIMEOUT, TIMEOUT, KERNEL);
		return tcp->orphan ? V(ORPHAN, TIMEOUT, KERNEL) :
				     V(RETRANSMIT, TIMEOUT, KERNEL);
	case TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN:
		return V(RETRANSMIT, TIMEOUT, KERNEL);
	}
	return V(UNKNOWN, TIMEOUT, KERNEL);
}

/**
 * tlc_verdict_socket() - a full socket goes to CLOSED, and no timewait socket
 *			  carries on
 * @rec: record, before the transition
 * @ev: TLC_EVENT_STATE to CLOSED
 *
 * Context: any.
 */
struct tlc_verdict tlc_verdict_socket(const struct tlc_record *rec,
				      const struct tlc_event *ev)
{
	struct tlc_verdict v;

	if (ev->from == TCP_LIFECYCLE_STATE_LISTEN &&
	    rec->hint == TCP_LIFECYCLE_CAUSE_ABORT)
		return V(ABORTED, ABORT, LOCAL);
	if (ev->from == TCP_LIFECYCLE_STATE_LISTEN)
		return by_process(V(LISTENER, CLOSE, LOCAL), rec, ev);
	if (announced(rec, ev, &v))
		return v;
	if (ev->from == TCP_LIFECYCLE_STATE_SYN_SENT)
		return syn_sent(rec, ev);
	if (ev->from == TCP_LIFECYCLE_STATE_LAST_ACK && fin_acked(rec, ev))
		return V(FIN, FIN_ACKED, PEER);
	if (timed_out(rec, ev))
		return by_timer(rec, &ev->tcp);
	if (ev->from == TCP_LIFECYCLE_STATE_CLOSING && fin_acked(rec, ev))
		return V(TW_OVERFLOW, TW_OVERFLOW, BOTH);
	/* A Fast Open child that nobody has accepted yet, or SYNs that crossed. */
	if (ev->from == TCP_LIFECYCLE_STATE_SYN_RECV && !ev->tcp.both_shut &&
	    is_of_icmp(ev->tcp.error))
		return V(UNREACHABLE, ICMP, NETWORK);
	if (ev->from == TCP_LIFECYCLE_STATE_FIN_WAIT_2 && no_error(&ev->tcp))
		return fin_wait_2(rec, ev);
	/*
	 * tcp_close() with data unread sets CLOSED straight away, while it still
	 * has the socket; nothing else does so without a hint or an error.
	 */
	if (ev->tcp.both_shut && !ev->tcp.orphan && no_error(&ev->tcp))
		return by_process(V(RST_UNREAD, RST_SENT, LOCAL), rec, ev);
	/* subflow_syn_recv_sock() made a child that then was not to join, and sent an RST. */
	if (ev->from == TCP_LIFECYCLE_STATE_SYN_RECV && ev->tcp.orphan && no_error(&ev->tcp) &&
	    rec->conn.offered & TCP_LIFECYCLE_OPT_MPTCP)
		return V(SUBFLOW_RESET, SUBFLOW_RESET, LOCAL);
	/* tcp_check_oom() found too many of them, or too much memory in use. */
	if (ev->tcp.both_shut && ev->tcp.orphan && no_error(&ev->tcp))
		return orphaned(ev);
	return V(UNKNOWN, UNKNOWN, UNKNOWN);
}

/**
 * tlc_verdict_request_cause() - why a request is dropped, by what was told before
 * @rec: record, before the transition
 * @ev: TLC_EVENT_REQUEST_DROP; its cause is what the drop says itself
 * @seg: filled if a segment is behind it
 *
 * Context: any.
 */
u8 tlc_verdict_request_cause(const struct tlc_record *rec, const struct tlc_event *ev,
			     struct tlc_segment *seg)
{
	bool in_vain = rec->hint == TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL ||
		       rec->hint == TCP_LIFECYCLE_CAUSE_CHILD_FAILED;
	u8 cause = ev->cause;

	/* Its timer had it moved to another listener, only to find that its time was over. */
	if (cause == TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED && ev->listener && rec->listener &&
	    ev->listener != rec->listener)
		cause = TCP_LIFECYCLE_CAUSE_TIMEOUT;
	/*
	 * That the accept queue was full once, or no child could be made, matters only if
	 * the request waits until its time is over.
	 */
	if (rec->hint && (!in_vain || cause == TCP_LIFECYCLE_CAUSE_TIMEOUT))
		return rec->hint;
	switch (cause) {
	case TCP_LIFECYCLE_CAUSE_RST_RECEIVED:
	case TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL:
	case TCP_LIFECYCLE_CAUSE_CHILD_FAILED:
		/*
		 * Many a segment is refused; only this drop says that one was not.
		 * An ACK behind it that was in vain has taken it back.
		 */
		if (rec->conn.segment) {
			*seg = rec->conn.hint_seg;
			return rec->conn.segment;
		}
	}
	/* Or a segment that no hook told of. */
	return cause == TCP_LIFECYCLE_CAUSE_CHILD_FAILED ? rec->hint : cause;
}

/**
 * tlc_verdict_request() - a request socket is dropped
 * @ev: TLC_EVENT_REQUEST_DROP; its cause says why
 *
 * Context: any.
 */
struct tlc_verdict tlc_verdict_request(const struct tlc_event *ev)
{
	switch (ev->cause) {
	case TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED:
		return V(LISTENER_CLOSED, LISTENER_CLOSED, LOCAL);
	case TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL:
		return V(REQUEST_OVERFLOW, ACCEPT_QUEUE_FULL, LOCAL);
	case TCP_LIFECYCLE_CAUSE_CHILD_FAILED:
		return V(REQUEST_FAILED, CHILD_FAILED, LOCAL);
	case TCP_LIFECYCLE_CAUSE_TIMEOUT:
		return V(REQUEST_TIMED_OUT, TIMEOUT, KERNEL);
	case TCP_LIFECYCLE_CAUSE_ICMP:
		return V(REQUEST_UNREACHABLE, ICMP, NETWORK);
	case TCP_LIFECYCLE_CAUSE_ABORT:
		return V(ABORTED, ABORT, LOCAL);
	case TCP_LIFECYCLE_CAUSE_NETNS_GONE:
		return V(NETNS, NETNS_GONE, KERNEL);
	case TCP_LIFECYCLE_CAUSE_RST_RECEIVED:
		return V(REQUEST_RESET, RST_RECEIVED, PEER);
	case TCP_LIFECYCLE_CAUSE_NEW_SYN:
		return V(REQUEST_RESET, NEW_SYN, LOCAL);
	}
	return V(UNKNOWN, UNKNOWN, UNKNOWN);
}

/* A timewait socket in FIN_WAIT_2 that did not see its time out. */
static struct tlc_verdict cut_short(u8 cause)
{
	struct tlc_verdict v = V(UNKNOWN, UNKNOWN, UNKNOWN);

	v.cause = cause;
	if (cause == TCP_LIFECYCLE_CAUSE_RST_RECEIVED)
		v.close = TCP_LIFECYCLE_CLOSE_RST_RECEIVED;
	else if (cause == TCP_LIFECYCLE_CAUSE_LATE_DATA)
		v.close = TCP_LIFECYCLE_CLOSE_RST_LATE_DATA;
	else if (cause == TCP_LIFECYCLE_CAUSE_NETNS_GONE)
		v.close = TCP_LIFECYCLE_CLOSE_NETNS;
	else if (cause == TCP_LIFECYCLE_CAUSE_ABORT)
		v.close = TCP_LIFECYCLE_CLOSE_ABORTED;
	return v;
}

/**
 * tlc_verdict_timewait() - a timewait socket ends
 * @rec: record, before the transition
 * @ev: TLC_EVENT_TW_EXPIRE, TLC_EVENT_TW_END, or of whom that was missed
 *
 * What happened in TIME_WAIT does not change how the connection closed: both
 * FINs were exchanged.  It is the cause of the last transition.
 *
 * Context: any.
 */
struct tlc_verdict tlc_verdict_timewait(const struct tlc_record *rec,
					const struct tlc_event *ev)
{
	bool expired = ev->kind == TLC_EVENT_TW_EXPIRE;
	/* A hint may be of a segment that was refused: what the end itself says is so. */
	u8 cause = ev->cause ?: rec->hint;
	struct tlc_verdict v = V(FIN, 2MSL_EXPIRED, UNKNOWN);

	if (rec->state == TCP_LIFECYCLE_STATE_FIN_WAIT_2)
		return expired ? V(FIN_WAIT_2, FIN_WAIT_2_EXPIRED, KERNEL) :
				 cut_short(cause);
	if (rec->first == TCP_LIFECYCLE_FIRST_BOTH)
		v.close = TCP_LIFECYCLE_CLOSE_SIMULTANEOUS;
	else if (tlc_history_find(rec, TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK))
		v.close = TCP_LIFECYCLE_CLOSE_THREE_SEGMENT;
	if (expired)
		return v;
	v.cause = cause;
	if (cause == TCP_LIFECYCLE_CAUSE_ABORT)
		v.close = TCP_LIFECYCLE_CLOSE_ABORTED;
	return v;
}
