/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/tcp_lifecycle.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_TCP_LIFECYCLE_H
#define _UAPI_LINUX_TCP_LIFECYCLE_H

#define TCP_LIFECYCLE_FAMILY_NAME	"tcp_lifecycle"
#define TCP_LIFECYCLE_FAMILY_VERSION	1

#define TCP_LIFECYCLE_FORMAT	2

/**
 * enum tcp_lifecycle_state - The states of RFC 9293, as Linux numbers them.
 *   new-syn-recv is the half- open request socket, which RFC 9293 calls
 *   SYN-RECEIVED, and syn-recv the child made from it.
 * @TCP_LIFECYCLE_STATE_NONE: never seen, or not known
 * @TCP_LIFECYCLE_STATE_ESTABLISHED: data can flow both ways
 * @TCP_LIFECYCLE_STATE_SYN_SENT: connect() has sent a SYN
 * @TCP_LIFECYCLE_STATE_SYN_RECV: the child made from a request; also a
 *   simultaneous open
 * @TCP_LIFECYCLE_STATE_FIN_WAIT_1: our FIN was sent
 * @TCP_LIFECYCLE_STATE_FIN_WAIT_2: our FIN was acknowledged
 * @TCP_LIFECYCLE_STATE_TIME_WAIT: both FINs were exchanged; waits for 2MSL
 * @TCP_LIFECYCLE_STATE_CLOSED: it has ended
 * @TCP_LIFECYCLE_STATE_CLOSE_WAIT: the peer's FIN came; this side has not
 *   closed
 * @TCP_LIFECYCLE_STATE_LAST_ACK: our FIN was sent after the peer's
 * @TCP_LIFECYCLE_STATE_LISTEN: listen()
 * @TCP_LIFECYCLE_STATE_CLOSING: the FINs crossed; ours is not acknowledged yet
 * @TCP_LIFECYCLE_STATE_NEW_SYN_RECV: the half-open request socket
 */
enum tcp_lifecycle_state {
	TCP_LIFECYCLE_STATE_NONE,
	TCP_LIFECYCLE_STATE_ESTABLISHED,
	TCP_LIFECYCLE_STATE_SYN_SENT,
	TCP_LIFECYCLE_STATE_SYN_RECV,
	TCP_LIFECYCLE_STATE_FIN_WAIT_1,
	TCP_LIFECYCLE_STATE_FIN_WAIT_2,
	TCP_LIFECYCLE_STATE_TIME_WAIT,
	TCP_LIFECYCLE_STATE_CLOSED,
	TCP_LIFECYCLE_STATE_CLOSE_WAIT,
	TCP_LIFECYCLE_STATE_LAST_ACK,
	TCP_LIFECYCLE_STATE_LISTEN,
	TCP_LIFECYCLE_STATE_CLOSING,
	TCP_LIFECYCLE_STATE_NEW_SYN_RECV,

	/* private: */
	__TCP_LIFECYCLE_STATE_MAX,
	TCP_LIFECYCLE_STATE_MAX = (__TCP_LIFECYCLE_STATE_MAX - 1)
};

/**
 * enum tcp_lifecycle_open - How the record came to be.
 * @TCP_LIFECYCLE_OPEN_UNKNOWN: The record began in mid-life although the
 *   module was loaded: the beginning was filtered out, found no free record,
 *   or was a missed probe hit. The header counts each of these.
 * @TCP_LIFECYCLE_OPEN_ACTIVE: `connect()` sent a SYN. Kernel:
 *   `tcp_v4_connect()`, `tcp_v6_connect()` set SYN_SENT
 * @TCP_LIFECYCLE_OPEN_PASSIVE: A SYN came to a listener. Kernel:
 *   `tcp_conn_request()` makes the request socket, `tcp_check_req()` its child
 * @TCP_LIFECYCLE_OPEN_SIMULTANEOUS: Both ends sent a SYN. Kernel:
 *   `tcp_rcv_synsent_state_process()` goes to SYN_RECV
 * @TCP_LIFECYCLE_OPEN_SYNCOOKIE: It came through a SYN cookie; there was no
 *   request socket. Kernel: `cookie_v4_check()`, `cookie_v6_check()`
 * @TCP_LIFECYCLE_OPEN_FASTOPEN: The SYN carried data (TCP Fast Open) that was
 *   acknowledged. Kernel: `tcp_try_fastopen()` on the server
 * @TCP_LIFECYCLE_OPEN_LISTENER: `listen()`: the record describes a listener.
 * @TCP_LIFECYCLE_OPEN_PREEXISTING: The socket is older than the module, which
 *   took it in when it was loaded.
 * @TCP_LIFECYCLE_OPEN_RESTORED: The socket was rebuilt with `TCP_REPAIR`;
 *   there was no handshake. Initial sequence numbers, round trip, offered
 *   options and both MSS options are not known. Kernel: `tcp_connect()` in
 *   repair mode; `tcp_send_window_probe()` when the repair ends, from which
 *   `agreed`, `wscale` and `mss_eff` are known
 * @TCP_LIFECYCLE_OPEN_SELF: A socket connected to its own address and port; it
 *   is its own peer, and closes by `simultaneous`. Kernel: as `simultaneous`,
 *   with both ends equal
 */
enum tcp_lifecycle_open {
	TCP_LIFECYCLE_OPEN_UNKNOWN,
	TCP_LIFECYCLE_OPEN_ACTIVE,
	TCP_LIFECYCLE_OPEN_PASSIVE,
	TCP_LIFECYCLE_OPEN_SIMULTANEOUS,
	TCP_LIFECYCLE_OPEN_SYNCOOKIE,
	TCP_LIFECYCLE_OPEN_FASTOPEN,
	TCP_LIFECYCLE_OPEN_LISTENER,
	TCP_LIFECYCLE_OPEN_PREEXISTING,
	TCP_LIFECYCLE_OPEN_RESTORED,
	TCP_LIFECYCLE_OPEN_SELF,

	/* private: */
	__TCP_LIFECYCLE_OPEN_MAX,
	TCP_LIFECYCLE_OPEN_MAX = (__TCP_LIFECYCLE_OPEN_MAX - 1)
};

