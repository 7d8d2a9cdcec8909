/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event.h: what a handler saw, in numbers.
 *
 * Owns: struct tlc_event and the structs it is made of.
 * Filled by hooks.c (any context a kprobe can hit) from a socket; consumed by
 * apply.c.  It lives on the handler's stack.
 * Must not: hold a pointer into the kernel, so that the code behind it can be
 * run by KUnit in a kernel without kprobes.
 */
#ifndef TLC_EVENT_H
#define TLC_EVENT_H

#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include <uapi/linux/tcp_lifecycle.h>

/**
 * enum tlc_event_kind - which hook speaks
 * @TLC_EVENT_STATE: tcp_set_state() is about to set &tlc_event.to
 * @TLC_EVENT_LISTEN: a socket begins to listen
 * @TLC_EVENT_LISTEN_FAILED: it does not, after all
 * @TLC_EVENT_CONNECT: the SYN is about to be built; ports and ISN are known
 * @TLC_EVENT_SYN_ACK: the SYN-ACK has come
 * @TLC_EVENT_REQUEST: a request socket sends a SYN-ACK, the first or a repeated one
 * @TLC_EVENT_CHILD: the request is being made into a full socket
 * @TLC_EVENT_REQUEST_DROP: the request ends without having become a socket
 * @TLC_EVENT_ACCEPT: accept() hands the socket to a process
 * @TLC_EVENT_TW_ARM: the timer of a timewait socket is set, for the first time or again
 * @TLC_EVENT_TW_EXPIRE: that timer fired
 * @TLC_EVENT_TW_END: the timewait socket ends before its time
 * @TLC_EVENT_HINT: why the next transition will happen
 * @TLC_EVENT_RST_OUT: an RST is sent for this socket
 * @TLC_EVENT_TIMER: a timer fired
 * @TLC_EVENT_MSS: the MSS of a connection may have changed
 * @TLC_EVENT_FOUND: a socket was there already when the module was loaded
 * @TLC_EVENT_GONE: no table of the kernel's has the socket any more
 * @TLC_EVENT_BACKLOG: a listener is told to listen again, with another backlog
 * @TLC_EVENT_LISTENER_COUNT: one more of &tlc_event.counter for a listener
 * @TLC_EVENT_REPAIRED: the repair of a connection is over: its options are in force
 * @TLC_EVENT_MIGRATED: it goes from a listener that closed to another one
 * @TLC_EVENT_ACK_DEFERRED: a request sets a bare ACK aside, for TCP_DEFER_ACCEPT
 * @TLC_EVENT_SUBFLOW: a connection belongs to an MPTCP connection
 * @TLC_EVENT_ADOPTED: a process accepts the MPTCP connection that this one joined
 * @TLC_EVENT_PARTED: a process shuts down or closes the MPTCP connection, or the
 *		      peer ends it
 */
enum tlc_event_kind {
	TLC_EVENT_STATE,
	TLC_EVENT_LISTEN,
	TLC_EVENT_LISTEN_FAILED,
	TLC_EVENT_CONNECT,
	TLC_EVENT_SYN_ACK,
	TLC_EVENT_REQUEST,
	TLC_EVENT_CHILD,
	TLC_EVENT_REQUEST_DROP,
	TLC_EVENT_ACCEPT,
	TLC_EVENT_TW_ARM,
	TLC_EVENT_TW_EXPIRE,
	TLC_EVENT_TW_END,
	TLC_EVENT_HINT,
	TLC_EVENT_RST_OUT,
	TLC_EVENT_TIMER,
	TLC_EVENT_MSS,
	TLC_EVENT_FOUND,
	TLC_EVENT_GONE,
	TLC_EVENT_BACKLOG,
	TLC_EVENT_LISTENER_COUNT,
	TLC_EVENT_REPAIRED,
	TLC_EVENT_MIGRATED,
	TLC_EVENT_ACK_DEFERRED,
	TLC_EVENT_SUBFLOW,
	TLC_EVENT_ADOPTED,
	TLC_EVENT_PARTED,
};

