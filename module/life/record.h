/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_RECORD_H
#define TLC_RECORD_H

#include <linux/limits.h>
#include <linux/list.h>
#include <linux/types.h>

#include "life/event.h"

#define TLC_ENTRIES	16	/* see the size check in apply.c */

/**
 * struct tlc_entry - one line of a life
 * @at_us: time since &tlc_record.born, microseconds; 2^47 are four years
 * @cause: enum tcp_lifecycle_cause
 * @from: state before
 * @to: state after; the same for what happens within a state
 * @has_seq: @seq is known; 0 is a sequence number like any other
 * @has_ack: @ack is known
 * @seq: transition: sequence number of the segment behind it
 * @ack: transition: its acknowledgement number
 * @count: within a state: how often; 65535 means that many or more
 * @nth: probes: number of the last one since the peer answered
 * @limit: probes: the bound on @nth; 0: none
 * @last_ms: within a state: time of the last one, after @at_us
 * @length_ms: 2MSL_ARMED, FIN_WAIT_2_ARMED: length of the timer
 * @mss_old: MSS_CHANGED: before the first change it stands for
 * @mss_new: after the last one
 * @mss_last_s: time of the last one, after @at_us, in whole seconds
 * @mss_count: how many; 255 means that many or more
 * @mss_by: enum tcp_lifecycle_mss_by of @mss_new
 * @rst_seq: RST_OUT: sequence number of the last one, if @has_seq
 * @rst_count: how many; 255 means that many or more
 * @rst_reason: enum tcp_lifecycle_rst_reason of the last one
 * @rst_last_ds: time of it, after @at_us, in whole tenths of a second
 */
struct tlc_entry {
	u64 at_us : 47;
	u64 cause : 7;
	u64 from : 4;
	u64 to : 4;
	u64 has_seq : 1;
	u64 has_ack : 1;
	union {
		struct {
			u32 seq;
			u32 ack;
		};
		struct {
			u16 count;
			u8 nth;
			u8 limit;
			u32 last_ms;
		};
		u32 length_ms;
		struct {
			u16 mss_old;
			u16 mss_new;
			u32 mss_last_s : 20;
			u32 mss_count : 8;
			u32 mss_by : 4;
		};
		struct {
			u32 rst_seq;
			u32 rst_count : 8;
			u32 rst_reason : 5;
			u32 rst_last_ds : 19;
		};
	};
};

/**
 * struct tlc_segment - the numbers of a segment, as far as they are known
 * @seq: sequence number, if @has_seq
 * @ack: acknowledgement number, if @has_ack
 * @has_seq: @seq is known
 * @has_ack: @ack is known; a SYN has none
 */
struct tlc_segment {
	u32 seq;
	u32 ack;
	bool has_seq;
	bool has_ack;
};

#define TLC_SEGMENT(s, a) \
	((struct tlc_segment){ .seq = (s), .ack = (a), .has_seq = true, .has_ack = true })
#define TLC_SEGMENT_SYN(s)	((struct tlc_segment){ .seq = (s), .has_seq = true })
#define TLC_SEGMENT_NONE	((struct tlc_segment){ })

#define TLC_AT_MAX		((1ULL << 47) - 1)	/* of at_us */
#define TLC_MSS_LAST_MAX	((1U << 20) - 1)	/* of mss_last_s: twelve days */
#define TLC_RST_REASON_MAX	((1U << 5) - 1)		/* of rst_reason */
#define TLC_RST_LAST_MAX	((1U << 19) - 1)	/* of rst_last_ds: 14 hours */