/**
 * enum tcp_lifecycle_close - How it ended.
 * @TCP_LIFECYCLE_CLOSE_NONE: it lives
 * @TCP_LIFECYCLE_CLOSE_FIN: Each end sent a FIN, in four segments. Kernel:
 *   `tcp_fin()` and the acknowledgement of ours; ends in `tcp_done()` from
 *   LAST_ACK or in TIME_WAIT
 * @TCP_LIFECYCLE_CLOSE_SIMULTANEOUS: The FINs crossed. Kernel: FIN_WAIT_1,
 *   CLOSING, TIME_WAIT
 * @TCP_LIFECYCLE_CLOSE_THREE_SEGMENT: The peer's FIN also acknowledged ours.
 *   Kernel: FIN_WAIT_1 is left for TIME_WAIT within one segment
 * @TCP_LIFECYCLE_CLOSE_RST_RECEIVED: The peer reset it. Kernel: `tcp_reset()`
 *   by a segment with RST; in a timewait socket of an orphan
 *   `tcp_timewait_state_process()`
 * @TCP_LIFECYCLE_CLOSE_RST_UNREAD: This side closed with data unread, and sent
 *   an RST. Kernel: `__tcp_close()`: `data_was_unread`
 * @TCP_LIFECYCLE_CLOSE_RST_LINGER: This side closed with `SO_LINGER` and no
 *   time, and sent an RST. Kernel: `__tcp_close()` calls `tcp_disconnect()`
 * @TCP_LIFECYCLE_CLOSE_RST_LATE_DATA: Data came after this side had closed, or
 *   a FIN that follows data not yet received. This side sent an RST. Kernel:
 *   `tcp_rcv_state_process()`: `TCPAbortOnData`; for an orphan's timewait
 *   socket `tcp_timewait_state_process()`
 * @TCP_LIFECYCLE_CLOSE_RST_LINGER2: FIN_WAIT_2 was not kept because
 *   `TCP_LINGER2` is below 0; this side sent an RST. Kernel: `__tcp_close()`,
 *   `tcp_rcv_state_process()`
 * @TCP_LIFECYCLE_CLOSE_DISCONNECTED: This side called `connect()` with
 *   `AF_UNSPEC`. Kernel: `tcp_disconnect()` with the file open
 * @TCP_LIFECYCLE_CLOSE_ABORTED: It was aborted from outside: `ss -K`, or a BPF
 *   program. Kernel: `tcp_abort()`
 * @TCP_LIFECYCLE_CLOSE_REFUSED: The peer answered the SYN with an RST. Kernel:
 *   `tcp_reset()` in SYN_SENT
 * @TCP_LIFECYCLE_CLOSE_UNREACHABLE: An ICMP error that the kernel believes
 *   ended `connect()`, or a Fast Open child that was not accepted yet. Kernel:
 *   `tcp_v4_err()`, `tcp_v6_err()` in SYN_SENT and SYN_RECV
 * @TCP_LIFECYCLE_CLOSE_TIMED_OUT: No SYN was answered. Kernel:
 *   `tcp_write_timeout()` in SYN_SENT
 * @TCP_LIFECYCLE_CLOSE_CANCELLED: The caller gave up `connect()`. Kernel:
 *   `close()` or `tcp_disconnect()` in SYN_SENT
 * @TCP_LIFECYCLE_CLOSE_NOT_SENT: `connect()` failed before it sent a SYN.
 *   Kernel: no port, no route: `tcp_v4_connect()` takes SYN_SENT back
 * @TCP_LIFECYCLE_CLOSE_REQUEST_RESET: A half-open request was reset: by an RST
 *   (`first=peer`), or by a SYN in its window, which this side answered with
 *   an RST (`first=local`). Also a Fast Open child, by an RST before the ACK
 *   of the handshake; `first=local` if it had sent its FIN by then. Kernel:
 *   `tcp_check_req()`
 * @TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT: No SYN-ACK was acknowledged. With an
 *   entry `ack-deferred`, the ACK came, but the data that `TCP_DEFER_ACCEPT`
 *   waits for did not. Kernel: `reqsk_timer_handler()`
 * @TCP_LIFECYCLE_CLOSE_REQUEST_OVERFLOW: The accept queue was full when the
 *   third segment came (`tcp_abort_on_overflow`), or until the request timed
 *   out. Kernel: `tcp_check_req()`, `reqsk_timer_handler()`
 * @TCP_LIFECYCLE_CLOSE_REQUEST_UNREACHABLE: An ICMP error answered the
 *   SYN-ACK. Kernel: `tcp_req_err()`
 * @TCP_LIFECYCLE_CLOSE_LISTENER_CLOSED: The listener was closed while this one
 *   was half-open or not accepted, and no other listener took it over. Kernel:
 *   `inet_csk_listen_stop()` empties the accept queue; half-open ones end at
 *   their next timer or segment, `reqsk_timer_handler()`, `tcp_v4_rcv()`
 * @TCP_LIFECYCLE_CLOSE_RETRANSMIT: Data or FIN was not acknowledged within
 *   `tcp_retries2`, or the window behind it stayed shut for too long. Also the
 *   SYN-ACK of a Fast Open child. Kernel: `tcp_write_timeout()`,
 *   `tcp_rtx_probe0_timed_out()`, `tcp_fastopen_synack_timer()`
 * @TCP_LIFECYCLE_CLOSE_KEEPALIVE: `TCP_KEEPCNT` keepalive probes were not
 *   answered. Kernel: `tcp_keepalive_timer()`
 * @TCP_LIFECYCLE_CLOSE_PROBE: The peer's window stayed shut, and it stopped
 *   answering probes. Kernel: `tcp_probe_timer()`
 * @TCP_LIFECYCLE_CLOSE_USER_TIMEOUT: `TCP_USER_TIMEOUT` ran out, whichever
 *   timer found it. Kernel: the three above
 * @TCP_LIFECYCLE_CLOSE_ORPHAN: No process had it open, and a limit on such
 *   sockets was reached: `tcp_orphan_retries` (`cause=timeout`), or
 *   `tcp_max_orphans` or `tcp_mem` (`cause=orphan-limit`). Kernel:
 *   `tcp_out_of_resources()`, `tcp_check_oom()`
 * @TCP_LIFECYCLE_CLOSE_FIN_WAIT_2: The peer's FIN did not come within
 *   `tcp_fin_timeout`. Kernel: `tcp_fin_timeout`: the timewait socket that
 *   stood for FIN_WAIT_2 ran out, or `tcp_keepalive_timer()`
 * @TCP_LIFECYCLE_CLOSE_TW_OVERFLOW: There was no timewait socket for it:
 *   `tcp_max_tw_buckets` was reached, or no memory. Kernel: `tcp_time_wait()`:
 *   `inet_twsk_alloc()` gave none, counted in `TCPTimeWaitOverflow`
 * @TCP_LIFECYCLE_CLOSE_LISTENER: A listener was closed. Kernel:
 *   `__tcp_close()`, `tcp_disconnect()`
 * @TCP_LIFECYCLE_CLOSE_NETNS: Its network namespace was deleted. Kernel:
 *   `inet_twsk_purge()`; for an orphan the next timer,
 *   `tcp_out_of_resources()`
 * @TCP_LIFECYCLE_CLOSE_UNKNOWN: It is not known. The kernel does not say, or a
 *   hook was off, missing or missed a hit; `cause=missed` if the end itself
 *   was missed.
 * @TCP_LIFECYCLE_CLOSE_LISTEN_FAILED: `listen()` failed. The record says when,
 *   which process, and, if there was one, which port. Kernel:
 *   `inet_csk_listen_start()`
 * @TCP_LIFECYCLE_CLOSE_SILENT: It was closed without a segment: in repair mode
 *   (`TCP_REPAIR`, with `cause=silent`), or with `SO_LINGER` and no time after
 *   its FIN had been sent. Kernel: `__tcp_close()`, `tcp_disconnect()`: in
 *   repair, or in CLOSING and LAST_ACK with nothing unsent
 * @TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT: MPTCP: this side ended the whole
 *   connection at once. It closed with data unread or with `SO_LINGER` 0,
 *   called `connect()` with `AF_UNSPEC`, or got no answer for too long after
 *   `close()`. `cause` is `exit` or `killed` where the process ended,
 *   `rst-received` where the answer was faster than the RST of this subflow.
 *   Kernel: `mptcp_do_fastclose()`: an RST with MP_FASTCLOSE on each subflow
 * @TCP_LIFECYCLE_CLOSE_FASTCLOSE_RECEIVED: MPTCP: the peer ended the whole
 *   connection at once. Without `seq`, its RST came to another subflow, and
 *   this one was reset here. Kernel: `tcp_reset()` by an RST with
 *   MP_FASTCLOSE; `mptcp_check_fastclose()` resets the others
 * @TCP_LIFECYCLE_CLOSE_UNSENT: This host failed to send although the peer's
 *   window was open, until the retries were used up. Its own firewall, route
 *   or queue kept the data. Kernel: `tcp_probe_timer()`, which the kernel also
 *   uses for what it could not send with nothing in flight
 * @TCP_LIFECYCLE_CLOSE_REQUEST_FAILED: The third segment came, but no socket
 *   could be made from the request: no memory, or no route back. It was
 *   answered with an RST (`tcp_abort_on_overflow`), or the request timed out.
 *   Kernel: `tcp_check_req()`, `tcp_v4_syn_recv_sock()`,
 *   `reqsk_timer_handler()`
 * @TCP_LIFECYCLE_CLOSE_SUBFLOW_RESET: MPTCP: this side reset this subflow, not
 *   the connection: a SYN-ACK without MP_JOIN, a join that was refused after
 *   its handshake, or data that it cannot place. Also the answer to a
 *   fastclose in an ACK, which Linux does not send. Kernel:
 *   `mptcp_subflow_reset()`; `subflow_syn_recv_sock()`;
 *   `mptcp_check_fastclose()`
 */