/* enum tlc_counter - what a listener's record adds up */
enum tlc_counter {
	TLC_COUNTER_ACCEPTED,
	TLC_COUNTER_SYN_OVERFLOW,
	TLC_COUNTER_ACCEPT_OVERFLOW,
	TLC_COUNTER_COOKIES_SENT,
	TLC_COUNTER_COOKIES_VALID,
	TLC_COUNTER_MAX
};

/**
 * struct tlc_ident - who talks to whom
 * @net: cookie of the network namespace, never reused
 * @netns: its inode number, as lsns(8) prints it
 * @ifindex: interface of a link-local address; 0: none is, or not known
 * @local: local address; IPv4 in the first four bytes
 * @remote: remote address, likewise
 * @lport: local port, host order; 0: not chosen yet
 * @rport: remote port, host order
 * @family: enum tcp_lifecycle_family
 */
struct tlc_ident {
	u64 net;
	u32 netns;
	u32 ifindex;
	u8 local[16];
	u8 remote[16];
	u16 lport;
	u16 rport;
	u8 family;
};

/**
 * tlc_ident_is_own_peer() - is it connected to itself?
 * @id: who talks to whom
 */
static inline bool tlc_ident_is_own_peer(const struct tlc_ident *id)
{
	return id->lport == id->rport && !memcmp(id->local, id->remote, sizeof(id->local));
}

/**
 * typedef tlc_ident_fn - read who talks to whom
 * @obj: socket, request or timewait socket
 * @id: filled
 *
 * Called only where a record begins, its ports become known, or several timewait
 * sockets stand for one socket.
 */
typedef void (*tlc_ident_fn)(const void *obj, struct tlc_ident *id);

/**
 * struct tlc_owner - the process behind a system call
 * @cgroup: id of its cgroup in the unified hierarchy
 * @pid: thread group id in the initial pid namespace
 * @uid: effective user
 * @comm: its name, that is its group leader's, not escaped
 * @thread: name of the calling thread, where it is another one; else empty
 */
struct tlc_owner {
	u64 cgroup;
	pid_t pid;
	kuid_t uid;
	char comm[TASK_COMM_LEN];
	char thread[TASK_COMM_LEN];
};

/**
 * struct tlc_closer - the process that ended a connection
 * @pid: thread group id in the initial pid namespace; 0: not known, or the owner
 * @comm: its name, as of struct tlc_owner
 */