/* What is known of a record beyond its fields' values. */
#define TLC_FLAG_ISN		0x00000001	/* isn */
#define TLC_FLAG_PEER_ISN	0x00000002	/* peer_isn */
#define TLC_FLAG_FIN		0x00000004	/* fin */
#define TLC_FLAG_PEER_FIN	0x00000008	/* peer_fin */
#define TLC_FLAG_TIMEWAIT	0x00000010	/* lives in a timewait socket now */
#define TLC_FLAG_SYN_BUILT	0x00000020	/* tcp_connect() was reached */
#define TLC_FLAG_PEER_MSS	0x00000040	/* mss_rcv: that SYN had the option */
#define TLC_FLAG_AGAIN		0x00000080	/* SYN or SYN-ACK was retransmitted */
#define TLC_FLAG_PEER_SYN	0x00000100	/* mss_rcv: the peer's SYN was seen */
#define TLC_FLAG_AGREED		0x00000200	/* agreed, wscale */
#define TLC_FLAG_OFFERED	0x00000400	/* offered */
#define TLC_FLAG_RTT		0x00000800	/* rtt_us */
#define TLC_FLAG_FIN_WAIT_2	0x00001000	/* segs_mark */
#define TLC_FLAG_VOLUME		0x00002000	/* tx, rx and what follows */
#define TLC_FLAG_FIRST_FIN	0x00004000	/* fin_mark */
#define TLC_FLAG_RST_OUT	0x00008000	/* an RST left in FIN_WAIT_2 */
#define TLC_FLAG_PARTY		0x00010000	/* party.c has it in a list */
#define TLC_FLAG_JOINED		0x00020000	/* it joined an MPTCP connection */
#define TLC_FLAG_FASTCLOSE	0x00040000	/* this side ended that with a fastclose */

/**
 * struct tlc_conn_facts - what only a connection has
 * @isn: our initial sequence number
 * @peer_isn: the peer's
 * @fin: sequence number of our FIN
 * @peer_fin: of the peer's
 * @hint_seg: the segment behind &tlc_record.hint
 * @segment: cause of the end a segment may bring: to a half-open request, also to
 *	     that of a Fast Open child; to FIN_WAIT_2, which the same segment brought
 *	     about
 * @timer: the timer that fired last, of those that may end a connection
 * @mss_adv: MSS advertised
 * @mss_rcv: MSS option of the peer
 * @mss_eff: payload of a full segment
 * @mss_adv_by: enum tcp_lifecycle_mss_by
 * @mss_eff_by: enum tcp_lifecycle_mss_by
 * @offered: TCP_LIFECYCLE_OPT_* of the opening SYN
 * @agreed: those both ends agreed on
 * @wscale: our shift count, the peer's
 * @rtt_us: handshake round trip; until it is known, when the SYN was sent
 * @segs_mark: segments received when FIN_WAIT_2 was entered; until then those
 *	       with data, when FIN_WAIT_1 was
 * @tx: bytes of data acknowledged by the peer
 * @rx: bytes of data received
 * @fin_mark: @rx or @tx, whichever still ran, at the first FIN
 * @tx_segs: segments sent
 * @rx_segs: segments received
 * @retrans: retransmitted segments
 * @mptcp: socket cookie of the MPTCP connection it is a subflow of; 0: not known, or none
 * @later: in TIME_WAIT: generation last given to the same socket; 0: none
 */
struct tlc_conn_facts {
	u32 isn;
	u32 peer_isn;
	u32 fin;
	u32 peer_fin;
	struct tlc_segment hint_seg;
	u16 mss_adv;
	u16 mss_rcv;
	u16 mss_eff;
	u8 mss_adv_by;
	u8 mss_eff_by;
	u16 offered;
	u16 agreed;
	u8 wscale[2];
	u32 rtt_us;
	u32 segs_mark;
	u8 segment;
	u8 timer;
	u64 tx;
	u64 rx;
	u64 fin_mark;
	u64 mptcp;
	u32 tx_segs;
	u32 rx_segs;
	u32 retrans;
	u32 later;
};

/**
 * struct tlc_listener_facts - what only a listener has
 * @backlog: length of its accept queue
 * @counter: totals, by enum tlc_counter
 */
struct tlc_listener_facts {
	u32 backlog;
	u32 counter[TLC_COUNTER_MAX];
};