enum tcp_lifecycle_close {
	TCP_LIFECYCLE_CLOSE_NONE,
	TCP_LIFECYCLE_CLOSE_FIN,
	TCP_LIFECYCLE_CLOSE_SIMULTANEOUS,
	TCP_LIFECYCLE_CLOSE_THREE_SEGMENT,
	TCP_LIFECYCLE_CLOSE_RST_RECEIVED,
	TCP_LIFECYCLE_CLOSE_RST_UNREAD,
	TCP_LIFECYCLE_CLOSE_RST_LINGER,
	TCP_LIFECYCLE_CLOSE_RST_LATE_DATA,
	TCP_LIFECYCLE_CLOSE_RST_LINGER2,
	TCP_LIFECYCLE_CLOSE_DISCONNECTED,
	TCP_LIFECYCLE_CLOSE_ABORTED,
	TCP_LIFECYCLE_CLOSE_REFUSED,
	TCP_LIFECYCLE_CLOSE_UNREACHABLE,
	TCP_LIFECYCLE_CLOSE_TIMED_OUT,
	TCP_LIFECYCLE_CLOSE_CANCELLED,
	TCP_LIFECYCLE_CLOSE_NOT_SENT,
	TCP_LIFECYCLE_CLOSE_REQUEST_RESET,
	TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT,
	TCP_LIFECYCLE_CLOSE_REQUEST_OVERFLOW,
	TCP_LIFECYCLE_CLOSE_REQUEST_UNREACHABLE,
	TCP_LIFECYCLE_CLOSE_LISTENER_CLOSED,
	TCP_LIFECYCLE_CLOSE_RETRANSMIT,
	TCP_LIFECYCLE_CLOSE_KEEPALIVE,
	TCP_LIFECYCLE_CLOSE_PROBE,
	TCP_LIFECYCLE_CLOSE_USER_TIMEOUT,
	TCP_LIFECYCLE_CLOSE_ORPHAN,
	TCP_LIFECYCLE_CLOSE_FIN_WAIT_2,
	TCP_LIFECYCLE_CLOSE_TW_OVERFLOW,
	TCP_LIFECYCLE_CLOSE_LISTENER,
	TCP_LIFECYCLE_CLOSE_NETNS,
	TCP_LIFECYCLE_CLOSE_UNKNOWN,
	TCP_LIFECYCLE_CLOSE_LISTEN_FAILED,
	TCP_LIFECYCLE_CLOSE_SILENT,
	TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT,
	TCP_LIFECYCLE_CLOSE_FASTCLOSE_RECEIVED,
	TCP_LIFECYCLE_CLOSE_UNSENT,
	TCP_LIFECYCLE_CLOSE_REQUEST_FAILED,
	TCP_LIFECYCLE_CLOSE_SUBFLOW_RESET,

	/* private: */
	__TCP_LIFECYCLE_CLOSE_MAX,
	TCP_LIFECYCLE_CLOSE_MAX = (__TCP_LIFECYCLE_CLOSE_MAX - 1)
};

/**
 * enum tcp_lifecycle_first - Who closed first.
 * @TCP_LIFECYCLE_FIRST_NONE: nobody yet
 * @TCP_LIFECYCLE_FIRST_LOCAL: this side
 * @TCP_LIFECYCLE_FIRST_PEER: the other side
 * @TCP_LIFECYCLE_FIRST_BOTH: the FINs crossed
 * @TCP_LIFECYCLE_FIRST_KERNEL: a timer or a limit of this host
 * @TCP_LIFECYCLE_FIRST_NETWORK: an ICMP error
 * @TCP_LIFECYCLE_FIRST_UNKNOWN: it is not known
 */
enum tcp_lifecycle_first {
	TCP_LIFECYCLE_FIRST_NONE,
	TCP_LIFECYCLE_FIRST_LOCAL,
	TCP_LIFECYCLE_FIRST_PEER,
	TCP_LIFECYCLE_FIRST_BOTH,
	TCP_LIFECYCLE_FIRST_KERNEL,
	TCP_LIFECYCLE_FIRST_NETWORK,
	TCP_LIFECYCLE_FIRST_UNKNOWN,

	/* private: */
	__TCP_LIFECYCLE_FIRST_MAX,
	TCP_LIFECYCLE_FIRST_MAX = (__TCP_LIFECYCLE_FIRST_MAX - 1)
};

