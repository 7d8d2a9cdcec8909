/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fields.h: which attribute goes where, and under which name it is printed.
 *
 * Owns: the lists for struct conn and struct entry, in the order of the spec, in
 * which they are also printed.
 * Used by: conn.c to read a message, conn_json.c to write an object: each makes
 * code of them, straight on, for a dump has a million records of fifty attributes.
 * Made of include/tcp_lifecycle.yaml, by scripts/spec generate; not to be edited.
 *
 * X(attribute, how it is carried, what its words are, member and name):
 *
 *	U8 U16 U32 U64		a number
 *	FLAG			there or not
 *	WORD			u8, one of the words of NAMES_x
 *	OPTIONS			u16, enum tcp_lifecycle_opt
 *	COOKIE			u64, written in hexadecimal
 *	ADDR4 ADDR6		bytes of a struct addr
 *	COMM			a string of a struct conn
 */
#ifndef TCPLC_FIELDS_H
#define TCPLC_FIELDS_H

/* Whose it is: the same in each event of a connection, but that ports come late. */
#define FIELDS_IDENTITY(X) \
	X(COOKIE, COOKIE, NONE, cookie) \
	X(GENERATION, U32, NONE, generation) \
	X(NETNS, U32, NONE, netns) \
	X(FAMILY, WORD, FAMILY, family) \
	X(LOCAL4, ADDR4, NONE, local) \
	X(LOCAL6, ADDR6, NONE, local) \
	X(REMOTE4, ADDR4, NONE, remote) \
	X(REMOTE6, ADDR6, NONE, remote) \
	X(LOCAL_PORT, U16, NONE, local_port) \
	X(REMOTE_PORT, U16, NONE, remote_port) \
	X(START_NS, U64, NONE, start_ns) \
	X(BOOT_START_NS, U64, NONE, boot_start_ns) \
	X(IFINDEX, U32, NONE, ifindex)

#define FIELDS_FACTS(X) \
	X(STATE, WORD, STATE, state) \
	X(OPEN, WORD, OPEN, open) \
	X(CLOSE, WORD, CLOSE, close) \
	X(FIRST, WORD, FIRST, first) \
	X(AGE_US, U64, NONE, age_us) \
	X(ISN, U32, NONE, isn) \
	X(PEER_ISN, U32, NONE, peer_isn) \
	X(FIN, U32, NONE, fin) \
	X(PEER_FIN, U32, NONE, peer_fin) \
	X(MSS_ADV_BYTES, U16, NONE, mss_adv_bytes) \
	X(MSS_ADV_BY, WORD, MSS_BY, mss_adv_by) \
	X(MSS_RCV_BYTES, U16, NONE, mss_rcv_bytes) \
	X(MSS_ABSENT, FLAG, NONE, mss_absent) \
	X(MSS_EFF_BYTES, U16, NONE, mss_eff_bytes) \
	X(MSS_EFF_BY, WORD, MSS_BY, mss_eff_by) \
	X(OFFERED, OPTIONS, NONE, offered) \
	X(AGREED, OPTIONS, NONE, agreed) \
	X(WSCALE_LOCAL, U8, NONE, wscale_local) \
	X(WSCALE_PEER, U8, NONE, wscale_peer) \
	X(RTT_US, U32, NONE, rtt_us) \
	X(OWNER, WORD, OWNER, owner) \
	X(PID, U32, NONE, pid) \
	X(UID, U32, NONE, uid) \
	X(CGROUP, U64, NONE, cgroup) \
	X(COMM, COMM, NONE, comm) \
	X(LISTENER, COOKIE, NONE, listener) \
	X(ACCEPT_US, U32, NONE, accept_us) \
	X(TX_BYTES, U64, NONE, tx_bytes) \
	X(RX_BYTES, U64, NONE, rx_bytes) \
	X(TX_SEGS, U32, NONE, tx_segs) \
	X(RX_SEGS, U32, NONE, rx_segs) \
	X(RETRANS, U32, NONE, retrans) \
	X(AFTER_FIN_BYTES, U64, NONE, after_fin_bytes) \
	X(TW_PLANNED_MS, U32, NONE, tw_planned_ms) \
	X(TW_ACTUAL_US, U64, NONE, tw_actual_us) \
	X(BACKLOG, U32, NONE, backlog) \
	X(ACCEPTED, U32, NONE, accepted) \
	X(SYN_OVERFLOW, U32, NONE, syn_overflow) \
	X(ACCEPT_OVERFLOW, U32, NONE, accept_overflow) \
	X(COOKIES_SENT, U32, NONE, cookies_sent) \
	X(COOKIES_VALID, U32, NONE, cookies_valid) \
	X(DROPPED, U32, NONE, dropped) \
	X(GAPS, U32, NONE, gaps) \
	X(THREAD, COMM, NONE, thread) \
	X(CLOSER_PID, U32, NONE, closer_pid) \
	X(CLOSER_COMM, COMM, NONE, closer_comm) \
	X(MPTCP, COOKIE, NONE, mptcp) \
	X(LIVED_US, U64, NONE, lived_us) \
	X(FOUND, FLAG, NONE, found) \
	X(ENDED_SEQ, U64, NONE, ended_seq) \
	X(ENDED_LOST, U64, NONE, ended_lost)

#define FIELDS_CONN(X) FIELDS_IDENTITY(X) FIELDS_FACTS(X)

#define FIELDS_ENTRY(X) \
	X(AT_US, U64, NONE, at_us) \
	X(CAUSE, WORD, CAUSE, cause) \
	X(FROM, WORD, STATE, from) \
	X(TO, WORD, STATE, to) \
	X(SEQ, U32, NONE, seq) \
	X(ACK, U32, NONE, ack) \
	X(IN_US, U64, NONE, in_us) \
	X(COUNT, U32, NONE, count) \
	X(LAST_US, U64, NONE, last_us) \
	X(NTH, U8, NONE, nth) \
	X(LIMIT, U8, NONE, limit) \
	X(LENGTH_MS, U32, NONE, length_ms) \
	X(GAP, FLAG, NONE, gap) \
	X(ILLEGAL, FLAG, NONE, illegal) \
	X(REPLACES, U8, NONE, replaces) \
	X(MSS_OLD_BYTES, U16, NONE, mss_old_bytes) \
	X(MSS_NEW_BYTES, U16, NONE, mss_new_bytes) \
	X(MSS_BY, WORD, MSS_BY, mss_by) \
	X(REASON, WORD, RST_REASON, reason)

#endif /* TCPLC_FIELDS_H */