/**
 * struct tlc_record - the whole life of one connection, or of a listener
 * @node: in the hash chain of its cookie; conn.c
 * @list: in the free list or a list of the dead; pool.c
 * @cookie: socket cookie, with @generation the identity
 * @born: boot time of the first entry, ns
 * @died: boot time of the end, ns; 0 while it lives
 * @listener: cookie of the listener it came through; 0: none
 * @id: addresses and namespace
 * @generation: counts the connections made with one socket
 * @flags: TLC_FLAG_*
 * @state: state now
 * @open: enum tcp_lifecycle_open
 * @close: enum tcp_lifecycle_close
 * @first: enum tcp_lifecycle_first
 * @hint: cause of the transition to come, if a hook left one
 * @superseded: its full socket began anew; what that tells is another connection's
 * @owner_at: cause CONNECT, LISTEN or ACCEPTED at which @owner was taken
 * @nr: entries in use
 * @dropped: entries there was no room for
 * @gaps: transitions whose old state was not @state
 * @untold: it ended, and who listens was not sent it yet; see dead.c, as for @list_of
 * @parted: cause of the end of its MPTCP connection: SHUTDOWN, CLOSE, EXIT, KILLED or
 *	    FASTCLOSE_RECEIVED
 * @list_of: the CPU in whose list of the dead it is
 * @owner: the process
 * @closer: the one that ended it, where that is another
 * @conn: connections only
 * @lsn: listeners only, that is @open is LISTENER
 * @entry: the life, in order of time
 */
struct tlc_record {
	struct hlist_node node;
	struct list_head list;
	u64 cookie;
	u64 born;
	u64 died;
	u64 listener;
	struct tlc_ident id;
	u32 generation;
	u32 flags;
	u8 state;
	u8 open;
	u8 close;
	u8 first;
	u8 hint;
	bool superseded;
	u8 owner_at;
	u8 nr;
	u8 dropped;
	u8 gaps;
	u8 parted;
	bool untold;
	u16 list_of;
	struct tlc_owner owner;
	struct tlc_closer closer;
	union {
		struct tlc_conn_facts conn;
		struct tlc_listener_facts lsn;
	};
	struct tlc_entry entry[TLC_ENTRIES];
};

/**
 * struct tlc_told - one entry, as it was made
 * @entry: a copy
 * @stay_us: transition: time spent in the state that was left, microseconds;
 *	     TLC_STAY_UNKNOWN: when it was entered was not seen
 * @gap: transition: the old state was not the one on record
 * @illegal: transition: it is outside the diagram
 * @replaces: number of earlier events of transitions that it replaces
 * @gone: those, the last one first; not filled in beyond
 */
struct tlc_told {
	struct tlc_entry entry;
	u64 stay_us;
	bool gap;
	bool illegal;
	u8 replaces;
	struct tlc_gone {
		u8 from;
		u8 to;
		u64 stay_us;
	} gone[2];
};

#define TLC_STAY_UNKNOWN	U64_MAX

#define TLC_TOLD_MAX	3	/* entries one event can make */

/**
 * struct tlc_tally - what one event adds to the module's totals and its feed
 * @illegal: transitions outside the diagram
 * @gaps: transitions that began in another state than the one on record
 * @dropped: entries that found no room
 * @telling: somebody listens: fill @told
 * @nr: entries told
 * @told: those, in order; also where the record had no room for them
 * @homeless: where such a one is made
 */
struct tlc_tally {
	u8 illegal;
	u8 gaps;
	u8 dropped;
	bool telling;
	u8 nr;
	struct tlc_told told[TLC_TOLD_MAX];
	struct tlc_entry homeless;
};

/**
 * tlc_tally_init() - nothing yet
 * @tally: the entries' storage is left as it is, for each event pays for it
 * @telling: does anybody listen?
 */
static inline void tlc_tally_init(struct tlc_tally *tally, bool telling)
{
	tally->telling = telling;
	tally->illegal = 0;
	tally->gaps = 0;
	tally->dropped = 0;
	tally->nr = 0;
}

#endif /* TLC_RECORD_H */