/**
 * enum tcp_lifecycle_cause - What a lifecycle entry says happened. Up to
 *   tw-overflow they cause a transition, as do those of which it is said; the
 *   others happen within a state, may repeat, and then coalesce.
 * @TCP_LIFECYCLE_CAUSE_UNKNOWN: it is not known
 * @TCP_LIFECYCLE_CAUSE_CONNECT: connect()
 * @TCP_LIFECYCLE_CAUSE_LISTEN: listen()
 * @TCP_LIFECYCLE_CAUSE_SYN_RECEIVED: a SYN came
 * @TCP_LIFECYCLE_CAUSE_SYN_ACK_RECEIVED: the SYN-ACK came
 * @TCP_LIFECYCLE_CAUSE_ACK_RECEIVED: the ACK of the handshake came
 * @TCP_LIFECYCLE_CAUSE_CLOSE: close()
 * @TCP_LIFECYCLE_CAUSE_SHUTDOWN: shutdown()
 * @TCP_LIFECYCLE_CAUSE_EXIT: the process ended
 * @TCP_LIFECYCLE_CAUSE_KILLED: the process was killed by a signal
 * @TCP_LIFECYCLE_CAUSE_FIN_RECEIVED: the peer's FIN came
 * @TCP_LIFECYCLE_CAUSE_FIN_ACKED: our FIN was acknowledged
 * @TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK: one segment was the peer's FIN and the
 *   ACK of ours
 * @TCP_LIFECYCLE_CAUSE_RST_RECEIVED: an RST came
 * @TCP_LIFECYCLE_CAUSE_RST_SENT: this side sent an RST
 * @TCP_LIFECYCLE_CAUSE_LATE_DATA: data came after close()
 * @TCP_LIFECYCLE_CAUSE_DISCONNECT: connect() with AF_UNSPEC
 * @TCP_LIFECYCLE_CAUSE_ABORT: tcp_abort(): ss -K, BPF
 * @TCP_LIFECYCLE_CAUSE_ICMP: an ICMP error
 * @TCP_LIFECYCLE_CAUSE_TIMEOUT: the kernel gave up
 * @TCP_LIFECYCLE_CAUSE_ACCEPT_QUEUE_FULL: the accept queue was full
 * @TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED: the listener was closed
 * @TCP_LIFECYCLE_CAUSE_CONNECT_FAILED: connect() failed
 * @TCP_LIFECYCLE_CAUSE_2MSL_EXPIRED: TIME_WAIT ran to its end
 * @TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_EXPIRED: tcp_fin_timeout ran out
 * @TCP_LIFECYCLE_CAUSE_NEW_SYN: a new SYN came from the peer
 * @TCP_LIFECYCLE_CAUSE_REUSED: connect() took over the TIME_WAIT
 *   (tcp_tw_reuse)
 * @TCP_LIFECYCLE_CAUSE_NETNS_GONE: the network namespace was deleted
 * @TCP_LIFECYCLE_CAUSE_TW_OVERFLOW: no timewait socket could be made
 * @TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN: the retransmission timer fired for a SYN
 * @TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA: the retransmission timer fired for data
 * @TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN: the retransmission timer fired for a FIN
 * @TCP_LIFECYCLE_CAUSE_TIMER_SYN_ACK: the SYN-ACK timer fired
 * @TCP_LIFECYCLE_CAUSE_TIMER_DELAYED_ACK: the delayed ACK timer fired
 * @TCP_LIFECYCLE_CAUSE_TIMER_KEEPALIVE: a keepalive probe was sent
 * @TCP_LIFECYCLE_CAUSE_TIMER_PROBE: a zero-window probe was sent
 * @TCP_LIFECYCLE_CAUSE_TIMER_LOSS_PROBE: a tail loss probe was sent
 * @TCP_LIFECYCLE_CAUSE_TIMER_REORDERING: RACK's reordering timer fired
 * @TCP_LIFECYCLE_CAUSE_TIMER_FIN_WAIT_2: the timer of an orphan in FIN_WAIT_2
 *   fired
 * @TCP_LIFECYCLE_CAUSE_SYN_ACK_AGAIN: the SYN-ACK was retransmitted
 * @TCP_LIFECYCLE_CAUSE_2MSL_ARMED: the 2MSL timer was set
 * @TCP_LIFECYCLE_CAUSE_2MSL_RESTARTED: the 2MSL timer was set again
 * @TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED: the timer of FIN_WAIT_2 was set
 * @TCP_LIFECYCLE_CAUSE_MSS_CHANGED: the effective MSS changed
 * @TCP_LIFECYCLE_CAUSE_RST_OUT: an RST was sent to the peer
 * @TCP_LIFECYCLE_CAUSE_ACCEPTED: accept() returned it
 * @TCP_LIFECYCLE_CAUSE_ORPHAN_LIMIT: too many sockets without a process, or
 *   too much memory in use; a transition
 * @TCP_LIFECYCLE_CAUSE_FOUND: it existed when the module was loaded
 * @TCP_LIFECYCLE_CAUSE_MISSED: its end was not seen; a transition, whose time
 *   is when that was found out
 * @TCP_LIFECYCLE_CAUSE_LISTEN_FAILED: listen() failed; a transition
 * @TCP_LIFECYCLE_CAUSE_RESTORED: connect() in repair mode; a transition
 * @TCP_LIFECYCLE_CAUSE_SILENT: closed in repair mode, nothing was sent; a
 *   transition
 * @TCP_LIFECYCLE_CAUSE_FASTCLOSE_SENT: MPTCP fastclose by this side; a
 *   transition
 * @TCP_LIFECYCLE_CAUSE_FASTCLOSE_RECEIVED: MPTCP fastclose by the peer; a
 *   transition
 * @TCP_LIFECYCLE_CAUSE_ACK_DEFERRED: a bare ACK was ignored, because
 *   TCP_DEFER_ACCEPT waits for data
 * @TCP_LIFECYCLE_CAUSE_MIGRATED: moved to another listener of its SO_REUSEPORT
 *   group
 * @TCP_LIFECYCLE_CAUSE_TIMER_UNSENT: the probe timer fired although the peer's
 *   window was open: the segment was held back, or was not sent
 * @TCP_LIFECYCLE_CAUSE_CHILD_FAILED: the ACK came, but no socket could be made
 *   from the request; a transition
 * @TCP_LIFECYCLE_CAUSE_SUBFLOW_CLOSED: MPTCP closed this subflow, and the
 *   connection goes on; a transition
 * @TCP_LIFECYCLE_CAUSE_SUBFLOW_RESET: MPTCP reset this subflow; a transition
 */
enum tcp_lifecycle_cause {
	TCP_LIFECYCLE_CAUSE_UNKNOWN,
	TCP_LIFECYCLE_CAUSE_CONNECT,
	TCP_LIFECYCLE_CAUSE_LISTEN,
	TCP_LIFECYCLE_CAUSE_SYN_RECEIVED,
	TCP_LIFECYCLE_CAUSE_SYN_ACK_RECEIVED,
	TCP_LIFECYCLE_CAUSE_ACK_RECEIVED,
	TCP_LIFECYCLE_CAUSE_CLOSE,
	TCP_LIFECYCLE_CAUSE_SHUTDOWN,
	TCP_LIFECYCLE_CAUSE_EXIT,
	TCP_LIFECYCLE_CAUSE_KILLED,
	TCP_LIFECYCLE_CAUSE_FIN_RECEIVED,
	TCP_LIFECYCLE_CAUSE_FIN_ACKED,
	TCP_LIFECYCLE_CAUSE_FIN_WITH_ACK,
	TCP_LIFECYCLE_CAUSE_RST_RECEIVED,
	TCP_LIFECYCLE_CAUSE_RST_SENT,
	TCP_LIFECYCLE_CAUSE_LATE_DATA,
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
	TCP_LIFECYCLE_CAUSE_REUSED,
	TCP_LIFECYCLE_CAUSE_NETNS_GONE,
	TCP_LIFECYCLE_CAUSE_TW_OVERFLOW,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_DATA,
	TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN,
	TCP_LIFECYCLE_CAUSE_TIMER_SYN_ACK,
	TCP_LIFECYCLE_CAUSE_TIMER_DELAYED_ACK,
	TCP_LIFECYCLE_CAUSE_TIMER_KEEPALIVE,
	TCP_LIFECYCLE_CAUSE_TIMER_PROBE,
	TCP_LIFECYCLE_CAUSE_TIMER_LOSS_PROBE,
	TCP_LIFECYCLE_CAUSE_TIMER_REORDERING,
	TCP_LIFECYCLE_CAUSE_TIMER_FIN_WAIT_2,
	TCP_LIFECYCLE_CAUSE_SYN_ACK_AGAIN,
	TCP_LIFECYCLE_CAUSE_2MSL_ARMED,
	TCP_LIFECYCLE_CAUSE_2MSL_RESTARTED,
	TCP_LIFECYCLE_CAUSE_FIN_WAIT_2_ARMED,
	TCP_LIFECYCLE_CAUSE_MSS_CHANGED,
	TCP_LIFECYCLE_CAUSE_RST_OUT,
	TCP_LIFECYCLE_CAUSE_ACCEPTED,
	TCP_LIFECYCLE_CAUSE_ORPHAN_LIMIT,
	TCP_LIFECYCLE_CAUSE_FOUND,
	TCP_LIFECYCLE_CAUSE_MISSED,
	TCP_LIFECYCLE_CAUSE_LISTEN_FAILED,
	TCP_LIFECYCLE_CAUSE_RESTORED,
	TCP_LIFECYCLE_CAUSE_SILENT,
	TCP_LIFECYCLE_CAUSE_FASTCLOSE_SENT,
	TCP_LIFECYCLE_CAUSE_FASTCLOSE_RECEIVED,
	TCP_LIFECYCLE_CAUSE_ACK_DEFERRED,
	TCP_LIFECYCLE_CAUSE_MIGRATED,
	TCP_LIFECYCLE_CAUSE_TIMER_UNSENT,
	TCP_LIFECYCLE_CAUSE_CHILD_FAILED,
	TCP_LIFECYCLE_CAUSE_SUBFLOW_CLOSED,
	TCP_LIFECYCLE_CAUSE_SUBFLOW_RESET,