struct tlc_closer {
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct tlc_synopts - options of one SYN or SYN-ACK
 * @mss: value of the MSS option; 0: absent
 * @opts: TCP_LIFECYCLE_OPT_*
 * @wscale: shift count, if TCP_LIFECYCLE_OPT_WSCALE
 * @known: the segment was seen; without it the rest says nothing
 */
struct tlc_synopts {
	u16 mss;
	u16 opts;
	u8 wscale;
	bool known;
};

/**
 * struct tlc_tcp - what a full socket said of itself
 * @write_seq: sequence number behind the last byte queued
 * @snd_una: oldest sequence number not acknowledged
 * @rcv_nxt: next one expected
 * @bytes_acked: bytes acknowledged, SYN and FIN included as the kernel counts
 * @bytes_received: bytes received in order, the FIN included
 * @segs_out: segments sent
 * @segs_in: segments received
 * @data_segs_in: of those, with data
 * @total_retrans: retransmitted segments
 * @srtt_us: smoothed round trip, microseconds; 0: no sample
 * @orphan: no process has it open any more
 * @error: to CLOSED: sk_err
 * @soft_error: to CLOSED: sk_err_soft
 * @both_shut: to CLOSED: shutdown both ways, that is closed
 * @peer_done: to CLOSED: the peer's FIN was taken in
 * @no_linger2: to CLOSED: TCP_LINGER2 is below 0: no FIN_WAIT_2 for an orphan
 * @unhashed: to CLOSED: not in the table of connections: a child that never got
 *	      there
 * @net_gone: to CLOSED: its network namespace is about to go
 * @window_shut: to CLOSED: the peer's window is 0
 * @fin_time_long: to CLOSED: an orphan waits in FIN_WAIT_2 for more than 2MSL,
 *		   so at first without a timewait socket
 * @user_timeout: to CLOSED: TCP_USER_TIMEOUT, milliseconds; 0: not set
 * @probing: to CLOSED: for so long the window was probed, milliseconds
 * @rst_seq: to CLOSED: sequence number of an RST of our own accord
 * @one_segment: what this segment does can be told from what others do: none
 *		 wait in the backlog or behind a hole
 */
struct tlc_tcp {
	u32 write_seq;
	u32 snd_una;
	u32 rcv_nxt;
	u64 bytes_acked;
	u64 bytes_received;
	u32 segs_out;
	u32 segs_in;
	u32 data_segs_in;
	u32 total_retrans;
	u32 srtt_us;
	int error;
	int soft_error;
	bool both_shut;
	bool peer_done;
	bool orphan;
	bool no_linger2;
	bool unhashed;
	bool net_gone;
	bool window_shut;
	bool fin_time_long;
	u32 user_timeout;
	u32 probing;
	u32 rst_seq;
	bool one_segment;
};

/**
 * struct tlc_mss_facts - everything that has a say in an MSS
 * @adv: MSS advertised
 * @eff: mss_cache, bytes of payload in a full segment
 * @clamp: the kernel's bound from the peer's option and TCP_MAXSEG
 * @user: TCP_MAXSEG; 0: not set
 * @dev_mtu: MTU of the interface; 0: no route known
 * @pmtu: MTU in force for the path
 * @route_mtu: "mtu" metric of the route; 0: none
 * @route_advmss: "advmss" metric of the route; 0: none
 * @header: network and TCP header without options, bytes
 * @options: TCP options in each segment, bytes
 * @probed_mtu: MTU probing sends no packet longer than this; 0: it is off
 * @pmtu_learned: path MTU discovery changed @pmtu
 */
struct tlc_mss_facts {
	u16 adv;
	u16 eff;
	u16 clamp;
	u16 user;
	u32 dev_mtu;
	u32 pmtu;
	u32 route_mtu;
	u32 route_advmss;
	u32 probed_mtu;
	u8 header;
	u8 options;
	bool pmtu_learned;
};

/**
 * struct tlc_event - one thing a handler saw
 * @now: boot time, ns
 * @cookie: socket cookie
 * @kind: enum tlc_event_kind
 * @from: state the socket is in, enum tcp_lifecycle_state
 * @to: state it will be in
 * @cause: enum tcp_lifecycle_cause, where the handler knows it; CONNECT: RESTORED if
 *	   the socket is being repaired, so that there is no SYN
 * @counter: enum tlc_counter
 * @nth: TIMER: number of this probe since the peer last answered
 * @reason: RST_OUT: enum tcp_lifecycle_rst_reason
 * @cookies: FOUND: a SYN cookie may be what it was made of
 * @limit: TIMER: number of probes after which the connection is given up
 * @agreed: STATE to ESTABLISHED, FIN_WAIT_1 or LAST_ACK, FOUND, REPAIRED:
 *	    TCP_LIFECYCLE_OPT_* both ends agreed on; SYN_ACK: those
 *	    of which only now is known that our SYN carried them
 * @wscale: our shift count, then the peer's
 * @first: a connection begins: REQUEST: the SYN is at hand, so this is its
 *	   first SYN-ACK; CHILD: there never was a request in the hash; TW_ARM:
 *	   the timewait socket is new; FOUND: its own SYN is among the bytes
 *	   acknowledged; SUBFLOW: it opened the MPTCP connection, and joined none
 * @timeout: TIMER, MIGRATED: the kernel counts this fire in TCPTimeouts
 * @booked: TW_ARM, TW_EXPIRE, TW_END: the kernel counts the timewait socket now, in TW or,
 *	    if @ms is short, in TWKilled; HINT: it counts the segment in AttemptFails
 * @timewait: a timewait socket speaks
 * @fresh: @cookie was given to the socket for this event: nobody had it before
 * @foreign: STATE to SYN_SENT: who calls is not whose it is
 * @has_seq: HINT, RST_OUT: @seq is known; 0 is a sequence number like any other
 * @has_ack: HINT: @ack is known
 * @half_open: HINT: the request of a Fast Open child takes the segment; a hint of what
 *	       it does to the child may follow
 * @has_volume: TIMER, RST_OUT, MSS, ACCEPT: what tlc_sock_read_volume() fills of @tcp
 *		is known
 * @seq: sequence number of the segment that caused it; RST_OUT: of the RST
 * @ack: its acknowledgement number
 * @isn: our initial sequence number
 * @peer_isn: the peer's; TW_ARM, or FOUND of a timewait socket: next sequence
 *	      number expected, while @ack is the next one to send
 * @ms: TW_ARM: length of the timer; also of the others that are @booked
 * @backlog: LISTEN, BACKLOG, FOUND: length of the accept queue
 * @listener: cookie of the listener; REQUEST_DROP: of the one it is dropped from
 * @mptcp: SUBFLOW: cookie of the MPTCP socket; 0: it has none of its own
 * @syn: CONNECT, SYN_ACK, REQUEST: options of the SYN or SYN-ACK
 * @tcp: STATE, FOUND: the full socket; of others as @has_volume says
 * @mss: STATE to ESTABLISHED, FIN_WAIT_1 or LAST_ACK, CONNECT, REQUEST, MSS,
 *	 FOUND, REPAIRED: what made the MSS
 * @owner: STATE to SYN_SENT, LISTEN, ACCEPT: the calling process.  STATE to FIN_WAIT_1,
 *	   LAST_ACK or CLOSED, REQUEST_DROP, TW_EXPIRE, TW_END, PARTED: only its pid and comm;
 *	   pid 0: no process is behind it, as far as can be told.  SUBFLOW, ADOPTED:
 *	   that of the MPTCP connection
 *
 * Of the last four only those are filled that the kind is said to have: see
 * tlc_event_begin().
 */
struct tlc_event {
	u64 now;
	u64 cookie;
	u8 kind;
	u8 from;
	u8 to;
	u8 cause;
	u8 counter;
	union {
		u8 nth;
		u8 reason;
		bool cookies;
	};
	u8 limit;
	bool first;
	bool timeout;
	bool booked;
	bool timewait;
	bool fresh;
	bool foreign;
	bool has_seq;
	bool has_ack;
	bool half_open;
	bool has_volume;
	u16 agreed;
	u8 wscale[2];
	u32 seq;
	u32 ack;
	u32 isn;
	u32 peer_isn;
	u32 ms;
	u32 backlog;
	union {
		u64 listener;
		u64 mptcp;
	};
	struct tlc_synopts syn;
	struct tlc_tcp tcp;
	struct tlc_mss_facts mss;
	struct tlc_owner owner;
};

/**
 * tlc_event_begin() - an event of which only the time is known yet
 * @ev: storage, __uninitialized: most kernels are built to clear what is on the
 *	stack, and most events would pay for ten times what they use
 * @kind: enum tlc_event_kind
 * @now: boot time, ns
 *
 * What stands in front of syn is cleared; syn, tcp, mss and owner are not.
 */
static inline void tlc_event_begin(struct tlc_event *ev, u8 kind, u64 now)
{
	memset(ev, 0, offsetof(struct tlc_event, syn));
	ev->now = now;
	ev->kind = kind;
}

#endif /* TLC_EVENT_H */
