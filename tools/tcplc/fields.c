// SPDX-License-Identifier: GPL-2.0
/*
 * fields.c: which attribute goes where, and under which name it is printed.
 */
#include "fields.h"

#include <linux/kernel.h>

#include "conn.h"

#define CONN(attr_, type_, member) \
	{ TCP_LIFECYCLE_A_CONN_##attr_, FIELD_##type_, 0, #member, \
	  offsetof(struct conn, member) }
#define CONN_WORD(attr_, kind_, member) \
	{ TCP_LIFECYCLE_A_CONN_##attr_, FIELD_WORD, NAMES_##kind_, #member, \
	  offsetof(struct conn, member) }
#define CONN_ADDR(attr_, member) \
	{ TCP_LIFECYCLE_A_CONN_##attr_, FIELD_ADDR, 0, #member, \
	  offsetof(struct conn, member) }
#define ENTRY(attr_, type_, member) \
	{ TCP_LIFECYCLE_A_ENTRY_##attr_, FIELD_##type_, 0, #member, \
	  offsetof(struct entry, member) }
#define ENTRY_WORD(attr_, kind_, member) \
	{ TCP_LIFECYCLE_A_ENTRY_##attr_, FIELD_WORD, NAMES_##kind_, #member, \
	  offsetof(struct entry, member) }

/* In the order of the spec, in which they are also printed. */
const struct field fields_conn[] = {
	CONN(COOKIE, COOKIE, cookie),
	CONN(GENERATION, U32, generation),
	CONN(NETNS, U32, netns),
	CONN_WORD(FAMILY, FAMILY, family),
	CONN_ADDR(LOCAL4, local),
	CONN_ADDR(LOCAL6, local),
	CONN_ADDR(REMOTE4, remote),
	CONN_ADDR(REMOTE6, remote),
	CONN(LOCAL_PORT, U16, local_port),
	CONN(REMOTE_PORT, U16, remote_port),
	CONN_WORD(STATE, STATE, state),
	CONN_WORD(OPEN, OPEN, open),
	CONN_WORD(CLOSE, CLOSE, close),
	CONN_WORD(FIRST, FIRST, first),
	CONN(START, U64, start),
	CONN(AGE, U64, age),
	CONN(ISN, U32, isn),
	CONN(PEER_ISN, U32, peer_isn),
	CONN(FIN, U32, fin),
	CONN(PEER_FIN, U32, peer_fin),
	CONN(MSS_ADV, U16, mss_adv),
	CONN_WORD(MSS_ADV_BY, MSS_BY, mss_adv_by),
	CONN(MSS_RCV, U16, mss_rcv),
	CONN(MSS_ABSENT, FLAG, mss_absent),
	CONN(MSS_EFF, U16, mss_eff),
	CONN_WORD(MSS_EFF_BY, MSS_BY, mss_eff_by),
	CONN(OFFERED, OPTIONS, offered),
	CONN(AGREED, OPTIONS, agreed),
	CONN(WSCALE_LOCAL, U8, wscale_local),
	CONN(WSCALE_PEER, U8, wscale_peer),
	CONN(RTT, U32, rtt),
	CONN_WORD(OWNER, OWNER, owner),
	CONN(PID, U32, pid),
	CONN(UID, U32, uid),
	CONN(CGROUP, U64, cgroup),
	CONN(COMM, STRING, comm),
	CONN(LISTENER, COOKIE, listener),
	CONN(ACCEPT_WAIT, U32, accept_wait),
	CONN(TX, U64, tx),
	CONN(RX, U64, rx),
	CONN(TX_SEGS, U32, tx_segs),
	CONN(RX_SEGS, U32, rx_segs),
	CONN(RETRANS, U32, retrans),
	CONN(AFTER_FIN, U64, after_fin),
	CONN(TW_PLANNED, U32, tw_planned),
	CONN(TW_ACTUAL, U64, tw_actual),
	CONN(BACKLOG, U32, backlog),
	CONN(ACCEPTED, U32, accepted),
	CONN(SYN_OVERFLOW, U32, syn_overflow),
	CONN(ACCEPT_OVERFLOW, U32, accept_overflow),
	CONN(COOKIES_SENT, U32, cookies_sent),
	CONN(COOKIES_VALID, U32, cookies_valid),
	CONN(DROPPED, U32, dropped),
	CONN(GAPS, U32, gaps),
};

const size_t fields_nr_conn = ARRAY_SIZE(fields_conn);

const struct field fields_entry[] = {
	ENTRY(AT, U64, at),
	ENTRY_WORD(CAUSE, CAUSE, cause),
	ENTRY_WORD(FROM, STATE, from),
	ENTRY_WORD(TO, STATE, to),
	ENTRY(SEQ, U32, seq),
	ENTRY(ACK, U32, ack),
	ENTRY(IN, U64, in),
	ENTRY(COUNT, U32, count),
	ENTRY(LAST, U64, last),
	ENTRY(NTH, U8, nth),
	ENTRY(LIMIT, U8, limit),
	ENTRY(LENGTH, U32, length),
	ENTRY(GAP, FLAG, gap),
	ENTRY(ILLEGAL, FLAG, illegal),
	ENTRY(REPLACES, U8, replaces),
	ENTRY(MSS_OLD, U16, mss_old),
	ENTRY(MSS_NEW, U16, mss_new),
	ENTRY_WORD(MSS_BY, MSS_BY, mss_by),
	ENTRY_WORD(REASON, RST_REASON, reason),
};

const size_t fields_nr_entry = ARRAY_SIZE(fields_entry);

const struct field *fields_by_conn_attr[TCP_LIFECYCLE_A_CONN_MAX + 1];
const struct field *fields_by_entry_attr[TCP_LIFECYCLE_A_ENTRY_MAX + 1];

static void __attribute__((constructor)) index_fields(void)
{
	size_t i;

	for (i = 0; i < fields_nr_conn; i++)
		fields_by_conn_attr[fields_conn[i].attr] = &fields_conn[i];
	for (i = 0; i < fields_nr_entry; i++)
		fields_by_entry_attr[fields_entry[i].attr] = &fields_entry[i];
}