	/* private: */
	__TCP_LIFECYCLE_CAUSE_MAX,
	TCP_LIFECYCLE_CAUSE_MAX = (__TCP_LIFECYCLE_CAUSE_MAX - 1)
};

/**
 * enum tcp_lifecycle_mss_by - What held an MSS down to its value.
 * @TCP_LIFECYCLE_MSS_BY_UNKNOWN: it is not known
 * @TCP_LIFECYCLE_MSS_BY_MTU: the MTU of the interface
 * @TCP_LIFECYCLE_MSS_BY_ROUTE: mtu or advmss of the route
 * @TCP_LIFECYCLE_MSS_BY_PMTU: path MTU discovery, or MTU probing
 * @TCP_LIFECYCLE_MSS_BY_PEER: the peer's MSS option
 * @TCP_LIFECYCLE_MSS_BY_DEFAULT: the peer sent no option: 536 for IPv4, 1220
 *   for IPv6
 * @TCP_LIFECYCLE_MSS_BY_MAXSEG: TCP_MAXSEG
 * @TCP_LIFECYCLE_MSS_BY_WINDOW: half of the largest window seen
 * @TCP_LIFECYCLE_MSS_BY_COOKIE: the SYN cookie, which rounds down to one of
 *   four
 */
enum tcp_lifecycle_mss_by {
	TCP_LIFECYCLE_MSS_BY_UNKNOWN,
	TCP_LIFECYCLE_MSS_BY_MTU,
	TCP_LIFECYCLE_MSS_BY_ROUTE,
	TCP_LIFECYCLE_MSS_BY_PMTU,
	TCP_LIFECYCLE_MSS_BY_PEER,
	TCP_LIFECYCLE_MSS_BY_DEFAULT,
	TCP_LIFECYCLE_MSS_BY_MAXSEG,
	TCP_LIFECYCLE_MSS_BY_WINDOW,
	TCP_LIFECYCLE_MSS_BY_COOKIE,

	/* private: */
	__TCP_LIFECYCLE_MSS_BY_MAX,
	TCP_LIFECYCLE_MSS_BY_MAX = (__TCP_LIFECYCLE_MSS_BY_MAX - 1)
};

/**
 * enum tcp_lifecycle_rst_reason - Why the kernel says it sent an RST: enum
 *   sk_rst_reason, from 6.12 on.
 * @TCP_LIFECYCLE_RST_REASON_NONE: this kernel gives none
 * @TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED: the kernel left it empty
 * @TCP_LIFECYCLE_RST_REASON_NO_SOCKET: no socket matched the segment
 * @TCP_LIFECYCLE_RST_REASON_INVALID_ACK_SEQUENCE: the ACK of a handshake had a
 *   wrong number
 * @TCP_LIFECYCLE_RST_REASON_PAWS: the timestamp was too old (PAWS)
 * @TCP_LIFECYCLE_RST_REASON_TOO_OLD_ACK: the ACK was older than the window
 * @TCP_LIFECYCLE_RST_REASON_ACK_UNSENT_DATA: it acknowledged data that was
 *   never sent
 * @TCP_LIFECYCLE_RST_REASON_FLAGS: the segment had flags that do not fit
 * @TCP_LIFECYCLE_RST_REASON_OLD_ACK: the ACK was old
 * @TCP_LIFECYCLE_RST_REASON_ABORT_ON_DATA: data came after close()
 * @TCP_LIFECYCLE_RST_REASON_TIMEWAIT_SOCKET: a segment came to a timewait
 *   socket
 * @TCP_LIFECYCLE_RST_REASON_INVALID_SYN: a SYN came into an open connection
 * @TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE: close() with data unread
 * @TCP_LIFECYCLE_RST_REASON_ABORT_ON_LINGER: TCP_LINGER2 below 0
 * @TCP_LIFECYCLE_RST_REASON_ABORT_ON_MEMORY: too many orphans, or too much
 *   memory in use
 * @TCP_LIFECYCLE_RST_REASON_TCP_STATE: the state allows no other answer
 * @TCP_LIFECYCLE_RST_REASON_KEEPALIVE_TIMEOUT: keepalive probes were not
 *   answered
 * @TCP_LIFECYCLE_RST_REASON_DISCONNECT_WITH_DATA: connect() with AF_UNSPEC,
 *   with data unsent
 * @TCP_LIFECYCLE_RST_REASON_MPTCP: one of those of MPTCP
 * @TCP_LIFECYCLE_RST_REASON_ERROR: an error inside the kernel
 * @TCP_LIFECYCLE_RST_REASON_OTHER: one this module has no word for
 */
enum tcp_lifecycle_rst_reason {
	TCP_LIFECYCLE_RST_REASON_NONE,
	TCP_LIFECYCLE_RST_REASON_NOT_SPECIFIED,
	TCP_LIFECYCLE_RST_REASON_NO_SOCKET,
	TCP_LIFECYCLE_RST_REASON_INVALID_ACK_SEQUENCE,
	TCP_LIFECYCLE_RST_REASON_PAWS,
	TCP_LIFECYCLE_RST_REASON_TOO_OLD_ACK,
	TCP_LIFECYCLE_RST_REASON_ACK_UNSENT_DATA,
	TCP_LIFECYCLE_RST_REASON_FLAGS,
	TCP_LIFECYCLE_RST_REASON_OLD_ACK,
	TCP_LIFECYCLE_RST_REASON_ABORT_ON_DATA,
	TCP_LIFECYCLE_RST_REASON_TIMEWAIT_SOCKET,
	TCP_LIFECYCLE_RST_REASON_INVALID_SYN,
	TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE,
	TCP_LIFECYCLE_RST_REASON_ABORT_ON_LINGER,
	TCP_LIFECYCLE_RST_REASON_ABORT_ON_MEMORY,
	TCP_LIFECYCLE_RST_REASON_TCP_STATE,
	TCP_LIFECYCLE_RST_REASON_KEEPALIVE_TIMEOUT,
	TCP_LIFECYCLE_RST_REASON_DISCONNECT_WITH_DATA,
	TCP_LIFECYCLE_RST_REASON_MPTCP,
	TCP_LIFECYCLE_RST_REASON_ERROR,
	TCP_LIFECYCLE_RST_REASON_OTHER,

	/* private: */
	__TCP_LIFECYCLE_RST_REASON_MAX,
	TCP_LIFECYCLE_RST_REASON_MAX = (__TCP_LIFECYCLE_RST_REASON_MAX - 1)
};

/**
 * enum tcp_lifecycle_family - Address family; IPv4 on an IPv6 socket has a
 *   value of its own.
 */
enum tcp_lifecycle_family {
	TCP_LIFECYCLE_FAMILY_IPV4,
	TCP_LIFECYCLE_FAMILY_IPV6,
	TCP_LIFECYCLE_FAMILY_IPV4_MAPPED,

	/* private: */
	__TCP_LIFECYCLE_FAMILY_MAX,
	TCP_LIFECYCLE_FAMILY_MAX = (__TCP_LIFECYCLE_FAMILY_MAX - 1)
};

/**
 * enum tcp_lifecycle_opt - TCP options of a SYN, offered or agreed on.
 */
enum tcp_lifecycle_opt {
	TCP_LIFECYCLE_OPT_MSS = 1,
	TCP_LIFECYCLE_OPT_WSCALE = 2,
	TCP_LIFECYCLE_OPT_SACK = 4,
	TCP_LIFECYCLE_OPT_TIMESTAMPS = 8,
	TCP_LIFECYCLE_OPT_ECN = 16,
	TCP_LIFECYCLE_OPT_FASTOPEN = 32,
	TCP_LIFECYCLE_OPT_MPTCP = 64,
	TCP_LIFECYCLE_OPT_MD5 = 128,
	TCP_LIFECYCLE_OPT_AO = 256,

	/* private: */
	TCP_LIFECYCLE_OPT_MASK = 511,
};

/**
 * enum tcp_lifecycle_group - What a hook serves. All but core can be turned
 *   off.
 * @TCP_LIFECYCLE_GROUP_CORE: without these no connection can be followed
 * @TCP_LIFECYCLE_GROUP_LISTENERS: listeners and their totals
 * @TCP_LIFECYCLE_GROUP_OPENINGS: openings by SYN cookie, IPv6 children, the
 *   peer's MSS on active opens
 * @TCP_LIFECYCLE_GROUP_ACCEPT: the process that accepted
 * @TCP_LIFECYCLE_GROUP_CAUSES: why a connection ended
 * @TCP_LIFECYCLE_GROUP_TIMERS: timers of living connections
 * @TCP_LIFECYCLE_GROUP_FEED: the event feed
 */
enum tcp_lifecycle_group {
	TCP_LIFECYCLE_GROUP_CORE,
	TCP_LIFECYCLE_GROUP_LISTENERS,
	TCP_LIFECYCLE_GROUP_OPENINGS,
	TCP_LIFECYCLE_GROUP_ACCEPT,
	TCP_LIFECYCLE_GROUP_CAUSES,
	TCP_LIFECYCLE_GROUP_TIMERS,
	TCP_LIFECYCLE_GROUP_FEED,

	/* private: */
	__TCP_LIFECYCLE_GROUP_MAX,
	TCP_LIFECYCLE_GROUP_MAX = (__TCP_LIFECYCLE_GROUP_MAX - 1)
};

/**
 * enum tcp_lifecycle_way - How a hit gets to a hook's handler.
 * @TCP_LIFECYCLE_WAY_FTRACE: from the function's entry, by ftrace
 * @TCP_LIFECYCLE_WAY_JUMP: from behind the entry, by a jump of its own, which
 *   costs less than ftrace
 * @TCP_LIFECYCLE_WAY_BREAKPOINT: by an exception, which costs most
 */
enum tcp_lifecycle_way {
	TCP_LIFECYCLE_WAY_FTRACE,
	TCP_LIFECYCLE_WAY_JUMP,
	TCP_LIFECYCLE_WAY_BREAKPOINT,

	/* private: */
	__TCP_LIFECYCLE_WAY_MAX,
	TCP_LIFECYCLE_WAY_MAX = (__TCP_LIFECYCLE_WAY_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_ENTRY_PAD = 1,
	TCP_LIFECYCLE_A_ENTRY_AT_US,
	TCP_LIFECYCLE_A_ENTRY_CAUSE,
	TCP_LIFECYCLE_A_ENTRY_FROM,
	TCP_LIFECYCLE_A_ENTRY_TO,
	TCP_LIFECYCLE_A_ENTRY_SEQ,
	TCP_LIFECYCLE_A_ENTRY_ACK,
	TCP_LIFECYCLE_A_ENTRY_IN_US,
	TCP_LIFECYCLE_A_ENTRY_COUNT,
	TCP_LIFECYCLE_A_ENTRY_LAST_US,
	TCP_LIFECYCLE_A_ENTRY_NTH,
	TCP_LIFECYCLE_A_ENTRY_LIMIT,
	TCP_LIFECYCLE_A_ENTRY_LENGTH_MS,
	TCP_LIFECYCLE_A_ENTRY_GAP,
	TCP_LIFECYCLE_A_ENTRY_ILLEGAL,
	TCP_LIFECYCLE_A_ENTRY_REPLACES,
	TCP_LIFECYCLE_A_ENTRY_MSS_OLD_BYTES,
	TCP_LIFECYCLE_A_ENTRY_MSS_NEW_BYTES,
	TCP_LIFECYCLE_A_ENTRY_MSS_BY,
	TCP_LIFECYCLE_A_ENTRY_REASON,

	__TCP_LIFECYCLE_A_ENTRY_MAX,
	TCP_LIFECYCLE_A_ENTRY_MAX = (__TCP_LIFECYCLE_A_ENTRY_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_CONN_PAD = 1,
	TCP_LIFECYCLE_A_CONN_COOKIE,
	TCP_LIFECYCLE_A_CONN_GENERATION,
	TCP_LIFECYCLE_A_CONN_NETNS,
	TCP_LIFECYCLE_A_CONN_FAMILY,
	TCP_LIFECYCLE_A_CONN_LOCAL4,
	TCP_LIFECYCLE_A_CONN_LOCAL6,
	TCP_LIFECYCLE_A_CONN_REMOTE4,
	TCP_LIFECYCLE_A_CONN_REMOTE6,
	TCP_LIFECYCLE_A_CONN_LOCAL_PORT,
	TCP_LIFECYCLE_A_CONN_REMOTE_PORT,
	TCP_LIFECYCLE_A_CONN_STATE,
	TCP_LIFECYCLE_A_CONN_OPEN,
	TCP_LIFECYCLE_A_CONN_CLOSE,
	TCP_LIFECYCLE_A_CONN_FIRST,
	TCP_LIFECYCLE_A_CONN_START_NS,
	TCP_LIFECYCLE_A_CONN_AGE_US,
	TCP_LIFECYCLE_A_CONN_ISN,
	TCP_LIFECYCLE_A_CONN_PEER_ISN,
	TCP_LIFECYCLE_A_CONN_FIN,
	TCP_LIFECYCLE_A_CONN_PEER_FIN,
	TCP_LIFECYCLE_A_CONN_MSS_ADV_BYTES,
	TCP_LIFECYCLE_A_CONN_MSS_ADV_BY,
	TCP_LIFECYCLE_A_CONN_MSS_RCV_BYTES,
	TCP_LIFECYCLE_A_CONN_MSS_ABSENT,
	TCP_LIFECYCLE_A_CONN_MSS_EFF_BYTES,
	TCP_LIFECYCLE_A_CONN_MSS_EFF_BY,
	TCP_LIFECYCLE_A_CONN_OFFERED,
	TCP_LIFECYCLE_A_CONN_AGREED,
	TCP_LIFECYCLE_A_CONN_WSCALE_LOCAL,
	TCP_LIFECYCLE_A_CONN_WSCALE_PEER,
	TCP_LIFECYCLE_A_CONN_RTT_US,
	TCP_LIFECYCLE_A_CONN_OWNER,
	TCP_LIFECYCLE_A_CONN_PID,
	TCP_LIFECYCLE_A_CONN_UID,
	TCP_LIFECYCLE_A_CONN_CGROUP,
	TCP_LIFECYCLE_A_CONN_COMM,
	TCP_LIFECYCLE_A_CONN_LISTENER,
	TCP_LIFECYCLE_A_CONN_ACCEPT_US,
	TCP_LIFECYCLE_A_CONN_TX_BYTES,
	TCP_LIFECYCLE_A_CONN_RX_BYTES,
	TCP_LIFECYCLE_A_CONN_TX_SEGS,
	TCP_LIFECYCLE_A_CONN_RX_SEGS,
	TCP_LIFECYCLE_A_CONN_RETRANS,
	TCP_LIFECYCLE_A_CONN_AFTER_FIN_BYTES,
	TCP_LIFECYCLE_A_CONN_TW_PLANNED_MS,
	TCP_LIFECYCLE_A_CONN_TW_ACTUAL_US,
	TCP_LIFECYCLE_A_CONN_BACKLOG,
	TCP_LIFECYCLE_A_CONN_ACCEPTED,
	TCP_LIFECYCLE_A_CONN_SYN_OVERFLOW,
	TCP_LIFECYCLE_A_CONN_ACCEPT_OVERFLOW,
	TCP_LIFECYCLE_A_CONN_COOKIES_SENT,
	TCP_LIFECYCLE_A_CONN_COOKIES_VALID,
	TCP_LIFECYCLE_A_CONN_DROPPED,
	TCP_LIFECYCLE_A_CONN_GAPS,
	TCP_LIFECYCLE_A_CONN_ENTRY,
	TCP_LIFECYCLE_A_CONN_FILTER,
	TCP_LIFECYCLE_A_CONN_ALL_NETNS,
	TCP_LIFECYCLE_A_CONN_BRIEF,
	TCP_LIFECYCLE_A_CONN_THREAD,
	TCP_LIFECYCLE_A_CONN_CLOSER_PID,
	TCP_LIFECYCLE_A_CONN_CLOSER_COMM,
	TCP_LIFECYCLE_A_CONN_MPTCP,
	TCP_LIFECYCLE_A_CONN_BOOT_START_NS,
	TCP_LIFECYCLE_A_CONN_LIVED_US,
	TCP_LIFECYCLE_A_CONN_FOUND,
	TCP_LIFECYCLE_A_CONN_IFINDEX,
	TCP_LIFECYCLE_A_CONN_ENDED_SEQ,
	TCP_LIFECYCLE_A_CONN_ENDED_LOST,

	__TCP_LIFECYCLE_A_CONN_MAX,
	TCP_LIFECYCLE_A_CONN_MAX = (__TCP_LIFECYCLE_A_CONN_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_FILTER_PAD = 1,
	TCP_LIFECYCLE_A_FILTER_STATES,
	TCP_LIFECYCLE_A_FILTER_FAMILIES,
	TCP_LIFECYCLE_A_FILTER_OPENS,
	TCP_LIFECYCLE_A_FILTER_CLOSES,
	TCP_LIFECYCLE_A_FILTER_FIRSTS,
	TCP_LIFECYCLE_A_FILTER_LOCAL4,
	TCP_LIFECYCLE_A_FILTER_LOCAL6,
	TCP_LIFECYCLE_A_FILTER_LOCAL_PREFIX,
	TCP_LIFECYCLE_A_FILTER_REMOTE4,
	TCP_LIFECYCLE_A_FILTER_REMOTE6,
	TCP_LIFECYCLE_A_FILTER_REMOTE_PREFIX,
	TCP_LIFECYCLE_A_FILTER_LOCAL_PORT,
	TCP_LIFECYCLE_A_FILTER_REMOTE_PORT,
	TCP_LIFECYCLE_A_FILTER_PORT,
	TCP_LIFECYCLE_A_FILTER_SINCE,

	__TCP_LIFECYCLE_A_FILTER_MAX,
	TCP_LIFECYCLE_A_FILTER_MAX = (__TCP_LIFECYCLE_A_FILTER_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_VERDICT_PAD = 1,
	TCP_LIFECYCLE_A_VERDICT_OPEN,
	TCP_LIFECYCLE_A_VERDICT_CLOSE,
	TCP_LIFECYCLE_A_VERDICT_FIRST,
	TCP_LIFECYCLE_A_VERDICT_COUNT,

	__TCP_LIFECYCLE_A_VERDICT_MAX,
	TCP_LIFECYCLE_A_VERDICT_MAX = (__TCP_LIFECYCLE_A_VERDICT_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_STATS_PAD = 1,
	TCP_LIFECYCLE_A_STATS_LIVE,
	TCP_LIFECYCLE_A_STATS_DEAD,
	TCP_LIFECYCLE_A_STATS_CAPACITY,
	TCP_LIFECYCLE_A_STATS_BORN,
	TCP_LIFECYCLE_A_STATS_UNTRACKED,
	TCP_LIFECYCLE_A_STATS_EVICTED,
	TCP_LIFECYCLE_A_STATS_EXCLUDED,
	TCP_LIFECYCLE_A_STATS_DROPPED,
	TCP_LIFECYCLE_A_STATS_ILLEGAL,
	TCP_LIFECYCLE_A_STATS_GAPS,
	TCP_LIFECYCLE_A_STATS_MISSED,
	TCP_LIFECYCLE_A_STATS_VERDICT,
	TCP_LIFECYCLE_A_STATS_FEED_SEQ,
	TCP_LIFECYCLE_A_STATS_FEED_LOST,
	TCP_LIFECYCLE_A_STATS_ALL_FEED_SEQ,
	TCP_LIFECYCLE_A_STATS_ALL_FEED_LOST,
	TCP_LIFECYCLE_A_STATS_ENDED_SEQ,
	TCP_LIFECYCLE_A_STATS_ENDED_LOST,
	TCP_LIFECYCLE_A_STATS_ALL_ENDED_SEQ,
	TCP_LIFECYCLE_A_STATS_ALL_ENDED_LOST,

	__TCP_LIFECYCLE_A_STATS_MAX,
	TCP_LIFECYCLE_A_STATS_MAX = (__TCP_LIFECYCLE_A_STATS_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_HOOK_PAD = 1,
	TCP_LIFECYCLE_A_HOOK_SYMBOL,
	TCP_LIFECYCLE_A_HOOK_GROUP,
	TCP_LIFECYCLE_A_HOOK_REQUIRED,
	TCP_LIFECYCLE_A_HOOK_ATTACHED,
	TCP_LIFECYCLE_A_HOOK_ENABLED,
	TCP_LIFECYCLE_A_HOOK_LOST,
	TCP_LIFECYCLE_A_HOOK_HITS,
	TCP_LIFECYCLE_A_HOOK_MISSED,
	TCP_LIFECYCLE_A_HOOK_WAY,

	__TCP_LIFECYCLE_A_HOOK_MAX,
	TCP_LIFECYCLE_A_HOOK_MAX = (__TCP_LIFECYCLE_A_HOOK_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_EDGE_PAD = 1,
	TCP_LIFECYCLE_A_EDGE_FROM,
	TCP_LIFECYCLE_A_EDGE_TO,
	TCP_LIFECYCLE_A_EDGE_COUNT,
	TCP_LIFECYCLE_A_EDGE_LEGAL,

	__TCP_LIFECYCLE_A_EDGE_MAX,
	TCP_LIFECYCLE_A_EDGE_MAX = (__TCP_LIFECYCLE_A_EDGE_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_HISTOGRAM_PAD = 1,
	TCP_LIFECYCLE_A_HISTOGRAM_STATE,
	TCP_LIFECYCLE_A_HISTOGRAM_BUCKET,

	__TCP_LIFECYCLE_A_HISTOGRAM_MAX,
	TCP_LIFECYCLE_A_HISTOGRAM_MAX = (__TCP_LIFECYCLE_A_HISTOGRAM_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_BUCKET_PAD = 1,
	TCP_LIFECYCLE_A_BUCKET_LEAST,
	TCP_LIFECYCLE_A_BUCKET_COUNT,

	__TCP_LIFECYCLE_A_BUCKET_MAX,
	TCP_LIFECYCLE_A_BUCKET_MAX = (__TCP_LIFECYCLE_A_BUCKET_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_GROUP_STATE_GROUP = 1,
	TCP_LIFECYCLE_A_GROUP_STATE_ENABLED,

	__TCP_LIFECYCLE_A_GROUP_STATE_MAX,
	TCP_LIFECYCLE_A_GROUP_STATE_MAX = (__TCP_LIFECYCLE_A_GROUP_STATE_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_CONFIG_RETENTION = 1,
	TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK,
	TCP_LIFECYCLE_A_CONFIG_PORT,
	TCP_LIFECYCLE_A_CONFIG_ANY_PORT,
	TCP_LIFECYCLE_A_CONFIG_GROUP,

	__TCP_LIFECYCLE_A_CONFIG_MAX,
	TCP_LIFECYCLE_A_CONFIG_MAX = (__TCP_LIFECYCLE_A_CONFIG_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_CLEAR_CLEARED = 1,

	__TCP_LIFECYCLE_A_CLEAR_MAX,
	TCP_LIFECYCLE_A_CLEAR_MAX = (__TCP_LIFECYCLE_A_CLEAR_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_BATCH_PAD = 1,
	TCP_LIFECYCLE_A_BATCH_SEQ,
	TCP_LIFECYCLE_A_BATCH_LOST,
	TCP_LIFECYCLE_A_BATCH_EVENT,

	__TCP_LIFECYCLE_A_BATCH_MAX,
	TCP_LIFECYCLE_A_BATCH_MAX = (__TCP_LIFECYCLE_A_BATCH_MAX - 1)
};

enum {
	TCP_LIFECYCLE_A_BOOKS_PAD = 1,
	TCP_LIFECYCLE_A_BOOKS_ACTIVE_OPENS,
	TCP_LIFECYCLE_A_BOOKS_PASSIVE_OPENS,
	TCP_LIFECYCLE_A_BOOKS_ATTEMPT_FAILS,
	TCP_LIFECYCLE_A_BOOKS_ESTAB_RESETS,
	TCP_LIFECYCLE_A_BOOKS_TW,
	TCP_LIFECYCLE_A_BOOKS_TW_KILLED,
	TCP_LIFECYCLE_A_BOOKS_TW_RECYCLED,
	TCP_LIFECYCLE_A_BOOKS_TW_OVERFLOW,
	TCP_LIFECYCLE_A_BOOKS_LISTEN_OVERFLOWS,
	TCP_LIFECYCLE_A_BOOKS_COOKIES_SENT,
	TCP_LIFECYCLE_A_BOOKS_COOKIES_VALID,
	TCP_LIFECYCLE_A_BOOKS_TIMEOUTS,
	TCP_LIFECYCLE_A_BOOKS_KEEPALIVES,
	TCP_LIFECYCLE_A_BOOKS_SPAN,
	TCP_LIFECYCLE_A_BOOKS_BASE,
	TCP_LIFECYCLE_A_BOOKS_MOVED,
	TCP_LIFECYCLE_A_BOOKS_DEFER_ACCEPT_DROPS,

	__TCP_LIFECYCLE_A_BOOKS_MAX,
	TCP_LIFECYCLE_A_BOOKS_MAX = (__TCP_LIFECYCLE_A_BOOKS_MAX - 1)
};

enum {
	TCP_LIFECYCLE_CMD_CONN_GET = 1,
	TCP_LIFECYCLE_CMD_LISTENER_GET,
	TCP_LIFECYCLE_CMD_STATS_GET,
	TCP_LIFECYCLE_CMD_HOOK_GET,
	TCP_LIFECYCLE_CMD_EDGE_GET,
	TCP_LIFECYCLE_CMD_HISTOGRAM_GET,
	TCP_LIFECYCLE_CMD_CONFIG_GET,
	TCP_LIFECYCLE_CMD_CONFIG_SET,
	TCP_LIFECYCLE_CMD_CLEAR,
	TCP_LIFECYCLE_CMD_BATCH_NTF,
	TCP_LIFECYCLE_CMD_BOOKS_GET,
	TCP_LIFECYCLE_CMD_ENDED_NTF,

	__TCP_LIFECYCLE_CMD_MAX,
	TCP_LIFECYCLE_CMD_MAX = (__TCP_LIFECYCLE_CMD_MAX - 1)
};

#define TCP_LIFECYCLE_MCGRP_EVENTS	"events"
#define TCP_LIFECYCLE_MCGRP_ALL_EVENTS	"all-events"
#define TCP_LIFECYCLE_MCGRP_ENDED	"ended"
#define TCP_LIFECYCLE_MCGRP_ALL_ENDED	"all-ended"

#endif /* _UAPI_LINUX_TCP_LIFECYCLE_H */
